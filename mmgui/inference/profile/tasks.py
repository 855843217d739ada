"""What has to be minimised at every point of a profile: the deviance with one parameter held."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.patterns import Pattern
from mmgui.engine.result import Fit
from mmgui.engine.triangular import lower_factor
from mmgui.inference.likelihood.constrained import (
    Held,
    HeldCorrelation,
    HeldFixed,
    HeldNothing,
    HeldSd,
    HeldSigma,
    HeldTheta,
    effects_first,
    minimise,
)
from mmgui.inference.likelihood.deviance import Deviance
from mmgui.inference.likelihood.smooth_theta import SmoothTheta
from mmgui.inference.profile.parameters import Parameter

FloatArray = NDArray[np.float64]

_NO_VARIANCE = 1e-5


@dataclass(frozen=True, eq=False)
class Optimum:
    """The maximum-likelihood fit that profiles start from."""

    design: Design
    smooth: SmoothTheta
    theta: FloatArray
    sigma: float
    beta: FloatArray
    se: FloatArray
    objective: float

    @staticmethod
    def of(fit: Fit) -> Optimum:
        """The fit, or the one by maximum likelihood of a fit by REML."""
        design = replace(fit.design, spec=replace(fit.design.spec, reml=False))
        deviance, smooth = Deviance(design), SmoothTheta.of(design)
        theta = fit.theta
        if fit.reml:
            held = HeldNothing(deviance, smooth, smooth.x(theta))
            theta = smooth.theta(minimise(held, 0.0, held.starts(held.start))[1])
        point = deviance.at(theta)
        se = np.sqrt(point.variance * np.diag(point.inverse))
        sigma = float(np.sqrt(point.variance))
        return Optimum(design, smooth, theta, sigma, point.beta, se, point.objective)


@dataclass(frozen=True, eq=False)
class Task:
    """A parameter to profile: what is minimised, its estimate, a first step, the range it may take.

    ``in_front`` are the term and the effects that stand first in their block in the held design.
    """

    held: Held
    estimate: float
    step: float
    bounds: tuple[float, float]
    in_front: tuple[int, tuple[int, ...]] | None = None


def task_of(optimum: Optimum, parameter: Parameter) -> Task | None:
    """How to profile a parameter; None for a correlation that is undefined at the optimum."""
    o = optimum
    x = o.smooth.x(o.theta)
    if parameter.kind == "sigma":
        step = o.sigma / np.sqrt(2.0 * o.design.nobs)
        return Task(HeldSigma(Deviance(o.design), o.smooth, x), o.sigma, step, (0.0, np.inf))
    if parameter.kind == "fixed":
        k = parameter.effects[0]
        return Task(HeldFixed(o.design, k, o.smooth, x), o.beta[k], o.se[k], (-np.inf, np.inf))
    pattern = o.design.random[parameter.term].pattern
    if pattern is not None:
        return _of_pattern(o, parameter, pattern)
    design, start = effects_first(o.design, parameter.term, parameter.effects)
    smooth, theta = SmoothTheta.of(design), _reordered(o, parameter, start)
    in_front = (parameter.term, parameter.effects)
    if parameter.kind == "sd":
        return replace(_of_sd(o, design, smooth, theta, start), in_front=in_front)
    task = _of_correlation(design, smooth, theta, parameter, start)
    return None if task is None else replace(task, in_front=in_front)


def _of_sd(o: Optimum, design: Design, smooth: SmoothTheta, theta: FloatArray, position: int) -> Task:
    estimate = abs(theta[position]) * o.sigma
    free = np.append(np.delete(smooth.x(theta), position), np.log(o.sigma))
    step = 0.3 * max(estimate, 0.3 * o.sigma * smooth.units[position])
    return Task(HeldSd(Deviance(design), smooth, free, position), estimate, step, (0.0, np.inf))


def _of_correlation(
    design: Design, smooth: SmoothTheta, theta: FloatArray, parameter: Parameter, start: int
) -> Task | None:
    size = len(next(b for b in design.random[parameter.term].blocks if parameter.effects[0] in b))
    below, beside = start + 1, start + size
    length = float(np.hypot(theta[below], theta[beside]))
    unit = smooth.units
    if length < _NO_VARIANCE * unit[beside] or abs(theta[start]) < _NO_VARIANCE * unit[start]:
        return None
    free = smooth.x(theta)
    free[beside] = length / unit[beside]
    held = HeldCorrelation(Deviance(design), smooth, np.delete(free, below), start, beside)
    return Task(held, float(np.clip(theta[below] / length, -1.0, 1.0)), 0.2, (-1.0, 1.0))


def _of_pattern(o: Optimum, parameter: Parameter, pattern: Pattern) -> Task | None:
    own = o.design.theta_slice(parameter.term)
    if parameter.kind == "sd":
        position = own.start + (0 if pattern.homogeneous else parameter.effects[0])
        return _of_sd(o, o.design, o.smooth, o.theta, position)
    position = own.stop - 1
    sds = o.theta[own][:-1] / o.smooth.units[own][:-1]
    if np.count_nonzero(sds > _NO_VARIANCE) < min(len(sds), 2):
        return None
    free = np.delete(o.smooth.x(o.theta), position)
    held = HeldTheta(Deviance(o.design), o.smooth, free, position)
    return Task(held, float(o.theta[position]), 0.2, pattern.limits)


def _reordered(optimum: Optimum, parameter: Parameter, start: int) -> FloatArray:
    """θ after the parameter's effects have been moved to the front of their block."""
    random = optimum.design.random[parameter.term]
    block = next(b for b in random.blocks if parameter.effects[0] in b)
    s = len(block)
    rows, columns = np.array([i for j in range(s) for i in range(j, s)]), np.repeat(range(s), range(s, 0, -1))
    own = slice(start, start + len(rows))
    factor = np.zeros((s, s))
    factor[rows, columns] = optimum.theta[own]
    order = [block.index(e) for e in (*parameter.effects, *(e for e in block if e not in parameter.effects))]
    theta = optimum.theta.copy()
    theta[own] = lower_factor(factor[order])[rows, columns]
    return theta
