"""The list of variables: dragged onto the model, or acted on through a menu."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mmgui.app.theme import ThemeModel
from mmgui.app.variable_model import VariableModel
from mmgui.ui.variable_delegate import VariableDelegate

Index = QModelIndex | QPersistentModelIndex


class VariableTable(QTableView):
    """One row a variable; Return, the menu key or the right button ask for the variable's menu."""

    menu_requested = Signal(str, QPoint)
    variable_picked = Signal(str)

    def __init__(self, model: VariableModel, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variableTable")
        self.setAccessibleName("Variables of the table")
        self.setItemDelegate(VariableDelegate(themes, self))
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDragEnabled(True)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def variables(self) -> VariableModel:
        """The model of the list."""
        model = self.model()
        assert isinstance(model, VariableModel)
        return model

    def picked(self) -> str | None:
        """The variable that the keyboard is on."""
        return self.variables().name_at(self.currentIndex().row())

    def pick(self, name: str) -> None:
        """Put the keyboard on a variable."""
        row = self.variables().row_of(name)
        if row >= 0:
            self.setCurrentIndex(self.model().index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.variable_picked.emit(self.variables().name_at(current.row()) or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._ask_at(self.currentIndex())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        event.accept()
        self.setCurrentIndex(index)
        if by_mouse:
            self.menu_requested.emit(self.variables().name_at(index.row()), event.globalPos())
        else:
            self._ask_at(index)

    def _ask_at(self, index: QModelIndex) -> None:
        rect = self.visualRect(index)
        at = self.viewport().mapToGlobal(rect.topLeft() + QPoint(rect.width() // 5, rect.height() // 2))
        self.menu_requested.emit(self.variables().name_at(index.row()), at)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        drag.setPixmap(self._picture(index))
        drag.exec(Qt.DropAction.CopyAction)

    def _picture(self, index: QModelIndex) -> QPixmap:
        rect = self.visualRect(index)
        rect.setHeight(min(rect.height(), 48))
        return self.viewport().grab(rect)
