"""Residuals over fitted values or a predictor, and beside it how their size goes with the same."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.residual_rows import ResidualRows
from mmgui.figures.residuals_smooth import Smooth
from mmgui.figures.residuals_trend import TrendFigure
from mmgui.figures.tabular import FigureTable
from mmgui.plots.area import FloatArray, span
from mmgui.plots.residual_items import BandItem, BoxItem
from mmgui.plots.residual_marks import RowPanel, RowPlot
from mmgui.plots.style import color, item_pen

BESIDE = 560
"""From which width, at scale 1, the two pictures stand beside each other."""


class TrendPanel(RowPanel):
    """Rows over a predictor, with the smooth trend or boxes."""

    def __init__(self, *, size: bool) -> None:
        super().__init__()
        self._of_size = size
        self._band: BandItem | None = None
        self._line: pg.PlotCurveItem | None = None
        self._boxes: BoxItem | None = None
        self._jitter: FloatArray = np.empty(0)

    def show_figure(self, figure: TrendFigure) -> None:
        """Draw the figure in the panel's theme."""
        theme = self.theme
        self.clear_items()
        self._band = self._line = self._boxes = None
        names = figure.levels or None
        self.bottom.set_names(names)
        self.bottom.set_title(figure.x_name)
        self.bottom.set_style(grid=not figure.levels)
        self.left.set_title("√ |residual in its SDs|" if self._of_size else figure.rows.name)
        self._jitter = _spread(len(figure.x)) if figure.levels else np.zeros(len(figure.x))
        x, y = self._places(figure)
        wide = (-0.6, len(figure.levels) - 0.4) if figure.levels else span(x, 0.03)
        high = span(np.append(y, 0.0), 0.05)
        if not self._of_size:
            dashed = item_pen(theme.muted, theme.line_width * 0.8, dashed=True)
            self.add(pg.InfiniteLine(0.0, angle=0, pen=dashed))
        self.put_rows(x, y, theme.muted)
        self._add_trend(figure)
        self.set_home(wide, high)

    def follow(self, figure: TrendFigure) -> None:
        """The same rows of a model that was moved."""
        x, y = self._places(figure)
        self.move_rows(x, y)
        self._set_trend(figure)

    def _places(self, figure: TrendFigure) -> tuple[FloatArray, FloatArray]:
        y = figure.size if self._of_size else figure.rows.values
        return (figure.x + self._jitter if figure.levels else figure.x), y

    def _smooth(self, figure: TrendFigure) -> Smooth:
        return figure.size_smooth if self._of_size else figure.smooth

    def _add_trend(self, figure: TrendFigure) -> None:
        theme = self.theme
        strong = item_pen(theme.text, theme.line_width * 1.5)
        if figure.levels:
            line = item_pen(theme.text, theme.line_width * 0.8)
            self._boxes = BoxItem(line, color(theme.text, 0.05), strong, lying=False)
            self.add(self._boxes)
        else:
            self._band = BandItem(color(theme.muted, 0.18))
            self._line = pg.PlotCurveItem(pen=strong)
            self.add(self._band)
            self.add(self._line)
        self._set_trend(figure)

    def _set_trend(self, figure: TrendFigure) -> None:
        smooth = self._smooth(figure)
        if self._boxes is not None:
            boxes = figure.size_boxes if self._of_size else figure.boxes
            self._boxes.setData(np.arange(len(figure.levels), dtype=float), boxes, 0.62)
        if self._band is not None and self._line is not None:
            self._band.setData(smooth.x, smooth.low, smooth.high)
            self._line.setData(smooth.x, smooth.y)


class ResidualsPlot(RowPlot):
    """Residuals on the left, their size on the right; below each other where there is little room."""

    title = "Residuals"
    empty = "After a fit, what the model leaves over stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: TrendFigure | None = None
        super().__init__(themes, selection, parent)
        self.trend, self.size_panel = TrendPanel(size=False), TrendPanel(size=True)
        body = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.trend, 3)
        self._row.addWidget(self.size_panel, 2)
        self.watch(self.trend, self.size_panel)
        self.set_body(body)

    def set_data(self, figure: TrendFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def follow(self, figure: TrendFigure) -> None:
        """Show the same rows of a model that was moved, or of the best fit again."""
        before, self._figure = self._figure, figure
        self.trend.follow(figure)
        self.size_panel.follow(figure)
        if before is not None and before.rows.kept != figure.rows.kept:
            self.refresh_words()

    def rows(self) -> ResidualRows | None:
        return None if self._figure is None else self._figure.rows

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def draw(self, theme: Theme) -> None:
        if self._figure is None:
            return
        self._row.setSpacing(theme.px(16))
        for panel in (self.trend, self.size_panel):
            panel.apply_theme(theme)
            panel.show_figure(self._figure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(BESIDE) or self.width() > 1.4 * self.height()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction != self._row.direction():
            self._row.setDirection(direction)

    def heading(self) -> str:
        if self._figure is None:
            return self.title
        across = self._figure.x_name[:1].lower() + self._figure.x_name[1:]
        if self._figure.against:
            across = self._figure.against
        return f"{self._figure.rows.name}s against {across}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        mark = f'<span style="color:{theme.text}">━</span>'
        if figure.levels:
            return f"{mark} medians, in boxes from quartile to quartile"
        return f"{mark} smooth trend" if len(figure.smooth.x) else ""

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes()


def _spread(n: int) -> FloatArray:
    """(n,) places beside the middle of a strip, the same every time, neighbours far from each other."""
    return np.asarray(((np.arange(n) * 0.6180339887498949) % 1.0 - 0.5) * 0.42, dtype=np.float64)
