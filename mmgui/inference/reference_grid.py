"""Tables of made-up rows on which a fitted model is evaluated: combinations of levels, quantities held."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mmgui.data.assemble import make_table, number_column
from mmgui.data.table import Column, Kind, Table
from mmgui.engine.design import Design
from mmgui.engine.recipe import Recipe
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]


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
    """The table's columns that the fixed effects read: those entering as labels, and as quantities only.

    A column that enters as both is one of labels here.
    """
    names = dict.fromkeys(name for term in recipe.spec.fixed for name in term.columns())
    return (
        tuple(n for n in names if n in recipe.factors),
        tuple(n for n in names if n not in recipe.factors),
    )


def made_rows(
    recipe: Recipe, codes: Mapping[str, NDArray[np.intp]], numbers: Mapping[str, FloatArray], count: int
) -> Table:
    """A table with the columns that the fixed effects read.

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
