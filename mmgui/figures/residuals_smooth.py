"""A smooth line through a cloud of points, with a band that says how much of it could be chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.inference.normal import normal_quantile

FloatArray = NDArray[np.float64]

SPAN = 2.0 / 3.0
POINTS, BINS = 40, 400
ROUNDS = 3
"""Rounds of weighting down points far from the line."""
FEW = 6
"""With fewer different values of x their means are joined."""
_LEVEL = 0.95


def _none() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class Smooth:
    """A line at (k,) values of x, and the ends of its pointwise 95 % band; k is 0 where there is no line.

    The band is that of the line with its window held, as if the points were independent.
    """

    x: FloatArray = field(default_factory=_none)
    y: FloatArray = field(default_factory=_none)
    low: FloatArray = field(default_factory=_none)
    high: FloatArray = field(default_factory=_none)


def smooth_of(x: FloatArray, y: FloatArray) -> Smooth:
    """Locally linear regression with tricube weights, robust against outliers (lowess).

    Evaluated at some forty points. More than a few hundred observations enter as means of neighbours,
    each with its weight, which is the same line to the eye in a thousandth of the time.

    References
    ----------
    Cleveland, W. S. (1979). Robust locally weighted regression and smoothing scatterplots. JASA 74, 829-836.
    """
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 3 or np.ptp(x) <= 1e-9 * float(np.max(np.abs(x))):
        return Smooth()
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    changes = np.flatnonzero(np.diff(x)) + 1
    if len(changes) + 1 < FEW:
        return _means(x, y, np.concatenate([[0], changes]))
    return _lowess(x, y)


def _means(x: FloatArray, y: FloatArray, starts: NDArray[np.integer]) -> Smooth:
    """The mean at every value of x, with its interval from the spread about all means."""
    sizes = np.diff(np.append(starts, len(x)))
    middle = np.add.reduceat(y, starts) / sizes
    left = len(x) - len(starts)
    spread = float(np.sum((y - np.repeat(middle, sizes)) ** 2)) / left if left > 0 else np.nan
    half = normal_quantile(_LEVEL) * np.sqrt(spread / sizes)
    return Smooth(x[starts], middle, middle - half, middle + half)


def _lowess(x: FloatArray, y: FloatArray) -> Smooth:
    n = len(x)
    starts = np.unique(np.linspace(0, n, min(n, BINS) + 1).astype(np.intp)[:-1])
    sizes = np.diff(np.append(starts, n)).astype(np.float64)
    at, mean = np.add.reduceat(x, starts) / sizes, np.add.reduceat(y, starts) / sizes
    half = POINTS // 2
    grid = np.unique(
        np.concatenate([np.linspace(x[0], x[-1], half), np.quantile(x, np.linspace(0.0, 1.0, half))])
    )
    off = at[None, :] - grid[:, None]
    weights = _window(off) * sizes
    robust = np.ones(len(at))
    line, operator = np.zeros(len(grid)), weights
    for _ in range(ROUNDS):
        operator = _operator(off, weights * robust)
        line = operator @ mean
        rest = np.abs(mean - np.interp(at, grid, line))
        scale = 6.0 * float(np.median(rest))
        if scale <= 0.0:
            break
        share = rest / scale
        robust = np.maximum(1.0 - share * share, 1e-6)
        robust *= robust
    own = np.sqrt(np.sum(operator * operator / sizes, axis=1))
    spread = float(np.sum((y - np.interp(x, grid, line)) ** 2)) / max(n - 3, 1)
    band = normal_quantile(_LEVEL) * np.sqrt(spread) * own
    return Smooth(grid, line, line - band, line + band)


def _window(off: FloatArray) -> FloatArray:
    """(g, b) tricube weights: the nearest two thirds, and at least three places that differ."""
    distance = np.abs(off)
    wanted = max(min(int(np.ceil(SPAN * off.shape[1])), off.shape[1]) - 1, 0)
    reach = np.partition(distance, wanted, axis=1)[:, wanted]
    least = 0.15 * float(np.ptp(off[0]))
    reach = np.maximum(reach * 1.0001, least)
    share = distance / reach[:, None]
    # Products: powers of floats are twenty times as slow.
    left = np.maximum(1.0 - share * share * share, 0.0)
    out: FloatArray = left * left * left
    return out


def _operator(off: FloatArray, weights: FloatArray) -> FloatArray:
    """(g, b) what the line at each point takes of each observation."""
    zero = weights.sum(axis=1)
    weighted = weights * off
    first = weighted.sum(axis=1)
    second = np.einsum("gb,gb->g", weighted, off)
    whole = zero * second - first**2
    level = whole <= 1e-10 * zero * second
    safe = np.where(level, 1.0, whole)
    sloped = weights * (second[:, None] - first[:, None] * off) / safe[:, None]
    flat = weights / np.where(zero > 0.0, zero, 1.0)[:, None]
    out: FloatArray = np.where(level[:, None], flat, sloped)
    return out
