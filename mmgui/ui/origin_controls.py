"""Where the zero is put: a slider, a number, marks, the slope chosen, and the button that uses it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.origin import OriginMark
from mmgui.ui.choice_combo import ChoiceCombo

STEPS = 1000


class OriginControls(QWidget):
    """Two lines; says where the person wants the zero."""

    origin_chosen = Signal(float)
    mark_chosen = Signal(float)
    slope_chosen = Signal(int)
    use_wanted = Signal()

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("originControls")
        self._limits = (0.0, 1.0)
        self._names: tuple[str, ...] = ()
        self.combo = ChoiceCombo("originSlope", "Slope whose zero is moved")
        self.combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.combo.chosen.connect(self.slope_chosen)
        self.label = QLabel()
        self.label.setObjectName("originLabel")
        self.value = QDoubleSpinBox()
        self.value.setObjectName("originValue")
        self.value.setAccessibleName("Zero of the variable")
        self.value.setRange(-1e12, 1e12)
        self.value.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.value.setKeyboardTracking(False)
        self.value.valueChanged.connect(self.origin_chosen)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("originSlider")
        self.slider.setAccessibleName("Move the zero of the variable")
        self.slider.setRange(0, STEPS)
        self.slider.valueChanged.connect(self._on_slider)
        self.use = QPushButton("Use this origin")
        self.use.setObjectName("useOriginButton")
        self.use.setAccessibleName("Fit the model with its zero here, beside this one")
        self.use.setToolTip("Fit the model with its zero here, beside this one")
        self.use.setProperty("role", "pill")
        self.use.clicked.connect(self.use_wanted)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._first.addWidget(self.combo)
        self._first.addWidget(self.label)
        self._first.addWidget(self.value)
        self._first.addWidget(self.slider, 1)
        self._marks: list[QPushButton] = []
        self._second.addStretch(1)
        self._second.addWidget(self.use)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._first)
        self._box.addLayout(self._second)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    @property
    def index(self) -> int:
        """The slope chosen."""
        return max(self.combo.currentIndex(), 0)

    @property
    def limits(self) -> tuple[float, float]:
        """What the slider reaches."""
        return self._limits

    def set_slopes(self, names: tuple[str, ...]) -> None:
        """Offer these slopes; the choice stays while they are the same."""
        if names != self._names:
            self._names = names
            with self.combo.filling():
                self.combo.clear()
                self.combo.addItems(names)
        self.combo.setVisible(len(names) > 1)

    def set_range(self, limits: tuple[float, float], marks: tuple[OriginMark, ...], column: str) -> None:
        """Reach so far, with buttons for these places."""
        self._limits = limits
        self.label.setText(f"Zero of {column} at")
        wide = limits[1] - limits[0]
        with QSignalBlocker(self.value):
            self.value.setDecimals(max(0, min(3 - _power(wide), 8)))
            self.value.setSingleStep(10.0 ** (_power(wide) - 1))
        for button in self._marks:
            self._second.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._marks = [self._mark(m) for m in _told_apart(marks)]
        for k, button in enumerate(self._marks):
            self._second.insertWidget(k, button)

    def widen(self, limits: tuple[float, float]) -> None:
        """Let the slider reach further."""
        self._limits = limits

    def show_origin(self, origin: float, *, usable: bool) -> None:
        """Say where the zero is."""
        low, high = self._limits
        with QSignalBlocker(self.slider), QSignalBlocker(self.value):
            self.slider.setValue(round(STEPS * (origin - low) / (high - low)))
            self.value.setValue(origin)
        if self.use.isEnabled() != usable:
            self.use.setEnabled(usable)

    def _mark(self, mark: OriginMark) -> QPushButton:
        button = QPushButton(mark.words)
        button.setObjectName(f"originMark{mark.key.capitalize()}")
        button.setAccessibleName(f"Put the zero at {mark.words}")
        button.setProperty("role", "pill")
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False, value=mark.value: self.mark_chosen.emit(value))
        return button

    @Slot(int)
    def _on_slider(self, step: int) -> None:
        low, high = self._limits
        self.origin_chosen.emit(low + step / STEPS * (high - low))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.px(6))
        self._first.setSpacing(theme.px(8))
        self._second.setSpacing(theme.px(6))
        self.value.setMaximumWidth(theme.px(110))


def _told_apart(marks: tuple[OriginMark, ...]) -> list[OriginMark]:
    """Each place once: where the smallest x is 0, that needs no mark of its own."""
    out: list[OriginMark] = []
    for mark in marks:
        if all(mark.value != other.value for other in out):
            out.append(mark)
    return out


def _power(wide: float) -> int:
    """Digits before the point of a width; less than 1 for one below 1."""
    return math.floor(math.log10(wide)) + 1
