"""A line of text that is shortened at its end where room is scarce; its tooltip has all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mmgui.app.plain_tip import plain_tip


class ElidedLabel(QLabel):
    """Plain text on one line, as wide as its room is.

    The text is kept here: with another text a ``QLabel`` has the whole window laid out anew, which takes
    longer than a frame of a drag that changes it.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        if text == self._words:
            return
        if self.accessibleName() == self._words:
            self.setAccessibleName(text)
        self._words = text
        self.update()

    def text(self) -> str:
        return self._words

    def paintEvent(self, _event: QPaintEvent) -> None:
        room, words = self.contentsRect(), self._words
        text = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        tip = "" if text == words else plain_tip(words)
        if tip != self.toolTip():
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), text)
