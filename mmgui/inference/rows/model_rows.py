"""The rows that a fitted model is asked about: those it was fitted to, or those of another table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.engine.recipe import Recipe
from mmgui.engine.result import Fit
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

# A row of X whose left-out columns are that close to what they were in the data counts as one of its space.
_SAME = 1e-6


@dataclass(frozen=True, eq=False)
class RowEffects:
    """One random-effects term on the rows.

    Attributes
    ----------
    columns
        (m, s) effect columns; NaN where an entry is missing.
    codes
        (m,) the group of the data, -1 where it is none of them.
    others
        (m,) 0, 1, … for the groups that are not in the data, -1 elsewhere.
    """

    columns: FloatArray
    codes: IntArray
    others: IntArray


@dataclass(frozen=True, eq=False)
class ModelRows:
    """Rows as the model sees them.

    Attributes
    ----------
    x
        (m, p) fixed-effects columns; NaN where an entry is missing.
    offset
        (m,) offset; zeros without one.
    weights
        (m,) prior weights; ones without any.
    random
        One entry per random-effects term; empty where they were not asked for.
    undetermined
        (m,) rows whose expected value the fit does not determine: columns that were left out of X because
        they depended on the others do not depend on them there.
    """

    x: FloatArray
    offset: FloatArray
    weights: FloatArray
    random: tuple[RowEffects, ...]
    undetermined: BoolArray

    @property
    def count(self) -> int:
        """Number of rows, m."""
        return len(self.offset)


def model_rows(fit: Fit, table: Table | None, *, random: bool) -> ModelRows:
    """The rows of a table, or those that were fitted.

    Parameters
    ----------
    fit
        The fitted model.
    table
        Other rows, None for those fitted. It needs the columns that the model reads; weights are 1 where
        it has none.
    random
        Whether the random effects are asked for, and with them the columns that make the groups.

    Raises
    ------
    FitError
        ``no_recipe`` where the model was not fitted to a table.
    ModelError
        As :class:`mmgui.engine.recipe.Recipe`, for columns and levels that the model does not know.
    """
    if table is None:
        return _fitted_rows(fit, random)
    recipe = fit.design.recipe
    if recipe is None:
        raise FitError(
            "no_recipe",
            "This model was fitted to matrices and not to a table, so columns for other rows cannot be made; "
            "ask for the rows fitted.",
        )
    x = recipe.fixed(table)
    terms = range(len(fit.terms)) if random else ()
    return ModelRows(
        x=x,
        offset=recipe.offset(table),
        weights=recipe.weights(table),
        random=tuple(RowEffects(*recipe.random_with_new(k, table)) for k in terms),
        undetermined=_undetermined(fit, recipe, table, x),
    )


def _fitted_rows(fit: Fit, random: bool) -> ModelRows:
    design = fit.design
    nobs = design.nobs
    none = np.full(nobs, -1, dtype=np.int32)
    return ModelRows(
        x=design.x,
        offset=np.zeros(nobs) if design.offset is None else design.offset,
        weights=design.row_weights,
        random=tuple(RowEffects(r.columns, r.codes, none) for r in design.random) if random else (),
        undetermined=np.zeros(nobs, dtype=np.bool_),
    )


def _undetermined(fit: Fit, recipe: Recipe, table: Table, x: FloatArray) -> BoolArray:
    aliases = fit.design.aliases
    if aliases is None:
        return np.zeros(table.nrows, dtype=np.bool_)
    dropped = recipe.fixed_dropped(table)
    size = np.abs(dropped) + np.abs(x) @ np.abs(aliases)
    return np.asarray((np.abs(dropped - x @ aliases) > _SAME * size).any(axis=1))
