"""Columns to be ticked, each with the reason for the guess below it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.theme import Theme
from mmgui.ui.menu_text import menu_text


@dataclass(frozen=True, slots=True)
class TickItem:
    """One row: what is ticked, under which words, why; ``inset`` for what belongs to the row above."""

    key: Hashable
    text: str
    ticked: bool
    reason: str = ""
    inset: bool = False
    enabled: bool = True


class TickList(QWidget):
    """Rows in the order of the table; tells what the person ticks and keeps nothing of it."""

    toggled = Signal(object, bool)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._stem = name.removesuffix("List")
        self._items: tuple[TickItem, ...] = ()
        self._rows: list[tuple[QCheckBox, QLabel]] = []
        self._filling = False
        self._theme: Theme | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_items(self, items: tuple[TickItem, ...], theme: Theme) -> None:
        """Show rows; those that stay keep their place and the keyboard."""
        self._filling = True
        self._items = items
        while len(self._rows) > len(items):
            for widget in self._rows.pop():
                self._column.removeWidget(widget)
                widget.hide()
                widget.setObjectName("")
                widget.deleteLater()
        while len(self._rows) < len(items):
            self._rows.append(self._new_row(len(self._rows)))
        for (box, reason), item in zip(self._rows, items, strict=True):
            box.setText(menu_text(item.text))
            box.setToolTip(item.text)
            box.setChecked(item.ticked)
            box.setEnabled(item.enabled)
            box.setAccessibleName(item.text)
            box.setAccessibleDescription(item.reason)
            reason.setText(item.reason)
            reason.setVisible(bool(item.reason))
            inset = theme.px(22) if item.inset else 0
            box.setStyleSheet(f"QCheckBox {{ margin-left: {inset}px; }}")
            reason.setContentsMargins(theme.px(20) + inset, 0, 0, theme.px(4))
        self._filling = False

    def items(self) -> tuple[TickItem, ...]:
        """What is shown."""
        return self._items

    def box(self, text: str) -> QCheckBox | None:
        """The box under these words."""
        return next((b for (b, _), i in zip(self._rows, self._items, strict=True) if i.text == text), None)

    def _new_row(self, place: int) -> tuple[QCheckBox, QLabel]:
        box = QCheckBox()
        box.setObjectName(f"{self._stem}Check{place}")
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.toggled.connect(lambda on: self._on_toggled(place, on))
        reason = QLabel()
        reason.setObjectName(f"{self._stem}Reason{place}")
        reason.setProperty("role", "muted")
        reason.setWordWrap(True)
        reason.setTextFormat(Qt.TextFormat.PlainText)
        self._column.addWidget(box)
        self._column.addWidget(reason)
        return box, reason

    def _on_toggled(self, place: int, on: bool) -> None:
        if not self._filling and place < len(self._items):
            self.toggled.emit(self._items[place].key, on)
