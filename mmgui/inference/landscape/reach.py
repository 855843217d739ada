"""How far an axis of a landscape reaches."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mmgui.engine.singularity import root_mean_squares
from mmgui.errors import FitError
from mmgui.inference.likelihood.covariance_point import Coordinate

if TYPE_CHECKING:
    from mmgui.inference.landscape.surface import Surface

RISE = 8.0
"""How far the criterion rises, along each axis, from the fit to the edge of the landscape."""
EDGE = 0.4
"""A boundary nearer than this part of the axis is shown."""


def range_of(surface: Surface, c: Coordinate) -> tuple[float, float]:
    """Of a standard deviation: up to ``RISE`` above the base, and the optimiser's way as far as it is near.

    Errors as ``Surface.at``.
    """
    space, start = surface.space, surface.base.value(c)
    position = surface.chosen.index(c)
    middle = [surface.base.value(o) for o in surface.chosen]
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
    if len(log.objective):
        way = [space.evaluation(log, k).value(c) for k in range(len(log.objective))]
        high = max(high, min(1.06 * max(way), start + 2.0 * (high - start)))
        low = min(low, max(0.94 * min(way), start - 2.0 * (start - low)))
    estimate = surface.estimate(c)
    low, high = min(low, 0.9 * estimate), max(high, 1.1 * estimate)
    near_zero = low < EDGE * high and not c.residual
    return (0.0 if near_zero else low, high)


def _unit(surface: Surface, c: Coordinate) -> float:
    """The relative standard deviation at which an effect does as much to the response as the residual."""
    if c.residual:
        return 1.0
    columns = surface.space.design.random[c.term].columns[:, list(c.effects)]
    return 1.0 / float(root_mean_squares(columns)[0, 0])


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
