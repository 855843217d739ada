"""Leverages, and what each observation contributes to the fixed effects, at the fitted variances.

With f_i = (z_i, x_i) the row of [Z X] and M = Λ̃ Ω̃⁻¹ Λ̃ᵀ the joint covariance of (b̂ - b, β̂) over σ²,

    h_i = ∂ŷ_i/∂y_i = w_i f_iᵀ M f_i,    ∂β̂/∂y_i = w_i M_β· f_i.

Only those entries of M are needed whose groups occur together in a row. They follow from the
factorization, coarsest factor first: with K = (C + Σ⁻¹)⁻¹ and C_a the cross products of a chain factor's
group with what is eliminated after it,

    M_a = -K Σ_c C_c M_ca,    M_own = K - (Σ_c M_c C_cᵀ) K.

References
----------
Erisman, A. M. & Tinney, W. F. (1975). On computing certain elements of the inverse of a sparse matrix.
Communications of the ACM 18, 177-179. Demidenko, E. & Stukel, T. A. (2005). Influence analysis for linear
mixed-effects models. Statistics in Medicine 24, 893-909.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.blocks import ChainBlock
from mmgui.engine.criterion import Criterion
from mmgui.engine.elimination import ChainState, Elimination, times, transpose
from mmgui.engine.factor import inverse_gram
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.engine.trailing import scale_both

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

# Numbers of M held at once for the finest factor.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class Leverage:
    """How each row pulls at the fit while the relative variances θ are held.

    Attributes
    ----------
    hat
        (n,) h_i = ∂ŷ_i/∂y_i, the diagonal of the hat matrix (lme4's ``hatvalues``).
    on_beta
        (n, p) ∂β̂/∂y_i.
    """

    hat: FloatArray
    on_beta: FloatArray

    @property
    def effective_parameters(self) -> float:
        """Sum of the leverages: effective degrees of freedom of the conditional fit."""
        return float(self.hat.sum())


def leverage(fit: Fit) -> Leverage:
    """The diagonal of the hat matrix of the conditional fitted values, and each row's pull on β̂.

    Computed from the factorization of the cross products; nothing of size n × n is formed.

    Parameters
    ----------
    fit
        The fitted model, by REML or ML.
    """
    with one_blas_thread():
        criterion = Criterion(fit.design)
        state = criterion.eliminate(criterion.flat(fit.theta))
        hat, on_gamma = _Rows(state).pull()
    fixed = state.blocks.fixed
    p = state.blocks.p
    on_beta: FloatArray = on_gamma
    if p:
        on_beta = np.linalg.solve(fixed.root, on_gamma.T).T.astype(np.float64, copy=False)
    if fit.design.weights is not None:
        on_beta = on_beta * np.sqrt(fit.design.weights)[:, None]
    return Leverage(hat, on_beta)


class _Rows:
    """Sums over the blocks of M for every row, in the engine's coordinates (weights folded in)."""

    def __init__(self, state: Elimination) -> None:
        blocks = state.blocks
        self._state, self._blocks = state, blocks
        self._width = blocks.q + blocks.p
        self._x = blocks.fixed.columns[:, : blocks.p]
        self._hat = np.zeros(blocks.n)
        self._gamma = np.zeros((blocks.n, blocks.p))
        l = np.asfortranarray(state.l[: self._width, : self._width])
        inverse = inverse_gram(l) if self._width else l
        self._trailing = inverse if state.divided else scale_both(blocks, state.lams, inverse, adjoint=False)
        # Of each chain factor of which M is known: M with the trailing columns, with coarser factors, own.
        self._known: dict[int, tuple[FloatArray, list[FloatArray], FloatArray]] = {}

    def pull(self) -> tuple[FloatArray, FloatArray]:
        """(n,) leverages and (n, p) weights on the engine's fixed coordinates."""
        self._add_trailing()
        for position in reversed(range(len(self._blocks.chain))):
            self._add_chain(position)
        return self._hat, self._gamma

    def _z(self, factor: int) -> tuple[FloatArray, IntArray]:
        return self._blocks.basis.columns[factor], self._blocks.factors[factor].codes.astype(np.intp)

    def _crossed_columns(self) -> list[tuple[IntArray, FloatArray]]:
        """For each effect of the crossed factors, each row's column of the trailing block and its value."""
        out = []
        for d in self._blocks.dense:
            z, codes = self._z(d.factor)
            out += [(d.start + codes * d.size + k, z[:, k]) for k in range(d.size)]
        return out

    def _add_trailing(self) -> None:
        q, m, x = self._blocks.q, self._trailing, self._x
        own = m[q:, q:]
        self._hat += np.einsum("np,pr,nr->n", x, own, x, optimize=True)
        self._gamma += x @ own
        columns = self._crossed_columns()
        for a, (column, value) in enumerate(columns):
            on_fixed = m[column, q:] * value[:, None]
            self._gamma += on_fixed
            self._hat += 2.0 * np.einsum("np,np->n", on_fixed, x)
            for other, also in columns[: a + 1]:
                twice = 1.0 if other is column else 2.0
                self._hat += twice * m[column, other] * value * also

    def _add_chain(self, position: int) -> None:
        block, own = self._blocks.chain[position], self._state.states[position]
        z, codes = self._z(block.factor)
        levels = block.levels
        step = levels if position else max(1, _AT_ONCE // (block.size * max(1, self._width)))
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(0, levels + step, step))
        for number, first in enumerate(range(0, levels, step)):
            part = slice(first, min(first + step, levels))
            rows = order[bounds[number] : bounds[number + 1]]
            known = self._entries(position, block, own, part)
            if position:
                self._known[position] = known
            self._add_rows(rows, z[rows], codes[rows] - first, known, position)

    def _entries(
        self, position: int, block: ChainBlock, own: ChainState, part: slice
    ) -> tuple[FloatArray, list[FloatArray], FloatArray]:
        """M of some of a chain factor's groups: with the trailing columns, each coarser factor, itself."""
        k = times(transpose(own.e[part]), own.e[part])
        coupling = self._coupling(block, own, part)
        parents = [a.parent[part] for a in block.ancestors]
        cross = [c[part] for c in own.cross]
        coarser = range(position + 1, len(self._blocks.chain))
        trailing = coupling.on(self._trailing)
        for j, (c, parent) in enumerate(zip(cross, parents, strict=True)):
            trailing = trailing + c @ self._known[coarser[j]][0][parent]
        with_trailing = -times(k, trailing)
        with_coarser = []
        for a, parent in enumerate(parents):
            total = coupling.times_blocks(self._known[coarser[a]][0], parent)
            for b, c in enumerate(cross):
                total = total + c @ self._between(coarser[b], coarser[a], parents)
            with_coarser.append(-times(k, total))
        back = coupling.back(with_trailing)
        for m, c in zip(with_coarser, cross, strict=True):
            back = back + m @ transpose(c)
        return with_trailing, with_coarser, k - times(back, k)

    def _between(self, b: int, a: int, parents: list[IntArray]) -> FloatArray:
        """M between two coarser chain factors, at the groups in which these groups lie."""
        first = len(self._blocks.chain) - len(parents)
        if a == b:
            return self._known[a][2][parents[a - first]]
        if b < a:
            return self._known[b][1][a - b - 1][parents[b - first]]
        return transpose(self._known[a][1][b - a - 1][parents[a - first]])

    def _coupling(self, block: ChainBlock, own: ChainState, part: slice) -> _Coupling:
        fixed = own.coupling[part, :, :-1]
        if block.sparse is None or own.values is None:
            return _Coupling(fixed, None, None, None)
        entries = slice(int(block.sparse.indptr[part.start]), int(block.sparse.indptr[part.stop]))
        level = block.sparse.level[entries] - part.start
        return _Coupling(fixed, level, block.sparse.column[entries], own.values[entries])

    def _add_rows(
        self,
        rows: IntArray,
        z: FloatArray,
        at: IntArray,
        known: tuple[FloatArray, list[FloatArray], FloatArray],
        position: int,
    ) -> None:
        q = self._blocks.q
        with_trailing, with_coarser, own = known
        hat = np.einsum("na,nab,nb->n", z, own[at], z)
        on_fixed = np.einsum("na,nap->np", z, with_trailing[:, :, q:][at])
        hat += 2.0 * np.einsum("np,np->n", on_fixed, self._x[rows])
        for column, value in self._crossed_columns():
            entries = with_trailing[at, :, column[rows]]
            hat += 2.0 * np.einsum("na,na->n", z, entries) * value[rows]
        for j, m in enumerate(with_coarser):
            other = self._z(self._blocks.chain[position + 1 + j].factor)[0][rows]
            hat += 2.0 * np.einsum("na,nab,nb->n", z, m[at], other)
        self._hat[rows] += hat
        self._gamma[rows] += on_fixed


@dataclass(frozen=True, eq=False)
class _Coupling:
    """B of some groups: dense (L, s, ·), or (L, s, p) with the fixed effects and the rest as entries."""

    fixed: FloatArray
    level: IntArray | None
    column: IntArray | None
    values: FloatArray | None

    def on(self, m: FloatArray) -> FloatArray:
        """B M for the (N, N) trailing M."""
        levels, s, width = self.fixed.shape
        if self.level is None or self.column is None or self.values is None:
            return (self.fixed.reshape(levels * s, width) @ m).reshape(levels, s, -1)
        from scipy import sparse

        q = m.shape[0] - width
        row = (self.level[:, None] * s + np.arange(s)).ravel()
        entries = (self.values.ravel(), (row, np.repeat(self.column, s)))
        matrix = sparse.csr_array(entries, shape=(levels * s, q))
        out = matrix @ m[:q] + self.fixed.reshape(levels * s, width) @ m[q:]
        return np.asarray(out).reshape(levels, s, -1)

    def back(self, m: FloatArray) -> FloatArray:
        """(L, t, s) M Bᵀ for M (L, t, N)."""
        width = self.fixed.shape[2]
        out = m[:, :, m.shape[2] - width :] @ transpose(self.fixed)
        if self.level is None or self.column is None or self.values is None:
            return out
        picked = m[self.level, :, self.column]
        np.add.at(out, self.level, picked[:, :, None] * self.values[:, None, :])
        return out

    def times_blocks(self, m: FloatArray, parent: IntArray) -> FloatArray:
        """(L, s, t) B M[parent]ᵀ for M (groups, t, N)."""
        width = self.fixed.shape[2]
        out = self.fixed @ transpose(m[:, :, m.shape[2] - width :][parent])
        if self.level is None or self.column is None or self.values is None:
            return out
        picked = m[parent[self.level], :, self.column]
        np.add.at(out, self.level, self.values[:, :, None] * picked[:, None, :])
        return out
