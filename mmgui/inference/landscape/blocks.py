"""The free parameters of a covariance of which some standard deviations and correlations are held.

A row of a block's relative factor λ (lower triangular, the effects with a held correlation first) is
ℓ_i u_i: ℓ_i its relative standard deviation, u_i a unit vector. What is not held becomes coordinates that
may take every value and in which all is smooth up to the boundary and across it:

- neither is held: the entries of the row themselves, of either sign;
- the standard deviation τ is held: ℓ_i = τ/σ, and u_i = v/|v| with v free;
- the correlation ρ with the first effect is held: u_i = (ρ, √(1 - ρ²) w/|w|) with w free, and ℓ_i = t²
  with t free unless the standard deviation is held, too; so is ℓ of the first effect then. (In ℓ itself the
  criterion has a kink at 0, since ρ is kept there.)

Entries of θ of a patterned term depend on one coordinate each (:mod:`mmgui.engine.patterns`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.patterns import Coordinates
from mmgui.inference.likelihood.covariance_point import correlation_root

FloatArray = NDArray[np.float64]

STUCK, NUDGE = 1e-3, 0.05
"""Where an entry is nearer to zero than this it is moved this far: there every criterion is stationary."""


class Part(Protocol):
    """A part of θ as a function of its free coordinates and σ."""

    size: int

    def start(self, sd: FloatArray, correlation: FloatArray, sigma: float) -> FloatArray:
        """(size,) coordinates near a covariance, off the places where all is stationary."""

    def theta(self, x: FloatArray, sigma: float) -> FloatArray:
        """This part of θ."""

    def pull(self, x: FloatArray, sigma: float, gradient: FloatArray) -> tuple[FloatArray, float]:
        """From derivatives by this part of θ those by the coordinates and by log σ."""


@dataclass(eq=False)
class FreeBlock:
    """A block of effects that may correlate freely, but for what is held.

    Attributes
    ----------
    units
        (s,) for each effect the relative standard deviation at which it is as large as the residual.
    sds
        (s,) held standard deviations in the response's units, NaN where they are free.
    rhos
        (s,) held correlations with the first effect, NaN where they are free.
    """

    units: FloatArray
    sds: FloatArray
    rhos: FloatArray

    def __post_init__(self) -> None:
        s = len(self.units)
        position = np.zeros((s, s), dtype=np.intp)
        lower = [(i, j) for j in range(s) for i in range(j, s)]
        for k, (i, j) in enumerate(lower):
            position[i, j] = k
        self._rows = [position[i, : i + 1] for i in range(s)]
        self._count = len(lower)
        self._squared = bool(np.any(~np.isnan(self.rhos)))
        self._slices: list[slice] = []
        at = 0
        for i in range(s):
            width = self._width(i)
            self._slices.append(slice(at, at + width))
            at += width
        self.size = at

    def _width(self, i: int) -> int:
        free_length = math.isnan(self.sds[i])
        if not math.isnan(self.rhos[i]):
            return free_length + (i if i > 1 else 0)
        if i == 0:
            return int(free_length)
        return i + 1

    def start(self, sd: FloatArray, correlation: FloatArray, sigma: float) -> FloatArray:
        """As :class:`Part`."""
        root = correlation_root(correlation)
        out = np.empty(self.size)
        for i, own in enumerate(self._slices):
            row, length = root[i, : i + 1], float(sd[i]) / (sigma * self.units[i])
            free_length = math.isnan(self.sds[i])
            if not math.isnan(self.rhos[i]):
                rest = row[1:] / (float(np.linalg.norm(row[1:])) or 1.0)
                out[own] = [
                    *([_off_edge(math.sqrt(length))] if free_length else []),
                    *(_off(rest) if i > 1 else []),
                ]
            elif i == 0:
                out[own] = [_off_edge(math.sqrt(length) if self._squared else length)] if free_length else []
            else:
                out[own] = _off(length * row) if free_length else _off(row)
        return out

    def theta(self, x: FloatArray, sigma: float) -> FloatArray:
        """As :class:`Part`."""
        out = np.empty(self._count)
        for i, (own, at) in enumerate(zip(self._slices, self._rows, strict=True)):
            length, unit = self._row(i, x[own], sigma)
            out[at] = length * unit
        return out

    def _row(self, i: int, x: FloatArray, sigma: float) -> tuple[float, FloatArray]:
        """Length and direction of a row; of a free one its length and what it is multiplied with."""
        held = not math.isnan(self.sds[i])
        length = float(self.sds[i]) / sigma if held else 0.0
        rho = float(self.rhos[i])
        if not math.isnan(rho):
            if not held:
                length = float(x[0]) ** 2 * float(self.units[i])
            return length, np.append(rho, math.sqrt(max(1.0 - rho * rho, 0.0)) * self._rest(i, x))
        if i == 0:
            if not held:
                length = (float(x[0]) ** 2 if self._squared else float(x[0])) * float(self.units[0])
            return length, np.ones(1)
        if held:
            return length, x / (float(np.linalg.norm(x)) or 1.0)
        return float(self.units[i]), x

    def _rest(self, i: int, x: FloatArray) -> FloatArray:
        if i == 1:
            return np.ones(1)
        w = x[-i:]
        return np.asarray(w / (float(np.linalg.norm(w)) or 1.0))

    def pull(self, x: FloatArray, sigma: float, gradient: FloatArray) -> tuple[FloatArray, float]:
        """As :class:`Part`."""
        out, by_sigma = np.empty(self.size), 0.0
        for i, (own, at) in enumerate(zip(self._slices, self._rows, strict=True)):
            here, g = x[own], gradient[at]
            length, unit = self._row(i, here, sigma)
            along = float(g @ unit)
            held = not math.isnan(self.sds[i])
            by_sigma -= length * along if held else 0.0
            out[own] = self._pull_row(i, here, g, length, along, held=held)
        return out, by_sigma

    def _pull_row(
        self, i: int, x: FloatArray, g: FloatArray, length: float, along: float, *, held: bool
    ) -> FloatArray | list[float]:
        rho = float(self.rhos[i])
        slope = 0.0 if held else 2.0 * float(x[0]) if self._squared else 1.0
        by_length = [] if held else [slope * float(self.units[i]) * along]
        if not math.isnan(rho):
            if i == 1:
                return by_length
            w, rest = x[-i:], self._rest(i, x)
            scale = length * math.sqrt(max(1.0 - rho * rho, 0.0)) / (float(np.linalg.norm(w)) or 1.0)
            return [*by_length, *(scale * (g[1:] - float(g[1:] @ rest) * rest))]
        if i == 0:
            return by_length
        if not held:
            return np.asarray(float(self.units[i]) * g)
        norm = float(np.linalg.norm(x)) or 1.0
        return np.asarray(length * (g - along * x / norm) / norm)


@dataclass(eq=False)
class PatternBlock:
    """A patterned term.

    Attributes
    ----------
    coordinates
        Its search coordinates.
    sds
        (sds,) held standard deviations in the response's units, NaN where they are free.
    rho
        The correlation held, NaN where it is free or there is none.
    """

    coordinates: Coordinates
    sds: FloatArray
    rho: float

    def __post_init__(self) -> None:
        pattern = self.coordinates.pattern
        free_rho = [math.isnan(self.rho)] if pattern.correlated else []
        self._free = np.array([*np.isnan(self.sds), *free_rho], dtype=bool)
        self.size = int(np.count_nonzero(self._free))

    def start(self, sd: FloatArray, correlation: FloatArray, sigma: float) -> FloatArray:
        """As :class:`Part`."""
        pattern = self.coordinates.pattern
        rho = [float(correlation[0, 1])] if pattern.correlated else []
        x = self.coordinates.x(np.array([*(sd[: pattern.sds] / sigma), *rho]))
        x[: pattern.sds] = np.where(x[: pattern.sds] < STUCK, NUDGE, x[: pattern.sds])
        if rho and abs(pattern.rho_slope(float(x[-1]))) < STUCK:
            x[-1] += NUDGE if x[-1] <= 0.0 else -NUDGE
        return np.asarray(x[self._free])

    def _whole(self, x: FloatArray) -> FloatArray:
        out = np.zeros(len(self._free))
        out[self._free] = x
        return out

    def theta(self, x: FloatArray, sigma: float) -> FloatArray:
        """As :class:`Part`."""
        out = self.coordinates.theta(self._whole(x))
        held = ~np.isnan(self.sds)
        out[: len(held)][held] = self.sds[held] / sigma
        if not math.isnan(self.rho):
            out[-1] = self.rho
        return out

    def pull(self, x: FloatArray, sigma: float, gradient: FloatArray) -> tuple[FloatArray, float]:
        """As :class:`Part`."""
        held = ~np.isnan(self.sds)
        by_sigma = -float(self.sds[held] @ gradient[: len(held)][held]) / sigma
        return (gradient * self.coordinates.slopes(self._whole(x)))[self._free], by_sigma


def _off_edge(x: float) -> float:
    return x if abs(x) > STUCK else NUDGE


def _off(row: FloatArray) -> FloatArray:
    """The row with the entry on the diagonal, in which the covariance is even, off zero."""
    if abs(row[-1]) > STUCK:
        return row
    out = row.copy()
    out[-1] = NUDGE
    return out
