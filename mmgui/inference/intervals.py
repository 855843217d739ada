"""Intervals of a fitted model: Wald for fixed effects, profile likelihood for everything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import RandomDesign
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
from mmgui.inference.normal import normal_quantile
from mmgui.inference.profile.curves import ProfileCurve, profile

FloatArray = NDArray[np.float64]

METHODS = ("wald", "profile", "none")


@dataclass(frozen=True, eq=False)
class Intervals:
    """Intervals of the parameters of a model, in the order of its results.

    Attributes
    ----------
    method
        ``"wald"``, ``"profile"`` or ``"none"``.
    level
        Confidence level.
    fixed
        (p, 2) of the fixed effects; NaN for method ``"none"``.
    sd
        For each random-effects term (s, 2) of its standard deviations, or None where none were computed.
    correlation
        For each term the intervals of its correlations by pair (i, j) of effects, i < j; may be empty.
    sigma
        Of the residual standard deviation, or None.
    curves
        The profiles, for method ``"profile"``.
    """

    method: str
    level: float
    fixed: FloatArray
    sd: tuple[FloatArray | None, ...]
    correlation: tuple[dict[tuple[int, int], tuple[float, float]], ...]
    sigma: tuple[float, float] | None
    curves: tuple[ProfileCurve, ...] = ()


def intervals(
    fit: Fit, method: str = "wald", level: float = 0.95, tests: FixedEffectTests | None = None
) -> Intervals:
    """Confidence intervals of a fitted model.

    Parameters
    ----------
    fit
        The fitted model.
    method
        ``"wald"``: estimate ± quantile × standard error, for the fixed effects only (a standard
        deviation near 0 has no symmetric interval). ``"profile"``: profile likelihood, for everything.
        ``"none"``.
    level
        Confidence level.
    tests
        Where the standard errors and degrees of freedom of Wald intervals come from: quantiles of t
        where degrees of freedom are known, else of the normal distribution.

    Raises
    ------
    FitError
        ``unknown_method``; those of :func:`~mmgui.inference.profile.curves.profile`.
    """
    count = len(fit.terms)
    if method == "none":
        fixed = np.full((len(fit.beta), 2), np.nan)
    elif method == "wald":
        fixed = wald(fit, level, tests)
    elif method == "profile":
        return profile_intervals(fit, profile(fit, level=level), level)
    else:
        raise FitError(
            "unknown_method", f"There is no interval {method!r}; choose one of {', '.join(METHODS)}."
        )
    return Intervals(method, level, fixed, (None,) * count, tuple({} for _ in range(count)), None)


def wald(fit: Fit, level: float = 0.95, tests: FixedEffectTests | None = None) -> FloatArray:
    """(p, 2) Wald intervals of the fixed effects."""
    from scipy.special import stdtrit

    se = fit.se if tests is None else tests.se
    width = normal_quantile(level) * se
    if tests is not None:
        known = np.isfinite(tests.df)
        width = np.where(known, stdtrit(np.where(known, tests.df, 1.0), 0.5 + level / 2.0) * se, width)
    return np.column_stack([fit.beta - width, fit.beta + width])


def profile_intervals(fit: Fit, curves: tuple[ProfileCurve, ...], level: float = 0.95) -> Intervals:
    """The intervals that profiles give, in the order of the model's results; NaN where a curve is missing."""
    fixed = np.full((len(fit.beta), 2), np.nan)
    sd: list[FloatArray | None] = [np.full((len(t.effects), 2), np.nan) for t in fit.terms]
    correlation: list[dict[tuple[int, int], tuple[float, float]]] = [{} for _ in fit.terms]
    sigma = None
    for curve in curves:
        which, ends = curve.parameter, curve.interval(level)
        own = sd[which.term] if which.kind == "sd" else None
        if own is not None:
            own[list(which.effects)] = ends
        elif which.kind == "correlation":
            correlation[which.term].update(_pairs(fit.design.random[which.term], which.effects, ends))
        elif which.kind == "sigma":
            sigma = ends
        elif which.kind == "fixed":
            fixed[which.effects[0]] = ends
    return Intervals("profile", level, fixed, tuple(sd), tuple(correlation), sigma, curves)


def _pairs(
    random: RandomDesign, effects: tuple[int, ...], ends: tuple[float, float]
) -> dict[tuple[int, int], tuple[float, float]]:
    """The intervals of a term's correlations that follow from one of them."""
    i, j = effects
    if random.pattern is None:
        return {(i, j): ends}
    return {
        (a, b): power_interval(ends, b - a if random.pattern.autoregressive else 1)
        for b in range(random.pattern.size)
        for a in range(b)
    }


def power_interval(ends: tuple[float, float], power: int) -> tuple[float, float]:
    """The values of ρ to a positive power for ρ between two ends."""
    raised = sorted(end**power for end in ends)
    if power % 2 == 0 and ends[0] < 0.0 < ends[1]:
        return 0.0, raised[1]
    return raised[0], raised[1]
