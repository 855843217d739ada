"""Patterned terms at the edge of their domain: a standard deviation of 0, a correlation at its limit.

In the search coordinates every edge is a stationary point, so that the gradient there says nothing. What
decides is the derivative with respect to θ, taken inwards: with S the derivative of the criterion in Σ,

- ρ at its upper limit stays there if <S, ∂Σ/∂ρ> ≤ 0;
- the one standard deviation τ of all columns stays at 0 if <S, R(ρ)> ≥ 0 for every ρ;
- standard deviations τ_i of single columns stay at 0 if Σ_j S_ij R_ij τ_j ≥ 0 over the columns that vary.
  Where that vanishes, the second derivatives decide: S ∘ R(ρ) must be copositive, and it is not where the
  smallest eigenvalue of a principal part is negative and its eigenvector positive (Kaplan 2000). The
  criterion is kinked there, not even, in τ_i.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free, HeldPattern
from mmgui.engine.patterns import Coordinates, Pattern
from mmgui.engine.search import Point, Search

# A relative standard deviation, or an angle of ρ off its limit, below this is tried at the edge …
CANDIDATE = 0.03
# … and held there if the criterion then is at most this much above its lowest: all edges cost no more.
RISE = 1e-5
# Derivatives, divided by the rows, above minus this count as not negative.
NEGATIVE = 1e-8
# Correlations from which standard deviations leave 0, at the most, as parts of their limits.
NEARLY = 0.99
# Up to this many standard deviations of 0 leave it in every possible group, up to that many in pairs.
GROUPED, PAIRED = 5, 8

Refused = set[tuple[int, int]]


def snap_pattern(
    search: Search, free: Free, point: Point, number: int, refused: Refused
) -> tuple[Free, Point] | None:
    """Hold coordinates of one patterned block at the edge where the criterion does not mind."""
    found = None
    lowest = point.value
    for coordinate, edge in _near_edges(free, point, number):
        if (number, coordinate) in refused:
            continue
        pattern, held, whole = _block(free, point, number)
        if not held.free[coordinate]:
            continue
        smaller = held.holding(coordinate, edge)
        moved = whole.copy()
        moved[coordinate] = edge
        if pattern.pattern.correlated and not _needs_rho(pattern.pattern, moved):
            smaller = smaller.holding(pattern.pattern.count - 1, float(moved[-1]))
        trial = _at(search, free, point, number, smaller, moved)
        if trial[1].value <= lowest + RISE:
            free, point = found = trial
            lowest = min(lowest, point.value)
        else:
            refused.add((number, coordinate))
    return found


def leave_pattern(
    search: Search, free: Free, point: Point, number: int, sigma_bar: FloatArray, refused: Refused
) -> tuple[Free, Point] | None:
    """Move one patterned block off an edge where the criterion falls inwards.

    ``sigma_bar`` is the derivative with respect to the block's Σ in the person's units.
    """
    pattern, held, whole = _block(free, point, number)
    for move in sorted(_moves(pattern, held, whole, sigma_bar), key=lambda m: m.slope):
        if move.slope >= -NEGATIVE * search.scale:
            break
        freer = HeldPattern(held.free | move.freed, whole)
        step = 0.5
        while step > 1e-4:
            trial = _at(search, free, point, number, freer, move.to(step))
            if trial[1].value < point.value:
                refused.update((number, int(k)) for k in np.flatnonzero(move.freed))
                return trial
            step *= 0.3
    return None


def _block(free: Free, point: Point, number: int) -> tuple[Coordinates, HeldPattern, FloatArray]:
    """A patterned block's coordinates: what they mean, which are held, all their values."""
    pattern, held = free.basis.blocks[number].pattern, free.held[number]
    assert pattern is not None
    assert isinstance(held, HeldPattern)
    return pattern, held, held.whole(point.x[free.slices[number]])


def _at(
    search: Search, free: Free, point: Point, number: int, held: HeldPattern, whole: FloatArray
) -> tuple[Free, Point]:
    """The point with one patterned block held otherwise and elsewhere."""
    at = free.slices[number]
    other = free.with_block(number, held)
    return other, search(other, np.concatenate([point.x[: at.start], whole[held.free], point.x[at.stop :]]))


def _sizes(pattern: Pattern, whole: FloatArray) -> FloatArray:
    """Relative standard deviations in units in which an effect is as large as the residual at 1."""
    x = whole[: pattern.sds]
    return np.abs(x) if pattern.homogeneous else x * x


def _needs_rho(pattern: Pattern, whole: FloatArray) -> bool:
    """Whether Σ depends on ρ."""
    return int(np.count_nonzero(whole[: pattern.sds])) >= (1 if pattern.homogeneous else 2)


def _near_edges(free: Free, point: Point, number: int) -> Iterator[tuple[int, float]]:
    """Free coordinates near an edge, and the edge."""
    pattern, held, whole = _block(free, point, number)
    sizes = _sizes(pattern.pattern, whole)
    limit = CANDIDATE * max(1.0, float(sizes.max()))
    for k in np.argsort(sizes).tolist():
        if held.free[k] and sizes[k] < limit:
            yield k, 0.0
    if pattern.pattern.correlated and held.free[-1]:
        angle = float(whole[-1])
        # ρ of compound symmetry is at a limit at every multiple of π/2, that of AR(1) at the odd ones.
        if pattern.pattern.autoregressive:
            edge = (np.floor(angle / np.pi) + 0.5) * np.pi
        else:
            edge = np.round(angle / (0.5 * np.pi)) * 0.5 * np.pi
        if abs(np.sin(angle - edge)) < CANDIDATE:
            yield pattern.pattern.count - 1, float(edge)


@dataclass(frozen=True, eq=False)
class _Move:
    """A way off an edge: predicted slope, the coordinates it frees, all coordinates after a step."""

    slope: float
    freed: NDArray[np.bool_]
    to: Callable[[float], FloatArray]


def _moves(
    pattern: Coordinates, held: HeldPattern, whole: FloatArray, sigma_bar: FloatArray
) -> Iterator[_Move]:
    p = pattern.pattern
    needed = p.correlated and _needs_rho(p, whole)
    if needed and not held.free[-1]:
        yield _rho_inwards(pattern, whole, sigma_bar)
    zero = np.flatnonzero((whole[: p.sds] == 0.0) & ~held.free[: p.sds])
    if not zero.size:
        return
    low, high = p.limits
    options = [p.rho_at(float(whole[-1]))] if needed else [0.0, *np.linspace(NEARLY * low, NEARLY * high, 6)]
    for rho in options if p.correlated else [0.0]:
        weighted = sigma_bar * p.correlation(rho)
        if p.homogeneous:
            directions = [(float(weighted.sum()) * float(pattern.units[0]) ** 2, np.ones(1))]
        else:
            scaled = weighted * np.outer(pattern.units, pattern.units)
            directions = list(_outwards(scaled, _sizes(p, whole), zero))
        for slope, direction in directions:
            yield _sd_outwards(
                p, whole, slope, direction, None if needed or not p.correlated else rho, pattern
            )


def _rho_inwards(pattern: Coordinates, whole: FloatArray, sigma_bar: FloatArray) -> _Move:
    p = pattern.pattern
    slope = float(np.sum(sigma_bar * p.covariance_slopes(pattern.theta(whole))[-1]))
    upper = p.rho_at(float(whole[-1])) > 0.0
    freed = np.zeros(p.count, dtype=np.bool_)
    freed[-1] = True

    def to(step: float) -> FloatArray:
        out = whole.copy()
        out[-1] += step
        return out

    return _Move(-slope if upper else slope, freed, to)


def _outwards(
    scaled: FloatArray, sizes: FloatArray, zero: NDArray[np.intp]
) -> Iterator[tuple[float, FloatArray]]:
    """Directions of standard deviations off 0, with the derivative of the criterion along them."""
    flat = 1e-12 * float(np.abs(scaled).sum()) * max(1.0, float(sizes.max()))
    for group in _groups(zero.tolist()):
        at = list(group)
        direction = np.zeros(len(sizes))
        direction[at] = _steepest(scaled[np.ix_(at, at)])
        first = 2.0 * float(sizes @ scaled @ direction)
        second = float(direction @ scaled @ direction)
        yield (first if abs(first) > flat else second), direction


def _groups(zero: list[int]) -> Iterator[tuple[int, ...]]:
    """Standard deviations that leave 0 together."""
    count = len(zero)
    upto = count if count <= GROUPED else 2 if count <= PAIRED else 1
    for size in range(1, upto + 1):
        yield from combinations(zero, size)
    if upto < count:
        yield tuple(zero)


def _steepest(part: FloatArray) -> FloatArray:
    """The positive direction, its largest entry 1, in which a quadratic form falls most; else all alike."""
    vector = np.linalg.eigh(0.5 * (part + part.T))[1][:, 0]
    vector = vector / vector[np.argmax(np.abs(vector))]
    return vector if float(vector.min()) > 0.0 else np.ones(len(part))


def _sd_outwards(
    p: Pattern,
    whole: FloatArray,
    slope: float,
    direction: FloatArray,
    rho: float | None,
    pattern: Coordinates,
) -> _Move:
    freed = np.zeros(p.count, dtype=np.bool_)
    freed[: p.sds] = direction > 0.0
    if rho is not None:
        after = np.where(freed[: p.sds], 1.0, whole[: p.sds])
        freed[-1] = _needs_rho(p, after)

    def to(step: float) -> FloatArray:
        out = whole.copy()
        out[: p.sds] = np.where(
            direction > 0.0, step if p.homogeneous else np.sqrt(step * direction), out[: p.sds]
        )
        if rho is not None:
            out[-1] = pattern.pattern.angle(rho)
        return out

    return _Move(slope, freed, to)
