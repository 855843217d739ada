"""The fit trace: the criterion and the parameters by evaluation, live and afterwards."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.trace import TraceFigure
from mmgui.plots.trace_plot import TracePlot
from mmgui.ui.results_page import ResultsPage


class TracePage(ResultsPage):
    """What the optimiser did; a click on an evaluation leads all pages there."""

    key = "trace"
    title = "Fit trace"
    parts = (Part.TRACE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figure: TraceFigure | None = None
        self.plot = TracePlot(themes, selection)
        self.sds = _pill("traceSds", "SDs", "Standard deviations, in the units of the response")
        self.theta = _pill("traceTheta", "θ", "The relative covariance parameters, which the optimiser moves")
        self.log = _pill("traceLog", "Log", "The distance to the best criterion as its logarithm")
        group = QButtonGroup(self)
        for button in (self.sds, self.theta):
            group.addButton(button)
        self.sds.setChecked(True)
        self._row = QHBoxLayout()
        for button in (self.sds, self.theta, self.log):
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._row)
        self._box.addWidget(self.plot, 1)
        self.theta.toggled.connect(self._on_below)
        self.log.toggled.connect(self.plot.show_distance)
        self.plot.evaluation_clicked.connect(scene.film.go_to_evaluation)
        scene.film.opened_changed.connect(self._on_film)
        scene.film.position_changed.connect(self._on_position)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.TRACE and isinstance(figure, TraceFigure) and figure is not self._figure:
            self._figure = figure
            self._show_path()

    def _show_path(self) -> None:
        """The path of the film that is open, where it is another one than the fit's."""
        film = self.scene.film.film
        other = None if film is None else film.path
        self.plot.set_data(self._figure if other is None else other)
        self.plot.set_current(self.scene.film.place)

    @Slot(bool)
    def _on_film(self, _opened: bool) -> None:
        self._show_path()

    @Slot(float)
    def _on_position(self, _position: float) -> None:
        self.plot.set_current(self.scene.film.place)

    @Slot(bool)
    def _on_below(self, theta: bool) -> None:
        self.plot.show_below("theta" if theta else "sds")

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(14))
        self._box.setSpacing(theme.air(8))
        self._row.setSpacing(theme.air(6))


def _pill(name: str, words: str, tip: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.setProperty("role", "pill")
    button.setCheckable(True)
    return button
