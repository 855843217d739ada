"""Kenward and Roger's covariance of the fixed effects, corrected for small samples, and their tests.

P, Q and T come from cross-products over random effects (``kenward_roger_products``). The derivative of V
with respect to the residual variance needs no n × n matrix either: with G_• the random effects' part of
V, σ² G_e = V - G_•.

A variance or correlation estimated on its boundary is a parameter like the others, in every block and
beside every other term: I_E is the expected information of a model that is linear in Σ and knows no
boundary. So has pbkrtest, which people compare with; Kenward and Roger (1997) leave the case open. To take
such a parameter out, as if it had been known to be 0, would find more degrees of freedom than the data tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.coordinates import FixedCoordinates, WhitenedDesign
from mmgui.inference.degrees_of_freedom.kenward_roger_blocks import Partition
from mmgui.inference.degrees_of_freedom.kenward_roger_directions import count_of, directions_of
from mmgui.inference.degrees_of_freedom.kenward_roger_products import CrossProducts

FloatArray = NDArray[np.float64]

LARGEST_BLOCK = 4000
"""Most random effects that no row sets apart, once the factor with most of them is eliminated."""
MOST_ENTRIES = 16_000_000
MOST_PRODUCTS = 4_000_000_000
MOST_PARAMETERS = 150
_SAME = 1e-10
_MOVES = 1e-6


@dataclass(frozen=True, eq=False)
class KenwardRoger:
    """Corrected inference about the fixed effects.

    Attributes
    ----------
    vcov
        (p, p) corrected covariance of the fixed effects.
    se
        (p,) corrected standard errors; NaN where the correction leaves no positive variance.
    df
        (p,) degrees of freedom of the single fixed effects.
    plain
        (p, p) covariance of the fixed effects without the correction, in the coordinates of ``fixed``.
    slopes
        (k, p, p) P, in units of ``plain``⁻¹: how the precision moves with each (co)variance parameter.
    weights
        (k, k) W, the covariance of the estimates of these parameters.
    inner_vcov
        (p, p) ``vcov`` in the coordinates of ``fixed``.
    fixed
        The way from the fixed effects to their coordinates.
    """

    vcov: FloatArray
    se: FloatArray
    df: FloatArray
    plain: FloatArray
    slopes: FloatArray
    weights: FloatArray
    inner_vcov: FloatArray
    fixed: FixedCoordinates

    def moments(self, matrix: FloatArray) -> tuple[float, float]:
        """A₁ and A₂ of a hypothesis, (q, p) of full row rank in the coordinates of ``fixed``.

        With Θ = Lᵀ(LΦLᵀ)⁻¹L: A₁ = Σ W_rs tr(ΘΦP_rΦ) tr(ΘΦP_sΦ), A₂ = Σ W_rs tr(ΘΦP_rΦΘΦP_sΦ).
        """
        if not len(self.slopes):
            return 0.0, 0.0
        turned = matrix @ self.plain
        half = np.linalg.solve(np.linalg.cholesky(turned @ matrix.T), turned)
        inner = half @ self.slopes @ half.T
        traces = np.einsum("rii->r", inner)
        first = float(traces @ self.weights @ traces)
        second = float(np.einsum("rs,rij,sji->", self.weights, inner, inner, optimize=True))
        return first, second


@dataclass(frozen=True, eq=False)
class _Pieces:
    """P (k, p, p), Q less a quarter of the second derivatives (k, k, p, p) and T (k, k), σ² last; XᵀV⁻¹X."""

    p: FloatArray
    q: FloatArray
    curved: FloatArray
    t: FloatArray
    precision: FloatArray


def kenward_roger(fit: Fit) -> KenwardRoger:
    """The corrected covariance and degrees of freedom of each fixed effect of a REML fit.

    For structures that are not linear in their parameters (a correlation that several columns share) the
    correction has its term of second derivatives.

    Raises
    ------
    FitError
        ``kenward_roger_needs_reml``; ``too_large`` where too many random effects hang together;
        ``variance_undetermined`` where the fixed effects explain every group of a random effect.

    References
    ----------
    Kenward, M. G. & Roger, J. H. (1997). Biometrics 53, 983-997, as carried out by Halekoh, U. &
    Højsgaard, S. (2014). pbkrtest. Journal of Statistical Software 59(9).
    """
    if not fit.reml:
        raise FitError(
            "kenward_roger_needs_reml",
            "Kenward-Roger degrees of freedom are defined for REML fits only; fit the model by REML, or "
            "choose Satterthwaite's.",
        )
    if not fit.terms or not len(fit.beta):
        return _of_regression(fit)
    with one_blas_thread():
        whitened = WhitenedDesign.of(fit.design)
        pieces = _pieces(fit, whitened)
    # In units in which the residual variance is 1.
    s2 = fit.sigma**2
    phi = np.asarray(np.linalg.inv(pieces.precision), dtype=np.float64)
    weights = _information_inverse(pieces, phi)
    inner = s2 * _corrected(pieces, phi, weights)
    corrected = whitened.fixed.covariance(inner)
    with np.errstate(invalid="ignore"):
        se = np.sqrt(np.diag(corrected))
    found = KenwardRoger(corrected, se, np.empty(0), s2 * phi, pieces.p / s2, weights, inner, whitened.fixed)
    return replace(found, df=df_of_rows(found, np.eye(len(fit.beta))))


def df_of_rows(kr: KenwardRoger, rows: FloatArray) -> FloatArray:
    """(m,) degrees of freedom of single combinations (m, p): 2 over the relative variance of their variance.

    For a single contrast A₁ = A₂ = A, the scale factor is 1 and Kenward and Roger's m is 2 / A. A
    regression has its residual degrees of freedom.
    """
    if not len(kr.slopes):
        return np.full(len(rows), float(kr.df[0]) if len(kr.df) else np.nan)
    inner = kr.fixed.rows(rows)
    turned = inner @ kr.plain
    variance = np.einsum("mi,mi->m", turned, inner)
    slopes = np.einsum("mi,rij,mj->mr", turned, kr.slopes, turned, optimize=True) / variance[:, None]
    spread = np.einsum("mr,rs,ms->m", slopes, kr.weights, slopes)
    with np.errstate(divide="ignore"):
        df: FloatArray = np.where(spread > 0.0, 2.0 / spread, np.inf)
    return df


def scale_and_df(a1: float, a2: float, q: int) -> tuple[float, float]:
    """Kenward and Roger's λ, by which F is multiplied, and m, its denominator degrees of freedom.

    Parameters
    ----------
    a1, a2
        As :meth:`KenwardRoger.moments` gives them.
    q
        Numerator degrees of freedom.

    Returns
    -------
    tuple of float
        λ and m; NaN where the moments belong to no F distribution.

    References
    ----------
    Kenward & Roger (1997), section 5; where a factor vanishes, as in pbkrtest's ``.KR_adjust``.
    """
    if a2 <= 0.0:
        return 1.0, np.inf
    b = (a1 + 6.0 * a2) / (2.0 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3.0 * q + 2.0 * (1.0 - g)
    v0 = 1.0 + g / below * b
    v1 = 1.0 - (q - g) / below * b
    v2 = 1.0 - (q + 2.0 - g) / below * b
    v0 = 0.0 if abs(v0) < 1e-10 else v0
    top = 1.0 - a2 / q
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = 1.0 if abs(top) < 1e-14 and abs(v1) < 1e-14 else float(np.divide(top, v1))
        rho = float(np.divide(ratio**2 * v0, q * v2))
        df = 4.0 + float(np.divide(q + 2.0, q * rho - 1.0))
    scale = 1.0 if abs(df - 2.0) < 0.01 else df * top / (df - 2.0)
    # A hypothesis with as many parts as there are groups to judge it by has no such approximation.
    return (scale, df) if df > 0.0 and scale > 1e-10 else (np.nan, np.nan)


def _of_regression(fit: Fit) -> KenwardRoger:
    """A linear regression: nothing to correct, and t has its residual degrees of freedom."""
    p = len(fit.beta)
    df = np.full(p, float(fit.nobs - p))
    fixed = WhitenedDesign.of(fit.design).fixed
    inner = fit.sigma**2 * np.eye(p)
    none = np.empty((0, p, p))
    return KenwardRoger(fit.vcov_beta, fit.se, df, inner, none, np.empty((0, 0)), inner, fixed)


def _information_inverse(pieces: _Pieces, phi: FloatArray) -> FloatArray:
    """W = 2 I_E⁻¹, the covariance of the estimated (co)variances, from their expected information."""
    crossed = np.einsum("ij,rsji->rs", phi, pieces.q)
    products = np.einsum("ij,rjk,kl,sli->rs", phi, pieces.p, phi, pieces.p, optimize=True)
    expected = pieces.t - 2.0 * crossed + products
    expected = 0.5 * (expected + expected.T)
    _refuse_undetermined(expected, pieces, phi)
    scale = np.sqrt(np.maximum(np.diag(expected), np.finfo(float).tiny))
    inverse = np.linalg.pinv(expected / np.outer(scale, scale), rcond=_SAME, hermitian=True)
    result: FloatArray = 2.0 * inverse / np.outer(scale, scale)
    return result


def _refuse_undetermined(expected: FloatArray, pieces: _Pieces, phi: FloatArray) -> None:
    """Refuse where (co)variances may move at no cost and take the covariance of the fixed effects along.

    What the fixed effects already say of every group leaves no information about its variance, which their
    own standard errors contain. Variances of which only the sum is known are no trouble: nothing that is
    asked here depends on the split.
    """
    size = np.sqrt(np.maximum(np.diag(pieces.t), np.finfo(float).tiny))
    information, moves = np.linalg.eigh(expected / np.outer(size, size))
    root = np.linalg.cholesky(phi)
    slopes = (root.T @ pieces.p @ root) / size[:, None, None]
    for free in moves.T[information < _SAME]:
        if np.linalg.norm(np.tensordot(free, slopes, 1)) > _MOVES:
            raise FitError(
                "variance_undetermined",
                "The fixed effects leave nothing of a variance that their own standard errors depend on, so "
                "there are no Kenward-Roger degrees of freedom; take that random effect out (the summary "
                "names it).",
            )


def _corrected(pieces: _Pieces, phi: FloatArray, weights: FloatArray) -> FloatArray:
    middle = pieces.curved - np.einsum("rij,jk,skl->rsil", pieces.p, phi, pieces.p, optimize=True)
    u = np.einsum("rs,rsij->ij", weights, middle)
    u = 0.5 * (u + u.T)
    corrected: FloatArray = phi + 2.0 * phi @ u @ phi
    return corrected


def _pieces(fit: Fit, whitened: WhitenedDesign) -> _Pieces:
    """P, Q and T of the parameters of Σ and, last, the residual variance, which is 1."""
    parameters = count_of(fit)
    if parameters > MOST_PARAMETERS:
        raise FitError(
            "too_large",
            f"The model has {parameters:,} (co)variances, too many for Kenward-Roger degrees of freedom (at "
            f"most {MOST_PARAMETERS}); choose Satterthwaite's.",
        )
    cross = CrossProducts(fit, whitened, _refuse_too_large)
    directions = directions_of(fit, whitened)
    given = [cross.parts(d) for d in (*directions.first, directions.whole)]
    k, p = len(directions.first), len(fit.beta)
    pp = -np.array([cross.with_b(d) for d in given])
    qq = np.empty((k + 1, k + 1, p, p))
    for s, d in enumerate(given):
        right = cross.turned(d)
        for r, left in enumerate(given):
            qq[r, s] = cross.with_b(left, right)
    first = np.array([cross.trace(d) for d in given])
    tt = cross.traces(given)
    _residual_for_whole(cross.precision, fit.nobs, pp, qq, tt, first)
    curved = qq.copy()
    for (r, s), direction in directions.second.items():
        quarter = 0.25 * cross.with_b(cross.parts(direction))
        curved[r, s] -= quarter
        if r != s:
            curved[s, r] -= quarter
    return _Pieces(pp, qq, curved, tt, cross.precision)


def _residual_for_whole(
    precision: FloatArray, nobs: int, pp: FloatArray, qq: FloatArray, tt: FloatArray, first: FloatArray
) -> None:
    """Replace the last direction, G_•, by G_e = V - G_•."""
    qq[:-1, -1] = -pp[:-1] - qq[:-1, -1]
    qq[-1, :-1] = qq[:-1, -1].swapaxes(1, 2)
    qq[-1, -1] += precision + 2.0 * pp[-1]
    tt[:-1, -1] = first[:-1] - tt[:-1, -1]
    tt[-1, :-1] = tt[:-1, -1]
    tt[-1, -1] += nobs - 2.0 * first[-1]
    pp[-1] = -precision - pp[-1]


def _refuse_too_large(partition: Partition, products: int) -> None:
    if partition.largest > LARGEST_BLOCK or partition.entries > MOST_ENTRIES:
        raise FitError(
            "too_large",
            f"Beside the grouping factor with most of them, {partition.largest:,} random effects hang "
            f"together, too many for Kenward-Roger degrees of freedom (at most {LARGEST_BLOCK:,}, and "
            f"{MOST_ENTRIES:,} products of them, here {partition.entries:,}); with so many, Satterthwaite's "
            "hardly differ.",
        )
    if products > MOST_PRODUCTS:
        raise FitError(
            "too_large",
            f"Kenward-Roger degrees of freedom would take {products:,} products of crossed random effects, "
            f"too many (at most {MOST_PRODUCTS:,}); with so many, Satterthwaite's hardly differ.",
        )
