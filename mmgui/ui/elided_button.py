"""A button that shortens its words in the middle where room is scarce; its tooltip has them all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

_LEAST_LETTERS = 14


class ElidedButton(QPushButton):
    """As wide as its words where there is room, and narrower where there is not."""

    def __init__(self, words: str, room_around: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._around = room_around
        self.setText(words.replace("&", "&&"))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        shown = self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(hint.width() - shown + self.fontMetrics().horizontalAdvance(self._words), hint.height())

    def minimumSizeHint(self) -> QSize:
        least = _LEAST_LETTERS * self.fontMetrics().averageCharWidth() + self._around
        return QSize(min(least, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() >= self.sizeHint().width():
            words = self._words
        else:
            room = max(self.width() - self._around, 1)
            words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room)
        self.setText(words.replace("&", "&&"))
