"""The blocked Cholesky factorization of Ω = Λᵀ A Λ + I, and the criterion it gives.

Eliminating the chain factor i with C = C_ii its current diagonal blocks, and
K = λ (λᵀ C λ + I)⁻¹ λᵀ = (E)ᵀ E with E = L⁻¹ λᵀ, takes C_ia K C_ib from every later block (a, b).
K needs no inverse of λ, so a variance of zero is no special case. What remains, the trailing block T of
the crossed factors, X and y, is factored densely:

    log|Ω| = Σ 2 log diag,  pwrss = (last diagonal)²
    ML    log|Ω| + n (1 + log(2π pwrss / n)) - Σ log w
    REML  adds 2 Σ log diag L_XX, with n - p for n.

Bates, Mächler, Bolker & Walker (2015), doi:10.18637/jss.v067.i01.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from mmgui.engine import crossed, fronts
from mmgui.engine.blocks import Blocks, ChainBlock
from mmgui.engine.design import FloatArray
from mmgui.engine.factor import Poll, cholesky, indefinite, no_poll
from mmgui.engine.trailing import divisible, scaled_identity, with_precisions

LOG_2PI = math.log(2.0 * math.pi)


def times(a: FloatArray, b: FloatArray) -> FloatArray:
    """Products of (L, t, s) and (L, s, u) blocks."""
    return a * b if a.shape[-1] == 1 else np.matmul(a, b)


def transpose(a: FloatArray) -> FloatArray:
    """(L, s, t) blocks transposed."""
    return a.swapaxes(1, 2)


def whiten(diagonal: FloatArray, lam: FloatArray) -> tuple[FloatArray, float]:
    """E = L⁻¹ λᵀ with L Lᵀ = λᵀ C λ + I in each level, and the sum of log|λᵀ C λ + I|."""
    s = lam.shape[0]
    if s == 1:
        t = float(lam[0, 0])
        inner = diagonal * (t * t)
        return t / np.sqrt(inner + 1.0), float(np.log1p(inner).sum())
    inner = lam.T @ diagonal @ lam
    inner.reshape(-1, s * s)[:, :: s + 1] += 1.0
    try:
        l = np.linalg.cholesky(inner)
    except np.linalg.LinAlgError as error:
        raise indefinite() from error
    log_det = 2.0 * float(np.log(l.reshape(-1, s * s)[:, :: s + 1]).sum())
    return np.linalg.inv(l) @ lam.T, log_det


@dataclass(eq=False, slots=True)
class ChainState:
    """A chain factor when its turn has come: C_ii, cross products with later factors, couplings, and E."""

    diagonal: FloatArray
    cross: list[FloatArray]
    coupling: FloatArray
    values: FloatArray | None
    e: FloatArray = field(default_factory=lambda: np.empty(0))


@dataclass(eq=False, slots=True)
class Elimination:
    """The factorization at one set of relative factors.

    Attributes
    ----------
    lams
        (s, s) λ' of each grouping factor.
    states
        One per chain factor.
    trailing
        T before Λ is applied; at least its lower triangle is valid.
    l
        Lower Cholesky factor of T + Σ⁻¹ where ``divided``, else of Λᵀ T Λ + I; its lower triangle.
    log_det
        log|Ω| over the random effects.
    divided
        Whether every crossed factor's λ could be divided by.
    """

    blocks: Blocks
    lams: list[FloatArray]
    states: list[ChainState]
    trailing: FloatArray
    l: FloatArray
    log_det: float
    divided: bool

    @property
    def pwrss(self) -> float:
        """Penalised weighted residual sum of squares."""
        return float(self.l[-1, -1]) ** 2

    def information(self) -> list[FloatArray]:
        """For each grouping factor its (L, s, s) diagonal blocks before its own elimination."""
        out: list[FloatArray] = [np.empty(0)] * len(self.lams)
        for block, state in zip(self.blocks.chain, self.states, strict=True):
            out[block.factor] = state.diagonal
        for d in self.blocks.dense:
            out[d.factor] = d.diagonal(self.trailing)
        return out

    def criterion(self, *, reml: bool) -> float:
        """-2 log-likelihood or the REML criterion, with lme4's constants."""
        b = self.blocks
        freedom, log_det = b.freedom(reml=reml), self.log_det - b.log_weights
        if reml:
            diagonal = self.l.diagonal()[b.q : b.q + b.p]
            log_det += 2.0 * float(np.log(diagonal).sum()) + b.fixed.log_det
        return log_det + freedom * (1.0 + LOG_2PI + math.log(self.pwrss / freedom))


def eliminate(blocks: Blocks, lams: list[FloatArray], poll: Poll = no_poll) -> Elimination:
    """Factor Ω at the relative factors ``lams``.

    Raises
    ------
    FitError
        Where Ω is not positive definite to working precision.
    """
    states = [_initial(block) for block in blocks.chain]
    trailing, log_det = blocks.trailing, 0.0
    for position, (block, state) in enumerate(zip(blocks.chain, states, strict=True)):
        state.e, part = whiten(state.diagonal, lams[block.factor])
        log_det += part
        y = times(state.e, state.coupling)
        trailing = _reduce_trailing(block, state, y, trailing)
        if block.ancestors:
            _reduce_ancestors(block, state, states[position + 1 :], y)
    divided = all(divisible(lams[d.factor]) for d in blocks.dense)
    if divided:
        matrix, part = with_precisions(blocks, lams, trailing)
        log_det += part
    else:
        matrix = scaled_identity(blocks, lams, trailing)
    l = cholesky(matrix, poll) if blocks.ordering is None else fronts.factor(matrix, blocks.ordering, poll)
    last = float(l[-1, -1])
    if not last > 0.0:
        raise indefinite()
    if blocks.q:
        log_det += 2.0 * float(np.log(l.diagonal()[: blocks.q]).sum())
    return Elimination(blocks, lams, states, trailing, l, log_det, divided)


def _initial(block: ChainBlock) -> ChainState:
    values = None if block.sparse is None else block.sparse.values
    return ChainState(block.diagonal, [a.cross for a in block.ancestors], block.coupling, values)


def _reduce_trailing(block: ChainBlock, state: ChainState, y: FloatArray, trailing: FloatArray) -> FloatArray:
    if block.sparse is None or state.values is None:
        flat = y.reshape(-1, y.shape[2])
        return trailing - flat.T @ flat
    return crossed.reduce_trailing(trailing, block.sparse, state.values, state.e, state.coupling)


def _reduce_ancestors(block: ChainBlock, state: ChainState, later: list[ChainState], y: FloatArray) -> None:
    y_cross = [times(state.e, c) for c in state.cross]
    y_sparse = None
    if block.sparse is not None and state.values is not None:
        y_sparse = crossed.apply(state.e, block.sparse, state.values)
    for j, (ancestor, other) in enumerate(zip(block.ancestors, later, strict=True)):
        left = transpose(y_cross[j])
        other.diagonal = other.diagonal - ancestor.sums(left @ y_cross[j])
        other.coupling = other.coupling - ancestor.sums(left @ y)
        other.cross = [c - ancestor.sums(left @ y_cross[j + 1 + m]) for m, c in enumerate(other.cross)]
        if y_sparse is not None and other.values is not None and block.sparse is not None:
            other.values = crossed.subtract_from_ancestor(
                other.values, block.sparse.to_ancestors[j], block.sparse, y_sparse, y_cross[j]
            )
