"""Other places to begin at, where one descent may have ended in a valley that is not the deepest.

A likelihood of variances can have several optima: the same variation is explained by one term or by
another, or by none (Henn & Hodges 2014, International Statistical Review 82, 90-105). That is rare in
tables of ordinary size whose variances are all clearly positive, and common where some are zero, very
large, or where rows are few; there the search begins again at variances of other sizes, all terms alike
or one above the others, and beside the best optimum so far, some of its variances taken away or given to
other effects. On the way, directions whose variance vanishes are let go, which leaves fewer parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.engine.basis import Basis, Block
from mmgui.engine.bfgs import Pairs, expected_decrease, minimise
from mmgui.engine.blocks import Blocks
from mmgui.engine.boundary import RISE, without_direction
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free, HeldPattern
from mmgui.engine.pattern_start import begin_at
from mmgui.engine.search import Point, Search

# Rows below which one descent is never trusted.
FEW_ROWS = 50
# Smallest relative standard deviation that a random start has.
SMALLEST = 1e-3
# Relative standard deviations of starts where there are fewer rows than so many a parameter.
FAR_OUT, ROWS_EACH = (1e3, 1e4), 3
# A relative standard deviation above this is out of the ordinary.
LARGE = 10.0
# By how much another optimum must be lower to be taken.
BETTER = 1e-7
# Columns whose cosine is above this are nearly multiples of each other: an intercept and a slope whose
# variable is three of its spreads from zero.
ENTANGLED = 0.95
# The relative standard deviations at which effects that cancel are looked at.
CANCELLING = (1e2, 1e1, 1e3)
# A descent is judged after so many iterations; how many times the expected decrease it may be hoped for.
CHUNK, CHUNKS, HOPE = 5, 30, 100.0
# Directions whose relative standard deviation is below this are let go where the criterion does not mind.
VANISHING = 0.1
# A first descent lets go of them after so many iterations.
PATIENCE = 15
# Another descent is in the best one's valley if its criterion and its covariances are as near as this.
NEAR, ALIKE = 0.05, 0.05
# The relative standard deviations at which a single one is looked at.
LADDER = 10.0 ** np.linspace(-2.0, 2.0, 9)
# Evaluations that other starts may take, seconds they may take by the count of operations, and what
# one evaluation takes at least.
EVALUATIONS, SECONDS = 1500, 1.0
OVERHEAD, OPERATIONS = 2e-4, 2e9


def suspicious(blocks: Blocks, point: Point, *, singular: bool, troubled: bool) -> bool:
    """Whether another optimum may be lower: the one found is singular or extreme, or rows are few."""
    # Rows that count very differently leave as little as few rows.
    weighted = blocks.log_weights != 0.0
    few = blocks.n < FEW_ROWS and point.x.size > 1
    return singular or troubled or few or weighted or float(np.abs(point.x).max(initial=0.0)) > LARGE


def entangled(basis: Basis) -> bool:
    """Whether effects of the same groups are nearly multiples of each other, but must not correlate.

    ``(1 + year || firm)``: either one of the variances explains what groups differ in, or both are large and
    their effects cancel at zero, far from the data. Both may be optima, tens of units of deviance apart.
    """
    for number, factor in enumerate(basis.factors):
        own = [b for b in basis.blocks if b.factor == number]
        if len(own) < 2:
            continue
        z = basis.columns[number]
        size = np.sqrt(np.einsum("ij,ij->j", z, z))
        cosines = np.abs(z.T @ z) / np.outer(size, size)
        block = np.empty(factor.size, dtype=np.intp)
        for k, b in enumerate(own):
            block[b.rows] = k
        if float(cosines[block[:, None] != block[None, :]].max()) > ENTANGLED:
            return True
    return False


def cancelling_starts(basis: Basis) -> Iterator[FloatArray]:
    """Flat relative factors at which all variances are large."""
    for size in CANCELLING:
        yield _flat(basis, np.full(len(basis.blocks), size))


def affordable(blocks: Blocks) -> int:
    """How many evaluations other starts may take."""
    width = blocks.trailing.shape[0]
    work = 3.0 * float(blocks.q) ** 3
    for block in blocks.chain:
        work += 6.0 * block.levels * block.size * (block.size**2 + block.size * width + width**2)
    return int(min(EVALUATIONS, SECONDS / (OVERHEAD + work / OPERATIONS)))


def other_starts(basis: Basis, more: int, *, scarce: bool = False) -> Iterator[FloatArray]:
    """Flat relative factors: all blocks alike, one above the others, ``more`` at random.

    Where rows are ``scarce``, the random effects may explain nearly all: that lies far out.
    """
    count = len(basis.blocks)
    for size in (1.0, 0.01, 100.0, *(FAR_OUT if scarce else ())):
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


def beside(basis: Basis, flat: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Flat relative factors like those given, some blocks without or with more variance in some direction.

    Of the blocks' directions with variance one may be taken away, and what it explained be offered to
    another block.
    """
    out = flat.copy()
    count = len(basis.blocks)
    chosen = rng.random(count) < 1.5 / count
    chosen[rng.integers(count)] = True
    for block in (b for b, c in zip(basis.blocks, chosen, strict=True) if c):
        size = len(block.effects)
        lam = flat[block.flat]
        left, values, _ = np.linalg.svd(lam)
        if rng.random() < 0.5:
            values = values.copy()
            values[rng.integers(size)] = 0.0
        level = max(1.0, float(np.abs(flat[: basis.entries]).max())) if rng.random() < 0.5 else 1.0
        added = level * 10.0 ** rng.uniform(-0.5, 0.5) * rng.normal(size=size)
        covariance = (left * values**2) @ left.T + np.outer(added, added)
        begin_at(out, block, covariance + SMALLEST**2 * np.eye(size))
    return out


def single_starts(search: Search, free: Free, best: float) -> Iterator[FloatArray]:
    """Of a model with one variance, where the criterion falls towards an optimum other than ``best``."""
    search.begin_again()
    points = [search(free, np.array([x])) for x in LADDER]
    falls = [float(p.gradient[0]) < 0.0 for p in points]
    if not falls[0] and abs(best) > LADDER[0]:
        yield points[0].x
    ends = (*LADDER[1:], np.inf)
    rises = (*(not f for f in falls[1:]), True)
    for point, fall, rise, end in zip(points, falls, rises, ends, strict=True):
        if fall and rise and not float(point.x[0]) <= abs(best) <= end:
            yield point.x


def promising(
    search: Search, free: Free, x: FloatArray, best: tuple[float, FloatArray], tolerance: float
) -> tuple[Free, Point] | None:
    """Where BFGS from x arrives, if that is lower than ``best``, the criterion and flat factors so far.

    Left off as soon as several times the decrease to be expected would not lead below, or it comes near
    the best one.
    """
    value, flat = best
    pairs: Pairs = []
    search.begin_again()
    point = search(free, x)
    for _ in range(CHUNKS):
        before = point
        point = minimise(search, free, point, tolerance, pairs, iterations=CHUNK)
        fewer = _let_go(search, free, point)
        if fewer is not None:
            free, point = fewer
            pairs.clear()
            continue
        if point is before or point.norm(search.scale) <= tolerance:
            break
        if point.value - HOPE * expected_decrease(search, free, point, pairs) > value:
            return None
        if abs(point.value - value) < NEAR and _alike(free.basis.blocks, free.flat(point.x), flat):
            return None
    return (free, point) if point.value < value - BETTER - point.noise else None


def patient_descent(search: Search, free: Free, point: Point, tolerance: float) -> tuple[Free, Point]:
    """BFGS from a point; where it is slow to arrive, directions whose variance vanishes are let go."""
    point = minimise(search, free, point, tolerance, iterations=PATIENCE)
    pairs: Pairs = []
    for _ in range(CHUNKS):
        if point.norm(search.scale) <= tolerance:
            break
        fewer = _let_go(search, free, point)
        if fewer is not None:
            free, point = fewer
            pairs.clear()
        before = point
        point = minimise(search, free, point, tolerance, pairs, iterations=CHUNK)
        if point is before:
            break
    return free, point


def _let_go(search: Search, free: Free, point: Point) -> tuple[Free, Point] | None:
    """Hold the directions whose variance vanishes at zero."""
    found = None
    for number, block in enumerate(free.basis.blocks):
        held = free.held[number]
        if isinstance(held, HeldPattern) or held.rank == 0:
            continue
        flat = free.flat(point.x)
        values = np.linalg.svd(flat[block.flat], compute_uv=False)
        rank = int(np.count_nonzero(values >= VANISHING * max(1.0, float(values[0]))))
        if rank >= held.rank:
            continue
        smaller, x = without_direction(free, flat, number, rank)
        trial = search(smaller, x)
        if trial.value <= point.value + RISE:
            free, point = found = smaller, trial
    return found


def _alike(blocks: tuple[Block, ...], one: FloatArray, other: FloatArray) -> bool:
    """Whether two points' relative covariances are nearly the same."""
    for block in blocks:
        a, b = one[block.flat], other[block.flat]
        a, b = a @ a.T, b @ b.T
        if float(np.abs(a - b).max()) > ALIKE * max(ALIKE, float(np.abs(b).max())):
            return False
    return True


def _flat(basis: Basis, sizes: FloatArray) -> FloatArray:
    """All effects of a block at one relative standard deviation."""
    flat = np.zeros(basis.size)
    for block, size in zip(basis.blocks, sizes, strict=True):
        begin_at(flat, block, size**2 * np.eye(len(block.effects)))
    return flat
