"""A small list to choose from, with a line to filter it or to type in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mmgui.app.plain_tip import plain_tip


@dataclass(frozen=True, slots=True)
class Choice:
    """A row: its text, a muted remark, and what it stands for."""

    text: str
    remark: str
    value: object


class ChoicePopup(QFrame):
    """Closes itself when it loses the focus or on Escape."""

    chosen = Signal(object)
    typed = Signal(str)

    def __init__(self, name: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(f"{name}Popup")
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.edit = QLineEdit()
        self.edit.setObjectName(f"{name}Edit")
        self.edit.setAccessibleName(hint)
        self.edit.setPlaceholderText(hint)
        self.list = QListWidget()
        self.list.setObjectName(f"{name}List")
        self.list.setAccessibleName(f"{hint}: choices")
        self.list.setProperty("role", "choices")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.error = QLabel()
        self.error.setObjectName("termError")
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(8, 8, 8, 8)
        self.column.setSpacing(6)
        self.column.addWidget(self.edit)
        self.column.addWidget(self.error)
        self.column.addWidget(self.list)
        self.edit.textChanged.connect(self._filter)
        self.edit.returnPressed.connect(self._on_return)
        self.list.itemClicked.connect(self.choose)
        self.list.itemActivated.connect(self.choose)
        self.edit.installEventFilter(self)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Fill the list."""
        self.list.clear()
        for choice in choices:
            text = " ".join(choice.text.split())
            item = QListWidgetItem(f"{text}   {choice.remark}" if choice.remark else text)
            item.setData(Qt.ItemDataRole.UserRole, choice.value)
            item.setToolTip(plain_tip(choice.text))
            self.list.addItem(item)

    def open_below(self, widget: QWidget) -> None:
        """Show the popup under the widget that asked for it."""
        rows = min(max(self.list.count(), 1), 9)
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 8)
        self.list.setFixedHeight(rows * row + 4)
        self.setFixedWidth(max(250, self.edit.sizeHint().width() + 40))
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
        self.show()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def choose(self, item: QListWidgetItem) -> None:
        """Take a row."""
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def show_error(self, text: str) -> None:
        """Say why what was typed cannot be taken."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.adjustSize()

    def _filter(self, text: str) -> None:
        self.show_error("")
        wanted = text.strip().lower()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in item.toolTip().lower())

    def _on_return(self) -> None:
        item = self.list.currentItem()
        if item is not None and not item.isHidden() and not self.edit.text().strip():
            self.choose(item)
        elif self.edit.text().strip():
            self.typed.emit(self.edit.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            rows = [r for r in range(self.list.count()) if not self.list.item(r).isHidden()]
            if event.key() == Qt.Key.Key_Down and rows:
                self.list.setCurrentRow(rows[0])
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)
