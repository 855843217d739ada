"""Where the zero of a variable stands: what that makes of intercept and slope, and of the fit.

With x - c in the place of x a group's intercept is the height of its line at c, b₀ + c b₁. So
Σ_c = T Σ Tᵀ with T = [[1, c], [0, 1]]: the slope's variance stays, the intercept's is
σ₀₀ + 2 c σ₀₁ + c² σ₁₁, smallest where c = -σ₀₁ / σ₁₁, and there the two are uncorrelated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.spec.expression import Name
from mmgui.spec.terms import INTERCEPT_NAME, Covariance, Term

FloatArray = NDArray[np.float64]

_ROUNDING = 1e-14
_IN_SPAN = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class OriginSlope:
    """A random slope of a numeric column, and the effect that is its intercept.

    Attributes
    ----------
    column
        The numeric column.
    values
        (n,) its values in the rows used.
    slope
        (term, effect) of the slope.
    level
        (term, effect) of what the slope starts from, ``(Intercept)`` for a plain slope; None where the
        groups have no such effect: their lines all meet at zero.
    """

    column: str
    values: FloatArray
    slope: tuple[int, int]
    level: tuple[int, int] | None

    @property
    def together(self) -> bool:
        """Whether both are effects of one term."""
        return self.level is not None and self.level[0] == self.slope[0]


def origin_slopes(design: Design) -> tuple[OriginSlope, ...]:
    """The slopes whose zero can be moved, term by term; those of a polynomial or the like cannot."""
    return tuple(
        found
        for k in range(len(design.random))
        for x in _quantities(design, k)
        for found in _slopes(design, k, x)
    )


def pair_covariance(fit: Fit, slope: OriginSlope) -> FloatArray:
    """(2, 2) covariance of intercept and slope at zero; nothing for an intercept that is not there."""
    (k, j), level = slope.slope, slope.level
    out = np.zeros((2, 2))
    out[1, 1] = fit.terms[k].covariance[j, j]
    if level is not None:
        out[0, 0] = fit.terms[level[0]].covariance[level[1], level[1]]
        if slope.together:
            out[0, 1] = out[1, 0] = fit.terms[k].covariance[level[1], j]
    return out


def pair_modes(fit: Fit, slope: OriginSlope) -> FloatArray:
    """(L, 2) conditional modes of intercept and slope at zero."""
    (k, j), level = slope.slope, slope.level
    steep = fit.terms[k].modes[:, j]
    high = np.zeros_like(steep) if level is None else fit.terms[level[0]].modes[:, level[1]]
    return np.column_stack([high, steep])


def covariance_at(covariance: FloatArray, origin: float) -> FloatArray:
    """(2, 2) T Σ Tᵀ: intercept and slope with zero at ``origin``."""
    shift = np.array([[1.0, origin], [0.0, 1.0]])
    out = np.asarray(shift @ covariance @ shift.T)
    if _vanishes(covariance, np.array(origin)):
        # What rounding leaves is no variance.
        out[0] = out[:, 0] = 0.0
    return out


def correlation_along(covariance: FloatArray, origins: FloatArray) -> FloatArray:
    """(m,) correlation of intercept and slope at each origin; NaN where one of the two does not vary."""
    s01, s11 = covariance[0, 1], covariance[1, 1]
    size = np.sqrt(np.maximum(variance_along(covariance, origins), 0.0)) * np.sqrt(s11)
    known = (size > 0.0) & ~_vanishes(covariance, origins)
    out = np.full(np.shape(origins), np.nan)
    np.divide(s01 + origins * s11, size, out=out, where=known)
    return np.asarray(np.clip(out, -1.0, 1.0))


def _vanishes(covariance: FloatArray, origins: FloatArray) -> NDArray[np.bool_]:
    """Where the lines do not vary, but for rounding; intercept and slope may be in any units."""
    largest = covariance[0, 0] + origins**2 * covariance[1, 1]
    return np.asarray(variance_along(covariance, origins) <= _ROUNDING * largest)


def variance_along(covariance: FloatArray, origins: FloatArray) -> FloatArray:
    """(m,) variance of the lines at each origin."""
    s00, s01, s11 = covariance[0, 0], covariance[0, 1], covariance[1, 1]
    return np.asarray(s00 + 2.0 * origins * s01 + origins**2 * s11)


def narrowest(covariance: FloatArray) -> float:
    """Where the lines vary least and ρ is 0; NaN where the slopes do not vary."""
    return float(-covariance[0, 1] / covariance[1, 1]) if covariance[1, 1] > 0.0 else float("nan")


def shifted(design: Design, slope: OriginSlope, origin: float) -> Design:
    """The design with x - ``origin`` in the place of x, in fixed and random effects alike.

    Products of x with other columns follow where the other column is in the model by itself; functions of
    x, such as its square, stay as they are. The design has no recipe: its columns are no longer what the
    formula makes.
    """
    x = _shifted_columns(design.x, design.fixed_names, design, slope, origin)
    random = tuple(
        replace(r, columns=_shifted_columns(r.columns, r.effects, design, slope, origin))
        for r in design.random
    )
    return replace(design, x=x, random=random, recipe=None)


def correlated(design: Design, slope: OriginSlope) -> Design | None:
    """The design with intercept and slope free to correlate; None where there is no intercept."""
    (k, _), level = slope.slope, slope.level
    if level is None:
        return None
    if slope.together:
        whole = (tuple(range(len(design.random[k].effects))),)
        joined = replace(design.random[k], blocks=whole, structure=Covariance.UNSTRUCTURED)
        return _with_term(design, k, joined)
    first, second = design.random[level[0]], design.random[k]
    effects = (*first.effects, *second.effects)
    joined = replace(
        first,
        effects=effects,
        columns=np.hstack([first.columns, second.columns]),
        blocks=(tuple(range(len(effects))),),
        structure=Covariance.UNSTRUCTURED,
    )
    rest = tuple(joined if t == level[0] else r for t, r in enumerate(design.random) if t != k)
    return replace(design, random=rest)


def uncorrelated(design: Design, slope: OriginSlope) -> Design | None:
    """The design with the slope in a block of its own; None where a patterned term has no such blocks."""
    k, j = slope.slope
    term = design.random[k]
    if term.pattern is not None:
        return None
    blocks = [tuple(i for i in b if i != j) for b in term.blocks]
    apart = sorted((b for b in (*blocks, (j,)) if b), key=lambda b: b[0])
    # Blocks are runs of effects: of a slope in the middle the others are told apart too.
    if any(b != tuple(range(b[0], b[-1] + 1)) for b in apart):
        apart = [(i,) for i in range(len(term.effects))]
    return _with_term(design, k, replace(term, blocks=tuple(apart), structure=Covariance.DIAGONAL))


def another_model(design: Design, slope: OriginSlope) -> str:
    """Why the fit changes with the zero although ρ is free: ``"fixed"``, ``"random"``; empty if it does not.

    The fixed effects with x - c must be combinations of those with x, and every other random slope of x must
    be as free as this one.
    """
    if not slope.together:
        return "random"
    moved = shifted(design, slope, float(slope.values.mean() + np.ptp(slope.values)))
    if design.x.shape[1]:
        size = np.linalg.norm(design.x, axis=0)
        basis = np.linalg.qr(design.x / size)[0]
        change = moved.x - design.x
        left = change - basis @ (basis.T @ change)
        if np.any(np.linalg.norm(left, axis=0) > _IN_SPAN * np.linalg.norm(moved.x, axis=0)):
            return "fixed"
    for other in origin_slopes(design):
        if other.column == slope.column and not is_free(design, other):
            return "random"
    return ""


def is_free(design: Design, slope: OriginSlope) -> bool:
    """Whether the correlation of intercept and slope is a parameter of its own."""
    (k, j), level = slope.slope, slope.level
    term = design.random[k]
    if level is None or not slope.together:
        return False
    if term.pattern is not None:
        return term.pattern.correlated and not term.pattern.homogeneous and term.pattern.size == 2
    return any({level[1], j} <= set(b) for b in term.blocks)


def criterion_at(design: Design, slope: OriginSlope, origin: float) -> float:
    """The criterion of a model refitted with the zero of x at ``origin``.

    Raises
    ------
    FitError
        As ``mmgui.engine.fit.fit_design``.
    """
    return fit_design(shifted(design, slope, origin)).objective


def _with_term(design: Design, k: int, term: RandomDesign) -> Design:
    return replace(design, random=tuple(term if t == k else r for t, r in enumerate(design.random)))


def _quantities(design: Design, k: int) -> Iterator[tuple[str, FloatArray]]:
    """Columns of numbers that are slopes of a term as they are, alone or in products."""
    names: dict[str, None] = {}
    for term in design.spec.random[k].slopes:
        for factor in term.factors:
            if isinstance(factor, Name) and factor.name not in design.labelled:
                names.setdefault(factor.name)
    for name in names:
        values = _values(design, name)
        if values is not None and np.ptp(values) > 0.0:
            yield name, values


def _values(design: Design, name: str) -> FloatArray | None:
    """A numeric column's values, where it is an effect by itself."""
    for names, columns in _all_columns(design):
        if name in names:
            return columns[:, names.index(name)]
    return None


def _all_columns(design: Design) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
    yield design.fixed_names, design.x
    for random in design.random:
        yield random.effects, random.columns


def _slopes(design: Design, k: int, x: tuple[str, FloatArray]) -> Iterator[OriginSlope]:
    name, values = x
    term = design.random[k]
    for j, effect in enumerate(term.effects):
        rest = _without(effect, name)
        if rest is None or _bent_with(design.spec.random[k].slopes, name):
            continue
        level = _find(design, k, rest)
        if level is None and effect != name:
            continue
        start = np.ones(design.nobs) if level is None else design.random[level[0]].columns[:, level[1]]
        if np.allclose(term.columns[:, j], values * start, rtol=1e-9, atol=1e-12):
            yield OriginSlope(name, values, (k, j), level)


def _bent_with(slopes: tuple[Term, ...], name: str) -> bool:
    """Whether a function of the column is a slope too: then a line is not all that it does."""
    return any(
        name in set(term.columns()) and not any(isinstance(f, Name) and f.name == name for f in term.factors)
        for term in slopes
    )


def _without(effect: str, name: str) -> str | None:
    """What an effect is a product of the column with: ``(Intercept)`` for the column alone."""
    parts = effect.split(":")
    if name not in parts:
        return None
    parts.remove(name)
    return ":".join(parts) or INTERCEPT_NAME


def _find(design: Design, k: int, effect: str) -> tuple[int, int] | None:
    """An effect of the same groups, in this term before others."""
    grouping = design.random[k].grouping
    for t in (k, *(t for t in range(len(design.random)) if t != k)):
        random = design.random[t]
        if random.grouping == grouping and effect in random.effects:
            return t, random.effects.index(effect)
    return None


def _shifted_columns(
    columns: FloatArray, names: tuple[str, ...], design: Design, slope: OriginSlope, origin: float
) -> FloatArray:
    out = columns.copy()
    for j, effect in enumerate(names):
        rest = _without(effect, slope.column)
        if rest is None:
            continue
        start = np.ones(design.nobs) if rest == INTERCEPT_NAME else _values(design, rest)
        if start is not None and np.allclose(columns[:, j], slope.values * start, rtol=1e-9, atol=1e-12):
            out[:, j] = columns[:, j] - origin * start
    return out
