"""Tests of single fixed effects with Satterthwaite's degrees of freedom.

With φ the covariance parameters and A the covariance of their estimates, the variance of an estimated
fixed effect, f(φ) = (vcov β)_ii, is itself uncertain. Matching its mean and variance with those of a
scaled χ² distribution gives ν = 2 f² / (gᵀ A g), g = ∂f/∂φ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.basis import Basis
from mmgui.engine.criterion import Criterion
from mmgui.engine.elimination import Elimination
from mmgui.engine.parameters import Free, pivoted
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.coordinates import FixedCoordinates

FloatArray = NDArray[np.float64]

METHODS = ("satterthwaite", "kenward-roger", "none")

_FLAT = 1e-8
_STEP = 1e-4
# A relative standard deviation below this, beside the largest, is none.
_EMPTY = 1e-7


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
        from mmgui.inference.degrees_of_freedom.kenward_roger import kenward_roger

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
    """(p,) Satterthwaite's degrees of freedom of the fixed effects of a fit by REML or ML."""
    if information is None:
        with one_blas_thread():
            information = CovarianceInformation.of(fit)
    return information.df(np.eye(len(fit.beta)))


@dataclass(frozen=True, eq=False)
class CovarianceInformation:
    """What is known about φ = (x, log σ) around a fit, and how the covariance of β moves with it.

    x are the engine's coordinates of θ, in which neither the units nor the origin of an effect's column
    matter. The Hessian of the deviance comes from differences of its analytic gradient, made at the
    optimum; its generalised inverse leaves out flat directions (as lmerTest, at 1e-8, here of the largest).

    On the boundary, where a block's Σ has rank r, x are the coordinates of the matrices of rank r around it
    (:class:`mmgui.engine.parameters.Held`); φ has no other parameters there. Columns of λ beyond the r-th
    are no parameters: Σ, and with it the deviance and vcov β, are even functions of them, so that their
    gradient of vcov β and their covariance with the others are zero, and they could add nothing. So also a
    variance estimated as 0, or a correlation at its limit, adds nothing to the uncertainty. lmerTest, which
    keeps all entries of θ, finds the same as long as lme4 has come to the optimum and the first r columns
    of its θ hold Σ (where the first effect has no variance but a later one has, a rotation of its columns
    is left, along which its Hessian is rounding). Where lme4 has stopped at a saddle, its Hessian has
    negative eigenvalues, which lmerTest leaves out with a warning; such df mean nothing.

    Attributes
    ----------
    covariance
        (m + 1, m + 1) covariance A = 2 H⁺ of the estimates of φ.
    vcov_derivatives
        (m + 1, p, p) derivatives of ``vcov`` with respect to φ.
    vcov
        (p, p) covariance of the fixed effects in the coordinates of ``fixed``.
    fixed
        The way from β to these coordinates.
    """

    covariance: FloatArray
    vcov_derivatives: FloatArray
    vcov: FloatArray
    fixed: FixedCoordinates

    def df(self, rows: FloatArray) -> FloatArray:
        """(m,) degrees of freedom of t for each of the combinations (m, p) of β: 2 f² / (gᵀ A g).

        f is the variance of the combination and g its derivatives.
        """
        inner = self.fixed.rows(rows)
        variance = np.einsum("mi,ij,mj->m", inner, self.vcov, inner)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Relative to f itself, so that squares stay in range whatever the units.
            slopes = np.einsum("mi,aij,mj->ma", inner, self.vcov_derivatives, inner, optimize=True)
            slopes /= variance[:, None]
            df: FloatArray = 2.0 / np.einsum("ma,ab,mb->m", slopes, self.covariance, slopes)
        return df

    @staticmethod
    def of(fit: Fit) -> CovarianceInformation:
        """Differentiate numerically at the optimum: two gradients for each coordinate of θ."""
        around = _Surroundings(fit)
        m, p = len(around.x), len(fit.beta)
        hessian = np.zeros((m + 1, m + 1))
        inverse_slopes = np.zeros((m, p, p))
        log_variance = np.zeros(m)
        # Relative standard deviations of a thousand count by their logarithms.
        units = np.maximum(1.0, np.abs(around.x))
        for a in range(m):
            step = np.zeros(m)
            step[a] = _STEP * units[a]
            up, down = around.point(around.x + step), around.point(around.x - step)
            hessian[a, :m] = units * (up.gradient - down.gradient) / (2.0 * _STEP)
            log_variance[a] = np.log(up.variance / down.variance) / (2.0 * _STEP)
            inverse_slopes[a] = (up.inverse - down.inverse) / (2.0 * _STEP)
        nu = around.nu
        hessian[:m, :m] = 0.5 * (hessian[:m, :m] + hessian[:m, :m].T)
        # The deviance in (x, log σ), of which the criterion is the minimum over σ.
        hessian[:m, :m] += nu * np.outer(log_variance, log_variance)
        hessian[:m, m] = hessian[m, :m] = -2.0 * nu * log_variance
        hessian[m, m] = 4.0 * nu
        s2, inverse = fit.sigma**2, around.inverse()
        slopes = s2 * np.concatenate([inverse_slopes, 2.0 * inverse[None]])
        return CovarianceInformation(2.0 * positive_inverse(hessian), slopes, s2 * inverse, around.fixed)


@dataclass(frozen=True, eq=False)
class _Point:
    """The criterion's gradient in x, the best residual variance, and (p, p) vcov over that variance."""

    gradient: FloatArray
    variance: float
    inverse: FloatArray


class _Surroundings:
    """The criterion around a fit, in the engine's coordinates."""

    def __init__(self, fit: Fit) -> None:
        self._criterion = Criterion(fit.design)
        self._flat = self._criterion.flat(fit.theta)
        self._free = _at_its_rank(self._criterion.basis, self._flat)
        self.x = self._free.coordinates(self._flat)
        self.nu = fit.nobs - (len(fit.beta) if fit.reml else 0)
        self.fixed = FixedCoordinates(self._criterion.blocks.fixed.root)

    def point(self, x: FloatArray) -> _Point:
        """The criterion at x."""
        _, by_entry, state = self._criterion.evaluate(self._free.flat(x))
        return _Point(self._free.gradient(x, by_entry), state.pwrss / self.nu, _inverse(state))

    def inverse(self) -> FloatArray:
        """vcov over the residual variance at the fit."""
        return _inverse(self._criterion.eliminate(self._flat))


def _at_its_rank(basis: Basis, flat: FloatArray) -> Free:
    """Coordinates of the relative factors near ``flat`` that have the ranks which it has."""
    free = Free.full(basis)
    for number, block in enumerate(basis.blocks):
        if block.pattern is not None:
            continue
        lam = flat[block.flat]
        values = np.linalg.svd(lam, compute_uv=False)
        rank = int(np.count_nonzero(values > _EMPTY * max(1.0, float(values[0]))))
        if rank < len(values):
            free = free.with_block(number, pivoted(lam, rank))
    return free


def _inverse(state: Elimination) -> FloatArray:
    """(p, p) covariance of the fixed effects in the engine's coordinates over the residual variance."""
    at = slice(state.blocks.q, state.blocks.q + state.blocks.p)
    half = np.linalg.inv(state.l[at, at])
    out: FloatArray = half.T @ half
    return out


def positive_inverse(matrix: FloatArray) -> FloatArray:
    """Generalised inverse of a symmetric matrix over its directions of positive curvature."""
    values, vectors = np.linalg.eigh(matrix)
    keep = values > _FLAT * max(float(values[-1]), np.finfo(float).tiny)
    kept = vectors[:, keep]
    inverse: FloatArray = (kept / values[keep]) @ kept.T
    return inverse
