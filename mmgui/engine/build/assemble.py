"""A model and a table become the matrices of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.derive import derivations
from mmgui.data.table import Table
from mmgui.engine.build.checks import check_spec
from mmgui.engine.build.codings import check_codings
from mmgui.engine.build.evaluate import Evaluator, infinite_values
from mmgui.engine.build.matrix import ModelMatrix, model_matrix
from mmgui.engine.build.random import random_design
from mmgui.engine.build.rank import dependencies, independent_columns
from mmgui.engine.build.remake import factor_columns
from mmgui.engine.build.response import check_response, offset, response, weights
from mmgui.engine.build.rows import Rows, complete_rows
from mmgui.engine.design import Design, FloatArray
from mmgui.engine.recipe import Recipe, predictor_columns
from mmgui.errors import ModelError, Where
from mmgui.spec.coding import made_factors
from mmgui.spec.model import ModelSpec


def build_design(spec: ModelSpec, table: Table) -> Design:
    """The response, X, and the groups and effect columns of each random-effects term.

    Rows in which any column that the model reads is missing are left out and counted; columns of X
    that depend linearly on earlier ones are left out and named. Coding, order and names of columns are
    those of R's ``model.matrix`` and of lme4.

    Parameters
    ----------
    spec
        The model.
    table
        The table.

    Returns
    -------
    Design
        Its arrays are its own, matrices column-major.

    Raises
    ------
    ModelError
        With a sentence for people, for every way in which the model cannot be built on the table.
    """
    rows = _rows_used(spec, table)
    assert spec.response is not None
    evaluator = Evaluator(table, rows, spec.codings)
    y = response(spec.response, table, evaluator)
    shift = offset(spec.offset, evaluator)
    check_response(y if shift is None else y - shift, spec.response)
    prior = weights(spec.weights, table, rows)
    random = tuple(random_design(term, rows, evaluator) for term in spec.random)
    fixed = _fixed_effects(spec, evaluator, rows)
    return Design(
        spec=spec,
        y=y,
        x=fixed.x.values,
        fixed_names=fixed.x.names,
        assign=fixed.x.assign,
        random=random,
        weights=prior,
        offset=shift,
        rows=rows.positions,
        dropped_rows=rows.dropped,
        dropped_columns=fixed.dropped,
        labelled=frozenset(name for name in spec.columns() if not table[name].is_number),
        aliases=fixed.aliases,
        recipe=_recipe(spec, table, rows, evaluator, fixed.kept),
        derived=derivations(table, spec.columns()),
    )


def _rows_used(spec: ModelSpec, table: Table) -> Rows:
    """The rows that are complete for the model, once nothing is wrong with what it reads."""
    check_spec(spec, table)
    if spec.codings:
        check_codings(spec.codings, table, made_factors(spec.effects()))
    names = spec.columns()
    rows = complete_rows(table, names)
    _check_finite(names, table, rows)
    return rows


def _recipe(
    spec: ModelSpec, table: Table, rows: Rows, evaluator: Evaluator, kept: NDArray[np.intp]
) -> Recipe:
    numbers = {}
    for name in predictor_columns(spec):
        column = table[name].values
        if name in evaluator.learned.numbers and column is not None:
            values = rows.take(column)
            numbers[name] = (float(values.mean()), float(values.min()), float(values.max()))
    return Recipe(
        spec=spec,
        learned=evaluator.learned,
        kept=kept,
        factors=factor_columns(evaluator.learned),
        numbers=numbers,
    )


@dataclass(frozen=True, eq=False, slots=True)
class _FixedEffects:
    """X of full rank, where its columns stand in the full model matrix, and what was left out of that."""

    x: ModelMatrix
    kept: NDArray[np.intp]
    dropped: tuple[str, ...] = ()
    aliases: FloatArray | None = None


def _fixed_effects(spec: ModelSpec, evaluator: Evaluator, rows: Rows) -> _FixedEffects:
    full = model_matrix(
        spec.fixed, intercept=spec.intercept, evaluator=evaluator, nrows=rows.count, what="The fixed effects"
    )
    fixed = _full_rank(full)
    _check_residual_rows(fixed.x, spec, rows)
    return fixed


def _check_finite(names: tuple[str, ...], table: Table, rows: Rows) -> None:
    for name in names:
        column = table[name]
        if column.values is None or not column.is_number:
            continue
        values = rows.take(column.values)
        if not np.isfinite(values).all():
            raise infinite_values(name, int((~np.isfinite(values)).sum()))


def _full_rank(full: ModelMatrix) -> _FixedEffects:
    """The columns that are linearly independent."""
    kept = independent_columns(full.values)
    if len(kept) == len(full.names):
        return _FixedEffects(full, kept)
    stay = set(kept.tolist())
    dropped = tuple(name for j, name in enumerate(full.names) if j not in stay)
    names = tuple(full.names[j] for j in kept.tolist())
    x = ModelMatrix(np.asfortranarray(full.values[:, kept]), names, full.assign[kept])
    return _FixedEffects(x, kept, dropped, dependencies(full.values, kept))


def _check_residual_rows(x: ModelMatrix, spec: ModelSpec, rows: Rows) -> None:
    if len(x.names) < rows.count:
        return
    counts = np.bincount(x.assign, minlength=len(spec.fixed) + 1)
    largest = int(counts.argmax())
    alone = ""
    if largest and 2 * counts[largest] > rows.count:
        alone = f"{spec.fixed[largest - 1].label} alone has {counts[largest]:,}; "
    raise ModelError(
        "more_coefficients_than_rows",
        f"The fixed effects have {len(x.names):,} coefficients for {rows.count:,} rows, which leaves nothing "
        f"to estimate the residual variance from; {alone}take terms out.",
        Where("term", "fixed effects"),
    )
