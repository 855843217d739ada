"""Evaluates the expressions of a formula on a table by walking them; no text is ever run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.data.levels import number_label
from mmgui.data.table import Column, Kind, Table
from mmgui.engine.build import arguments
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.transforms import TRANSFORMS, Argument
from mmgui.engine.build.variable import Labels, Quantity, Variable, drop_unused_levels
from mmgui.errors import ModelError, Where
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, Number, show

FloatArray = NDArray[np.float64]


class Evaluator:
    """Evaluates expressions on the rows of a table that a model uses, each expression once."""

    def __init__(self, table: Table, rows: Rows) -> None:
        self._table = table
        self._rows = rows
        self._known: dict[Expression, Variable] = {}

    def variable(self, expression: Expression) -> Variable:
        """The expression on the rows used: (n,) or (n, k) finite numbers, or a factor without unused levels.

        Raises
        ------
        ModelError
            If a function cannot be carried out on its argument or the result is not finite.
        """
        known = self._known.get(expression)
        if known is None:
            known = self._known[expression] = self._on_rows_used(expression)
        return known

    def is_factor(self, expression: Expression) -> bool:
        """Whether the expression is a factor rather than numbers."""
        return isinstance(self.variable(expression), Labels)

    def _on_rows_used(self, expression: Expression) -> Variable:
        with np.errstate(all="ignore"):
            value = self._evaluate(expression)
        if isinstance(value, Labels):
            return drop_unused_levels(Labels(self._rows.take(value.codes), value.levels))
        if value.values.ndim == 0:
            raise ModelError(
                "no_column",
                f"{show(expression)} has no column of the table in it; take it out.",
                Where("term", show(expression)),
            )
        values = self._rows.take(value.values)
        if not np.isfinite(values).all():
            raise self._not_finite(expression, values)
        return Quantity(values)

    def _not_finite(self, expression: Expression, values: FloatArray) -> ModelError:
        bad = ~np.isfinite(values)
        count = int((bad if bad.ndim == 1 else bad.any(axis=1)).sum())
        where = "1 row" if count == 1 else f"{count:,} rows"
        if isinstance(expression, Name):
            return infinite_values(expression.name, count)
        return ModelError(
            "not_finite",
            f"{show(expression)} is infinite or undefined in {where} (a division by zero, or a number too "
            "large); leave these rows out or change the transformation.",
            Where("term", show(expression)),
        )

    def _evaluate(self, expression: Expression) -> Variable:
        match expression:
            case Name(name):
                return _column(self._table[name])
            case Number(value):
                return Quantity(np.array(value, dtype=np.float64))
            case Negate(operand):
                return Quantity(-self._vector(operand, expression))
            case Binary(operator, left, right):
                return Quantity(
                    _arithmetic(operator, self._vector(left, expression), self._vector(right, expression))
                )
            case Call("I", _, _):
                return self._evaluate(arguments.bind(expression)[0])
            case Call("factor", _, _):
                return self._factor(expression)
            case Call():
                return self._transform(expression)

    def _transform(self, call: Call) -> Quantity:
        inner, options = arguments.bind(call)
        x = self._vector(inner, call)
        if x.ndim == 0:
            raise ModelError(
                "no_column", f"{show(call)} has no column of the table in it.", Where("term", show(call))
            )
        argument = Argument(call, show(inner), x, self._rows.mask)
        return Quantity(TRANSFORMS[call.function](argument, options))

    def _factor(self, call: Call) -> Labels:
        inner, _ = arguments.bind(call)
        value: Variable
        if isinstance(inner, Name):
            column = self._table[inner.name]
            value = Labels(column.codes, column.levels)
        else:
            value = self._evaluate(inner)
        if isinstance(value, Labels):
            return value
        if value.values.ndim != 1:
            raise arguments.bad_argument(
                call, f"{show(call)} needs one column of the table to make a factor of."
            )
        if not np.isfinite(self._rows.take(value.values)).all():
            raise self._not_finite(inner, self._rows.take(value.values))
        return _labels_of(value.values)

    def _vector(self, expression: Expression, outer: Expression) -> FloatArray:
        """Numbers to compute with: one column or a constant."""
        value = self._evaluate(expression)
        if isinstance(value, Labels):
            raise self._labels_in_arithmetic(expression, outer)
        if value.width > 1 or value.values.ndim > 1:
            raise ModelError(
                "several_columns",
                f"{show(expression)} makes several columns and cannot be used inside {show(outer)}; "
                "use it on its own.",
                Where("term", show(outer)),
            )
        return value.values

    def _labels_in_arithmetic(self, expression: Expression, outer: Expression) -> ModelError:
        if isinstance(expression, Name):
            column = self._table[expression.name]
            hint = (
                "change its type to number first"
                if column.values is not None
                else "only numbers can be transformed"
            )
            what = f"{expression.name} holds labels"
        else:
            hint = "only numbers can be transformed"
            what = f"{show(expression)} is a factor"
        return ModelError(
            "labels_in_arithmetic",
            f"{what}, so {show(outer)} cannot be computed; {hint}.",
            Where("term", show(outer)),
        )


def infinite_values(name: str, count: int) -> ModelError:
    """The error for a column with infinite entries in the rows used."""
    where = "1 row" if count == 1 else f"{count:,} rows"
    return ModelError(
        "infinite_values",
        f"{name} is infinite in {where}; correct these entries or delete them.",
        Where("column", name),
    )


def _column(column: Column) -> Variable:
    if column.kind is Kind.NUMBER and column.values is not None:
        return Quantity(column.values)
    return Labels(column.codes, column.levels)


def _arithmetic(operator: str, left: FloatArray, right: FloatArray) -> FloatArray:
    match operator:
        case "+":
            out = left + right
        case "-":
            out = left - right
        case "*":
            out = left * right
        case "/":
            out = left / right
        case "^":
            out = left**right
        case _:
            raise ModelError("unknown_operator", f"mmgui cannot compute with the sign {operator!r}.")
    return np.asarray(out, dtype=np.float64)


def _labels_of(values: FloatArray) -> Labels:
    """A factor of numbers, levels ascending."""
    distinct, codes = np.unique(values, return_inverse=True)
    known = int((~np.isnan(distinct)).sum())
    out = codes.astype(np.int32)
    out[out >= known] = -1
    return Labels(out, tuple(number_label(v) for v in distinct[:known].tolist()))
