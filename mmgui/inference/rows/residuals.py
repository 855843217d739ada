"""Residuals of a fit: conditional and marginal, raw, standardised and decorrelated, and as probabilities.

With V the covariance of the response, e = y - Xβ̂ - Zb̂ and r = y - Xβ̂ (offset taken off both):

    var(e_i) = σ² (1 - h_i) / w_i,    var(r_i) = V_ii - x_i vcov(β̂) x_iᵀ,    scaled: L⁻¹ r with L Lᵀ = V.

The variances are exact at the estimated θ and σ. Because (Py)_i = w_i e_i/σ² and P_ii = w_i (1 - h_i)/σ²
with P = V⁻¹ - V⁻¹X vcov(β̂) XᵀV⁻¹, a standardised conditional residual is also the distance of y_i from
what all other observations predict for it, in predictive standard deviations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.inference.rows.leverage import leverage

FloatArray = NDArray[np.float64]

_ALL_OF_IT = 1e-10


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals of every row used; all arrays (n,).

    Attributes
    ----------
    conditional
        e = y - Xβ̂ - Zb̂ - offset, in units of the response (lme4's ``residuals(fit)``).
    marginal
        r = y - Xβ̂ - offset (nlme's level 0).
    pearson
        √w e (lme4's ``type = "pearson"``).
    scaled_pearson
        √w e / σ (lme4's ``scaled = TRUE``, nlme's ``type = "pearson"``); its SD is below 1, because the
        model follows the data.
    standardised_conditional
        e over its standard deviation; NaN where the model reproduces the row whatever its value.
    standardised_marginal
        r over its standard deviation.
    leverage
        h_i = ∂ŷ_i/∂y_i.
    pit_conditional
        Φ(√w e / σ): the probability that the row's own fitted mean with residual noise leaves below y.
    pit_marginal
        Φ(r / √V_ii): the probability below y for a row of a new group.
    pit_leave_one_out
        Φ(``standardised_conditional``): the probability below y_i under the normal distribution that all
        other rows predict for it, β and b estimated without row i, θ and σ held. For a model that is
        right it is uniform, up to the uncertainty of θ and σ, whatever the amount of shrinkage.
    """

    conditional: FloatArray
    marginal: FloatArray
    pearson: FloatArray
    scaled_pearson: FloatArray
    standardised_conditional: FloatArray
    standardised_marginal: FloatArray
    leverage: FloatArray
    pit_conditional: FloatArray
    pit_marginal: FloatArray
    pit_leave_one_out: FloatArray


def residuals(fit: Fit) -> Residuals:
    """Every kind of residual that needs no factorization of V; for those see ``scaled_residuals``.

    Parameters
    ----------
    fit
        The fitted model.

    References
    ----------
    Nobre, J. S. & Singer, J. M. (2007). Residual analysis for linear mixed models. Biometrical Journal 49,
    863-875. Haslett, J. & Haslett, S. J. (2007). The three basic types of residuals for a linear model.
    International Statistical Review 75, 1-24.
    """
    from scipy.special import ndtr

    design = fit.design
    conditional = design.y - fit.fitted
    marginal = marginal_residuals(fit)
    root = np.sqrt(design.row_weights)
    hat = leverage(fit).hat
    pearson = root * conditional
    scaled = _over(pearson, np.full(design.nobs, fit.sigma))
    free = 1.0 - hat
    own = _over(scaled, np.sqrt(np.where(free > _ALL_OF_IT, free, np.nan)))
    variance = marginal_variance(fit)
    estimated = np.einsum("np,pr,nr->n", design.x, fit.vcov_beta, design.x, optimize=True)
    left = variance - estimated
    spread = np.sqrt(np.where(left > _ALL_OF_IT * variance, left, np.nan))
    return Residuals(
        conditional=conditional,
        marginal=marginal,
        pearson=pearson,
        scaled_pearson=scaled,
        standardised_conditional=own,
        standardised_marginal=_over(marginal, spread),
        leverage=hat,
        pit_conditional=ndtr(scaled),
        pit_marginal=ndtr(_over(marginal, np.sqrt(variance))),
        pit_leave_one_out=ndtr(own),
    )


def marginal_residuals(fit: Fit) -> FloatArray:
    """(n,) y - Xβ̂ - offset."""
    design = fit.design
    out: FloatArray = design.y - design.x @ fit.beta
    return out if design.offset is None else out - design.offset


def marginal_variance(fit: Fit) -> FloatArray:
    """(n,) diagonal of V: z_i Σ z_iᵀ of every random-effects term, and σ²/w_i."""
    design = fit.design
    out = np.full(design.nobs, fit.sigma**2)
    if design.weights is not None:
        out /= design.weights
    for random, term in zip(design.random, fit.terms, strict=True):
        out += np.einsum("ns,ns->n", random.columns @ term.covariance, random.columns)
    return out


def _over(values: FloatArray, spread: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        out: FloatArray = values / spread
    return out
