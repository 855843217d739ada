"""A running fit: its path so far, and the standard deviations and Σ where the optimiser is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import TraceFigure, parameter_names, parameter_terms, trace_figure, trace_sds
from mmgui.figures.wording import effect_titles

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class LiveCovariance:
    """Σ of the term with most effects where the optimiser is.

    Attributes
    ----------
    term, grouping, titles
        Which term, and its first two effects.
    covariance
        (2, 2) of these effects.
    lowest
        (2, 2) at the lowest criterion so far.
    """

    term: int
    grouping: str
    titles: tuple[str, str]
    covariance: FloatArray
    lowest: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class LiveFigure:
    """A fit under way.

    Attributes
    ----------
    trace
        Its path so far.
    state
        ``building the matrices``, ``optimising``, ``optimising again from another start (2)``, ``stopping``.
    covariance
        None where no term has two effects.
    """

    trace: TraceFigure
    state: str
    covariance: LiveCovariance | None

    @property
    def evaluations(self) -> int:
        """How many evaluations there are."""
        return len(self.trace.objective)

    def table(self) -> FigureTable:
        """The path."""
        return self.trace.table()


def live_figure(
    design: Design,
    objective: Sequence[float],
    theta: Sequence[FloatArray],
    sigma: Sequence[float],
    starts: Sequence[int],
    *,
    running: bool,
    stopping: bool = False,
) -> LiveFigure:
    """The fit so far, from what its events told; at least one evaluation."""
    path, residual = np.asarray(theta, dtype=np.float64), np.asarray(sigma, dtype=np.float64)
    path = path.reshape(len(objective), design.theta_count)
    trace = trace_figure(
        design.spec,
        parameter_names(design),
        objective,
        path,
        terms=parameter_terms(design),
        running=running,
        starts=starts,
        sds=trace_sds(design, path, residual),
    )
    state = "optimising"
    if stopping:
        state = "stopping"
    elif starts and starts[-1]:
        state = f"optimising again, from start {starts[-1] + 1}"
    return LiveFigure(trace, state, _covariance(design, trace, residual))


def _covariance(design: Design, trace: TraceFigure, sigma: FloatArray) -> LiveCovariance | None:
    sizes = [len(r.effects) for r in design.random]
    if max(sizes, default=0) < 2:
        return None
    term = int(np.argmax(sizes))
    random, at = design.random[term], design.theta_slice(term)

    def covariance(k: int) -> FloatArray:
        factor = sigma[k] * random.relative_factor(trace.theta[k, at])
        out: FloatArray = (factor @ factor.T)[:2, :2]
        return out

    titles = effect_titles(design, term)
    return LiveCovariance(
        term,
        random.grouping,
        (titles[0], titles[1]),
        covariance(-1),
        covariance(int(np.argmin(trace.objective))),
    )
