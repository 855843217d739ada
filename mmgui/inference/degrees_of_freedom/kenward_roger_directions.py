"""In which directions the parameters of each random-effects term move its covariance, Σ relative to σ².

An unstructured Σ is linear in its variances and covariances, as pbkrtest has it: the directions are all
symmetric matrices of a block, whichever basis they are given in. Structures that are
linear stay so (identity: the variance; homogeneous compound symmetry: the variance and the covariance).
The others have variances and a correlation, as in SAS PROC MIXED, and second derivatives.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.patterns import Pattern
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.coordinates import WhitenedDesign
from mmgui.inference.degrees_of_freedom.kenward_roger_products import Direction
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Directions:
    """Derivatives of the covariance of the response with respect to its parameters, σ² left out.

    Attributes
    ----------
    first
        One for each parameter.
    second
        Second derivatives that are not zero, by pair (r, s) of parameters, r <= s.
    whole
        The random effects' covariance itself, as a direction.
    """

    first: tuple[Direction, ...]
    second: dict[tuple[int, int], Direction]
    whole: Direction


def directions_of(fit: Fit, whitened: WhitenedDesign) -> Directions:
    """The directions at a fit, for whitened columns and in units in which the residual variance is 1."""
    first: list[Direction] = []
    second: dict[tuple[int, int], Direction] = {}
    relative = [t.relative_factor @ t.relative_factor.T for t in fit.terms]
    for k, design in enumerate(fit.design.random):
        start, size = len(first), len(design.effects)
        if not design.structure.patterned:
            first += [Direction(((k, unit(size, i, j)),)) for i, j in free_pairs(design.blocks)]
            continue
        slopes, curves = _patterned(Pattern(design.structure, size), relative[k])
        first += [Direction(((k, whitened.direction(k, d)),)) for d in slopes]
        for (r, s), d in curves.items():
            second[start + r, start + s] = Direction(((k, whitened.direction(k, d)),))
    whole = tuple((k, whitened.direction(k, d)) for k, d in enumerate(relative))
    return Directions(tuple(first), second, Direction(whole))


def count_of(fit: Fit) -> int:
    """How many directions there are."""
    return sum(
        len(r.effects) + 1 if r.structure.patterned else len(free_pairs(r.blocks)) for r in fit.design.random
    )


def free_pairs(free: tuple[tuple[int, ...], ...]) -> list[tuple[int, int]]:
    """(i, j), i >= j, of the covariances that are parameters, column-major within each block."""
    return [(i, j) for block in free for a, j in enumerate(block) for i in block[a:]]


def unit(size: int, i: int, j: int) -> FloatArray:
    """The symmetric matrix that has ones at (i, j) and (j, i)."""
    out = np.zeros((size, size))
    out[i, j] = out[j, i] = 1.0
    return out


_Curves = dict[tuple[int, int], FloatArray]


def _patterned(pattern: Pattern, sigma: FloatArray) -> tuple[list[FloatArray], _Curves]:
    """Derivatives of v R(ρ) or of D R(ρ) D, D² = diag(v); a column without variance has none.

    Where every variance is zero there is nothing to tell R by, and no direction at all but the identity's.
    """
    identity = np.eye(pattern.size)
    if pattern.structure is Covariance.IDENTITY:
        return [identity], {}
    if pattern.structure is Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY:
        return [identity, 1.0 - identity], {}
    variances = np.diag(sigma)
    vary = np.flatnonzero(variances > 0.0)
    rho = _rho(pattern, sigma, vary)
    r, slope, curve = (
        pattern.correlation(rho),
        pattern.correlation_slope(rho),
        _correlation_curve(pattern, rho),
    )
    if pattern.homogeneous:
        v = float(variances.mean())
        if v <= 0.0:
            return [r], {}
        return [r, v * slope], {(0, 1): slope, (1, 1): v * curve}
    sd = np.sqrt(variances)
    # ∂D/∂v_k = E_kk / 2 sd_k, ∂²D/∂v_k² = -E_kk / 4 sd_k³.
    first = [_sandwiched(pattern.size, int(k), 0.5 / sd[k], sd, r) for k in vary]
    if len(vary) < 2:
        return first, {}
    last = len(vary)
    curves: _Curves = {(last, last): np.outer(sd, sd) * curve}
    for a, k in enumerate(vary):
        once = _sandwiched(pattern.size, int(k), -0.25 / sd[k] ** 3, sd, r)
        once[k, k] += 2.0 * (0.5 / sd[k]) ** 2
        curves[a, a] = once
        curves[a, last] = _sandwiched(pattern.size, int(k), 0.5 / sd[k], sd, slope)
        for b in range(a + 1, len(vary)):
            m = int(vary[b])
            curves[a, b] = unit(pattern.size, int(k), m) * r[k, m] * 0.25 / (sd[k] * sd[m])
    return [*first, np.outer(sd, sd) * slope], curves


def _sandwiched(size: int, k: int, by: float, sd: FloatArray, r: FloatArray) -> FloatArray:
    """E_kk R D + D R E_kk, times ``by``."""
    out = np.zeros((size, size))
    out[k] += by * r[k] * sd
    out[:, k] += by * r[k] * sd
    return out


def _rho(pattern: Pattern, sigma: FloatArray, vary: NDArray[np.intp]) -> float:
    """ρ of neighbours, or of any two columns, that vary; 0 where no two do."""
    for i, j in pairwise(vary):
        if not pattern.autoregressive or j == i + 1:
            return float(sigma[i, j] / np.sqrt(sigma[i, i] * sigma[j, j]))
    return 0.0


def _correlation_curve(pattern: Pattern, rho: float) -> FloatArray:
    """(s, s) d²R/dρ²."""
    if not pattern.autoregressive:
        return np.zeros((pattern.size, pattern.size))
    at = np.arange(pattern.size)
    lags = np.abs(at[:, None] - at)
    curve: FloatArray = lags * (lags - 1) * np.power(rho, np.maximum(lags - 2, 0))
    return curve
