"""The panel of a landscape: bands and contour lines or a curve, the boundary hatched, the optimiser's way."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem

from mmgui.app.theme import Theme
from mmgui.figures.contours import inner_lines
from mmgui.figures.landscape import LandscapeFigure, at_bounds
from mmgui.numbers import number
from mmgui.plots.area import PlotArea
from mmgui.plots.labels import paint_label, place_label
from mmgui.plots.style import color, item_pen, mix, pen, text_font

CANDIDATES = 120
FloatArray = NDArray[np.float64]


def landscape_hue(figure: LandscapeFigure, theme: Theme) -> str:
    """The term's colour; midway between two terms' colours where each axis belongs to another."""
    hues = [theme.term_color(axis.parameter.term) for axis in figure.axes]
    return mix(hues[0], hues[-1], 0.5).name()


class LandscapePanel(PlotArea):
    """Two parameters: contours. One: a curve."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("landscapeArea")
        self._figure: LandscapeFigure | None = None
        self._bands: list[tuple[float, str, FloatArray]] = []
        self._fit = (0.0, 0.0)

    def show_figure(self, figure: LandscapeFigure) -> None:
        """Draw the figure in the panel's theme."""
        self._figure = figure
        self._bands = []
        self.clear_items()
        across, upward = figure.axes[0], figure.axes[-1]
        self.bottom.set_title(across.parameter.title)
        if len(figure.axes) == 2:
            self.left.set_title(upward.parameter.title)
            self._add_contours(figure)
            y = _range(upward.values, upward.bounds, 0.035)
            self._fit = (across.estimate, upward.estimate)
        else:
            self.left.set_title(f"{figure.criterion} above {figure.reference}")
            hue = landscape_hue(figure, self.theme)
            curve = pg.PlotCurveItem(
                across.values, figure.difference, pen=item_pen(hue, self.theme.line_width * 1.5)
            )
            self.add(curve)
            top = float(figure.difference.max())
            y = (-0.1 * top, 1.04 * top)
            self._fit = (across.estimate, figure.fit_difference)
        way = self._way(figure)
        self.set_points(way, np.arange(len(way)))
        self.set_home(_range(across.values, across.bounds, 0.022), y)

    @staticmethod
    def _way(figure: LandscapeFigure) -> FloatArray:
        if len(figure.axes) == 2:
            return figure.trail
        return np.column_stack([figure.trail[:, 0], figure.trail_difference])

    def _add_contours(self, figure: LandscapeFigure) -> None:
        theme, count = self.theme, len(figure.contours)
        hue = landscape_hue(figure, theme)
        x, y = (axis.values for axis in figure.axes)
        ground = QPainterPath()
        ground.addRect(QRectF(x[0], y[0], x[-1] - x[0], y[-1] - y[0]))
        self._add_shape(ground, mix(theme.surface, hue, 0.05).name())
        for k, contour in reversed(list(enumerate(figure.contours))):
            depth = 1.0 - k / max(count, 1)
            band = mix(theme.surface, hue, 0.05 + 0.4 * depth**1.6).name()
            region, lines = QPainterPath(), QPainterPath()
            pieces = [line for o in contour.outlines for line in inner_lines(o, x, y)]
            for outline in contour.outlines:
                region.addPolygon(_polygon(outline))
            for piece in pieces:
                lines.addPolygon(_polygon(piece))
            self._add_shape(region, band)
            item = QGraphicsPathItem(lines)
            item.setPen(item_pen(hue, theme.line_width * 0.8, alpha=0.35 + 0.65 * depth))
            self.add(item)
            if pieces:
                self._bands.append((contour.level, band, np.vstack(pieces)))

    def _add_shape(self, path: QPainterPath, fill: str) -> None:
        item = QGraphicsPathItem(path)
        item.setPen(Qt.PenStyle.NoPen)
        item.setBrush(color(fill))
        self.add(item)

    # -- painted on top

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        painter.setClipRect(self.inside())
        self._paint_boundaries(painter, figure)
        way = self.to_pixels(self._points)
        fit = self.pixel(*self._fit)
        self._paint_way(painter, figure, way)
        self._paint_fit(painter, fit)
        taken: list[QRectF] = []
        self._paint_words(painter, figure, way, fit, taken)
        self._paint_levels(painter, figure, taken)

    def _paint_boundaries(self, painter: QPainter, figure: LandscapeFigure) -> None:
        room = self.inside()
        for k, axis in enumerate(figure.axes):
            for bound, sign in zip(axis.bounds, (-1, 1), strict=True):
                if not math.isfinite(bound):
                    continue
                at = self.pixel(bound, bound)
                edge = at.x() if k == 0 else at.y()
                beyond, line = _beyond(room, edge, across=k == 0, sign=sign)
                if beyond.width() <= 0 or beyond.height() <= 0:
                    continue
                self._hatch(painter, beyond)
                painter.setPen(pen(self.theme.muted, self.theme.line_width))
                painter.drawLine(line)

    def _hatch(self, painter: QPainter, room: QRectF) -> None:
        """Lines rather than a pattern, which drawings could not hold."""
        painter.save()
        painter.setClipRect(room)
        painter.fillRect(room, color(self.theme.surface))
        painter.setPen(pen(self.theme.muted, self.theme.line_width * 0.6, alpha=0.75))
        step, reach = self.theme.px(7), room.height()
        # Anchored to the panel, so that the lines of two boundaries meet.
        start = math.floor((room.left() - reach) / step) * step + (room.bottom() % step)
        x = start
        while x < room.right():
            painter.drawLine(QPointF(x, room.bottom()), QPointF(x + reach, room.top()))
            x += step
        painter.restore()

    def _paint_way(self, painter: QPainter, figure: LandscapeFigure, way: FloatArray) -> None:
        theme = self.theme
        if not len(way):
            return
        # Over a curve the straight lines are no part of it, so they are fainter.
        alpha = 1.0 if self._bands else 0.4
        painter.setPen(pen(theme.no_pooling, theme.line_width * 1.3, alpha=alpha))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        known = self._begins()
        lower = figure.improving[self._owners]
        lower[0] |= known
        painter.drawPolyline(_polygon(way[lower]))
        dot, ring = 3.3 * theme.scale**0.75, 5.0 * theme.scale**0.75
        for kind, opacity in ((~lower, 0.4), (lower, 1.0)):
            painter.setPen(pen(theme.surface, 0.8, alpha=opacity))
            painter.setBrush(color(theme.no_pooling, opacity))
            kind[0] &= not known
            for x, y in way[kind]:
                painter.drawEllipse(QPointF(float(x), float(y)), dot, dot)
        if not known:
            return
        painter.setPen(pen(theme.no_pooling, theme.line_width * 1.3))
        painter.setBrush(color(theme.surface))
        painter.drawEllipse(QPointF(float(way[0, 0]), float(way[0, 1])), ring, ring)

    def _begins(self) -> bool:
        """Whether the first evaluation has a place on these axes."""
        return bool(len(self._owners) and self._owners[0] == 0)

    def _paint_fit(self, painter: QPainter, at: QPointF) -> None:
        theme, radius = self.theme, self.theme.px(8)
        painter.setPen(pen(theme.surface, theme.line_width * 4.0))
        painter.setBrush(color(theme.surface))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(pen(theme.accent, theme.line_width * 2.4))
        painter.drawEllipse(at, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.no_pooling))
        painter.drawEllipse(at, radius * 0.38, radius * 0.38)

    def _paint_words(
        self, painter: QPainter, figure: LandscapeFigure, way: FloatArray, fit: QPointF, taken: list[QRectF]
    ) -> None:
        theme, crowd = self.theme, way
        if len(figure.axes) == 1:
            curve = np.column_stack([figure.axes[0].values, figure.difference])
            crowd = np.vstack([way, self.to_pixels(curve)])
        self._name(painter, "best fit", fit, crowd, taken, tint=theme.text)
        around = theme.px(13)
        taken.append(QRectF(fit.x() - around, fit.y() - around, 2 * around, 2 * around))
        if self._begins():
            start = QPointF(float(way[0, 0]), float(way[0, 1]))
            if self.inside().contains(start) and QLineF(start, fit).length() > theme.px(26):
                self._name(painter, "start", start, crowd, taken, tint=theme.no_pooling)

    def _name(
        self, painter: QPainter, text: str, at: QPointF, crowd: FloatArray, taken: list[QRectF], *, tint: str
    ) -> None:
        font = text_font(self.theme, bold=True)
        metrics = QFontMetricsF(font)
        size = QSizeF(metrics.horizontalAdvance(text) + self.theme.px(8), metrics.height())
        rect = place_label(at, size, self.theme.px(13), self.inside(), crowd, taken)
        paint_label(painter, self.theme, font, rect, text, tint)
        taken.append(rect)

    def _paint_levels(self, painter: QPainter, figure: LandscapeFigure, taken: list[QRectF]) -> None:
        """A level's number on its line, away from the way; left out where there is no room."""
        theme = self.theme
        font = text_font(theme)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        crowd = self.to_pixels(self._points)
        centre = self.pixel(*self._fit)
        x, y = figure.axes[0].values, figure.axes[-1].values
        grid = QRectF(self.pixel(x[0], y[-1]), self.pixel(x[-1], y[0])).intersected(self.inside())
        for level, band, points in reversed(self._bands):
            text = number(level, 1)
            size = QSizeF(metrics.horizontalAdvance(text) + theme.px(6), metrics.height() * 0.95)
            rect = _free_place(self.to_pixels(points), size, grid, centre, crowd, taken)
            if rect is None:
                continue
            taken.append(rect)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(band))
            painter.drawRoundedRect(rect, 4, 4)
            painter.setPen(color(theme.text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _free_place(
    line: FloatArray, size: QSizeF, room: QRectF, centre: QPointF, crowd: FloatArray, taken: list[QRectF]
) -> QRectF | None:
    """Where on the line a label can stand, nearest to the upper right of ``centre``."""
    line = line[:: max(1, len(line) // CANDIDATES)]
    angle = np.arctan2(centre.y() - line[:, 1], line[:, 0] - centre.x())
    turn = np.abs((angle - 0.7 + np.pi) % (2 * np.pi) - np.pi)
    limits = room.adjusted(3, 3, -3, -3)
    for x, y in line[np.argsort(turn, kind="stable")]:
        rect = QRectF(float(x) - size.width() / 2, float(y) - size.height() / 2, size.width(), size.height())
        if not limits.contains(rect) or any(rect.intersects(other) for other in taken):
            continue
        off = np.abs(crowd - [x, y]) < [size.width() / 2 + 5, size.height() / 2 + 5]
        if not off.all(axis=1).any():
            return rect
    return None


def _beyond(room: QRectF, edge: float, *, across: bool, sign: int) -> tuple[QRectF, QLineF]:
    """The part of the panel beyond a boundary, in pixels, and the boundary."""
    beyond = QRectF(room)
    if across:
        line = QLineF(edge, room.top(), edge, room.bottom())
        beyond.setRight(edge) if sign < 0 else beyond.setLeft(edge)
    else:
        line = QLineF(room.left(), edge, room.right(), edge)
        beyond.setTop(edge) if sign < 0 else beyond.setBottom(edge)
    return beyond, line


def _range(values: FloatArray, bounds: tuple[float, float], share: float) -> tuple[float, float]:
    """What is shown of an axis: its values, and a strip beyond a boundary that they reach."""
    low, high = at_bounds(bounds, values)
    margin = share * float(values[-1] - values[0])
    return float(values[0]) - margin * low, float(values[-1]) + margin * high


def _polygon(points: FloatArray) -> QPolygonF:
    return QPolygonF([QPointF(float(x), float(y)) for x, y in points])
