"""The lower-triangular factor of a covariance given by any other factor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def lower_factor(factor: FloatArray) -> FloatArray:
    """The lower-triangular factor with non-negative diagonal of factor @ factor.T, for (..., s, s)."""
    if factor.shape[-1] == 1:
        return np.abs(factor)
    if not factor.any():
        return np.zeros_like(factor)
    r = np.linalg.qr(np.swapaxes(factor, -1, -2), mode="r")
    sign = np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0.0, -1.0, 1.0)
    lower: FloatArray = np.swapaxes(r * sign[..., None], -1, -2)
    return lower
