"""The lower of several valleys: starts far from where a search ended, and the way back from there.

With some parameters held the criterion may have several minima in the others. A search that follows its
neighbours outwards from the fit stays in the valley it came from, also where another has become lower. So
some cells of a grid are searched from other places too, and what is lower there is followed to all sides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint

FloatArray = NDArray[np.float64]

LEANING = 0.95
"""Effects that lean on the first of their block have this correlation with it."""
FAINT = 0.05
"""What is left of a standard deviation where another effect leads."""
LOWER = 1e-4
"""By how much the criterion must be lower for another valley."""
APART, MOST = 4, {1: 21, 2: 7}
"""How many cells those searched from other places are apart, and, by the number of axes, the most of them."""
JUMP, TYPICAL = 0.2, 4.0
"""Neighbours are in two valleys where a covariance differs by more than this part of its size on the grid,
and by this many times what is usual along the line."""

Cell = tuple[int, ...]
End = tuple[float, CovariancePoint]
Search = Callable[[Cell, CovariancePoint], End | None]


def other_places(
    design: Design, held: tuple[Coordinate, ...], point: CovariancePoint
) -> list[CovariancePoint]:
    """Points from which to search for other valleys.

    In each term effects lean on the first of their block, all along with it or all against; where the
    correlation of two effects is held, one of them or the other varies next to nothing instead: with both in
    lockstep, a standard deviation of zero may be the best one from either side.
    """
    out = []
    if any(len(block) > 1 for random in design.random if random.pattern is None for block in random.blocks):
        out += [_leaning(design, point, rho) for rho in (LEANING, -LEANING)]
    for c in held:
        if c.correlation and design.random[c.term].pattern is None:
            total = float(np.linalg.norm(point.sds[c.term][list(c.effects)])) or point.sigma
            out += [_led(point, c, lead, total) for lead in (0, 1)]
    return out


def _leaning(design: Design, point: CovariancePoint, rho: float) -> CovariancePoint:
    correlations = list(point.correlations)
    for t, random in enumerate(design.random):
        if random.pattern is not None:
            continue
        r = correlations[t].copy()
        for block in random.blocks:
            r[np.ix_(block, block)] = rho * rho
            r[block[0], list(block)] = r[list(block), block[0]] = rho
        np.fill_diagonal(r, 1.0)
        correlations[t] = r
    return replace(point, correlations=tuple(correlations))


def _led(point: CovariancePoint, c: Coordinate, lead: int, total: float) -> CovariancePoint:
    sds = [s.copy() for s in point.sds]
    sds[c.term][c.effects[lead]] = total
    sds[c.term][c.effects[1 - lead]] = FAINT * total
    return replace(point, sds=tuple(sds))


def lattice(shape: tuple[int, ...]) -> list[Cell]:
    """Cells of a grid, evenly spaced, the ends and corners among them."""
    counts = [min(max(n // APART, 1) + 1, MOST[len(shape)]) for n in shape]
    both = zip(shape, counts, strict=True)
    places = [np.unique(np.linspace(0, n - 1, k).astype(int)).tolist() for n, k in both]
    return list(product(*places))


def beside(cell: Cell, shape: tuple[int, ...]) -> list[Cell]:
    """The neighbours of a cell along each axis."""
    out = []
    for axis, size in enumerate(shape):
        for step in (-1, 1):
            k = cell[axis] + step
            if 0 <= k < size:
                out.append((*cell[:axis], k, *cell[axis + 1 :]))
    return out


def jumps(ends: dict[Cell, End], shape: tuple[int, ...]) -> list[Cell]:
    """Cells next to one that seems to be in another valley."""
    if not ends:
        return []
    some = next(iter(ends.values()))[1]
    places = np.full((*shape, len(_entries(some))), np.nan)
    for cell, (_, point) in ends.items():
        places[cell] = _entries(point)
    places /= np.maximum(np.nanmax(np.abs(places), axis=tuple(range(len(shape)))), 1e-300)
    found: set[Cell] = set()
    for axis in range(len(shape)):
        steps = np.abs(np.diff(places, axis=axis)).max(axis=-1)
        known = np.where(np.isnan(steps), 0.0, steps)
        usual = np.median(known, axis=axis, keepdims=True)
        for at in np.argwhere((known > JUMP) & (known > TYPICAL * usual)).tolist():
            found.add(tuple(at))
            found.add((*at[:axis], at[axis] + 1, *at[axis + 1 :]))
    return sorted(found)


def _entries(point: CovariancePoint) -> FloatArray:
    """All covariances and σ."""
    both = zip(point.sds, point.correlations, strict=True)
    parts = [(np.outer(s, s) * np.nan_to_num(r))[np.tril_indices(len(s))] for s, r in both]
    return np.concatenate([*parts, [point.sigma]])


def follow_lower_valleys(
    design: Design, held: tuple[Coordinate, ...], shape: tuple[int, ...], ends: dict[Cell, End],
    search: Search, should_stop: Callable[[], bool] | None = None,
) -> None:  # fmt: skip
    """Take a grid down to the lowest valley that is found at each cell.

    Parameters
    ----------
    design
        The model's matrices.
    held
        What the axes of the grid show.
    shape
        Of the grid.
    ends
        By cell the criterion and its place; improved here.
    search
        Minimises at a cell from a place; None where the criterion cannot be evaluated.
    should_stop
        Asked at each search whether to end with what is found.
    """
    queue: deque[Cell] = deque()

    def improve(cell: Cell, start: CovariancePoint) -> None:
        found = search(cell, start)
        if found is not None and (cell not in ends or found[0] < ends[cell][0] - LOWER):
            ends[cell] = found
            queue.append(cell)

    def steps() -> Iterator[tuple[Cell, CovariancePoint]]:
        for cell in lattice(shape):
            if cell in ends:
                yield from ((cell, place) for place in other_places(design, held, ends[cell][1]))
        queue.extend(jumps(ends, shape))
        while queue:
            cell = queue.popleft()
            yield from ((other, ends[cell][1]) for other in beside(cell, shape))

    for cell, start in steps():
        if should_stop is not None and should_stop():
            break
        improve(cell, start)
