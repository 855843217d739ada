"""The dense trailing block of the crossed factors, X and y: how Λ enters it, and its symmetry.

Where every λ of the crossed factors may be divided by, the factorization is that of T + Σ⁻¹, with
log|ΛᵀTΛ + I| = log|T + Σ⁻¹| + log|Σ| and T̄ its inverse: Λ never multiplies a large matrix. Where one
is (nearly) singular, it is that of Λᵀ T Λ + I.
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.blocks import Blocks
from mmgui.engine.design import FloatArray
from mmgui.engine.factor import mirror

# Below this ratio of singular values λ is not divided by.
ILL_CONDITIONED = 1e-3


def divisible(lam: FloatArray) -> bool:
    """Whether λ may be divided by."""
    if lam.shape[0] == 1:
        return abs(float(lam[0, 0])) > ILL_CONDITIONED
    values = np.linalg.svd(lam, compute_uv=False)
    return bool(values[-1] > ILL_CONDITIONED * max(1.0, float(values[0])))


def with_precisions(blocks: Blocks, lams: list[FloatArray], trailing: FloatArray) -> tuple[FloatArray, float]:
    """T + Σ⁻¹ on the crossed factors' diagonal blocks, column-major, and log|Σ|."""
    out, log_det = trailing.copy(order="F"), 0.0
    for d in blocks.dense:
        inverse = np.linalg.inv(lams[d.factor])
        precision = inverse.T @ inverse
        log_det -= 2.0 * d.levels * float(np.linalg.slogdet(inverse)[1])
        first = np.arange(d.start, d.start + d.levels * d.size, d.size)
        for i in range(d.size):
            for j in range(d.size):
                out[first + i, first + j] += precision[i, j]
    return out, log_det


def scale_rows(blocks: Blocks, lams: list[FloatArray], matrix: FloatArray, *, adjoint: bool) -> FloatArray:
    """Λ̃ᵀ M (``adjoint``) or Λ̃ M for the trailing Λ̃ = diag(Λ_R, I)."""
    out = matrix.copy(order="C")
    for d in blocks.dense:
        lam = lams[d.factor].T if adjoint else lams[d.factor]
        part = out[d.rows].reshape(d.levels, d.size, -1)
        out[d.rows] = (lam @ part).reshape(d.levels * d.size, -1)
    return out


def scale_both(blocks: Blocks, lams: list[FloatArray], matrix: FloatArray, *, adjoint: bool) -> FloatArray:
    """Λ̃ᵀ M Λ̃ (``adjoint``) or Λ̃ M Λ̃ᵀ for a symmetric M, column-major."""
    half = scale_rows(blocks, lams, matrix, adjoint=adjoint)
    return np.asfortranarray(scale_rows(blocks, lams, half.T, adjoint=adjoint))


def scaled_identity(blocks: Blocks, lams: list[FloatArray], trailing: FloatArray) -> FloatArray:
    """Λ̃ᵀ T Λ̃ + diag(I, 0), column-major."""
    out = scale_both(blocks, lams, full(trailing), adjoint=True)
    at = np.arange(blocks.q)
    out[at, at] += 1.0
    return out


def full(lower: FloatArray) -> FloatArray:
    """The symmetric matrix of which the lower triangle is given."""
    return mirror(lower.copy(order="F"))
