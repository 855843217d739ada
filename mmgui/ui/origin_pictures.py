"""Four pictures of one zero: lines and ellipse above, ρ and criterion below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.origin import OriginFigure
from mmgui.figures.origin_criterion import OriginCriterion
from mmgui.plots.origin_curves import OriginCorrelationPlot, OriginCriterionPlot
from mmgui.plots.origin_ellipse import OriginEllipsePlot
from mmgui.plots.origin_plot import OriginPlot

LEAST = 120
"""Height of a row of pictures at least; a page that has less scrolls."""


class OriginPictures(QWidget):
    """All of them follow the zero; three of them can move it."""

    origin_wanted = Signal(float)

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        themes, selection = scene.themes, scene.selection
        self.fan = OriginPlot(themes, selection)
        self.ellipse = OriginEllipsePlot(themes, selection)
        self.correlation = OriginCorrelationPlot(themes, selection)
        self.criterion = OriginCriterionPlot(themes, selection)
        self._places: dict[QWidget, tuple[int, int]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for k, plot in enumerate((self.fan, self.ellipse, self.correlation, self.criterion)):
            self._grid.addWidget(plot, *divmod(k, 2))
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._grid.setRowStretch(0, 8)
        self._grid.setRowStretch(1, 5)
        for plot in (self.fan, self.correlation, self.criterion):
            plot.origin_wanted.connect(self.origin_wanted)

    def set_data(self, figure: OriginFigure) -> None:
        """Show the lines of another slope or fit."""
        self.fan.set_data(figure)
        self.ellipse.set_data(figure)
        self.correlation.set_data(figure)

    def set_criterion(self, figure: OriginCriterion | None, origin: float) -> None:
        """Show how well the refitted models fit, or that this is not known."""
        self.criterion.set_data(figure)
        self.criterion.show_origin(origin)

    def follow(self, figure: OriginFigure) -> None:
        """The same lines at other covariance parameters."""
        self.fan.follow(figure)
        self.correlation.follow(figure)

    def show_origin(self, figure: OriginFigure, origin: float) -> None:
        """Put the zero elsewhere."""
        self.fan.show_origin(origin)
        self.ellipse.follow(figure, origin)
        self.correlation.show_origin(origin)
        self.criterion.show_origin(origin)

    def widen(self, limits: tuple[float, float]) -> None:
        """Make room on the axes of the zero."""
        for plot in (self.fan, self.correlation, self.criterion):
            plot.widen(limits)

    def adapt(self, theme: Theme, *, low: bool, turn: int) -> None:
        """In a low pane one picture at a time stands beside the lines."""
        for k, plot in enumerate((self.ellipse, self.correlation, self.criterion)):
            plot.setVisible(not low or k == turn)
            place = (0, 1) if low or k == 0 else (1, k - 1)
            if self._places.get(plot, divmod(k + 1, 2)) != place:
                self._grid.addWidget(plot, *place)
            self._places[plot] = place
        self._grid.setRowStretch(1, 0 if low else 5)
        self._grid.setHorizontalSpacing(theme.air(20))
        self._grid.setVerticalSpacing(theme.air(8))
        self.setMinimumHeight(theme.px(LEAST if low else 2 * LEAST))
