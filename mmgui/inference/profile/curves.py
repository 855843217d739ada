"""Profile-likelihood intervals for standard deviations, correlations, σ and fixed effects.

ζ(ψ) = sign(ψ - ψ̂) √(deviance with ψ held - smallest deviance) is close to standard normal where ψ is the
truth, however skew the estimate's distribution; the 95 % interval is where |ζ| ≤ 1.96.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.likelihood.constrained import Held, HeldPoint, minimise
from mmgui.inference.normal import normal_quantile
from mmgui.inference.profile.parameters import Parameter, parameters_of
from mmgui.inference.profile.tasks import Optimum, Task, task_of
from mmgui.inference.profile.traces import traced
from mmgui.inference.variance.singularity import is_perfect

__all__ = ["Parameter", "ProfileCurve", "parameters_of", "profile"]

FloatArray = NDArray[np.float64]

_STEP = 0.6
_TARGET = 1e-4
_BETTER = 1e-4
# Points on one side; how often the outermost is looked for in other valleys.
_MOST, _VALLEYS = 100, 3
# On the last step to the end of a range, where it is longer than this in ζ, points are put at these parts.
_SHORT, _PARTS = 0.2, (1.0 / 3.0, 2.0 / 3.0)


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
    traces
        (k, P) at each point the values of all P parameters of the model, in the order of
        ``parameters_of``; NaN for a correlation with an effect that has no variance there.
    """

    parameter: Parameter
    estimate: float
    values: FloatArray
    zeta: FloatArray
    bounds: tuple[float, float]
    traces: FloatArray = field(default_factory=lambda: np.empty((0, 0)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Profile interval; a limit that the curve does not reach is the end of the parameter's range."""
        cut = normal_quantile(level)
        return self._limit(-cut, self.bounds[0]), self._limit(cut, self.bounds[1])

    def _limit(self, cut: float, bound: float) -> float:
        from scipy.interpolate import PchipInterpolator

        if len(self.values) < 2:
            return bound
        if cut < self.zeta[0] or cut > self.zeta[-1]:
            return bound
        return float(PchipInterpolator(self.zeta, self.values)(cut))


def profile(
    fit: Fit,
    parameters: tuple[Parameter, ...] | None = None,
    *,
    level: float = 0.95,
    reach: float = 0.0,
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
    reach
        |ζ| up to which curves reach where that is further; joint regions of two parameters need more.
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
        optimum = Optimum.of(fit)
        for parameter in parameters_of(fit.design) if parameters is None else parameters:
            try:
                curves.append(_curve(optimum, parameter, _Reach(normal_quantile(level), reach), should_stop))
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

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        return self.held.starts(near, wide=wide)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        return self.held.point(value, free)


@dataclass(frozen=True, slots=True)
class _Reach:
    """|ζ| at which a curve is exact, and up to which it goes at least."""

    cut: float
    least: float

    @property
    def far(self) -> float:
        return max(self.cut, self.least)


class _Point(NamedTuple):
    value: float
    zeta: float
    free: FloatArray


_Evaluate = Callable[[float, FloatArray], _Point]
_Lowest = Callable[[float, list[FloatArray]], _Point]


def _curve(
    optimum: Optimum, parameter: Parameter, reach: _Reach, should_stop: Callable[[], bool] | None
) -> ProfileCurve:
    task = task_of(optimum, parameter)
    if task is not None and should_stop is not None:
        task = replace(task, held=_Polled(task.held, should_stop))
    if task is None:
        return ProfileCurve(parameter, np.nan, np.empty(0), np.empty(0), (-1.0, 1.0))
    down = _trace(optimum, parameter, task, -1.0, reach)
    up = _trace(optimum, parameter, task, 1.0, reach)
    points = sorted([*down, _Point(task.estimate, 0.0, task.held.start), *up], key=lambda p: p.value)
    zeta = np.array([p.zeta for p in points])
    keep = np.concatenate([[True], np.diff(np.maximum.accumulate(zeta)) > 0.0])
    kept = [p for p, wanted in zip(points, keep, strict=True) if wanted]
    everything = parameters_of(optimum.design)
    traces = np.array([traced(optimum.design, everything, task, p.value, p.free) for p in kept])
    values = np.array([p.value for p in kept])
    return ProfileCurve(parameter, task.estimate, values, zeta[keep], task.bounds, traces)


def _trace(optimum: Optimum, parameter: Parameter, task: Task, sign: float, reach: _Reach) -> list[_Point]:
    """Points of the curve from the estimate to one side, up to ``reach`` or the end of the range."""
    bound = task.bounds[1] if sign > 0 else task.bounds[0]

    def lowest(at: float, starts: list[FloatArray]) -> _Point:
        deviance, found = minimise(task.held, at, starts)
        gain = deviance - optimum.objective
        if gain < -_BETTER:
            raise _better(parameter, -gain)
        return _Point(at, sign * float(np.sqrt(max(gain, 0.0))), found)

    def evaluate(at: float, near: FloatArray) -> _Point:
        return lowest(at, task.held.starts(near))

    points: list[_Point] = []
    for _ in range(_VALLEYS):
        points = _outwards(points, task, sign, bound, reach, evaluate)
        if not points or not optimum.smooth.rows:
            break
        # The deviance may have several valleys: the lowest of the outermost point is followed inwards.
        last = points[-1]
        points[-1] = min(last, lowest(last.value, task.held.starts(last.free, wide=True)), key=_height)
        points = _inwards(points, task, lowest)
        if _height(points[-1]) > _height(last) - _TARGET:
            break
    if points and points[-1].value == bound:
        points += _beside_the_end(points, task, evaluate)
    return _polish(points, task, sign * reach.cut, evaluate)


def _outwards(
    points: list[_Point], task: Task, sign: float, bound: float, reach: _Reach, evaluate: _Evaluate
) -> list[_Point]:
    """More points outwards, in steps of about ``_STEP`` in ζ."""
    start = _Point(task.estimate, 0.0, task.held.start)
    value, zeta, free = points[-1] if points else start
    step = task.step if not points else abs(value - (points[-2] if len(points) > 1 else start).value)
    out = list(points)
    while value != bound and abs(zeta) < reach.far and len(out) <= _MOST:
        target = value + sign * step
        target = max(bound, target) if sign < 0 else min(bound, target)
        reached = evaluate(target, free)
        change = abs(reached.zeta - zeta)
        if change > 1.5 * _STEP and step > 1e-6 * max(abs(value), task.step):
            step *= max(0.1, _STEP / change)
            continue
        out.append(reached)
        step = abs(target - value) * min(2.5, _STEP / max(change, 1e-3))
        value, zeta, free = reached
    return out


def _inwards(points: list[_Point], task: Task, lowest: _Lowest) -> list[_Point]:
    """The points, each searched for from the next one outwards as well, or from between its neighbours."""
    out = [_Point(task.estimate, 0.0, task.held.start), *points]
    for k in reversed(range(1, len(out) - 1)):
        inner, here, outer = out[k - 1 : k + 2]
        share = (here.value - inner.value) / (outer.value - inner.value)
        starts = [outer.free, inner.free + share * (outer.free - inner.free)]
        other = lowest(here.value, starts)
        if _height(other) < _height(here) - _TARGET:
            out[k] = other
    return out[1:]


def _beside_the_end(points: list[_Point], task: Task, evaluate: _Evaluate) -> list[_Point]:
    """Points on the last step to the end of the range, where a curve may bend sharply."""
    last = points[-1]
    before = points[-2] if len(points) > 1 else _Point(task.estimate, 0.0, task.held.start)
    if abs(last.zeta - before.zeta) < _SHORT:
        return []
    return [evaluate(before.value + part * (last.value - before.value), last.free) for part in _PARTS]


def _height(point: _Point) -> float:
    return abs(point.zeta)


def _better(parameter: Parameter, gain: float) -> FitError:
    return FitError(
        "profile_found_better",
        f"While profiling {parameter.name}, a better fit than this one turned up (by {gain:.3g} in "
        "deviance): the fit had not reached its optimum, so there are no profile intervals. Rescale "
        "extreme predictors or simplify the random effects.",
    )


def _polish(points: list[_Point], task: Task, cut: float, evaluate: _Evaluate) -> list[_Point]:
    """Add points until the curve is exact where it crosses ``cut``."""
    from scipy.interpolate import PchipInterpolator

    for _ in range(6):
        line = sorted([(0.0, task.estimate), *((p.zeta, p.value) for p in points)])
        zeta, values = (np.array(c) for c in zip(*line, strict=True))
        rising = np.concatenate([[True], np.diff(zeta) > 0.0])
        zeta, values = zeta[rising], values[rising]
        if len(zeta) < 2 or not zeta[0] <= cut <= zeta[-1] or np.min(np.abs(zeta - cut)) < _TARGET:
            break
        at = float(PchipInterpolator(zeta, values)(cut))
        near = min(points, key=lambda p: abs(p.zeta - cut))
        points = [*points, evaluate(at, near.free)]
    return points
