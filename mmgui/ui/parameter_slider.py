"""One covariance parameter: its name, a slider with a tick at the best fit, and a field for its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QSlider, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme
from mmgui.numbers import decimal, number
from mmgui.plots.style import color, pen
from mmgui.ui.elided_label import ElidedLabel

if TYPE_CHECKING:
    from mmgui.figures.moved import MovedParameter

STEPS = 1000
PAGE = 50
FIELD, HEIGHT = 56, 22
LIMITED = 1e-3


class ValueSlider(QSlider):
    """A horizontal slider over an interval; shows where the fit is and which values are possible."""

    wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._reach, self._bounds, self._tick = (0.0, 1.0), (0.0, 1.0), 0.0
        self._hue, self._theme = "#000000", Theme.__new__(Theme)
        self._dressed = self._filling = False
        self.valueChanged.connect(self._on_value)

    def dress(self, theme: Theme, hue: str) -> None:
        """Draw in a look, the moved part in ``hue``."""
        self._theme, self._hue, self._dressed = theme, hue, True
        self.setFixedHeight(theme.px(HEIGHT))
        self.update()

    def show_value(
        self, value: float, tick: float, bounds: tuple[float, float], reach: tuple[float, float]
    ) -> None:
        """Show a value among those possible; tells nobody."""
        changed = (reach, bounds, tick) != (self._reach, self._bounds, self._tick)
        self._reach, self._bounds, self._tick = reach, bounds, tick
        self._filling = True
        self.setValue(round(self._share(value) * STEPS))
        self._filling = False
        if changed:
            self.update()

    def _share(self, value: float) -> float:
        low, high = self._reach
        return min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)

    @Slot(int)
    def _on_value(self, step: int) -> None:
        if not self._filling:
            low, high = self._reach
            self.wanted.emit(low + (high - low) * step / STEPS)

    # -- the mouse goes where it points, the wheel scrolls the column

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

    def _follow(self, event: QMouseEvent) -> None:
        room = self._room()
        share = (event.position().x() - room.left()) / max(room.width(), 1.0)
        self.setValue(round(min(max(share, 0.0), 1.0) * STEPS))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    # -- painting

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def _room(self) -> QRectF:
        radius = self._theme.px(8)
        return QRectF(self.rect()).adjusted(radius, 0, -radius, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._dressed:
            return
        theme, room = self._theme, self._room()
        middle = room.center().y()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

        def at(share: float) -> QPointF:
            return QPointF(room.left() + share * room.width(), middle)

        low, high = self._share(self._bounds[0]), self._share(self._bounds[1])
        if low > LIMITED or high < 1.0 - LIMITED:
            # What the others leave possible, on a thin line that stands for all values.
            painter.setPen(pen(theme.line, theme.px(1.5)))
            painter.drawLine(at(0.0), at(1.0))
        painter.setPen(pen(theme.line, theme.px(4)))
        painter.drawLine(at(low), at(high))
        here, fit = at(self.value() / STEPS), at(self._share(self._tick))
        enabled = self.isEnabled()
        if enabled and abs(here.x() - fit.x()) > 1.0:
            painter.setPen(pen(self._hue, theme.px(4)))
            painter.drawLine(fit, here)
        painter.setPen(pen(theme.muted, theme.px(2)))
        painter.drawLine(QPointF(fit.x(), middle - theme.px(7)), QPointF(fit.x(), middle + theme.px(7)))
        radius = theme.px(7)
        if self.hasFocus() or self.isSliderDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(self._hue, 0.25))
            painter.drawEllipse(here, radius * 1.5, radius * 1.5)
        painter.setPen(pen(theme.surface, theme.line_width))
        painter.setBrush(color(self._hue if enabled else theme.line))
        painter.drawEllipse(here, radius, radius)
        painter.end()


class NumberField(QLineEdit):
    """Takes a number when Enter is pressed or the field is left; what is no number is put back."""

    entered = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setProperty("role", "quiet")
        self._shown = ""
        self.editingFinished.connect(self._on_finished)

    def show_value(self, value: float, *, correlation: bool = False) -> None:
        """Show a value unless the person is typing one."""
        self._shown = correlation_text(value) if correlation else number(value)
        if not (self.hasFocus() and self.isModified()):
            self.setText(self._shown)
            # Of a number that is longer than the field the first digits are the ones that matter.
            self.setCursorPosition(0)

    @Slot()
    def _on_finished(self) -> None:
        text = self.text().strip().replace("−", "-").replace(",", ".")
        typed = self.isModified()
        self.setModified(False)
        if not typed or self.text() == self._shown:
            return
        try:
            value = float(text)
        except ValueError:
            self.setText(self._shown)
            return
        self.entered.emit(value)


class NameLabel(ElidedLabel):
    """A parameter's name; a double click asks for the fit's value."""

    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()
        event.accept()


def correlation_text(value: float) -> str:
    """With two places, more where it is nearly 1: ``0.07``, ``−0.996``, ``1``."""
    near = 1.0 - abs(value)
    return decimal(value, 2 if near >= 0.05 else 3 if near >= 5e-6 else 0)


class ParameterSlider(QWidget):
    """Name and number above, the slider below."""

    wanted = Signal(str, float)
    released = Signal()

    def __init__(
        self, position: int, parameter: MovedParameter, words: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._term = parameter.name, parameter.term
        self._estimate = parameter.estimate
        self.setObjectName(f"parameterRow{position}")
        self.label = NameLabel(words)
        self.label.setObjectName(f"sliderName{position}")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.slider = ValueSlider()
        self.slider.setObjectName(f"slider{position}")
        self.slider.setAccessibleName(parameter.name)
        self.field = NumberField()
        self.field.setObjectName(f"sliderField{position}")
        self.field.setAccessibleName(f"{parameter.name}: value")
        self.label.setBuddy(self.slider)
        self.label.double_clicked.connect(self._on_back)
        self.slider.wanted.connect(self._on_wanted)
        self.slider.sliderReleased.connect(self.released)
        self.field.entered.connect(self._on_wanted)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.slider, 1, 0, 1, 2)

    def dress(self, theme: Theme) -> None:
        """Draw in a look."""
        hue = theme.text if self._term < 0 else theme.term_color(self._term)
        self.label.setStyleSheet(f"color: {hue}; background: transparent; font-size: {theme.px(12)}px;")
        self.slider.dress(theme, theme.muted if self._term < 0 else hue)
        self.field.setStyleSheet(
            f"QLineEdit {{ border: 1px solid transparent; background: transparent; padding: {theme.px(1)}px "
            f"{theme.px(3)}px; }} QLineEdit:hover, QLineEdit:focus {{ border-color: {theme.accent}; }}"
        )
        self.field.setFixedWidth(max(theme.px(FIELD), self._widest(theme)))

    def _widest(self, theme: Theme) -> int:
        """Room for the numbers along the slider, known before it is moved."""
        metrics = self.field.fontMetrics()
        texts = (number(k * self._estimate) for k in (1.0, 2.0, 3.0))
        return max(metrics.horizontalAdvance(t) for t in texts) + theme.px(14)

    def show_parameter(self, parameter: MovedParameter) -> None:
        """Show where the parameter is."""
        self.slider.show_value(parameter.value, parameter.estimate, parameter.bounds, parameter.reach)
        self.field.show_value(parameter.value, correlation=parameter.kind == "correlation")
        movable = parameter.movable
        if movable != self.slider.isEnabled() or not self.toolTip():
            self.slider.setEnabled(movable)
            self.field.setEnabled(movable)
            hint = f"At the fit: {number(parameter.estimate, 4)}. Double-click the name to return to it."
            why = "The other correlations leave this one no room while they are as they are."
            self.setToolTip(plain_tip(f"{parameter.name}\n{hint if movable else why}"))

    @Slot(float)
    def _on_wanted(self, value: float) -> None:
        self.wanted.emit(self._name, value)

    @Slot()
    def _on_back(self) -> None:
        self.wanted.emit(self._name, self._estimate)
        self.released.emit()
