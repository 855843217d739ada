"""What a fit says in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import mmgui
from mmgui.engine.result import Convergence, Fit
from mmgui.figures.statements import convergence_statement, messages, statements

FitOf = Callable[..., Fit]

SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [
        ("sleepstudy", SLOPES),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ],
)
def test_that_a_fit_in_order_says_only_that_it_is(fitted: FitOf, dataset: str, formula: str) -> None:
    fit = fitted(dataset, formula)
    assert [(s.id, s.severity) for s in statements(fit)] == [("converged", "good"), ("not-singular", "good")]
    assert messages(fit) == ()


def test_that_zero_variance_is_a_legitimate_answer_and_not_a_failure(fitted: FitOf) -> None:
    converged, singular = statements(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    assert (converged.id, converged.severity) == ("converged", "good")
    assert (singular.id, singular.severity, singular.title) == ("F1", "warning", "Singular fit")
    assert singular.text.startswith(
        "Intercept has no variance between the groups of Batch. The groups differ in their level no more "
        "than chance alone gives, so the best estimate is 0."
    )
    assert "legitimate answer" in singular.text


def test_that_a_flat_direction_is_named_in_the_persons_variables(fitted: FitOf) -> None:
    _, singular = statements(fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"))
    assert singular.id == "F3"
    # lme4's fourth direction (0.367, −0.050, −0.568, 0.736), each part times its SD, scaled to length 1.
    assert "0.52 × Intercept − 0.07 × x1 − 0.45 × x2 + 0.72 × x3" in singular.text


def test_that_lockstep_names_the_correlation_and_its_side(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    factor = np.array([[1.0, 0.0], [-0.2, 0.0]])
    term = replace(
        fit.terms[0],
        relative_factor=factor,
        covariance=factor @ factor.T,
        rank=1,
        singular_values=np.array([1.0, 0.0]),
    )
    singular = statements(replace(fit, terms=(term,)))[1]
    assert singular.id == "F2"
    assert "Intercept and Days move in opposite ways in lockstep: their correlation is at −1" in singular.text


def test_that_several_singular_terms_are_each_named_and_the_dispute_told_once() -> None:
    # Every Batch and every Vat holds as many +1 as -1, so that neither differs at all.
    columns = {
        "y": [(-1.0) ** i + 0.01 * (i % 4 > 1) for i in range(32)],
        "Batch": [f"b{i // 8}" for i in range(32)],
        "Vat": [f"v{i // 4 % 2}{i // 16}" for i in range(32)],
    }
    first, second = messages(mmgui.fit("y ~ 1 + (1 | Batch) + (1 | Vat)", columns))
    assert ("Batch" in first.text, "Vat" in second.text) == (True, True)
    assert ["Experts differ" in s.text for s in (first, second)] == [False, True]


@pytest.mark.parametrize(
    ("reason", "curvature", "code", "words"),
    [
        ("stopped", float("nan"), "F6", "The fit was stopped after"),
        ("evaluations", 0.1, "F6", "the gradient is still 0.50"),
        ("gradient", -0.2, "F7", "this is no minimum"),
        ("gradient", 1e-12, "F7", "the data do not tell all variances apart"),
    ],
)
def test_that_not_converged_says_why_and_what_to_do(
    fitted: FitOf, reason: str, curvature: float, code: str, words: str
) -> None:
    fit = replace(fitted("sleepstudy", SLOPES), convergence=Convergence(False, 0.5, curvature, reason))
    statement = convergence_statement(fit)
    assert (statement.id, statement.severity, statement.title) == (code, "error", "Not converged")
    assert words in statement.text
    assert "ingular" not in statement.text


def test_that_convergence_and_singularity_are_two_statements(fitted: FitOf) -> None:
    fit = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    stuck = replace(fit, convergence=Convergence(False, 0.3, 1.0, "evaluations"))
    assert [s.id for s in messages(stuck)] == ["F6", "F1"]


def test_that_rows_and_columns_left_out_are_counted_and_named(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    design = replace(fit.design, dropped_rows=1, dropped_columns=("I(2 * Days)",))
    columns, rows = messages(replace(fit, design=design))
    assert (columns.id, columns.severity) == ("X1", "info")
    assert columns.text.startswith("I(2 * Days) repeats what other fixed effects already say")
    assert (rows.id, rows.title) == ("D1", "1 row left out")


def test_that_random_effects_without_data_are_named(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    random = replace(fit.design.random[0], dropped_effects=("A2:B3",))
    (message,) = messages(replace(fit, design=replace(fit.design, random=(random,))))
    assert message.text == (
        "A2:B3 is zero in every row used, so nothing could be told of its variance between the groups of "
        "Subject, and it was left out."
    )


def test_that_a_perfect_fit_speaks_for_the_search_that_ends_nowhere(fitted: FitOf) -> None:
    fit = replace(fitted("sleepstudy", SLOPES), sigma=1e-6)
    stuck = replace(fit, convergence=Convergence(False, 0.3, 1.0, "evaluations"))
    assert [(s.id, s.severity) for s in messages(stuck)] == [("F5", "error")]


def test_that_a_correlation_all_but_perfect_is_told_where_the_fit_is_not_singular(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    covariance = np.array([[1.0, 0.9998], [0.9998, 1.0]])
    edge = messages(replace(fit, terms=(replace(fit.terms[0], covariance=covariance),)))
    assert [(s.id, s.severity) for s in edge] == [("F4", "info")]
    assert "Intercept and Days between the groups of Subject is 0.9998" in edge[0].text


def test_that_no_text_begins_with_its_title(fitted: FitOf) -> None:
    for formula in (SLOPES, "Reaction ~ Days + (Days || Subject)"):
        for statement in statements(fitted("sleepstudy", formula)):
            assert not statement.text.startswith(statement.title)


def test_that_variances_which_trade_off_are_named_instead_of_a_flat_criterion() -> None:
    fit = mmgui.fit("Reaction ~ Days + (1 | Subject) + (1 | Subject)", "sleepstudy")
    (statement,) = messages(fit)
    assert (statement.id, statement.severity) == ("G4", "error")
    assert "only the sum of the two can be known" in statement.text


def test_variances_that_cannot_be_told_apart_are_called_neither_singular_nor_not() -> None:
    """How they come out is chance: the intercept's variance may all be in one of the three terms."""
    formula = "y ~ B * rating * run + (1 | Subj) + (rating | Subj) + (run | Subj)"
    found = statements(mmgui.fit(formula, "sim_within_subject_factors"))
    assert [s.id for s in found] == ["converged", "G4", "G4"]
