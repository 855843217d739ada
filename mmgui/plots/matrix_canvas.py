"""The surface on which the matrices are painted: tells the plot where the pointer is and what it drags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from mmgui.plots.canvas import Canvas
from mmgui.plots.matrix_layout import Panel

if TYPE_CHECKING:
    from mmgui.plots.matrix_plot import MatrixPlot

SLACK = 4
"""Pixels the pointer may move in a click."""
ZOOM_BASE = 1.0015
_EXTEND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class MatrixCanvas(Canvas):
    """A click picks, dragging moves, Ctrl and the wheel zoom, a double click shows everything."""

    def __init__(self, plot: MatrixPlot) -> None:
        super().__init__(plot.paint)
        self._plot = plot
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._held: Panel | None = None
        self._dragged = False
        self.setObjectName("matrixCanvas")
        self.setMouseTracking(True)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._plot.point(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._plot.tip(), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._held = self._plot.panel_at(event.position())
            self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self._plot.point(at)
            return
        self._dragged = self._dragged or (at - self._pressed).manhattanLength() > SLACK
        if self._dragged and self._held is not None and not self._plot.stage.windows.whole:
            self._plot.pan(self._held, at - self._last)
        self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            if not self._dragged:
                self._plot.pick(event.position(), extend=bool(event.modifiers() & _EXTEND))
            self._pressed = self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._pressed = None
        self._plot.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._plot.zoom(event.position(), ZOOM_BASE ** -event.angleDelta().y())
            event.accept()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._plot.point(None)
