"""The exact null distribution of the likelihood ratio for one variance, from its spectrum.

Model y = Xβ + Zb + ε, b ~ N(0, λσ²I), n rows, p columns in X, P = I - X(XᵀX)⁻¹Xᵀ. With μ the eigenvalues of
ZᵀPZ, ξ those of ZᵀZ, w² independent χ²₁, the statistic for λ = 0 is distributed as

    sup_{λ≥0} m log(Σ w_s² / (Σ_{s≤K} w_s²/(1 + λμ_s) + Σ_{s>K} w_s²)) - Σ log(1 + λν_s),

where all sums run over n - p terms, and m = n - p, ν = μ under REML, m = n, ν = ξ under ML; under ML
n log(1 + χ²_q / Σ w_s²) is added where the hypothesis also leaves out q columns of X.

Crainiceanu, C. & Ruppert, D. (2004). Likelihood ratio tests in linear mixed models with one variance
component. JRSS B 66, 165-185, doi:10.1111/j.1467-9868.2004.00438.x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.errors import FitError

FloatArray = NDArray[np.float64]

# Eigenvalues closer than this (relative) count as one of higher multiplicity; smaller ones count as 0.
_EQUAL = 1e-9
# Largest matrix whose eigenvalues are taken: some seconds.
LARGEST = 3000
# Points of the grid in λ for each factor of e.
_DENSITY = 12.0


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Distinct eigenvalues with their multiplicities.

    Attributes
    ----------
    values, multiplicities
        Of ZᵀPZ, positive ones only, ascending.
    plain, plain_multiplicities
        Of ZᵀZ, likewise.
    freedom, nobs
        n - p and n.
    """

    values: FloatArray
    multiplicities: FloatArray
    plain: FloatArray
    plain_multiplicities: FloatArray
    freedom: int
    nobs: int

    @property
    def rest(self) -> int:
        """Degrees of freedom that the random effects leave."""
        return self.freedom - round(float(self.multiplicities.sum()))


def spectrum(blocks: FloatArray, cross: FloatArray, nobs: int) -> Spectrum:
    """The spectrum from cross products.

    ZᵀPZ is block-diagonal less a matrix of rank p. Within each eigenspace of the block-diagonal part only
    the (at most p) directions that X reaches move; the others keep their eigenvalue. So the matrix to be
    decomposed has at most p rows for each *distinct* eigenvalue of the blocks.

    Parameters
    ----------
    blocks
        (L, s, s) the diagonal blocks of ZᵀZ.
    cross
        (L·s, p) ZᵀQ with Q an orthonormal basis of the columns of X.
    nobs
        Number of rows n.

    Raises
    ------
    FitError
        ``too_large`` where too many eigenvalues are distinct; ``no_variance`` where X explains all of Z;
        ``too_few_rows`` where X and Z leave no residual.
    """
    p = cross.shape[1]
    values, vectors = np.linalg.eigh(blocks)
    turned = (vectors.swapaxes(1, 2) @ cross.reshape(*blocks.shape[:2], p)).reshape(-1, p)
    distinct, counts, members = _distinct(values.ravel())
    reached = [_row_basis(turned[own]) for own in members]
    moved = _moved(np.repeat(distinct, [len(r) for r in reached]), np.concatenate(reached))
    kept = counts - np.array([float(len(r)) for r in reached])
    largest = float(distinct.max(initial=0.0))
    all_values, all_counts = np.append(distinct, moved), np.append(kept, np.ones(moved.size))
    out = Spectrum(
        *_positive(all_values, all_counts, largest), *_positive(distinct, counts, largest), nobs - p, nobs
    )
    if not out.values.size:
        raise FitError(
            "no_variance",
            "The fixed effects explain everything the tested effect could, so there is no variance to test; "
            "leave one of the two out.",
        )
    if out.rest < 1:
        raise FitError(
            "too_few_rows", "The tested effect leaves no residual variation, so the test does not exist."
        )
    return out


def _moved(diagonal: FloatArray, rows: FloatArray) -> FloatArray:
    """Eigenvalues of diag(diagonal) - rows rowsᵀ."""
    if diagonal.size > LARGEST:
        raise FitError(
            "too_large",
            f"The groups differ in too many ways ({diagonal.size}) for the exact distribution of the test; "
            "with so many groups the mixture of χ² distributions is accurate.",
        )
    if not diagonal.size:
        return diagonal
    return np.asarray(np.linalg.eigvalsh(np.diag(diagonal) - rows @ rows.T), dtype=np.float64)


def _distinct(values: FloatArray) -> tuple[FloatArray, FloatArray, list[NDArray[np.intp]]]:
    """Distinct values, how often each occurs, and where."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    gaps = np.diff(ascending) > _EQUAL * max(float(np.abs(ascending).max(initial=0.0)), 1e-300)
    members = np.split(order, np.flatnonzero(gaps) + 1)
    firsts = np.array([float(values[m].mean()) for m in members])
    return firsts, np.array([float(len(m)) for m in members]), members


def _row_basis(rows: FloatArray) -> FloatArray:
    """(r, p) rows with the same cross product as ``rows`` (m, p), r <= min(m, p)."""
    if len(rows) <= rows.shape[1]:
        return rows
    return np.asarray(np.linalg.qr(rows, mode="r"), dtype=np.float64)


def _positive(values: FloatArray, counts: FloatArray, largest: float) -> tuple[FloatArray, FloatArray]:
    kept = (values > 1e-8 * largest) & (counts > 0.0)
    distinct, _, members = _distinct(values[kept]) if kept.any() else (np.empty(0), np.empty(0), [])
    return distinct, np.array([float(counts[kept][m].sum()) for m in members])


def zero_probability(given: Spectrum, *, reml: bool) -> float:
    """P(the derivative of the criterion at λ = 0 says to stay there): P(Σ (μ_s - c) w_s² <= 0).

    With c = Σμ/(n - p) under REML, Σξ/n under ML; by Imhof's (1961) integral, Biometrika 48, 419-426.
    """
    from scipy.integrate import quad

    c = _threshold(given, reml=reml)
    weights = np.append(given.values - c, -c)
    freedom = np.append(given.multiplicities, float(given.rest))
    weights = weights / math.sqrt(float(freedom @ weights**2))

    def integrand(u: float) -> float:
        angle = 0.5 * float(freedom @ np.arctan(weights * u))
        return math.sin(angle) / u * math.exp(-0.25 * float(freedom @ np.log1p((weights * u) ** 2)))

    total = quad(integrand, 0.0, np.inf, limit=500)[0]
    return float(min(max(0.5 - total / math.pi, 0.0), 1.0))


def _threshold(given: Spectrum, *, reml: bool) -> float:
    if reml:
        return float(given.values @ given.multiplicities) / given.freedom
    return float(given.plain @ given.plain_multiplicities) / given.nobs


@dataclass(frozen=True, eq=False)
class Simulator:
    """Draws statistics under the null hypothesis.

    Attributes
    ----------
    spectrum
        Of the tested effect.
    reml
        Whether the criterion is REML.
    extra_fixed
        q, columns of X that the hypothesis leaves out as well (ML only).
    """

    spectrum: Spectrum
    reml: bool
    extra_fixed: int = 0

    def draw(self, count: int, generator: np.random.Generator) -> tuple[FloatArray, NDArray[np.bool_]]:
        """(count,) statistics, and whether the variance is estimated as zero in each."""
        given = self.spectrum
        w = generator.chisquare(given.multiplicities, (count, given.values.size))
        rest = generator.chisquare(given.rest, count)
        total = w.sum(axis=1) + rest
        points = self._grid()
        shrunk = 1.0 / (1.0 + np.exp(points) * given.values[:, None])
        freedom = given.freedom if self.reml else given.nobs
        curve = freedom * (np.log(total)[:, None] - np.log(w @ shrunk + rest[:, None]))
        curve -= self._penalty(points)
        best = _refined_maximum(curve)
        slope = (w @ given.values) / total - _threshold(given, reml=self.reml)
        at_zero = (slope <= 0.0) & (best <= 0.0)
        statistic = np.maximum(best, 0.0)
        if self.extra_fixed:
            fixed = generator.chisquare(self.extra_fixed, count)
            statistic = statistic + given.nobs * np.log1p(fixed / total)
        return statistic, at_zero

    def _grid(self) -> FloatArray:
        """log λ from where it has no effect to where it has all."""
        low = math.log(1e-3 / float(self.spectrum.values[-1]))
        high = math.log(1e4 / float(self.spectrum.values[0]))
        return np.linspace(low, high, math.ceil(_DENSITY * (high - low)))

    def _penalty(self, points: FloatArray) -> FloatArray:
        given = self.spectrum
        values, counts = (
            (given.values, given.multiplicities) if self.reml else (given.plain, given.plain_multiplicities)
        )
        penalty: FloatArray = counts @ np.log1p(np.exp(points) * values[:, None])
        return penalty


def _refined_maximum(curve: FloatArray) -> FloatArray:
    """Each row's maximum, between the points of the grid by a parabola through the three highest."""
    at = np.clip(np.argmax(curve, axis=1), 1, curve.shape[1] - 2)
    rows = np.arange(len(curve))
    before, middle, after = curve[rows, at - 1], curve[rows, at], curve[rows, at + 1]
    bend = before - 2.0 * middle + after
    inside = (bend < 0.0) & (middle >= before) & (middle >= after)
    lift = np.where(inside, -((after - before) ** 2) / (8.0 * np.where(inside, bend, -1.0)), 0.0)
    best: FloatArray = np.maximum(np.maximum(before, after), middle) + lift
    return best
