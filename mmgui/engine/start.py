"""Where the search begins: moment estimates of the relative covariances, and the curvature expected there.

In whitened coordinates a group of average size holds a = n / L times the identity of information. With
g_l the group's cross products with the least-squares residuals, E(g gᵀ) is about a² Σ + a σ² I, which
gives Σ and, with the residual sum of squares, σ².
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.basis import Block, IndexArray
from mmgui.engine.blocks import Blocks
from mmgui.engine.design import FloatArray

# Relative standard deviations between which the search begins.
SMALLEST, LARGEST = 0.2, 20.0


def moment_covariances(blocks: Blocks) -> list[FloatArray]:
    """For each block of effects the (b, b) starting value of Σ / σ²."""
    basis, n = blocks.basis, blocks.n
    scores: dict[int, FloatArray] = {b.factor: b.coupling[:, :, -1] for b in blocks.chain}
    for d in blocks.dense:
        scores[d.factor] = blocks.trailing[d.rows, -1].reshape(d.levels, d.size)
    total = blocks.fixed.rss / n
    absolute, noise = [], total
    for block in basis.blocks:
        factor = blocks.factors[block.factor]
        a, size = n / factor.levels, len(block.effects)
        g = scores[block.factor][:, block.rows]
        raw = g.T @ g / (factor.levels * a * a)
        spread = max(0.05 * total, (total - float(np.trace(raw))) / max(1.0 - size / a, 0.1))
        sigma = _clip(raw - np.eye(size) * spread / a, 0.0, np.inf)
        absolute.append(sigma)
        noise -= float(np.trace(sigma))
    noise = max(noise, 0.1 * total)
    return [_clip(sigma / noise, SMALLEST**2, LARGEST**2) for sigma in absolute]


def _clip(matrix: FloatArray, low: float, high: float) -> FloatArray:
    if matrix.shape[0] == 1:
        return np.clip(matrix, low, high)
    values, vectors = np.linalg.eigh(matrix)
    out: FloatArray = (vectors * np.clip(values, low, high)) @ vectors.T
    return out


def expected_curvature(blocks: Blocks, lams: list[FloatArray], positions: list[IndexArray]) -> FloatArray:
    """(m, m) expected Hessian of the criterion in the entries of the blocks' relative factors.

    With Q = (I / a + Σ)⁻¹ for a group of average size, it is Σ_levels tr(Q dΣ Q dΣ'), less
    Σ tr(Q dΣ) Σ tr(Q dΣ') / n for the profiled σ; blocks count as independent of each other.

    Parameters
    ----------
    lams
        For each block its (b, b) relative factor.
    positions
        For each block the (k, 2) rows and columns of its free entries.
    """
    sizes = [len(p) for p in positions]
    total = sum(sizes)
    hessian, slope = np.zeros((total, total)), np.zeros(total)
    start = 0
    for block, lam, entries in zip(blocks.basis.blocks, lams, positions, strict=True):
        at = slice(start, start + len(entries))
        hessian[at, at], slope[at] = _block_curvature(blocks, block, lam, entries)
        start += len(entries)
    if not total:
        return hessian
    hessian -= np.outer(slope, slope) / blocks.n
    values, vectors = np.linalg.eigh(hessian)
    floor = 1e-4 * max(float(values[-1]), 1e-300)
    out: FloatArray = (vectors * np.maximum(values, floor)) @ vectors.T
    return out


def _block_curvature(
    blocks: Blocks, block: Block, lam: FloatArray, entries: IndexArray
) -> tuple[FloatArray, FloatArray]:
    levels = blocks.factors[block.factor].levels
    a, b = entries[:, 0], entries[:, 1]
    q = np.linalg.inv(np.eye(lam.shape[0]) * levels / blocks.n + lam @ lam.T)
    p = q @ lam
    r = lam.T @ p
    # A variance of zero has no curvature of its own in this approximation; keep its row positive.
    r = r + 1e-3 * np.eye(r.shape[0])
    cross = p[a[:, None], b[None, :]]
    hessian = 2.0 * levels * (cross * cross.T + q[np.ix_(a, a)] * r[np.ix_(b, b)])
    return hessian, 2.0 * levels * p[a, b]
