"""Orthogonal and raw polynomials as R's ``poly``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def orthogonal_polynomials(x: FloatArray, degree: int) -> FloatArray:
    """(n, degree) polynomials orthonormal to each other and to the constant, leading coefficients positive.

    Each is x times the one before, orthogonalised twice against all before it (the Arnoldi form of the
    Stieltjes recursion: Brubeck, Nakatsukasa & Trefethen 2021, SIAM Review 63), which spans what R's
    ``poly`` spans, with its signs, and stays orthogonal at any degree. x has no gaps and more distinct
    values than ``degree``.
    """
    centred = x - x.mean()
    centred /= np.abs(centred).max()
    q = np.empty((len(x), degree + 1), order="F")
    q[:, 0] = 1.0 / np.sqrt(len(x))
    for k in range(1, degree + 1):
        v = centred * q[:, k - 1]
        for _ in range(2):
            v -= q[:, :k] @ (q[:, :k].T @ v)
        q[:, k] = v / np.linalg.norm(v)
    return q[:, 1:]


def raw_polynomials(x: FloatArray, degree: int) -> FloatArray:
    """(n, degree) powers x, x², …"""
    return np.asarray(x[:, None] ** np.arange(1, degree + 1), dtype=np.float64)
