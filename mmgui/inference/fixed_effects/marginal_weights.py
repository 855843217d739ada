"""How the cells of a reference grid are averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.fixed_effects.reference_grid import ReferenceGrid, recipe_of

FloatArray = NDArray[np.float64]

WEIGHTS = ("equal", "proportional", "cells")


def averaging(
    fit: Fit, grid: ReferenceGrid, told: tuple[str, ...], weights: str, table: Table | None
) -> tuple[list[int], FloatArray]:
    """The axes of a grid, those told apart first, and (k, r) the weights of the cells of the others.

    Parameters
    ----------
    fit
        The fitted model.
    grid
        Its grid.
    told
        The axes whose values are told apart; the last varies fastest among the k.
    weights
        One of ``WEIGHTS``.
    table
        The table that was fitted, unless the fit has it; only for weights by how often cells occur.

    Raises
    ------
    ModelError
        ``unknown_weights``, ``needs_table``.
    """
    if weights not in WEIGHTS:
        raise ModelError(
            "unknown_weights",
            f"There are no weights {weights!r}; choose one of {', '.join(WEIGHTS)}.",
            Where("fit"),
        )
    names = list(grid.axes)
    others = [name for name in names if name not in told]
    order = [names.index(name) for name in (*told, *others)]
    here = int(np.prod([grid.shape[k] for k in order[: len(told)]], dtype=int))
    rest = int(np.prod([grid.shape[k] for k in order[len(told) :]], dtype=int))
    if weights == "equal" or not others:
        return order, np.full((here, rest), 1.0 / rest)
    counts = _counts(fit, grid, table).transpose(order).reshape(here, rest)
    total = counts if weights == "cells" else np.broadcast_to(counts.sum(axis=0), counts.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = total / total.sum(axis=1, keepdims=True)
    # A combination that never occurs has no weights of its own.
    return order, np.where(np.isfinite(share), share, 1.0 / rest)


def _counts(fit: Fit, grid: ReferenceGrid, table: Table | None) -> FloatArray:
    """How many of the rows fitted are in each cell; a quantity's values all count the same."""
    table = getattr(fit, "table", None) if table is None else table
    if table is None:
        raise ModelError(
            "needs_table",
            "Weights by how often cells occur need the table that was fitted; give it, or choose equal "
            "weights.",
            Where("fit"),
        )
    recipe = recipe_of(fit.design)
    factors = [name for name in grid.axes if name in recipe.factors]
    within = np.ones(fit.nobs, dtype=bool)
    codes = []
    for name in factors:
        column = table[name]
        places = {level: k for k, level in enumerate(grid.axes[name])}
        place = np.array([places.get(level, -1) for level in column.levels], dtype=np.intp)
        own = place[column.codes[fit.design.rows]]
        within &= own >= 0
        codes.append(own)
    shape = tuple(len(values) if name in recipe.factors else 1 for name, values in grid.axes.items())
    if not codes:
        return np.ones(grid.shape)
    sizes = tuple(len(grid.axes[name]) for name in factors)
    flat = np.ravel_multi_index([c[within] for c in codes], sizes)
    counts = np.bincount(flat, minlength=int(np.prod(sizes))).astype(np.float64)
    return np.broadcast_to(counts.reshape(shape), grid.shape)
