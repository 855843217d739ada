"""The (co)variances of a model by name, and how each moves the covariance of its term's effects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.spec.terms import Covariance

RESIDUAL = "Residual"

# Where a pattern is looked at: any correlation but 0 and ±1, and standard deviations that differ.
_RHO = 0.3
_SPREAD = 0.1

_ONE_VARIANCE = {Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, Covariance.AR1}


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
        out += _patterned(term, random) if random.structure.patterned else _free(term, random)
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


def _patterned(term: int, random: RandomDesign) -> list[CovarianceParameter]:
    size = len(random.effects)
    correlation, slope = _correlation(random.structure, size)
    everything = tuple(range(size))
    out = []
    if random.structure in _ONE_VARIANCE:
        sd = np.ones(size)
        name = f"{random.grouping}:variance"
        out.append(CovarianceParameter(name, ParameterKind.VARIANCE, term, everything, correlation))
    else:
        scale = np.sqrt(np.mean(random.columns**2, axis=0))
        sd = (1.0 + _SPREAD * np.arange(size)) / np.where(scale > 0.0, scale, 1.0)
        for k, effect in enumerate(random.effects):
            # dΣ/dσ_k² = dΣ/dσ_k / (2 σ_k), where row and column k of Σ are proportional to σ_k.
            direction = np.zeros((size, size))
            direction[k] += correlation[k] * sd / (2.0 * sd[k])
            direction[:, k] += correlation[:, k] * sd / (2.0 * sd[k])
            name = f"{random.grouping}:{effect}"
            out.append(CovarianceParameter(name, ParameterKind.VARIANCE, term, (k,), direction))
    if random.structure is not Covariance.IDENTITY and size > 1:
        name = f"{random.grouping}:correlation"
        moved = slope * np.outer(sd, sd)
        out.append(CovarianceParameter(name, ParameterKind.CORRELATION, term, everything, moved))
    return out


def _correlation(structure: Covariance, size: int) -> tuple[FloatArray, FloatArray]:
    """The correlation matrix of a pattern and its derivative in ρ."""
    if structure is Covariance.IDENTITY:
        return np.eye(size), np.zeros((size, size))
    if structure in (Covariance.AR1, Covariance.HETEROGENEOUS_AR1):
        position = np.arange(size)
        lag = np.abs(position[:, None] - position[None, :]).astype(np.float64)
        return _RHO**lag, np.where(lag > 0.0, lag * _RHO ** np.maximum(lag - 1.0, 0.0), 0.0)
    apart = 1.0 - np.eye(size)
    return np.eye(size) + _RHO * apart, apart
