from __future__ import annotations

import pytest

from mmgui.numbers import count, decimal, number, p_value


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
