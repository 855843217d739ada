"""What is said of a fit from another start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmgui.app.fit_service import Tried
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Convergence, Fit
from mmgui.errors import FitError
from mmgui.spec.formula import parse
from mmgui.ui.landscape_side import outcome_words


@pytest.fixture(scope="module")
def best() -> Fit:
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


def other(best: Fit, difference: float, reason: str = "gradient") -> Fit:
    convergence = Convergence(reason != "stopped", 0.0, 0.0, reason)
    return replace(best, objective=best.objective + difference, convergence=convergence)


def test_that_each_end_of_a_trial_has_its_words(best: Fit) -> None:
    evaluations = f"{len(best.log.objective)} evaluations"
    for tried, said in (
        (Tried(best, other(best, 0.0), kept=True), f"at the best fit again, after {evaluations}."),
        (Tried(best, other(best, 2.5), kept=True), "ends 2.50 above the best fit: the best fit is kept."),
        (Tried(best, other(best, -2.5), kept=False), "ends 2.50 lower: this is the best fit now."),
        (Tried(best, other(best, -2.5), kept=True), "but the model was fitted anew meanwhile."),
        (Tried(best, other(best, 9.0, "stopped"), kept=True), "Stopped after"),
        # Of a fit that was stopped itself, a lower point takes the place.
        (Tried(best, other(best, -2.5, "stopped"), kept=False), "this is the best fit now."),
        (Tried(best, None, kept=True), "From here there is no fit."),
        (Tried(best, None, kept=True, error=FitError("busy", "Wait.")), "Wait."),
    ):
        assert said in outcome_words(tried)
