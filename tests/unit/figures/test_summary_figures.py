"""Expected numbers: lme4 1.1-31 (summary, VarCorr) and lmerTest 3.1-3, R 4.2.2."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.fixed import fixed_figure
from mmgui.figures.summary import summary_figure
from mmgui.figures.variance import variance_figure
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests

SLOPES = "Reaction ~ Days + (Days | Subject)"


def test_that_variance_components_come_in_model_order_with_the_residual_last(fitted):
    figure = variance_figure(fitted("sleepstudy", SLOPES))
    assert [(r.term, r.grouping, r.effect) for r in figure.rows] == [
        (0, "Subject", "(Intercept)"), (0, "Subject", "Days"), (-1, "Residual", ""),
    ]  # fmt: skip
    np.testing.assert_allclose([r.sd for r in figure.rows], [24.7407, 5.9221, 25.5918], atol=5e-4)
    assert figure.response == "Reaction"
    (correlation,) = figure.correlations
    assert correlation.correlation == pytest.approx(0.06555, abs=1e-4)


def test_that_uncorrelated_effects_have_no_correlation_row(fitted):
    assert variance_figure(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)")).correlations == ()


def test_that_without_degrees_of_freedom_intervals_are_walds(fitted):
    figure = fixed_figure(fitted("sleepstudy", SLOPES))
    days = figure.rows[1]
    assert figure.method == "Wald z"
    assert (days.df, days.p) == (None, None)
    np.testing.assert_allclose(days.interval, (7.437594, 13.496978), atol=1e-3)


def test_that_satterthwaite_gives_df_p_and_t_intervals(fitted):
    fit = fitted("sleepstudy", SLOPES)
    days = fixed_figure(fit, fixed_effect_tests(fit)).rows[1]
    assert days.df == pytest.approx(17.0, abs=0.01)
    assert days.p == pytest.approx(3.264e-6, rel=0.01)
    # 10.467286 ± qt(.975, 17) × 1.545790
    np.testing.assert_allclose(days.interval, (7.20594, 13.72863), atol=1e-3)


def test_that_summary_states_convergence_and_singularity_separately(fitted):
    fit = fitted("sleepstudy", SLOPES)
    figure = summary_figure(fit, fixed_figure(fit))
    assert [s.id for s in figure.statements] == ["converged", "not-singular"]
    assert {s.severity for s in figure.statements} == {"good"}
    facts = {f.name: f.value for f in figure.facts}
    assert facts["REML criterion"] == "1743.63"
    assert facts["Log-likelihood"] == "−871.81"
    assert (facts["AIC"], facts["BIC"], facts["σ"]) == ("1755.6", "1774.8", "25.59")
    assert (facts["Rows"], facts["Groups of Subject"], facts["Rows left out"]) == ("180", "18", "0")
