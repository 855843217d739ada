"""The numbers of a picture in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QTableView, QVBoxLayout, QWidget

from mmgui.app.figure_table_model import FigureTableModel
from mmgui.figures.tabular import FigureTable

LOOKED_AT = 60
"""Rows by which columns are made wide enough: a large table must not be read through for it."""
MOST_WIDTH, MOST_HEIGHT = 900, 640


class TableWindow(QWidget):
    """A plain table; what is selected is copied, or all of it."""

    def __init__(self, title: str, table: FigureTable, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("tableWindow")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model = FigureTableModel(self)
        self._model.set_table(table, None)
        self.view = QTableView()
        self.view.setObjectName("numbersTable")
        self.view.setAccessibleName(title)
        self.view.setModel(self._model)
        self.view.setFrameShape(QTableView.Shape.NoFrame)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.view.setWordWrap(False)
        self.view.horizontalHeader().setResizeContentsPrecision(LOOKED_AT)
        self.view.verticalHeader().setResizeContentsPrecision(LOOKED_AT)
        self.view.resizeColumnsToContents()
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.view)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.view)
        wide = self.view.horizontalHeader().length() + self.view.verticalHeader().sizeHint().width() + 40
        tall = self.view.rowHeight(0) * (min(self._model.rowCount(), LOOKED_AT) + 2)
        self.resize(min(max(wide, 320), MOST_WIDTH), min(max(tall, 160), MOST_HEIGHT))

    @Slot()
    def copy(self) -> None:
        """The selected cells, or all of them, as tab-separated text with the header."""
        picked = self.view.selectionModel().selectedIndexes()
        rows = sorted({i.row() for i in picked}) or list(range(self._model.rowCount()))
        columns = sorted({i.column() for i in picked}) or list(range(self._model.columnCount()))
        QGuiApplication.clipboard().setText(self._model.text(rows, columns))
