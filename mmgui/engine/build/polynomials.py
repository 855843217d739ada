"""Orthogonal and raw polynomials as R's ``poly``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ArnoldiRecursion:
    """The constants that make orthogonal polynomials at any point.

    With z = (x - mean) / scale and q₀ constant, q_k = (z q_{k-1} - Σ_j h_jk q_j) / h_kk.

    Attributes
    ----------
    mean, scale
        Of the points on which the polynomials are orthonormal.
    start
        The constant q₀.
    coefficients
        (degree + 1, degree) column k - 1 holds h_0k … h_{k-1,k}, and the norm h_kk below them.
    """

    mean: float
    scale: float
    start: float
    coefficients: FloatArray

    def at(self, x: FloatArray) -> FloatArray:
        """(n, degree) the polynomials at x."""
        z = (x - self.mean) / self.scale
        degree = self.coefficients.shape[1]
        q = np.empty((len(x), degree + 1), order="F")
        q[:, 0] = self.start
        for k in range(1, degree + 1):
            h = self.coefficients[:, k - 1]
            q[:, k] = (z * q[:, k - 1] - q[:, :k] @ h[:k]) / h[k]
        return q[:, 1:]


def arnoldi_polynomials(x: FloatArray, degree: int) -> tuple[FloatArray, ArnoldiRecursion]:
    """The polynomials of :func:`orthogonal_polynomials`, and the recursion that makes them elsewhere."""
    mean = x.mean()
    centred = x - mean
    scale = np.abs(centred).max()
    centred /= scale
    q = np.empty((len(x), degree + 1), order="F")
    q[:, 0] = 1.0 / np.sqrt(len(x))
    coefficients = np.zeros((degree + 1, degree))
    for k in range(1, degree + 1):
        v = centred * q[:, k - 1]
        for _ in range(2):
            h = q[:, :k].T @ v
            v -= q[:, :k] @ h
            coefficients[:k, k - 1] += h
        norm = np.linalg.norm(v)
        coefficients[k, k - 1] = norm
        q[:, k] = v / norm
    return q[:, 1:], ArnoldiRecursion(float(mean), float(scale), float(q[0, 0]), coefficients)


def orthogonal_polynomials(x: FloatArray, degree: int) -> FloatArray:
    """(n, degree) polynomials orthonormal to each other and to the constant, leading coefficients positive.

    Each is x times the one before, orthogonalised twice against all before it (the Arnoldi form of the
    Stieltjes recursion: Brubeck, Nakatsukasa & Trefethen 2021, SIAM Review 63), which spans what R's
    ``poly`` spans, with its signs, and stays orthogonal at any degree. x has no gaps and more distinct
    values than ``degree``.
    """
    return arnoldi_polynomials(x, degree)[0]


def raw_polynomials(x: FloatArray, degree: int) -> FloatArray:
    """(n, degree) powers x, x², …"""
    return np.asarray(x[:, None] ** np.arange(1, degree + 1), dtype=np.float64)
