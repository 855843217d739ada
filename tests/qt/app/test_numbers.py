"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from mmgui.app.numbers import decimals_for, degrees_of_freedom, fixed, p_value, percent


def column(*values: float) -> list[str]:
    decimals = decimals_for(values)
    return [fixed(v, decimals) for v in values]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((24.74066, 5.92214, 25.59180), ["24.74", "5.92", "25.59"]),
        ((612.1, 35.07, 654.9), ["612.1", "35.1", "654.9"]),
        ((0.0, 3.716), ["0.000", "3.716"]),
        ((251.4051, -0.8), ["251.41", "−0.80"]),
        ((1000.0, 0.02), ["1000", "0.020"]),
        ((1e-9, 2.0), ["1 × 10⁻⁹", "2.000"]),
        ((1e12,), ["1 × 10¹²"]),
        ((0.0,), ["0.0"]),
        ((math.nan, 1.5), ["–", "1.500"]),
        ((math.inf, 1.5), ["∞", "1.500"]),
    ],
)
def test_that_a_column_has_decimals_alike(values: tuple[float, ...], shown: list[str]) -> None:
    assert [s.replace("1.0 ×", "1 ×") for s in column(*values)] == shown


@pytest.mark.parametrize(
    ("p", "shown"),
    [(0.8391, "0.84"), (0.0315, "0.032"), (0.00031, "0.0003"), (3.2e-11, "3 × 10⁻¹¹"), (0.9991, "> 0.99"),
     (0.0, "< 10⁻³⁰⁰"), (None, "–")],
)  # fmt: skip
def test_that_p_values_keep_their_order_of_magnitude(p: float | None, shown: str) -> None:
    assert p_value(p) == shown


def test_that_degrees_of_freedom_and_shares_are_short() -> None:
    assert [degrees_of_freedom(v) for v in (17.0, 161.02, 37613.9, None)] == ["17.0", "161", "37,614", "–"]
    assert [percent(v) for v in (0.4812, 0.025, 0.0, None)] == ["48 %", "2.5 %", "0 %", "–"]
