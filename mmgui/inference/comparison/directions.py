"""The directions in which random-effects terms can move the covariance of the response.

A model's marginal covariance is a combination of symmetric n × n matrices: for effects i, j of a
term with groups g, B_ij = Σ_g (e_i e_jᵀ + e_j e_iᵀ restricted to g) (once for i = j), and the residual's
diagonal. They are never formed: all inner products tr(B_a B_b) come from sums over the cells in which
a group of one term meets a group of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.patterns import Pattern
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]

_LINEAR = (Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY)


@dataclass(frozen=True, eq=False)
class Block:
    """Effects of one term that are free to correlate, or all of a patterned term, in an orthonormal basis.

    Attributes
    ----------
    codes
        (n,) the group of each row.
    columns
        (n, r) the effect columns, turned so that their cross-product is n times the identity.
    raw
        (n, s) the effect columns.
    root
        (r, s) ``raw`` is ``columns @ root``.
    pattern
        The structure of a patterned term, else None.
    """

    codes: NDArray[np.int32]
    columns: FloatArray
    raw: FloatArray
    root: FloatArray
    pattern: Pattern | None = None

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(i, j), i >= j: the entries of a symmetric matrix on the turned columns, column-major."""
        s = self.columns.shape[1]
        return tuple((i, j) for j in range(s) for i in range(j, s))

    @property
    def linear(self) -> bool:
        """Whether the block's covariances are a cone with as many dimensions as there are parameters."""
        return self.pattern is None or self.pattern.structure in _LINEAR

    @cached_property
    def shapes(self) -> FloatArray:
        """(k, s, s) on the raw columns, the directions that span a patterned block's covariances.

        Identity: I. Homogeneous compound symmetry: the two projections that make up R, J / s and I - J / s,
        whose coefficients are variances. AR(1): the matrices with ones at one distance. The others: all.
        """
        assert self.pattern is not None
        s = self.pattern.size
        mean = np.full((s, s), 1.0 / s)
        if self.pattern.structure is Covariance.IDENTITY:
            return np.eye(s)[None]
        if self.pattern.structure is Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY:
            return np.array([mean, np.eye(s) - mean])
        if self.pattern.structure is Covariance.AR1:
            at = np.arange(s)
            distance = np.abs(at[:, None] - at)
            return np.array([distance == k for k in range(s)], dtype=np.float64)
        return np.array([as_matrix(unit, s) for unit in np.eye(s * (s + 1) // 2)])

    @property
    def count(self) -> int:
        """Number of directions."""
        return len(self.pairs) if self.pattern is None else len(self.shapes)

    @property
    def parameters(self) -> int:
        """Number of parameters; fewer than directions where the block is not linear."""
        return len(self.pairs) if self.pattern is None else self.pattern.count

    @cached_property
    def mixing(self) -> FloatArray | None:
        """(count, pairs) the directions of a patterned block by ``pairs``; None where they are the pairs."""
        if self.pattern is None:
            return None
        turned = self.root @ self.shapes @ self.root.T
        return np.array([[m[i, j] for i, j in self.pairs] for m in turned])

    def covariance(self, coefficients: FloatArray) -> FloatArray:
        """The matrix that coefficients of the directions make: on the raw columns of a patterned block."""
        if self.pattern is None:
            return as_matrix(coefficients, self.columns.shape[1])
        out: FloatArray = np.einsum("k,kij->ij", coefficients, self.shapes)
        return out

    def coefficients(self, covariance: FloatArray) -> FloatArray:
        """The inverse of ``covariance``."""
        if self.pattern is None:
            return np.array([covariance[i, j] for i, j in self.pairs])
        flat = self.shapes.reshape(len(self.shapes), -1)
        return np.asarray(np.linalg.lstsq(flat.T, covariance.ravel(), rcond=None)[0], dtype=np.float64)

    @cached_property
    def units(self) -> FloatArray:
        """Root mean squares of the columns that ``covariance`` is about."""
        return np.ones(self.columns.shape[1]) if self.pattern is None else _sizes(self.raw)

    def eigenvalues(self, coefficients: FloatArray) -> FloatArray:
        """Ascending eigenvalues of the covariance of the effects in units of their columns."""
        scaled = self.covariance(coefficients) * np.outer(self.units, self.units)
        return np.asarray(np.linalg.eigvalsh(scaled), dtype=np.float64)


def blocks_of(design: Design) -> tuple[Block, ...]:
    """Every block of every random-effects term; columns that add nothing within a block are left out."""
    return tuple(
        Block(term.codes, *_orthonormal(term.columns[:, list(block)]), term.pattern)
        for term in design.random
        for block in term.blocks
    )


def _orthonormal(columns: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The turned columns, the raw ones, and the root that leads from those to these."""
    scale = _sizes(columns)
    left, values, right = np.linalg.svd(columns / scale, full_matrices=False)
    keep = values > 1e-9 * max(values[0], np.finfo(float).tiny)
    size = np.sqrt(len(columns))
    return left[:, keep] * size, columns, values[keep, None] * right[keep] * scale / size


def _sizes(columns: FloatArray) -> FloatArray:
    scale = np.sqrt(np.mean(columns**2, axis=0))
    return np.where(scale > 0, scale, 1.0)


def gram(a: tuple[Block, ...], b: tuple[Block, ...], weights: FloatArray | None, nobs: int) -> FloatArray:
    """Inner products tr(B_a B_b) of two models' directions, the residual's last in each.

    Parameters
    ----------
    a, b
        Blocks of two models on the same rows.
    weights
        (n,) prior weights of the rows; the residual's direction is diag(1/weights).
    nobs
        Number of rows n.
    """
    rows = [
        [_mixed(_between(p, q), p, q) for q in b] + [_mixed(_with_residual(p, weights), p, None)] for p in a
    ]
    last = [_mixed(_with_residual(q, weights), q, None).T for q in b]
    inverse = np.ones(nobs) if weights is None else 1.0 / weights
    rows.append([*last, np.array([[float(np.sum(inverse**2))]])])
    return np.block(rows)


def _mixed(inner: FloatArray, p: Block, q: Block | None) -> FloatArray:
    """Inner products of the directions, from those of the pairs."""
    if p.mixing is not None:
        inner = p.mixing @ inner
    if q is not None and q.mixing is not None:
        inner = inner @ q.mixing.T
    return inner


def _between(p: Block, q: Block) -> FloatArray:
    """(pairs of p, pairs of q) inner products."""
    cell = _cells(p.codes, q.codes)
    count = int(cell.max()) + 1
    s, t = p.columns.shape[1], q.columns.shape[1]
    sums = np.empty((s, t, count))
    for i in range(s):
        for k in range(t):
            sums[i, k] = np.bincount(cell, p.columns[:, i] * q.columns[:, k], count)
    flat = sums.reshape(s * t, count)
    fourth = (flat @ flat.T).reshape(s, t, s, t)
    out = np.empty((len(p.pairs), len(q.pairs)))
    for a, (i, j) in enumerate(p.pairs):
        for b, (k, l) in enumerate(q.pairs):
            both = 2.0 * (fourth[i, k, j, l] + fourth[i, l, j, k])
            out[a, b] = both / ((2.0 if i == j else 1.0) * (2.0 if k == l else 1.0))
    return out


def _with_residual(p: Block, weights: FloatArray | None) -> FloatArray:
    inverse = 1.0 if weights is None else 1.0 / weights[:, None]
    moments = p.columns.T @ (p.columns * inverse)
    return np.array([[moments[i, j] * (1.0 if i == j else 2.0)] for i, j in p.pairs])


def _cells(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.intp]:
    joint = a.astype(np.int64) * (int(b.max()) + 1) + b
    codes: NDArray[np.intp] = np.unique(joint, return_inverse=True)[1].reshape(-1)
    return codes


def as_matrix(coefficients: FloatArray, size: int) -> FloatArray:
    """The symmetric (size, size) covariance whose column-major lower triangle is ``coefficients``."""
    out = np.zeros((size, size))
    k = 0
    for j in range(size):
        for i in range(j, size):
            out[i, j] = out[j, i] = coefficients[k]
            k += 1
    return out
