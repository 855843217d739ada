"""The criterion as a landscape over one or two covariance parameters of a fit, and the optimiser's way.

With b = Λ(θ) u, an effect i of a term has the relative factor's row λ_i. Its standard deviation is σ |λ_i|
and its correlation with effect j is λ_i'λ_j / (|λ_i| |λ_j|). A term's λ is therefore S U: S the diagonal
matrix of relative standard deviations s_i = |λ_i|, U a factor of the correlation matrix R = U U'. The
landscape moves one or two entries of (S, R), with all others held at the fit:

- a standard deviation: row i of λ is scaled, λ_i = (x / σ̂) U_i, so that every correlation stays. x is in
  the response's units for the σ̂ of the fit; σ itself is profiled out at every point, as are the fixed
  effects;
- a correlation: R_ij = R_ji = ρ, the other entries of R kept, U a lower-triangular factor of the new R.
  With K the block's other effects, R stays positive semidefinite for ρ in
  c ± sqrt((1 - a)(1 - b)), c = r_iK R_KK⁺ r_Kj, a = r_iK R_KK⁺ r_Ki, b = r_jK R_KK⁺ r_Kj.

An effect without variance has no correlation; its row of U is taken as uncorrelated with the others.
In a patterned term what moves is an entry of θ: a standard deviation of one effect or of all, the
correlation from which all others follow.
The way of the optimiser is projected: at each evaluation the same two quantities are read off θ, the
rest may differ from the fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.patterns import Pattern
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.engine.triangular import lower_factor
from mmgui.errors import FitError
from mmgui.inference.covariance_point import NARROWEST, Coordinate, correlation_of

FloatArray = NDArray[np.float64]

RISE = 8.0
"""How far the criterion rises, along each axis, from the fit to the edge of the landscape."""
SECONDS = 3.0
MOST, LEAST = 41, 9
LINE_POINTS = 161


@dataclass(frozen=True, eq=False, slots=True)
class Axis:
    """One axis of a landscape.

    Attributes
    ----------
    coordinate
        What it shows.
    values
        (k,) ascending, evenly spaced; standard deviations in the response's units per unit of the
        effect (σ̂ × relative SD), correlations as they are.
    bounds
        The smallest and largest value that the parameter can take, the others held.
    estimate
        Its value at the fit.
    """

    coordinate: Coordinate
    values: FloatArray
    bounds: tuple[float, float]
    estimate: float


@dataclass(frozen=True, eq=False, slots=True)
class Landscape:
    """The criterion over one or two axes.

    Attributes
    ----------
    axes
        One or two.
    criterion
        (k,) or (k, l) the criterion, lme4's constants included; first index along the first axis.
    trail
        (e, 1) or (e, 2) the optimiser's evaluations on these axes; NaN where a correlation is undefined.
    trail_criterion
        (e,) the criterion there. The parameters not shown have their own values at each evaluation.
    seconds
        What one evaluation takes.
    """

    axes: tuple[Axis, ...]
    criterion: FloatArray
    trail: FloatArray
    trail_criterion: FloatArray
    seconds: float


def coordinates_of(fit: Fit) -> tuple[Coordinate, ...]:
    """Every standard deviation, term by term, then every correlation that can move while the rest is held."""
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
    surface = Surface(fit)
    movable = [c for c in pairs if surface.movable(c)]
    return (*sds, *movable)


def can_share(one: Coordinate, other: Coordinate, design: Design) -> bool:
    """Whether two coordinates can be the axes of one landscape.

    Two correlations of one block cannot: what one may be depends on the other.
    """
    if one == other:
        return False
    if not (one.correlation and other.correlation) or one.term != other.term:
        return True
    return not any({*one.effects, *other.effects} <= set(b) for b in design.random[one.term].blocks)


def project(fit: Fit, coordinate: Coordinate, theta: FloatArray) -> FloatArray:
    """A parameter's value at each θ, (k, m) → (k,): σ̂ |λ_i|, or the correlation (NaN if undefined)."""
    own, random = theta[:, fit.design.theta_slice(coordinate.term)], fit.design.random[coordinate.term]
    if random.pattern is not None:
        values = own[:, pattern_position(random.pattern, coordinate)]
        return np.asarray(values if coordinate.correlation else fit.sigma * np.abs(values))
    size = len(random.effects)
    rows = np.zeros((len(theta), size, size))
    for k, (i, j) in enumerate(random.parameter_positions):
        rows[:, i, j] = own[:, k]
    chosen = [rows[:, i] for i in coordinate.effects]
    norms = [np.linalg.norm(row, axis=1) for row in chosen]
    if not coordinate.correlation:
        return np.asarray(fit.sigma * norms[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.einsum("ki,ki->k", *chosen) / (norms[0] * norms[1]))


def pattern_position(pattern: Pattern, coordinate: Coordinate) -> int:
    """Where a patterned term's part of θ has the parameter."""
    if coordinate.correlation:
        return pattern.count - 1
    return 0 if pattern.homogeneous else coordinate.effects[0]


def landscape(
    fit: Fit, across: Coordinate, up: Coordinate | None = None, *, points: int | None = None,
    seconds: float = SECONDS,
) -> Landscape:  # fmt: skip
    """The criterion on a grid over one or two parameters, the other covariance parameters held at the fit.

    Parameters
    ----------
    fit
        The fitted model.
    across, up
        What the axes show.
    points
        Values on each axis. By default 41 for two axes and 161 for one, fewer where an evaluation is so
        slow that the grid would take longer than ``seconds``.
    seconds
        See ``points``.

    Raises
    ------
    FitError
        Where the equations cannot be solved to working precision somewhere on the grid, or the two
        parameters cannot be moved apart.
    """
    chosen = (across,) if up is None else (across, up)
    if up is not None and not can_share(across, up, fit.design):
        raise FitError(
            "landscape_axes",
            "What one of these two correlations may be depends on the other. Choose another.",
        )
    with one_blas_thread():
        surface = Surface(fit)
        cost = surface.cost()
        count = _points(cost, len(chosen), seconds) if points is None else points
        ranges = [surface.range_of(c) for c in chosen]
        axes = tuple(
            Axis(c, np.linspace(low, high, count), surface.bounds(c), surface.estimate(c))
            for c, (low, high) in zip(chosen, ranges, strict=True)
        )
        criterion = np.array([surface.at(chosen, values) for values in _grid(axes)])
    return Landscape(
        axes,
        criterion.reshape([count] * len(axes)),
        np.column_stack([project(fit, c, fit.log.theta) for c in chosen]),
        fit.log.objective,
        cost,
    )


def _grid(axes: tuple[Axis, ...]) -> Iterator[tuple[float, ...]]:
    if len(axes) == 1:
        yield from ((float(x),) for x in axes[0].values)
    else:
        yield from ((float(x), float(y)) for x in axes[0].values for y in axes[1].values)


def _points(cost: float, axes: int, seconds: float) -> int:
    """As many as the time allows, odd."""
    affordable = seconds / max(cost, 1e-9)
    most = MOST if axes == 2 else LINE_POINTS
    count = int(min(affordable if axes == 1 else math.sqrt(affordable), most))
    return max(count - 1 + count % 2, LEAST)


class Surface:
    """The criterion of a fit's design as a function of standard deviations and correlations.

    Parameters that are not given a value have the fit's; σ and the fixed effects are profiled out.

    Raises
    ------
    FitError
        As ``mmgui.engine.criterion.Criterion``.
    """

    def __init__(self, fit: Fit) -> None:
        self._fit = fit
        self._criterion = Criterion(fit.design)
        self._sd = [np.linalg.norm(t.relative_factor, axis=1) for t in fit.terms]
        self._correlation = [correlation_of(t.relative_factor) for t in fit.terms]
        self._units = [_units(r.columns) for r in fit.design.random]
        self._factors = [self._factor(t, r) for t, r in enumerate(self._correlation)]

    def _factor(self, term: int, correlation: FloatArray) -> FloatArray:
        """Lower-triangular U with U U' = R, block by block."""
        out = np.zeros_like(correlation)
        for block in self._fit.design.random[term].blocks:
            at = np.ix_(block, block)
            values, vectors = np.linalg.eigh(correlation[at])
            out[at] = lower_factor(vectors * np.sqrt(np.maximum(values, 0.0)))
        return out

    def cost(self) -> float:
        """Seconds an evaluation takes; the first one, which sets up, does not count."""
        self._criterion.value(self._fit.theta)
        start = perf_counter()
        self._criterion.value(self._fit.theta)
        return perf_counter() - start

    def at(self, coordinates: tuple[Coordinate, ...], values: tuple[float, ...]) -> float:
        """The criterion with these parameters at these values.

        Parameters
        ----------
        coordinates
            Any number of parameters.
        values
            Standard deviations as σ̂ × relative SD, not negative; correlations within ``bounds``.
        """
        return float(self._criterion.value(self.theta(coordinates, values)))

    def theta(self, coordinates: tuple[Coordinate, ...], values: tuple[float, ...]) -> FloatArray:
        """θ with these parameters at these values."""
        sds, factors = [s.copy() for s in self._sd], list(self._factors)
        correlations = list(self._correlation)
        design = self._fit.design
        own = [self._fit.theta[design.theta_slice(t)].copy() for t in range(len(design.random))]
        for c, value in zip(coordinates, values, strict=True):
            pattern = design.random[c.term].pattern
            if pattern is not None:
                scale = 1.0 if c.correlation else self._fit.sigma
                own[c.term][pattern_position(pattern, c)] = value / scale
            elif c.correlation:
                moved = correlations[c.term].copy()
                moved[c.effects] = moved[c.effects[::-1]] = value
                correlations[c.term] = moved
                factors[c.term] = self._factor(c.term, moved)
            else:
                sds[c.term][c.effects[0]] = value / self._fit.sigma
        for t, term in enumerate(design.random):
            if term.pattern is None:
                own[t] = np.array([sds[t][i] * factors[t][i, j] for i, j in term.parameter_positions])
        return np.concatenate([np.empty(0), *own])

    def estimate(self, c: Coordinate) -> float:
        """The parameter's value at the fit."""
        pattern = self._fit.design.random[c.term].pattern
        if pattern is not None and c.correlation:
            return float(self._fit.theta[self._fit.design.theta_slice(c.term)][-1])
        if c.correlation:
            return float(self._correlation[c.term][c.effects])
        return float(self._fit.sigma * self._sd[c.term][c.effects[0]])

    def bounds(self, c: Coordinate) -> tuple[float, float]:
        """The values it can take while the others are held."""
        if not c.correlation:
            return (0.0, math.inf)
        pattern = self._fit.design.random[c.term].pattern
        if pattern is not None:
            return pattern.limits
        r, (i, j) = self._correlation[c.term], c.effects
        block = next(b for b in self._fit.design.random[c.term].blocks if i in b)
        rest = [k for k in block if k not in (i, j)]
        inverse = np.linalg.pinv(r[np.ix_(rest, rest)], rcond=1e-9, hermitian=True)
        own, other = r[i, rest], r[j, rest]
        centre = float(own @ inverse @ other)
        room = (1.0 - float(own @ inverse @ own)) * (1.0 - float(other @ inverse @ other))
        reach = math.sqrt(max(room, 0.0))
        return (max(centre - reach, -1.0), min(centre + reach, 1.0))

    def movable(self, c: Coordinate) -> bool:
        """Whether a correlation is defined at the fit and can move."""
        low, high = self.bounds(c)
        sd = self._sd[c.term]
        if self._fit.design.random[c.term].pattern is not None:
            return int(np.count_nonzero(sd)) > 1
        return bool(high - low > NARROWEST and (sd[list(c.effects)] > 0.0).all())

    def range_of(self, c: Coordinate) -> tuple[float, float]:
        """What the axis shows: up to ``RISE`` above the fit, and the optimiser's way as far as it is near."""
        if c.correlation:
            return self.bounds(c)
        estimate = self.estimate(c)
        unit = self._fit.sigma * self._units[c.term][c.effects[0]]
        base = self.at((c,), (estimate,)) + RISE
        high = self._crossing(lambda x: self.at((c,), (x,)) - base, estimate, max(estimate, 0.1 * unit))
        low = 0.0
        if self.at((c,), (0.0,)) > base:
            low = _bisect(lambda x: self.at((c,), (x,)) - base, 0.0, estimate)
        trail = project(self._fit, c, self._fit.log.theta)
        trail = trail[np.isfinite(trail)]
        if len(trail):
            high = max(high, min(1.06 * float(trail.max()), estimate + 2.0 * (high - estimate)))
            low = min(low, max(0.94 * float(trail.min()), estimate - 2.0 * (estimate - low)))
        return (0.0 if low < 0.4 * high else low, high)

    @staticmethod
    def _crossing(excess: Callable[[float], float], start: float, step: float) -> float:
        """Beyond ``start`` where the excess becomes positive; at most a thousand steps away."""
        inside = start
        for _ in range(10):
            outside = inside + step
            if excess(outside) > 0.0:
                return _bisect(excess, outside, inside)
            inside, step = outside, 2.0 * step
        return inside


def _bisect(excess: Callable[[float], float], outside: float, inside: float) -> float:
    """Near where the excess changes its sign, on the outer side; good enough for the edge of a picture."""
    for _ in range(6):
        middle = 0.5 * (outside + inside)
        if excess(middle) > 0.0:
            outside = middle
        else:
            inside = middle
    return outside


def _units(columns: FloatArray) -> FloatArray:
    """Relative standard deviations at which an effect is about as large as the residual."""
    size = np.sqrt(np.mean(columns**2, axis=0))
    return np.asarray(1.0 / np.where(size > 0.0, size, 1.0))
