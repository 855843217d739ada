"""How far an axis of a landscape reaches."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mmgui.errors import FitError
from mmgui.inference.covariance_point import Coordinate, CovariancePoint

if TYPE_CHECKING:
    from mmgui.inference.landscape import Surface

RISE = 8.0
"""How far the criterion rises, along each axis, from the fit to the edge of the landscape."""
EDGE = 0.4
"""A boundary nearer than this part of the axis is shown."""


def range_of(surface: Surface, c: Coordinate) -> tuple[float, float]:
    """Of a standard deviation: up to ``RISE`` above the base, and the optimiser's way as far as it is near.

    Errors as ``Surface.at``.
    """
    space, start = surface.space, surface.space.value(surface.base, c)
    position = surface.chosen.index(c)
    middle = [space.value(surface.base, o) for o in surface.chosen]
    base, near = surface.at(tuple(middle))

    def excess(value: float) -> float:
        try:
            there = surface.at(tuple(value if k == position else v for k, v in enumerate(middle)), near)[0]
        except (FitError, np.linalg.LinAlgError):
            return math.inf
        return there - base - RISE

    least = 0.1 * space.fit.sigma * _unit(surface, c)
    high = _crossing(excess, start, max(0.5 * start, least))
    lowest = 0.02 * start if c.residual else 0.0
    low = _bisect(excess, lowest, start) if start > 0.0 and excess(lowest) > 0.0 else lowest
    log = space.fit.log
    if len(log.sigma) == len(log.objective) and len(log.objective):
        way = [_value(space.point(t, float(s)), c) for t, s in zip(log.theta, log.sigma, strict=True)]
        high = max(high, min(1.06 * max(way), start + 2.0 * (high - start)))
        low = min(low, max(0.94 * min(way), start - 2.0 * (start - low)))
    estimate = surface.estimate(c)
    low, high = min(low, 0.9 * estimate), max(high, 1.1 * estimate)
    near_zero = low < EDGE * high and not c.residual
    return (0.0 if near_zero else low, high)


def _value(point: CovariancePoint, c: Coordinate) -> float:
    return point.sigma if c.residual else float(point.sds[c.term][c.effects[0]])


def _unit(surface: Surface, c: Coordinate) -> float:
    if c.residual:
        return 1.0
    size = math.sqrt(float(np.mean(surface.space.design.random[c.term].columns[:, c.effects[0]] ** 2)))
    return 1.0 / size if size > 0.0 else 1.0


def _crossing(excess: Callable[[float], float], start: float, step: float) -> float:
    """Beyond ``start`` where the excess becomes positive; at most a thousand steps away."""
    inside = start
    for _ in range(10):
        outside = inside + step
        if excess(outside) > 0.0:
            return _bisect(excess, outside, inside)
        inside, step = outside, 2.0 * step
    return inside


def _bisect(excess: Callable[[float], float], outside: float, inside: float) -> float:
    """Near where the excess changes its sign, on the outer side; good enough for the edge of a picture."""
    for _ in range(6):
        middle = 0.5 * (outside + inside)
        if excess(middle) > 0.0:
            outside = middle
        else:
            inside = middle
    return outside
