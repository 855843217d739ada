"""Covariance: Σ of a term as covariances, as correlations and as an ellipse, and its directions in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.covariance import CovarianceFigure
from mmgui.numbers import count
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.ui.results_page import ResultsPage, heading, note_frame
from mmgui.ui.term_chooser import TermChooser, term_names

LOW = 400
"""Below which height, at scale 1, the pictures take turns."""


class CovariancePage(ResultsPage):
    """Two heatmaps beside the ellipse; the directions of variance below."""

    key = "covariance"
    title = "Covariance"
    parts = (Part.COVARIANCE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figures: tuple[CovarianceFigure, ...] = ()
        self._several = True
        self.chooser = TermChooser(themes)
        self.chooser.chosen.connect(self._on_chosen)
        self.covariance = CovarianceHeatmap(themes, selection)
        self.covariance.setObjectName("covarianceHeatmap")
        self.correlation = CovarianceHeatmap(themes, selection)
        self.correlation.setObjectName("correlationHeatmap")
        self.ellipse = EllipsePlot(themes, selection)
        self._note, note = note_frame("note", "directionsNote")
        self.directions = QLabel()
        self.directions.setObjectName("directionsText")
        self.directions.setWordWrap(True)
        self.structure = QLabel()
        self.structure.setObjectName("structureText")
        self.structure.setWordWrap(True)
        note.addWidget(self.structure)
        note.addWidget(heading("Directions of variance"))
        note.addWidget(self.directions)
        heatmaps = QVBoxLayout()
        heatmaps.addWidget(self.covariance, 1)
        heatmaps.addWidget(self.correlation, 1)
        pictures = QHBoxLayout()
        pictures.addLayout(heatmaps, 5)
        pictures.addWidget(self.ellipse, 6)
        self._heatmaps, self._pictures = heatmaps, pictures
        self.turns = _turns(self._adapt)
        head = QHBoxLayout()
        head.addWidget(self.chooser, 1)
        head.addStretch(0)
        for button in self.turns.buttons():
            head.addWidget(button)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        self._box.addLayout(pictures, 1)
        self._box.addWidget(self._note)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.COVARIANCE and isinstance(figure, tuple):
            self._figures = figure
            self.chooser.set_terms(
                term_names(tuple(f.grouping for f in figure), tuple(f.effects for f in figure))
            )
            self._show_term(min(self.chooser.index, len(figure) - 1))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self._show_term(index)

    def _show_term(self, index: int) -> None:
        if not 0 <= index < len(self._figures):
            return
        figure = self._figures[index]
        several = len(figure.effects) > 1
        self.covariance.set_data(figure, mode="covariance")
        self.correlation.set_data(figure, mode="correlation")
        self._several = several
        self.ellipse.set_data(figure)
        self.structure.setText(figure.structure)
        self.structure.setVisible(bool(figure.structure))
        self.directions.setText(_directions(figure))
        self._adapt()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(16))
        self._box.setSpacing(theme.px(12))
        self._heatmaps.setSpacing(theme.px(16))
        self._pictures.setSpacing(theme.px(28))
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    @Slot()
    def _adapt(self) -> None:
        """In a low pane the heatmaps, the ellipse and the words take turns."""
        low = self.height() < self.themes.theme.px(LOW)
        turn = self.turns.checkedId()
        for button in self.turns.buttons():
            button.setVisible(low)
        self._heatmaps.setDirection(
            QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom
        )
        self.covariance.setVisible(not low or turn == 0)
        self.correlation.setVisible(self._several and (not low or turn == 0))
        self.ellipse.setVisible(not low or turn == 1)
        self._note.setVisible(not low or turn == 2)


def _turns(adapt: Callable[[], None]) -> QButtonGroup:
    """The choice of what a low pane shows."""
    group = QButtonGroup()
    group.setExclusive(True)
    for k, (name, words, meaning) in enumerate(
        (
            ("heatmapButton", "Σ", "Show variances, covariances and correlations as heatmaps"),
            ("ellipseButton", "Ellipse", "Show the distribution of the random effects"),
            ("directionsButton", "In words", "Say which combinations of effects vary"),
        )
    ):
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(meaning)
        button.setToolTip(meaning)
        button.setProperty("role", "pill")
        button.setCheckable(True)
        button.setChecked(k == 0)
        group.addButton(button, k)
    group.idClicked.connect(lambda _: adapt())
    return group


def _directions(figure: CovarianceFigure) -> str:
    size = len(figure.effects)
    if size == 1:
        name, group = figure.effects[0], figure.grouping
        if figure.rank == 0:
            return f"{name} does not vary between the groups of {group}: its variance is estimated as zero."
        return f"One effect, {name}, varies between the groups of {group}."
    spreads = ", ".join(f"{100 * v:.3g} %" for v in figure.relative_singular_values)
    directions = count(figure.rank, "direction")
    spread = f"Spread along each of the {size}, relative to the widest: {spreads}."
    sentence = f"{size} effects vary in {directions}. {spread}"
    if figure.rank == size:
        return f"{sentence} Every combination of effects varies."
    if figure.direction:
        return f"{sentence} {figure.direction}"
    return f"{sentence} The fit is singular here."
