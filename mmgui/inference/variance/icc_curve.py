"""How much groups differ where a predictor has a given value: with random slopes a curve, no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.assemble import labelled_column, make_table, number_column
from mmgui.data.table import Column, Table
from mmgui.engine.design import Design
from mmgui.engine.recipe import Recipe, slope_columns
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.variance.shares import variance_shares

FloatArray = NDArray[np.float64]

_POINTS = 101
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class IccCurve:
    """Variance between groups, and ICC, along a predictor.

    Attributes
    ----------
    grouping, variable
        What the groups are, and the predictor.
    at
        (k,) its values; for a factor 0 … k - 1.
    labels
        Its levels, for a factor; else empty.
    variance
        (k,) variance between the groups, zΣzᵀ of all terms of this grouping factor.
    terms
        (t, k) variance of each random-effects term of the model.
    residual
        The residual variance.
    icc
        (k,) ``variance`` over the sum of all terms and the residual.
    lowest_at, lowest
        Where the groups differ least, and their variance there; NaN where the variance is constant or the
        predictor a factor. Of effects that are linear in the predictor it is the minimum over all its
        values, in the data or not; else that of the values in the data.
    lowest_in_data
        Whether that is a value between those in the data.
    """

    grouping: str
    variable: str
    at: FloatArray
    labels: tuple[str, ...]
    variance: FloatArray
    terms: FloatArray
    residual: float
    icc: FloatArray
    lowest_at: float
    lowest: float
    lowest_in_data: bool


def icc_curve(
    fit: Fit,
    term: int,
    variable: str,
    at: Sequence[float] | Sequence[str] | FloatArray | None = None,
    others: Mapping[str, float | str] | None = None,
) -> IccCurve:
    """The variance between groups as a function of a predictor that its slopes read.

    Parameters
    ----------
    fit
        The fitted model.
    term
        Position of the random-effects term.
    variable
        A column that the term's effects read.
    at
        Values, or levels of a factor; by default 101 from the smallest to the largest in the data, or all
        levels.
    others
        Values of other columns that the random effects read; by default the means of numbers and the
        first levels of factors.

    Raises
    ------
    ModelError
        ``no_such_term``, ``not_in_term``, ``no_recipe``, ``no_values``, and what ``Recipe.random`` raises
        on such values.

    References
    ----------
    Goldstein, H., Browne, W. & Rasbash, J. (2002). Partitioning variation in multilevel models.
    Understanding Statistics 1, 223-231.
    """
    recipe = _recipe(fit.design, term, variable)
    if at is not None and not len(at):
        raise ModelError("no_values", f"Give values of {variable} to evaluate the curve at.", Where("term"))
    labels = _labels(recipe, variable, at)
    values = np.arange(float(len(labels))) if labels else _numbers(recipe, variable, at)
    rows = _Rows(fit, recipe, variable, dict(others or {}))
    terms = rows.variances(labels or values)
    grouping = fit.design.random[term].grouping
    own = np.array([r.grouping == grouping for r in fit.design.random])
    between = terms[own].sum(axis=0)
    residual = float(variance_shares(fit).residual_variance)
    total = terms.sum(axis=0) + residual
    icc = np.divide(between, total, out=np.zeros_like(between), where=total > 0.0)
    lowest = (np.nan, np.nan, False) if labels else _lowest(rows, own, recipe.numbers[variable])
    return IccCurve(grouping, variable, values, labels, between, terms, residual, icc, *lowest)


def effect_columns(
    fit: Fit, term: int, variable: str, at: FloatArray | tuple[str, ...]
) -> tuple[FloatArray, ...]:
    """(k, s) effect columns of each random-effects term in rows that differ in one predictor alone.

    With them the curve follows another Σ at the cost of a product: the variance of term t at row z is
    zΣ_t zᵀ. The other columns are at their means and first levels, as in :func:`icc_curve`.

    Raises
    ------
    ModelError
        As :func:`icc_curve`.
    """
    recipe = _recipe(fit.design, term, variable)
    return tuple(_Rows(fit, recipe, variable, {}).columns(at))


def _labels(
    recipe: Recipe, variable: str, at: Sequence[float] | Sequence[str] | FloatArray | None
) -> tuple[str, ...]:
    """The levels to evaluate a factor at; empty for a number."""
    if variable in recipe.numbers:
        return ()
    return recipe.factors[variable] if at is None else tuple(str(a) for a in at)


def _recipe(design: Design, term: int, variable: str) -> Recipe:
    if not 0 <= term < len(design.random):
        raise ModelError(
            "no_such_term", f"The model has no random-effects term number {term + 1}.", Where("term")
        )
    if design.recipe is None:
        raise ModelError(
            "no_recipe",
            "The model was fitted to ready-made matrices, so its columns cannot be made for other values; "
            "fit it to a table.",
            Where("fit"),
        )
    if variable not in slope_columns(design.spec.random[term]):
        grouping = design.random[term].grouping
        raise ModelError(
            "not_in_term",
            f"No effect that varies over {grouping} depends on {variable}, so the groups differ equally at "
            "all its values; choose a column of the term's slopes.",
            Where("term", grouping),
        )
    return design.recipe


def _numbers(
    recipe: Recipe, variable: str, at: Sequence[float] | Sequence[str] | FloatArray | None
) -> FloatArray:
    if at is None:
        _, low, high = recipe.numbers[variable]
        return np.linspace(low, high, _POINTS)
    try:
        return np.array([float(a) for a in at], dtype=np.float64)
    except ValueError as problem:
        raise ModelError(
            "labels_for_numbers",
            f"{variable} is a number in this model; give numbers to evaluate the curve at.",
            Where("column", variable),
        ) from problem


class _Rows:
    """Variances of the random-effects terms in made-up rows in which one predictor differs."""

    def __init__(self, fit: Fit, recipe: Recipe, variable: str, others: dict[str, float | str]) -> None:
        self._fit, self._recipe, self._variable, self._others = fit, recipe, variable, others

    def variances(self, at: FloatArray | tuple[str, ...]) -> FloatArray:
        """(t, k) zΣzᵀ of each term."""
        columns = self.columns(at)
        parts = [
            np.einsum("ks,ks->k", z @ t.covariance, z) for z, t in zip(columns, self._fit.terms, strict=True)
        ]
        return np.array(parts)

    def columns(self, at: FloatArray | tuple[str, ...]) -> list[FloatArray]:
        """(k, s) effect columns of each term."""
        table = self._table(at)
        return [self._recipe.random(k, table)[0] for k in range(len(self._fit.terms))]

    def _table(self, at: FloatArray | tuple[str, ...]) -> Table:
        count = len(at)
        spec = self._recipe.spec
        read = [name for term in spec.random for name in slope_columns(term)]
        grouped = [name for term in spec.random for name in term.grouping.columns]
        made: list[Column] = []
        for name in dict.fromkeys([*read, *grouped]):
            if name == self._variable:
                made.append(_column(name, at))
            elif name in read:
                made.append(_column(name, self._typical(name, count)))
            else:
                # Which group it is does not matter: the effects' columns are the same in all.
                made.append(labelled_column(name, np.zeros(count, dtype=np.int32), ("any",), None))
        return make_table("values", made)

    def _typical(self, name: str, count: int) -> FloatArray | tuple[str, ...]:
        given = self._others.get(name)
        if name in self._recipe.numbers:
            value = self._recipe.numbers[name][0] if given is None else float(given)
            return np.full(count, value)
        return (self._recipe.factors[name][0] if given is None else str(given),) * count


def _column(name: str, values: FloatArray | tuple[str, ...]) -> Column:
    if not isinstance(values, tuple):
        return number_column(name, values)
    levels = tuple(dict.fromkeys(values))
    codes = np.array([levels.index(v) for v in values], dtype=np.int32)
    return labelled_column(name, codes, levels, None)


def _lowest(
    rows: _Rows, own: NDArray[np.bool_], numbers: tuple[float, float, float]
) -> tuple[float, float, bool]:
    """Where the variance between groups is smallest, how small, and whether that is in the data's range."""
    from scipy.optimize import minimize_scalar

    _, low, high = numbers
    grid = np.linspace(low, high, _POINTS)
    columns = rows.columns(grid)
    variance = rows.variances(grid)[own].sum(axis=0)
    span = float(np.ptp(variance))
    if not high > low or span <= _SAME * float(variance.max(initial=0.0)):
        return np.nan, np.nan, False

    def at(x: float) -> float:
        return float(rows.variances(np.array([x]))[own].sum())

    if all(_linear(z) for z, mine in zip(columns, own, strict=True) if mine):
        # The variance is a parabola through any three of its points.
        middle, half = 0.5 * (low + high), 0.5 * (high - low)
        left, centre, right = variance[0], variance[_POINTS // 2], variance[-1]
        bend = 0.5 * (left + right) - centre
        if bend <= _SAME * float(variance.max()):
            place = low if left < right else high
        else:
            place = middle - half * (right - left) / (4.0 * bend)
    else:
        best = int(np.argmin(variance))
        bounds = (grid[max(best - 1, 0)], grid[min(best + 1, _POINTS - 1)])
        place = float(minimize_scalar(at, bounds=bounds, method="bounded", options={"xatol": 1e-9}).x)
        place = min((place, float(grid[best])), key=at)
    slack = _SAME * (high - low)
    return float(place), at(float(place)), bool(low - slack <= place <= high + slack)


def _linear(z: FloatArray) -> bool:
    """Whether equally spaced values of the predictor give equally spaced effect columns."""
    bend = np.abs(np.diff(z, 2, axis=0)).max(axis=0, initial=0.0)
    return bool((bend <= _SAME * np.abs(z).max(axis=0, initial=1e-300)).all())
