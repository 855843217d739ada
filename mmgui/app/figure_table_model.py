"""A figure's table for a table view: formatted for reading, raw for sorting and tests, text for copying."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from mmgui.app.glossary import HEADERS
from mmgui.app.numbers import decimals_for, degrees_of_freedom, fixed, p_value, percent
from mmgui.app.plain_tip import plain_tip
from mmgui.figures.tabular import FigureTable

Value = str | float | int | None
Format = Callable[[Value], str]
AnyIndex = QModelIndex | QPersistentModelIndex

RAW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The number itself."""

_FORMATS: Mapping[str, Format] = {
    "p": lambda v: p_value(_number(v)),
    "naive p": lambda v: p_value(_number(v)),
    "simulated p": lambda v: p_value(_number(v)),
    "exact p": lambda v: p_value(_number(v)),
    "df": lambda v: degrees_of_freedom(_number(v)),
    "Share": lambda v: percent(_number(v)),
    "Statistic": lambda v: fixed(_number(v), 2),
    "AIC": lambda v: fixed(_number(v), 1),
    "BIC": lambda v: fixed(_number(v), 1),
    "logLik": lambda v: fixed(_number(v), 2),
    "Criterion": lambda v: fixed(_number(v), 2),
}

# Significant digits of the largest and of the smallest entry, where they are not the usual four and two.
_DIGITS = {"Estimate": (5, 3), "SE": (4, 3), "Lower": (5, 3), "Upper": (5, 3)}


@dataclass(frozen=True, slots=True)
class Marks:
    """What goes with the cells: a dot a row, columns still awaited, a tooltip for the words of each row."""

    dots: tuple[str, ...] = ()
    waiting: frozenset[str] = frozenset()
    tooltips: tuple[str, ...] = ()
    decimals: tuple[int, ...] = ()
    """Of the numbers of each row, where rows have no scale in common."""


def formats_of(table: FigureTable) -> tuple[Format, ...]:
    """How each column is written: by its name where that has a custom, else alike decimals in a column."""
    formats: list[Format] = []
    for k, name in enumerate(table.columns):
        values = [row[k] for row in table.rows]
        if name in _FORMATS:
            formats.append(_FORMATS[name])
        elif any(isinstance(v, float) for v in values):
            digits, least = _DIGITS.get(name, (4, 2))
            formats.append(_alike(decimals_for([_number(v) for v in values], digits, least)))
        else:
            formats.append(lambda v: "" if v is None else str(v))
    return tuple(formats)


def tsv(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    """Tab-separated text with a header, for spreadsheets."""
    return "\n".join("\t".join(line) for line in [list(columns), *rows]) + "\n"


class FigureTableModel(QAbstractTableModel):
    """Read-only; replaced as a whole by ``set_table``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = FigureTable((), ())
        self._cells: list[list[str]] = []
        self._marks = Marks()

    @property
    def table(self) -> FigureTable:
        return self._table

    def set_table(self, table: FigureTable, marks: Marks | None = None) -> None:
        """Show another table."""
        self.beginResetModel()
        self._table = table
        self._marks = marks if marks is not None else Marks()
        formats = formats_of(table)
        self._cells = [[f(v) for f, v in zip(formats, row, strict=True)] for row in table.rows]
        for cells, row, decimals in zip(self._cells, table.rows, self._marks.decimals, strict=False):
            for k, value in enumerate(row):
                if isinstance(value, int | float):
                    cells[k] = fixed(value, decimals if isinstance(value, float) else 0)
        for k, name in enumerate(table.columns):
            if name in self._marks.waiting:
                for cells in self._cells:
                    cells[k] = "…"
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        value = self._table.rows[row][column]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._cells[row][column]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if isinstance(value, str) else Qt.AlignmentFlag.AlignRight
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.DecorationRole if column == 0 and row < len(self._marks.dots):
                return QColor(self._marks.dots[row])
            case Qt.ItemDataRole.ToolTipRole if isinstance(value, float) and math.isfinite(value):
                return plain_tip(f"{self._table.columns[column]}: {value:.10g}")
            case Qt.ItemDataRole.ToolTipRole if isinstance(value, str):
                words = self._marks.tooltips
                return plain_tip(words[row] if row < len(words) and words[row] else value)
            case _ if role == RAW_ROLE:
                return value
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._table.columns[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return HEADERS.get(self._table.columns[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            text = all(isinstance(r[section], str) for r in self._table.rows)
            side = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, rows: list[int], columns: list[int]) -> str:
        """The cells as tab-separated text with the header."""
        names = tuple(self._table.columns[c] for c in columns)
        return tsv(names, [[self._cells[r][c] for c in columns] for r in rows])


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _alike(decimals: int) -> Format:
    return lambda v: fixed(_number(v), decimals) if not isinstance(v, str) else v
