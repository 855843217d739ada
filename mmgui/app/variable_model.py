"""The variables of the table as a Qt model: one row a variable."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from mmgui.app.carried import VARIABLE_MIME, variable_mime
from mmgui.app.plain_tip import plain_tip
from mmgui.app.variable_roles import Role, roles
from mmgui.app.variable_summary import KIND_WORDS, VariableSummary, summarise
from mmgui.data.table import Table
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec

Index = QModelIndex | QPersistentModelIndex


class VariableRole(IntEnum):
    """What a row can be asked for beyond its text."""

    SUMMARY = Qt.ItemDataRole.UserRole + 1
    ROLES = Qt.ItemDataRole.UserRole + 2


class VariableModel(QAbstractTableModel):
    """Rows are variables in file order; the only column is the variable itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._roles: Mapping[str, tuple[Role, ...]] = {}
        self._derived: Mapping[str, DerivedColumn] = {}

    def show(self, table: Table | None, spec: ModelSpec, derived: tuple[DerivedColumn, ...] = ()) -> None:
        """Show a table's variables with their roles; keeps rows in place where the names are the same.

        ``derived`` says which of them are made from others, and how.
        """
        names = () if table is None else table.names
        same = self._table is not None and names == self._table.names
        found = roles(spec)
        made = {d.name: d for d in derived}
        if same and table is self._table and (found, made) == (self._roles, self._derived):
            return
        if not same:
            self.beginResetModel()
        self._table, self._roles, self._derived = table, found, made
        if not same:
            self.endResetModel()
        elif names:
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, 0))

    def name_at(self, row: int) -> str | None:
        """The name of the variable in a row."""
        if self._table is None or not 0 <= row < len(self._table.columns):
            return None
        return self._table.columns[row].name

    def row_of(self, name: str) -> int:
        """The row of a variable, -1 if there is none."""
        if self._table is None or name not in self._table:
            return -1
        return self._table.names.index(name)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._table is None else len(self._table.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    def headerData(self, _section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "Variable"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name = self.name_at(index.row())
        if name is None or self._table is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        found = self._roles.get(name, ())
        if role == VariableRole.ROLES:
            return found
        derived = self._derived.get(name)
        summary = summarise(self._table[name], derived)
        if role == VariableRole.SUMMARY:
            return summary
        if role == Qt.ItemDataRole.ToolTipRole:
            made = [] if derived is None else [derived.words]
            return plain_tip("\n".join([name, *made, *_description(summary, found)]))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([name, *_description(summary, found)])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [VARIABLE_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        names = [self.name_at(index.row()) for index in indexes]
        return variable_mime(next((n for n in names if n is not None), ""))

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


def _description(summary: VariableSummary, found: tuple[Role, ...]) -> list[str]:
    return [KIND_WORDS[summary.kind], summary.detail, *(role.text for role in found)]
