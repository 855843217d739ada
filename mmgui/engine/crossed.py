"""Elimination steps where a chain factor meets the crossed factors sparsely (students and lecturers).

With B the (L·s, q) sparse coupling and K the block-diagonal of (s, s) blocks, the step is
T_RR -= Bᵀ K B; its reverse needs B T̄ Bᵀ on the diagonal blocks and K B T̄ on B's pattern.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.blocks import SparseCoupling
from mmgui.engine.design import FloatArray

# Rows of B T̄ held at once, times columns.
CHUNK = 4_000_000


def apply(blocks: FloatArray, coupling: SparseCoupling, values: FloatArray) -> FloatArray:
    """(nnz, t) products of (L, t, s) blocks with the entries (nnz, s) of their level."""
    if values.shape[1] == 1 and blocks.shape[1] == 1:
        return values * blocks[coupling.level, :, 0]
    out: FloatArray = np.einsum("ets,es->et", blocks[coupling.level], values)
    return out


def level_sums(coupling: SparseCoupling, products: FloatArray) -> FloatArray:
    """(L, …) sums of (nnz, …) over each level's entries."""
    return np.add.reduceat(products, coupling.indptr[:-1], axis=0)


def reduce_trailing(
    trailing: FloatArray, coupling: SparseCoupling, values: FloatArray, e: FloatArray, fixed: FloatArray
) -> FloatArray:
    """T - [B_R B_F]ᵀ K [B_R B_F] with K = EᵀE; of T_RR the lower triangle is valid."""
    width = trailing.shape[0] - fixed.shape[2]
    levels, s = e.shape[0], e.shape[1]
    k = e.swapaxes(1, 2) @ e
    matrix = coupling.matrix(values, width)
    out = trailing.copy(order="F")
    if coupling.products is not None:
        flat, places = out.reshape(-1, order="F"), coupling.products.places
        flat[places] -= coupling.products.matrix @ k.ravel()
    else:
        scaled = coupling.matrix(apply(k, coupling, values), width)
        out[:width, :width] -= (matrix.T @ scaled).toarray()
    scaled_fixed = (k @ fixed).reshape(levels * s, -1)
    cross = matrix.T @ scaled_fixed
    out[:width, width:] -= cross
    out[width:, :width] -= cross.T
    out[width:, width:] -= fixed.reshape(levels * s, -1).T @ scaled_fixed
    return out


def subtract_from_ancestor(
    target: FloatArray, places: NDArray[np.intp], coupling: SparseCoupling, y: FloatArray, y_cross: FloatArray
) -> FloatArray:
    """The ancestor's entries less Y_ijᵀ Y_R, summed over the groups of each parent."""
    update = np.einsum("ea,eaj->ej", y, y_cross[coupling.level])
    out = target.copy()
    for j in range(target.shape[1]):
        out[:, j] -= np.bincount(places, update[:, j], target.shape[0])
    return out


def reverse_gram(
    coupling: SparseCoupling, values: FloatArray, fixed: FloatArray, bar: FloatArray, *, need_values: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """B̃ T̄ B̃ᵀ by level, and B̃ T̄ on the fixed columns and on the pattern, for B̃ = [B_R B_F].

    Returns
    -------
    tuple
        (L, s, s); (L, s, P); (nnz, s), the last empty unless ``need_values``.
    """
    levels, s, p = fixed.shape
    width = bar.shape[0] - p
    matrix = coupling.matrix(values, width)
    on_fixed = (matrix @ bar[:width, width:]).reshape(levels, s, p)
    with_fixed = on_fixed + fixed @ bar[width:, width:]
    half = on_fixed @ np.swapaxes(fixed, 1, 2)
    quadratic = with_fixed @ np.swapaxes(fixed, 1, 2) + np.swapaxes(half, 1, 2)
    on_pattern = np.empty((0, s))
    if coupling.products is not None and not need_values:
        # Each pair of columns is stored once, so all count twice but the diagonal.
        there = bar.reshape(-1, order="F").take(coupling.products.places)
        products = (coupling.products.matrix.T @ there).reshape(levels, s, s)
        weighted = values * bar.diagonal()[coupling.column, None]
        diagonal = level_sums(coupling, weighted[:, :, None] * values[:, None, :])
        quadratic += products + np.swapaxes(products, 1, 2) - diagonal
    else:
        on_pattern = _on_pattern(coupling, values, bar, width)
        quadratic += level_sums(coupling, on_pattern[:, :, None] * values[:, None, :])
        on_pattern = on_pattern + np.einsum("eap,ep->ea", fixed[coupling.level], bar[coupling.column, width:])
    return quadratic, with_fixed, on_pattern


def _on_pattern(coupling: SparseCoupling, values: FloatArray, bar: FloatArray, width: int) -> FloatArray:
    """(nnz, s) entries of B T̄_RR on the pattern of B."""
    s = values.shape[1]
    matrix = coupling.matrix(values, width)
    levels = coupling.indptr.size - 1
    step = max(1, CHUNK // (s * width))
    right = np.ascontiguousarray(bar[:width, :width])
    out = np.empty_like(values)
    for start in range(0, levels, step):
        stop = min(start + step, levels)
        part = (matrix[start * s : stop * s] @ right).reshape(stop - start, s, width)
        entries = slice(coupling.indptr[start], coupling.indptr[stop])
        out[entries] = part[coupling.level[entries] - start, :, coupling.column[entries]]
    return out
