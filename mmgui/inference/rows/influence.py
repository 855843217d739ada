"""How much each row matters to a fit, all rows at once, with the relative variances θ held.

Refits without a group or a row, θ estimated anew, are in ``mmgui.inference.refits.deletion``.
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
class RowInfluence:
    """What leaving out each row would do while θ is held; n rows, p fixed effects.

    NaN where the leverage is 1: the model follows such a row whatever its value.

    Attributes
    ----------
    leverage
        (n,) h_i = ∂ŷ_i/∂y_i (lme4's ``hatvalues``).
    cooks
        (n,) Cook's distance of the conditional fit, (√w e/(1 - h))² h / (σ² p) (lme4's ``cooks.distance``).
    dffits
        (n,) change of the row's own fitted value over its standard deviation, √w e √h / (σ (1 - h)).
    dfbeta
        (n, p) β̂ - β̂ without the row.
    dfbetas
        (n, p) ``dfbeta`` over the standard errors of the whole fit.
    cooks_fixed
        (n,) Cook's distance of the fixed effects, dᵀ vcov(β̂)⁻¹ d / p with d = ``dfbeta`` (HLMdiag).
    studentised
        (n,) the residual over its standard deviation with σ estimated without the row: it has Student's t
        distribution with n - p - 1 degrees of freedom if the model, θ included, is right.
    effective_parameters
        Sum of the leverages.
    """

    leverage: FloatArray
    cooks: FloatArray
    dffits: FloatArray
    dfbeta: FloatArray
    dfbetas: FloatArray
    cooks_fixed: FloatArray
    studentised: FloatArray
    effective_parameters: float


def row_influence(fit: Fit) -> RowInfluence:
    """Leverage, Cook's distance and changes of the fixed effects for every row, without a refit.

    Exact for θ held: with e the conditional residual, leaving out row i adds -∂β̂/∂y_i e_i/(1 - h_i) to β̂.

    Parameters
    ----------
    fit
        The fitted model.

    References
    ----------
    Christensen, R., Pearson, L. M. & Johnson, W. (1992). Case-deletion diagnostics for mixed models.
    Technometrics 34, 38-45.
    """
    design, pull = fit.design, leverage(fit)
    p = max(1, len(fit.beta))
    error = design.y - fit.fitted
    root = np.sqrt(design.row_weights)
    free = np.where(1.0 - pull.hat > _ALL_OF_IT, 1.0 - pull.hat, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = root * error / fit.sigma
        own = scaled / np.sqrt(free)
        dfbeta = pull.on_beta * (error / free)[:, None]
        dfbetas = dfbeta / fit.se
        # With the row the penalised residual sum of squares loses w e²/(1 - h).
        left = design.nobs - len(fit.beta)
        total = left if fit.reml else design.nobs
        without = (total - own**2) / (left - 1.0) if left > 1 else np.full(design.nobs, np.nan)
        studentised = own / np.sqrt(np.where(without > 0.0, without, np.nan))
        solved = np.linalg.solve(fit.vcov_beta, dfbeta.T).T if len(fit.beta) else dfbeta
    return RowInfluence(
        leverage=pull.hat,
        cooks=own**2 * pull.hat / free / p,
        dffits=own * np.sqrt(pull.hat / free),
        dfbeta=dfbeta,
        dfbetas=dfbetas,
        cooks_fixed=np.sum(dfbeta * solved, axis=1) / p,
        studentised=studentised,
        effective_parameters=pull.effective_parameters,
    )
