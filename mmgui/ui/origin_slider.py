"""A slider over the values of a variable: where its data lie, and marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from mmgui.app.theme import Theme, ThemeModel
from mmgui.plots.style import color, pen

STEPS = 1000
HEIGHT = 24


class OriginSlider(QSlider):
    """Goes where the mouse points; the wheel scrolls the page."""

    wanted = Signal(float)

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("originSlider")
        self.setAccessibleName("Move the zero of the variable")
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._themes = themes
        self._limits, self._data = (0.0, 1.0), (0.0, 1.0)
        self._ticks: tuple[float, ...] = ()
        self._filling = False
        self.valueChanged.connect(self._on_value)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    @property
    def limits(self) -> tuple[float, float]:
        """What the slider reaches."""
        return self._limits

    def set_reach(
        self, limits: tuple[float, float], data: tuple[float, float], ticks: tuple[float, ...]
    ) -> None:
        """Reach so far; the data lie so, and these places are marked."""
        self._limits, self._data, self._ticks = limits, data, ticks
        self.update()

    def widen(self, limits: tuple[float, float]) -> None:
        """Reach further."""
        self._limits = limits
        self.update()

    def show_value(self, value: float) -> None:
        """Show a value; tells nobody."""
        self._filling = True
        self.setValue(round(self._share(value) * STEPS))
        self._filling = False

    def _share(self, value: float) -> float:
        low, high = self._limits
        return min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)

    @Slot(int)
    def _on_value(self, step: int) -> None:
        if not self._filling:
            low, high = self._limits
            self.wanted.emit(low + (high - low) * step / STEPS)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self.setFixedHeight(theme.px(HEIGHT))
        self.update()

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _follow(self, event: QMouseEvent) -> None:
        edge = self._edge()
        share = (event.position().x() - edge) / max(self.width() - 2 * edge, 1.0)
        self.setValue(round(min(max(share, 0.0), 1.0) * STEPS))

    # -- painting

    def _edge(self) -> float:
        return float(self._themes.theme.px(9))

    def _x(self, value: float) -> float:
        return self._edge() + self._share(value) * (self.width() - 2 * self._edge())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, middle = self._themes.theme, self.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme.line, theme.px(3)))
        painter.drawLine(QPointF(self._edge(), middle), QPointF(self.width() - self._edge(), middle))
        painter.setPen(pen(theme.accent, theme.px(3), alpha=0.55))
        painter.drawLine(QPointF(self._x(self._data[0]), middle), QPointF(self._x(self._data[1]), middle))
        painter.setPen(pen(theme.muted, theme.line_width))
        for value in self._ticks:
            x = self._x(value)
            painter.drawLine(QPointF(x, middle - theme.px(6)), QPointF(x, middle + theme.px(6)))
        at = QPointF(self._edge() + self.value() / STEPS * (self.width() - 2 * self._edge()), middle)
        painter.setPen(pen(theme.accent if self.hasFocus() else theme.surface, theme.line_width * 1.6))
        painter.setBrush(color(theme.accent))
        painter.drawEllipse(at, theme.px(8), theme.px(8))
        painter.end()
