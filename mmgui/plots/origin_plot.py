"""The fan of the groups' lines: where they cross the zero of x are the intercepts."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.origin import OriginFigure, OriginPoint, origin_point, origin_sentence
from mmgui.figures.origin_curve import spread_over
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import decimal, number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.origin_axis import LEFT_ROOM, OriginPanel
from mmgui.plots.style import color, item_pen, pen

FloatArray = NDArray[np.float64]
DOTTED = 120
"""Groups up to which each intercept is a dot."""


class FanPanel(OriginPanel):
    """Lines, data, the band of one SD, and the zero with the intercepts on it."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: OriginFigure | None = None
        self._point: OriginPoint | None = None
        self._lines = pg.PlotCurveItem()
        self._middle = pg.PlotCurveItem()
        self._upper, self._lower = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(self._upper, self._lower)

    def show_figure(self, figure: OriginFigure) -> None:
        """Draw everything anew."""
        theme = self.theme
        self._lines, self._middle = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._upper, self._lower = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        hue = theme.term_color(figure.term)
        self._band = pg.FillBetweenItem(self._upper, self._lower, brush=color(hue, 0.13))
        self.clear_items()
        self.bottom.set_title(figure.column)
        self.left.set_title(figure.y_name)
        self.left.set_style(least=theme.px(LEFT_ROOM))
        many = len(figure.levels) > 60
        # A line of one pixel is drawn many times faster than a wider one.
        wide = 1.0 if theme.scale < 1.25 else theme.line_width * 0.8
        self._lines.setPen(item_pen(hue, wide, alpha=0.25 if many else 0.6))
        self._middle.setPen(item_pen(theme.text, theme.line_width * 1.3))
        # Many runs as segments: a path of them would be stroked as one shape, which takes ten times as long.
        self._lines.setSegmentedLineMode("on")
        items: list[QGraphicsItem] = [self._upper, self._lower, self._band]
        if len(figure.y):
            size = 4.0 * theme.scale**0.75
            data = pg.ScatterPlotItem(
                figure.x, figure.y, size=size, pen=None, brush=color(theme.muted, 0.12 if many else 0.28)
            )
            items.append(data)
        for item in (*items, self._lines, self._middle):
            self.add(item)
        self._dimmed = [self._lines]
        self.follow(figure)
        ends = self._heights(figure)
        spread = np.concatenate([ends.ravel(), figure.y])
        self.set_home(figure.span, span(spread, 0.05))

    def follow(self, figure: OriginFigure) -> None:
        """The same lines at other covariance parameters."""
        self._figure = figure
        self.forget_still()
        grid, middle = figure.grid, figure.middle
        heights = self._heights(figure)
        groups = len(figure.levels)
        x = np.tile(grid, groups)
        # Each group's line is a run of its own.
        joined = np.tile(np.append(np.ones(len(grid) - 1, dtype=np.int32), 0), groups).astype(np.int32)
        self._lines.setData(x, heights.ravel(), connect=joined)
        self._middle.setData(grid, middle)
        wide = np.linspace(*figure.span, 61) if figure.straight else grid
        centre = np.array([figure.middle_at(float(v)) for v in wide])
        sd = spread_over(figure, wide)
        self._upper.setData(wide, centre + sd)
        self._lower.setData(wide, centre - sd)
        self.show_origin(self.origin)

    def show_origin(self, origin: float) -> None:
        if self._figure is not None:
            self._point = origin_point(self._figure, origin)
            points = np.column_stack([np.full(len(self._point.heights), origin), self._point.heights])
            self.set_points(points, np.arange(len(points)))
        super().show_origin(origin)

    @staticmethod
    def _heights(figure: OriginFigure) -> FloatArray:
        """(L, m) each group's line on the grid."""
        high, steep = figure.modes.T
        return np.asarray(figure.middle + high[:, None] + steep[:, None] * figure.grid)

    def paint_over(self, painter: QPainter) -> None:
        figure, point = self._figure, self._point
        if figure is None or point is None:
            return
        theme = self.theme
        hue = theme.term_color(figure.term)
        self._paint_picked(painter, figure)
        self.paint_line(painter)
        x = self.pixel(point.origin, 0.0).x()
        if not self.inside().left() - 1 <= x <= self.inside().right() + 1:
            return
        heights = self.to_pixels(np.column_stack([np.full_like(point.heights, point.origin), point.heights]))
        painter.setPen(pen(theme.surface, 0.8))
        painter.setBrush(color(hue))
        radius = theme.px(3.5) if len(heights) <= DOTTED else theme.px(2)
        for _, y in heights:
            painter.drawEllipse(QPointF(x, float(y)), radius, radius)
        top = self.pixel(point.origin, point.middle + point.sd)
        low = self.pixel(point.origin, point.middle - point.sd)
        painter.setPen(pen(theme.accent, theme.line_width * 2.4))
        for end in (top, low):
            painter.drawLine(end - QPointF(theme.px(8), 0), end + QPointF(theme.px(8), 0))
        # Away from the lines, where there is room above them.
        inside = self.inside()
        high = inside.top() + theme.px(10)
        y = high if top.y() - high > theme.px(22) else inside.bottom() - theme.px(24)
        self.paint_words(painter, f"SD {number(point.sd)}", QPointF(x, y))
        taken: list[QRectF] = []
        for group in self.picked[:8]:
            at = QPointF(x, float(heights[group][1]))
            self.paint_label(painter, figure.levels[group], at, taken, tint=theme.text, bold=True)

    def _paint_picked(self, painter: QPainter, figure: OriginFigure) -> None:
        if not self.picked:
            return
        theme, lines = self.theme, self._heights(figure)
        painter.save()
        painter.setClipRect(self.inside())
        for group in self.picked:
            at = self.to_pixels(np.column_stack([figure.grid, lines[group]]))
            painter.setPen(pen(theme.term_color(figure.term), theme.line_width * 2.2))
            painter.drawPolyline([QPointF(float(a), float(b)) for a, b in at])
            own = figure.codes == group
            if len(figure.y):
                painter.setPen(pen(theme.surface, 0.8))
                painter.setBrush(color(theme.text))
                for a, b in self.to_pixels(np.column_stack([figure.x[own], figure.y[own]])):
                    painter.drawEllipse(QPointF(float(a), float(b)), theme.px(3), theme.px(3))
        painter.restore()


class OriginPlot(GroupPlot):
    """The fan, with the zero as a line that can be dragged."""

    title = "Lines of the groups"
    empty = "The lines of the groups are drawn here."
    origin_wanted = Signal(float)

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: OriginFigure | None = None
        self._origin = 0.0
        self._panel = FanPanel()
        super().__init__(themes, selection, parent)
        self._panel.origin_wanted.connect(self.origin_wanted)
        self.set_panels([self._panel], [(0, 0)])

    def set_data(self, figure: OriginFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def follow(self, figure: OriginFigure) -> None:
        """The same slope at other covariance parameters."""
        self._figure = figure
        self._panel.follow(figure)

    def show_origin(self, origin: float) -> None:
        """Put the zero elsewhere."""
        self._origin = origin
        self._panel.show_origin(origin)

    def widen(self, limits: tuple[float, float]) -> None:
        """Show at least so much of x."""
        shown = self._panel.home()
        y = (shown.top(), shown.bottom())
        self._panel.set_home(limits, y)

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._panel.apply_theme(theme)
            self._panel.show_figure(self._figure)
            self._panel.show_origin(self._origin)

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        heights = origin_point(self._figure, self._origin).heights
        return tuple(int(k) for k in np.argsort(heights, kind="stable"))

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        point = origin_point(figure, self._origin)
        return (
            f"<b>{html.escape(figure.levels[group])}</b><br>"
            f"Intercept at {html.escape(figure.column)} = {figure.tidy(self._origin)}: "
            f"{number(float(point.heights[group]), 4)}<br>"
            f"above the line of all: {decimal(float(point.modes[group, 0]), 2)}<br>"
            f"slope above that of all: {number(float(point.modes[group, 1]))}"
        )

    def heading(self) -> str:
        return self.title if self._figure is None else f"Lines of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        if self._figure is None:
            return ""
        line = (
            f'<span style="color:{theme.accent}">┃</span> zero of {html.escape(self._figure.column)}: drag it'
        )
        return f"{line} · ● intercepts there · shaded: ± 1 SD"

    def words(self) -> str:
        """What it means where the zero is now."""
        return "" if self._figure is None else origin_sentence(self._figure, self._origin)

    def table(self) -> FigureTable:
        figure = self._figure
        if figure is None:
            return FigureTable((), ())
        point = origin_point(figure, self._origin)
        intercept = f"Intercept at {figure.column} = {figure.tidy(self._origin)}"
        names = (figure.grouping, intercept, "Difference", "Slope")
        rows = zip(figure.levels, point.heights.tolist(), point.modes.tolist(), strict=True)
        return FigureTable(names, tuple((g, h, d, s) for g, h, (d, s) in rows))
