"""Ordered values against the normal with their band, and residuals as probabilities."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.residual_rows import ResidualRows
from mmgui.figures.residuals_distribution import DistributionFigure, ProbabilityHistogram
from mmgui.figures.residuals_quantiles import NormalQuantiles
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import decimal, p_value
from mmgui.plots.area import PlotArea, span
from mmgui.plots.labels import paint_label
from mmgui.plots.residual_items import BandItem, BarsItem
from mmgui.plots.residual_marks import RowPanel, RowPlot, keep_in_sight
from mmgui.plots.style import color, item_pen, text_font

BESIDE = 520


class NormalGround:
    """The band, and the line through the quartiles, behind ordered values."""

    def __init__(self, panel: PlotArea, quantiles: NormalQuantiles) -> None:
        theme = panel.theme
        self._band = BandItem(color(theme.muted, 0.16))
        self._line = pg.PlotCurveItem(pen=item_pen(theme.muted, theme.line_width * 0.8, dashed=True))
        panel.add(self._band)
        panel.add(self._line)
        self.follow(quantiles)

    def follow(self, quantiles: NormalQuantiles) -> None:
        """The same for other values."""
        self._band.setData(quantiles.theoretical, quantiles.low, quantiles.high)
        ends = np.array(span(quantiles.theoretical, 0.06))
        height, slope = quantiles.line
        self._line.setData(ends, height + slope * ends)


class QuantilePanel(RowPanel):
    """Residuals in order against the normal."""

    def __init__(self) -> None:
        super().__init__()
        self.quantiles: NormalQuantiles | None = None
        self._ground: NormalGround | None = None

    def show_figure(self, quantiles: NormalQuantiles) -> None:
        """Draw the quantiles in the panel's theme."""
        self.quantiles = quantiles
        self.clear_items()
        self.bottom.set_title("Normal")
        self.left.set_title(quantiles.title)
        self._ground = NormalGround(self, quantiles)
        self.put_rows(quantiles.theoretical, quantiles.observed, self.theme.muted, quantiles.entries)
        self.set_home(span(quantiles.theoretical, 0.06), span(quantiles.observed, 0.06))

    def follow(self, quantiles: NormalQuantiles) -> None:
        """The same rows of a model that was moved."""
        self.quantiles = quantiles
        if self._ground is not None:
            self._ground.follow(quantiles)
        self.move_rows(quantiles.theoretical, quantiles.observed, quantiles.entries)


class ProbabilityPanel(PlotArea):
    """Rows by their probability: bars in front of the band of what is even."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self._bars: BarsItem | None = None
        self._histogram: ProbabilityHistogram | None = None

    def show_figure(self, histogram: ProbabilityHistogram) -> None:
        """Draw the histogram in the panel's theme."""
        theme = self.theme
        self._histogram = histogram
        self.clear_items()
        self.bottom.set_title(histogram.title)
        self.left.set_title("Rows")
        self._bars = BarsItem(color(theme.residual), (0.0, 1.0))
        self._bars.setData(histogram.counts)
        band = BandItem(color(theme.muted, 0.16))
        ends = np.array([0.0, 1.0])
        band.setData(ends, np.full(2, histogram.low), np.full(2, histogram.high))
        self.add(band)
        self.add(self._bars)
        even = item_pen(theme.muted, theme.line_width * 0.8, dashed=True)
        self.add(pg.PlotCurveItem(ends, np.full(2, histogram.expected), pen=even))
        edges = item_pen(theme.muted, theme.line_width * 0.7, alpha=0.7)
        for height in (histogram.low, histogram.high):
            self.add(pg.PlotCurveItem(ends, np.full(2, height), pen=edges))
        most = max(float(histogram.counts.max()), histogram.high)
        self.set_home((-0.02, 1.02), (0.0, most * 1.12))

    def follow(self, histogram: ProbabilityHistogram) -> None:
        """The histogram of a model that was moved."""
        self._histogram = histogram
        if self._bars is not None:
            self._bars.setData(histogram.counts)
            keep_in_sight(self, np.array([0.5]), histogram.counts.astype(float))
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        histogram = self._histogram
        if histogram is None:
            return
        # The band is named where it stands.
        font = text_font(self.theme)
        metrics = QFontMetricsF(font)
        at = self.pixel(1.0, histogram.high)
        text = "even, with 95 % band"
        width = metrics.horizontalAdvance(text)
        if width > self.inside().width() * 0.9:
            return
        # On a ground of its own: a bar may reach over the band.
        left = at.x() - width - self.theme.px(8)
        room = QRectF(left, at.y() - metrics.height() - 2, width + self.theme.px(8), metrics.height())
        paint_label(painter, self.theme, font, room, text, self.theme.muted)


class DistributionPlot(RowPlot):
    """Quantiles on the left, probabilities on the right."""

    title = "Distribution of the residuals"
    empty = "After a fit, the distribution of what the model leaves over stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: DistributionFigure | None = None
        super().__init__(themes, selection, parent)
        self.normal, self.probabilities = QuantilePanel(), ProbabilityPanel()
        body = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.normal, 1)
        self._row.addWidget(self.probabilities, 1)
        self.watch(self.normal)
        self.set_body(body)

    def set_data(self, figure: DistributionFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def follow(self, figure: DistributionFigure) -> None:
        """Show the same rows of a model that was moved, or of the best fit again."""
        self._figure = figure
        self.normal.follow(figure.quantiles)
        self.probabilities.follow(figure.probabilities)
        self.refresh_words()
        self._mark()

    def rows(self) -> ResidualRows | None:
        return None if self._figure is None else self._figure.rows

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        super().settle()
        self.probabilities.settle()

    def draw(self, theme: Theme) -> None:
        if self._figure is None:
            return
        self._row.setSpacing(theme.px(16))
        self.normal.apply_theme(theme)
        self.normal.show_figure(self._figure.quantiles)
        self.probabilities.apply_theme(theme)
        self.probabilities.show_figure(self._figure.probabilities)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(BESIDE) or self.width() > 1.4 * self.height()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction != self._row.direction():
            self._row.setDirection(direction)

    def heading(self) -> str:
        return self.title if self._figure is None else f"{self._figure.rows.name}s: distribution"

    def legend(self, theme: Theme) -> str:  # noqa: ARG002
        figure = self._figure
        if figure is None:
            return ""
        distance, p = figure.probabilities.ks
        test = "" if np.isnan(p) else ", " + p_value(p).replace("<", "&lt;").replace(" ", "&nbsp;")
        outside = int(figure.quantiles.outside.sum())
        out = f"{outside} of {len(figure.quantiles.observed)} outside the band of the normal"
        return f"{out} &nbsp;·&nbsp; distance from even (KS) {decimal(distance, 3)}{test}"

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes()
