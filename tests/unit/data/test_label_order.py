"""Levels sort as R sorts them."""

from __future__ import annotations

import random

from mmgui.data.levels import number_label, sorted_labels
from mmgui.data.read import read_text

# sort(c(...)) in R 4.2.2 with ICU collation.
R_ORDER = ["_x", "-c", ".d", "10", "2", "a", "A b", "A:a", "A.b", "aB", "Ab", "AB", "B1", "é", "z"]


def test_labels_sort_as_in_r() -> None:
    shuffled = R_ORDER.copy()
    random.Random(1).shuffle(shuffled)
    assert sorted_labels(shuffled) == R_ORDER


def test_case_only_decides_a_tie_and_lower_case_goes_first() -> None:
    assert sorted_labels(["B", "A", "b", "a"]) == ["a", "A", "b", "B"]


def test_numerals_sort_by_value_and_in_text_by_character() -> None:
    numbers = read_text("item,y\n10,1\n9,2\n2,3\n", "t")["item"]
    assert numbers.levels == ("2", "9", "10")
    text = read_text("item,y\ni10,1\ni9,2\ni2,3\n", "t")["item"]
    assert text.levels == ("i10", "i2", "i9")


def test_numbers_that_differ_in_the_last_digit_have_different_labels() -> None:
    assert number_label(0.1) == "0.1"
    assert number_label(0.1 + 0.2) == "0.30000000000000004"
    assert number_label(308.0) == "308"
    assert number_label(-0.0) == "0"
