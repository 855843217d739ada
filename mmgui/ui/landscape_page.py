"""Landscape: the criterion over one or two covariance parameters, and the optimiser's way through it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.landscape import LandscapeFigure
from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.results_page import ResultsPage

NARROW = 480


class LandscapePage(ResultsPage):
    """Two lists choose the parameters; the picture fills the rest."""

    key = "landscape"
    title = "Landscape"
    parts = (Part.LANDSCAPE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figure: LandscapeFigure | None = None
        self._chosen: tuple[str, ...] = ()
        self.across = ChoiceCombo("landscapeX", "Parameter across")
        self.up = ChoiceCombo("landscapeY", "Parameter up")
        self.across.chosen.connect(self._on_across)
        self.up.chosen.connect(self._on_up)
        self.plot = LandscapePlot(themes, selection)
        self._choices = QWidget()
        row = self._row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        self._labels: list[QLabel] = []
        for words, combo in (("Across", self.across), ("Up", self.up)):
            label = QLabel(words)
            label.setProperty("role", "muted")
            label.setBuddy(combo)
            combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            combo.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(label)
            self._labels.append(label)
            row.addWidget(combo, 1)
        row.addStretch(0)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._choices)
        self._box.addWidget(self.plot, 1)
        self._choices.hide()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def choice(self, part: Part) -> tuple[str, ...]:
        return self._chosen if part is Part.LANDSCAPE else ()

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.LANDSCAPE and isinstance(figure, LandscapeFigure) and figure is not self._figure:
            self._figure = figure
            self._fill(figure)
            self.plot.set_data(figure)

    def _fill(self, figure: LandscapeFigure) -> None:
        """Offer what this fit has; the second list only what can stand beside the first."""
        self._choices.setVisible(len(figure.axes) == 2)
        across = figure.axes[0].parameter
        names = tuple(p.name for p in figure.parameters)
        for combo, offered, axis in ((self.across, names, 0), (self.up, across.partners, -1)):
            with combo.filling():
                combo.clear()
                combo.addItems(offered)
                combo.setCurrentText(figure.axes[axis].parameter.name)
                combo.setToolTip(f"{combo.accessibleName()}: {combo.currentText()}")

    @Slot(int)
    def _on_across(self, _index: int) -> None:
        across, up = self.across.currentText(), self.up.currentText()
        # Choosing what stands upwards swaps the two.
        before = "" if self._figure is None else self._figure.axes[0].parameter.name
        self._choose(across, before if across == up else up)

    @Slot(int)
    def _on_up(self, _index: int) -> None:
        self._choose(self.across.currentText(), self.up.currentText())

    def _choose(self, across: str, up: str) -> None:
        self._chosen = (across, up)
        self.choice_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a narrow pane the lists take the room of their labels, which their tooltips repeat."""
        for label in self._labels:
            label.setVisible(self.width() >= self.themes.theme.px(NARROW))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        self._box.setSpacing(theme.px(10))
        self._row.setSpacing(theme.px(8))
        self._adapt()
