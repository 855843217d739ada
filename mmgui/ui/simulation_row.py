"""Below the tests of a comparison: the button that judges them by simulation, its progress and its stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance, Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.ui.results_page import quiet

if TYPE_CHECKING:
    from mmgui.figures.simulated_tests import SimulatedTestsFigure
    from mmgui.spec.document import ShelfModel

MEANING = (
    "Simulate 1,000 responses from the smaller model of each pair, fit both models to each, and see how "
    "often the statistic is at least as large as yours: a p-value that assumes no χ² distribution. "
    "Where one variance is tested, its exact distribution is simulated too."
)


class SimulationRow(QWidget):
    """Knows the models compared; a simulation of models that are no longer shown is stopped."""

    changed = Signal()
    grown = Signal()
    """It takes more room, or less."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("simulationRow")
        self._analyses = workspace.analyses
        self._models: tuple[ShelfModel, ...] = ()
        self._testable = False
        self._lines = (False, False, True)
        self.figure: SimulatedTestsFigure | None = None
        self.button = _button("Simulate p-values…", "simulateTestsButton", "Simulate p-values")
        self.button.setToolTip(MEANING)
        self.stop_button = _button("Stop", "simulationStopButton", "Stop the simulation")
        self._bar = QProgressBar()
        self._bar.setObjectName("simulationProgress")
        self._bar.setAccessibleName("Responses simulated")
        self._bar.setTextVisible(False)
        self._words = quiet(name="simulationWords")
        self._words.setAccessibleName("About the simulated p-values")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = QHBoxLayout()
        self._line.addWidget(self.button)
        self._line.addWidget(self._bar, 1)
        self._line.addWidget(self.stop_button)
        self._line.addStretch(0)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._line)
        self._box.addWidget(self._words)
        self.button.clicked.connect(self._on_button)
        self.stop_button.clicked.connect(self._on_stop)
        self._analyses.analysis_changed.connect(self._on_analysis)
        self._analyses.advanced.connect(self._on_advanced)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)
        self._refresh()

    def set_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Compare other models, or none; what is simulated for those before is stopped and kept."""
        if models == self._models:
            return
        if self._models and self._analyses.simulation_advance(self._models) is not None:
            self._analyses.stop_simulation(self._models)
        self._models = models
        self._refresh()

    def set_testable(self, testable: bool) -> None:
        """Whether there is a nested pair among the models."""
        self._testable = testable
        self._refresh()

    @Slot()
    def _on_button(self) -> None:
        self._analyses.simulate(self._models)
        self._refresh()

    @Slot()
    def _on_stop(self) -> None:
        self._analyses.stop_simulation(self._models)

    @Slot(object)
    def _on_analysis(self, analysis: Analysis) -> None:
        if analysis.topic.part is Part.SIMULATION:
            self._refresh()

    @Slot(object)
    def _on_advanced(self, advance: Advance) -> None:
        if advance.topic.part is Part.SIMULATION:
            self._refresh()

    def _refresh(self) -> None:
        known = self._analyses.known_simulation(self._models) if self._models else None
        advance = self._analyses.simulation_advance(self._models) if self._models else None
        figure = None if known is None else cast("SimulatedTestsFigure | None", known.figure)
        error = None if known is None else known.error
        self.setVisible(self._testable)
        self.button.setVisible(advance is None)
        self.button.setText("Simulate p-values…" if figure is None else "Simulate again…")
        self._bar.setVisible(advance is not None)
        self.stop_button.setVisible(advance is not None)
        if advance is not None:
            self._bar.setRange(0, advance.total)
            self._bar.setValue(advance.done)
            self.stop_button.setEnabled(not advance.stopping)
            words = _progress(advance)
        elif error is not None:
            words = error.message
        else:
            words = "" if figure is None else figure.words()
        self._words.setText(words)
        self._words.setVisible(bool(words))
        if figure is not self.figure:
            self.figure = figure
            self.changed.emit()
        lines = (self._testable, bool(words), advance is None)
        if lines != self._lines:
            self._lines = lines
            self.grown.emit()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._line.setSpacing(theme.px(8))
        self._box.setSpacing(theme.px(6))


def _progress(advance: Advance) -> str:
    if advance.stopping:
        return "Stopping; what is done is kept …"
    if not advance.total:
        return "Preparing the simulation …"
    return f"Simulating {advance.at}: {advance.done} of {advance.total} responses"


def _button(text: str, name: str, meaning: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(meaning)
    button.setProperty("role", "pill")
    return button
