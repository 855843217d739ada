"""Profile-likelihood intervals for standard deviations, correlations, σ and fixed effects.

ζ(ψ) = sign(ψ - ψ̂) √(deviance with ψ held - smallest deviance) is close to standard normal where ψ is the
truth, however skew the estimate's distribution; the 95 % interval is where |ζ| ≤ 1.96.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.engine.triangular import lower_factor
from mmgui.errors import FitError
from mmgui.inference.constrained import (
    Held,
    HeldCorrelation,
    HeldFixed,
    HeldSd,
    HeldSigma,
    effects_first,
    minimise,
)
from mmgui.inference.deviance import Deviance
from mmgui.inference.satterthwaite import theta_units
from mmgui.inference.singularity import is_perfect

FloatArray = NDArray[np.float64]

_STEP = 0.6
_TARGET = 1e-4
_BETTER = 1e-4
_NO_VARIANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Parameter:
    """What is profiled.

    Attributes
    ----------
    kind
        ``"sd"``, ``"correlation"``, ``"sigma"`` or ``"fixed"``.
    term
        Position of the random-effects term, -1 where there is none.
    effects
        The effect, or the two effects of a correlation; for a fixed effect its position among the β.
    name
        As lme4 names it: ``sd_Days|Subject``, ``cor_Days.(Intercept)|Subject``, ``sigma``, ``Days``.
    """

    kind: str
    term: int
    effects: tuple[int, ...]
    name: str


@dataclass(frozen=True, eq=False)
class ProfileCurve:
    """ζ of one parameter.

    Attributes
    ----------
    parameter
        What is profiled.
    estimate
        Its maximum-likelihood estimate; NaN for a correlation with an effect that has no variance.
    values, zeta
        (k,) points of the curve in ascending order of both.
    bounds
        The smallest and largest value that the parameter can take.
    """

    parameter: Parameter
    estimate: float
    values: FloatArray
    zeta: FloatArray
    bounds: tuple[float, float]

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Profile interval; a limit that the curve does not reach is the end of the parameter's range."""
        cut = _normal_quantile(level)
        return self._limit(-cut, self.bounds[0]), self._limit(cut, self.bounds[1])

    def _limit(self, cut: float, bound: float) -> float:
        from scipy.interpolate import PchipInterpolator

        if len(self.values) < 2:
            return bound
        if cut < self.zeta[0] or cut > self.zeta[-1]:
            return bound
        return float(PchipInterpolator(self.zeta, self.values)(cut))


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def parameters_of(design: Design) -> tuple[Parameter, ...]:
    """Everything that can be profiled, in lme4's order: each term, then σ, then the fixed effects."""
    return tuple(_parameters(design))


def _parameters(design: Design) -> Iterator[Parameter]:
    for t, term in enumerate(design.random):
        for i, j in term.parameter_positions:
            first, second = term.effects[j], term.effects[i]
            if i == j:
                yield Parameter("sd", t, (i,), f"sd_{first}|{term.grouping}")
            else:
                yield Parameter("correlation", t, (j, i), f"cor_{second}.{first}|{term.grouping}")
    yield Parameter("sigma", -1, (), "sigma")
    for k, name in enumerate(design.fixed_names):
        yield Parameter("fixed", -1, (k,), name)


def profile(
    fit: Fit,
    parameters: tuple[Parameter, ...] | None = None,
    *,
    level: float = 0.95,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[ProfileCurve, ...]:
    """Profile the likelihood of a fitted model.

    Parameters
    ----------
    fit
        The fitted model. A REML fit is profiled by maximum likelihood, as in lme4, because only then
        do standard deviations and fixed effects have a common likelihood.
    parameters
        What to profile, by default everything.
    level
        The level up to which curves reach at least, and at whose limits they are exact.
    should_stop
        Polled at every evaluation; profiling ends with the curves that are complete.

    Raises
    ------
    FitError
        ``perfect_fit`` where no residual variance is left; ``profile_found_better`` where a better fit than
        the given one turned up on the way.

    References
    ----------
    Bates, D. et al. (2015). Fitting linear mixed-effects models using lme4. Journal of Statistical
    Software 67(1), section 5.1.
    """
    if is_perfect(fit):
        raise FitError(
            "perfect_fit",
            "The model reproduces the response exactly, so its likelihood has no peak to profile; check "
            "whether the response follows from the other columns.",
        )
    curves = []
    with one_blas_thread():
        optimum = _Optimum.of(fit)
        for parameter in parameters_of(fit.design) if parameters is None else parameters:
            try:
                curves.append(_curve(optimum, parameter, _normal_quantile(level), should_stop))
            except _Stopped:
                break
    return tuple(curves)


class _Stopped(Exception):  # noqa: N818 - no error: the person asked for it
    """Leaves a curve that is not complete."""


@dataclass(frozen=True, eq=False)
class _Polled:
    """A held deviance that asks before each evaluation whether to go on."""

    held: Held
    should_stop: Callable[[], bool]

    @property
    def start(self) -> FloatArray:
        return self.held.start

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        if self.should_stop():
            raise _Stopped
        return self.held.at(value, free)


@dataclass(frozen=True, eq=False)
class _Optimum:
    """The maximum-likelihood fit that profiles start from."""

    design: Design
    theta: FloatArray
    unit: FloatArray
    sigma: float
    beta: FloatArray
    se: FloatArray
    objective: float

    @staticmethod
    def of(fit: Fit) -> _Optimum:
        design = replace(fit.design, spec=replace(fit.design.spec, reml=False))
        deviance, unit = Deviance(design), theta_units(fit)
        theta = fit.theta
        if fit.reml:
            held = _Free(deviance, unit, fit.theta / unit)
            theta = minimise(held, 0.0, _starts(held.start, held.start))[1] * unit
        point = deviance.at(theta)
        se = np.sqrt(point.variance * np.diag(point.inverse))
        sigma = float(np.sqrt(point.variance))
        return _Optimum(design, theta, unit, sigma, point.beta, se, point.objective)


@dataclass
class _Free:
    """Nothing held: the criterion itself."""

    deviance: Deviance
    unit: FloatArray
    start: FloatArray

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        del value
        point = self.deviance.at(free * self.unit)
        return point.objective, point.gradient * self.unit


@dataclass(frozen=True, eq=False)
class _Task:
    held: Held
    estimate: float
    step: float
    bounds: tuple[float, float]


def _task(optimum: _Optimum, parameter: Parameter) -> _Task | None:
    o = optimum
    scaled = o.theta / o.unit
    if parameter.kind == "sigma":
        step = o.sigma / np.sqrt(2.0 * o.design.nobs)
        return _Task(HeldSigma(Deviance(o.design), o.unit, scaled), o.sigma, step, (0.0, np.inf))
    if parameter.kind == "fixed":
        k = parameter.effects[0]
        return _Task(HeldFixed(o.design, k, o.unit, scaled), o.beta[k], o.se[k], (-np.inf, np.inf))
    design, start = effects_first(o.design, parameter.term, parameter.effects)
    theta, unit = _reordered(optimum, parameter, start)
    deviance = Deviance(design)
    if parameter.kind == "sd":
        estimate = abs(theta[start]) * o.sigma
        free = np.append(np.delete(theta / unit, start), np.log(o.sigma))
        step = 0.3 * max(estimate, 0.3 * o.sigma * unit[start])
        return _Task(HeldSd(deviance, unit, free, start), estimate, step, (0.0, np.inf))
    size = len(next(b for b in design.random[parameter.term].blocks if parameter.effects[0] in b))
    below, beside = start + 1, start + size
    length = float(np.hypot(theta[below], theta[beside]))
    if length < _NO_VARIANCE * unit[beside] or abs(theta[start]) < _NO_VARIANCE * unit[start]:
        return None
    free = theta / unit
    free[beside] = length / unit[beside]
    held = HeldCorrelation(deviance, unit, np.delete(free, below), start, beside)
    return _Task(held, float(np.clip(theta[below] / length, -1.0, 1.0)), 0.2, (-1.0, 1.0))


def _reordered(optimum: _Optimum, parameter: Parameter, start: int) -> tuple[FloatArray, FloatArray]:
    """θ and its units after the parameter's effects have been moved to the front of their block."""
    random = optimum.design.random[parameter.term]
    block = next(b for b in random.blocks if parameter.effects[0] in b)
    s = len(block)
    rows, columns = np.array([i for j in range(s) for i in range(j, s)]), np.repeat(range(s), range(s, 0, -1))
    own = slice(start, start + len(rows))
    factor = np.zeros((s, s))
    factor[rows, columns] = optimum.theta[own]
    order = [block.index(e) for e in (*parameter.effects, *(e for e in block if e not in parameter.effects))]
    turned = lower_factor(factor[order])
    theta, unit = optimum.theta.copy(), optimum.unit.copy()
    theta[own] = turned[rows, columns]
    by_effect = np.array([optimum.unit[own][list(columns).index(0) + k] for k in range(s)])
    unit[own] = by_effect[order][rows]
    return theta, unit


def _curve(
    optimum: _Optimum, parameter: Parameter, cut: float, should_stop: Callable[[], bool] | None
) -> ProfileCurve:
    task = _task(optimum, parameter)
    if task is not None and should_stop is not None:
        task = replace(task, held=_Polled(task.held, should_stop))
    if task is None:
        return ProfileCurve(parameter, np.nan, np.empty(0), np.empty(0), (-1.0, 1.0))
    down = _trace(optimum, parameter, task, -1.0, cut)
    up = _trace(optimum, parameter, task, 1.0, cut)
    points = sorted([*down, (task.estimate, 0.0), *up])
    values, zeta = (np.array(c) for c in zip(*points, strict=True))
    keep = np.concatenate([[True], np.diff(np.maximum.accumulate(zeta)) > 0.0])
    return ProfileCurve(parameter, task.estimate, values[keep], zeta[keep], task.bounds)


def _trace(
    optimum: _Optimum, parameter: Parameter, task: _Task, sign: float, cut: float
) -> list[tuple[float, float]]:
    """Points of the curve from the estimate to one side, as far as ``cut`` or the end of the range."""
    bound = task.bounds[1] if sign > 0 else task.bounds[0]
    points: list[tuple[float, float]] = []
    value, zeta, step, free = task.estimate, 0.0, task.step, task.held.start

    def evaluate(at: float, near: FloatArray) -> tuple[float, FloatArray]:
        deviance, found = minimise(task.held, at, _starts(near, task.held.start))
        gain = deviance - optimum.objective
        if gain < -_BETTER:
            raise FitError(
                "profile_found_better",
                f"While profiling {parameter.name}, a better fit than this one turned up (by {-gain:.3g} in "
                "deviance): the fit had not reached its optimum, so there are no profile intervals. Rescale "
                "extreme predictors or simplify the random effects.",
            )
        return sign * float(np.sqrt(max(gain, 0.0))), found

    while value != bound and abs(zeta) < cut:
        target = value + sign * step
        target = max(bound, target) if sign < 0 else min(bound, target)
        reached, found = evaluate(target, free)
        change = abs(reached - zeta)
        if change > 1.5 * _STEP and step > 1e-6 * max(abs(value), task.step) and value != bound:
            step *= max(0.1, _STEP / change)
            continue
        points.append((target, reached))
        width = abs(target - value)
        step = width * min(2.5, _STEP / max(change, 1e-3))
        value, zeta, free = target, reached, found
        if len(points) > 100:
            break
    return _polish(points, task, sign * cut, lambda at: evaluate(at, free)[0])


def _polish(
    points: list[tuple[float, float]], task: _Task, cut: float, evaluate: Callable[[float], float]
) -> list[tuple[float, float]]:
    """Add points until the curve is exact where it crosses ``cut``."""
    from scipy.interpolate import PchipInterpolator

    for _ in range(6):
        line = sorted([(0.0, task.estimate), *((z, v) for v, z in points)])
        zeta, values = (np.array(c) for c in zip(*line, strict=True))
        rising = np.concatenate([[True], np.diff(zeta) > 0.0])
        zeta, values = zeta[rising], values[rising]
        if len(zeta) < 2 or not zeta[0] <= cut <= zeta[-1] or np.min(np.abs(zeta - cut)) < _TARGET:
            break
        at = float(PchipInterpolator(zeta, values)(cut))
        points = [*points, (at, evaluate(at))]
    return points


def _starts(near: FloatArray, optimum: FloatArray) -> list[FloatArray]:
    """Where to minimise from: the last point, and the same off the saddles at zero variances."""
    nudged = np.where(np.abs(near) < 1e-3, 0.1, near)
    if np.array_equal(nudged, near):
        return [near]
    return [near, nudged, np.where(np.abs(optimum) < 1e-3, 0.1, optimum)]
