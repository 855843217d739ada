"""Mixtures of χ² distributions: values from R's pchisq and from the reference fits."""

from __future__ import annotations

import pytest

from mmgui.inference.comparison.mixture import (
    boundary_weights,
    chi_squared_tail,
    describe_mixture,
    mixture_tail,
)


def test_tail_of_chi_squared_agrees_with_r() -> None:
    # R: pchisq(c(3.84, 5.4028260936, 9.5), c(1, 1, 2), lower.tail = FALSE)
    assert chi_squared_tail(3.84, 1) == pytest.approx(0.05004352, rel=1e-6)
    assert chi_squared_tail(5.402826093646, 1) == pytest.approx(0.02010417230406, rel=1e-9)
    assert chi_squared_tail(42.139298516235, 2) == pytest.approx(7.072412638399e-10, rel=1e-9)


def test_no_difference_has_probability_one() -> None:
    assert mixture_tail(0.0, {0: 0.5, 1: 0.5}) == 1.0
    assert mixture_tail(5.7e-14, {0: 0.5, 1: 0.5}) == 1.0


def test_one_variance_halves_the_plain_p_value() -> None:
    assert mixture_tail(5.402826093646, boundary_weights(0, [1])) == pytest.approx(0.01005208615203, rel=1e-9)


@pytest.mark.parametrize(
    ("interior", "boundary", "weights", "words"),
    [
        (2, [], {2: 1.0}, "χ²(2)"),
        (1, [1], {1: 0.5, 2: 0.5}, "½ χ²(1) + ½ χ²(2)"),
        (0, [1, 1], {0: 0.25, 1: 0.5, 2: 0.25}, "¼ χ²(0) + ½ χ²(1) + ¼ χ²(2)"),
        (0, [1, 1, 1], {0: 0.125, 1: 0.375, 2: 0.375, 3: 0.125}, "⅛ χ²(0) + ⅜ χ²(1) + ⅜ χ²(2) + ⅛ χ²(3)"),
        (2, [2], {4: 0.5, 5: 0.5}, "½ χ²(4) + ½ χ²(5)"),
    ],
)
def test_weights_follow_the_shape_of_the_boundary(
    interior: int, boundary: list[int], weights: dict[int, float], words: str
) -> None:
    assert boundary_weights(interior, boundary) == weights
    assert describe_mixture(weights) == words


def test_the_bound_for_two_new_correlated_effects_covers_their_cone() -> None:
    """The cone of 2 × 2 covariances under the identity metric: weights (1 - √½)/2, √½/2, √½/2, (1 - √½)/2."""
    narrow, wide = (1 - 0.5**0.5) / 2, 0.5**0.5 / 2
    exact = {0: narrow, 1: wide, 2: wide, 3: narrow}
    for statistic in (0.5, 2.0, 5.0, 12.0):
        bound = mixture_tail(statistic, boundary_weights(0, [2]))
        assert mixture_tail(statistic, exact) < bound < chi_squared_tail(statistic, 3)
