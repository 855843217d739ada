"""Quasi-Newton minimisation (BFGS) with a line search that uses values and slopes.

Nocedal & Wright (2006), Numerical Optimization, chapters 3 and 6; the approximate Wolfe condition near
the minimum, where differences of values drown in rounding, is Hager & Zhang (2005).
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free
from mmgui.engine.search import Point, Search
from mmgui.engine.start import expected_curvature, expected_inverse

ARMIJO, WOLFE = 1e-4, 0.9
LONGEST = 3.0
# Steps remembered (more where there are more parameters).
MEMORY = 4


Pairs = list[tuple[FloatArray, FloatArray]]


def minimise(
    search: Search,
    free: Free,
    point: Point,
    tolerance: float,
    pairs: Pairs | None = None,
    iterations: int = 100,
) -> Point:
    """Descend from ``point`` until the scaled gradient is below ``tolerance`` or nothing descends.

    The inverse Hessian starts, at every step anew, from the expected curvature at the current point, and
    is then corrected by the last steps.

    Parameters
    ----------
    pairs
        Receives the steps remembered and the changes of the gradient along them.
    """
    pairs = [] if pairs is None else pairs
    for _ in range(iterations):
        if point.norm(search.scale) <= tolerance:
            break
        inverse = _inverse(search, free, point, pairs)
        direction = -(inverse @ point.gradient)
        slope = float(direction @ point.gradient)
        length = float(np.abs(direction).max())
        following = None
        if slope < 0.0 and np.isfinite(length):
            longest = LONGEST * max(1.0, float(np.abs(point.x).max()))
            following = line_search(search, free, point, direction * min(1.0, longest / length))
        if following is None:
            if not pairs:
                break
            pairs.clear()
            continue
        pairs.append((following.x - point.x, following.gradient - point.gradient))
        del pairs[: -max(MEMORY, point.x.size)]
        point = following
    return point


def expected_decrease(search: Search, free: Free, point: Point, pairs: Pairs) -> float:
    """How far the criterion would fall were it the quadratic that the steps taken suggest."""
    return 0.5 * float(point.gradient @ _inverse(search, free, point, pairs) @ point.gradient)


def _inverse(search: Search, free: Free, point: Point, pairs: Pairs) -> FloatArray:
    inverse = expected_inverse(search.criterion.blocks, free, point)
    for step, change in pairs:
        inverse = updated(inverse, step, change)
    return inverse


def secant_hessian(search: Search, free: Free, point: Point, pairs: Pairs) -> FloatArray:
    """(m, m) Hessian as the steps taken show it: symmetric rank-one updates of the expected one.

    Unlike BFGS's, these updates show negative curvature where there is some.
    """
    hessian = expected_curvature(search.criterion.blocks, free, point)
    for step, change in pairs:
        rest = change - hessian @ step
        along = float(rest @ step)
        if abs(along) > 1e-8 * float(np.linalg.norm(rest) * np.linalg.norm(step)):
            hessian = hessian + np.outer(rest, rest) / along
    return hessian


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
    low, low_value, low_slope, low_point = 0.0, start.value, slope, start
    high, high_value, high_slope = np.inf, np.inf, np.nan
    t = 1.0
    for _ in range(30):
        point = search(free, start.x + t * direction)
        value, here = point.value, float(direction @ point.gradient)
        enough = value <= start.value + ARMIJO * t * slope
        nearly = value <= start.value + start.noise and (2 * ARMIJO - 1.0) * slope >= here
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
