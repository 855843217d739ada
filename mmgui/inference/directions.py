"""The directions in which random-effects terms can move the covariance of the response.

A model's marginal covariance is a combination of symmetric n × n matrices: for effects i, j of a
term with groups g, B_ij = Σ_g (e_i e_jᵀ + e_j e_iᵀ restricted to g) (once for i = j), and the residual's
diagonal. They are never formed: all inner products tr(B_a B_b) come from sums over the cells in which
a group of one term meets a group of another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Block:
    """Effects of one term that are free to correlate, in an orthonormal basis.

    Attributes
    ----------
    codes
        (n,) the group of each row.
    columns
        (n, s) the effect columns, turned so that their cross-product is n times the identity.
    """

    codes: NDArray[np.int32]
    columns: FloatArray

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(i, j), i >= j: the block's directions, column-major."""
        s = self.columns.shape[1]
        return tuple((i, j) for j in range(s) for i in range(j, s))


def blocks_of(design: Design) -> tuple[Block, ...]:
    """Every block of every random-effects term; columns that add nothing within a block are left out."""
    return tuple(
        Block(term.codes, _orthonormal(term.columns[:, list(block)]))
        for term in design.random
        for block in term.blocks
    )


def _orthonormal(columns: FloatArray) -> FloatArray:
    scale = np.sqrt(np.mean(columns**2, axis=0))
    left, values, _ = np.linalg.svd(columns / np.where(scale > 0, scale, 1.0), full_matrices=False)
    keep = values > 1e-9 * max(values[0], np.finfo(float).tiny)
    return np.asarray(left[:, keep] * np.sqrt(len(columns)))


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
    rows = [[_between(p, q) for q in b] + [_with_residual(p, weights)] for p in a]
    last = [_with_residual(q, weights).T for q in b]
    inverse = np.ones(nobs) if weights is None else 1.0 / weights
    rows.append([*last, np.array([[float(np.sum(inverse**2))]])])
    return np.block(rows)


def _between(p: Block, q: Block) -> FloatArray:
    """(directions of p, directions of q) inner products."""
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
