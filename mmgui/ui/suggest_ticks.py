"""Columns to be ticked, each with the reason for the guess below it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme


@dataclass(frozen=True, slots=True)
class TickItem:
    """One row: what is ticked, under which words, why; ``inset`` for what belongs to the row above."""

    key: Hashable
    text: str
    ticked: bool
    reason: str = ""
    inset: bool = False
    enabled: bool = True


class TickBox(QCheckBox):
    """A box whose words are shortened in the middle where the column is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._inset = "", 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str, inset: int) -> None:
        """What it says, and how far to the right it stands."""
        self._words, self._inset = words, inset
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - self._inset - round(1.9 * metrics.height())
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, max(room, metrics.height() * 4))
        self.setText(words.replace("&", "&&"))


class TickList(QWidget):
    """Rows in the order of the table; tells what the person ticks and keeps nothing of it."""

    toggled = Signal(object, bool)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._stem = name.removesuffix("List")
        self._items: tuple[TickItem, ...] = ()
        self._rows: list[tuple[TickBox, QLabel]] = []
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
            inset = theme.px(22) if item.inset else 0
            box.set_words(item.text, inset)
            box.setToolTip(plain_tip(item.text))
            box.setChecked(item.ticked)
            box.setEnabled(item.enabled)
            box.setAccessibleName(item.text)
            box.setAccessibleDescription(item.reason)
            reason.setText(item.reason)
            reason.setVisible(bool(item.reason))
            box.setStyleSheet(f"QCheckBox {{ margin-left: {inset}px; }}")
            reason.setContentsMargins(theme.px(20) + inset, 0, 0, theme.px(4))
        self._filling = False

    def items(self) -> tuple[TickItem, ...]:
        """What is shown."""
        return self._items

    def box(self, text: str) -> TickBox | None:
        """The box under these words."""
        return next((b for (b, _), i in zip(self._rows, self._items, strict=True) if i.text == text), None)

    def _new_row(self, place: int) -> tuple[TickBox, QLabel]:
        box = TickBox()
        box.setObjectName(f"{self._stem}Check{place}")
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
