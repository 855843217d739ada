"""The (co)variances of a model by name, and how each moves the covariance of its term's effects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.engine.patterns import Pattern

RESIDUAL = "Residual"

# Where a pattern is looked at: any correlation but 0 and ±1, and standard deviations that differ.
_RHO = 0.3
_SPREAD = 0.1


class ParameterKind(StrEnum):
    """What a parameter is."""

    VARIANCE = "variance"
    COVARIANCE = "covariance"
    CORRELATION = "correlation"
    RESIDUAL = "residual"


@dataclass(frozen=True, eq=False)
class CovarianceParameter:
    """One (co)variance.

    Attributes
    ----------
    name
        ``"Subject:(Intercept)"``, ``"Subject:(Intercept)~Days"``; ``"Subject:variance"`` for the one
        variance and ``"Subject:correlation"`` for the one correlation of a patterned term.
    kind
        Variance, covariance, or a patterned term's correlation.
    term
        Which of the design's random-effects terms.
    effects
        Positions of the effects it concerns: one for a variance, two for a covariance, all for a
        parameter that the whole term shares.
    direction
        (s, s) derivative of the effects' covariance matrix with respect to it.
    """

    name: str
    kind: ParameterKind
    term: int
    effects: tuple[int, ...]
    direction: FloatArray


def covariance_parameters(design: Design) -> tuple[CovarianceParameter, ...]:
    """The (co)variances of a model without the residual's: formula order, column-major within blocks.

    A patterned term (IDENTITY, CS, AR1 …) is no linear function of its correlation; its derivatives
    are taken at a correlation of 0.3 and at standard deviations that differ where they are free to.
    """
    out: list[CovarianceParameter] = []
    for term, random in enumerate(design.random):
        pattern = random.pattern
        out += _free(term, random) if pattern is None else _patterned(term, random, pattern)
    return tuple(out)


def unique_names(parameters: tuple[CovarianceParameter, ...]) -> tuple[str, ...]:
    """Names of the parameters and of the residual variance, repeated ones told apart by ``.1``, ``.2``."""
    seen: dict[str, int] = {}
    out = []
    for name in (*(p.name for p in parameters), RESIDUAL):
        count = seen.get(name, 0)
        seen[name] = count + 1
        out.append(f"{name}.{count}" if count else name)
    return tuple(out)


def _free(term: int, random: RandomDesign) -> list[CovarianceParameter]:
    size = len(random.effects)
    out = []
    for i, j in random.parameter_positions:
        direction = np.zeros((size, size))
        direction[i, j] = direction[j, i] = 1.0
        first, second = random.effects[j], random.effects[i]
        name = f"{random.grouping}:{first}" + ("" if i == j else f"~{second}")
        kind = ParameterKind.VARIANCE if i == j else ParameterKind.COVARIANCE
        out.append(CovarianceParameter(name, kind, term, (i,) if i == j else (j, i), direction))
    return out


def _patterned(term: int, random: RandomDesign, pattern: Pattern) -> list[CovarianceParameter]:
    """Variances and the correlation; dΣ/dσ² is dΣ/dσ / 2σ."""
    everything = tuple(range(pattern.size))
    if pattern.homogeneous:
        theta = np.ones(1)
        named = [(everything, "variance")]
    else:
        scale = np.sqrt(np.mean(random.columns**2, axis=0))
        theta = (1.0 + _SPREAD * np.arange(pattern.size)) / np.where(scale > 0.0, scale, 1.0)
        named = [((k,), effect) for k, effect in enumerate(random.effects)]
    divisors = 2.0 * theta
    if pattern.correlated:
        theta, divisors = np.append(theta, _RHO), np.append(divisors, 1.0)
        named.append((everything, "correlation"))
    slopes = pattern.covariance_slopes(theta) / divisors[:, None, None]
    kinds = [ParameterKind.VARIANCE] * pattern.sds + [ParameterKind.CORRELATION] * pattern.correlated
    return [
        CovarianceParameter(f"{random.grouping}:{name}", kind, term, effects, slope)
        for (effects, name), kind, slope in zip(named, kinds, slopes, strict=True)
    ]
