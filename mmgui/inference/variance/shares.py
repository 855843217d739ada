"""How the variance divides between the random effects and the residual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VarianceShares:
    """Shares of the variance that the fixed effects leave, averaged over the rows; they sum to 1.

    Attributes
    ----------
    terms
        (k,) share of each random-effects term, covariances of its effects included.
    effects
        For each term (s,) what each effect gives by itself, variance times mean square of its column.
    covariances
        (k,) what the covariances of a term's effects add (or take away): ``terms - sum(effects)``.
    residual
        The residual's share.
    variances
        (k,) the terms' variances averaged over the rows, in squared units of the response.
    residual_variance
        The residual variance averaged over the rows (σ² without prior weights).
    """

    terms: FloatArray
    effects: tuple[FloatArray, ...]
    covariances: FloatArray
    residual: float
    variances: FloatArray
    residual_variance: float


def variance_shares(fit: Fit) -> VarianceShares:
    """Divide the variance that the fixed effects leave between random-effects terms and residual.

    The variance of term r averaged over the rows is σ²_r = mean diag(Z_r Σ_r Z_rᵀ) = tr(Σ_r E_rᵀE_r)/n,
    with E_r the term's own effect columns, also where they are no columns of X.

    References
    ----------
    Johnson, P. C. D. (2014). Extension of Nakagawa & Schielzeth's R²GLMM to random slopes models.
    Methods in Ecology and Evolution 5, 944-946.
    """
    design = fit.design
    moments = [r.columns.T @ r.columns / design.nobs for r in design.random]
    own = [np.diag(t.covariance) * np.diag(m) for t, m in zip(fit.terms, moments, strict=True)]
    whole = np.array([float(np.sum(t.covariance * m)) for t, m in zip(fit.terms, moments, strict=True)])
    residual = fit.sigma**2
    if design.weights is not None:
        residual *= float(np.mean(1.0 / design.weights))
    total = float(whole.sum()) + residual
    if total <= 0.0:
        nothing = np.zeros(len(whole))
        return VarianceShares(nothing, tuple(0.0 * o for o in own), nothing, 1.0, whole, residual)
    effects = tuple(o / total for o in own)
    terms = whole / total
    rest = terms - np.array([float(e.sum()) for e in effects])
    return VarianceShares(terms, effects, rest, residual / total, whole, residual)
