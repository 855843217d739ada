"""A panel over the values of a variable with its zero as a line that can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter

from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.labels import paint_label
from mmgui.plots.style import color, pen, text_font

GRIP = 9.0
"""Pixels, at scale 1, from the line within which a hand takes hold of it."""
LEFT_ROOM = 52.0
"""Width of the left axis at least, so that panels above each other stand in line."""


class OriginPanel(GroupPanel):
    """The hand takes hold of the line, or of the handle at its foot; elsewhere it moves the picture."""

    origin_wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.origin = 0.0
        self._held = False
        self.setMouseTracking(True)

    def show_origin(self, origin: float) -> None:
        """Put the line elsewhere; nothing but what is painted on top changes."""
        self.origin = origin
        self.viewport().update()

    # -- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._near(event.position()):
            self._held = True
            self._follow(event.position())
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._follow(event.position())
            event.accept()
            return
        super().mouseMoveEvent(event)
        if self._near(event.position()):
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor)
        elif self._hover < 0:
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def _near(self, at: QPointF) -> bool:
        room = self.inside()
        if not room.adjusted(-4, 0, 4, self.theme.px(14)).contains(at):
            return False
        return abs(self.pixel(self.origin, 0.0).x() - at.x()) <= GRIP * self.theme.scale

    def _follow(self, at: QPointF) -> None:
        room, shown = self.inside(), self.shown()
        share = (min(max(at.x(), room.left()), room.right()) - room.left()) / max(room.width(), 1.0)
        self.origin_wanted.emit(shown.left() + share * shown.width())

    # -- on top

    def paint_line(self, painter: QPainter) -> None:
        """The line, and the handle at its foot."""
        theme, room = self.theme, self.inside()
        x = self.pixel(self.origin, 0.0).x()
        if not room.left() - 1 <= x <= room.right() + 1:
            return
        painter.setPen(pen(theme.accent, theme.line_width * 1.6))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        radius = theme.px(6)
        painter.setPen(pen(theme.surface, theme.line_width))
        painter.setBrush(color(theme.accent))
        painter.drawEllipse(QPointF(x, room.bottom()), radius, radius)

    def paint_words(
        self, painter: QPainter, text: str, at: QPointF, *, bold: bool = True, tint: str = ""
    ) -> QRectF:
        """Words beside a place on the line, on the side that has room."""
        theme, room = self.theme, self.inside()
        font = text_font(theme, bold=bold)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(text) + theme.px(8), metrics.height()
        left = at.x() + theme.px(10)
        if left + wide > room.right():
            left = at.x() - theme.px(10) - wide
        top = min(max(at.y() - high / 2, room.top()), room.bottom() - high)
        rect = QRectF(max(left, room.left()), top, wide, high)
        paint_label(painter, theme, font, rect, text, tint or theme.accent)
        return rect
