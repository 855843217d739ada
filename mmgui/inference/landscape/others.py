"""All other covariance parameters at their best values, while some are held in the response's units."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.patterns import coordinates_of as coordinates_of_pattern
from mmgui.engine.singularity import root_mean_squares
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.landscape.blocks import FreeBlock, Part, PatternBlock
from mmgui.inference.landscape.descent import Descent
from mmgui.inference.likelihood.constrained import effects_first
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint, correlation_of
from mmgui.inference.likelihood.deviance import Deviance

FloatArray = NDArray[np.float64]

FINE = 5e-6
"""Scaled derivative at which a minimum is found: the criterion is then within about 1e-6 of it."""

GROWN = 4.0
"""A search whose coordinates grow by more than this times is begun again from where it ended."""


def can_hold(one: Coordinate, other: Coordinate, design: Design) -> bool:
    """Whether two different parameters can be held while the others take their best values.

    Two correlations of one block must have an effect in common.
    """
    if not (one.correlation and other.correlation) or one.term != other.term:
        return True
    together = any({*one.effects, *other.effects} <= set(b) for b in design.random[one.term].blocks)
    return not together or bool({*one.effects} & {*other.effects})


class BestOthers:
    """Minimises the criterion over what is not held.

    Parameters
    ----------
    design
        The model's matrices; their cross products are built here.
    held
        One or two parameters that ``can_hold`` each other.

    Raises
    ------
    FitError
        As ``mmgui.engine.criterion.Criterion``.
    """

    def __init__(self, design: Design, held: tuple[Coordinate, ...]) -> None:
        self._held = held
        self._orders = [_orders(design, held, t) for t in range(len(design.random))]
        reordered = design
        for t, orders in enumerate(self._orders):
            for order in orders:
                reordered = effects_first(reordered, t, order)[0]
        self._design = reordered
        self._sigma_held = any(c.residual for c in held)
        self._sigma_free = not self._sigma_held and any(not c.correlation for c in held)
        with one_blas_thread(), np.errstate(all="ignore"):
            self._deviance = Deviance(reordered)
        self.descent = Descent()

    def at(self, point: CovariancePoint, *, tolerance: float = FINE) -> tuple[CovariancePoint, float]:
        """The best point at which the held parameters are as at ``point``, and the criterion there.

        The search begins at ``point``: σ̂ and the others as they are there.

        Raises
        ------
        FitError
            Where the criterion cannot be evaluated at the start.
        """
        model = _Held(self._design, self._deviance, self._parts(point), point, self._sigma_held)
        start = self._start(model, point)
        with one_blas_thread(), np.errstate(all="ignore"):
            x, value = self.descent.minimise(model.value_and_gradient, start, tolerance, model.nu)
            found = self._point(model, x, point)
            if np.abs(x).max(initial=0.0) > GROWN * (1.0 + np.abs(start).max(initial=0.0)):
                # Of a direction only its ratios matter: where it has grown long, its gradient says little.
                again = self._start(model, found)
                x, lower = self.descent.minimise(model.value_and_gradient, again, tolerance, model.nu)
                if lower < value:
                    return self._point(model, x, point), lower
            return found, value

    def _parts(self, point: CovariancePoint) -> list[tuple[slice, Part]]:
        out: list[tuple[slice, Part]] = []
        for t, random in enumerate(self._design.random):
            at = self._design.theta_slice(t).start
            sds, rhos = self._values(t, point)
            if random.pattern is not None:
                own = coordinates_of_pattern(random.pattern, random.columns)
                part = PatternBlock(own, sds[: random.pattern.sds], rhos.get(1, math.nan))
                out.append((slice(at, at + random.pattern.count), part))
                continue
            units = 1.0 / root_mean_squares(random.columns)[:, 0]
            for block in random.blocks:
                held = np.array([rhos.get(column, math.nan) for column in block])
                count = len(block) * (len(block) + 1) // 2
                where = list(block)
                out.append((slice(at, at + count), FreeBlock(units[where], sds[where], held)))
                at += count
        return out

    def _values(self, term: int, point: CovariancePoint) -> tuple[FloatArray, dict[int, float]]:
        """By column of the reordered design, held SDs and held correlations with the block's first column."""
        random = self._design.random[term]
        sds, rhos = np.full(len(random.effects), math.nan), dict[int, float]()
        place = self._places(term)
        for c in self._held:
            if c.term != term:
                continue
            if not c.correlation:
                sds[place[c.effects[0]]] = point.sds[term][c.effects[0]]
            elif random.pattern is not None:
                rhos[1] = float(point.correlations[term][0, 1])
            else:
                rhos[max(place[e] for e in c.effects)] = float(point.correlations[term][c.effects])
        return sds, rhos

    def _places(self, term: int) -> list[int]:
        """For each effect of the person's order its column in the reordered design."""
        random = self._design.random[term]
        places = list(range(len(random.effects)))
        for order in self._orders[term]:
            block = next(b for b in random.blocks if order[0] in b)
            for target, source in zip(block, [*order, *(i for i in block if i not in order)], strict=True):
                places[source] = target
        return places

    def _start(self, model: _Held, point: CovariancePoint) -> FloatArray:
        parts = []
        k = 0
        for t, random in enumerate(self._design.random):
            source = np.argsort(self._places(t))
            sd, r = point.sds[t][source], point.correlations[t][np.ix_(source, source)]
            for block in [tuple(range(len(sd)))] if random.pattern is not None else random.blocks:
                parts.append(model.parts[k][1].start(sd[list(block)], r[np.ix_(block, block)], point.sigma))
                k += 1
        tail = [math.log(point.sigma)] if self._sigma_free else []
        return np.concatenate([*parts, tail])

    def _point(self, model: _Held, x: FloatArray, held: CovariancePoint) -> CovariancePoint:
        theta, sigma = model.theta(x)
        if not self._sigma_held and not self._sigma_free:
            sigma = math.sqrt(self._deviance.at(theta).variance)
        sds, correlations = [], []
        for t, random in enumerate(self._design.random):
            places = self._places(t)
            factor = random.relative_factor(theta[self._design.theta_slice(t)])[places]
            sds.append(sigma * np.linalg.norm(factor, axis=1))
            correlations.append(correlation_of(factor))
        found = CovariancePoint(tuple(sds), tuple(correlations), sigma)
        return _exactly(found, held, self._held, self._design)


@dataclass(frozen=True, eq=False)
class _Held:
    """The criterion as a function of the free coordinates."""

    design: Design
    deviance: Deviance
    parts: list[tuple[slice, Part]]
    point: CovariancePoint
    sigma_held: bool

    @property
    def nu(self) -> int:
        return self.deviance.nu

    def theta(self, x: FloatArray) -> tuple[FloatArray, float]:
        """θ and σ at coordinates; σ is that of the point where it is neither held nor among them."""
        used = sum(part.size for _, part in self.parts)
        sigma = math.exp(min(float(x[used]), 700.0)) if len(x) > used else self.point.sigma
        out, at = np.empty(sum(r.theta_count for r in self.design.random)), 0
        for own, part in self.parts:
            out[own] = part.theta(x[at : at + part.size], sigma)
            at += part.size
        return out, sigma

    def value_and_gradient(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Infinite where the equations cannot be solved."""
        theta, sigma = self.theta(x)
        free_sigma = len(x) > sum(part.size for _, part in self.parts)
        try:
            there = self.deviance.at(theta)
            value, by_theta, by_log = there.objective, there.gradient, 0.0
            if free_sigma or self.sigma_held:
                ratio = there.variance / sigma**2
                value += self.nu * (ratio - 1.0 - math.log(ratio))
                by_theta = by_theta + self.nu * (ratio - 1.0) * there.variance_gradient
                by_log = 2.0 * self.nu * (1.0 - ratio)
        except (FitError, np.linalg.LinAlgError, ValueError, OverflowError):
            return math.inf, np.zeros_like(x)
        out, at = np.empty_like(x), 0
        for own, part in self.parts:
            out[at : at + part.size], by_sigma = part.pull(x[at : at + part.size], sigma, by_theta[own])
            at += part.size
            by_log += by_sigma
        if free_sigma:
            out[at] = by_log
        return float(value), out


def _orders(design: Design, held: tuple[Coordinate, ...], term: int) -> list[tuple[int, ...]]:
    """For each block of a free term with held correlations their effects, the one they share first."""
    random = design.random[term]
    if random.pattern is not None:
        return []
    out = []
    for block in random.blocks:
        pairs = [c.effects for c in held if c.correlation and c.term == term and c.effects[0] in block]
        if len(pairs) == 1:
            out.append(pairs[0])
        elif pairs:
            shared = next(iter({*pairs[0]} & {*pairs[1]}))
            out.append((shared, *(e for p in pairs for e in p if e != shared)))
    return out


def _exactly(
    point: CovariancePoint, held: CovariancePoint, coordinates: tuple[Coordinate, ...], design: Design
) -> CovariancePoint:
    """The point with the held values as they were given, free of rounding and of undefined correlations."""
    sds, sigma = [s.copy() for s in point.sds], point.sigma
    correlations = [r.copy() for r in point.correlations]
    for c in coordinates:
        if c.residual:
            sigma = held.sigma
        elif not c.correlation:
            pattern = design.random[c.term].pattern
            which = slice(None) if pattern is not None and pattern.homogeneous else c.effects[0]
            sds[c.term][which] = held.sds[c.term][c.effects[0]]
        elif design.random[c.term].pattern is None:
            value = held.correlations[c.term][c.effects]
            correlations[c.term][c.effects] = correlations[c.term][c.effects[::-1]] = value
        else:
            correlations[c.term] = held.correlations[c.term]
    return replace(point, sds=tuple(sds), correlations=tuple(correlations), sigma=sigma)
