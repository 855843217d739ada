"""p-values and intervals of several contrasts at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mmgui.errors import ModelError, Where

FloatArray = NDArray[np.float64]

ADJUSTMENTS = ("none", "holm", "bonferroni", "tukey")

# The studentized range is the same to all digits that matter for this many df and for infinitely many.
_MANY = 1e5


def adjusted_p(t: FloatArray, df: FloatArray, p: FloatArray, adjust: str, means: int) -> FloatArray:
    """(m,) p-values adjusted for a family of m contrasts; NaN entries are no members of it.

    Parameters
    ----------
    t, df, p
        (m,) of the single contrasts, two-sided.
    adjust
        ``"none"``, ``"holm"``, ``"bonferroni"`` or ``"tukey"`` (all pairwise differences of ``means``
        means, by the studentized range with each contrast's own df; exact for equal variances).
    means
        Number of means compared.

    Raises
    ------
    ModelError
        ``unknown_adjustment``.

    References
    ----------
    Holm, S. (1979). Scandinavian Journal of Statistics 6, 65-70.
    """
    _check(adjust)
    there = np.isfinite(p)
    out, count = p.copy(), int(there.sum())
    if count == 0 or adjust == "none":
        return out
    if adjust == "tukey":
        if means > 2:
            out[there] = [tukey_p(abs(x), means, v) for x, v in zip(t[there], df[there], strict=True)]
        return out
    if adjust == "bonferroni":
        out[there] = np.minimum(1.0, count * p[there])
        return out
    order = np.argsort(p[there], kind="stable")
    stepped = np.maximum.accumulate(p[there][order] * (count - np.arange(count)))
    back = np.empty(count)
    back[order] = np.minimum(1.0, stepped)
    out[there] = back
    return out


def critical_value(df: float, level: float, adjust: str, means: int, family: int) -> float:
    """How many standard errors an interval reaches on each side.

    Holm's procedure has no intervals of its own; those given for it are Bonferroni's, as emmeans does.

    Raises
    ------
    ModelError
        ``unknown_adjustment``.
    """
    from scipy.special import stdtrit

    _check(adjust)
    if not df > 0.0:
        return float(np.nan)
    if adjust == "tukey" and means > 2:
        return _tukey_quantile(level, means, round(min(df, _MANY), 6))
    tail = (1.0 - level) / (family if adjust in ("bonferroni", "holm") else 1)
    return float(stdtrit(df, 1.0 - tail / 2.0))


def tukey_p(t: float, means: int, df: float) -> float:
    """The chance that the largest of all pairwise |t| among ``means`` means is at least ``t``.

    1 - ∫ f(s) k ∫ φ(z) (Φ(z) - Φ(z - √2 t s))^(k-1) dz ds over the distribution of s = √(χ²_ν / ν), by
    Gauss-Legendre rules in z and log s. (scipy's ``studentized_range`` is the same, and twenty times
    slower.)
    """
    from scipy.special import chdtri, gammaln, ndtr

    if not df > 0.0:
        return float(np.nan)
    z, z_weights = _rule(160, -8.5, 8.5)
    density = means * z_weights * np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    if df >= _MANY:
        s, s_weights = np.ones(1), np.ones(1)
    else:
        ends = 0.5 * np.log(np.array([chdtri(df, 1.0 - 1e-14), chdtri(df, 1e-18)]) / df)
        x, s_weights = _rule(400 if df < 5.0 else 160, max(float(ends[0]), -40.0), float(ends[1]))
        s = np.exp(x)
        log_density = np.log(2.0) + 0.5 * df * np.log(0.5 * df) - gammaln(0.5 * df) + df * x - 0.5 * df * s**2
        s_weights = s_weights * np.exp(log_density)
    within = (ndtr(z) - ndtr(z - np.sqrt(2.0) * t * s[:, None])) ** (means - 1) @ density
    return min(1.0, max(0.0, float(s_weights @ (1.0 - within))))


def _rule(points: int, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    nodes, weights = _legendre(points)
    half = 0.5 * (high - low)
    return low + half * (nodes + 1.0), half * weights


@cache
def _legendre(points: int) -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return nodes, weights


@cache
def _tukey_quantile(level: float, means: int, df: float) -> float:
    from scipy.optimize import brentq
    from scipy.special import stdtrit

    # Between the single comparison's quantile and Bonferroni's.
    pairs = means * (means - 1) / 2.0
    low = float(stdtrit(df, 0.5 + level / 2.0))
    high = float(stdtrit(df, 1.0 - (1.0 - level) / (2.0 * pairs)))
    return float(brentq(lambda t: tukey_p(t, means, df) - (1.0 - level), 0.99 * low, 1.01 * high, xtol=1e-9))


def _check(adjust: str) -> None:
    if adjust not in ADJUSTMENTS:
        raise ModelError(
            "unknown_adjustment",
            f"There is no adjustment {adjust!r}; choose one of {', '.join(ADJUSTMENTS)}.",
            Where("fit"),
        )
