"""Estimates at given covariance parameters: σ, β, conditional modes, and their covariances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import Elimination, times, transpose
from mmgui.engine.factor import Poll, no_poll
from mmgui.engine.gradient import reverse


@dataclass(frozen=True, eq=False)
class Solution:
    """The model at given theta.

    Attributes
    ----------
    objective
        The criterion.
    pwrss, sigma
        Penalised weighted residual sum of squares; residual standard deviation.
    beta, vcov
        (p,), (p, p) fixed effects and their covariance.
    modes
        For each random-effects term of the formula, (L, s) conditional modes b̂ in the person's units.
    conditional_covariances
        For each term (L, s, s), given θ, σ and β; empty unless asked for.
    """

    objective: float
    pwrss: float
    sigma: float
    beta: FloatArray
    vcov: FloatArray
    modes: tuple[FloatArray, ...]
    conditional_covariances: tuple[FloatArray, ...]


def solve(state: Elimination, *, reml: bool, conditional: bool, poll: Poll = no_poll) -> Solution:
    """Back-substitute through a factorization.

    With the trailing coefficients from L_TTᵀ (u_R, γ) = (last row of L), each chain factor, coarsest
    first, has b_i = K_i (C_iy - C_iX γ - Σ_later C_ij b_j).
    """
    blocks, lams = state.blocks, state.lams
    q, p, fixed = blocks.q, blocks.p, blocks.fixed
    l = state.l
    coefficients = solve_triangular(l[:-1, :-1], l[-1, :-1], lower=True, trans=1, check_finite=False)
    modes: list[FloatArray] = [np.empty(0)] * len(blocks.factors)
    tail = np.concatenate([-coefficients, [1.0]])
    for d in blocks.dense:
        modes[d.factor] = coefficients[d.rows].reshape(d.levels, d.size)
        if not state.divided:
            modes[d.factor] = modes[d.factor] @ lams[d.factor].T
        tail[d.rows] = -modes[d.factor].ravel()
    for position in reversed(range(len(blocks.chain))):
        modes[blocks.chain[position].factor] = _chain_modes(state, position, tail, modes)
    gamma = coefficients[q:]
    sigma2 = state.pwrss / blocks.freedom(reml=reml)
    root = np.linalg.inv(fixed.root).astype(np.float64, copy=False) if p else fixed.root
    half: FloatArray = root @ np.linalg.inv(l[q : q + p, q : q + p]).T if p else root
    covariances = _conditional(state, sigma2, poll) if conditional else ()
    return Solution(
        state.criterion(reml=reml),
        state.pwrss,
        float(np.sqrt(sigma2)),
        fixed.ols + root @ gamma,
        sigma2 * (half @ half.T),
        tuple(_in_units(state, modes)),
        covariances,
    )


def _chain_modes(state: Elimination, position: int, tail: FloatArray, modes: list[FloatArray]) -> FloatArray:
    blocks = state.blocks
    block, own = blocks.chain[position], state.states[position]
    width = own.coupling.shape[2]
    right = own.coupling @ tail[tail.size - width :]
    if block.sparse is not None and own.values is not None:
        right += (block.sparse.matrix(own.values, blocks.q) @ tail[: blocks.q]).reshape(right.shape)
    for ancestor, cross, other in zip(block.ancestors, own.cross, blocks.chain[position + 1 :], strict=True):
        right -= np.einsum("lst,lt->ls", cross, modes[other.factor][ancestor.parent])
    k = times(transpose(own.e), own.e)
    modes_here: FloatArray = np.einsum("lst,lt->ls", k, right)
    return modes_here


def _term_transforms(state: Elimination) -> list[tuple[int, FloatArray, FloatArray]]:
    """For each term: its factor, the positions of its effects there, and its T."""
    basis = state.blocks.basis
    terms = 1 + max((b.term for b in basis.blocks), default=-1)
    out = []
    for term in range(terms):
        own = [b for b in basis.blocks if b.term == term]
        rows = np.sort(np.concatenate([b.rows for b in own]))
        t = np.zeros((rows.size, rows.size))
        for b in own:
            t[np.ix_(b.effects, b.effects)] = b.transform
        out.append((own[0].factor, rows, t))
    return out


def _in_units(state: Elimination, modes: list[FloatArray]) -> list[FloatArray]:
    factors = state.blocks.factors
    return [
        factors[factor].by_design(modes[factor][:, rows] @ t.T) for factor, rows, t in _term_transforms(state)
    ]


def _conditional(state: Elimination, sigma2: float, poll: Poll) -> tuple[FloatArray, ...]:
    """σ² Λ (Ω_uu)⁻¹ Λᵀ by level: the reversed factorization of log|Ω_uu|."""
    blocks = state.blocks
    if not blocks.factors:
        return ()
    weights = np.zeros(state.l.shape[0])
    weights[: blocks.q] = 1.0
    run = reverse(state, weights, poll, diagonals=True)
    by_factor: dict[int, FloatArray] = {
        b.factor: diagonal for b, diagonal in zip(blocks.chain, run.diagonals, strict=True)
    }
    for d in blocks.dense:
        square = run.trailing_bar[d.rows, d.rows].reshape(d.levels, d.size, d.levels, d.size)
        at = np.arange(d.levels)
        by_factor[d.factor] = square[at, :, at, :]
    out = []
    for factor, rows, t in _term_transforms(state):
        part = by_factor[factor][:, rows[:, None], rows[None, :]]
        out.append(blocks.factors[factor].by_design(sigma2 * (t @ part @ t.T)))
    return tuple(out)
