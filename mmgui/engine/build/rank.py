"""Which columns of a model matrix depend linearly on earlier ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

TOLERANCE = 1e-7
# Below this the Cholesky factor of the cross-products has lost too many digits to decide.
_CERTAIN = 1e-4


def independent_columns(x: FloatArray) -> NDArray[np.intp]:
    """Positions of the columns that are linearly independent of the kept ones before them.

    A column is dropped where what the kept columns before it leave of it has less than 1e-7 of its
    norm: the limited pivoting of LINPACK's ``dqrdc2`` as R modified it, so that the earlier columns are
    kept, the intercept first. A well-conditioned matrix is recognised by the Cholesky factor of its
    cross-products, any other goes through Householder QR.

    Parameters
    ----------
    x
        (n, p) finite.

    Returns
    -------
    Ascending positions, at most min(n, p).
    """
    p = x.shape[1]
    if p == 0:
        return np.arange(0)
    # Largest entries first taken to 1, else squares may overflow or vanish.
    largest = np.abs(x).max(axis=0)
    nonzero = np.flatnonzero(largest > 0)
    if len(nonzero) == 0:
        return nonzero
    if len(nonzero) == p and x.shape[0] >= p and _surely_independent(x, largest):
        return np.arange(p)
    scaled = x[:, nonzero] / largest[nonzero]
    scaled /= np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    return nonzero[_limited_pivoting(np.asarray(np.linalg.qr(scaled, mode="r")))]


def _surely_independent(x: FloatArray, largest: FloatArray) -> bool:
    if largest.max() > 1e100 or largest.min() < 1e-100:
        return False
    cross = x.T @ x
    scale = 1.0 / np.sqrt(np.diag(cross))
    cross *= scale
    cross *= scale[:, None]
    try:
        factor = np.linalg.cholesky(cross)
    except np.linalg.LinAlgError:
        return False
    return bool(np.diag(factor).min() > _CERTAIN)


def _limited_pivoting(r: FloatArray) -> NDArray[np.intp]:
    """The kept columns of a triangle whose columns have norm 1."""
    diagonal = np.abs(np.diag(r))
    if r.shape[0] == r.shape[1] and diagonal.min() > TOLERANCE:
        return np.arange(r.shape[1])
    # Once a column is dropped the rest is no longer a triangle: a kept column reaches one row further
    # down for each one dropped before it, and a reflection of those rows brings the triangle back.
    work = r.copy()
    kept: list[int] = []
    for j in range(work.shape[1]):
        rank = len(kept)
        if rank == work.shape[0]:
            break
        column = work[rank : j + 1, j]
        norm = np.linalg.norm(column)
        if norm < TOLERANCE:
            continue
        kept.append(j)
        if rank == j:
            continue
        reflector = column / np.copysign(norm, column[0] or 1.0)
        reflector[0] += 1.0
        rest = work[rank : j + 1, j:]
        rest -= np.outer(reflector, (reflector @ rest) / reflector[0])
    return np.array(kept, dtype=np.intp)


def dependencies(x: FloatArray, kept: NDArray[np.intp]) -> FloatArray:
    """(p, d) what the d columns not kept are in terms of the p kept: ``x[:, others] = x[:, kept] @ result``.

    Coefficients that are rounding beside the size of the columns are zero.
    """
    others = np.setdiff1d(np.arange(x.shape[1]), kept)
    largest = np.abs(x).max(axis=0, initial=0.0)
    scale = np.where(largest > 0.0, largest, 1.0)
    q, r = np.linalg.qr(x[:, kept] / scale[kept])
    found = (
        np.linalg.solve(r, q.T @ (x[:, others] / scale[others])) if len(kept) else np.empty((0, len(others)))
    )
    found[np.abs(found) < TOLERANCE] = 0.0
    result: FloatArray = found * scale[others] / scale[kept][:, None]
    return result
