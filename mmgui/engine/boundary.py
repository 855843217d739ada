"""Variances of zero: going to the boundary of the parameter space, and leaving it.

A relative factor that loses rank is always a stationary point in λ, so the gradient there says nothing.
The right test is the derivative with respect to Σ = λ λᵀ on the null space of Σ: an eigenvalue below
zero there means that more variance in that direction lowers the criterion.
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.basis import IndexArray
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free, HeldPattern, natural, pivoted
from mmgui.engine.pattern_boundary import leave_pattern, snap_pattern
from mmgui.engine.search import Point, Search

# A direction whose relative standard deviation is below this is tried at zero …
CANDIDATE = 0.03
# … and held there if the criterion rises by no more than this.
RISE = 1e-5
# Derivatives, divided by the rows, above minus this count as not negative.
NEGATIVE = 1e-8
# … and below this as none.
IDLE = 1e-7


def snap(
    search: Search, free: Free, point: Point, refused: set[tuple[int, int]]
) -> tuple[Free, Point] | None:
    """Hold nearly vanishing directions at zero where the criterion does not mind.

    ``refused`` collects (block, rank) that were tried in vain.
    """
    found = None
    lowest = np.inf if search.best is None else search.best[0]
    for number, block in enumerate(free.basis.blocks):
        held = free.held[number]
        if isinstance(held, HeldPattern):
            at_edge = snap_pattern(search, free, point, number, refused)
            if at_edge is not None:
                free, point = found = at_edge
            continue
        lam = free.flat(point.x)[block.flat]
        values = np.linalg.svd(lam, compute_uv=False)
        limit = CANDIDATE * max(1.0, float(values[0]))
        small = int(np.count_nonzero(values < limit))
        for rank in sorted({lam.shape[0] - small, held.rank - 1}):
            if rank >= held.rank or small == 0 or rank < 0 or (number, rank) in refused:
                continue
            smaller, x = without_direction(free, free.flat(point.x), number, rank)
            trial = search(smaller, x)
            if trial.value <= min(point.value, lowest) + RISE:
                free, point = smaller, trial
                found = (free, point)
                break
            refused.add((number, rank))
    return found


def without_direction(free: Free, flat: FloatArray, number: int, rank: int) -> tuple[Free, FloatArray]:
    """One block held at its ``rank`` largest directions, and the coordinates there."""
    block = free.basis.blocks[number]
    left, values, right = np.linalg.svd(flat[block.flat])
    truncated = (left[:, :rank] * values[:rank]) @ right[:rank]
    flat = flat.copy()
    flat[block.flat] = truncated
    smaller = free.with_block(number, pivoted(truncated, rank))
    return smaller, smaller.coordinates(flat)


def leave(
    search: Search, free: Free, point: Point, refused: set[tuple[int, int]]
) -> tuple[Free, Point] | None:
    """Free a block again, along the direction of zero variance in which the criterion falls most."""
    if all(h.full for h in free.held):
        return None
    flat = free.flat(point.x)
    gradients = search.criterion.covariance_gradient(flat)
    for number, block in enumerate(free.basis.blocks):
        held = free.held[number]
        if held.full:
            continue
        if isinstance(held, HeldPattern):
            sigma_bar = block.sigma_bar(gradients[block.factor])
            inside = leave_pattern(search, free, point, number, sigma_bar, refused)
            if inside is not None:
                return inside
            continue
        size = len(held.order)
        lam = flat[block.flat]
        left = np.linalg.svd(lam)[0]
        null = left[:, held.rank :]
        slope = null.T @ gradients[block.factor][np.ix_(block.rows, block.rows)] @ null
        values, vectors = np.linalg.eigh(slope)
        if values[0] >= -NEGATIVE * search.scale:
            continue
        direction = null @ vectors[:, 0]
        freer = free.with_block(number, natural(size))
        moved = _step_out(search, freer, point.value, flat, block.flat, direction)
        if moved is not None:
            refused.update((number, rank) for rank in range(held.rank + 1))
            return freer, moved
    return None


def idle(search: Search, free: Free, point: Point) -> bool:
    """Whether some variance held at zero could as well be positive: the criterion does not change with it.

    At an optimum on the boundary it rises; where it stays, another term takes the same variation up.
    """
    if all(h.full for h in free.held):
        return False
    flat = free.flat(point.x)
    gradients = search.criterion.covariance_gradient(flat)
    for block, held in zip(free.basis.blocks, free.held, strict=True):
        if held.full or isinstance(held, HeldPattern):
            continue
        null = np.linalg.svd(flat[block.flat])[0][:, held.rank :]
        slope = null.T @ gradients[block.factor][np.ix_(block.rows, block.rows)] @ null
        if float(np.abs(np.linalg.eigvalsh(slope)).min()) <= IDLE * search.scale:
            return True
    return False


def _step_out(
    search: Search, free: Free, value: float, flat: FloatArray, where: IndexArray, direction: FloatArray
) -> Point | None:
    """Add variance along ``direction`` until the criterion is lower than ``value``."""
    lam = flat[where]
    empty = np.linalg.svd(lam)[2][-1]
    step = 0.5
    while step > 1e-4:
        trial = flat.copy()
        # The last right singular vector of λ is an unused column direction.
        trial[where] = lam + step * np.outer(direction, empty)
        point = search(free, free.coordinates(trial))
        if point.value < value:
            return point
        step *= 0.3
    return None
