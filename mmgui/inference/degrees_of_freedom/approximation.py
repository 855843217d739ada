"""By what distributions hypotheses about the fixed effects are judged: Wald, Satterthwaite, Kenward-Roger.

An approximation is made once for a fit, which is what costs time; every hypothesis then takes no more
than small products. Wherever a function asks for a method, it takes the name or an approximation made before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.kenward_roger import (
    KenwardRoger,
    df_of_rows,
    kenward_roger,
    scale_and_df,
)
from mmgui.inference.degrees_of_freedom.satterthwaite import CovarianceInformation

FloatArray = NDArray[np.float64]

METHODS = ("satterthwaite", "kenward-roger", "wald")

# lmerTest's: eigenvalues this small beside the largest are none; df this close are one.
_RANK = float(np.sqrt(np.finfo(float).eps))
_CLOSE = 1e-8


@dataclass(frozen=True, slots=True)
class Quotient:
    """The F statistic of a hypothesis.

    Attributes
    ----------
    f
        As it is compared with the F distribution.
    scale
        Kenward and Roger's factor by which it was multiplied; else 1.
    num_df
        The rank of the hypothesis.
    den_df
        Infinite for Wald.
    """

    f: float
    scale: float
    num_df: int
    den_df: float


class Approximation(Protocol):
    """Degrees of freedom and F statistics of combinations of the fixed effects of one fit."""

    @property
    def method(self) -> str:
        """One of ``METHODS``."""

    @property
    def vcov(self) -> FloatArray:
        """(p, p) covariance from which standard errors are taken."""

    def df(self, rows: FloatArray) -> FloatArray:
        """(m,) degrees of freedom of t for each of the combinations (m, p); infinite for Wald."""

    def quotient(self, matrix: FloatArray, values: FloatArray) -> Quotient:
        """F of the hypothesis that the combinations (m, p), estimated as ``values`` too high, are 0."""


def approximation(fit: Fit, method: str | Approximation = "satterthwaite") -> Approximation:
    """The approximation of a name for a fit, or the one given.

    Parameters
    ----------
    fit
        The fitted model.
    method
        ``"satterthwaite"``, ``"kenward-roger"`` (REML fits only), ``"wald"``, or what this function has
        returned for the same fit.

    Raises
    ------
    FitError
        ``unknown_method``; for Kenward-Roger ``kenward_roger_needs_reml``, ``too_large``.
    """
    if not isinstance(method, str):
        return method
    if method == "wald":
        return Wald(fit.vcov_beta)
    if method == "satterthwaite":
        with one_blas_thread():
            return Satterthwaite(fit.vcov_beta, CovarianceInformation.of(fit))
    if method == "kenward-roger":
        return SmallSample(kenward_roger(fit))
    raise FitError("unknown_method", f"There is no method {method!r}; choose one of {', '.join(METHODS)}.")


@dataclass(frozen=True, eq=False)
class Wald:
    """Standard errors as if the (co)variances were known: normal and χ² distributions."""

    vcov: FloatArray
    method: str = "wald"

    def df(self, rows: FloatArray) -> FloatArray:
        """Infinite."""
        return np.full(len(rows), np.inf)

    def quotient(self, matrix: FloatArray, values: FloatArray) -> Quotient:
        """χ² over its degrees of freedom."""
        vectors, variances = _directions(matrix @ self.vcov @ matrix.T)
        f = float(np.mean((vectors.T @ values) ** 2 / variances))
        return Quotient(f, 1.0, len(variances), np.inf)


@dataclass(frozen=True, eq=False)
class Satterthwaite:
    """Satterthwaite's degrees of freedom, and Fai and Cornelius's for several combinations at once.

    A hypothesis is turned into uncorrelated combinations, each with its own df ν; the F statistic is the
    mean of their t², and its df those of the F distribution with the same mean: with E = Σ ν / (ν - 2),
    2E / (E - q).

    The combinations are lmerTest's, by eigenvectors. Where a hypothesis joins predictors in different units,
    these, and with them the joint df (but never F, nor the df of single combinations), depend on the units;
    within one term of the formula they do not. Kenward and Roger's joint df never do.

    References
    ----------
    Fai, A. H. & Cornelius, P. L. (1996). Journal of Statistical Computation and Simulation 54, 363-378, as
    carried out by Kuznetsova, A., Brockhoff, P. B. & Christensen, R. H. B. (2017). lmerTest package. Journal
    of Statistical Software 82(13).
    """

    vcov: FloatArray
    information: CovarianceInformation
    method: str = "satterthwaite"

    def df(self, rows: FloatArray) -> FloatArray:
        """Of single combinations."""
        return self.information.df(rows)

    def quotient(self, matrix: FloatArray, values: FloatArray) -> Quotient:
        """F with one denominator for all uncorrelated combinations."""
        inner = self.information.fixed.rows(matrix)
        vectors, variances = _directions(inner @ self.information.vcov @ inner.T)
        f = float(np.mean((vectors.T @ values) ** 2 / variances))
        return Quotient(f, 1.0, len(variances), joint_df(self.df(vectors.T @ matrix)))


@dataclass(frozen=True, eq=False)
class SmallSample:
    """Kenward and Roger's corrected covariance, scale factor and degrees of freedom."""

    corrected: KenwardRoger
    method: str = "kenward-roger"

    @property
    def vcov(self) -> FloatArray:
        """The corrected covariance."""
        return self.corrected.vcov

    def df(self, rows: FloatArray) -> FloatArray:
        """Kenward and Roger's m of single combinations."""
        return df_of_rows(self.corrected, rows)

    def quotient(self, matrix: FloatArray, values: FloatArray) -> Quotient:
        """The scaled F."""
        inner = self.corrected.fixed.rows(matrix)
        vectors, variances = _directions(inner @ self.corrected.inner_vcov @ inner.T)
        q = len(variances)
        unscaled = float(np.mean((vectors.T @ values) ** 2 / variances))
        if q == 1 or not len(self.corrected.slopes):
            return Quotient(unscaled, 1.0, q, float(self.df(vectors.T[:1] @ matrix)[0]))
        scale, df = scale_and_df(*self.corrected.moments(vectors.T @ inner), q)
        return Quotient(scale * unscaled, scale, q, df if df > 0.0 else np.nan)


def joint_df(nu: FloatArray, close: float = _CLOSE) -> float:
    """The denominator df of the mean of q squared t, each with its own df ``nu`` (q,).

    As in lmerTest: their mean where all are the same, and 2 where one of them is 2 or less, for which t²
    has no mean. With E = Σ ν / (ν - 2), 2E / (E - q) = (q + 2 Σ 1 / (ν - 2)) / Σ 1 / (ν - 2).
    """
    if len(nu) == 1:
        return float(nu[0])
    if np.isnan(nu).any():
        return float(np.nan)
    if np.isinf(nu).all() or np.all(np.abs(np.diff(nu)) < close):
        return float(np.mean(nu))
    if np.any(nu <= 2.0):
        return 2.0
    total = float(np.sum(1.0 / (nu - 2.0)))
    return (len(nu) + 2.0 * total) / total


def _directions(covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Uncorrelated combinations (m, q) that span the hypothesis and their variances (q,), the largest first.

    Which of the combinations are there is told by their correlations, whatever their units. As in lmerTest
    they are eigenvectors of the covariance; of the correlations where the units differ so much that
    eigenvectors of the covariance miss some. Only Satterthwaite's joint df depend on this choice.
    """
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale[scale == 0.0] = 1.0
    standard = _eigen(covariance / np.outer(scale, scale))
    plain = _eigen(covariance)
    return plain if len(plain[1]) >= len(standard[1]) else (standard[0] / scale[:, None], standard[1])


def _eigen(matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvectors (m, q) and eigenvalues (q,) that are not rounding, the largest first."""
    values, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T))
    keep = np.flatnonzero(values > max(_RANK * float(values[-1]), 0.0))[::-1]
    return vectors[:, keep], values[keep]
