"""Σ as it is with the zero where the hand has put it: an ellipse that leans as the zero moves."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import ellipse
from mmgui.figures.origin import OriginFigure, OriginPoint, origin_point
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import decimal, number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel, GroupPlot
from mmgui.plots.style import color, item_pen, pen

FloatArray = NDArray[np.float64]
PROBABILITIES = (0.5, 0.9)
NO_CENTRE = np.zeros(2)


class OriginEllipsePanel(GroupPanel):
    """The ellipse in axes that stay while it moves."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self._figure: OriginFigure | None = None
        self._point: OriginPoint | None = None
        self._outlines: list[QGraphicsPathItem] = []
        self._modes = pg.ScatterPlotItem()

    def show_figure(self, figure: OriginFigure, origin: float) -> None:
        """Draw everything anew."""
        theme = self.theme
        self.clear_items()
        hue = theme.term_color(figure.term)
        self._outlines = []
        for _ in PROBABILITIES:
            outline = QGraphicsPathItem()
            outline.setPen(item_pen(hue, theme.line_width))
            outline.setBrush(color(hue, 0.09))
            self._outlines.append(outline)
        many = len(figure.levels) > 60
        size = max(3.5, 7.0 * theme.scale**0.75 * (0.7 if many else 1.0))
        self._modes = pg.ScatterPlotItem(size=size, pen=item_pen(theme.surface, 0.8), brush=color(hue))
        for item in (*self._outlines, self._modes):
            self.add(item)
        self.left.set_title(f"Slope of {figure.column}")
        self._dimmed = [self._modes]
        self._figure = figure
        self._home_of(figure, figure.data)
        self.follow(figure, origin)

    def _home_of(self, figure: OriginFigure, origins: tuple[float, float]) -> None:
        """Room for the ellipse at every origin in the data, and at 0."""
        found = [origin_point(figure, c) for c in (*origins, 0.0)]
        outlines = [ellipse(p.covariance, NO_CENTRE, PROBABILITIES[-1]) for p in found]
        all_points = np.vstack([*outlines, *(p.modes for p in found)])
        x, y = span(all_points[:, 0]), span(all_points[:, 1])
        self.set_home(x, y)

    def follow(self, figure: OriginFigure, origin: float) -> None:
        """The figure with its zero elsewhere, or at other covariance parameters."""
        self._figure = figure
        self._point = point = origin_point(figure, origin)
        self.bottom.set_title(f"{figure.level_name} at {figure.column} = {figure.tidy(origin)}")
        widest = None
        for item, p in zip(self._outlines, PROBABILITIES, strict=True):
            widest = ellipse(point.covariance, NO_CENTRE, p)
            item.setPath(_path(widest))
        self._modes.setData(*point.modes.T)
        self.set_points(point.modes, np.arange(len(point.modes)))
        if widest is not None:
            self._make_room(float(widest[:, 0].max()), float(widest[:, 1].max()))
        self.viewport().update()

    def back_home(self, figure: OriginFigure) -> None:
        """The range of the fit again, after a move that needed more."""
        self._home_of(figure, figure.data)

    def _make_room(self, right: float, top: float) -> None:
        """Where the ellipse leaves the picture it gets room in one step, with some to spare."""
        home = self.home()
        x, y = (home.left(), home.right()), (home.top(), home.bottom())
        if right <= x[1] and top <= y[1]:
            return
        wide = 1.4 * right if right > x[1] else x[1]
        high = 1.4 * top if top > y[1] else y[1]
        self.set_home((min(x[0], -wide), wide), (min(y[0], -high), high))

    def paint_over(self, painter: QPainter) -> None:
        figure, point = self._figure, self._point
        if figure is None or point is None:
            return
        theme = self.theme
        room = self.inside()
        painter.setPen(pen(theme.muted, theme.line_width * 0.7, dashed=True))
        painter.setClipRect(room)
        centre = self.pixel(0.0, 0.0)
        painter.drawLine(QPointF(centre.x(), room.top()), QPointF(centre.x(), room.bottom()))
        # The line that says what a slope tells of the height: level where ρ is 0.
        if point.covariance[1, 1] > 0.0:
            lean = float(point.covariance[0, 1] / point.covariance[1, 1])
            y = self.shown().bottom()
            painter.setPen(pen(theme.accent, theme.line_width * 1.2))
            painter.drawLine(self.pixel(-lean * y, -y), self.pixel(lean * y, y))
        painter.setClipping(False)
        taken: list[QRectF] = []
        for group in self.picked[:8]:
            at = self.pixel(*(float(v) for v in point.modes[group]))
            painter.setPen(pen(theme.text, theme.line_width * 1.4))
            painter.setBrush(color(theme.text, 0.0))
            painter.drawEllipse(at, theme.px(7), theme.px(7))
            self.paint_label(painter, figure.levels[group], at, taken, tint=theme.text, bold=True)


def _path(outline: FloatArray) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in outline.tolist()]))
    return path


class OriginEllipsePlot(GroupPlot):
    """Intercept and slope of the groups with the zero where it is."""

    title = "Intercept and slope"
    empty = "The distribution of intercepts and slopes is drawn here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: OriginFigure | None = None
        self._origin = 0.0
        self._panel = OriginEllipsePanel()
        super().__init__(themes, selection, parent)
        self.set_panels([self._panel], [(0, 0)])

    def set_data(self, figure: OriginFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def follow(self, figure: OriginFigure, origin: float) -> None:
        """The same slope with its zero elsewhere, or at other covariance parameters."""
        self._figure, self._origin = figure, origin
        self._panel.follow(figure, origin)

    def back_home(self, figure: OriginFigure) -> None:
        """The range of the fit again, after a move that needed more."""
        self._panel.back_home(figure)

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._panel.apply_theme(theme)
            self._panel.show_figure(self._figure, self._origin)

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def tip(self, group: int) -> str:
        if self._figure is None:
            return ""
        high, steep = origin_point(self._figure, self._origin).modes[group]
        name = html.escape(self._figure.levels[group])
        return (
            f"<b>{name}</b><br>intercept {number(float(high))}, slope {number(float(steep))} above the mean"
        )

    def legend(self, theme: Theme) -> str:
        if self._figure is None:
            return ""
        line = f'<span style="color:{theme.accent}">━</span> level that a slope goes with, on average'
        return f"50 and 90 % of groups · {line}"

    def table(self) -> FigureTable:
        figure = self._figure
        if figure is None:
            return FigureTable((), ())
        point = origin_point(figure, self._origin)
        rows = (
            (f"SD of {figure.level_name} at {figure.column} = {figure.tidy(self._origin)}", point.sd),
            (f"SD of {figure.column}", point.slope_sd),
            ("Correlation", point.correlation),
            ("Covariance", float(point.covariance[0, 1])),
        )
        return FigureTable(("Parameter", "Value"), rows)

    def accessible_words(self) -> str:
        """ρ in words, for those who cannot see the ellipse."""
        if self._figure is None:
            return ""
        return f"ρ = {decimal(origin_point(self._figure, self._origin).correlation, 2)}"
