"""Contour lines of values on a grid: closed outlines of the places that lie lower than a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

# The four edges of a cell, as offsets (i, j) of their first corner and whether they run along i.
_BOTTOM, _RIGHT, _TOP, _LEFT = (0, 0, True), (1, 0, False), (0, 1, True), (0, 0, False)
# By which corners are low (1: i j, 2: i+1 j, 4: i+1 j+1, 8: i j+1): from which edge to which edge an
# outline runs, the low side on its left. Saddles (5 and 10) depend on the middle of the cell.
_Edge = tuple[int, int, bool]
_RUNS: dict[int, tuple[tuple[_Edge, _Edge], ...]] = {
    1: ((_BOTTOM, _LEFT),), 2: ((_RIGHT, _BOTTOM),), 3: ((_RIGHT, _LEFT),), 4: ((_TOP, _RIGHT),),
    6: ((_TOP, _BOTTOM),), 7: ((_TOP, _LEFT),), 8: ((_LEFT, _TOP),), 9: ((_BOTTOM, _TOP),),
    11: ((_RIGHT, _TOP),), 12: ((_LEFT, _RIGHT),), 13: ((_BOTTOM, _RIGHT),), 14: ((_LEFT, _BOTTOM),),
}  # fmt: skip
_SADDLES: dict[tuple[int, bool], tuple[tuple[_Edge, _Edge], ...]] = {
    (5, True): ((_BOTTOM, _RIGHT), (_TOP, _LEFT)),
    (5, False): ((_BOTTOM, _LEFT), (_TOP, _RIGHT)),
    (10, True): ((_LEFT, _BOTTOM), (_RIGHT, _TOP)),
    (10, False): ((_RIGHT, _BOTTOM), (_LEFT, _TOP)),
}


LEVELS = tuple(0.5 * 2.0**k for k in range(14))
FINE = 161
"""Values on each axis of the grid on which contours are drawn, interpolated by cubic splines."""
LOW = 0.5
SEEN = 0.05
"""A level no further above the lowest value surrounds next to nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class Contour:
    """Closed outlines, each (k, 2), of where the criterion is less than ``level`` above the best."""

    level: float
    outlines: tuple[FloatArray, ...]


def contours_of(x: FloatArray, y: FloatArray, z: FloatArray) -> tuple[Contour, ...]:
    """Contours of values (k, l) above the best; their distances double from the lowest value on.

    Interpolated between the points, whatever their spacing, on the scale log(1 + z), on which criteria are
    gentle; without what is NaN.
    """
    known = np.isfinite(z)
    if not known.any():
        return ()
    lowest = float(z[known].min())
    # From a whole number, so that levels stay round.
    base = float(round(lowest)) if lowest > LOW else 0.0
    fine_x, fine_y = _finer(x), _finer(y)
    fine = _interpolated(
        np.where(known, np.log1p(np.maximum(z - lowest, 0.0)), np.nan), len(fine_x), len(fine_y)
    )
    fine = lowest + np.expm1(fine)
    if not known.all():
        fine = np.where(_known_near(known, fine.shape), fine, 1e9)
    top = float(z[known].max())
    levels = [base + v for v in LEVELS if lowest + SEEN < base + v < top]
    return tuple(Contour(v, outlines(fine_x, fine_y, fine, v)) for v in levels)


def _finer(values: FloatArray) -> FloatArray:
    """More positions, spaced as these are."""
    from scipy.interpolate import CubicSpline

    count = max(FINE, len(values))
    fine: FloatArray = CubicSpline(np.arange(len(values)), values)(np.linspace(0, len(values) - 1, count))
    fine[0], fine[-1] = values[0], values[-1]
    return np.maximum.accumulate(np.clip(fine, values[0], values[-1]))


def _interpolated(z: FloatArray, count: int, other: int) -> FloatArray:
    from scipy.interpolate import RectBivariateSpline

    known = np.isfinite(z)
    if not known.all():
        # A smooth continuation for the spline; what lies there is taken out again.
        from scipy.ndimage import distance_transform_edt

        nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
        z = z[tuple(nearest)]
    rows, columns = np.arange(z.shape[0]), np.arange(z.shape[1])
    degree = (min(3, len(rows) - 1), min(3, len(columns) - 1))
    spline = RectBivariateSpline(rows, columns, z, kx=degree[0], ky=degree[1])
    return np.asarray(spline(np.linspace(0, rows[-1], count), np.linspace(0, columns[-1], other)))


def _known_near(known: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    rows = np.linspace(0, known.shape[0] - 1, shape[0]).round().astype(np.intp)
    columns = np.linspace(0, known.shape[1] - 1, shape[1]).round().astype(np.intp)
    return np.asarray(known[np.ix_(rows, columns)])


def outlines(x: FloatArray, y: FloatArray, z: FloatArray, level: float) -> tuple[FloatArray, ...]:
    """Closed outlines, each (k, 2) with the first point repeated, of {z < level} on the grid.

    Marching squares with linear interpolation; where the region reaches the edge of the grid the outline
    runs along it.

    Parameters
    ----------
    x, y
        (n,), (m,) ascending positions.
    z
        (n, m) values.
    level
        The level.
    """
    beyond = max(float(np.max(z)), level) + 1e9 * max(1.0, abs(level))
    x, y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([y[:1], y, y[-1:]])
    z = np.pad(z, 1, constant_values=beyond)
    starts, ends = _runs(z, level)
    following = dict(zip(starts.tolist(), ends.tolist(), strict=True))
    found: list[FloatArray] = []
    while following:
        first, edge = following.popitem()
        chain = [first]
        while edge != first:
            chain.append(edge)
            edge = following.pop(edge)
        chain.append(first)
        found.append(_positions(np.array(chain, dtype=np.intp), x, y, z, level))
    return tuple(found)


def inner_lines(outline: FloatArray, x: FloatArray, y: FloatArray) -> tuple[FloatArray, ...]:
    """An outline without its parts along the edge of the grid: the contour lines proper, (k, 2) each."""
    on_edge = np.zeros(len(outline) - 1, dtype=bool)
    for axis, values in ((0, x), (1, y)):
        tolerance = 1e-6 * (values[-1] - values[0])
        for edge in (values[0], values[-1]):
            touching = np.abs(outline[:, axis] - edge) <= tolerance
            on_edge |= touching[:-1] & touching[1:]
    if not on_edge.any():
        return (outline,)
    # Begin after a part that is left out, so that no line is cut where the outline happens to begin.
    first = int(np.flatnonzero(on_edge)[0])
    turned = np.roll(outline[:-1], -first - 1, axis=0)
    kept = ~np.roll(on_edge, -first - 1)
    lines, current = [], [turned[0]]
    for k, keep in enumerate(kept):
        if keep:
            current.append(turned[(k + 1) % len(turned)])
            continue
        if len(current) > 1:
            lines.append(np.array(current))
        current = [turned[(k + 1) % len(turned)]]
    return tuple(lines)


def _runs(z: FloatArray, level: float) -> tuple[IntArray, IntArray]:
    """From which edge to which edge the outlines run, over all cells."""
    n, m = z.shape
    low = z < level
    kind = low[:-1, :-1] + 2 * low[1:, :-1] + 4 * low[1:, 1:] + 8 * low[:-1, 1:]
    middle = (z[:-1, :-1] + z[1:, :-1] + z[1:, 1:] + z[:-1, 1:]) / 4.0 < level
    cases = [(kind == k, runs) for k, runs in _RUNS.items()]
    cases += [((kind == k) & (middle == joined), runs) for (k, joined), runs in _SADDLES.items()]
    starts, ends = [], []
    for cells, runs in cases:
        i, j = np.nonzero(cells)
        for start, end in runs:
            starts.append(_edge(start, i, j, n, m))
            ends.append(_edge(end, i, j, n, m))
    return np.concatenate(starts), np.concatenate(ends)


def _edge(edge: _Edge, i: IntArray, j: IntArray, n: int, m: int) -> IntArray:
    di, dj, along = edge
    return np.asarray((i + di) * m + (j + dj) + (0 if along else n * m))


def _positions(edges: IntArray, x: FloatArray, y: FloatArray, z: FloatArray, level: float) -> FloatArray:
    n, m = z.shape
    along = edges < n * m
    i, j = np.divmod(np.where(along, edges, edges - n * m), m)
    k, l = np.where(along, i + 1, i), np.where(along, j, j + 1)
    share = (level - z[i, j]) / (z[k, l] - z[i, j])
    return np.column_stack([x[i] + share * (x[k] - x[i]), y[j] + share * (y[l] - y[j])])
