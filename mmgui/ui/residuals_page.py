"""Residuals: what the model leaves over, and whether it looks like chance."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.residuals_old import ResidualsFigure
from mmgui.plots.residuals_plot import ResidualsPlot
from mmgui.ui.results_page import ResultsPage


class ResidualsPage(ResultsPage):
    """Residuals over fitted values, and the normal quantiles of residuals and conditional modes."""

    key = "residuals"
    title = "Residuals"
    parts = (Part.RESIDUALS,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self.plot = ResidualsPlot(themes, selection)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.plot)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.RESIDUALS and isinstance(figure, ResidualsFigure):
            self.plot.set_data(figure)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
