"""Variance against x: which predictor, SD or variance, and the picture."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mmgui.app.emphasis import Emphasis
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.variance_curve import VarianceCurveFigure
from mmgui.plots.variance_curve_plot import VarianceCurvePlot
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.results_page import quiet
from mmgui.ui.view_choice import ViewChoice


class VarianceCurveView(QWidget):
    """The picture; ``choices`` stand where the page has room for them. A predictor chosen is kept while the
    model has it."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("varianceCurveView")
        self.setAccessibleName("Variance against x")
        self._figure: VarianceCurveFigure | None = None
        self.plot = VarianceCurvePlot(scene.themes, scene.selection)
        self.variable = ChoiceCombo("varianceVariable", "Predictor")
        self.variable.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.variable.setToolTip("Along which predictor to show the variance")
        self.variable.chosen.connect(self._on_variable)
        self.unit = ViewChoice(
            "varianceUnit",
            "Variance or SD",
            (
                ("varianceUnitButton", "Variance", "Show variances, which add up"),
                ("sdUnitButton", "SD", "Show standard deviations, in the units of the response"),
            ),
        )
        self.unit.chosen.connect(self._on_unit)
        self._reason = quiet(name="varianceCurveReason")
        self._along = quiet("Along", "varianceAlong")
        self._along.setWordWrap(False)
        self.choices = QWidget()
        row = self._row = QHBoxLayout(self.choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._along)
        row.addWidget(self.variable)
        row.addWidget(self.unit)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._reason)
        self._box.addWidget(self.plot, 1)
        scene.emphasis.emphasis_changed.connect(self._on_emphasis)
        scene.themes.theme_changed.connect(self._on_theme)
        self._on_theme(scene.themes.theme)

    def show_figure(self, figure: VarianceCurveFigure) -> None:
        """Show the curves of a fit."""
        self._figure = figure
        before = self.variable.currentText()
        names = [c.variable for c in figure.curves]
        with self.variable.filling():
            self.variable.clear()
            self.variable.addItems(names)
            self.variable.setCurrentIndex(max(names.index(before) if before in names else 0, 0))
        for widget in (self.variable, self._along):
            widget.setVisible(len(names) > 1)
        self._reason.setText(figure.reason)
        self._reason.setVisible(bool(figure.reason))
        self._show()

    def follow(self, figure: VarianceCurveFigure | None) -> None:
        """Show the model at other parameters; None: the best fit again."""
        self.plot.follow(figure)

    def _show(self) -> None:
        self.plot.set_data(self._figure, max(self.variable.currentIndex(), 0))

    @Slot(int)
    def _on_variable(self, _index: int) -> None:
        moved = self.plot.shown
        self._show()
        if moved is not None and moved is not self._figure:
            self.plot.follow(moved)

    @Slot(int)
    def _on_unit(self, index: int) -> None:
        self.plot.show_sd(index == 1)

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        self.plot.emphasise(emphasis.random | {k for k, _ in emphasis.effects})

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(8))
        self._row.setSpacing(theme.air(8))
