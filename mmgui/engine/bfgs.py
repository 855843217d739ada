"""Quasi-Newton minimisation (BFGS) with a line search that uses values and slopes.

Nocedal & Wright (2006), Numerical Optimization, chapters 3 and 6; the approximate Wolfe condition near
the minimum, where differences of values drown in rounding, is Hager & Zhang (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free
from mmgui.engine.search import Search

ARMIJO, WOLFE = 1e-4, 0.9
ROUNDING = 1e-11
LONGEST = 3.0


@dataclass(eq=False, slots=True)
class Point:
    """A point of a search: coordinates, criterion, gradient."""

    x: FloatArray
    value: float
    gradient: FloatArray

    def norm(self, scale: float) -> float:
        """Largest absolute entry of the gradient of criterion / scale."""
        return float(np.abs(self.gradient).max()) / scale if self.gradient.size else 0.0


def minimise(
    search: Search, free: Free, start: Point, inverse: FloatArray, tolerance: float, iterations: int = 200
) -> Point:
    """Descend from ``start`` until the scaled gradient is below ``tolerance`` or nothing descends.

    Parameters
    ----------
    inverse
        (m, m) positive definite guess of the inverse Hessian.
    """
    point, initial, fresh = start, inverse, True
    for _ in range(iterations):
        if point.norm(search.scale) <= tolerance:
            break
        direction = -(inverse @ point.gradient)
        slope = float(direction @ point.gradient)
        length = float(np.abs(direction).max())
        if not slope < 0.0 or not np.isfinite(length):
            if fresh:
                break
            inverse, fresh = initial, True
            continue
        longest = LONGEST * max(1.0, float(np.abs(point.x).max()))
        following = line_search(search, free, point, direction * min(1.0, longest / length))
        if following is None:
            if fresh:
                break
            inverse, fresh = initial, True
            continue
        inverse = updated(inverse, following.x - point.x, following.gradient - point.gradient)
        point, fresh = following, False
    return point


def updated(inverse: FloatArray, step: FloatArray, change: FloatArray) -> FloatArray:
    """The BFGS update of the inverse Hessian, skipped where the curvature along the step is not positive."""
    curvature = float(step @ change)
    if curvature <= 1e-12 * float(np.linalg.norm(step) * np.linalg.norm(change)):
        return inverse
    hy = inverse @ change
    cross = np.outer(step, hy)
    return (
        inverse
        + np.outer(step, step) * ((1.0 + float(change @ hy) / curvature) / curvature)
        - (cross + cross.T) / curvature
    )


def line_search(search: Search, free: Free, start: Point, direction: FloatArray) -> Point | None:
    """A point along ``direction`` that meets the (approximate) Wolfe conditions; None if nothing descends."""
    slope = float(direction @ start.gradient)
    noise = ROUNDING * max(1.0, abs(start.value))
    low, low_value, low_slope, low_point = 0.0, start.value, slope, start
    high, high_value, high_slope = np.inf, np.inf, np.nan
    t = 1.0
    for _ in range(30):
        value, gradient = search(free, start.x + t * direction)
        point = Point(start.x + t * direction, value, gradient)
        here = float(direction @ gradient)
        enough = value <= start.value + ARMIJO * t * slope
        nearly = value <= start.value + noise and (2 * ARMIJO - 1.0) * slope >= here
        if np.isfinite(value) and (enough or nearly):
            if here >= WOLFE * slope:
                return point
            low, low_value, low_slope, low_point = t, value, here, point
            if high == np.inf:
                t *= 3.0
                if t > 100.0:
                    return point
                continue
        else:
            high, high_value, high_slope = t, value, here
        t = _between(low, low_value, low_slope, high, high_value, high_slope)
        if high - low < 1e-10 * max(1.0, low):
            break
    return low_point if low > 0.0 else None


def _between(a: float, fa: float, da: float, b: float, fb: float, db: float) -> float:
    """The minimum of the cubic through two values and slopes, kept inside the middle of [a, b]."""
    width = b - a
    t = a + 0.3 * width
    if np.isfinite(fb):
        d1 = da + db - 3.0 * (fa - fb) / (a - b)
        square = d1 * d1 - da * db
        if square > 0.0:
            d2 = np.sqrt(square)
            t = b - width * (db + d2 - d1) / (db - da + 2.0 * d2)
    else:
        return a + 0.1 * width
    return float(min(max(t, a + 0.05 * width), b - 0.05 * width))
