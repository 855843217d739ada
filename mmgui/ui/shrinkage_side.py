"""Beside shrinkage: the variance components, what groups keep, and the correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.weights import kept_figure, weight_figure
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.kept_bars import KeptBars
from mmgui.plots.variance_bars import VarianceBars
from mmgui.plots.weight_plot import WeightPlot

if TYPE_CHECKING:
    from mmgui.figures.covariance import CovarianceFigure
    from mmgui.figures.shrinkage import ShrinkageFigure
    from mmgui.figures.variance import VarianceFigure


class ShrinkageSide(QWidget):
    """One effect: its weights against the size of the group. Several: what is kept of each, and Σ."""

    def __init__(self, themes: ThemeModel, selection: SelectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shrinkageSide")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._themes = themes
        self._effects = 0
        self._has_kept = False
        self.bars = VarianceBars(themes, selection)
        self.weights = WeightPlot(themes, selection)
        self.kept = KeptBars(themes, selection)
        self.heatmap = CovarianceHeatmap(themes, selection)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.bars)
        self._box.addWidget(self.weights, 1000)
        self._box.addWidget(self.kept)
        self._box.addWidget(self.heatmap)
        self._box.addStretch(1)
        for plot in (self.weights, self.kept, self.heatmap):
            plot.hide()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_term(
        self, shrinkage: ShrinkageFigure, variance: VarianceFigure, covariance: CovarianceFigure
    ) -> None:
        """Show a term of a fit."""
        self.bars.set_data(variance)
        weights, kept = weight_figure(shrinkage), kept_figure(shrinkage)
        self._effects = len(covariance.effects)
        self.weights.setVisible(weights is not None)
        self._has_kept = kept is not None
        if weights is not None:
            self.weights.set_data(weights)
        if kept is not None:
            self.kept.set_data(kept)
        if self._effects > 1:
            self.heatmap.set_data(covariance, mode="correlation")
        # With what the pictures now need.
        self._on_theme(self._themes.theme)

    def show_moved(
        self, shrinkage: ShrinkageFigure, variance: VarianceFigure, covariance: CovarianceFigure
    ) -> None:
        """Follow the hand."""
        self.bars.show_moved(variance)
        weights, kept = weight_figure(shrinkage), kept_figure(shrinkage)
        if weights is not None:
            self.weights.show_moved(weights)
        if kept is not None:
            self.kept.show_moved(kept)
        if self._effects > 1:
            self.heatmap.follow(covariance)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """What has no room is left out, Σ first, rather than cut."""
        gap = self._box.spacing()
        room = self.height() - self.bars.sizeHint().height() - gap
        kept, heatmap = self.kept.sizeHint().height() + gap, self.heatmap.maximumHeight() + gap
        if not self._has_kept:
            kept = 0
        self.kept.setVisible(self._has_kept and kept <= room)
        self.heatmap.setVisible(self._effects > 1 and kept + heatmap <= room)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(18))
        size = max(self._effects, 1)
        self.heatmap.setFixedHeight(theme.px(64 + min(48, 260 / size) * size))
        self.weights.setMaximumHeight(theme.px(310))
        self._fold()
