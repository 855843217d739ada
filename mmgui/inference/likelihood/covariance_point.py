"""The covariance parameters of a model as a person moves them: standard deviations, correlations, σ.

A term's covariance is Σ = D R D, D the diagonal matrix of its standard deviations τ in the response's
units, R its correlations. They are kept apart, so that a standard deviation can be taken to zero and
brought back with its correlations as they were. With σ, the residual standard deviation, θ is the lower
triangle of λ = (1/σ) D U, U the lower-triangular factor of R.

What one correlation may be depends on the others: with K the block's other effects, R stays positive
semidefinite for ρ_ij in  c ± sqrt((1 - a)(1 - b)),  c = r_iK R_KK⁺ r_Kj,  a = r_iK R_KK⁺ r_Ki,
b = r_jK R_KK⁺ r_Kj (the partial correlation between -1 and 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.moving import MovingModel
from mmgui.engine.result import Fit, FitLog
from mmgui.engine.triangular import lower_factor

FloatArray = NDArray[np.float64]

NARROWEST = 1e-6
"""A correlation that can move by no more than this, the others held, cannot move."""
RESIDUAL = -1
"""The term of σ."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One covariance parameter.

    Attributes
    ----------
    term
        Position of the random-effects term; -1 for σ.
    effects
        The effect whose standard deviation it is, or the two effects, ascending, of a correlation; empty
        for σ. What a patterned term's effects share goes by the first of them: (0,) and (0, 1).
    """

    term: int
    effects: tuple[int, ...]

    @property
    def correlation(self) -> bool:
        """Whether it is a correlation."""
        return len(self.effects) == 2

    @property
    def residual(self) -> bool:
        """Whether it is σ."""
        return self.term == RESIDUAL


SIGMA = Coordinate(RESIDUAL, ())


@dataclass(frozen=True, eq=False, slots=True)
class CovariancePoint:
    """All covariance parameters of a model.

    Attributes
    ----------
    sds
        For each term (s,) standard deviations in the response's units per unit of the effect.
    correlations
        For each term (s, s) correlations, ones on the diagonal, zeros between blocks.
    sigma
        Residual standard deviation.
    """

    sds: tuple[FloatArray, ...]
    correlations: tuple[FloatArray, ...]
    sigma: float

    def value(self, c: Coordinate) -> float:
        """A parameter's value."""
        if c.residual:
            return self.sigma
        if c.correlation:
            return float(self.correlations[c.term][c.effects])
        return float(self.sds[c.term][c.effects[0]])


class CovarianceSpace:
    """All the points at which a fitted model can be looked at.

    Parameters
    ----------
    fit
        The fitted model.

    Attributes
    ----------
    coordinates
        Every standard deviation, term by term, then every correlation that is a parameter, then σ.
    best
        The point of the fit. An effect without variance is taken as uncorrelated with the others.

    Raises
    ------
    FitError
        As ``MovingModel``; so do the methods that evaluate, where the equations cannot be solved.
    """

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.model = MovingModel(fit)
        self.coordinates = coordinates_of(fit)
        self.best = self.point(fit.theta, fit.sigma)

    @property
    def design(self) -> Design:
        """The model's matrices."""
        return self.fit.design

    def point(self, theta: FloatArray, sigma: float | None = None) -> CovariancePoint:
        """The point of θ (m,) and σ; σ is the best one at θ where none is given."""
        scale = self.model.best_sigma(theta) if sigma is None else sigma
        design = self.design
        factors = [r.relative_factor(theta[design.theta_slice(k)]) for k, r in enumerate(design.random)]
        return CovariancePoint(
            tuple(scale * np.linalg.norm(f, axis=1) for f in factors),
            tuple(map(correlation_of, factors)),
            scale,
        )

    def evaluation(self, log: FitLog, k: int) -> CovariancePoint:
        """The point of the k-th evaluation of a search, from 0, at the σ that is best at its θ."""
        return self.point(log.theta[k], float(log.sigma[k]) if len(log.sigma) else None)

    def theta(self, point: CovariancePoint) -> FloatArray:
        """(m,) θ of a point."""
        parts = [np.empty(0)]
        for random, sd, r in zip(self.design.random, point.sds, point.correlations, strict=True):
            parts.append(_theta(random, sd / point.sigma, r))
        return np.concatenate(parts)

    def bounds(self, point: CovariancePoint, c: Coordinate) -> tuple[float, float]:
        """The values it can take while the others are as at ``point``."""
        if not c.correlation:
            return (0.0, math.inf)
        random = self.design.random[c.term]
        if random.pattern is not None:
            return random.pattern.limits
        r, (i, j) = point.correlations[c.term], c.effects
        block = next(b for b in random.blocks if i in b)
        rest = [k for k in block if k not in (i, j)]
        if not rest:
            return (-1.0, 1.0)
        if len(rest) == 1:
            one, another = float(r[i, rest[0]]), float(r[j, rest[0]])
            centre, room = one * another, (1.0 - one * one) * (1.0 - another * another)
        else:
            inverse = np.linalg.pinv(r[np.ix_(rest, rest)], rcond=1e-9, hermitian=True)
            own, other = r[i, rest], r[j, rest]
            centre = float(own @ inverse @ other)
            room = (1.0 - float(own @ inverse @ own)) * (1.0 - float(other @ inverse @ other))
        reach = math.sqrt(max(room, 0.0))
        return (max(centre - reach, -1.0), min(centre + reach, 1.0))

    def movable(self, point: CovariancePoint, c: Coordinate) -> bool:
        """Whether it can take another value while the others stay."""
        return wide_enough(self.bounds(point, c))

    def moved(self, point: CovariancePoint, c: Coordinate, value: float) -> CovariancePoint:
        """The point with one parameter at another value, or at the nearest it can take; σ stays positive."""
        low, high = self.bounds(point, c)
        value = min(max(float(value), low), high)
        if c.residual:
            return replace(point, sigma=max(value, 1e-6 * self.fit.sigma))
        pattern = self.design.random[c.term].pattern
        if not c.correlation:
            sd = point.sds[c.term].copy()
            sd[slice(None) if pattern is not None and pattern.homogeneous else c.effects[0]] = value
            return replace(point, sds=_put(point.sds, c.term, sd))
        if pattern is not None:
            r = pattern.correlation(value)
        else:
            r = point.correlations[c.term].copy()
            r[c.effects] = r[c.effects[::-1]] = value
        return replace(point, correlations=_put(point.correlations, c.term, r))

    def criterion(self, point: CovariancePoint) -> float:
        """The criterion at a point: the fixed effects are the best ones, all else is given."""
        return self.model.criterion(self.theta(point), point.sigma)

    def fit_at(self, point: CovariancePoint, *, conditional: bool = True) -> Fit:
        """The model at a point; ``conditional`` as in ``MovingModel.at``."""
        return self.model.at(self.theta(point), point.sigma, conditional=conditional)


def wide_enough(bounds: tuple[float, float]) -> bool:
    """Whether a parameter with these bounds can move."""
    return bounds[1] - bounds[0] > NARROWEST


def coordinates_of(fit: Fit) -> tuple[Coordinate, ...]:
    """Every standard deviation, term by term, then every correlation that is a parameter, then σ."""
    patterns = [r.pattern for r in fit.design.random]
    sds = [
        Coordinate(t, (i,))
        for t, (term, p) in enumerate(zip(fit.terms, patterns, strict=True))
        for i in range(len(term.effects) if p is None else p.sds)
    ]
    pairs = [
        Coordinate(t, pair)
        for t, (term, p) in enumerate(zip(fit.terms, patterns, strict=True))
        for pair in (term.free_pairs if p is None else term.free_pairs[:1])
    ]
    return (*sds, *pairs, SIGMA)


def correlation_of(factor: FloatArray) -> FloatArray:
    """(s, s) λ λᵀ as correlations, zero for an effect without variance."""
    norms = np.linalg.norm(factor, axis=1)
    rows = factor / np.where(norms > 0.0, norms, 1.0)[:, None]
    out = np.clip(rows @ rows.T, -1.0, 1.0)
    np.fill_diagonal(out, 1.0)
    return out


def _theta(random: RandomDesign, relative: FloatArray, correlation: FloatArray) -> FloatArray:
    pattern = random.pattern
    if pattern is not None:
        rho = [correlation[0, 1]] if pattern.correlated else []
        return np.array([*relative[: pattern.sds], *rho])
    lam = np.zeros_like(correlation)
    for block in random.blocks:
        if len(block) == 1:
            lam[block[0], block[0]] = relative[block[0]]
            continue
        at = np.ix_(block, block)
        lam[at] = relative[list(block), None] * correlation_root(correlation[at])
    return np.array([lam[i, j] for i, j in random.parameter_positions])


def correlation_root(correlation: FloatArray) -> FloatArray:
    """Lower-triangular U with U Uᵀ = R, R positive semidefinite."""
    if len(correlation) == 2:
        rho = float(correlation[1, 0])
        return np.array([[1.0, 0.0], [rho, math.sqrt(max(1.0 - rho * rho, 0.0))]])
    values, vectors = np.linalg.eigh(correlation)
    return lower_factor(vectors * np.sqrt(np.maximum(values, 0.0)))


def _put(parts: tuple[FloatArray, ...], position: int, part: FloatArray) -> tuple[FloatArray, ...]:
    return (*parts[:position], part, *parts[position + 1 :])
