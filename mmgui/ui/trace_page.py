"""The fit trace: the criterion and the parameters by evaluation, live and afterwards."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.trace import TraceFigure
from mmgui.plots.trace_plot import TracePlot
from mmgui.ui.results_page import ResultsPage


class TracePage(ResultsPage):
    """What the optimiser did."""

    key = "trace"
    title = "Fit trace"
    parts = (Part.TRACE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self.plot = TracePlot(themes, selection)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.plot)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.TRACE and isinstance(figure, TraceFigure):
            self.plot.set_data(figure)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
