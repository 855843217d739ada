"""Cholesky kernels: small uniform blocks in batches, and one large dense block in pieces.

The large ones recurse on halves, so that a stop is noticed between the pieces.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import blas

from mmgui.engine.design import FloatArray
from mmgui.engine.lapack import potrf, potri
from mmgui.errors import FitError

# LAPACK factors a block of this order in about 0.1 s.
PIECE = 2400
# A triangular solve with this order cubed takes about 10 ms.
SOLVE = 768
# Triangles are copied in tiles of this order.
TILE = 128

Poll = Callable[[], None]


def no_poll() -> None:
    """Nothing to ask between the pieces."""


def indefinite() -> FitError:
    """The error of a cross product that numerically is not positive definite."""
    return FitError(
        "not_positive_definite",
        "The model's equations cannot be solved to working precision at these variances; "
        "check for columns with extreme values or nearly identical columns.",
    )


def cholesky(a: FloatArray, poll: Poll = no_poll) -> FloatArray:
    """The lower Cholesky factor of the symmetric ``a``, of which the lower triangle is read.

    Returns a Fortran-ordered array whose strict upper triangle is zero; ``a`` may be overwritten.

    Raises
    ------
    FitError
        Where ``a`` is not positive definite.
    """
    n = a.shape[0]
    if n <= PIECE:
        l, info = potrf(a)
        if info:
            raise indefinite()
        return l
    poll()
    h = n // 2
    out = np.zeros((n, n), order="F")
    out[:h, :h] = cholesky(np.asfortranarray(a[:h, :h]), poll)
    l21 = solve_right(np.asfortranarray(a[h:, :h]), out[:h, :h], poll)
    out[h:, :h] = l21
    trailing = np.asfortranarray(a[h:, h:])
    subtract_gram(trailing, l21, poll)
    out[h:, h:] = cholesky(trailing, poll)
    return out


def solve_right(b: FloatArray, l: FloatArray, poll: Poll = no_poll, *, transposed: bool = True) -> FloatArray:
    """B L⁻ᵀ, or B L⁻¹ where not ``transposed``, in pieces of rows."""
    out = np.empty_like(b, order="F")
    l = np.asfortranarray(l)
    rows = max(1, int(SOLVE**3 / max(1, l.shape[0] ** 2)))
    for start in range(0, b.shape[0], rows):
        poll()
        out[start : start + rows] = blas.dtrsm(
            1.0, l, b[start : start + rows], side=1, lower=1, trans_a=int(transposed)
        )
    return out


def subtract_gram(c: FloatArray, b: FloatArray, poll: Poll = no_poll) -> None:
    """C -= B Bᵀ in place, lower triangle, in pieces of rows."""
    for start in range(0, c.shape[0], SOLVE):
        poll()
        stop = min(start + SOLVE, c.shape[0])
        c[start:stop, :stop] -= b[start:stop] @ b[:stop].T


def mirror(lower: FloatArray) -> FloatArray:
    """Write the lower triangle over the upper one, in place."""
    n = lower.shape[0]
    for start in range(0, n, TILE):
        stop = min(start + TILE, n)
        square = lower[start:stop, start:stop]
        square[:] = np.tril(square) + np.tril(square, -1).T
        lower[start:stop, stop:] = lower[stop:, start:stop].T
    return lower


def inverse_gram(l: FloatArray, poll: Poll = no_poll) -> FloatArray:
    """(L Lᵀ)⁻¹, both triangles, column-major.

    With S = (L₂₂ L₂₂ᵀ)⁻¹ and G = L₂₁ L₁₁⁻¹ its blocks are S, -S G and (L₁₁ L₁₁ᵀ)⁻¹ + Gᵀ S G.
    """
    n = l.shape[0]
    if n <= PIECE:
        out, info = potri(l)
        if info:
            raise indefinite()
        return mirror(out)
    poll()
    h = n // 2
    second = inverse_gram(np.asfortranarray(l[h:, h:]), poll)
    first = np.asfortranarray(l[:h, :h])
    g = solve_right(np.asfortranarray(l[h:, :h]), first, poll, transposed=False)
    sg = second @ g
    out = np.empty((n, n), order="F")
    out[h:, h:] = second
    out[h:, :h] = -sg
    out[:h, h:] = out[h:, :h].T
    poll()
    out[:h, :h] = inverse_gram(first, poll)
    out[:h, :h] += g.T @ sg
    return out
