"""Rules for a search that did not arrive, and for a fit that leaves nothing over: F5, F6, F7, F8."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.inference.likelihood.other_starts import OtherStarts
from mmgui.numbers import count, number

NOT_CONVERGED = "Not converged"


def perfect_fit(facts: FitFacts) -> Iterator[Finding]:
    """F5: no residual variance is left (RUN perfect_fit)."""
    if facts.perfect:
        yield Finding(
            "F5",
            Severity.ERROR,
            "The model reproduces the response exactly, so no residual variance is left to judge anything "
            "by. Check whether the response follows from the other columns, or whether every row is its own "
            "group.",
            title="Perfect fit",
        )


def ended_early(facts: FitFacts) -> Iterator[Finding]:
    """F6: the search was stopped, hindered by rounding, or ended with a gradient (lme4 checkConv)."""
    state, k = facts.fit.convergence, count(len(facts.fit.log.objective), "evaluation")
    if state.converged or facts.explained or _no_minimum(facts):
        return
    if state.reason == "stopped":
        text = f"The fit was stopped after {k}. The best point so far is shown; fit again to finish."
    elif state.reason == "rounding":
        text = (
            "What the model leaves of the response is so little beside the size of its numbers that rounding "
            "hides the optimum. Subtract a constant from the response, or check whether it follows from the "
            "other columns."
        )
    else:
        often = (
            " So small a gradient is often a false alarm: try other starts."
            if state.gradient_norm < THRESHOLDS.gradient
            else ""
        )
        text = (
            f"After {k} the gradient is still {number(state.gradient_norm, 2)}, so the estimates may not be "
            f"the best ones. Fit again, rescale the predictors, or take out a random effect.{often}"
        )
    yield Finding("F6", Severity.ERROR, text, title=NOT_CONVERGED)


def no_minimum(facts: FitFacts) -> Iterator[Finding]:
    """F7: the criterion is flat where the search ended, or falls away on both sides (lme4 checkHess)."""
    if facts.fit.convergence.converged or facts.explained or not _no_minimum(facts):
        return
    text = (
        "The criterion still falls away in some direction, so this is no minimum. Rescale the "
        "predictors, or take out a random effect."
        if _saddle(facts)
        else "The criterion is flat in some direction: the data do not tell all variances apart. Take "
        "out a random effect."
    )
    yield Finding("F7", Severity.ERROR, text, title=NOT_CONVERGED)


def other_starts(facts: FitFacts) -> Iterator[Finding]:
    """F8: whether searches from other starts end at the same optimum (lme4 convergence.Rd, allFit)."""
    starts = facts.starts
    if starts is None:
        return
    k = len(starts.objectives)
    if starts.gain > 2.0 * THRESHOLDS.same_fit * max(1.0, abs(starts.objective)):
        yield Finding(
            "F8",
            Severity.WARNING,
            f"Of {count(k, 'start')} the best ends {number(starts.gain)} lower on the criterion: a better "
            f"fit was found{_arrived(starts)}. Adopt it in place of the one shown.",
            title="A better fit",
        )
    elif _one_optimum(starts):
        seen = (
            "the fit shown is the best there is"
            if facts.fit.convergence.converged
            else "the fit shown is the optimum, and the warning a false alarm"
        )
        yield Finding(
            "F8",
            Severity.INFO,
            f"All {k} starts end at the same criterion and the same estimates: {seen}.",
            title="Other starts agree",
        )
    else:
        yield Finding(
            "F8",
            Severity.WARNING,
            f"{count(k, 'start')} end at log-likelihoods up to {number(starts.spread)} apart, none better "
            "than the fit shown: the criterion has several optima or is nearly flat. Take out a random "
            "effect, or look at the Landscape page.",
            title="Other starts disagree",
        )


def _no_minimum(facts: FitFacts) -> bool:
    reason = facts.fit.convergence.reason
    return reason not in ("stopped", "rounding") and (_saddle(facts) or reason == "gradient")


def _saddle(facts: FitFacts) -> bool:
    return bool(facts.fit.convergence.curvature < -THRESHOLDS.flat)


def _one_optimum(starts: OtherStarts) -> bool:
    near = bool(np.all(starts.shift <= THRESHOLDS.same_estimate))
    return near and starts.spread < THRESHOLDS.same_loglik


def _arrived(starts: OtherStarts) -> str:
    return "" if starts.best.convergence.converged else ", though its search did not arrive either"


RULES: dict[str, FitRule] = {"F5": perfect_fit, "F6": ended_early, "F7": no_minimum, "F8": other_starts}
