"""Groups: each group's data with its own line, everyone's line, and the model's."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.groups import GroupsFigure
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.term_chooser import TermChooser


class GroupsPage(ResultsPage):
    """Small multiples of the groups of one grouping factor."""

    key = "groups"
    title = "Groups"
    parts = (Part.GROUPS,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figures: tuple[GroupsFigure, ...] = ()
        self.chooser = TermChooser(themes)
        self.chooser.chosen.connect(self._show_term)
        self.plot = GroupsPlot(themes, selection)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.chooser)
        self._box.addWidget(self.plot, 1)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.GROUPS and isinstance(figure, tuple):
            self._figures = figure
            self.chooser.set_terms(tuple(f.grouping for f in figure), tuple(f.term for f in figure))
            self._show_term(self.chooser.index)

    @Slot(int)
    def _show_term(self, index: int) -> None:
        if self._figures:
            self.plot.set_data(self._figures[min(index, len(self._figures) - 1)])
        else:
            self.plot.set_data(None)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        self._box.setSpacing(theme.px(8))
