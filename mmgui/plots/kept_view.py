"""A view that paints what stands still once, and on top of it what moves."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mmgui.plots.still import StillLayer


class KeptView(pg.GraphicsView):  # type: ignore[misc]
    """Items and ``paint_still`` are painted once and kept until one of them changes; ``paint_over`` comes on
    top with every picture.
    """

    items_move = False
    """Whether items follow the hand: with them nothing stands still that would be worth keeping."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setAntialiasing(True)
        # A cached background would be a bitmap in an exported drawing.
        self.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
        # One picture however much changes; it covers all that lies below.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.still, self._apart = StillLayer(), False
        # A net: what items change they tell the scene, but not before the next pass of the loop.
        self.scene().changed.connect(self._on_scene)

    @Slot()
    def _on_scene(self) -> None:
        self.still.forget()

    def forget_still(self) -> None:
        """Something changed of the items, or of what ``paint_still`` paints."""
        self.still.forget()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.scene().prepareForPaint()
        if self.items_move or not self._paint_on_kept():
            super().paintEvent(event)

    def _paint_on_kept(self) -> bool:
        viewport, ground = self.viewport(), self.backgroundBrush().color()
        # A painter that outlives an error ends the program.
        painter = QPainter(viewport)
        try:
            kept = self.still.bitmap(painter, viewport.size(), self._paint_apart, ground)
            if kept is not None:
                painter.drawPixmap(0, 0, kept)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self.paint_over(painter)
        finally:
            painter.end()
        return kept is not None

    def _paint_apart(self, painter: QPainter) -> None:
        """All that stands still."""
        self._apart = True
        try:
            self.render(painter, QRectF(self.viewport().rect()), self.viewport().rect())
        finally:
            self._apart = False

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        super().drawForeground(painter, rect)
        for paint in (self.paint_still,) if self._apart else (self.paint_still, self.paint_over):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter)
            painter.restore()

    def paint_still(self, painter: QPainter) -> None:
        """For panels that paint in pixels what does not move; ``forget_still`` when it changes."""

    def paint_over(self, painter: QPainter) -> None:
        """For panels that mark something on top of the picture: painted with every picture."""
