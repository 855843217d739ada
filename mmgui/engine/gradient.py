"""The gradient of the criterion: the factorization run backwards.

The criterion is Σ_j 2 w_j log L_jj + const with w = 1 on rows of random effects, 0 (ML) or 1 (REML) on
rows of X, and n (or n - p) on the row of y. With S = L⁻ᵀ W L⁻¹ its derivative with respect to the
trailing block T is T̄ = Λ̃ S Λ̃ᵀ (Murray 2016, arXiv:1602.07527). Each elimination step
T ← T - Bᵀ K B, log|λᵀ C λ + I|, K = (C + Σ⁻¹)⁻¹ with Σ = λ λᵀ, is then reversed:

    K̄ = -B T̄ Bᵀ,  B̄ = -2 K B T̄,
    C̄ = K - K K̄ K,
    Σ̄ = Σ_levels (C - C K C) + (I - C K) K̄ (I - K C),

and the derivative with respect to λ is 2 Σ̄ λ. Σ̄ is defined where λ is singular, and decides there
whether a variance of zero is an optimum. With w = (1, 0, 0) the C̄ are the conditional variances
Λ Ω⁻¹ Λᵀ of the random effects, level by level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack

from mmgui.engine import crossed, fronts
from mmgui.engine.blocks import Ancestor, Blocks, ChainBlock, DenseFactor
from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import ChainState, Elimination, times, transpose
from mmgui.engine.factor import Poll, indefinite, inverse_gram, no_poll, solve_right
from mmgui.engine.ordering import Ordering
from mmgui.engine.trailing import full, scale_both, scale_rows

# Above this C Σ, I - C K is not taken as a difference.
LARGE = 1e4


@dataclass(eq=False, slots=True)
class _Bars:
    """Derivatives with respect to a chain factor's state when its turn came."""

    diagonal: FloatArray
    cross: list[FloatArray]
    coupling: FloatArray
    values: FloatArray


@dataclass(eq=False, slots=True)
class Reverse:
    """The reversed factorization.

    Attributes
    ----------
    sigma_bar
        For each chain factor the derivative with respect to Σ = λ λᵀ, (s, s).
    diagonals
        For each chain factor C̄, (L, s, s); empty unless asked for.
    trailing_bar
        T̄, (N, N); where the blocks have an ordering, on its pattern.
    s
        S, (N, N), likewise.
    """

    sigma_bar: list[FloatArray]
    diagonals: list[FloatArray]
    trailing_bar: FloatArray
    s: FloatArray


def row_weights(blocks: Blocks, *, reml: bool) -> FloatArray:
    """w over the rows of the trailing block."""
    w = np.ones(blocks.q + blocks.p + 1)
    w[-1] = blocks.n
    if reml:
        w[-1] -= blocks.p
    else:
        w[blocks.q : -1] = 0.0
    return w


def reverse(
    state: Elimination, weights: FloatArray, poll: Poll = no_poll, *, diagonals: bool = False
) -> Reverse:
    """Run the factorization backwards for the row weights ``weights``."""
    blocks = state.blocks
    s = _weighted_inverse(state.l, blocks.q, weights, poll, blocks.ordering)
    bar = s if state.divided else scale_both(blocks, state.lams, s, adjoint=False)
    out = Reverse([], [], bar, s)
    later: list[_Bars] = []
    for position in reversed(range(len(blocks.chain))):
        bars = _reverse_step(state, position, later, out, diagonals=diagonals)
        later.insert(0, bars)
    out.sigma_bar.reverse()
    out.diagonals.reverse()
    return out


def _weighted_inverse(
    l: FloatArray, q: int, weights: FloatArray, poll: Poll, ordering: Ordering | None = None
) -> FloatArray:
    """S = L⁻ᵀ W L⁻¹ with w = 1 on the first q rows, column-major.

    The rows of L⁻¹ below q are L_FF⁻¹ [-L_FR L_RR⁻¹, I]. With an ``ordering`` only S on its pattern.
    """
    if ordering is not None:
        start = ordering.core
        core = _weighted_inverse(l[start:, start:], q - start, weights[start:], poll)
        return fronts.weighted_inverse(l, ordering, core, poll)
    last, info = lapack.dtrtri(l[q:, q:], lower=1)
    if info:
        raise indefinite()
    if not q:
        out: FloatArray = last.T @ (weights[:, None] * last)
        return out
    first = np.asfortranarray(l[:q, :q])
    below = -last @ solve_right(np.asfortranarray(l[q:, :q]), first, poll, transposed=False)
    rows = np.concatenate([below, last], axis=1)
    s = np.zeros(l.shape, order="F")
    s[:q, :q] = inverse_gram(first, poll)
    scaled = np.asfortranarray(rows * np.sqrt(weights[q:])[:, None])
    s = blas.dgemm(1.0, scaled, scaled, beta=1.0, c=s, trans_a=1, overwrite_c=1)
    return s  # noqa: RET504 - names what BLAS returns


def _reverse_step(
    elimination: Elimination, position: int, later: list[_Bars], out: Reverse, *, diagonals: bool
) -> _Bars:
    block, state = elimination.blocks.chain[position], elimination.states[position]
    bar, need = out.trailing_bar, position > 0
    e, c, b = state.e, state.diagonal, state.coupling
    k = times(transpose(e), e)
    values = np.empty(0)
    if block.sparse is None or state.values is None:
        on_coupling = (b.reshape(-1, b.shape[2]) @ bar).reshape(b.shape)
        k_bar = -(on_coupling @ transpose(b))
    else:
        quadratic, on_coupling, on_pattern = crossed.reverse_gram(
            block.sparse, state.values, b, bar, need_values=need
        )
        k_bar = -quadratic
        if need:
            values = -2.0 * crossed.apply(k, block.sparse, on_pattern)
    bars = _Bars(np.empty(0), [], np.empty(0), values)
    if need:
        bars.coupling = -2.0 * times(k, on_coupling)
    if block.ancestors:
        k_bar += _reverse_ancestors(block, state, k, later, bars)
    shrink = _shrinkage(c, k, elimination.lams[block.factor])
    inner = times(times(shrink, k_bar), transpose(shrink)) + times(shrink, c)
    out.sigma_bar.append(inner.sum(axis=0))
    if need or diagonals:
        bars.diagonal = k - times(times(k, k_bar), k)
        out.diagonals.append(bars.diagonal)
    return bars


def _shrinkage(c: FloatArray, k: FloatArray, lam: FloatArray) -> FloatArray:
    """I - C K = (I + C Σ)⁻¹ in each level; the difference drowns in rounding where C Σ is large."""
    size = k.shape[1]
    if size == 1:
        shrunk: FloatArray = 1.0 / (1.0 + c * float(lam[0, 0]) ** 2)
        return shrunk
    sigma = lam @ lam.T
    if float(c.max()) * float(sigma.trace()) > LARGE:
        out = c @ sigma
        out.reshape(-1, size**2)[:, :: size + 1] += 1.0
        try:
            return np.linalg.inv(out).astype(np.float64, copy=False)
        except np.linalg.LinAlgError as error:
            raise indefinite() from error
    out = times(c, k)
    out *= -1.0
    out.reshape(-1, size**2)[:, :: size + 1] += 1.0
    return out


def _reverse_ancestors(
    block: ChainBlock, state: ChainState, k: FloatArray, later: list[_Bars], bars: _Bars
) -> FloatArray:
    """What the updates of coarser factors contribute to K̄; their part of B̄ and C̄_ij goes to ``bars``."""
    k_bar = np.zeros_like(k)
    cross = state.cross
    bars.cross = [np.zeros_like(c) for c in cross]
    for j, (ancestor, other) in enumerate(zip(block.ancestors, later, strict=True)):
        from_diagonal = cross[j] @ other.diagonal[ancestor.parent]
        k_bar -= from_diagonal @ transpose(cross[j])
        bars.cross[j] -= 2.0 * times(k, from_diagonal)
        coupling_bar = other.coupling[ancestor.parent]
        forth = cross[j] @ coupling_bar
        half = forth @ transpose(state.coupling)
        k_bar -= 0.5 * (half + transpose(half))
        bars.cross[j] -= times(k, state.coupling @ transpose(coupling_bar))
        bars.coupling = bars.coupling - times(k, forth) if bars.coupling.size else bars.coupling
        for m in range(j + 1, len(cross)):
            cross_bar = other.cross[m - j - 1][ancestor.parent]
            forth = cross[j] @ cross_bar
            half = forth @ transpose(cross[m])
            k_bar -= 0.5 * (half + transpose(half))
            bars.cross[j] -= times(k, cross[m] @ transpose(cross_bar))
            bars.cross[m] -= times(k, forth)
        if block.sparse is not None and state.values is not None:
            k_bar += _reverse_sparse_ancestor(block, state, k, j, ancestor, other, bars)
    return k_bar


def _reverse_sparse_ancestor(
    block: ChainBlock, state: ChainState, k: FloatArray, j: int, ancestor: Ancestor, other: _Bars, bars: _Bars
) -> FloatArray:
    coupling, values = block.sparse, state.values
    assert coupling is not None
    assert values is not None
    bar = other.values[coupling.to_ancestors[j]]
    forth = crossed.apply(state.cross[j], coupling, bar)
    half = crossed.level_sums(coupling, forth[:, :, None] * values[:, None, :])
    scaled = crossed.apply(k, coupling, values)
    bars.cross[j] -= crossed.level_sums(coupling, scaled[:, :, None] * bar[:, None, :])
    if bars.values.size:
        bars.values = bars.values - crossed.apply(k, coupling, forth)
    del ancestor
    return -0.5 * (half + transpose(half))


def relative_gradient(state: Elimination, run: Reverse) -> list[FloatArray]:
    """The derivative of the criterion with respect to every grouping factor's (s, s) λ'."""
    out: list[FloatArray] = [np.empty(0)] * len(state.lams)
    for block, sigma_bar in zip(state.blocks.chain, run.sigma_bar, strict=True):
        out[block.factor] = 2.0 * (sigma_bar @ state.lams[block.factor])
    for d in state.blocks.dense:
        out[d.factor] = _dense_gradient(state, run, d)
    return out


def _dense_gradient(state: Elimination, run: Reverse, d: DenseFactor) -> FloatArray:
    """2 Σ_levels (T Λ̃ S), which is 2 λ⁻ᵀ Σ_levels (I - λ⁻¹ T̄ λ⁻ᵀ) where λ may be divided by."""
    lam, s = state.lams[d.factor], d.size
    if state.divided:
        inverse = np.linalg.inv(lam).astype(np.float64, copy=False)
        total = inverse @ d.diagonal(run.trailing_bar).sum(axis=0) @ inverse.T
        divided: FloatArray = inverse.T @ (d.levels * np.eye(s) - total)
        return 2.0 * divided
    right = scale_rows(state.blocks, state.lams, run.s, adjoint=False)[:, d.rows]
    left = full(state.trailing)[d.rows].reshape(d.levels, s, -1)
    right = np.ascontiguousarray(right.T).reshape(d.levels, s, -1)
    product: FloatArray = np.matmul(
        left.transpose(1, 0, 2).reshape(s, -1), right.transpose(1, 0, 2).reshape(s, -1).T
    )
    return 2.0 * product


def dense_sigma_bar(state: Elimination, weights: FloatArray, d: DenseFactor) -> FloatArray:
    """The derivative with respect to Σ = λ λᵀ of a factor outside the chain, (s, s).

    Σ_levels T - T Λ̃ S' Λ̃ᵀ T on the factor's diagonal blocks, from F = L⁻¹ Λ̃ᵀ T and the row weights.
    """
    from scipy.linalg import solve_triangular

    columns = full(state.trailing)[:, d.rows]
    scaled = columns if state.divided else scale_rows(state.blocks, state.lams, columns, adjoint=True)
    f = solve_triangular(state.l, scaled, lower=True)
    f *= np.sqrt(weights)[:, None]
    by_level = f.reshape(f.shape[0], d.levels, d.size)
    square = columns[d.rows].reshape(d.levels, d.size, d.levels, d.size)
    at = np.arange(d.levels)
    own: FloatArray = square[at, :, at, :].sum(axis=0)
    own -= np.einsum("nli,nlj->ij", by_level, by_level)
    return own
