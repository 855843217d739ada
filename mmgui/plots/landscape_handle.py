"""A panel with a handle to drag: with every move only the handle and its label are painted."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QHideEvent, QMouseEvent, QPainter

from mmgui.plots.area import PlotArea
from mmgui.plots.labels import paint_label
from mmgui.plots.landscape_marks import paint_bead, paint_handle, paint_way_out
from mmgui.plots.style import text_font

GRAB, OVER = 22.0, 12.0
"""Pixels, at scale 1, from which the handle can be taken, and that it may reach over the frame."""
SECOND_CLICK_MS = 250
"""How long a click waits for a second one at the most: longer, and the handle would seem stuck."""
Point = tuple[float, float]


class HandleArea(PlotArea):
    """A handle in data coordinates.

    ``dragged`` tells where the hand wants it, within ``set_limits``; whoever listens says with ``set_handle``
    where it is.
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
        self._near = self._held_by_key = self._twice = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._go)
        self._click: Point | None = None

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
        self.forget_click()
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

    def seen(self) -> QPointF:
        """Where the handle is on screen; beyond the edge, the place at the edge where an arrow stands for it.

        On a boundary the handle itself reaches over the frame.
        """
        at, over = self.pixel(*self.handle), self.theme.px(OVER)
        room = self.inside()
        if room.adjusted(-over, -over, over, over).contains(at):
            return at
        room = room.adjusted(over, over, -over, -over)
        return QPointF(
            min(max(at.x(), room.left()), room.right()), min(max(at.y(), room.top()), room.bottom())
        )

    # -- the mouse

    def _reaches(self, at: QPointF) -> bool:
        off = at - self.seen()
        return math.hypot(off.x(), off.y()) <= self.theme.px(GRAB)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._twice = True
        super().mouseDoubleClickEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at, self._twice = event.position(), False
        if event.button() == Qt.MouseButton.LeftButton and self._limits and self._reaches(at):
            # A handle beyond the edge comes to the hand.
            self._grip = self.seen() - at
            self.forget_click()
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
        """A click on the surface takes the handle there, unless it is the first half of a double click, which
        brings the whole picture back."""
        left = event.button() == Qt.MouseButton.LeftButton  # type: ignore[attr-defined]
        at = event.scenePos()  # type: ignore[attr-defined]
        if left and (self._twice or event.double()):  # type: ignore[attr-defined]
            self.forget_click()
            self.reset_view()
        elif not left or not self._limits:
            super()._on_click(event)
        elif self.inside().contains(at):
            self._click = self._data(at)
            self._wait.start(min(QGuiApplication.styleHints().mouseDoubleClickInterval(), SECOND_CLICK_MS))

    def forget_click(self) -> None:
        """A click that still waits for a second one takes the handle nowhere."""
        self._wait.stop()

    @Slot()
    def _go(self) -> None:
        if self._click is not None:
            self.grabbed.emit()
            self._tell(*self._click)
            self.dropped.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.forget_click()

    # -- painted on top of what stands still

    def paint_over(self, painter: QPainter) -> None:
        if not self._limits:
            return
        theme, room = self.theme, self.inside()
        painter.save()
        over = theme.px(OVER)
        painter.setClipRect(room.adjusted(-over, -over, over, over))
        if self._bead is not None:
            paint_bead(painter, theme, self.pixel(*self._bead))
        at, handle = self.seen(), self.pixel(*self.handle)
        if at != handle:
            paint_way_out(painter, theme, at, handle)
        else:
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
