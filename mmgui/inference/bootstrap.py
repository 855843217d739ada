"""Parametric bootstrap of a likelihood-ratio test: its null distribution by simulation, not by theory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BootstrapTest:
    """A likelihood-ratio test judged by simulation.

    Attributes
    ----------
    statistic
        The statistic of the data.
    replicates
        (N,) statistics of the simulated responses.
    p
        (1 + number of replicates at least as large) / (1 + N).
    failed
        Simulated responses for which one of the two models could not be fitted; they are left out of N.
    """

    statistic: float
    replicates: FloatArray
    p: float
    failed: int


def simulate(fit: Fit, generator: np.random.Generator) -> FloatArray:
    """(n,) a response drawn from the fitted model, with new random effects and new residuals."""
    design = fit.design
    y = design.x @ fit.beta
    if design.offset is not None:
        y = y + design.offset
    for random, term in zip(design.random, fit.terms, strict=True):
        standard = generator.standard_normal((len(random.levels), len(random.effects)))
        effects = fit.sigma * standard @ term.relative_factor.T
        y = y + np.einsum("ns,ns->n", random.columns, effects[random.codes])
    noise = fit.sigma * generator.standard_normal(design.nobs)
    if design.weights is not None:
        noise = noise / np.sqrt(design.weights)
    return np.asarray(y + noise, dtype=np.float64)


def bootstrap_test(
    small: Fit,
    big: Fit,
    count: int,
    seed: int | None = None,
    on_progress: Callable[[int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BootstrapTest:
    """Test ``small`` against ``big`` by simulating from ``small`` and refitting both.

    Parameters
    ----------
    small, big
        Fits of nested models on the same rows, by the same criterion.
    count
        Number of simulated responses.
    seed
        Seed of the random numbers, for the same result again.
    on_progress
        Called with the number of simulations done.
    should_stop
        Polled between simulations; the test then rests on those that are done.

    Raises
    ------
    FitError
        ``bootstrap_failed`` where no simulated response could be fitted.

    References
    ----------
    Halekoh, U. & Højsgaard, S. (2014). pbkrtest. Journal of Statistical Software 59(9), section 4.
    """
    statistic = max(small.objective - big.objective, 0.0)
    differences = _simulated(small, big, count, np.random.default_rng(seed), on_progress, should_stop)
    found = np.array([d for d in differences if d is not None])
    if not len(found):
        raise FitError(
            "bootstrap_failed",
            "None of the simulated responses could be fitted, so there is no bootstrap p-value; simplify the "
            "models.",
        )
    p = (1 + int(np.sum(found >= statistic - 1e-9))) / (1 + len(found))
    return BootstrapTest(statistic, found, p, len(differences) - len(found))


def _simulated(
    small: Fit,
    big: Fit,
    count: int,
    generator: np.random.Generator,
    on_progress: Callable[[int], None] | None,
    should_stop: Callable[[], bool] | None,
) -> list[float | None]:
    """The statistic of each simulated response, None where it could not be fitted."""
    out: list[float | None] = []
    while len(out) < count and not (should_stop is not None and should_stop()):
        y = simulate(small, generator)
        try:
            out.append(max(_refitted(small, y) - _refitted(big, y), 0.0))
        except FitError:
            out.append(None)
        if on_progress is not None:
            on_progress(len(out))
    return out


def _refitted(fit: Fit, y: FloatArray) -> float:
    design: Design = replace(fit.design, y=y)
    return fit_design(design).objective
