from __future__ import annotations

import math

import pytest

from mmgui.numbers import count, decimal, number, p_value, read


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (24.7407, "24.7"),
        (-0.01524, "−0.0152"),
        (1743.6283, "1744"),
        (0.0, "0"),
        (3.2e-6, "3.20 × 10⁻⁶"),
        (-4.5e9, "−4.50 × 10⁹"),
        (float("nan"), "–"),
        (float("-inf"), "−∞"),
    ],
)
def test_that_numbers_keep_three_digits_and_a_true_minus(value, text):
    assert number(value) == text


def test_that_nothing_reads_as_minus_zero():
    assert decimal(-0.0004, 2) == "0.00"
    assert decimal(-0.006, 2) == "−0.01"


def test_that_tiny_p_values_are_bounded_not_printed():
    assert p_value(3e-11) == "p < 0.0001"
    assert p_value(0.0321) == "p = 0.032"
    assert p_value(0.8395) == "p = 0.84"


def test_that_counts_agree_with_their_noun():
    assert count(1, "row") == "1 row"
    assert count(18, "group") == "18 groups"


def test_that_what_is_counted_has_its_thousands_apart_and_what_is_measured_has_not():
    assert [count(n, "group") for n in (1, 999, 2972)] == ["1 group", "999 groups", "2,972 groups"]
    assert decimal(237733.829, 2) == "237733.83"


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.5", 4.5), ("−3,2", -3.2), ("8.24 × 10⁻⁶", 8.24e-6), ("-1e3", -1000.0), (" 1 × 10⁹ ", 1e9)],
)
def test_that_numbers_written_here_are_read_again(text, value):
    assert read(text) == value


def test_that_what_is_no_number_is_read_as_none():
    assert all(math.isnan(read(text)) for text in ("", "x", "1.2.3", "10⁻", "× 10⁶"))
