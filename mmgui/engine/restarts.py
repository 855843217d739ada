"""Other places to begin at, where one descent may have ended in a valley that is not the deepest.

A likelihood of variances can have several optima: the same variation is explained by one term or by
another, or by none (Henn & Hodges 2014, International Statistical Review 82, 90-105). That is rare in
tables of ordinary size whose variances are all clearly positive, and common where some are zero, very
large, or where rows are few; there the search begins again at variances of other sizes, all terms alike
or one above the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.engine.basis import Basis
from mmgui.engine.bfgs import Pairs, expected_decrease, minimise
from mmgui.engine.blocks import Blocks
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free
from mmgui.engine.pattern_start import begin_at
from mmgui.engine.search import Point, Search

# Rows below which one descent is never trusted.
FEW_ROWS = 50
# Smallest relative standard deviation that a random start has.
SMALLEST = 1e-3
# A relative standard deviation above this is out of the ordinary.
LARGE = 10.0
# By how much another optimum must be lower to be taken.
BETTER = 1e-7
# A descent is judged after so many iterations; how many times the expected decrease it may be hoped for.
CHUNK, CHUNKS, HOPE = 5, 40, 10.0
# Evaluations that other starts may take, seconds they may take by the count of operations, and what
# one evaluation takes at least.
EVALUATIONS, SECONDS = 2000, 1.0
OVERHEAD, OPERATIONS = 2e-4, 2e9


def suspicious(blocks: Blocks, point: Point, *, singular: bool, troubled: bool) -> bool:
    """Whether another optimum may be lower: the one found is singular or extreme, or rows are few."""
    # Rows that count very differently leave as little as few rows.
    weighted = blocks.log_weights != 0.0
    few = blocks.n < FEW_ROWS and point.x.size > 1
    return singular or troubled or few or weighted or float(np.abs(point.x).max(initial=0.0)) > LARGE


def affordable(blocks: Blocks) -> int:
    """How many evaluations other starts may take."""
    width = blocks.trailing.shape[0]
    work = 3.0 * float(blocks.q) ** 3
    for block in blocks.chain:
        work += 6.0 * block.levels * block.size * (block.size**2 + block.size * width + width**2)
    return int(min(EVALUATIONS, SECONDS / (OVERHEAD + work / OPERATIONS)))


def other_starts(basis: Basis, more: int) -> Iterator[FloatArray]:
    """Flat relative factors: all blocks alike, one above the others, ``more`` at random."""
    count = len(basis.blocks)
    for size in (1.0, 0.01, 100.0):
        yield _flat(basis, np.full(count, size))
    if count == 1:
        # One term has nothing to trade its variation with.
        return
    for low, high in ((0.1, 10.0), (0.1, 1.0), (1.0, 10.0), (1.0, 100.0)):
        for number in range(count):
            sizes = np.full(count, low)
            sizes[number] = high
            yield _flat(basis, sizes)
    rng = np.random.default_rng(0)
    for _ in range(more):
        flat = np.zeros(basis.size)
        for block in basis.blocks:
            size = len(block.effects)
            root = 10.0 ** rng.uniform(-1.5, 1.5, size)[:, None] * rng.normal(size=(size, size))
            begin_at(flat, block, root @ root.T + SMALLEST**2 * np.eye(size))
        yield flat


def promising(search: Search, free: Free, x: FloatArray, value: float, tolerance: float) -> Point | None:
    """Where BFGS from x arrives, if that is lower than ``value``.

    Left off as soon as several times the decrease to be expected would not lead below.
    """
    pairs: Pairs = []
    point = search(free, x)
    for _ in range(CHUNKS):
        before = point
        point = minimise(search, free, point, tolerance, pairs, iterations=CHUNK)
        if point is before or point.norm(search.scale) <= tolerance:
            break
        if point.value - HOPE * expected_decrease(search, free, point, pairs) > value:
            return None
    return point if point.value < value - BETTER - point.noise else None


def _flat(basis: Basis, sizes: FloatArray) -> FloatArray:
    """All effects of a block at one relative standard deviation."""
    flat = np.zeros(basis.size)
    for block, size in zip(basis.blocks, sizes, strict=True):
        begin_at(flat, block, size**2 * np.eye(len(block.effects)))
    return flat
