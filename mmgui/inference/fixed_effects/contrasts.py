"""Linear combinations of fixed effects: single ones with t and interval, several at once with F."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.degrees_of_freedom.approximation import Approximation, approximation

FloatArray = NDArray[np.float64]

Weights = Mapping[str, float] | ArrayLike
"""A combination: a weight for each fixed effect in model-matrix order, or by name (0 where not named)."""

_CONSISTENT = 1e-8


@dataclass(frozen=True, eq=False)
class Contrast:
    """One linear combination of the fixed effects.

    Attributes
    ----------
    weights
        (p,) of the fixed effects.
    estimate, se
        Of the combination, in units of the response per unit of the weights.
    df
        Degrees of freedom of t; infinite for Wald.
    null
        The value it is tested against.
    t, p
        (estimate - null) / se, and its two-sided p-value.
    interval
        Lower and upper end at ``level``.
    method
        ``"satterthwaite"``, ``"kenward-roger"`` or ``"wald"``.
    """

    weights: FloatArray
    estimate: float
    se: float
    df: float
    null: float
    t: float
    p: float
    interval: tuple[float, float]
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class Contrasts:
    """Several combinations, each by itself; all arrays (m,)."""

    weights: FloatArray
    estimate: FloatArray
    se: FloatArray
    df: FloatArray
    null: FloatArray
    t: FloatArray
    p: FloatArray
    lower: FloatArray
    upper: FloatArray
    level: float
    method: str

    def __len__(self) -> int:
        return len(self.estimate)

    def __getitem__(self, k: int) -> Contrast:
        at = range(len(self))[k]
        one = (self.estimate, self.se, self.df, self.null, self.t, self.p)
        estimate, se, df, null, t, p = (float(a[at]) for a in one)
        ends = float(self.lower[at]), float(self.upper[at])
        return Contrast(self.weights[at], estimate, se, df, null, t, p, ends, self.level, self.method)


@dataclass(frozen=True, eq=False)
class JointTest:
    """A test of several combinations at once.

    Attributes
    ----------
    matrix
        (m, p) the combinations.
    null
        (m,) the values they are tested against.
    f
        The F statistic, scaled under Kenward-Roger; for Wald χ² over ``num_df``.
    num_df
        How many of the combinations say something of their own: the rank of ``matrix``.
    den_df
        Denominator degrees of freedom; infinite for Wald.
    p
        The p-value of ``f``, for Wald that of χ².
    scale
        Kenward and Roger's scale factor, else 1.
    method
        ``"satterthwaite"``, ``"kenward-roger"`` or ``"wald"``.
    """

    matrix: FloatArray
    null: FloatArray
    f: float
    num_df: int
    den_df: float
    p: float
    scale: float
    method: str

    @property
    def chi2(self) -> float:
        """F times its numerator degrees of freedom, which Wald's test compares with χ²."""
        return self.f * self.num_df


def contrast(
    fit: Fit,
    weights: Weights,
    method: str | Approximation = "satterthwaite",
    level: float = 0.95,
    null: float = 0.0,
) -> Contrast:
    """Estimate and test one linear combination of the fixed effects.

    Parameters
    ----------
    fit
        The fitted model.
    weights
        (p,) in model-matrix order, or by the names of the fixed effects.
    method
        As in :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    level
        Confidence level of the interval.
    null
        The value tested against.

    Raises
    ------
    ModelError
        ``unknown_effect``, ``not_estimable``, ``wrong_length``, ``not_finite``, ``wrong_level``.
    FitError
        Those of :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    """
    return contrasts(fit, [weights], method, level, null)[0]


def contrasts(
    fit: Fit,
    rows: Sequence[Weights] | FloatArray,
    method: str | Approximation = "satterthwaite",
    level: float = 0.95,
    null: ArrayLike = 0.0,
) -> Contrasts:
    """As :func:`contrast`, for several combinations, each by itself."""
    matrix = combinations(fit, rows)
    return estimates(matrix, matrix @ fit.beta, approximation(fit, method), level, null)


def estimates(
    matrix: FloatArray, values: FloatArray, by: Approximation, level: float, null: ArrayLike = 0.0
) -> Contrasts:
    """t, p and intervals of combinations (m, p) that are estimated as ``values`` (m,)."""
    from scipy.special import stdtr, stdtrit

    if not 0.0 < level < 1.0:
        raise ModelError(
            "wrong_level",
            f"A confidence level lies between 0 and 1, as 0.95; {level:g} does not.",
            Where("fit"),
        )
    against = np.broadcast_to(np.asarray(null, dtype=np.float64), values.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(np.einsum("mi,ij,mj->m", matrix, by.vcov, matrix))
        df = np.where(se > 0.0, by.df(matrix), np.nan)
        t = (values - against) / se
        p = 2.0 * stdtr(df, -np.abs(t))
        half = np.where(se > 0.0, stdtrit(df, 0.5 + level / 2.0) * se, np.nan)
    return Contrasts(matrix, values, se, df, against, t, p, values - half, values + half, level, by.method)


def joint_test(
    fit: Fit,
    matrix: Sequence[Weights] | FloatArray,
    method: str | Approximation = "satterthwaite",
    null: ArrayLike = 0.0,
) -> JointTest:
    """Test that several linear combinations of the fixed effects all have the values ``null``.

    Parameters
    ----------
    fit
        The fitted model.
    matrix
        (m, p), or m combinations as :func:`contrast` takes them. Combinations that follow from others
        add nothing.
    method
        As in :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
        ``"satterthwaite"`` judges F by Fai and Cornelius's df as lmerTest does, ``"kenward-roger"`` a
        scaled F as pbkrtest's ``KRmodcomp``, ``"wald"`` χ².
    null
        One value, or one for each combination.

    Raises
    ------
    ModelError
        ``unknown_effect``, ``not_estimable``, ``wrong_length``, ``not_finite``; ``nothing_to_test`` where
        every weight is 0; ``contradiction`` where no fixed effects could have all these values.
    FitError
        Those of :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    """
    rows = combinations(fit, matrix)
    against = np.broadcast_to(np.asarray(null, dtype=np.float64), (len(rows),))
    if not rows.any():
        raise ModelError(
            "nothing_to_test", "Every weight is 0, so there is nothing to test; give a weight.", Where("fit")
        )
    implied = rows @ (np.linalg.pinv(rows) @ against)
    if np.abs(implied - against).max() > _CONSISTENT * max(1.0, float(np.abs(against).max())):
        raise ModelError(
            "contradiction",
            "The values tested against contradict each other: no fixed effects could have them all; check "
            "them.",
            Where("fit"),
        )
    return tested(rows, against, rows @ fit.beta - against, approximation(fit, method))


def tested(matrix: FloatArray, null: FloatArray, values: FloatArray, by: Approximation) -> JointTest:
    """The test of combinations (m, p) that are estimated as ``values`` above ``null``."""
    from scipy.special import chdtrc, fdtrc

    found = by.quotient(matrix, values)
    if np.isinf(found.den_df):
        p = float(chdtrc(found.num_df, found.f * found.num_df))
    else:
        p = float(fdtrc(found.num_df, found.den_df, found.f))
    return JointTest(matrix, null, found.f, found.num_df, found.den_df, p, found.scale, by.method)


def combinations(fit: Fit, rows: Sequence[Weights] | FloatArray) -> FloatArray:
    """(m, p) combinations of the fixed effects from arrays or from weights by name."""
    given = [_row(fit, row) for row in rows]
    if not given:
        raise ModelError(
            "nothing_to_test", "No combination of fixed effects is given; give one.", Where("fit")
        )
    return np.array(given)


def _row(fit: Fit, weights: Weights) -> FloatArray:
    names = fit.design.fixed_names
    if isinstance(weights, Mapping):
        out = np.zeros(len(names))
        for name, weight in weights.items():
            out[_position(fit, name)] = weight
    else:
        out = np.asarray(weights, dtype=np.float64)
    if out.shape != (len(names),):
        raise ModelError(
            "wrong_length",
            f"A combination needs one weight for each of the {len(names)} fixed effects "
            f"({', '.join(names[:6])}{', …' if len(names) > 6 else ''}); this one has {out.size}.",
            Where("fit"),
        )
    if not np.isfinite(out).all():
        raise ModelError("not_finite", "A weight is not finite; give numbers.", Where("fit"))
    return out


def _position(fit: Fit, name: str) -> int:
    design = fit.design
    if name in design.fixed_names:
        return design.fixed_names.index(name)
    if name in design.dropped_columns:
        raise ModelError(
            "not_estimable",
            f"{name} was left out of the model because it depends linearly on the other fixed effects, so "
            "this combination cannot be estimated; leave it out.",
            Where("term", name),
        )
    known = ", ".join(design.fixed_names[:8]) + (", …" if len(design.fixed_names) > 8 else "")
    raise ModelError(
        "unknown_effect",
        f"The model has no fixed effect “{name}”; its fixed effects are {known}.",
        Where("term", name),
    )
