"""Evaluates the expressions of a formula on a table by walking them; no text is ever run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmgui.data.levels import number_label
from mmgui.data.table import Kind, Table
from mmgui.engine.build import arguments
from mmgui.engine.build.grouping import Groups, groups_of
from mmgui.engine.build.learned import Learned
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.transforms import LEARNERS, TRANSFORMS, Argument, Options, learned
from mmgui.engine.build.variable import Labels, Quantity, Variable, drop_unused_levels
from mmgui.errors import ModelError, Where
from mmgui.spec.coding import Coding, coded_column
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, Number, show
from mmgui.spec.terms import GroupingFactor

FloatArray = NDArray[np.float64]


class Evaluator:
    """Evaluates expressions on the rows of a table that a model uses, each expression once.

    Parameters
    ----------
    table, rows
        The table and its rows used.
    codings
        Contrasts and reference levels that were chosen.
    """

    def __init__(self, table: Table, rows: Rows, codings: Sequence[Coding] = ()) -> None:
        self._table = table
        self._rows = rows
        self._codings = {coding.column: coding for coding in codings}
        self._known: dict[Expression, Variable] = {}
        self.learned = Learned()

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

    def coding(self, expression: Expression) -> Coding | None:
        """What was chosen for a factor, None where nothing was."""
        if not self._codings:
            return None
        column = coded_column(expression)
        return None if column is None else self._codings.get(column)

    def groups(self, grouping: GroupingFactor) -> Groups:
        """The groups of the rows used."""
        groups = groups_of(grouping, self._table, self._rows)
        self.learned.groups[grouping] = groups.known
        return groups

    def _on_rows_used(self, expression: Expression) -> Variable:
        with np.errstate(all="ignore"):
            value = self._evaluate(expression)
        if isinstance(value, Labels):
            return self._levels_used(expression, value)
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

    def _levels_used(self, expression: Expression, factor: Labels) -> Labels:
        """The factor on the rows used, with the levels that enter the model."""
        used = drop_unused_levels(Labels(self._rows.take(factor.codes), factor.levels))
        self.learned.levels[expression] = used.levels
        return used

    def _with_constants(self, argument: Argument, options: Options) -> FloatArray:
        """A transformation that depends on more of its column than the number it transforms."""
        rule, values = learned(argument, options)
        self.learned.rules[argument.call] = rule
        return values

    def _column(self, name: str) -> Variable:
        column = self._table[name]
        if column.kind is Kind.NUMBER and column.values is not None:
            self.learned.numbers.add(name)
            return Quantity(column.values)
        return Labels(column.codes, column.levels)

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
                return self._column(name)
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
        if call.function in LEARNERS:
            return Quantity(self._with_constants(argument, options))
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
