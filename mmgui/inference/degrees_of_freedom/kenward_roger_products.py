"""How the covariance of the response moves the fixed effects' precision: P, Q and T, from cross-products.

With V the covariance of the response and G_r its derivatives with respect to its parameters,

    P_r = -XᵀV⁻¹G_rV⁻¹X,  Q_rs = XᵀV⁻¹G_rV⁻¹G_sV⁻¹X,  T_rs = tr(V⁻¹G_rV⁻¹G_s).

For random effects G_r = Z (I ⊗ D_r) Zᵀ with a symmetric (s, s) direction D_r, so that all follow from
K = ZᵀV⁻¹Z and B = ZᵀV⁻¹X. Neither is formed over the factor f with most effects. With V_f the covariance
that this factor and the residual alone would give, block-diagonal,

    A = Z_fᵀV_f⁻¹Z_f (a block for each group),  N = Z_fᵀV_f⁻¹Z_R (sparse),  C = Z_RᵀV_f⁻¹Z_R,
    S = Λ (I + ΛᵀCΛ)⁻¹ Λᵀ over the other factors R,
    K_ff = A - N S Nᵀ,  K_fR = N (I - S C),  K_RR = C - C S C,

and with U_r = NᵀD_rN, like C without entries between effects that no row joins, J the blocks of N S Nᵀ
on the groups,

    T_rs = Σ_g tr(A D_r A D_s) - 2 Σ_g tr(A D_r J D_s) + tr(S U_r S U_s)     both in f,
    T_rs = tr((I - C S) U_r (I - S C) D_s)                                   s in R,
    T_rs = tr(K_RR D_r K_RR D_s)                                             both in R.

Everything is in units in which the residual variance is 1, and in the columns of
:mod:`mmgui.inference.degrees_of_freedom.coordinates`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from mmgui.engine.result import Fit
from mmgui.engine.structure import Factor, amalgamate
from mmgui.inference.degrees_of_freedom import kenward_roger_blocks as blocks
from mmgui.inference.degrees_of_freedom.coordinates import WhitenedDesign

FloatArray = NDArray[np.float64]

Guard = Callable[[blocks.Partition, int], None]
"""Refuses what would be too large, given the other factors' partition and the products of N with itself."""

_CHUNK = 4_000_000


@dataclass(frozen=True, eq=False)
class Direction:
    """G = Σ Z_t (I ⊗ D_t) Zᵀ_t: for some of the terms a symmetric (s, s) D, for whitened columns."""

    parts: tuple[tuple[int, FloatArray], ...]


@dataclass(frozen=True, eq=False)
class _Parts:
    """A direction by factor: (s, s) over the first factor, (q, q) sparse over the others; None where zero."""

    first: FloatArray | None
    others: sparse.csr_array | None
    entries: tuple[blocks.Entries, ...] | None


class CrossProducts:
    """K and B of a fit, in the parts given above, and what follows from them.

    Attributes
    ----------
    partition
        The blocks into which the other factors' effects fall.
    precision
        (p, p) XᵀV⁻¹X.
    """

    def __init__(self, fit: Fit, whitened: WhitenedDesign, guard: Guard) -> None:
        design = fit.design
        self._factors = amalgamate(design)
        f, others = self._factors[0], self._factors[1:]
        self._sizes = [o.size for o in others]
        self._levels = [o.levels for o in others]
        weight = design.row_weights
        lams = [_relative_factor(fit, whitened, factor) for factor in self._factors]
        z, *each = (_columns(whitened, factor) for factor in self._factors)
        rest = _hstack(each, design.nobs)
        weighted = sparse.csr_array(rest.multiply(weight[:, None]))
        gram = _group_blocks(whitened, f, weight)
        k = _shrinkage(lams[0], gram)
        keep = np.eye(f.size) - gram @ k
        self._a: FloatArray = keep @ gram
        coupling = sparse.csr_array(z.T @ weighted)
        self._n = sparse.csr_array(_block_diagonal(keep) @ coupling)
        c = sparse.csr_array(rest.T @ weighted - coupling.T @ (_block_diagonal(k) @ coupling))
        self.partition = blocks.Partition(_together(f, others))
        guard(self.partition, int(np.sum(np.diff(self._n.indptr).astype(np.int64) ** 2)))
        self._c = self.partition.dense(c)
        lam = [sparse.kron(sparse.eye_array(o.levels), m) for o, m in zip(others, lams[1:], strict=True)]
        lam_rest = sparse.csr_array(sparse.block_diag(lam)) if lam else sparse.csr_array((0, 0))
        self._s = blocks.woodbury(self.partition.dense(lam_rest), self._c)
        self._sc = blocks.product(self._s, self._c)
        wx = whitened.x * weight[:, None]
        x_f = (z.T @ wx).reshape(f.levels, f.size, -1)
        shrunk = (k @ x_f).reshape(f.effects, -1)
        x_r = rest.T @ wx - coupling.T @ shrunk
        inner = self.partition.times(self._s, x_r)
        precision = whitened.x.T @ wx - x_f.reshape(shrunk.shape).T @ shrunk - x_r.T @ inner
        self.precision: FloatArray = 0.5 * (precision + precision.T)
        self._b_first: FloatArray = (keep @ x_f).reshape(f.effects, -1) - self._n @ inner
        self._b_others: FloatArray = x_r - self.partition.times(self._c, inner)

    def parts(self, direction: Direction) -> _Parts:
        """The direction by factor."""
        given = dict(direction.parts)
        by_factor = []
        for factor in self._factors:
            d = np.zeros((factor.size, factor.size))
            for term, start in zip(factor.terms, factor.offsets, strict=True):
                if term in given:
                    s = len(given[term])
                    d[start : start + s, start : start + s] = given[term]
            by_factor.append(d)
        first = by_factor[0] if by_factor[0].any() else None
        if not any(d.any() for d in by_factor[1:]):
            return _Parts(first, None, None)
        each = [
            sparse.kron(sparse.eye_array(levels), d)
            for levels, d in zip(self._levels, by_factor[1:], strict=True)
        ]
        others = sparse.csr_array(sparse.block_diag(each))
        others.eliminate_zeros()
        return _Parts(first, others, self.partition.split(others))

    def turned(self, d: _Parts) -> tuple[FloatArray, FloatArray]:
        """K (I ⊗ D) B over the first factor and over the others."""
        e_first, e_others = self._times_b(d)
        w = self._n.T @ e_first + self.partition.times(self._c, e_others)
        inner = self.partition.times(self._s, w)
        own = (self._a @ e_first.reshape(len(self._a), self._a.shape[1], -1)).reshape(e_first.shape)
        return own + self._n @ (e_others - inner), w - self.partition.times(self._c, inner)

    def with_b(self, d: _Parts, right: tuple[FloatArray, FloatArray] | None = None) -> FloatArray:
        """(p, p) Bᵀ (I ⊗ D) M for M over both kinds of factors; M = B if not given."""
        first, others = self._times_b(d)
        m = (self._b_first, self._b_others) if right is None else right
        product: FloatArray = first.T @ m[0] + others.T @ m[1]
        return product

    def trace(self, d: _Parts) -> float:
        """tr(V⁻¹G)."""
        total = 0.0
        if d.first is not None:
            total += float(np.sum((self._a - self._j).sum(axis=0) * d.first))
        if d.entries is not None:
            total += blocks.trace_with(self._k_others, d.entries)
        return total

    def traces(self, directions: list[_Parts]) -> FloatArray:
        """(k, k) T."""
        out = np.zeros((len(directions),) * 2)
        own = [r for r, d in enumerate(directions) if d.first is not None]
        other = [r for r, d in enumerate(directions) if d.entries is not None]
        if own:
            out[np.ix_(own, own)] += self._within_first([directions[r].first for r in own])
        for r in own if self.partition.size else ():
            u = self._u(directions[r].first)
            left = _less_identity(blocks.transposed(self._sc))
            moved = blocks.product(blocks.product(left, u), blocks.transposed(left))
            for s in other:
                entries = directions[s].entries
                value = blocks.trace_with(moved, entries) if entries is not None else 0.0
                out[r, s] += value
                out[s, r] += value
        halves = [blocks.left_product(d.entries, self._k_others) for d in directions if d.entries is not None]
        for a, r in enumerate(other):
            for b, s in enumerate(other[: a + 1]):
                value = blocks.trace_of_product(halves[a], halves[b])
                out[r, s] += value
                out[s, r] += value if r != s else 0.0
        return out

    def _times_b(self, d: _Parts) -> tuple[FloatArray, FloatArray]:
        first, others = np.zeros_like(self._b_first), np.zeros_like(self._b_others)
        if d.first is not None:
            shape = (len(self._a), self._a.shape[1], -1)
            first = (d.first @ self._b_first.reshape(shape)).reshape(self._b_first.shape)
        if d.others is not None:
            others = d.others @ self._b_others
        return first, others

    def _within_first(self, directions: list[FloatArray | None]) -> FloatArray:
        """T of directions of the first factor."""
        given = np.array([d for d in directions if d is not None])
        size = self._a.shape[1]
        a, j = self._a.reshape(-1, size**2), self._j.reshape(-1, size**2)
        fourth = (a.T @ (a - 2.0 * j)).reshape((size,) * 4)
        out = np.einsum("ijkl,rjk,sli->rs", fourth, given, given, optimize=True)
        out = 0.5 * (out + out.T)
        if self.partition.size:
            halves = [blocks.product(self._s, self._u(d)) for d in given]
            for r, left in enumerate(halves):
                for s, right in enumerate(halves[: r + 1]):
                    value = blocks.trace_of_product(left, right)
                    out[r, s] += value
                    out[s, r] += value if r != s else 0.0
        result: FloatArray = out
        return result

    def _u(self, d: FloatArray | None) -> blocks.Blocks:
        assert d is not None
        turned = _block_diagonal(np.broadcast_to(d, self._a.shape)) @ self._n
        return self.partition.dense(sparse.csr_array(self._n.T @ turned))

    @cached_property
    def _k_others(self) -> blocks.Blocks:
        csc = blocks.product(self._c, self._sc)
        return tuple(c - x for c, x in zip(self._c, csc, strict=True))

    @cached_property
    def _j(self) -> FloatArray:
        """(L, s, s) blocks of N S Nᵀ."""
        levels, size = self._a.shape[:2]
        out = np.zeros((levels, size, size))
        if not self.partition.size:
            return out
        whole = self.partition.largest == self.partition.size
        right = self._s[0][0] if whole else self.partition.sparse(self._s)
        step = max(1, _CHUNK // max(1, self.partition.largest * size))
        for start in range(0, levels, step):
            rows = slice(start * size, min(start + step, levels) * size)
            n = self._n[rows]
            ns = n @ right
            own = [n[i::size] for i in range(size)]
            turned = [ns[i::size] for i in range(size)]
            for i in range(size):
                for k in range(size):
                    line = own[k].multiply(turned[i]).sum(axis=1)
                    out[start : start + step, i, k] = np.asarray(line).ravel()
        return out


def _less_identity(m: blocks.Blocks) -> blocks.Blocks:
    """I - m."""
    return tuple(np.eye(x.shape[1]) - x for x in m)


def _relative_factor(fit: Fit, whitened: WhitenedDesign, factor: Factor) -> FloatArray:
    out = np.zeros((factor.size, factor.size))
    for term, start in zip(factor.terms, factor.offsets, strict=True):
        lam = whitened.inverses[term] @ fit.terms[term].relative_factor
        out[start : start + len(lam), start : start + len(lam)] = lam
    return out


def _effect_columns(whitened: WhitenedDesign, factor: Factor) -> FloatArray:
    """(n, s) the effect columns of all terms of a factor."""
    return np.hstack([whitened.columns[t] for t in factor.terms])


def _columns(whitened: WhitenedDesign, factor: Factor) -> sparse.csr_array:
    """(n, L s) Z of one factor, groups before effects."""
    values = _effect_columns(whitened, factor)
    n, s = values.shape
    at = factor.codes.astype(np.int64)[:, None] * s + np.arange(s)
    pointers = np.arange(0, n * s + 1, s)
    return sparse.csr_array((values.ravel(), at.ravel(), pointers), shape=(n, factor.effects))


def _together(first: Factor, others: tuple[Factor, ...]) -> NDArray[np.intp]:
    """For each effect of the other factors which block it is in: groups that rows join are in one.

    Told by the rows, not by the entries of C: with a variance of 0 of the first factor C has none between
    groups of crossed factors, and U has them all the same.
    """
    starts = np.cumsum([first.levels, *(o.levels for o in others)])
    nodes = [start + o.codes.astype(np.int64) for start, o in zip(starts, others, strict=False)]
    rows = np.tile(first.codes.astype(np.int64), len(others))
    columns = np.concatenate(nodes) if nodes else rows
    graph = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(int(starts[-1]),) * 2)
    labels = csgraph.connected_components(graph, directed=False)[1][first.levels :]
    numbered = np.unique(labels, return_inverse=True)[1].astype(np.intp)
    sizes = np.concatenate([np.full(o.levels, o.size) for o in others]) if others else numbered
    return np.repeat(numbered, sizes)


def _hstack(columns: list[sparse.csr_array], nrows: int) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack(columns)) if columns else sparse.csr_array((nrows, 0))


def _group_blocks(whitened: WhitenedDesign, factor: Factor, weight: FloatArray) -> FloatArray:
    """(L, s, s) ZᵀWZ of one factor."""
    values = _effect_columns(whitened, factor)
    out = np.empty((factor.levels, factor.size, factor.size))
    for i in range(factor.size):
        for j in range(i + 1):
            sums = np.bincount(factor.codes, values[:, i] * values[:, j] * weight, factor.levels)
            out[:, i, j] = out[:, j, i] = sums
    return out


def _shrinkage(lam: FloatArray, gram: FloatArray) -> FloatArray:
    """(L, s, s) λ (λᵀGλ + I)⁻¹ λᵀ."""
    inner = lam.T @ gram @ lam + np.eye(len(lam))
    half = np.linalg.solve(np.linalg.cholesky(inner), np.broadcast_to(lam.T, inner.shape))
    out: FloatArray = half.swapaxes(1, 2) @ half
    return out


def _block_diagonal(values: FloatArray) -> sparse.csr_array:
    """A sparse matrix with the (L, s, s) blocks on its diagonal."""
    levels, s = values.shape[:2]
    pointers = np.arange(levels + 1)
    bsr = sparse.bsr_array(
        (np.ascontiguousarray(values), np.arange(levels), pointers), shape=(levels * s,) * 2
    )
    return sparse.csr_array(bsr)
