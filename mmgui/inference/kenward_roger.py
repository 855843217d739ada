"""Kenward and Roger's covariance of the fixed effects, corrected for small samples, and their df.

Only cross-products over random effects are formed, never n × n matrices. With V the covariance of the
response, G_r = ∂V/∂γ_r for each (co)variance γ_r and for the residual variance:

    P_r = -XᵀV⁻¹G_rV⁻¹X,  Q_rs = XᵀV⁻¹G_rV⁻¹G_sV⁻¹X,  T_rs = tr(V⁻¹G_rV⁻¹G_s)

For random effects G_r = Z D_r Zᵀ, so that all follow from K = ZᵀV⁻¹Z and B = ZᵀV⁻¹X. V is linear in γ,
Σ γ_r G_r = V, and the terms of the residual variance follow from the others by this identity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]

MOST_EFFECTS = 3000
_SAME = 1e-10


@dataclass(frozen=True, eq=False)
class KenwardRoger:
    """Corrected inference about the fixed effects.

    Attributes
    ----------
    vcov
        (p, p) corrected covariance of the fixed effects.
    se
        (p,) corrected standard errors.
    df
        (p,) degrees of freedom of the single fixed effects.
    """

    vcov: FloatArray
    se: FloatArray
    df: FloatArray


@dataclass(frozen=True, eq=False)
class _Pieces:
    """P (k, p, p), Q (k, k, p, p) and T (k, k) of all (co)variances, the residual variance last."""

    p: FloatArray
    q: FloatArray
    t: FloatArray


def kenward_roger(fit: Fit) -> KenwardRoger:
    """The corrected covariance and degrees of freedom of each fixed effect of a REML fit.

    Raises
    ------
    FitError
        ``kenward_roger_needs_reml``; ``too_large`` where there are more than 3,000 random effects.

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
    effects = sum(t.modes.size for t in fit.terms)
    if effects > MOST_EFFECTS:
        raise FitError(
            "too_large",
            f"The model has {effects:,} random effects, too many for Kenward-Roger degrees of freedom (at "
            f"most {MOST_EFFECTS:,}); with so many, Satterthwaite's hardly differ.",
        )
    phi = fit.vcov_beta
    if not fit.terms or not len(phi):
        # A linear regression: nothing to correct, and t has its residual degrees of freedom.
        return KenwardRoger(phi, fit.se, np.full(len(phi), float(fit.nobs - len(phi))))
    with one_blas_thread():
        pieces = _pieces(fit)
    weights = _information_inverse(pieces, phi)
    corrected = _corrected(pieces, phi, weights)
    df = np.array([_df(pieces, phi, weights, i) for i in range(len(phi))])
    return KenwardRoger(corrected, np.sqrt(np.diag(corrected)), df)


def _information_inverse(pieces: _Pieces, phi: FloatArray) -> FloatArray:
    """W = 2 I_E⁻¹, the covariance of the estimated (co)variances, from their expected information."""
    crossed = np.einsum("ij,rsji->rs", phi, pieces.q)
    products = np.einsum("ij,rjk,kl,sli->rs", phi, pieces.p, phi, pieces.p, optimize=True)
    expected = pieces.t - 2.0 * crossed + products
    expected = 0.5 * (expected + expected.T)
    scale = np.sqrt(np.maximum(np.diag(expected), np.finfo(float).tiny))
    inverse = np.linalg.pinv(expected / np.outer(scale, scale), rcond=_SAME, hermitian=True)
    result: FloatArray = 2.0 * inverse / np.outer(scale, scale)
    return result


def _corrected(pieces: _Pieces, phi: FloatArray, weights: FloatArray) -> FloatArray:
    middle = pieces.q - np.einsum("rij,jk,skl->rsil", pieces.p, phi, pieces.p, optimize=True)
    u = np.einsum("rs,rsij->ij", weights, middle)
    u = 0.5 * (u + u.T)
    corrected: FloatArray = phi + 2.0 * phi @ u @ phi
    return corrected


def _df(pieces: _Pieces, phi: FloatArray, weights: FloatArray, i: int) -> float:
    """Degrees of freedom of one coefficient: 2 over the relative variance of its estimated variance.

    For a single contrast A₁ = A₂ = A, the scale factor is 1 and Kenward and Roger's m is 2 / A.
    """
    slopes = np.einsum("j,rjk,k->r", phi[i], pieces.p, phi[i]) / phi[i, i]
    spread = float(slopes @ weights @ slopes)
    return 2.0 / spread if spread > 0.0 else np.inf


def _pieces(fit: Fit) -> _Pieces:
    cross = _CrossProducts(fit)
    s2 = fit.sigma**2
    names = [(t, i, j) for t, term in enumerate(fit.terms) for i, j in _pairs(term.blocks)]
    gamma = np.array([fit.terms[t].covariance[i, j] for t, i, j in names])
    k, p = len(names), len(fit.beta)
    pp, qq, tt = np.zeros((k + 1, p, p)), np.zeros((k + 1, k + 1, p, p)), np.zeros((k + 1, k + 1))
    first = np.zeros(k + 1)
    for r, one in enumerate(names):
        pp[r] = cross.p(one)
        first[r] = cross.trace(one)
        for s in range(r, k):
            qq[r, s] = cross.q(one, names[s])
            qq[s, r] = qq[r, s].T
            tt[r, s] = tt[s, r] = cross.t(one, names[s])
    # The residual variance, from Σ γ_r G_r = V.
    pp[k] = -(np.linalg.inv(fit.vcov_beta) + np.einsum("r,rij->ij", gamma, pp[:k])) / s2
    first[k] = (fit.nobs - gamma @ first[:k]) / s2
    for r in range(k):
        qq[r, k] = -(pp[r] + np.einsum("s,sij->ij", gamma, qq[r, :k])) / s2
        qq[k, r] = qq[r, k].T
        tt[r, k] = tt[k, r] = (first[r] - gamma @ tt[r, :k]) / s2
    qq[k, k] = -(pp[k] + np.einsum("s,sij->ij", gamma, qq[k, :k])) / s2
    tt[k, k] = (first[k] - gamma @ tt[k, :k]) / s2
    return _Pieces(pp, qq, tt)


def _pairs(blocks: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    return [(i, j) for block in blocks for a, j in enumerate(block) for i in block[a:]]


_Name = tuple[int, int, int]


class _CrossProducts:
    """K = ZᵀV⁻¹Z and B = ZᵀV⁻¹X at a fit, by term, effect and group."""

    def __init__(self, fit: Fit) -> None:
        self._shapes = [(len(t.effects), len(t.levels)) for t in fit.terms]
        self._starts = np.cumsum([0, *(s * l for s, l in self._shapes)])
        zz, zx = _moments(fit)
        # V⁻¹ = (W - W Z Λ Ω⁻¹ Λᵀ Zᵀ W) / σ² with Ω = ΛᵀZᵀWZΛ + I.
        factor = self._factor(fit)
        half = zz @ factor
        omega = factor.T @ half
        omega[np.diag_indices_from(omega)] += 1.0
        lower = np.linalg.cholesky(omega)
        turned = np.linalg.solve(lower, half.T)
        s2 = fit.sigma**2
        self._k = (zz - turned.T @ turned) / s2
        self._b = (zx - turned.T @ np.linalg.solve(lower, factor.T @ zx)) / s2

    def _factor(self, fit: Fit) -> FloatArray:
        q = int(self._starts[-1])
        out = np.zeros((q, q))
        for t, term in enumerate(fit.terms):
            s, groups = self._shapes[t]
            at = int(self._starts[t]) + np.arange(groups)
            for i in range(s):
                for j in range(i + 1):
                    out[at + i * groups, at + j * groups] = term.relative_factor[i, j]
        return out

    def _rows(self, t: int, i: int) -> slice:
        groups = self._shapes[t][1]
        start = int(self._starts[t]) + i * groups
        return slice(start, start + groups)

    def _between(self, t: int, i: int, u: int, k: int) -> FloatArray:
        block: FloatArray = self._k[self._rows(t, i), self._rows(u, k)]
        return block

    def p(self, name: _Name) -> FloatArray:
        """P_r."""
        t, i, j = name
        first, second = self._b[self._rows(t, i)], self._b[self._rows(t, j)]
        product: FloatArray = -(first.T @ second)
        return product if i == j else product + product.T

    def trace(self, name: _Name) -> float:
        """tr(V⁻¹G_r)."""
        t, i, j = name
        return float(np.trace(self._between(t, i, t, j))) * (1.0 if i == j else 2.0)

    def q(self, one: _Name, other: _Name) -> FloatArray:
        """Q_rs."""
        (t, *_), (u, *_) = one, other
        out = np.zeros((self._b.shape[1],) * 2)
        for a, b in _ordered(one):
            left = self._b[self._rows(t, a)].T
            for c, d in _ordered(other):
                out += left @ self._between(t, b, u, c) @ self._b[self._rows(u, d)]
        return out

    def t(self, one: _Name, other: _Name) -> float:
        """T_rs."""
        (t, *_), (u, *_) = one, other
        return sum(
            float(np.sum(self._between(t, b, u, c) * self._between(t, a, u, d)))
            for a, b in _ordered(one)
            for c, d in _ordered(other)
        )


def _ordered(name: _Name) -> tuple[tuple[int, int], ...]:
    """The ordered pairs of effects that make up a symmetric direction."""
    _, i, j = name
    return ((i, i),) if i == j else ((i, j), (j, i))


def _moments(fit: Fit) -> tuple[FloatArray, FloatArray]:
    """ZᵀWZ (q, q) and ZᵀWX (q, p), effects before groups within a term."""
    design = fit.design
    weight = np.ones(design.nobs) if design.weights is None else design.weights
    columns = [(r.codes, len(r.levels), c) for r in design.random for c in r.columns.T]
    rows = []
    for codes, groups, values in columns:
        weighted = values * weight
        line = []
        for other, count, also in columns:
            cell = codes.astype(np.int64) * count + other
            line.append(np.bincount(cell, weighted * also, groups * count).reshape(groups, count))
        rows.append(line)
    x = [
        np.column_stack([np.bincount(codes, values * weight * z, groups) for z in design.x.T])
        for codes, groups, values in columns
    ]
    return np.block(rows), np.vstack(x)
