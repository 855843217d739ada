"""The response, the offset and the weights on the rows used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmgui.data.assemble import parse_numbers
from mmgui.data.table import Kind, Table
from mmgui.engine.build.evaluate import Evaluator, infinite_values
from mmgui.engine.build.magnitude import check_magnitude
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.variable import Labels
from mmgui.errors import ModelError, Where
from mmgui.spec.expression import Expression, Name, show

FloatArray = NDArray[np.float64]

# A column of labels with no more than this share of them other than numbers was meant to be numbers.
_FEW = 0.1


def response(expression: Expression, table: Table, evaluator: Evaluator) -> FloatArray:
    """(n,) the response.

    Raises
    ------
    ModelError
        ``response_not_a_number`` or ``response_is_constant``.
    """
    shown = show(expression)
    value = evaluator.variable(expression)
    if isinstance(value, Labels):
        raise _not_a_number(expression, table)
    if value.values.ndim > 1:
        raise ModelError(
            "response_not_a_number",
            f"{shown} makes several columns, but a response is one; choose one column.",
            Where("term", shown),
        )
    return value.values.copy()


def check_response(y: FloatArray, expression: Expression) -> None:
    """Raise for a response, its offset taken off, that has nothing to explain or cannot be computed with.

    Raises
    ------
    ModelError
        ``response_is_constant``, ``too_large_numbers`` or ``too_small_numbers``.
    """
    name = show(expression, quoted=False)
    if y.min() == y.max():
        raise ModelError(
            "response_is_constant",
            f"{show(expression)} is {y[0]:.6g} in every row used, so there is nothing to explain; choose "
            "another response.",
            Where("column", name),
        )
    check_magnitude(y, name, Where("column", name))


def _no_numbers(levels: Sequence[str]) -> list[str]:
    """The labels that cannot be read as numbers."""
    return [level for level in levels if parse_numbers([level]) is None]


def _not_a_number(expression: Expression, table: Table) -> ModelError:
    shown = show(expression)
    if isinstance(expression, Name):
        column = table[expression.name]
        kind = "an id" if column.kind is Kind.ID else "a category"
        state = f"but {shown} is {kind}; choose a column of numbers"
        odd = [] if column.values is not None else _no_numbers(column.levels)
        if column.values is not None:
            state = f"but {shown} is {kind}; change its type to number or choose another response"
        elif 0 < len(odd) <= _FEW * len(column.levels):
            row = int(np.argmax(column.codes == column.levels.index(odd[0]))) + 1
            more, them = (f" and {len(odd) - 1} more", "them") if len(odd) > 1 else ("", "it")
            state = (
                f"and {shown} holds numbers but for “{odd[0]}” (row {row}){more}; correct or delete {them}"
            )
        sentence = f"The response must be a number, {state}."
    else:
        sentence = f"The response must be a number, but {shown} is a factor; choose a column of numbers."
    return ModelError("response_not_a_number", sentence, Where("column", show(expression, quoted=False)))


def offset(expressions: Sequence[Expression], evaluator: Evaluator) -> FloatArray | None:
    """(n,) the sum of the offsets, None if there are none.

    Raises
    ------
    ModelError
        ``offset_not_a_number``.
    """
    total: FloatArray | None = None
    for expression in expressions:
        value = evaluator.variable(expression)
        if isinstance(value, Labels) or value.values.ndim > 1:
            raise ModelError(
                "offset_not_a_number",
                f"The offset {show(expression)} must be one column of numbers; choose another.",
                Where("term", show(expression)),
            )
        total = value.values.copy() if total is None else total + value.values
    return total


def weights(name: str | None, table: Table, rows: Rows) -> FloatArray | None:
    """(n,) the prior weights, None if there are none.

    Raises
    ------
    ModelError
        ``weights_not_numbers``, ``infinite_values``, ``weights_not_positive``, ``too_large_numbers`` or
        ``too_small_numbers``.
    """
    if name is None:
        return None
    column = table[name]
    where = Where("column", name)
    if column.kind is not Kind.NUMBER or column.values is None:
        raise ModelError(
            "weights_not_numbers",
            f"Weights must be numbers, but {name} holds labels; choose a column of numbers.",
            where,
        )
    values = rows.take(column.values)
    infinite = int(np.isinf(values).sum())
    if infinite:
        raise infinite_values(name, infinite)
    bad = int((values <= 0).sum())
    if bad:
        raise ModelError(
            "weights_not_positive",
            f"Weights must be positive, but {name} is zero or negative in "
            f"{'1 row' if bad == 1 else f'{bad:,} rows'}; leave these rows out or choose another column.",
            where,
        )
    check_magnitude(values, name, where)
    return values.copy()
