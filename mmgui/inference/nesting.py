"""Whether one model is a special case of another, decided from the spaces they span, not from their text.

The fixed effects are nested when the columns of the one lie in the column space of the other. The
random effects are nested when every covariance of the response that the small model allows is one that
the big model allows: its directions lie in the span of the big one's, and positive variances stay
positive in the big one's terms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.inference.directions import Block, as_matrix, blocks_of, gram

FloatArray = NDArray[np.float64]

_SPAN = 1e-8
_RANK = 1e-9
_NEGATIVE = -1e-6


@dataclass(frozen=True, slots=True)
class Embedding:
    """How a small model lies in a big one.

    Attributes
    ----------
    extra_fixed
        Fixed effects that the big model adds.
    extra_covariance
        Dimensions of covariance that the big model adds.
    boundary
        For each block of correlated effects in which the small model has directions without variance:
        their number q. The new q(q + 1)/2 (co)variances begin on the boundary.
    identified
        False where the big model's (co)variances cannot be told apart on this table.
    """

    extra_fixed: int
    extra_covariance: int
    boundary: tuple[int, ...]
    identified: bool = True

    @property
    def df(self) -> int:
        """Parameters that the big model adds."""
        return self.extra_fixed + self.extra_covariance


def same_columns(a: FloatArray, b: FloatArray) -> bool:
    """Whether two fixed-effects matrices hold the same columns, in whatever order."""
    if a.shape != b.shape:
        return False
    scale = np.maximum(np.max(np.abs(a), axis=0), np.finfo(float).tiny)
    unused = list(range(b.shape[1]))
    for j in range(a.shape[1]):
        hit = next((k for k in unused if np.allclose(a[:, j], b[:, k], rtol=0, atol=1e-10 * scale[j])), None)
        if hit is None:
            return False
        unused.remove(hit)
    return True


def spans(big: FloatArray, small: FloatArray) -> bool:
    """Whether every column of ``small`` (n, p) is a combination of the columns of ``big`` (n, q)."""
    if small.shape[1] == 0:
        return True
    if big.shape[1] == 0:
        return False
    scaled_small = small / np.sqrt(np.sum(small**2, axis=0))
    q = np.linalg.qr(big / np.sqrt(np.sum(big**2, axis=0)))[0]
    rest = scaled_small - q @ (q.T @ scaled_small)
    return bool(np.max(np.sum(rest**2, axis=0)) < _SPAN)


def embed(small: Design, big: Design) -> Embedding | None:
    """How ``small`` lies in ``big``, or None where it is no special case of it.

    Both designs must be on the same rows. Equal models embed in each other with no extra parameter.

    References
    ----------
    Self, S. G. & Liang, K.-Y. (1987). JASA 82, 605-610. Stram, D. O. & Lee, J. W. (1994). Biometrics 50,
    1171-1177: a covariance of rank r in a block of s effects has r(r + 1)/2 + r(s - r) free directions,
    and the other (s - r)(s - r + 1)/2 are confined to a cone of positive semidefinite matrices.
    """
    if not spans(big.x, small.x):
        return None
    random = _embed_covariance(small, big)
    if random is None:
        return None
    extra, boundary, identified = random
    return Embedding(big.x.shape[1] - small.x.shape[1], extra, boundary, identified)


def covariance_within(small: Design, big: Design) -> bool:
    """Whether every covariance of the response that ``small`` allows is one that ``big`` allows."""
    return _embed_covariance(small, big) is not None


def _embed_covariance(small: Design, big: Design) -> tuple[int, tuple[int, ...], bool] | None:
    inner, outer = blocks_of(small), blocks_of(big)
    big_gram = _unit(gram(outer, outer, big.weights, big.nobs))
    cross = gram(outer, inner, big.weights, big.nobs)
    small_gram = gram(inner, inner, small.weights, small.nobs)
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
    own = np.linalg.eigvalsh(_unit(small_gram).matrix)
    extra = int(keep.sum()) - int(np.sum(own > _RANK * own[-1]))
    if not identified:
        return extra, (), False
    if not _stays_positive(inner, outer, weights):
        return None
    return extra, _boundary(inner, outer, weights), True


@dataclass(frozen=True, slots=True)
class _UnitGram:
    matrix: FloatArray
    scale: FloatArray


def _unit(matrix: FloatArray) -> _UnitGram:
    scale = np.sqrt(np.maximum(np.diag(matrix), np.finfo(float).tiny))
    return _UnitGram(matrix / np.outer(scale, scale), scale)


def _blocks_in(outer: tuple[Block, ...], coefficients: FloatArray) -> tuple[list[FloatArray], float]:
    """The big model's covariance matrices, and residual variance, at these coefficients."""
    matrices, start = [], 0
    for block in outer:
        count = len(block.pairs)
        matrices.append(as_matrix(coefficients[start : start + count], block.columns.shape[1]))
        start += count
    return matrices, float(coefficients[start])


def _stays_positive(inner: tuple[Block, ...], outer: tuple[Block, ...], weights: FloatArray) -> bool:
    """Whether variance along any direction of a small block is a proper covariance in the big model."""
    generator = np.random.default_rng(1)
    start = 0
    for block in inner:
        s, pairs = block.columns.shape[1], block.pairs
        rays = np.vstack([np.eye(s), generator.standard_normal((4 * s if s > 1 else 0, s))])
        for ray in rays:
            coefficients = np.array([ray[i] * ray[j] for i, j in pairs])
            matrices, residual = _blocks_in(outer, weights[:, start : start + len(pairs)] @ coefficients)
            size = float(ray @ ray)
            smallest = min([residual, *(float(np.linalg.eigvalsh(m)[0]) for m in matrices)])
            if smallest < _NEGATIVE * size:
                return False
        start += len(pairs)
    return True


def _boundary(inner: tuple[Block, ...], outer: tuple[Block, ...], weights: FloatArray) -> tuple[int, ...]:
    """Directions without variance in each big block, when the small model has variance wherever it can."""
    identity = [[1.0 if i == j else 0.0 for i, j in b.pairs] for b in inner]
    coefficients = np.array([c for block in identity for c in block] + [1.0])
    matrices, _ = _blocks_in(outer, weights @ coefficients)
    empty = []
    for matrix in matrices:
        values = np.linalg.eigvalsh(matrix)
        empty.append(int(np.sum(values < 1e-6 * max(float(values[-1]), 1.0))))
    return tuple(q for q in empty if q > 0)
