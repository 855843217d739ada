"""Where the zero is put: a slider, a number, marks, the slope chosen, and the button that uses it."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.origin import OriginFigure, OriginMark
from mmgui.numbers import number, read
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.origin_slider import OriginSlider
from mmgui.ui.pill import pill
from mmgui.ui.view_choice import ViewChoice

TURNS = tuple(
    (f"originTurn{k}Button", words, f"Show {words} beside the lines")
    for k, words in enumerate(("Ellipse", "ρ", "Fit"))
)
"""What stands beside the lines where there is no room for all."""


class OriginControls(QWidget):
    """Two lines, or one in a low pane; says where the person wants the zero."""

    origin_chosen = Signal(float)
    mark_chosen = Signal(float)
    slope_chosen = Signal(int)
    use_wanted = Signal()

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("originControls")
        self._names: tuple[str, ...] = ()
        self._figure: OriginFigure | None = None
        self._origin = 0.0
        self.combo = ChoiceCombo("originSlope", "Slope whose zero is moved")
        self.combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.combo.chosen.connect(self.slope_chosen)
        self.label = QLabel()
        self.label.setObjectName("originLabel")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.value = QLineEdit()
        self.value.setObjectName("originValue")
        self.value.setAccessibleName("Zero of the variable")
        self.value.editingFinished.connect(self._on_typed)
        self.slider = OriginSlider(themes)
        self.slider.wanted.connect(self.origin_chosen)
        meaning = "Fit the model with its zero here, beside this one"
        self.use = pill("useOriginButton", "Use this origin", meaning, checkable=False)
        self.use.clicked.connect(self.use_wanted)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._first.addWidget(self.combo)
        self._first.addWidget(self.label)
        self._first.addWidget(self.value)
        self._first.addWidget(self.slider, 1)
        self._marks: list[QPushButton] = []
        self.turns = ViewChoice("originTurns", "Picture beside the lines", TURNS)
        self.turns.hide()
        self._second.addWidget(self.turns)
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
        return self.slider.limits

    def set_slopes(self, names: tuple[str, ...]) -> None:
        """Offer these slopes; the choice stays while they are the same."""
        if names != self._names:
            self._names = names
            with self.combo.filling():
                self.combo.clear()
                self.combo.addItems(names)
        self.combo.setVisible(len(names) > 1)

    def set_figure(self, figure: OriginFigure) -> None:
        """Reach as far as the figure does, with buttons for its marks."""
        limits, marks = figure.span, _told_apart(figure.marks)
        self.slider.set_reach(limits, figure.data, tuple(m.value for m in marks))
        self.label.setText(f"Zero of {figure.column} at")
        self._figure = figure
        for button in self._marks:
            self._second.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._marks = [self._mark(m) for m in marks]
        for k, button in enumerate(self._marks):
            self._second.insertWidget(k, button)

    def widen(self, limits: tuple[float, float]) -> None:
        """Let the slider reach further."""
        self.slider.widen(limits)

    def show_origin(self, origin: float, *, usable: bool) -> None:
        """Say where the zero is."""
        self._origin = origin
        self.slider.show_value(origin)
        figure = self._figure
        text = number(origin) if figure is None else figure.tidy(origin)
        if self.value.text() != text:
            self.value.setText(text)
        if self.use.isEnabled() != usable:
            self.use.setEnabled(usable)

    def _mark(self, mark: OriginMark) -> QPushButton:
        name, meaning = f"originMark{mark.key.capitalize()}", f"Put the zero at {mark.words}"
        button = pill(name, mark.words, meaning, checkable=False)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False, value=mark.value: self.mark_chosen.emit(value))
        return button

    @Slot()
    def _on_typed(self) -> None:
        """Go to the number typed; what is none is put back."""
        figure, text = self._figure, self.value.text().strip()
        if figure is None or text == figure.tidy(self._origin):
            return
        origin = read(text)
        if math.isfinite(origin):
            self.origin_chosen.emit(origin)
        else:
            self.value.setText(figure.tidy(self._origin))

    def adapt(self, *, low: bool, narrow: bool) -> None:
        """In a low pane the pictures' turns take the place of the marks; a narrow one has two of these."""
        self.turns.setVisible(low)
        row = self._first if low and not narrow else self._second
        if row.indexOf(self.use) < 0:
            for widget in (self.turns, self.use):
                self._first.removeWidget(widget)
                self._second.removeWidget(widget)
            # In the second line a stretch stands before the button, in the first the slider.
            row.insertWidget(row.count() if row is self._first else 0, self.turns)
            row.addWidget(self.use)
        for button in self._marks:
            kept = not narrow or button.objectName() in ("originMarkMean", "originMarkNarrowest")
            button.setVisible(not low and kept)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(6))
        self._first.setSpacing(theme.air(8))
        self._second.setSpacing(theme.air(6))
        self.turns.set_spacing(theme.air(6))
        self.value.setFixedWidth(theme.px(92))


def _told_apart(marks: tuple[OriginMark, ...]) -> list[OriginMark]:
    """Each place once: where the smallest x is 0, that needs no mark of its own."""
    out: list[OriginMark] = []
    for mark in marks:
        if all(mark.value != other.value for other in out):
            out.append(mark)
    return out
