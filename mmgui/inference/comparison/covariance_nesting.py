"""Whether every covariance of the response that a small model allows is one that a big model allows.

Its directions must lie in the span of the big one's, and positive variances must stay positive in the big
one's terms. A patterned term of the big model whose covariances are no linear family (a correlation
beside several variances, an autoregression) is first replaced by its span; members of the small model
must then have the pattern there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.patterns import Pattern
from mmgui.inference.comparison.directions import Block, blocks_of, gram

FloatArray = NDArray[np.float64]

_SPAN = 1e-8
_RANK = 1e-9
_NEGATIVE = -1e-6
_SAME = 1e-6
# Members of the small model that must have the big model's pattern.
_MEMBERS = 8
# A correlation like any other.
_RHO = 0.3


@dataclass(frozen=True, slots=True)
class CovarianceEmbedding:
    """How a small model's covariances lie in a big one's; attributes as in ``nesting.Embedding``."""

    extra: int
    boundary: tuple[int, ...] = ()
    identified: bool = True
    bound: int = 0


def embed_covariance(small: Design, big: Design) -> CovarianceEmbedding | None:
    """How the covariances of ``small`` lie in those of ``big``, on the same rows; None if they do not."""
    inner, outer = blocks_of(small), blocks_of(big)
    if not all(b.linear for b in outer):
        rest = _without_common(inner, outer)
        found = _within(*rest, big)
        if found is not None or len(rest[0]) == len(inner):
            return found
    return _within(inner, outer, big)


def _without_common(
    inner: tuple[Block, ...], outer: tuple[Block, ...]
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The blocks that the two do not share."""
    left, right = [], list(outer)
    for block in inner:
        twin = next((k for k, other in enumerate(right) if _same(block, other)), None)
        if twin is None:
            left.append(block)
        else:
            right.pop(twin)
    return tuple(left), tuple(right)


def _same(a: Block, b: Block) -> bool:
    return a.pattern == b.pattern and np.array_equal(a.codes, b.codes) and np.array_equal(a.raw, b.raw)


def _within(inner: tuple[Block, ...], outer: tuple[Block, ...], big: Design) -> CovarianceEmbedding | None:
    linear = all(b.linear for b in outer)
    outer_gram = gram(outer, outer, big.weights, big.nobs)
    if not linear and not inner:
        # Nothing but the residual: every term of the big model begins at zero.
        zero = [np.zeros(b.count) for b in outer]
        return CovarianceEmbedding(_dimensions(outer, outer_gram) - 1, *_edges(outer, zero))
    big_gram = _unit(outer_gram)
    cross = gram(outer, inner, big.weights, big.nobs)
    small_gram = gram(inner, inner, big.weights, big.nobs)
    values, vectors = np.linalg.eigh(big_gram.matrix)
    keep = values > _RANK * values[-1]
    identified = bool(keep.all())
    turned = vectors[:, keep].T @ (cross / big_gram.scale[:, None])
    norms = np.maximum(np.diag(small_gram), np.finfo(float).tiny)
    rest = 1.0 - np.sum(turned**2 / values[keep][:, None], axis=0) / norms
    if np.max(rest) > _SPAN:
        return None
    # Column a: the big model's coefficients that give direction a of the small one.
    weights = (vectors[:, keep] @ (turned / values[keep][:, None])) / big_gram.scale[:, None]
    extra = _dimensions(outer, outer_gram) - _dimensions(inner, small_gram)
    if not identified:
        return CovarianceEmbedding(extra, identified=False) if linear else None
    if not _stays_positive(inner, outer, weights) or not _has_patterns(inner, outer, weights):
        return None
    generic = np.concatenate([*(_generic(b) for b in inner), [1.0]])
    return CovarianceEmbedding(extra, *_edges(outer, _parts(outer, weights @ generic)))


def _dimensions(blocks: tuple[Block, ...], directions: FloatArray) -> int:
    """Rank of the Gram matrix of what the parameters move at a covariance like any other, σ² included."""
    size = directions.shape[0]
    tangents = np.zeros((sum(b.parameters for b in blocks) + 1, size))
    tangents[-1, -1] = 1.0
    row = column = 0
    for block in blocks:
        own = _tangents(block)
        tangents[row : row + own.shape[0], column : column + own.shape[1]] = own
        row, column = row + own.shape[0], column + own.shape[1]
    values = np.linalg.eigvalsh(_unit(tangents @ directions @ tangents.T).matrix)
    return int(np.sum(values > _RANK * values[-1]))


def _tangents(block: Block) -> FloatArray:
    """(parameters, directions) what each parameter moves."""
    if block.pattern is None or block.linear:
        return np.eye(block.count)
    theta = _theta(block, block.pattern, _RHO, np.random.default_rng(3))
    return np.array([block.coefficients(slope) for slope in block.pattern.covariance_slopes(theta)])


@dataclass(frozen=True, slots=True)
class _UnitGram:
    matrix: FloatArray
    scale: FloatArray


def _unit(matrix: FloatArray) -> _UnitGram:
    scale = np.sqrt(np.maximum(np.diag(matrix), np.finfo(float).tiny))
    return _UnitGram(matrix / np.outer(scale, scale), scale)


def _parts(outer: tuple[Block, ...], coefficients: FloatArray) -> list[FloatArray]:
    """Each block's coefficients; the residual's is left over."""
    ends = np.cumsum([b.count for b in outer])
    return np.split(coefficients, ends)[: len(outer)]


def _stays_positive(inner: tuple[Block, ...], outer: tuple[Block, ...], weights: FloatArray) -> bool:
    """Whether variance along any direction of a small block is a proper covariance in the big model."""
    generator = np.random.default_rng(1)
    start = 0
    for block in inner:
        for own, size in _variances(block, generator):
            coefficients = weights[:, start : start + block.count] @ own
            parts = _parts(outer, coefficients)
            lowest = [float(b.eigenvalues(c)[0]) for b, c in zip(outer, parts, strict=True)]
            if min(float(coefficients[-1]), *lowest, np.inf) < _NEGATIVE * size:
                return False
        start += block.count
    return True


def _variances(block: Block, generator: np.random.Generator) -> Iterator[tuple[FloatArray, float]]:
    """Covariances of a block as coefficients, with their size: rays, or members at the pattern's limits."""
    if block.pattern is None:
        s = block.columns.shape[1]
        for ray in np.vstack([np.eye(s), generator.standard_normal((4 * s if s > 1 else 0, s))]):
            yield np.array([ray[i] * ray[j] for i, j in block.pairs]), float(ray @ ray)
        return
    low, high = block.pattern.limits
    for rho in (low, 0.0, 0.5 * low, 0.5 * high, high):
        own = block.coefficients(_member(block, block.pattern, rho, generator))
        yield own, float(np.sum(block.eigenvalues(own)))


def _member(block: Block, pattern: Pattern, rho: float, generator: np.random.Generator) -> FloatArray:
    """A covariance with the pattern, its variances at random."""
    return pattern.covariance(_theta(block, pattern, rho, generator))


def _theta(block: Block, pattern: Pattern, rho: float, generator: np.random.Generator) -> FloatArray:
    sd = np.exp(0.5 * generator.standard_normal(pattern.sds))
    sd /= np.sqrt(np.mean(block.units**2)) if pattern.homogeneous else block.units
    return np.append(sd, rho) if pattern.correlated else sd


def _has_patterns(inner: tuple[Block, ...], outer: tuple[Block, ...], weights: FloatArray) -> bool:
    """Whether members of the small model have the patterns of the big one's terms that are not linear."""
    if all(b.linear for b in outer):
        return True
    generator = np.random.default_rng(2)
    for _ in range(_MEMBERS):
        own = [_random(b, generator) for b in inner]
        parts = _parts(outer, weights @ np.concatenate([*own, [1.0]]))
        for block, part in zip(outer, parts, strict=True):
            if block.pattern is not None and not block.linear:
                scale = float(np.max(np.abs(np.concatenate(own)))) if own else 1.0
                if not _fits(block.pattern, block.covariance(part), block.units, scale):
                    return False
    return True


def _random(block: Block, generator: np.random.Generator) -> FloatArray:
    if block.pattern is None:
        s = block.columns.shape[1]
        root = generator.standard_normal((s, s))
        return block.coefficients(root @ root.T)
    low, high = block.pattern.limits
    return block.coefficients(_member(block, block.pattern, generator.uniform(low, high), generator))


def _fits(pattern: Pattern, covariance: FloatArray, units: FloatArray, scale: float) -> bool:
    """Whether a covariance has the pattern."""
    sd = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scaled = covariance * np.outer(units, units)
    if float(np.abs(scaled).max()) <= _SAME * scale:
        return True
    if not (sd > 0.0).all():
        return False
    rho = _rho(pattern, covariance / np.outer(sd, sd))
    theta = np.append(sd[:1] if pattern.homogeneous else sd, rho)
    low, high = pattern.limits
    away = np.abs((pattern.covariance(theta) - covariance) * np.outer(units, units))
    return bool(low - _SAME <= rho <= high + _SAME and away.max() <= _SAME * np.abs(scaled).max())


def _rho(pattern: Pattern, correlation: FloatArray) -> float:
    pairs = (
        np.diag(correlation, 1) if pattern.autoregressive else correlation[np.triu_indices(pattern.size, 1)]
    )
    return float(pairs.mean())


def _generic(block: Block) -> FloatArray:
    """Coefficients of a covariance that has variance wherever it can."""
    if block.pattern is None:
        return np.array([1.0 if i == j else 0.0 for i, j in block.pairs])
    return block.coefficients(_member(block, block.pattern, _RHO, np.random.default_rng(3)))


def _edges(outer: tuple[Block, ...], parts: list[FloatArray]) -> tuple[tuple[int, ...], bool, int]:
    """Directions without variance in each big block where the small model has variance wherever it can.

    Returns what :class:`CovarianceEmbedding` has after ``extra``.
    """
    boundary: list[int] = []
    bound = 0
    for block, part in zip(outer, parts, strict=True):
        values = block.eigenvalues(part)
        empty = int(np.sum(values < _SAME * max(float(values[-1]), 1.0)))
        if block.pattern is None:
            boundary.append(empty)
        elif block.linear:
            boundary += [1] * _vanishing(block, part)
        elif empty:
            sd = np.sqrt(np.maximum(np.diag(block.covariance(part)), 0.0)) * block.units
            if (sd > _SAME).all():
                boundary.append(1)
                continue
            bound += block.count - block.parameters
            if block.pattern.autoregressive and block.pattern.homogeneous:
                continue
            boundary.append(empty)
    return tuple(q for q in boundary if q > 0), True, bound


def _vanishing(block: Block, part: FloatArray) -> int:
    """How many of the variances that make up a linear pattern are zero."""
    size = float(np.mean(block.units**2))
    scaled = part * size
    return int(np.sum(scaled < _SAME * max(float(np.max(scaled)), 1.0)))
