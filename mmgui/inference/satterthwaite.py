"""Tests of single fixed effects with Satterthwaite's degrees of freedom.

With φ the covariance parameters and A the covariance of their estimates, the variance of an estimated
fixed effect, f(φ) = (vcov β)_ii, is itself uncertain. Matching its mean and variance with those of a
scaled χ² distribution gives ν = 2 f² / (gᵀ A g), g = ∂f/∂φ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.deviance import Deviance
from mmgui.inference.smooth_theta import SmoothTheta

FloatArray = NDArray[np.float64]

METHODS = ("satterthwaite", "kenward-roger", "none")

_FLAT = 1e-8
_STEP = 3e-4


@dataclass(frozen=True, eq=False)
class FixedEffectTests:
    """Two-sided tests that single fixed effects are 0; all arrays (p,) in model-matrix order.

    Attributes
    ----------
    method
        ``"satterthwaite"``, ``"kenward-roger"`` or ``"none"``.
    df
        Denominator degrees of freedom; NaN for method ``"none"``.
    t
        Estimate over standard error.
    p
        Two-sided p-value of t with ``df`` degrees of freedom; NaN for method ``"none"``.
    se
        Standard errors used; those of Kenward and Roger are corrected for small samples.
    """

    method: str
    df: FloatArray
    t: FloatArray
    p: FloatArray
    se: FloatArray


def fixed_effect_tests(fit: Fit, method: str = "satterthwaite") -> FixedEffectTests:
    """Test each fixed effect of a fitted model.

    Parameters
    ----------
    fit
        The fitted model.
    method
        ``"satterthwaite"``; ``"kenward-roger"`` (REML fits of moderate size only); ``"none"`` gives
        t without degrees of freedom.

    Raises
    ------
    FitError
        ``unknown_method``; for Kenward-Roger ``kenward_roger_needs_reml``, ``too_large``.

    References
    ----------
    Kuznetsova, A., Brockhoff, P. B. & Christensen, R. H. B. (2017). lmerTest package. Journal of
    Statistical Software 82(13).
    """
    if method == "none":
        unknown = np.full(len(fit.beta), np.nan)
        return FixedEffectTests(method, unknown, fit.beta / fit.se, unknown, fit.se)
    if method == "satterthwaite":
        return tests_from(method, fit.beta, fit.se, satterthwaite_df(fit))
    if method == "kenward-roger":
        from mmgui.inference.kenward_roger import kenward_roger

        adjusted = kenward_roger(fit)
        return tests_from(method, fit.beta, adjusted.se, adjusted.df)
    raise FitError("unknown_method", f"There is no method {method!r}; choose one of {', '.join(METHODS)}.")


def tests_from(method: str, beta: FloatArray, se: FloatArray, df: FloatArray) -> FixedEffectTests:
    """t and two-sided p of estimates with standard errors and degrees of freedom."""
    from scipy.special import stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        t = beta / se
        p = 2.0 * stdtr(df, -np.abs(t))
    return FixedEffectTests(method, df, t, p, se)


def satterthwaite_df(fit: Fit, information: CovarianceInformation | None = None) -> FloatArray:
    """(p,) Satterthwaite's degrees of freedom of the fixed effects of a fit by REML or ML.

    φ = (θ, log σ), through coordinates of θ that know no edge. The Hessian of the deviance comes from
    differences of its analytic gradient, made at the optimum; its generalised inverse leaves out flat
    directions (as lmerTest, at 1e-8). A variance estimated as 0 adds nothing to the uncertainty, since
    vcov β is an even function of its coordinate; nor does a correlation at its limit.
    """
    if information is None:
        with one_blas_thread():
            information = CovarianceInformation.of(fit)
    # Relative to f itself, so that squares stay in range whatever the units.
    slopes = np.einsum("aii->ia", information.vcov_derivatives) / np.diag(fit.vcov_beta)[:, None]
    spread = np.einsum("ia,ab,ib->i", slopes, information.covariance, slopes)
    with np.errstate(divide="ignore"):
        df: FloatArray = 2.0 / spread
    return df


@dataclass(frozen=True, eq=False)
class CovarianceInformation:
    """What is known about φ = (x, log σ) around a fit, x the coordinates of θ (``SmoothTheta``).

    Attributes
    ----------
    covariance
        (m + 1, m + 1) covariance A = 2 H⁺ of the estimates of φ.
    vcov_derivatives
        (m + 1, p, p) derivatives of vcov(β) with respect to φ.
    """

    covariance: FloatArray
    vcov_derivatives: FloatArray

    @staticmethod
    def of(fit: Fit) -> CovarianceInformation:
        """Differentiate numerically at the optimum: two gradients for each θ."""
        deviance, smooth = Deviance(fit.design), SmoothTheta.of(fit.design)
        x = smooth.x(fit.theta)
        m, p = len(x), len(fit.beta)
        hessian = np.zeros((m + 1, m + 1))
        inverse_slopes = np.zeros((m, p, p))
        log_variance = np.zeros(m)
        for a in range(m):
            step = np.zeros(m)
            step[a] = _STEP * max(1.0, abs(x[a]))
            up, down = deviance.at(smooth.theta(x + step)), deviance.at(smooth.theta(x - step))
            width = 2.0 * step[a]
            rise = smooth.slopes(x + step) * up.gradient - smooth.slopes(x - step) * down.gradient
            hessian[a, :m] = rise / width
            log_variance[a] = np.log(up.variance / down.variance) / width
            inverse_slopes[a] = (up.inverse - down.inverse) / width
        nu = deviance.nu
        hessian[:m, :m] = 0.5 * (hessian[:m, :m] + hessian[:m, :m].T)
        # The deviance in (θ, σ), of which the criterion is the minimum over σ.
        hessian[:m, :m] += nu * np.outer(log_variance, log_variance)
        hessian[:m, m] = hessian[m, :m] = -2.0 * nu * log_variance
        hessian[m, m] = 4.0 * nu
        slopes = np.concatenate([fit.sigma**2 * inverse_slopes, 2.0 * fit.vcov_beta[None]])
        return CovarianceInformation(2.0 * positive_inverse(hessian), slopes)


def positive_inverse(matrix: FloatArray) -> FloatArray:
    """Generalised inverse of a symmetric matrix over its directions of positive curvature."""
    values, vectors = np.linalg.eigh(matrix)
    keep = values > _FLAT * max(float(values[-1]), np.finfo(float).tiny)
    kept = vectors[:, keep]
    inverse: FloatArray = (kept / values[keep]) @ kept.T
    return inverse
