"""The variance along a predictor as stacked areas or as lines, and the share between groups beneath."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from mmgui.app.numbers import percent
from mmgui.figures.variance_curve import VarianceCurve, VarianceCurveFigure
from mmgui.plots.area import PlotArea
from mmgui.plots.style import color, item_pen, pen, text_font

FloatArray = NDArray[np.float64]

STEP = 1.5
"""What outgrows the picture widens it by so much at a time; it never narrows while the hand moves."""
HALF_BAR = 0.32
RESIDUAL = -1
_RIGHT = Qt.TextElideMode.ElideRight


class CurvePanel(PlotArea):
    """What both have: the curve in sight, that of the best fit, and the range along the predictor."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self.figure: VarianceCurveFigure | None = None
        self.curve: VarianceCurve | None = None
        self.best: VarianceCurve | None = None
        self.best_figure: VarianceCurveFigure | None = None
        self.lit: frozenset[int] = frozenset()

    def show_curve(self, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        """Draw a curve of the best fit."""
        self.figure = self.best_figure = figure
        self.curve = self.best = curve
        self.clear_items()
        self.bottom.set_names(curve.labels or None)
        self.bottom.set_style(grid=not curve.labels)
        self.build(figure, curve)
        self.update_items()

    def follow(self, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        """Draw the same curve at other parameters."""
        self.figure, self.curve = figure, curve
        self.update_items()

    @property
    def moved(self) -> bool:
        """Whether something else than the best fit is shown."""
        return self.curve is not self.best

    def build(self, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        """Make the items, empty."""

    def update_items(self) -> None:
        """Put the curve into the items."""

    def across(self, curve: VarianceCurve) -> tuple[float, float]:
        """The range along the predictor, with room at the right for the names of the curves."""
        if curve.labels:
            return (-0.6, len(curve.labels) - 0.4 + 0.16 * len(curve.labels))
        low, high = float(curve.at[0]), float(curve.at[-1])
        width = (high - low) or 1.0
        return (low - 0.02 * width, high + 0.16 * width)

    def paint_ends(
        self, painter: QPainter, curve: VarianceCurve, places: list[tuple[float, str, str, bool]]
    ) -> None:
        """Names at the right ends of curves, as (height, name, colour, bold), none on another."""
        theme = self.theme
        metrics = QFontMetricsF(text_font(theme))
        last = float(curve.at[-1]) + (HALF_BAR if curve.labels else 0.0)
        x = self.pixel(last, 0.0).x() + theme.px(6)
        ends = sorted((self.pixel(last, y).y(), name, hue, bold) for y, name, hue, bold in places)
        floor = self.inside().bottom() - metrics.height() * (len(ends) - 0.5)
        before = -np.inf
        for y, name, hue, bold in ends:
            # What would be pushed out below moves up with those above it.
            before = max(min(y, floor), before)
            painter.setFont(text_font(theme, bold=bold))
            painter.setPen(color(hue))
            text = metrics.elidedText(name, _RIGHT, max(self.width() - x - 2.0, 0.0))
            painter.drawText(QPointF(x, before + metrics.ascent() / 2 - 1), text)
            before += metrics.height()
            floor += metrics.height()

    def paint_outside(self, painter: QPainter, curve: VarianceCurve) -> None:
        """Fade what lies outside the data."""
        if curve.labels:
            return
        room = self.inside()
        for edge, end in zip(curve.data, (curve.at[0], curve.at[-1]), strict=True):
            if edge != end:
                left, right = sorted((self.pixel(edge, 0).x(), self.pixel(end, 0).x()))
                beyond = QRectF(left, room.top(), right - left, room.height()).toRect()
                painter.fillRect(beyond, color(self.theme.surface, 0.65))


class VariancePanel(CurvePanel):
    """Variances stacked, the residual below; or standard deviations as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.sd = False
        self._layers: list[QGraphicsPathItem] = []
        self._lines: list[pg.PlotCurveItem] = []
        self._top = 1.0

    def build(self, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        theme = self.theme
        parts = (RESIDUAL, *range(len(figure.groupings)))
        self._layers, self._lines = [], []
        for part in parts:
            hue = theme.term_color(part)
            layer = QGraphicsPathItem()
            layer.setPen(item_pen(hue, 0.6, alpha=0.6))
            layer.setBrush(color(hue, 0.5))
            line = pg.PlotCurveItem(pen=item_pen(hue, theme.line_width * 1.3))
            self._layers.append(layer)
            self._lines.append(line)
            self.add(layer)
            self.add(line)
        self._ghost = pg.PlotCurveItem(pen=item_pen(theme.muted, theme.line_width, dashed=True))
        self._total = pg.PlotCurveItem(pen=item_pen(theme.text, theme.line_width * 1.2))
        self._marks = pg.ScatterPlotItem(
            size=max(4.0, 5.0 * theme.scale**0.75), pen=item_pen(theme.surface, 0.8), brush=color(theme.text)
        )
        for item in (self._ghost, self._total, self._marks):
            self.add(item)
        response = figure.response or "response"
        self.left.set_title(f"{'SD' if self.sd else 'Variance'} of {response}")
        self._top = float(self.heights(curve).max(initial=0.0)) * 1.06 or 1.0
        self.set_home(self.across(curve), (0.0, self._top))

    def heights(self, curve: VarianceCurve) -> FloatArray:
        """(k,) of the total, as variance or as SD."""
        return np.sqrt(curve.total) if self.sd else curve.total

    def parts(self, curve: VarianceCurve) -> FloatArray:
        """(1 + t, k) variances, the residual's first."""
        return np.vstack([np.full((1, len(curve.at)), curve.residual), curve.terms])

    def update_items(self) -> None:
        curve, best = self.curve, self.best
        if curve is None or best is None:
            return
        parts = self.parts(curve)
        edges = np.vstack([np.zeros((1, parts.shape[1])), np.cumsum(parts, axis=0)])
        for k, (layer, line) in enumerate(zip(self._layers, self._lines, strict=True)):
            if self.sd:
                layer.setPath(QPainterPath())
                _draw(line, curve, np.sqrt(parts[k]))
            else:
                layer.setPath(_between(curve, edges[k], edges[k + 1]))
                line.setData([], [])
        heights = self.heights(curve)
        _draw(self._total, curve, heights)
        if self.moved:
            _draw(self._ghost, best, self.heights(best))
        else:
            self._ghost.setData([], [])
        marks = list(curve.marks)
        at = np.column_stack([curve.at[marks], heights[marks]])
        # One variance for all has no places to mark.
        self._marks.setData(*(at.T if curve.variable else at[:0].T))
        self.set_points(at, np.arange(len(marks)))
        self._keep_in_sight(float(heights.max(initial=0.0)))

    def _keep_in_sight(self, highest: float) -> None:
        home = self.home()
        top = self._top
        while top < highest * 1.01:
            top *= STEP
        if not self.moved:
            top = float(home.height())
        if top != self._top:
            self._top = top
            self.view.setRange(QRectF(home.left(), 0.0, home.width(), top), padding=0)

    def paint_over(self, painter: QPainter) -> None:
        figure, curve = self.figure, self.curve
        if figure is None or curve is None:
            return
        theme, taken = self.theme, list[QRectF]()
        painter.setClipRect(self.inside().adjusted(-2, -2, theme.px(14), 2))
        self.paint_outside(painter, curve)
        self._paint_lowest(painter, curve, taken)
        self._paint_names(painter, figure, curve)

    def _paint_lowest(self, painter: QPainter, curve: VarianceCurve, taken: list[QRectF]) -> None:
        if not curve.at[0] <= curve.lowest <= curve.at[-1]:
            return
        theme, room = self.theme, self.inside()
        x = self.pixel(curve.lowest, 0.0).x()
        painter.setPen(pen(theme.muted, theme.line_width * 0.8, dashed=True))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        at = QPointF(x, room.top() + theme.px(12))
        self.paint_label(painter, f"least at {curve.place(curve.lowest)}", at, taken, tint=theme.muted)

    def _paint_names(self, painter: QPainter, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        """The name of each part at its right end."""
        ends = self.parts(curve)[:, -1]
        upper = np.cumsum(ends)
        places = []
        whole = float(ends.sum())
        for k, title in enumerate(("residual", *figure.titles)):
            # A single bar says all there is: each part's share too.
            alone = not curve.variable and whole > 0.0
            name = f"{title} {percent(float(ends[k]) / whole)}" if alone else title
            y = float(np.sqrt(ends[k])) if self.sd else float(upper[k] - 0.5 * ends[k])
            hue = self.theme.muted if k == 0 else self.theme.term_color(k - 1)
            places.append((y, name, hue, k - 1 in self.lit))
        places.append((float(self.heights(curve)[-1]), "total", self.theme.text, False))
        self.paint_ends(painter, curve, places)


class IccPanel(CurvePanel):
    """The share of the variance that lies between the groups of each factor."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[pg.PlotCurveItem] = []
        self._ghosts: list[pg.PlotCurveItem] = []

    def build(self, figure: VarianceCurveFigure, curve: VarianceCurve) -> None:
        theme = self.theme
        self._lines, self._ghosts = [], []
        for grouping in dict.fromkeys(figure.groupings):
            hue = theme.term_color(figure.groupings.index(grouping))
            ghost = pg.PlotCurveItem(pen=item_pen(theme.muted, theme.line_width, dashed=True))
            line = pg.PlotCurveItem(pen=item_pen(hue, theme.line_width * 1.4))
            for item in (ghost, line):
                self.add(item)
            self._ghosts.append(ghost)
            self._lines.append(line)
        self.left.set_title("ICC")
        self.bottom.set_title(curve.variable)
        self.set_home(self.across(curve), (0.0, 1.0))

    def update_items(self) -> None:
        figure, curve, best, best_figure = self.figure, self.curve, self.best, self.best_figure
        if figure is None or curve is None or best is None or best_figure is None:
            return
        for k, grouping in enumerate(dict.fromkeys(figure.groupings)):
            _draw(self._lines[k], curve, figure.icc(curve, grouping))
            if self.moved:
                _draw(self._ghosts[k], best, best_figure.icc(best, grouping))
            else:
                self._ghosts[k].setData([], [])
        first = next(iter(figure.groupings), "")
        marks = list(curve.marks)
        at = np.column_stack([curve.at[marks], figure.icc(curve, first)[marks]])
        self.set_points(at, np.arange(len(marks)))

    def paint_over(self, painter: QPainter) -> None:
        figure, curve = self.figure, self.curve
        if figure is None or curve is None:
            return
        theme = self.theme
        painter.setClipRect(self.inside().adjusted(-2, -2, theme.px(14), 2))
        self.paint_outside(painter, curve)
        places = [
            (float(figure.icc(curve, g)[-1]), g, theme.term_color(figure.groupings.index(g)), False)
            for g in dict.fromkeys(figure.groupings)
        ]
        self.paint_ends(painter, curve, places)


def _draw(item: pg.PlotCurveItem, curve: VarianceCurve, heights: FloatArray) -> None:
    """A line along a number, a stroke at each level of a factor."""
    if not curve.labels:
        item.setData(curve.at, heights, connect="all")
        return
    x = np.repeat(curve.at, 2) + np.tile([-HALF_BAR, HALF_BAR], len(curve.at))
    item.setData(x, np.repeat(heights, 2), connect="pairs")


def _between(curve: VarianceCurve, low: FloatArray, high: FloatArray) -> QPainterPath:
    """The area between two curves, a bar at each level of a factor."""
    if not curve.labels:
        x = np.concatenate([curve.at, curve.at[::-1]])
        area: QPainterPath = pg.arrayToQPath(x, np.concatenate([high, low[::-1]]))
        return area
    path = QPainterPath()
    for k in range(len(curve.at)):
        path.addRect(QRectF(k - HALF_BAR, float(low[k]), 2 * HALF_BAR, float(high[k] - low[k])))
    return path
