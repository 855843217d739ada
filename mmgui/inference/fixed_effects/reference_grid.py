"""The reference grid: every combination of the levels of the fixed factors, quantities held at values.

What a model says of it are linear functions of the fixed effects; means, slopes and contrasts are
combinations of these. A function is estimable only where the columns left out of a rank-deficient X are
what they were of the others in the rows fitted; by how much they differ is the function's gap.

References
----------
Searle, S. R., Speed, F. M. & Milliken, G. A. (1980). Population marginal means in the linear model. The
American Statistician 34, 216-221; Lenth, R. V., R package emmeans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.assemble import make_table, number_column
from mmgui.data.table import Column, Kind, Table
from mmgui.engine.design import Design
from mmgui.engine.recipe import Recipe
from mmgui.errors import FitError, ModelError, Where
from mmgui.spec.expression import columns_of

FloatArray = NDArray[np.float64]

Values = tuple[str, ...] | tuple[float, ...]

MOST_NUMBERS = 30_000_000
_GAP = 1e-6
_STEP = 1e-3
_ROUNDING = 1e-14


def recipe_of(design: Design) -> Recipe:
    """The recipe of a design's columns.

    Raises
    ------
    FitError
        ``no_recipe`` for a design that was put together by hand.
    """
    if design.recipe is None:
        raise FitError(
            "no_recipe",
            "This model does not remember how its columns are made, so they cannot be made anew; fit it "
            "from its formula and table.",
        )
    return design.recipe


def fixed_columns(recipe: Recipe) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The table's columns that fixed effects and offset read: those entering as labels, and the quantities.

    A column that enters as both is one of labels here.
    """
    names = dict.fromkeys(name for term in recipe.spec.fixed for name in term.columns())
    names.update(dict.fromkeys(name for offset in recipe.spec.offset for name in columns_of(offset)))
    labels = tuple(name for name in names if name in recipe.factors)
    return labels, tuple(name for name in names if name not in recipe.factors)


def made_rows(
    recipe: Recipe, codes: Mapping[str, NDArray[np.intp]], numbers: Mapping[str, FloatArray], count: int
) -> Table:
    """A table with the columns that the fixed effects and the offset read.

    Parameters
    ----------
    recipe
        Of the model.
    codes
        For some of the columns of labels, (count,) positions among the levels used; the others have
        their first level.
    numbers
        For some of the quantities, (count,) values; the others have their mean.
    count
        Number of rows.
    """
    labels, quantities = fixed_columns(recipe)
    columns: list[Column] = []
    for name in labels:
        own = np.asarray(codes.get(name, np.zeros(count)), dtype=np.int32)
        levels = recipe.factors[name]
        if name in recipe.numbers:
            columns.append(number_column(name, np.array([float(level) for level in levels])[own]))
        else:
            columns.append(Column(name, Kind.CATEGORY, None, own, levels))
    for name in quantities:
        held = recipe.numbers[name][0]
        columns.append(number_column(name, np.asarray(numbers.get(name, np.full(count, held)))))
    return make_table("reference grid", columns)


@dataclass(frozen=True, eq=False)
class Functions:
    """Linear functions of the fixed effects.

    Attributes
    ----------
    rows
        (m, p) weights of the fixed effects.
    constant
        (m,) what the offset adds.
    gaps
        (m, d) by how much the columns left out of X differ from what makes the function estimable, in
        units of their largest entries.
    """

    rows: FloatArray
    constant: FloatArray
    gaps: FloatArray

    def combined(self, weights: FloatArray) -> Functions:
        """(k,) combinations of them by weights (k, m)."""
        return Functions(weights @ self.rows, weights @ self.constant, weights @ self.gaps)

    def part(self, which: NDArray[np.intp]) -> Functions:
        """Some of them."""
        return Functions(self.rows[which], self.constant[which], self.gaps[which])

    def within(self, groups: int, weights: FloatArray) -> Functions:
        """(groups · k,) combinations by weights (k, m) within each of so many runs of m functions."""

        def combined(values: FloatArray, width: int) -> FloatArray:
            cells = values.reshape(groups, weights.shape[1], width)
            out: FloatArray = (weights @ cells).reshape(groups * len(weights), width)
            return out

        return Functions(
            combined(self.rows, self.rows.shape[1]),
            combined(self.constant, 1)[:, 0],
            combined(self.gaps, self.gaps.shape[1]),
        )

    def known(self) -> Functions:
        """As many independent combinations as are estimable; all of them where each is."""
        if self.estimable.all():
            return self
        left, values, _ = np.linalg.svd(self.gaps)
        return self.combined(left[:, int(np.sum(values > _GAP)) :].T)

    def averaged(self, shape: tuple[int, ...], order: list[int], share: FloatArray) -> Functions:
        """(k,) averages over some of the axes of a grid.

        Parameters
        ----------
        shape
            Of the grid whose cells these functions are.
        order
            Its axes, those kept before those averaged over.
        share
            (k, r) the weights of the r cells averaged over in each of the k.
        """

        def average(values: FloatArray) -> FloatArray:
            cells = values.reshape(*shape, values.shape[1]).transpose(*order, len(shape))
            out: FloatArray = np.einsum("kr,krp->kp", share, cells.reshape(*share.shape, values.shape[1]))
            return out

        constant = average(self.constant[:, None])[:, 0]
        return Functions(average(self.rows), constant, average(self.gaps))

    @property
    def estimable(self) -> NDArray[np.bool_]:
        """(m,) whether the rows fitted say anything about each."""
        largest: FloatArray = np.abs(self.gaps).max(axis=1, initial=0.0)
        return largest < _GAP


@dataclass(frozen=True, eq=False)
class ReferenceGrid:
    """The combinations of values of some columns.

    Attributes
    ----------
    design
        Of the model.
    axes
        The values of each column of labels, and of each quantity that has several.
    held
        The one value of every other quantity.
    """

    design: Design
    axes: dict[str, Values]
    held: dict[str, float]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values of each axis."""
        return tuple(len(values) for values in self.axes.values())

    def functions(self, moved: str | None = None, by: float = 0.0) -> Functions:
        """The model's prediction for each combination, the last axis fastest; ``moved`` shifted by ``by``."""
        recipe = recipe_of(self.design)
        count = int(np.prod(self.shape))
        self._check_size(count)
        places = np.indices(self.shape).reshape(len(self.shape), count)
        codes: dict[str, NDArray[np.intp]] = {}
        numbers = {name: np.full(count, value) for name, value in self.held.items()}
        for (name, values), place in zip(self.axes.items(), places, strict=True):
            if name in recipe.factors:
                codes[name] = np.array([recipe.factors[name].index(str(v)) for v in values])[place]
            else:
                numbers[name] = np.array(values, dtype=np.float64)[place]
        if moved is not None:
            numbers[moved] = numbers[moved] + by
        table = made_rows(recipe, codes, numbers, count)
        rows = recipe.fixed(table)
        gaps = np.zeros((count, 0))
        if self.design.aliases is not None:
            dropped = recipe.fixed_dropped(table)
            size = np.abs(rows) @ np.abs(self.design.aliases) + np.abs(dropped)
            largest = np.maximum(size.max(axis=0, initial=0.0), np.finfo(float).tiny)
            gaps = (dropped - rows @ self.design.aliases) / largest
        return Functions(rows, recipe.offset(table), gaps)

    def slopes(self, variable: str) -> Functions:
        """The derivative of the prediction in a quantity, for each combination.

        By central differences at two steps, extrapolated: exact for polynomials up to the fourth degree.
        """
        _, least, most = recipe_of(self.design).numbers[variable]
        step = _STEP * (most - least)
        try:
            return self._slopes(variable, step)
        except ModelError:
            # Past the end of what a transformation takes, as log(x) near 0: stay on the same side of it.
            at = [abs(v) for v in (*self.axes.get(variable, ()), self.held.get(variable, np.inf)) if v]
            closer = _STEP * min(float(v) for v in at)
            if not 0.0 < closer < step:
                raise
            return self._slopes(variable, closer)

    def _slopes(self, variable: str, step: float) -> Functions:
        parts = [self.functions(variable, by) for by in (-step, -step / 2, step / 2, step)]
        weights = np.array([1.0, -8.0, 8.0, -1.0]) / (6.0 * step)

        def slope(values: list[FloatArray]) -> FloatArray:
            out = np.tensordot(weights, np.array(values), axes=1)
            # A column that the quantity does not enter has rounding only.
            out[np.abs(out) * step < _ROUNDING * np.abs(values[0])] = 0.0
            return np.asarray(out)

        # A slope's gap is told in units of the prediction over the range of the quantity.
        gaps = slope([f.gaps for f in parts]) * step
        return Functions(slope([f.rows for f in parts]), slope([f.constant for f in parts]), gaps)

    def _check_size(self, count: int) -> None:
        numbers = count * (len(self.design.fixed_names) + len(self.design.dropped_columns))
        if numbers > MOST_NUMBERS:
            raise ModelError(
                "too_large",
                f"The levels of {', '.join(self.axes)} make {count:,} combinations, and their columns "
                f"{numbers:,} numbers (at most {MOST_NUMBERS:,}); hold some of them at one level.",
                Where("column", ", ".join(self.axes)),
            )


def reference_grid(
    design: Design, at: Mapping[str, str | float | Sequence[str] | Sequence[float]] | None = None
) -> ReferenceGrid:
    """The grid of a design: all levels of its fixed factors, its quantities at their means unless ``at``.

    Parameters
    ----------
    design
        The design of a fit.
    at
        For some columns the value or values instead: numbers of a quantity, levels of a factor.

    Raises
    ------
    ModelError
        ``unknown_column``, ``unknown_level``, ``not_a_number``.
    FitError
        ``no_recipe``.
    """
    recipe = recipe_of(design)
    labels, quantities = fixed_columns(recipe)
    given = {name: _sequence(value) for name, value in (at or {}).items()}
    for name in given:
        check_column(recipe, name)
    axes: dict[str, Values] = {
        name: _levels(recipe, name, given[name]) if name in given else recipe.factors[name] for name in labels
    }
    held: dict[str, float] = {}
    for name in quantities:
        values = _numbers(name, given[name]) if name in given else (recipe.numbers[name][0],)
        if len(values) == 1:
            held[name] = values[0]
        else:
            axes[name] = values
    return ReferenceGrid(design, axes, held)


def check_column(recipe: Recipe, name: str) -> None:
    """Raise ``unknown_column`` for a column that the fixed effects do not read."""
    labels, quantities = fixed_columns(recipe)
    if name not in labels and name not in quantities:
        known = ", ".join((*labels, *quantities)) or "none"
        raise ModelError(
            "unknown_column",
            f"The fixed effects do not have {name or '“”'}; the columns they read are {known}.",
            Where("column", name),
        )


def unknown_level(recipe: Recipe, name: str, level: str, where: Where | None = None) -> ModelError:
    """The error for a level that a factor does not have in the rows fitted."""
    levels = recipe.factors[name]
    quoted = (f"“{one}”" if "," in one else one for one in levels[:8])
    known = ", ".join(quoted) + (", …" if len(levels) > 8 else "")
    return ModelError(
        "unknown_level",
        f"{name} has no level “{level}” in the rows fitted; its levels are {known}.",
        where or Where("column", name),
    )


def _levels(recipe: Recipe, name: str, values: tuple[object, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(f"{v:.15g}" if isinstance(v, float) else str(v) for v in values))
    for level in found:
        if level not in recipe.factors[name]:
            raise unknown_level(recipe, name, level)
    return found


def _numbers(name: str, values: tuple[object, ...]) -> tuple[float, ...]:
    try:
        found = tuple(float(v) for v in values)  # type: ignore[arg-type]
    except (TypeError, ValueError) as problem:
        raise _not_a_number(name) from problem
    if not found or not np.isfinite(found).all():
        raise _not_a_number(name)
    return tuple(dict.fromkeys(found))


def _not_a_number(name: str) -> ModelError:
    return ModelError(
        "not_a_number",
        f"{name} is a quantity; give the number or numbers to hold it at.",
        Where("column", name),
    )


def _sequence(value: object) -> tuple[object, ...]:
    if isinstance(value, (str, float, int)) or np.isscalar(value):
        return (value,)
    return tuple(value)  # type: ignore[arg-type]
