"""Whether a fit that did not arrive is the best there is: the same model fitted from other starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.criterion import Criterion
from mmgui.engine.fit import fit_design
from mmgui.engine.pattern_start import begin_at
from mmgui.engine.restarts import other_starts
from mmgui.engine.result import Fit
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]

STARTS = 6
"""How many starts are tried beside the fit's own end: enough that agreement of all of them says something."""


@dataclass(frozen=True, eq=False)
class OtherStarts:
    """A model fitted again from other starts.

    Attributes
    ----------
    objectives
        (k,) criterion at the end of each, and ``wanted`` how many were to be tried.
    converged
        (k,) whether each arrived.
    shift
        (k,) largest difference of a fixed effect from the fit's, in the fit's standard errors.
    best
        The lowest of them.
    objective
        The criterion of the fit itself.
    wanted
        Starts to be tried.
    """

    objectives: FloatArray
    converged: NDArray[np.bool_]
    shift: FloatArray
    best: Fit
    objective: float
    wanted: int

    @property
    def gain(self) -> float:
        """By how much the best end is lower than the fit's; negative where none is."""
        return self.objective - self.best.objective

    @property
    def spread(self) -> float:
        """Difference of log-likelihood between the best and the worst end, the fit's among them."""
        ends = np.append(self.objectives, self.objective)
        return 0.5 * float(np.max(ends) - np.min(ends))


def refit_from_other_starts(
    fit: Fit,
    starts: int = STARTS,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> OtherStarts:
    """Fit the model again from where the fit ended, and from relative SDs of other sizes.

    Where several searches from far apart end at the same criterion with the same estimates, a warning of
    one of them is a false alarm (lme4's ``allFit`` does the same with other optimisers).

    Parameters
    ----------
    fit
        The fit.
    starts
        How many starts; the first is the fit's own end.
    on_progress
        Called with the number of starts done and the number to do.
    should_stop
        Asked at every evaluation; a start that is not finished does not count.

    Raises
    ------
    FitError
        ``stopped`` where no start was finished; what went wrong where none could be fitted.
    """
    ends = _ends(fit, starts, on_progress, should_stop)
    se = np.where(fit.se > 0.0, fit.se, 1.0)
    shifts = [float(np.max(np.abs(e.beta - fit.beta) / se, initial=0.0)) for e in ends]
    return OtherStarts(
        objectives=np.array([e.objective for e in ends]),
        converged=np.array([e.convergence.converged for e in ends]),
        shift=np.array(shifts),
        best=min(ends, key=lambda e: (e.objective > _lowest(ends), not e.convergence.converged)),
        objective=fit.objective,
        wanted=starts,
    )


def _ends(
    fit: Fit,
    starts: int,
    on_progress: Callable[[int, int], None] | None,
    should_stop: Callable[[], bool] | None,
) -> list[Fit]:
    """Where the searches ended, of those that came to an end."""
    ends: list[Fit] = []
    failure = FitError("stopped", "Stopped before another start had come to its end.")
    for k, theta in enumerate(_starts(fit, starts)):
        if should_stop is not None and should_stop():
            break
        if on_progress is not None:
            on_progress(k, starts)
        try:
            end = fit_design(fit.design, should_stop=should_stop, start=theta, formula=fit.formula)
        except FitError as error:
            failure = error
            continue
        if end.convergence.reason != "stopped":
            ends.append(end)
    if not ends:
        raise failure
    return ends


def _lowest(ends: list[Fit]) -> float:
    """The lowest criterion, give or take rounding: of ends as low, one that arrived is the better."""
    lowest = min(e.objective for e in ends)
    return lowest + 1e-9 * max(1.0, abs(lowest))


def _starts(fit: Fit, count: int) -> list[FloatArray]:
    basis = Criterion(fit.design).basis
    more = max(1, fit.design.theta_count)
    others = [basis.theta(flat) for flat in islice(other_starts(basis, more), count - 1)]
    # One term alone has three starts; the rest are as many random covariances of its effects.
    rng = np.random.default_rng(2)
    while len(others) < count - 1:
        flat = np.zeros(basis.size)
        for block in basis.blocks:
            size = len(block.effects)
            root = 10.0 ** rng.uniform(-1.5, 1.0) * rng.normal(size=(size, size + 1))
            begin_at(flat, block, root @ root.T)
        others.append(basis.theta(flat))
    return [np.array(fit.theta), *others]
