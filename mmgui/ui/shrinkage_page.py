"""Shrinkage: each group's own estimate pulled to the model's, and what pulls."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part, ShrinkageContent
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.shrinkage import CaterpillarFigure
from mmgui.figures.wording import effect_name
from mmgui.plots.caterpillar_plot import CaterpillarPlot
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.variance_bars import VarianceBars
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.term_chooser import TermChooser, term_names

LOW, NARROW = 620, 560
"""Below which height, at scale 1, the two plots take turns; below which width the side column folds away."""
MATRIX_ROW = 60
"""Height more that each row of a scatter matrix, from the second on, needs."""


class ShrinkagePage(ResultsPage):
    """The plot large, the caterpillar below it; components and correlations at the side."""

    key = "shrinkage"
    title = "Shrinkage"
    parts = (Part.SHRINKAGE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._content: ShrinkageContent | None = None
        self.chooser = TermChooser(themes)
        self.plot = ShrinkagePlot(themes, selection)
        self.caterpillar = CaterpillarPlot(themes, selection)
        self.bars = VarianceBars(themes, selection)
        self.heatmap = CovarianceHeatmap(themes, selection)
        self.chooser.chosen.connect(self._on_chosen)
        self.effects = ChoiceCombo("effectCombo", "Effect of the caterpillar plot")
        self.effects.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.effects.setProperty("role", "quiet")
        self.effects.setToolTip("Which random effect of the groups is shown")
        self.effects.chosen.connect(self.caterpillar.set_effect)
        self.caterpillar.set_corner(self.effects)
        self.caterpillar_button = QPushButton("Caterpillar")
        self.caterpillar_button.setObjectName("caterpillarButton")
        self.caterpillar_button.setAccessibleName("Show the caterpillar plot instead")
        self.caterpillar_button.setProperty("role", "pill")
        self.caterpillar_button.setCheckable(True)
        self.caterpillar_button.toggled.connect(self._adapt)
        choices = QHBoxLayout()
        choices.addWidget(self.chooser, 1)
        choices.addStretch(0)
        choices.addWidget(self.caterpillar_button)
        main = QVBoxLayout()
        main.addLayout(choices)
        main.addWidget(self.plot, 11)
        main.addWidget(self.caterpillar, 6)
        self._side = QWidget()
        self._side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.bars)
        side.addWidget(self.heatmap)
        side.addStretch(1)
        self._main, self._side_box = main, side
        self._row = QHBoxLayout(self)
        self._row.addLayout(main, 1)
        self._row.addWidget(self._side)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.SHRINKAGE and isinstance(figure, ShrinkageContent):
            self._content = figure
            shrinkage = figure.shrinkage
            names = term_names(tuple(f.grouping for f in shrinkage), tuple(f.effects for f in shrinkage))
            self.chooser.set_terms(names)
            self.bars.set_data(figure.variance)
            self._show_term(min(self.chooser.index, len(shrinkage) - 1))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self._show_term(index)

    def _show_term(self, index: int) -> None:
        content = self._content
        if content is None or index < 0:
            return
        self.plot.set_data(content.shrinkage[index])
        self._adapt()
        self.caterpillar.set_data(content.caterpillars[index])
        self._offer_effects(content.caterpillars[index])
        covariance = content.covariance[index]
        self.heatmap.set_data(covariance, mode="correlation")
        self.heatmap.setVisible(len(covariance.effects) > 1)
        theme = self.themes.theme
        self.heatmap.setFixedHeight(
            theme.px(64 + min(48, 260 / len(covariance.effects)) * len(covariance.effects))
        )

    def _offer_effects(self, figure: CaterpillarFigure) -> None:
        with self.effects.filling():
            self.effects.clear()
            self.effects.addItems([effect_name(e) for e in figure.effects])
            self.effects.setCurrentIndex(self.caterpillar.effect())
        self.effects.setVisible(len(figure.effects) > 1)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(12))
        self._row.setSpacing(theme.px(20))
        self._main.setSpacing(theme.px(10))
        self._side_box.setSpacing(theme.px(18))
        self._show_term(self.chooser.index)
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    @Slot()
    def _adapt(self) -> None:
        """In a low pane one plot at a time; in a narrow one no side column."""
        theme = self.themes.theme
        rows = min(self.plot.effects_shown() - 1, 3)
        low = self.height() < theme.px(LOW + MATRIX_ROW * max(rows - 1, 0))
        other = self.caterpillar_button.isChecked()
        self.caterpillar_button.setVisible(low)
        self.plot.setVisible(not (low and other))
        self.caterpillar.setVisible(other or not low)
        self._side.setVisible(self.width() >= theme.px(NARROW))
        self._side.setFixedWidth(theme.px(270 if self.width() >= theme.px(850) else 205))
