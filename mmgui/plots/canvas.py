"""A surface for pictures without axes: painted in pixels, with tooltips on its parts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

Paint = Callable[[QPainter, QRectF], None]


class Canvas(QWidget):
    """Calls ``paint`` with its rectangle; ``spots`` are rectangles with a tooltip."""

    def __init__(self, paint: Paint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paint = paint
        self.spots: list[tuple[QRectF, str]] = []

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.spots.clear()
        self._paint(painter, QRectF(self.rect()))
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = next((t for rect, t in self.spots if rect.contains(event.pos())), "")
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
