"""A surface for pictures without axes: painted in pixels, with tooltips on its parts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mmgui.plots.still import CLEAR, StillLayer

Paint = Callable[[QPainter, QRectF], None]
Tips = Callable[[], list[tuple[QRectF, str]]]


class Canvas(QWidget):
    """Calls ``paint`` with its rectangle; ``spots`` are rectangles with a tooltip.

    What ``ground`` paints is kept until ``redraw``; what ``paint`` paints comes on top with every picture.
    Words for every spot may cost more than the picture: ``tips`` makes them when they are asked for.
    """

    def __init__(
        self,
        paint: Paint,
        parent: QWidget | None = None,
        *,
        ground: Paint | None = None,
        tips: Tips | None = None,
    ) -> None:
        super().__init__(parent)
        self._paint, self._ground, self._tips = paint, ground, tips
        self._still = StillLayer()
        self._floor: QColor | None = None
        self.spots: list[tuple[QRectF, str]] = []

    def stand_on(self, floor: QColor) -> None:
        """Cover all that lies below with a colour, so that a new picture paints nothing else anew."""
        self._floor = floor
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def redraw(self) -> None:
        """Paint everything anew."""
        self._still.forget()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        # A painter that outlives an error ends the program.
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.spots.clear()
            self._lay_ground(painter)
            self._paint(painter, QRectF(self.rect()))
        finally:
            painter.end()

    def _lay_ground(self, painter: QPainter) -> None:
        kept = None
        if self._ground is not None:
            kept = self._still.bitmap(painter, self.size(), self._paint_ground, self._floor or CLEAR)
        if kept is None:
            self._paint_ground(painter)
        else:
            painter.drawPixmap(0, 0, kept)

    def _paint_ground(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        if self._floor is not None:
            painter.fillRect(room, self._floor)
        if self._ground is not None:
            self._ground(painter, room)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            if self._tips is not None:
                self.spots[:] = self._tips()
            text = next((t for rect, t in self.spots if rect.contains(event.pos())), "")
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
