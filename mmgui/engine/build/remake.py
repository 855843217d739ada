"""The columns of a model on rows it was not fitted to, by what was learned from those it was."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table, no_such_column
from mmgui.engine.build.evaluate import Evaluator, infinite_values
from mmgui.engine.build.grouping import positions_of
from mmgui.engine.build.learned import Learned
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.transforms import Argument, Options, remade
from mmgui.engine.build.variable import Labels, Quantity, Variable
from mmgui.errors import ModelError, Where
from mmgui.spec.coding import Coding, coded_column
from mmgui.spec.expression import Expression, show

FloatArray = NDArray[np.float64]


def present_rows(table: Table, names: Iterable[str], numbers: frozenset[str]) -> Rows:
    """The rows in which every one of the columns has an entry; there may be none.

    Raises
    ------
    ModelError
        ``missing_column``, ``labels_for_numbers`` or ``infinite_values``.
    """
    complete = np.ones(table.nrows, dtype=np.bool_)
    for name in names:
        if name not in table:
            raise ModelError(
                "missing_column",
                f"The new rows lack a column that the model reads: {no_such_column(table, name)}",
                Where("column", name),
            )
        complete &= ~table[name].missing
        if name in numbers:
            _check_numbers(table, name)
    positions = np.flatnonzero(complete)
    mask = None if len(positions) == table.nrows else complete
    return Rows(positions, mask, table.nrows - len(positions))


def _check_numbers(table: Table, name: str) -> None:
    column = table[name]
    if column.values is None:
        if column.missing.all():
            return
        row = int(np.flatnonzero(~column.missing)[0])
        raise ModelError(
            "labels_for_numbers",
            f"{name} is “{column.levels[column.codes[row]]}” in row {row + 1} of the new rows, but the model "
            "was fitted to it as a number; give numbers.",
            Where("column", name),
        )
    infinite = int(np.isinf(column.values).sum())
    if infinite:
        raise infinite_values(name, infinite)


class Remaker(Evaluator):
    """Evaluates the expressions of a fitted model on other rows, by the constants and levels learned.

    Parameters
    ----------
    table, rows
        The new rows, and which of them are complete.
    codings
        As in the model.
    learned
        What was learned from the rows fitted.
    numbers
        The columns that entered the model as quantities.
    """

    def __init__(
        self, table: Table, rows: Rows, codings: Iterable[Coding], learned: Learned, numbers: frozenset[str]
    ) -> None:
        super().__init__(table, rows, tuple(codings))
        self.learned = learned
        self._numbers = numbers

    def _column(self, name: str) -> Variable:
        column = self._table[name]
        if name not in self._numbers:
            return Labels(column.codes, column.levels)
        values = column.values
        return Quantity(np.full(self._table.nrows, np.nan) if values is None else values)

    def _with_constants(self, argument: Argument, options: Options) -> FloatArray:  # noqa: ARG002
        return remade(argument, self.learned.rules[argument.call])

    def _levels_used(self, expression: Expression, factor: Labels) -> Labels:
        levels = self.learned.levels[expression]
        given = self._rows.take(factor.codes)
        codes = positions_of(factor.levels, levels)[given].astype(np.int32)
        unknown = np.flatnonzero(codes < 0)
        if len(unknown):
            row = int(unknown[0])
            raise self._unknown_level(
                expression, factor.levels[given[row]], int(self._rows.positions[row]) + 1, levels
            )
        return Labels(codes, levels)

    @staticmethod
    def _unknown_level(expression: Expression, level: str, row: int, levels: tuple[str, ...]) -> ModelError:
        shown = show(expression, quoted=False)
        known = ", ".join(levels[:8]) + (", …" if len(levels) > 8 else "")
        return ModelError(
            "unknown_level",
            f"{shown} is “{level}” in row {row} of the new rows, a level that the rows fitted do not have; "
            f"choose one of {known}.",
            Where("column", shown),
        )


def factor_columns(learned: Learned) -> dict[str, tuple[str, ...]]:
    """The levels used of each column that is a factor of its own or within ``factor()``."""
    named = {coded_column(expression): levels for expression, levels in learned.levels.items()}
    return {name: levels for name, levels in named.items() if name is not None}
