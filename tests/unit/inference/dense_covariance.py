"""V written out, n × n: the slow truth for what the product works out from cross products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit

FloatArray = NDArray[np.float64]


def covariance(fit: Fit) -> FloatArray:
    """V = ZΣZᵀ + σ²W⁻¹."""
    design = fit.design
    weights = np.ones(design.nobs) if design.weights is None else design.weights
    out = np.diag(fit.sigma**2 / weights)
    for random, term in zip(design.random, fit.terms, strict=True):
        same = random.codes[:, None] == random.codes[None, :]
        out += np.where(same, random.columns @ term.covariance @ random.columns.T, 0.0)
    return out


@dataclass(frozen=True, eq=False)
class Dense:
    """P = V⁻¹ - V⁻¹X(XᵀV⁻¹X)⁻¹XᵀV⁻¹ and what follows from it."""

    v: FloatArray
    p: FloatArray
    on_beta: FloatArray
    hat: FloatArray

    @staticmethod
    def of(fit: Fit) -> Dense:
        design, v = fit.design, covariance(fit)
        inverse = np.linalg.inv(v)
        weighted = np.linalg.solve(design.x.T @ inverse @ design.x, design.x.T @ inverse)
        p = inverse - inverse @ design.x @ weighted
        weights = np.ones(design.nobs) if design.weights is None else design.weights
        return Dense(v, p, weighted.T, 1.0 - np.diag(p) * fit.sigma**2 / weights)
