"""The zero of a slope variable elsewhere: what intercepts and slopes are there, and how the model fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.derive import with_derived
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.variance.origin import (
    another_model,
    correlated,
    correlation_along,
    covariance_at,
    criterion_at,
    narrowest,
    origin_slopes,
    pair_covariance,
    uncorrelated,
)
from mmgui.spec.derived import Derivation, derived_column
from mmgui.spec.formula import parse

FitOf = Callable[..., Fit]
RIS = "Reaction ~ Days + (Days | Subject)"


def test_that_the_correlation_at_other_origins_is_lme4s(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS, True)
    (slope,) = origin_slopes(fit.design)
    found = correlation_along(pair_covariance(fit, slope), np.array([0, 2, 4.5, 7, 9, -10.0]))
    # teaching.json, sleepstudy.corr_vs_origin
    expected = [
        0.06555123823813, 0.4788569679264, 0.7532368851837,
        0.8676163467222, 0.9120893086471, -0.9191340242008,
    ]  # fmt: skip
    assert found == pytest.approx(expected, abs=5e-6)


def test_that_the_fit_is_the_same_at_every_origin_with_correlation_and_not_without(fitted: FitOf) -> None:
    design = fitted("sleepstudy", RIS, False).design
    (slope,) = origin_slopes(design)
    apart = uncorrelated(design, slope)
    assert apart is not None
    # teaching.json, sleepstudy.centring: full_ML_diff and zcp_ML_diff, differences of log-likelihoods
    with_rho = criterion_at(design, slope, 4.5) - criterion_at(design, slope, 0.0)
    without = criterion_at(apart, slope, 4.5) - criterion_at(apart, slope, 0.0)
    assert with_rho / 2 == pytest.approx(-1.768171387084e-09, abs=1e-6)
    assert without / 2 == pytest.approx(5.220110746306, abs=1e-6)


def test_that_a_shifted_design_is_the_model_of_a_shifted_column(fitted: FitOf) -> None:
    # The same by another way: derive the column, and fit.
    table = load_sample("sleepstudy")
    moved = with_derived(table, [derived_column(Derivation.SHIFT, "Days", constant=3.0)])
    formula = "Reaction ~ Days_from_3 + (Days_from_3 || Subject)"
    wanted = fit(FitJob(parse(formula), moved))
    design = fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)", True).design
    (slope,) = origin_slopes(design)
    assert criterion_at(design, slope, 3.0) == pytest.approx(wanted.objective, abs=1e-6)


def test_that_where_lines_lie_closest_intercepts_and_slopes_are_uncorrelated(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS, True)
    (slope,) = origin_slopes(fit.design)
    covariance = pair_covariance(fit, slope)
    closest = narrowest(covariance)
    # -9.604409 / 35.071714: lme4's REML covariance and variance
    assert closest == pytest.approx(-9.604409 / 35.071714, abs=1e-4)
    there = covariance_at(covariance, closest)
    assert there[0, 1] == pytest.approx(0.0, abs=1e-9)
    assert there[0, 0] < covariance[0, 0]


@pytest.mark.parametrize(
    "formula",
    ["Reaction ~ Days + (Days || Subject)", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"],
)
def test_that_intercept_and_slope_in_terms_of_their_own_belong_together(fitted: FitOf, formula: str) -> None:
    design = fitted("sleepstudy", formula, False).design
    (slope,) = origin_slopes(design)
    assert slope.level is not None
    joined = correlated(design, slope)
    assert joined is not None
    # lme4: deviance of Reaction ~ Days + (Days | Subject) by ML
    assert criterion_at(joined, slope, 0.0) == pytest.approx(1751.9393, abs=1e-3)
    assert criterion_at(design, slope, 0.0) == pytest.approx(1752.0033, abs=1e-3)


def test_that_lines_without_an_intercept_meet_at_zero(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (0 + Days | Subject)", True)
    (slope,) = origin_slopes(fit.design)
    assert slope.level is None
    assert correlated(fit.design, slope) is None
    assert np.isnan(correlation_along(pair_covariance(fit, slope), np.array([0.0])))[0]
    assert narrowest(pair_covariance(fit, slope)) == 0.0


def test_that_factors_and_functions_have_no_zero_to_move(fitted: FitOf) -> None:
    assert origin_slopes(fitted("Machines", "score ~ Machine + (Machine | Worker)", True).design) == ()
    assert origin_slopes(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)", True).design) == ()
    squares = fit(FitJob(parse("Reaction ~ Days + (Days + I(Days^2) || Subject)"), load_sample("sleepstudy")))
    assert origin_slopes(squares.design) == ()


def test_that_each_of_several_slopes_can_be_moved(fitted: FitOf) -> None:
    fit = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", True)
    slopes = origin_slopes(fit.design)
    assert [s.column for s in slopes] == ["x1", "x2", "x3"]
    design = replace(fit.design)
    assert criterion_at(design, slopes[1], 0.7) == pytest.approx(fit.objective, abs=1e-3)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("Reaction ~ Days + (Days | Subject)", ""),
        ("Reaction ~ 1 + (Days | Subject)", ""),
        ("Reaction ~ 0 + Days + (Days | Subject)", "fixed"),
        ("Reaction ~ Days + I(Days^2) + (Days | Subject)", ""),
        ("Reaction ~ Days + (Days || Subject)", "random"),
    ],
)
def test_that_another_zero_is_another_model_only_where_the_criterion_says_so(
    fitted: FitOf, formula: str, why: str
) -> None:
    fit = fitted("sleepstudy", formula, False)
    slope = origin_slopes(fit.design)[0]
    change = criterion_at(fit.design, slope, 4.5) - fit.objective
    free = any(len(b) > 1 for b in fit.design.random[0].blocks)
    assert (abs(change) < 1e-4) is (why == "")
    assert another_model(fit.design, slope) == why or not free


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_that_the_correlation_has_no_units(fitted: FitOf, unit: float) -> None:
    fit = fitted("sleepstudy", RIS, True)
    covariance = pair_covariance(fit, origin_slopes(fit.design)[0])
    scaled = covariance / np.array([[1.0, unit], [unit, unit**2]])
    # teaching.json, sleepstudy.corr_vs_origin at 4.5
    assert correlation_along(scaled, np.array([4.5 * unit]))[0] == pytest.approx(0.7532368851837, abs=5e-6)


def test_that_lines_which_meet_have_no_correlation_where_they_meet() -> None:
    # All lines pass through (3, 0): intercepts are -3 times the slopes.
    covariance = np.array([[9.0, -3.0], [-3.0, 1.0]]) * 0.1
    assert np.isnan(correlation_along(covariance, np.array([3.0]))[0])
    assert covariance_at(covariance, 3.0)[0].tolist() == [0.0, 0.0]
    assert correlation_along(covariance, np.array([2.0, 4.0])).tolist() == pytest.approx([-1.0, 1.0])
