"""The deviance minimised with one parameter held: what a likelihood profile is made of.

A standard deviation is held through θ: with its effect first in the term, λ₁₁ = SD / σ, and σ stays free.
A correlation is held by turning the second row of λ, (ρ t, √(1 - ρ²) t), with t free. Standard deviations
and the correlation of a patterned term are entries of θ themselves. A fixed effect is held by taking its
part off the response. In each case only smooth, unconstrained parameters remain: the coordinates of θ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.factor import indefinite
from mmgui.errors import FitError
from mmgui.inference.likelihood.deviance import Deviance
from mmgui.inference.likelihood.smooth_theta import SmoothTheta

FloatArray = NDArray[np.float64]


class Held(Protocol):
    """A deviance with one parameter held at a value."""

    @property
    def start(self) -> FloatArray:
        """The other parameters at the optimum, in units in which each matters about equally."""

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """Deviance with the parameter held at ``value``, and its gradient in the other parameters."""

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """Where to minimise from: ``near``, the same off the edges of the domain, and other correlations.

        ``wide`` adds places far from ``near``, where another optimum may be.
        """

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """Every parameter of the model there."""


@dataclass(frozen=True, eq=False)
class HeldPoint:
    """The model with one parameter held: θ in the order of the held design, β, σ."""

    theta: FloatArray
    beta: FloatArray
    sigma: float


def _point(deviance: Deviance, theta: FloatArray, sigma: float | None = None) -> HeldPoint:
    """The other parameters are the best ones; σ too where none is given."""
    point = deviance.at(theta)
    return HeldPoint(theta, point.beta, float(np.sqrt(point.variance)) if sigma is None else sigma)


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
    if best is None or not np.isfinite(best[0]):
        raise indefinite()
    return best


def _starts(
    smooth: SmoothTheta,
    near: FloatArray,
    optimum: FloatArray,
    position: int | None = None,
    *,
    wide: bool,
) -> list[FloatArray]:
    """Starts in the coordinates of θ, of which the one at ``position`` is left out."""

    def whole(free: FloatArray) -> FloatArray:
        return free if position is None else np.insert(free, position, 1.0)

    def rest(x: FloatArray) -> FloatArray:
        return x if position is None else np.delete(x, position)

    nudged = rest(smooth.off_edges(whole(near)))
    off = [] if np.array_equal(nudged, near) else [nudged, rest(smooth.off_edges(whole(optimum)))]
    places = smooth.elsewhere(whole(near)) + (smooth.leaning(whole(near)) if wide else [])
    elsewhere = [rest(x) for x in places]
    return [near, *off, *(x for x in elsewhere if not np.array_equal(x, near))]


class _At:
    """The deviance as scipy calls it; infinite, and level, where a step went too far to compute it."""

    def __init__(self, held: Held, value: float) -> None:
        self._held, self._value = held, value

    def __call__(self, free: FloatArray) -> Any:
        try:
            with np.errstate(all="ignore"):
                return self._held.at(self._value, free)
        except FitError:
            return np.inf, np.zeros_like(free)


def _with_sigma(deviance: Deviance, theta: FloatArray, sigma: float) -> tuple[float, FloatArray, float]:
    """The deviance at (θ, σ), its gradient in θ and in log σ; the criterion is its minimum over σ."""
    if not 0.0 < sigma**2 < np.inf:
        raise indefinite()
    point, nu = deviance.at(theta), deviance.nu
    ratio = point.variance / sigma**2
    value = point.objective + nu * (ratio - 1.0 - np.log(ratio))
    gradient = point.gradient + nu * (ratio - 1.0) * point.variance_gradient
    return float(value), gradient, 2.0 * nu * (1.0 - ratio)


@dataclass
class HeldNothing:
    """The criterion itself."""

    deviance: Deviance
    smooth: SmoothTheta
    start: FloatArray

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The parameters are the coordinates of θ."""
        del value
        point = self.deviance.at(self.smooth.theta(free))
        return point.objective, point.gradient * self.smooth.slopes(free)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        del value
        return _point(self.deviance, self.smooth.theta(free))

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        return _starts(self.smooth, near, self.start, wide=wide)


@dataclass
class HeldSigma:
    """The residual standard deviation held."""

    deviance: Deviance
    smooth: SmoothTheta
    start: FloatArray

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the coordinates of θ."""
        result, gradient, _ = _with_sigma(self.deviance, self.smooth.theta(free), value)
        return result, gradient * self.smooth.slopes(free)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        return _point(self.deviance, self.smooth.theta(free), value)

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        return _starts(self.smooth, near, self.start, wide=wide)


@dataclass
class HeldSd:
    """A standard deviation held; relative to σ it stands at ``position`` in θ."""

    deviance: Deviance
    smooth: SmoothTheta
    start: FloatArray
    position: int

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the coordinates of the rest of θ, and log σ."""
        x, theta, sigma = self._place(value, free)
        result, gradient, by_sigma = _with_sigma(self.deviance, theta, sigma)
        by_sigma -= gradient[self.position] * theta[self.position]
        return result, np.append(np.delete(gradient * self.smooth.slopes(x), self.position), by_sigma)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        _, theta, sigma = self._place(value, free)
        return _point(self.deviance, theta, sigma)

    def _place(self, value: float, free: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        sigma = float(np.exp(free[-1]))
        x = np.insert(free[:-1], self.position, 0.0)
        theta = self.smooth.theta(x)
        theta[self.position] = value / sigma
        return x, theta, sigma

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        found = _starts(self.smooth, near[:-1], self.start[:-1], self.position, wide=wide)
        return [np.append(x, near[-1]) for x in found]


@dataclass
class HeldTheta:
    """An entry of θ held: the correlation of a patterned term."""

    deviance: Deviance
    smooth: SmoothTheta
    start: FloatArray
    position: int

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the coordinates of the rest of θ."""
        x, theta = self._place(value, free)
        point = self.deviance.at(theta)
        return point.objective, np.delete(point.gradient * self.smooth.slopes(x), self.position)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        return _point(self.deviance, self._place(value, free)[1])

    def _place(self, value: float, free: FloatArray) -> tuple[FloatArray, FloatArray]:
        x = np.insert(free, self.position, 0.0)
        theta = self.smooth.theta(x)
        theta[self.position] = value
        return x, theta

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        return _starts(self.smooth, near, self.start, self.position, wide=wide)


@dataclass
class HeldCorrelation:
    """The correlation of the first two effects of a block held.

    θ has λ₁₁ at ``first``, λ₂₁ after it, and λ₂₂ at ``beside``. The signs of λ₁₁ and t are taken as
    positive, since the other signs would mean the opposite correlation.
    """

    deviance: Deviance
    smooth: SmoothTheta
    start: FloatArray
    first: int
    beside: int

    def at(self, value: float, free: FloatArray) -> tuple[float, FloatArray]:
        """The other parameters are the coordinates of the rest of θ, with t in place of λ₂₂."""
        below, cosine = self.first + 1, np.sqrt(max(0.0, 1.0 - value**2))
        x, theta, sign, turn = self._place(value, free)
        point = self.deviance.at(theta)
        gradient = point.gradient.copy()
        gradient[self.first] *= sign
        gradient[self.beside] = turn * (value * gradient[below] + cosine * gradient[self.beside])
        return point.objective, np.delete(gradient * self.smooth.slopes(x), below)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        return _point(self.deviance, self._place(value, free)[1])

    def _place(self, value: float, free: FloatArray) -> tuple[FloatArray, FloatArray, float, float]:
        below = self.first + 1
        x = np.insert(free, below, 0.0)
        theta = self.smooth.theta(x)
        sign, turn = float(np.sign(theta[self.first])) or 1.0, float(np.sign(theta[self.beside])) or 1.0
        theta[self.first] *= sign
        length = theta[self.beside] * turn
        theta[below] = value * length
        theta[self.beside] = float(np.sqrt(max(0.0, 1.0 - value**2))) * length
        return x, theta, sign, turn

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        return _starts(self.smooth, near, self.start, self.first + 1, wide=wide)


class HeldFixed:
    """A fixed effect held."""

    def __init__(self, design: Design, column: int, smooth: SmoothTheta, start: FloatArray) -> None:
        self.start = start
        self._smooth, self._position = smooth, column
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
        """The other parameters are the coordinates of θ."""
        point = self._at(value).at(self._smooth.theta(free))
        return point.objective, point.gradient * self._smooth.slopes(free)

    def point(self, value: float, free: FloatArray) -> HeldPoint:
        """As :class:`Held`."""
        found = _point(self._at(value), self._smooth.theta(free))
        return replace(found, beta=np.insert(found.beta, self._position, value))

    def _at(self, value: float) -> Deviance:
        if self._deviance is None or value != self._value:
            y = self._rest.y - value * self._column
            self._value, self._deviance = value, Deviance(replace(self._rest, y=y))
        return self._deviance

    def starts(self, near: FloatArray, *, wide: bool = False) -> list[FloatArray]:
        """As :class:`Held`."""
        return _starts(self._smooth, near, self.start, wide=wide)


def effects_first(design: Design, term: int, effects: tuple[int, ...]) -> tuple[Design, int]:
    """The design with these effects of a block moved to its front, and where the block starts in θ.

    The model stays the same; only the order of the effects within their block changes.
    """
    random = design.random[term]
    which = next(k for k, b in enumerate(random.blocks) if effects[0] in b)
    block, order = random.blocks[which], front_order(random, effects)
    columns, names = random.columns.copy(), list(random.effects)
    for target, source in zip(block, order, strict=True):
        columns[:, target] = random.columns[:, source]
        names[target] = random.effects[source]
    moved: RandomDesign = replace(random, columns=columns, effects=tuple(names))
    terms = tuple(moved if t == term else r for t, r in enumerate(design.random))
    start = design.theta_slice(term).start
    start += sum(len(b) * (len(b) + 1) // 2 for b in random.blocks[:which])
    return replace(design, random=terms), start


def front_order(random: RandomDesign, effects: tuple[int, ...]) -> tuple[int, ...]:
    """The effects of a block in their order when some of them come first."""
    block = next(b for b in random.blocks if effects[0] in b)
    return (*effects, *(i for i in block if i not in effects))
