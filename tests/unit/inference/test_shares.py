"""Shares of variance against lme4's components averaged over the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmgui.engine.result import Fit
from mmgui.inference.variance.shares import variance_shares

FitOf = Callable[..., Fit]


def test_a_slope_counts_with_the_spread_of_its_column(fitted: FitOf) -> None:
    # R: mean(diag(Z Sigma Z')) = 1698.0837, sigma^2 = 654.9400, ICC 0.72166 (REML).
    shares = variance_shares(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"))
    assert shares.variances[0] == pytest.approx(1698.08370043695, rel=1e-5)
    assert shares.residual_variance == pytest.approx(654.940008259961, rel=1e-5)
    assert shares.terms[0] == pytest.approx(0.7216602595889, rel=1e-5)


def test_shares_of_terms_and_residual_sum_to_one(fitted: FitOf) -> None:
    for dataset, formula in (
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Machines", "score ~ Machine + (Machine | Worker)"),
        ("sleepstudy", "Reaction ~ 1 + (Days | Subject)"),
    ):
        shares = variance_shares(fitted(dataset, formula))
        assert float(shares.terms.sum()) + shares.residual == pytest.approx(1.0)
        parts = [float(e.sum()) + c for e, c in zip(shares.effects, shares.covariances, strict=True)]
        assert parts == pytest.approx(list(shares.terms))


def test_an_effect_that_is_no_fixed_effect_counts_too(fitted: FitOf) -> None:
    # R: mean over rows of z' Sigma z for Reaction ~ 1 + (Days | Subject): 4206.2303.
    shares = variance_shares(fitted("sleepstudy", "Reaction ~ 1 + (Days | Subject)"))
    assert shares.variances[0] == pytest.approx(4206.23031875315, rel=1e-4)


def test_a_zero_variance_has_share_zero(fitted: FitOf) -> None:
    shares = variance_shares(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    assert list(shares.terms) == [0.0]
    assert shares.residual == 1.0
