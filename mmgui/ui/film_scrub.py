"""The line of a film: where it stands, and which of its frames were steps, trials, or a new start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.plots.style import color, pen

if TYPE_CHECKING:
    from mmgui.figures.film import Film, FilmFrame

PER_FRAME = 50
"""Positions between two frames."""
HANDLE, TICK, TRIAL = 7.0, 6.0, 3.0
SPARSE = 5.0
"""Ticks closer than so many pixels leave out those of trials."""


class FilmScrub(QSlider):
    """A slider whose arrow keys go from frame to frame; a click goes where it was made."""

    stepped = Signal(int)
    scrubbed = Signal(float)
    toggled = Signal()

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("filmScrub")
        self.setAccessibleName("Position in the film")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._themes = themes
        self._frames: tuple[FilmFrame, ...] = ()
        self.sliderMoved.connect(self._on_slider)

    def show_film(self, film: Film | None) -> None:
        """Lay out the frames of a film."""
        self._frames = () if film is None else film.frames
        self.setRange(0, max(len(self._frames) - 1, 0) * PER_FRAME)
        self.update()

    def show_position(self, position: float) -> None:
        """Stand where the film stands."""
        self.setValue(round(position * PER_FRAME))

    def _on_slider(self, value: int) -> None:
        self.scrubbed.emit(value / PER_FRAME)

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1,
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps:
            self.stepped.emit(steps[key])
        elif key == Qt.Key.Key_Space:
            self.toggled.emit()
        elif key == Qt.Key.Key_Home:
            self.scrubbed.emit(0.0)
        elif key == Qt.Key.Key_End:
            self.scrubbed.emit(self.maximum() / PER_FRAME)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._frames:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _go_to(self, x: float) -> None:
        left, right = self._ends()
        share = min(max((x - left) / max(right - left, 1.0), 0.0), 1.0)
        self.scrubbed.emit(self._near_a_frame(share * self.maximum() / PER_FRAME, right - left))

    def _near_a_frame(self, position: float, length: float) -> float:
        """A frame draws the hand that comes within a few pixels of it."""
        apart = length / max(len(self._frames) - 1, 1)
        nearest = round(position)
        return float(nearest) if abs(position - nearest) * apart <= min(4.0, 0.3 * apart) else position

    # -- painted

    def sizeHint(self) -> QSize:
        theme = self._themes.theme
        return QSize(theme.px(160), theme.px(20))

    def minimumSizeHint(self) -> QSize:
        theme = self._themes.theme
        return QSize(theme.px(60), theme.px(20))

    def _ends(self) -> tuple[float, float]:
        edge = self._themes.theme.px(HANDLE) + 2.0
        return edge, self.width() - edge

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self._ends()
        middle = self.height() / 2.0
        at = left + (right - left) * self.value() / max(self.maximum(), 1)
        painter.setPen(pen(theme.line, theme.px(3)))
        painter.drawLine(QPointF(left, middle), QPointF(right, middle))
        painter.setPen(pen(theme.accent, theme.px(3), alpha=0.55))
        painter.drawLine(QPointF(left, middle), QPointF(at, middle))
        self._paint_ticks(painter, theme, left, right, middle)
        radius = theme.px(HANDLE)
        painter.setBrush(color(theme.surface))
        painter.setPen(pen(theme.accent, theme.px(2.5 if self.hasFocus() else 2.0)))
        painter.drawEllipse(QRectF(at - radius + 1, middle - radius + 1, 2 * radius - 2, 2 * radius - 2))
        if self.hasFocus():
            painter.setBrush(color(theme.accent))
            painter.drawEllipse(QPointF(at, middle), radius * 0.35, radius * 0.35)

    def _paint_ticks(self, painter: QPainter, theme: Theme, left: float, right: float, middle: float) -> None:
        last = max(len(self._frames) - 1, 1)
        apart = (right - left) / last
        for k, frame in enumerate(self._frames):
            if not frame.step and apart < theme.px(SPARSE):
                continue
            x = left + k * apart
            if not frame.joined:
                # The search begins again: nothing leads here.
                painter.setPen(pen(theme.warn, theme.px(1.5)))
                painter.drawLine(QPointF(x - apart / 2, middle - 9), QPointF(x - apart / 2, middle + 9))
            half = theme.px(TICK if frame.step else TRIAL)
            painter.setPen(pen(theme.accent if frame.step else theme.muted, theme.px(1.5)))
            painter.drawLine(QPointF(x, middle - half), QPointF(x, middle + half))
