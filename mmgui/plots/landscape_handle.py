"""A panel with a handle to drag: the still picture is kept, only handle and label are painted anew."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent

from mmgui.plots.area import PlotArea
from mmgui.plots.labels import paint_label
from mmgui.plots.landscape_marks import paint_bead, paint_handle
from mmgui.plots.style import text_font

GRAB = 22.0
"""Pixels, at scale 1, from which the handle can be taken."""
Point = tuple[float, float]


class HandleArea(PlotArea):
    """A handle in data coordinates.

    ``dragged`` tells where the hand wants it, within ``set_limits``; whoever listens says with ``set_handle``
    where it is. On screen the picture below is painted once and kept.
    """

    dragged = Signal(float, float)
    grabbed = Signal()
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.best: Point = (0.0, 0.0)
        self._handle: Point | None = None
        self._label = ""
        self._bead: Point | None = None
        self._limits: tuple[tuple[float, float], ...] = ()
        self._spans: tuple[float, ...] = ()
        self._grip: QPointF | None = None
        self._near = self._held_by_key = False
        self._still: QPixmap | None = None
        self._keeps = True
        self.range_changed.connect(self.forget_still)

    # -- where things are

    def set_best(self, place: Point) -> None:
        """Where the best fit is."""
        self.best = place

    def set_limits(self, limits: tuple[tuple[float, float], ...], spans: tuple[float, ...]) -> None:
        """How far the handle may be taken along each axis, and how long each axis is."""
        self._limits, self._spans = limits, spans

    @property
    def handle(self) -> Point:
        """Where the handle is: at the best fit unless it was moved."""
        return self.best if self._handle is None else self._handle

    def set_handle(self, place: Point | None, label: str = "") -> None:
        """Show the handle there, with words beside it; None: at the best fit."""
        away = self.moved_away()
        self._handle, self._label = place, label
        if away != self.moved_away():
            self.forget_still()
        self.viewport().update()

    def moved_away(self) -> bool:
        """Whether the handle has left the best fit."""
        return self._handle is not None

    def set_bead(self, place: Point | None) -> None:
        """Where the film stands; None without a film."""
        if place != self._bead:
            self._bead = place
            self.viewport().update()

    def set_held_by_key(self, held: bool) -> None:
        """Whether arrow keys move the handle now."""
        self._held_by_key = held
        self.viewport().update()

    @property
    def dragging(self) -> bool:
        """Whether the mouse has the handle."""
        return self._grip is not None

    def nudge(self, steps_x: float, steps_y: float) -> None:
        """Move the handle by hundredths of the axes."""
        x, y = self.handle
        step_x = self._spans[0] / 100.0 if self._spans else 0.0
        step_y = self._spans[1] / 100.0 if len(self._spans) > 1 else 0.0
        self._tell(x + steps_x * step_x, y + steps_y * step_y)

    def _tell(self, x: float, y: float) -> None:
        (low, high), *up = self._limits or ((-math.inf, math.inf),)
        x = min(max(x, low), high)
        if up:
            y = min(max(y, up[0][0]), up[0][1])
        self.dragged.emit(x, y)

    def _data(self, at: QPointF) -> Point:
        room, shown = self.inside(), self.shown()
        x = shown.left() + (at.x() - room.left()) / max(room.width(), 1.0) * shown.width()
        y = shown.top() + (room.bottom() - at.y()) / max(room.height(), 1.0) * shown.height()
        return x, y

    # -- the mouse

    def _reaches(self, at: QPointF) -> bool:
        off = at - self.pixel(*self.handle)
        return math.hypot(off.x(), off.y()) <= self.theme.px(GRAB)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self._limits and self._reaches(at):
            self._grip = self.pixel(*self.handle) - at
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.show_tip("")
            self.grabbed.emit()
            self.viewport().update()
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._tell(*self._data(event.position() + self._grip))
            event.accept()
            return
        near = bool(self._limits) and self._reaches(event.position())
        super().mouseMoveEvent(event)
        if near != self._near:
            self._near = near
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if near else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.button() == Qt.MouseButton.LeftButton:
            self._grip = None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            self.viewport().update()
            self.dropped.emit()
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._near:
            self._near = False
            self.viewport().update()

    def _on_click(self, event: object) -> None:
        """A click on the surface takes the handle there; a double click brings the whole picture back."""
        left = event.button() == Qt.MouseButton.LeftButton  # type: ignore[attr-defined]
        at = event.scenePos()  # type: ignore[attr-defined]
        if not left or event.double() or not self._limits:  # type: ignore[attr-defined]
            super()._on_click(event)
        elif self.inside().contains(at):
            self.grabbed.emit()
            self._tell(*self._data(at))
            self.dropped.emit()

    # -- painting

    def set_keeps(self, keeps: bool) -> None:
        """Whether the still picture is kept as a bitmap; a drawing that is exported holds shapes."""
        self._keeps = keeps
        self.forget_still()

    def forget_still(self) -> None:
        """Something of the still picture changed."""
        self._still = None
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._still = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._keeps:
            super().paintEvent(event)
            return
        self.scene().prepareForPaint()
        if self._still is None:
            self._still = self._paint_kept()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._still)
        self._paint_live(painter)
        painter.end()

    def _paint_kept(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.viewport().size()
        out = QPixmap(size * ratio)
        out.setDevicePixelRatio(ratio)
        out.fill(self.backgroundBrush().color())
        painter = QPainter(out)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.render(painter, QRectF(0, 0, size.width(), size.height()), self.viewport().rect())
        painter.end()
        return out

    def paint_over(self, painter: QPainter) -> None:
        painter.save()
        self.paint_still(painter)
        painter.restore()
        if not self._keeps:
            self._paint_live(painter)

    def paint_still(self, painter: QPainter) -> None:
        """For panels: what lies over the items and below the handle."""

    def _paint_live(self, painter: QPainter) -> None:
        if not self._limits:
            return
        theme, room = self.theme, self.inside()
        painter.save()
        # On a boundary the handle reaches over the frame.
        over = theme.px(12)
        painter.setClipRect(room.adjusted(-over, -over, over, over))
        if self._bead is not None:
            paint_bead(painter, theme, self.pixel(*self._bead))
        at = self.pixel(*self.handle)
        paint_handle(painter, theme, at, hot=self._near or self.dragging or self._held_by_key)
        if self._label:
            font = text_font(theme, 13.0, bold=True)
            metrics = QFontMetricsF(font)
            size = QSizeF(
                metrics.horizontalAdvance(self._label) + theme.px(12), metrics.height() + theme.px(4)
            )
            gap = theme.px(16)
            left = at.x() + gap if at.x() + gap + size.width() < room.right() else at.x() - gap - size.width()
            top = min(max(at.y() - size.height() - theme.px(8), room.top()), room.bottom() - size.height())
            paint_label(painter, theme, font, QRectF(QPointF(left, top), size), self._label, theme.accent)
        painter.restore()
