"""Every parameter of a model along the profile of one of them: what pairs of profiles are drawn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.inference.likelihood.constrained import HeldPoint, front_order
from mmgui.inference.profile.parameters import Parameter
from mmgui.inference.profile.tasks import Task

FloatArray = NDArray[np.float64]


def traced(
    design: Design, parameters: tuple[Parameter, ...], task: Task, value: float, free: FloatArray
) -> FloatArray:
    """Every parameter where one is held and the others are the best ones.

    Parameters
    ----------
    design
        The design, its effects in their own order.
    parameters
        Which parameters; ``parameters_of(design)``.
    task
        What is held.
    value, free
        Its value, and the other parameters in the task's coordinates.

    Returns
    -------
    FloatArray
        (len(parameters),) values; NaN for a correlation with an effect that has no variance.
    """
    point = task.held.point(value, free)
    covariances = [_covariance(design, task, k, point) for k in range(len(design.random))]
    return np.array([_value(p, covariances, point) for p in parameters])


def _covariance(design: Design, task: Task, k: int, point: HeldPoint) -> FloatArray:
    """(s, s) Σ of a term, its effects in their own order."""
    random = design.random[k]
    factor = random.relative_factor(point.theta[design.theta_slice(k)])
    found: FloatArray = point.sigma**2 * factor @ factor.T
    if task.in_front is None or task.in_front[0] != k:
        return found
    effects = task.in_front[1]
    block = next(b for b in random.blocks if effects[0] in b)
    order = front_order(random, effects)
    out = found.copy()
    out[np.ix_(order, order)] = found[np.ix_(block, block)]
    return out


def _value(parameter: Parameter, covariances: list[FloatArray], point: HeldPoint) -> float:
    if parameter.kind == "sigma":
        return point.sigma
    if parameter.kind == "fixed":
        return float(point.beta[parameter.effects[0]])
    covariance = covariances[parameter.term]
    if parameter.kind == "sd":
        return float(np.sqrt(covariance[parameter.effects[0], parameter.effects[0]]))
    i, j = parameter.effects
    size = float(np.sqrt(covariance[i, i] * covariance[j, j]))
    return float(np.clip(covariance[i, j] / size, -1.0, 1.0)) if size > 0.0 else float("nan")
