"""A model and a table become the matrices of the model."""

from __future__ import annotations

import numpy as np

from mmgui.data.table import Table
from mmgui.engine.build.checks import check_spec
from mmgui.engine.build.evaluate import Evaluator, infinite_values
from mmgui.engine.build.matrix import ModelMatrix, model_matrix
from mmgui.engine.build.random import random_design
from mmgui.engine.build.rank import dependencies, independent_columns
from mmgui.engine.build.response import check_response, offset, response, weights
from mmgui.engine.build.rows import Rows, complete_rows
from mmgui.engine.design import Design, FloatArray
from mmgui.errors import ModelError, Where
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
    check_spec(spec, table)
    assert spec.response is not None
    names = spec.columns()
    rows = complete_rows(table, names)
    _check_finite(names, table, rows)
    evaluator = Evaluator(table, rows)
    y = response(spec.response, table, evaluator)
    shift = offset(spec.offset, evaluator)
    check_response(y if shift is None else y - shift, spec.response)
    prior = weights(spec.weights, table, rows)
    random = tuple(random_design(term, rows, evaluator) for term in spec.random)
    x, dropped, aliases = _fixed_effects(spec, evaluator, rows)
    return Design(
        spec=spec,
        y=y,
        x=x.values,
        fixed_names=x.names,
        assign=x.assign,
        random=random,
        weights=prior,
        offset=shift,
        rows=rows.positions,
        dropped_rows=rows.dropped,
        dropped_columns=dropped,
        labelled=frozenset(name for name in names if not table[name].is_number),
        aliases=aliases,
    )


def _fixed_effects(
    spec: ModelSpec, evaluator: Evaluator, rows: Rows
) -> tuple[ModelMatrix, tuple[str, ...], FloatArray | None]:
    """The model matrix of full rank, the names of the columns left out, and what they are made of."""
    full = model_matrix(
        spec.fixed, intercept=spec.intercept, evaluator=evaluator, nrows=rows.count, what="The fixed effects"
    )
    x, dropped, aliases = _full_rank(full)
    _check_residual_rows(x, spec, rows)
    return x, dropped, aliases


def _check_finite(names: tuple[str, ...], table: Table, rows: Rows) -> None:
    for name in names:
        column = table[name]
        if column.values is None or not column.is_number:
            continue
        values = rows.take(column.values)
        if not np.isfinite(values).all():
            raise infinite_values(name, int((~np.isfinite(values)).sum()))


def _full_rank(full: ModelMatrix) -> tuple[ModelMatrix, tuple[str, ...], FloatArray | None]:
    """The columns that are linearly independent, the names of the others, and what those are made of."""
    kept = independent_columns(full.values)
    if len(kept) == len(full.names):
        return full, (), None
    stay = set(kept.tolist())
    dropped = tuple(name for j, name in enumerate(full.names) if j not in stay)
    names = tuple(full.names[j] for j in kept.tolist())
    x = ModelMatrix(np.asfortranarray(full.values[:, kept]), names, full.assign[kept])
    return x, dropped, dependencies(full.values, kept)


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
