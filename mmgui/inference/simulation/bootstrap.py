"""Parametric bootstrap: the distribution of every estimate, and of a test's statistic, by simulation.

Responses are simulated from a fitted model and the models refitted to each of them. Replicate k takes
its random numbers from the k-th child of the seed, so that neither the number of processes nor the order
of work changes it.

Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, chapters 2, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.events import ShouldStop
from mmgui.engine.refit import Refit
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.intervals import Intervals
from mmgui.inference.profile.curves import Parameter
from mmgui.inference.refits.replicates import KEPT, NEW, Replicates, bare, fitted_replicates, simulate
from mmgui.inference.refits.seeds import drawn_seed
from mmgui.inference.refits.workers import OnProgress, run

FloatArray = NDArray[np.float64]

KINDS = ("percentile", "basic")
# Differences of the criterion below this are the precision of the two fits.
_PRECISION = 1e-7


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Estimates from simulated responses.

    Attributes
    ----------
    parameters
        What the columns of ``values`` are: standard deviations, correlations, σ, fixed effects.
    estimates
        (k,) from the data; NaN for a correlation with an effect that has no variance.
    values
        (N, k) from the simulated responses, likewise.
    theta, objective
        (N, m), (N,) relative covariance parameters and criterion of each refit.
    converged, singular
        (N,) of each refit.
    failed
        Simulated responses to which the model could not be fitted; they are left out of N.
    requested
        How many were asked for: more than N + ``failed`` where the work was stopped.
    seed
        Repeats the simulation.
    random_effects
        ``"new"`` where each response has new random effects, ``"kept"`` where it keeps those of the fit.
    """

    parameters: tuple[Parameter, ...]
    estimates: FloatArray
    values: FloatArray
    theta: FloatArray
    objective: FloatArray
    converged: NDArray[np.bool_]
    singular: NDArray[np.bool_]
    failed: int
    requested: int
    seed: int
    random_effects: str = NEW

    @property
    def count(self) -> int:
        """N."""
        return len(self.objective)

    @property
    def singular_share(self) -> float:
        """Share of the refits that are singular."""
        return float(np.mean(self.singular))

    @property
    def undefined(self) -> NDArray[np.intp]:
        """(k,) how many replicates of each parameter do not exist (a correlation beside an SD of 0)."""
        return np.asarray(np.isnan(self.values).sum(axis=0), dtype=np.intp)

    def of_kind(self, kind: str) -> FloatArray:
        """(N, j) columns of ``values`` of kind ``"sd"``, ``"correlation"``, ``"sigma"`` or ``"fixed"``."""
        return self.values[:, [p.kind == kind for p in self.parameters]]

    def standard_errors(self) -> FloatArray:
        """(k,) standard deviations of the replicates, those that exist."""
        return _over_existing(self.values, lambda v: float(np.std(v, ddof=1)))

    def bias(self) -> FloatArray:
        """(k,) mean of the replicates, those that exist, less the estimate."""
        return _over_existing(self.values, lambda v: float(np.mean(v))) - self.estimates

    def limits(self, level: float = 0.95, kind: str = "percentile") -> FloatArray:
        """(k, 2) bootstrap intervals, from the replicates that exist.

        Parameters
        ----------
        level
            Confidence level.
        kind
            ``"percentile"``: quantiles of the replicates; ``"basic"``: twice the estimate less them, cut
            to the parameter's range (an SD is not negative, a correlation within ±1). NaN where the
            estimate is needed and does not exist. Quantiles are those of order p(N + 1) (Davison &
            Hinkley, section 5.2.1), at the extremes where N is too small for the level.

        Raises
        ------
        FitError
            ``unknown_method`` for another kind.
        """
        if kind not in KINDS:
            raise FitError(
                "unknown_method",
                f"There is no bootstrap interval {kind!r}; choose one of {', '.join(KINDS)}.",
            )
        tail = 0.5 * (1.0 - level)
        low = _over_existing(self.values, lambda v: _quantile(v, tail))
        high = _over_existing(self.values, lambda v: _quantile(v, 1.0 - tail))
        if kind == "basic":
            low, high = 2.0 * self.estimates - high, 2.0 * self.estimates - low
            for k, parameter in enumerate(self.parameters):
                least, most = _RANGES[parameter.kind]
                low[k], high[k] = np.clip((low[k], high[k]), least, most)
        return np.column_stack([low, high])

    def intervals(self, level: float = 0.95, kind: str = "percentile") -> Intervals:
        """``limits`` in the order of the model's results."""
        limits = self.limits(level, kind)
        terms = 1 + max((p.term for p in self.parameters), default=-1)
        sds: list[list[FloatArray]] = [[] for _ in range(terms)]
        correlations: list[dict[tuple[int, int], tuple[float, float]]] = [{} for _ in range(terms)]
        fixed, sigma = [], None
        for parameter, (low, high) in zip(self.parameters, limits, strict=True):
            ends = (float(low), float(high))
            if parameter.kind == "sd":
                sds[parameter.term].append(np.array(ends))
            elif parameter.kind == "correlation":
                correlations[parameter.term][parameter.effects[0], parameter.effects[1]] = ends
            elif parameter.kind == "sigma":
                sigma = ends
            else:
                fixed.append(ends)
        return Intervals(
            f"bootstrap {kind}",
            level,
            np.array(fixed).reshape(-1, 2),
            tuple(np.array(s) for s in sds),
            tuple(correlations),
            sigma,
        )


_RANGES = {
    "sd": (0.0, np.inf),
    "sigma": (0.0, np.inf),
    "correlation": (-1.0, 1.0),
    "fixed": (-np.inf, np.inf),
}


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
    requested
        How many were asked for: more than N + ``failed`` where the work was stopped.
    seed
        Repeats the simulation.
    """

    statistic: float
    replicates: FloatArray
    p: float
    failed: int
    requested: int = 0
    seed: int = 0


def bootstrap(
    fit: Fit,
    count: int,
    seed: int | None = None,
    *,
    random_effects: str = NEW,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    workers: int | None = None,
) -> Bootstrap:
    """Simulate responses from a fitted model and refit it to each.

    Parameters
    ----------
    fit
        The fitted model.
    count
        Number of simulated responses.
    seed
        Of the random numbers, for the same result again; one is drawn where there is none.
    random_effects
        ``"new"``: a new table from the same population. ``"kept"``: the same groups measured again.
    on_progress
        Called with the simulations done and ``count``.
    should_stop
        Polled; the result then holds what is done.
    workers
        Processes; see :func:`mmgui.inference.refits.workers.run`.

    Raises
    ------
    FitError
        ``bootstrap_failed`` where no simulated response could be fitted; ``stopped`` where it was stopped
        before the first; those of :func:`mmgui.inference.refits.workers.run`.
    """
    if random_effects not in (NEW, KEPT):
        raise FitError(
            "unknown_method",
            f"Random effects are {NEW!r} or {KEPT!r} in a bootstrap, not {random_effects!r}.",
        )
    seed = drawn_seed(seed)
    job = Replicates(bare(fit), (bare(fit),), seed, random_effects)
    done = run(job, count, workers=workers, on_progress=on_progress, should_stop=should_stop)
    refits = [pair[0] for pair in fitted_replicates(done)]
    return _collected(fit, refits, len(done.results) - len(refits), count, job)


def _collected(fit: Fit, refits: list[Refit], failed: int, count: int, job: Replicates) -> Bootstrap:
    parameters = _parameters(fit)
    covariances = tuple(t.covariance for t in fit.terms)
    return Bootstrap(
        parameters,
        _values(parameters, fit.beta, fit.sigma, covariances),
        np.array([_values(parameters, r.beta, r.sigma, r.covariances) for r in refits]),
        np.array([r.theta for r in refits]),
        np.array([r.objective for r in refits]),
        np.array([r.converged for r in refits]),
        np.array([r.singular for r in refits]),
        failed,
        count,
        job.seed,
        job.random_effects,
    )


def bootstrap_test(
    small: Fit,
    big: Fit,
    count: int,
    seed: int | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    workers: int | None = None,
) -> BootstrapTest:
    """Test ``small`` against ``big`` by simulating from ``small`` and refitting both to each response.

    Parameters
    ----------
    small, big
        Fits of nested models on the same rows, by the same criterion.
    count, seed, on_progress, should_stop, workers
        As for :func:`bootstrap`.

    Raises
    ------
    FitError
        ``bootstrap_failed`` where no simulated response could be fitted; ``stopped`` where it was stopped
        before the first; those of :func:`mmgui.inference.refits.workers.run`.

    References
    ----------
    Halekoh, U. & Højsgaard, S. (2014). pbkrtest. Journal of Statistical Software 59(9), section 4.
    """
    seed = drawn_seed(seed)
    job = Replicates(bare(small), (bare(small), bare(big)), seed)
    done = run(job, count, workers=workers, on_progress=on_progress, should_stop=should_stop)
    pairs = fitted_replicates(done)
    statistic = max(small.objective - big.objective, 0.0)
    found = np.array([max(a.objective - b.objective, 0.0) for a, b in pairs])
    p = (1 + int(np.sum(found >= statistic - _PRECISION))) / (1 + len(found))
    return BootstrapTest(statistic, found, p, len(done.results) - len(pairs), count, seed)


def _parameters(fit: Fit) -> tuple[Parameter, ...]:
    """Each term's standard deviations and free correlations, column by column; σ; the fixed effects."""
    out = []
    for t, term in enumerate(fit.terms):
        free = set(term.free_pairs)
        for j, first in enumerate(term.effects):
            out.append(Parameter("sd", t, (j,), f"sd_{first}|{term.grouping}"))
            for i in range(j + 1, len(term.effects)):
                if (j, i) in free:
                    name = f"cor_{term.effects[i]}.{first}|{term.grouping}"
                    out.append(Parameter("correlation", t, (j, i), name))
    out.append(Parameter("sigma", -1, (), "sigma"))
    out += [Parameter("fixed", -1, (k,), name) for k, name in enumerate(fit.design.fixed_names)]
    return tuple(out)


def _values(
    parameters: tuple[Parameter, ...], beta: FloatArray, sigma: float, covariances: tuple[FloatArray, ...]
) -> FloatArray:
    sds = [np.sqrt(np.maximum(np.diag(c), 0.0)) for c in covariances]
    out = np.empty(len(parameters))
    for k, parameter in enumerate(parameters):
        if parameter.kind == "sd":
            out[k] = sds[parameter.term][parameter.effects[0]]
        elif parameter.kind == "correlation":
            i, j = parameter.effects
            product = float(sds[parameter.term][i] * sds[parameter.term][j])
            out[k] = covariances[parameter.term][i, j] / product if product > 0.0 else np.nan
        elif parameter.kind == "sigma":
            out[k] = sigma
        else:
            out[k] = beta[parameter.effects[0]]
    return out


def _over_existing(values: FloatArray, statistic: Callable[[FloatArray], float]) -> FloatArray:
    """A statistic of each column's numbers; NaN where there are fewer than two."""
    out = np.full(values.shape[1], np.nan)
    for k in range(values.shape[1]):
        existing = values[~np.isnan(values[:, k]), k]
        if len(existing) > 1:
            out[k] = statistic(existing)
    return out


def _quantile(values: FloatArray, p: float) -> float:
    """The order statistic of rank p(N + 1), between two by interpolation."""
    return float(np.quantile(values, p, method="weibull"))


__all__ = ["KEPT", "NEW", "Bootstrap", "BootstrapTest", "bootstrap", "bootstrap_test", "simulate"]
