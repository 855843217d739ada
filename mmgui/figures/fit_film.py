"""The film of a fit: the evaluations of the optimiser, one after the other, up to the best fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit, FitLog
from mmgui.figures.film import Film, FilmFrame
from mmgui.figures.trace import criterion_name, log_trace, lower_than_before, starts_of
from mmgui.figures.wording import above
from mmgui.inference.likelihood.covariance_point import CovarianceSpace
from mmgui.numbers import count, decimal

IntArray = NDArray[np.intp]

MOST_FRAMES = 120
"""A film of more evaluations leaves out those that led nowhere."""
SAME = 1e-9
"""Criteria that differ by a smaller share are the same."""
NEAR = 1e-3
"""A search that ends no further above the best fit has arrived there."""
ALIKE = 1e-6
"""Parameters that differ by less are those of the best fit."""


def fit_film(space: CovarianceSpace) -> Film | None:
    """What the optimiser did; None where it had nothing to do, or nothing is known of it."""
    log = space.fit.log
    if not len(log.objective) or not log.theta.shape[1]:
        return None
    shown = shown_evaluations(log)
    left_out = len(log.objective) - len(shown)
    evaluations = count(len(log.objective), "evaluation")
    summary = f"{evaluations} of the {criterion_name(space.fit.reml)}, from moment estimates on"
    if left_out:
        summary += f"; {left_out} of them, which led to nothing better, are left out"
    return _film(space, log, shown, "fit", "The fit", f"{summary}.")


def far_start_film(space: CovarianceSpace) -> Film | None:
    """What the optimiser does from λ = 1: every relative SD one, no correlations."""
    fit = space.fit
    again = fit_design(fit.design, start=unit_theta(fit), formula=fit.formula)
    shown = shown_evaluations(again.log)
    summary = (
        "The same fit begun far from its end: every SD as large as the residual's, no correlations; "
        f"{count(len(again.log.objective), 'evaluation')}."
    )
    return _film(space, again.log, shown, "far", FAR_TITLE, summary)


FAR_TITLE = "A fit that begins far off"


def unit_theta(fit: Fit) -> np.ndarray:
    """(m,) θ of relative SDs one without correlations."""
    parts = [np.empty(0)]
    for random in fit.design.random:
        if random.pattern is not None:
            rho = [0.0] if random.pattern.correlated else []
            parts.append(np.array([*np.ones(random.pattern.sds), *rho]))
        else:
            parts.append(np.array([1.0 if i == j else 0.0 for i, j in random.parameter_positions]))
    return np.concatenate(parts)


def shown_evaluations(log: FitLog) -> IntArray:
    """Which evaluations a film shows: those of the first descent, and of later ones that led lower."""
    starts, objective = starts_of(log), log.objective
    lowest = np.fmin.accumulate(np.append(np.inf, objective))[:-1]
    better = objective < lowest - SAME * np.maximum(1.0, np.abs(objective))
    useful = {0, *starts[better].tolist()}
    shown = np.flatnonzero(np.isin(starts, sorted(useful)))
    if len(shown) > MOST_FRAMES:
        shown = shown[lower_than_before(objective, starts)[shown]]
    if len(shown) > MOST_FRAMES:
        shown = np.flatnonzero(better)[-MOST_FRAMES:]
    return shown


def _film(space: CovarianceSpace, log: FitLog, shown: IntArray, key: str, title: str, summary: str) -> Film:
    criterion, total = criterion_name(space.fit.reml), len(log.objective)
    starts = starts_of(log)
    lower = lower_than_before(log.objective, starts)
    lowest = np.fmin.accumulate(np.append(np.inf, log.objective))[:-1]
    frames: list[FilmFrame] = []
    for position, k in enumerate(shown):
        difference = float(log.objective[k]) - space.fit.objective
        words = f"Evaluation {k + 1} of {total}: {above(criterion, difference)}"
        again = position > 0 and starts[k] != starts[shown[position - 1]]
        if again:
            words += "; the search begins again elsewhere"
        elif log.objective[k] < lowest[k] and k:
            words += "; lowest so far"
        elif k and not lower[k]:
            words += "; a trial"
        frames.append(
            FilmFrame(space.evaluation(log, int(k)), difference, words, int(k) + 1, bool(lower[k]), not again)
        )
    best = f"{criterion} {decimal(space.fit.objective, 2)}"
    end = frames[-1]
    if np.allclose(log.theta[shown[-1]], space.fit.theta, rtol=ALIKE, atol=ALIKE):
        words = f"Evaluation {end.evaluation} of {total}: the best fit, {best}"
        frames[-1] = FilmFrame(space.best, 0.0, words, end.evaluation, end.step, end.joined)
    else:
        # Where this search ended at another optimum, the film does not pretend that it went on.
        joined = abs(end.difference) < NEAR
        lowest_of_all = int(np.argmin(log.objective)) + 1
        words = f"The best fit, evaluation {lowest_of_all}: {best}" if joined else f"The best fit: {best}"
        frames.append(FilmFrame(space.best, 0.0, words, lowest_of_all, joined=joined))
    random, path = space.design.random, log_trace(space.design, log)
    return Film(key, title, summary, tuple(frames), random, ends_at_best=True, log=log, path=path)
