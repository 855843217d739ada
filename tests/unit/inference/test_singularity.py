"""Which directions of a term's effects have no variance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.inference.variance.singularity import flatness, is_perfect

FitOf = Callable[..., Fit]


def test_a_variance_of_zero_is_an_effect_without_variance(fitted: FitOf) -> None:
    flat = flatness(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), 0)
    assert (flat.zero, flat.varying, len(flat.directions), flat.lockstep) == ((0,), (), 0, False)


def test_a_correlation_at_its_limit_is_lockstep(fitted: FitOf) -> None:
    flat = flatness(fitted("Oats", "yield ~ nitro + (nitro | Block)"), 0)
    assert (flat.zero, flat.varying, flat.lockstep) == ((), (0, 1), True)


def test_a_combination_without_variance_has_none_in_the_covariance(fitted: FitOf) -> None:
    """Every SD and correlation looks innocent, but the covariance of the four effects has rank 3."""
    fit = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    term = fit.terms[0]
    flat = flatness(fit, 0)
    assert (flat.zero, flat.directions.shape) == ((), (1, 4))
    weights = flat.directions[0] / term.sd
    assert weights @ term.covariance @ weights < 1e-6


def test_small_weights_make_no_perfect_fit(fitted: FitOf) -> None:
    """Weights of 10⁻¹⁶ shrink σ to 10⁻⁸ of the residuals' size, and the residuals stay as they are."""
    fit = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert is_perfect(replace(fit, sigma=25.6e-8))
    design = replace(fit.design, weights=np.full(180, 1e-16))
    assert not is_perfect(replace(fit, sigma=25.6e-8, design=design))


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_the_units_of_a_predictor_do_not_make_its_slope_disappear(fitted: FitOf, unit: float) -> None:
    """A slope per microsecond is small beside an intercept, and no less a slope."""
    fit = fitted("Oats", "yield ~ nitro + (nitro | Block)")
    term, random = fit.terms[0], fit.design.random[0]
    factor = term.relative_factor * np.array([[1.0], [1.0 / unit]])
    moved = replace(term, relative_factor=factor, covariance=fit.sigma**2 * factor @ factor.T)
    design = replace(fit.design, random=(replace(random, columns=random.columns * [1.0, unit]),))
    assert flatness(replace(fit, design=design, terms=(moved,)), 0).lockstep
