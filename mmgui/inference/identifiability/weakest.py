"""The combination of a model's (co)variances that its design tells apart worst.

The Gram matrix G of :mod:`mmgui.inference.identifiability.certificate` is twice the information about the
(co)variances at no variance but the residual's, in units of the residual variance: Var(φ̂) = 2 G⁻¹. Its
smallest eigenvalue scaled to a diagonal of ones says what share of the information about a combination the
others leave to it.

It is taken in a basis in which the effect columns of a block that is free to correlate are orthonormal, not
for the parameters as they are written: moving the origin of a predictor changes the variance of the intercept
and its covariance with the slope, but neither the fit nor what the design can tell. Of (temp | g) with
temperatures from 175 to 225 the eigenvalue is 7e-6 as written and 0.44 in the basis; (temp - 200 | g) is the
same model. Effects that are kept uncorrelated are taken as they are, since there the origin is part of the
model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import FloatArray

# Weights of the weakest combination below this share of its largest take no part in it.
_NO_PART = 0.2


@dataclass(frozen=True, eq=False)
class Weakest:
    """The worst combination.

    Attributes
    ----------
    eigenvalue
        The smallest of the scaled Gram matrix, 0 … 1: 0.05 where two directions correlate by 0.95.
    error
        Largest standard error of a variance in it at no variance but the residual's, in residual variances,
        for effects of average size 1.
    moving
        (n_par,) bool, which of the (co)variances take part, the residual's last.
    names
        The same in words.
    about
        The random-effects terms concerned (positions in the formula).
    """

    eigenvalue: float
    error: float
    moving: NDArray[np.bool_]
    names: str
    about: tuple[int, ...]


def weakest_direction(
    projected: FloatArray, coordinates: FloatArray
) -> tuple[float, float, NDArray[np.bool_]] | None:
    """The smallest eigenvalue, the standard error there, and the parameters that take part.

    Parameters
    ----------
    projected
        (m, m) Gram matrix of the directions of the basis.
    coordinates
        (m, n_par) the parameters in the basis.

    Returns
    -------
    tuple or None
        None where the Gram matrix is singular: then something trades off exactly.
    """
    diagonal = np.diag(projected)
    if not np.all(diagonal > 0.0):
        return None
    scale = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(projected / np.outer(scale, scale))
    if values[0] <= 0.0:
        return None
    part = np.abs(vectors[:, 0]) > _NO_PART * np.abs(vectors[:, 0]).max()
    variances = 2.0 * np.sum(vectors**2 / values, axis=1) / diagonal
    moving = np.any(coordinates[part] != 0.0, axis=0)
    return float(values[0]), float(np.sqrt(variances[part].max())), moving
