"""What a fit says in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.result import Convergence, Fit
from mmgui.inference.singularity import fit_findings, singular_directions

FitOf = Callable[..., Fit]


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [
        ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ],
)
def test_a_fit_in_order_says_nothing(fitted: FitOf, dataset: str, formula: str) -> None:
    assert fit_findings(fitted(dataset, formula)) == ()


def test_a_variance_of_zero_is_named(fitted: FitOf) -> None:
    fit = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    assert singular_directions(fit.terms[0]) == ("the intercepts do not vary",)
    (finding,) = fit_findings(fit)
    assert (finding.id, finding.severity, finding.title) == (
        "F1",
        "warning",
        "Singular: variance of zero by Batch",
    )


def test_a_correlation_at_its_limit_is_named(fitted: FitOf) -> None:
    fit = fitted("Oats", "yield ~ nitro + (nitro | Block)")
    assert singular_directions(fit.terms[0]) == (
        "the intercepts and the slopes of nitro go together exactly (correlation +1)",
    )
    assert [f.id for f in fit_findings(fit)] == ["F2"]


def test_a_combination_without_variance_is_written_out(fitted: FitOf) -> None:
    """Every SD and correlation looks innocent, but the covariance of the four effects has rank 3."""
    fit = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    term = fit.terms[0]
    (clause,) = singular_directions(term)
    assert (
        clause
        == "the combination 0.5 × (Intercept) - 0.068 × x1 - 0.77 × x2 + 1 × x3 is the same for every g"
    )
    weights = np.array([0.5, -0.068, -0.77, 1.0])
    assert weights @ term.covariance @ weights < 1e-3 * np.trace(term.covariance)
    assert [f.id for f in fit_findings(fit)] == ["F3"]


def test_convergence_and_singularity_are_two_statements(fitted: FitOf) -> None:
    fit = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    stuck = replace(fit, convergence=Convergence(False, 0.3, 1.0, "evaluations"))
    assert [f.id for f in fit_findings(stuck)] == ["F6", "F1"]
    saddle = replace(fit, convergence=Convergence(False, 0.0, -0.5, "gradient"))
    assert [(f.id, f.severity) for f in fit_findings(saddle)] == [("F7", "error"), ("F1", "warning")]
    stopped = replace(fit, convergence=Convergence(False, 0.3, 1.0, "stopped"))
    assert fit_findings(stopped)[0].title == "Stopped before it converged"


def test_rows_and_columns_left_out_are_counted_and_named(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    design = replace(fit.design, dropped_rows=1, dropped_columns=("I(2 * Days)",))
    columns, rows = fit_findings(replace(fit, design=design))
    assert (columns.id, columns.title) == ("X1", "Left out: I(2 * Days)")
    assert (rows.id, rows.title) == ("D1", "1 row not used")


def test_a_perfect_fit_is_an_error(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert [(f.id, f.severity) for f in fit_findings(replace(fit, sigma=1e-6))] == [("F5", "error")]
