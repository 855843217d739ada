"""The deviance minimised with one parameter held: what a likelihood profile is made of.

A standard deviation is held through θ: with its effect first in the term, λ₁₁ = SD / σ, and σ stays free.
A correlation is held by turning the second row of λ, (ρ t, √(1 - ρ²) t), with t free. A fixed effect is
held by taking its part off the response. In each case only smooth, unconstrained parameters remain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.inference.deviance import Deviance

FloatArray = NDArray[np.float64]


class Held(Protocol):
    """A deviance with one parameter held at a value."""

    @property
    def start(self) -> FloatArray:
        """The other parameters at the optimum, in units in which each matters about equally."""

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """Deviance with the parameter held at ``value``, and its gradient in the other parameters."""


def minimise(held: Held, value: float, starts: list[FloatArray]) -> tuple[float, FloatArray]:
    """The smallest deviance with the parameter held at ``value``, and where it is."""
    from scipy.optimize import minimize

    if len(held.start) == 0:
        return held.at(value, held.start)[0], held.start
    best: tuple[float, FloatArray] | None = None
    for start in starts:
        found = minimize(_At(held, value), start, jac=True, method="BFGS", options={"gtol": 1e-5})
        if best is None or found.fun < best[0]:
            best = float(found.fun), np.asarray(found.x, dtype=np.float64)
    if best is None:
        raise ValueError("minimise needs at least one start")
    return best


class _At:
    """The deviance as scipy calls it."""

    def __init__(self, held: Held, value: float) -> None:
        self._held, self._value = held, value

    def __call__(self, free: FloatArray) -> Any:
        return self._held.at(self._value, free)


def _with_sigma(deviance: Deviance, theta: FloatArray, sigma: float) -> tuple[float, FloatArray, float]:
    """The deviance at (θ, σ), its gradient in θ and in log σ; the criterion is its minimum over σ."""
    point, nu = deviance.at(theta), deviance.nu
    ratio = point.variance / sigma**2
    value = point.objective + nu * (ratio - 1.0 - np.log(ratio))
    gradient = point.gradient + nu * (ratio - 1.0) * point.variance_gradient
    return float(value), gradient, 2.0 * nu * (1.0 - ratio)


@dataclass
class HeldSigma:
    """The residual standard deviation held."""

    deviance: Deviance
    unit: FloatArray
    start: FloatArray

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are θ / unit."""
        result, gradient, _ = _with_sigma(self.deviance, free * self.unit, value)
        return result, gradient * self.unit


@dataclass
class HeldSd:
    """The standard deviation of an effect held; its λ₁₁ stands at ``position`` in θ."""

    deviance: Deviance
    unit: FloatArray
    start: FloatArray
    position: int

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the rest of θ / unit, and log σ."""
        sigma = float(np.exp(free[-1]))
        theta = np.insert(free[:-1], self.position, 0.0) * self.unit
        theta[self.position] = value / sigma
        result, gradient, by_sigma = _with_sigma(self.deviance, theta, sigma)
        by_sigma -= gradient[self.position] * theta[self.position]
        return result, np.append(np.delete(gradient * self.unit, self.position), by_sigma)


@dataclass
class HeldCorrelation:
    """The correlation of the first two effects of a block held.

    θ has λ₁₁ at ``first``, λ₂₁ after it, and λ₂₂ at ``beside``. The signs of λ₁₁ and t are taken as
    positive, since the other signs would mean the opposite correlation.
    """

    deviance: Deviance
    unit: FloatArray
    start: FloatArray
    first: int
    beside: int

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the rest of θ / unit, with t in place of λ₂₂."""
        below, cosine = self.first + 1, np.sqrt(max(0.0, 1.0 - value**2))
        theta = np.insert(free, below, 0.0) * self.unit
        sign, turn = np.sign(theta[self.first]) or 1.0, np.sign(theta[self.beside]) or 1.0
        theta[self.first] *= sign
        length = theta[self.beside] * turn
        theta[below], theta[self.beside] = value * length, cosine * length
        point = self.deviance.at(theta)
        gradient = point.gradient.copy()
        gradient[self.first] *= sign
        gradient[self.beside] = turn * (value * gradient[below] + cosine * gradient[self.beside])
        return point.objective, np.delete(gradient * self.unit, below)


class HeldFixed:
    """A fixed effect held."""

    def __init__(self, design: Design, column: int, unit: FloatArray, start: FloatArray) -> None:
        self.start = start
        self._unit = unit
        self._column = design.x[:, column]
        self._rest = replace(
            design,
            x=np.delete(design.x, column, axis=1),
            fixed_names=tuple(n for j, n in enumerate(design.fixed_names) if j != column),
            assign=np.delete(design.assign, column),
        )
        self._value = np.nan
        self._deviance: Deviance | None = None

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are θ / unit."""
        if self._deviance is None or value != self._value:
            y = self._rest.y - value * self._column
            self._value, self._deviance = value, Deviance(replace(self._rest, y=y))
        point = self._deviance.at(free * self._unit)
        return point.objective, point.gradient * self._unit


def effects_first(design: Design, term: int, effects: tuple[int, ...]) -> tuple[Design, int]:
    """The design with these effects of a block moved to its front, and where the block starts in θ.

    The model stays the same; only the order of the effects within their block changes.
    """
    random = design.random[term]
    which = next(k for k, b in enumerate(random.blocks) if effects[0] in b)
    block = random.blocks[which]
    order = [*effects, *(i for i in block if i not in effects)]
    columns, names = random.columns.copy(), list(random.effects)
    for target, source in zip(block, order, strict=True):
        columns[:, target] = random.columns[:, source]
        names[target] = random.effects[source]
    moved: RandomDesign = replace(random, columns=columns, effects=tuple(names))
    terms = tuple(moved if t == term else r for t, r in enumerate(design.random))
    start = sum(len(r.parameter_positions) for r in design.random[:term])
    start += sum(len(b) * (len(b) + 1) // 2 for b in random.blocks[:which])
    return replace(design, random=terms), start
