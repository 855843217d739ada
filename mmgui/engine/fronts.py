"""Cholesky factor and inverse of a symmetric matrix most of whose entries are and stay zero.

The matrix is held densely, column-major, but only the entries that its ``Ordering`` allows are touched.
With J the columns of a front and R the later rows they couple with, the factor is L_JJ, L_RJ = A_RJ L_JJ⁻ᵀ
and A_RR loses L_RJ L_RJᵀ. Backwards, with G = L_RJ L_JJ⁻¹, the weighted inverse S = L⁻ᵀ W L⁻¹ has

    S_RJ = -S_RR G,   S_JJ = L_JJ⁻ᵀ W_J L_JJ⁻¹ + Gᵀ S_RR G,

so that S on the pattern needs S on the pattern alone (Takahashi, Fagan & Chin 1973; Erisman & Tinney 1975,
doi:10.1145/360680.360704).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import blas

from mmgui.engine.design import FloatArray
from mmgui.engine.factor import Poll, cholesky, indefinite
from mmgui.engine.lapack import potrf, potri
from mmgui.engine.ordering import Front, Ordering

# Rows of a front's update moved at once.
STRIP = 256


def factor(a: FloatArray, ordering: Ordering, poll: Poll) -> FloatArray:
    """The lower Cholesky factor of column-major ``a``, in place; what stands above the diagonal is undefined.

    Raises
    ------
    FitError
        Where ``a`` is not positive definite.
    """
    for front in ordering.fronts:
        poll()
        own = slice(front.start, front.stop)
        l, info = potrf(np.asfortranarray(a[own, own]))
        if info:
            raise indefinite()
        a[own, own] = l
        below = blas.dtrsm(1.0, l, _below(a, front), side=1, lower=1, trans_a=1, overwrite_b=1)
        a.T[own, front.rows] = below.T
        _subtract(a, front, below)
    core = slice(ordering.core, a.shape[0])
    a[core, core] = cholesky(np.asfortranarray(a[core, core]), poll)
    return a


def _below(a: FloatArray, front: Front) -> FloatArray:
    """(r, j) column-major copy of what stands below a front."""
    return np.take(a.T[front.start : front.stop], front.rows, axis=1).T


def _subtract(a: FloatArray, front: Front, below: FloatArray) -> None:
    """A_RR -= L_RJ L_RJᵀ, lower triangle, in strips of columns."""
    rows, flat = front.rows, a.reshape(-1, order="F")
    update = below @ below.T
    for first in range(0, rows.size, STRIP):
        places = rows[first : first + STRIP, None] * a.shape[0] + rows[first:]
        flat[places] = flat.take(places) - update[first : first + STRIP, first:]


def _among(s: FloatArray, front: Front) -> FloatArray:
    """Copy of the symmetric S_RR."""
    rows, flat = front.rows, s.reshape(-1, order="F")
    out = np.empty((rows.size, rows.size))
    for first in range(0, rows.size, STRIP):
        part = out[first : first + STRIP]
        np.take(flat, rows[first : first + STRIP, None] * s.shape[0] + rows, out=part, mode="clip")
    return out


def weighted_inverse(l: FloatArray, ordering: Ordering, core: FloatArray, poll: Poll) -> FloatArray:
    """S = L⁻ᵀ W L⁻¹ on the pattern, both triangles, column-major, zero elsewhere.

    Parameters
    ----------
    core
        S on the core; W is the identity on the rows before it.
    """
    out = np.zeros(l.shape, order="F")
    out[ordering.core :, ordering.core :] = core
    for front in reversed(ordering.fronts):
        poll()
        own = slice(front.start, front.stop)
        diagonal = np.asfortranarray(l[own, own])
        g = blas.dtrsm(1.0, diagonal, _below(l, front), side=1, lower=1, overwrite_b=1)
        product = _among(out, front) @ g
        inverse, info = potri(diagonal)
        if info:
            raise indefinite()
        inverse = np.tril(inverse)
        inverse += np.tril(inverse, -1).T
        out[own, own] = inverse + g.T @ product
        out.T[own, front.rows] = -product.T
        out[own, front.rows] = -product.T
    return out
