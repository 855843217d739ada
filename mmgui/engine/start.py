"""Where the search begins: moment estimates of the relative covariances, and the curvature expected there.

In whitened coordinates group l holds about n_l times the identity of information. With g_l the group's
cross products with the least-squares residuals, Σ_l g gᵀ is about Σ_l n_l² Σ + Σ_l n_l σ² I, which gives
Σ and, with the residual sum of squares, σ². (Where effects are correlated by design but not whitened,
that is done here.)
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.basis import IndexArray
from mmgui.engine.blocks import Blocks
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free, HeldPattern
from mmgui.engine.search import Point

# Relative standard deviations between which the search begins.
SMALLEST, LARGEST = 0.1, 20.0


def moment_covariances(blocks: Blocks) -> list[FloatArray]:
    """For each block of effects the (b, b) starting value of Σ / σ²."""
    scores: dict[int, FloatArray] = {b.factor: b.coupling[:, :, -1] for b in blocks.chain}
    information = {b.factor: b.diagonal for b in blocks.chain}
    for d in blocks.dense:
        scores[d.factor] = blocks.trailing[d.rows, -1].reshape(d.levels, d.size)
        information[d.factor] = d.diagonal(blocks.trailing)
    absolute, noise = [], blocks.fixed.rss
    for number in range(len(blocks.factors)):
        sigma, explained = _factor_moments(scores[number], information[number], blocks.n, blocks.fixed.rss)
        absolute.append(sigma)
        noise -= explained
    noise = max(noise, 0.1 * blocks.fixed.rss) / blocks.n
    return [
        _clip(absolute[b.factor][np.ix_(b.rows, b.rows)] / noise, SMALLEST**2, LARGEST**2)
        for b in blocks.basis.blocks
    ]


def _factor_moments(
    scores: FloatArray, information: FloatArray, n: int, rss: float
) -> tuple[FloatArray, float]:
    """A factor's Σ, everything else counting as noise, and the sum of squares it explains."""
    levels, s = scores.shape
    values, vectors = np.linalg.eigh(information.sum(axis=0) / levels)
    kept = values > 1e-7 * values[-1]
    whiten = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    g = scores @ whiten
    spread = float(((whiten @ information @ whiten) ** 2).sum()) / (levels * s)
    raw = g.T @ g / levels
    noise = max(
        0.05 * rss / n, (rss - levels * np.trace(raw) / spread) / max(n - levels * s / spread, 0.1 * n)
    )
    sigma = _clip((raw - noise * np.eye(s)) / spread, 0.0, np.inf)
    return whiten @ sigma @ whiten, levels * float(np.trace(sigma))


def _clip(matrix: FloatArray, low: float, high: float) -> FloatArray:
    if matrix.shape[0] == 1:
        return np.clip(matrix, low, high)
    values, vectors = np.linalg.eigh(matrix)
    out: FloatArray = (vectors * np.clip(values, low, high)) @ vectors.T
    return out


def expected_curvature(blocks: Blocks, free: Free, point: Point) -> FloatArray:
    """(m, m) expected Hessian of the criterion in the free coordinates, positive definite."""
    values, vectors, units = _expected_spectrum(blocks, free, point)
    out: FloatArray = (vectors * values) @ vectors.T
    return out / np.outer(units, units)


def expected_inverse(blocks: Blocks, free: Free, point: Point) -> FloatArray:
    """The inverse of ``expected_curvature``."""
    values, vectors, units = _expected_spectrum(blocks, free, point)
    rows = units[:, None] * vectors
    out: FloatArray = (rows / values) @ rows.T
    return out


def _expected_spectrum(blocks: Blocks, free: Free, point: Point) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Eigenvalues, none too near zero, and vectors of the expected Hessian in the point's units; the units.

    With Q_l = (I_l⁻¹ + Σ)⁻¹ and I_l the information of group l it is Σ_l tr(Q dΣ Q dΣ'), less
    Σ tr(Q dΣ) Σ tr(Q dΣ') / n for the profiled σ; blocks count as independent of each other.
    """
    flat = free.flat(point.x)
    total = point.x.size
    hessian, slope = np.zeros((total, total)), np.zeros(total)
    for block, held, at in zip(free.basis.blocks, free.held, free.slices, strict=True):
        if at.start == at.stop:
            continue
        information = point.information[block.factor]
        if len(block.effects) < information.shape[1]:
            information = information[:, block.rows[:, None], block.rows]
        if isinstance(held, HeldPattern):
            assert block.pattern is not None
            slopes = block.pattern.factor_slopes(held.whole(point.x[at]))[held.free]
            curvature = _pattern_curvature(information, flat[block.flat], block.inverse @ slopes)
        else:
            curvature = _block_curvature(information, flat[block.flat], held.entries)
        hessian[at, at], slope[at] = curvature
    hessian -= np.outer(slope, slope) / blocks.n
    units = point.units
    values, vectors = np.linalg.eigh(hessian * np.outer(units, units))
    return np.maximum(values, 1e-4 * max(float(values[-1]), 1e-300)), vectors, units


def _block_curvature(
    information: FloatArray, lam: FloatArray, entries: IndexArray
) -> tuple[FloatArray, FloatArray]:
    """With P = Q λ, R = λᵀ P: ∂²/∂λ_ab ∂λ_cd is 2 Σ_l (P_ad P_cb + Q_ac R_bd)."""
    a, b = entries[:, 0], entries[:, 1]
    s = lam.shape[0]
    q = np.linalg.solve(np.eye(s) + information @ (lam @ lam.T), information)
    p = q @ lam
    # A variance of zero has no curvature of its own in this approximation; keep its row positive.
    r = lam.T @ p + 1e-3 * np.eye(s)
    cross = p[:, a[:, None], b]
    hessian = 2.0 * (cross * cross.swapaxes(1, 2) + q[:, a[:, None], a] * r[:, b[:, None], b]).sum(axis=0)
    return hessian, 2.0 * p.sum(axis=0)[a, b]


def _pattern_curvature(
    information: FloatArray, lam: FloatArray, slopes: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The same for coordinates of a patterned block, (k, s, s) ``slopes`` = ∂λ/∂x."""
    q = np.linalg.solve(np.eye(lam.shape[0]) + information @ (lam @ lam.T), information)
    half = slopes @ lam.T
    moved = half + half.swapaxes(1, 2)
    product = q[:, None] @ moved
    hessian: FloatArray = np.einsum("laij,lbji->ab", product, product)
    # A coordinate at its boundary has no expected curvature; Q with the squared slopes gives it some.
    own = np.einsum("lij,ajk,aik->a", q, slopes, slopes)
    hessian[np.diag_indices_from(hessian)] += 2e-3 * own
    return hessian, np.einsum("laii->a", product)
