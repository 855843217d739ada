"""What a profile says as a distribution: the derivative of Φ(ζ), as lme4 draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.profile import ParameterProfile, ProfileFigure
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]

LEAST = 0.005
"""Share at an end of the range from which it is drawn and told."""


@dataclass(frozen=True, eq=False, slots=True)
class ProfileDensity:
    """The density of one parameter.

    Attributes
    ----------
    values, density
        (k,) the curve φ(ζ) dζ/dx, x in the scale drawn.
    at_ends
        What of the distribution lies at the lower and the upper end of the range: Φ(ζ) there.
    """

    values: FloatArray
    density: FloatArray
    at_ends: tuple[float, float]


def density_of(profile: ParameterProfile) -> ProfileDensity:
    """The density of a parameter; empty where there is no curve."""
    known = np.isfinite(profile.values)
    values, zeta = profile.values[known], profile.zeta[known]
    if len(values) < 3:
        return ProfileDensity(np.empty(0), np.empty(0), (0.0, 0.0))
    slope = np.gradient(zeta, values)
    density = np.exp(-0.5 * zeta**2) / math.sqrt(2.0 * math.pi) * np.maximum(slope, 0.0)
    # A curve that stops at the end of the range leaves what lies beyond it there.
    slack = 1e-6 * float(values[-1] - values[0])
    low = _normal(float(zeta[0])) if profile.values[0] <= profile.bounds[0] + slack else 0.0
    high = 1.0 - _normal(float(zeta[-1])) if profile.values[-1] >= profile.bounds[1] - slack else 0.0
    return ProfileDensity(values, density, (low, high))


def normal_density(profile: ParameterProfile, at: FloatArray) -> FloatArray:
    """(k,) the normal density of the estimate and its standard error, which Wald intervals go by."""
    z = (at - profile.estimate) / profile.se
    return np.asarray(np.exp(-0.5 * z**2) / (math.sqrt(2.0 * math.pi) * profile.se))


def density_table(figure: ProfileFigure) -> FigureTable:
    """Every curve, point by point; the share at an end of the range as a line of its own."""
    rows: list[tuple[str | float | None, ...]] = []
    for p in figure.profiles:
        found = density_of(p)
        rows += [
            (p.group, p.name, v, d, None)
            for v, d in zip(found.values.tolist(), found.density.tolist(), strict=True)
        ]
        rows += [
            (p.group, p.name, end, None, share)
            for end, share in zip(p.bounds, found.at_ends, strict=True)
            if share > LEAST
        ]
    return FigureTable(("Group", "Parameter", "Value", "Density", "Share at this end"), tuple(rows))


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
