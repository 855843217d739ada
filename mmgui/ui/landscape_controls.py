"""What a person chooses of a landscape: the parameters on its axes, and what the others do."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme
from mmgui.figures.landscape import NO_OTHER, LandscapeFigure
from mmgui.ui.choice_combo import ChoiceCombo

CURVE = "nothing: a curve"
HELD, PROFILED = "stay where the handle is", "take their best values"
HINT = "What the parameters do that are on neither axis"


class LandscapeControls(QWidget):
    """Two lists for the axes, one for the others; beside them how far a landscape has come."""

    axes_chosen = Signal(str, str)
    others_chosen = Signal(bool)
    """Whether the others take their best values."""
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: LandscapeFigure | None = None
        self.across = ChoiceCombo("landscapeX", "Parameter across")
        self.up = ChoiceCombo("landscapeY", "Parameter up")
        self.others = ChoiceCombo("landscapeOthers", "The others")
        self.others.addItems([HELD, PROFILED])
        self.others.setToolTip(HINT)
        self.across.chosen.connect(self._on_across)
        self.up.chosen.connect(self._on_up)
        self.others.chosen.connect(self._on_others)
        self.progress = QLabel()
        self.progress.setObjectName("landscapeProgress")
        self.progress.setProperty("role", "muted")
        self.stop = QPushButton("Stop")
        self.stop.setObjectName("landscapeStop")
        self.stop.setAccessibleName("Stop drawing the landscape")
        self.stop.setProperty("role", "link")
        self.stop.clicked.connect(self.stop_wanted)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._labels: list[QLabel] = []
        for words, combo in (("Across", self.across), ("Up", self.up), ("The others", self.others)):
            label = QLabel(words)
            label.setProperty("role", "muted")
            label.setBuddy(combo)
            combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(label)
            self._labels.append(label)
            row.addWidget(combo, 1)
        row.addWidget(self.progress)
        row.addWidget(self.stop)
        row.addStretch(0)
        self.show_progress(0, 0)

    def fill(self, figure: LandscapeFigure) -> None:
        """Offer what this fit has; the second list only what can stand beside the first."""
        self._figure = figure
        across = figure.axes[0].parameter
        names = tuple(p.name for p in figure.parameters)
        with self.across.filling():
            self.across.clear()
            self.across.addItems(names)
            self.across.setCurrentText(across.name)
        with self.up.filling():
            self.up.clear()
            self.up.addItems([*across.partners, CURVE])
            self.up.setCurrentText(figure.names[1] if len(figure.names) == 2 else CURVE)
        for combo in (self.across, self.up):
            combo.setToolTip(plain_tip(f"{combo.accessibleName()}: {combo.currentText()}"))

    def show_others(self, profiled: bool) -> None:
        """What the others do."""
        with self.others.filling():
            self.others.setCurrentIndex(int(profiled))

    def show_progress(self, done: int, total: int) -> None:
        """How far a landscape has come; nothing where none is under way."""
        self.progress.setText(f"{100 * done // total} %" if total else "")
        self.progress.setVisible(total > 0)
        self.stop.setVisible(total > 0)

    def adapt(self, theme: Theme, *, narrow: bool) -> None:
        """In a narrow pane the lists take the room of their labels, which their tooltips repeat."""
        self._row.setSpacing(theme.air(8))
        for label in self._labels:
            label.setVisible(not narrow)

    @Slot(int)
    def _on_across(self, _index: int) -> None:
        across, up = self.across.currentText(), self._up()
        # Choosing what stands upwards swaps the two.
        before = "" if self._figure is None else self._figure.names[0]
        self.axes_chosen.emit(across, before if across == up else up)

    @Slot(int)
    def _on_up(self, _index: int) -> None:
        self.axes_chosen.emit(self.across.currentText(), self._up())

    def _up(self) -> str:
        text = self.up.currentText()
        return NO_OTHER if text == CURVE else text

    @Slot(int)
    def _on_others(self, index: int) -> None:
        self.others_chosen.emit(index == 1)
