"""Where dots of one heap stand so that each is seen: beside each other where they are close."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

CLOSE = 0.018
"""Dots nearer than this share of the whole range would cover each other."""
STEP = 0.14


def spread(starts: NDArray[np.intp], x: FloatArray, y: FloatArray) -> FloatArray:
    """(n,) offsets between −½ and ½, alternating left and right among neighbours of one heap.

    A heap is the rows of one group at one x; ``starts`` are the groups' first rows, rows ascend in x.
    """
    n = len(y)
    if n == 0:
        return np.empty(0)
    group = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    order = np.lexsort((y, x, group))
    gy = y[order]
    near = CLOSE * (float(np.ptp(y)) or 1.0)
    new = np.ones(n, dtype=np.bool_)
    new[1:] = (np.diff(group[order]) != 0) | (np.diff(x[order]) != 0.0) | (np.diff(gy) > near)
    first = np.flatnonzero(new)
    run = np.cumsum(new) - 1
    place = np.arange(n) - first[run]
    size = np.diff(np.append(first, n))[run]
    # 0, +1, −1, +2, −2, … of a step that leaves the largest heap within its room.
    side = np.where(place % 2 == 1, 1.0, -1.0) * ((place + 1) // 2)
    step = np.minimum(STEP, 1.0 / np.maximum(size, 1))
    even = np.where(size % 2 == 0, -0.5, 0.0) * step
    out = np.empty(n)
    out[order] = np.clip(side * step + even, -0.5, 0.5)
    return out
