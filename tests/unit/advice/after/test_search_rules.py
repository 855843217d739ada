"""F5 to F8, and G4, X1, D1: a search that did not arrive, and what explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.advice import Severity, advise_fit
from mmgui.engine.result import Convergence, Fit
from mmgui.inference.likelihood.other_starts import OtherStarts, refit_from_other_starts
from mmgui.spec.formula import print_model

FitOf = Callable[..., Fit]
SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture
def stuck(fitted: FitOf) -> Fit:
    fit = fitted("sleepstudy", SLOPES)
    return replace(fit, convergence=Convergence(False, 1e-3, 0.1, "evaluations"))


def test_that_a_search_that_ended_early_says_so_apart_from_singularity(stuck: Fit) -> None:
    (found,) = advise_fit(stuck)
    assert (found.id, found.title) == ("F6", "Not converged")
    # lme4 warns above 2e-3; below it is mostly a false alarm
    assert "often a false alarm" in found.text
    assert "ingular" not in found.text


def test_that_a_large_gradient_is_no_false_alarm(stuck: Fit) -> None:
    (found,) = advise_fit(replace(stuck, convergence=Convergence(False, 0.5, 0.1, "evaluations")))
    assert "false alarm" not in found.text


def test_that_a_saddle_and_a_flat_criterion_are_f7(stuck: Fit) -> None:
    saddle = replace(stuck, convergence=Convergence(False, 0.5, -0.2, "evaluations"))
    flat = replace(stuck, convergence=Convergence(False, 1e-9, 1e-12, "gradient"))
    assert [f.id for f in advise_fit(saddle)] == ["F7"]
    assert "flat in some direction" in advise_fit(flat)[0].text


def test_that_a_perfect_fit_speaks_alone(stuck: Fit) -> None:
    assert [f.id for f in advise_fit(replace(stuck, sigma=1e-6))] == ["F5"]


def test_that_other_starts_that_agree_call_the_warning_a_false_alarm(stuck: Fit) -> None:
    starts = refit_from_other_starts(stuck)
    # lme4: REML criterion 1743.628
    assert starts.objectives == pytest.approx([1743.628] * 6, abs=1e-3)
    found = [f for f in advise_fit(stuck, starts=starts) if f.id == "F8"]
    assert [(f.severity, f.title) for f in found] == [(Severity.INFO, "Other starts agree")]
    assert "All 6 starts end at the same criterion" in found[0].text
    assert "false alarm" in found[0].text


def test_that_a_better_fit_is_found_where_the_search_was_stopped(fitted: FitOf) -> None:
    whole = fitted("Oats", "yield ~ nitro + Variety + (1 | Block/Variety)")
    early = replace(whole, objective=whole.objective + 3.0)
    starts = refit_from_other_starts(early, 3)
    (found,) = [f for f in advise_fit(early, starts=starts) if f.id == "F8"]
    assert found.title == "A better fit"
    assert "ends 3.00 lower" in found.text
    assert starts.best.objective == pytest.approx(whole.objective, abs=1e-6)


def test_that_starts_that_end_apart_disagree(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    apart = OtherStarts(
        objectives=np.array([fit.objective, fit.objective + 4.0]),
        converged=np.array([True, True]),
        shift=np.array([0.0, 0.3]),
        best=fit,
        objective=fit.objective,
        wanted=2,
    )
    (found,) = advise_fit(fit, starts=apart)
    assert (found.id, found.title) == ("F8", "Other starts disagree")
    assert "up to 2.00 apart" in found.text


def test_that_nothing_is_said_of_starts_nobody_asked_for(fitted: FitOf) -> None:
    assert advise_fit(fitted("sleepstudy", SLOPES)) == ()


def test_that_variances_that_trade_off_offer_the_smaller_term_first(fitted: FitOf) -> None:
    (found,) = advise_fit(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject) + (1 | Subject)"))
    assert (found.id, found.terms) == ("G4", (0, 1))
    assert print_model(found.fixes[0].spec) == "Reaction ~ Days + (Days | Subject)"
