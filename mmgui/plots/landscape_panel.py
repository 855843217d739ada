"""The panel of a landscape: bands and contour lines or a curve, the boundary hatched, the optimiser's way."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from mmgui.app.theme import Theme
from mmgui.figures.contours import inner_lines
from mmgui.figures.landscape import LandscapeAxis, LandscapeFigure, at_bounds
from mmgui.figures.landscape_trail import Trail, trail
from mmgui.plots.labels import paint_label
from mmgui.plots.landscape_handle import HandleArea
from mmgui.plots.landscape_marks import (
    beyond,
    paint_best,
    paint_hatch,
    paint_name,
    paint_numbers,
    paint_trail,
    polygon,
)
from mmgui.plots.style import color, item_pen, mix, pen, text_font

CANDIDATES = 120
FADED = 0.45
FloatArray = NDArray[np.float64]


def landscape_hue(figure: LandscapeFigure, theme: Theme) -> str:
    """The term's colour; midway between two terms' colours where each axis belongs to another."""
    hues = [theme.term_color(axis.parameter.term) for axis in figure.axes]
    return mix(hues[0], hues[-1], 0.5).name()


class LandscapePanel(HandleArea):
    """Two parameters: contours. One: a curve."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("landscapeArea")
        self._figure: LandscapeFigure | None = None
        self._other: Trail | None = None
        self._bands: list[tuple[float, str, FloatArray]] = []
        self._names: tuple[str, ...] = ()
        self._faded = False
        self._reach: tuple[tuple[float, float], ...] = ()

    def show_figure(self, figure: LandscapeFigure, other: Trail | None = None) -> None:
        """Draw the figure in the panel's theme, and the way of another search where there is one."""
        self._figure, self._other = figure, other
        self._bands = []
        self.clear_items()
        across, upward = figure.axes[0], figure.axes[-1]
        self.bottom.set_title(figure.axis_titles[0])
        if len(figure.axes) == 2:
            self.left.set_title(figure.axis_titles[1])
            self._add_contours(figure)
            y = _range(upward, 0.035)
            self.set_best((across.estimate, upward.estimate))
        else:
            self.left.set_title(f"{figure.criterion} above {figure.reference}")
            hue = landscape_hue(figure, self.theme)
            width = self.theme.line_width * 1.5
            self.add(pg.PlotCurveItem(across.values, figure.difference, pen=item_pen(hue, width)))
            # A curve that was stopped at once has no heights.
            top = float(np.nan_to_num(figure.difference).max(initial=0.0)) or 1.0
            y = (-0.1 * top, 1.04 * top)
            self.set_best((across.estimate, figure.fit_difference))
        if not figure.window:
            self._spans = tuple(float(axis.values[-1] - axis.values[0]) for axis in figure.axes)
            self._reach = tuple(_limits(axis) for axis in figure.axes)
        self.set_limits(_joined(self._reach, figure), self._spans)
        way = self._way(trail(figure))
        self.set_points(way, np.arange(len(way)))
        self._show_range(figure, _range(across, 0.022), y)
        self.forget_still()

    def _show_range(self, figure: LandscapeFigure, x: tuple[float, float], y: tuple[float, float]) -> None:
        """The range stays where it is while the same axes are drawn again, unless they reach further."""
        home, names = self.home(), figure.names
        same = names == self._names
        if same and figure.window:
            # A part of the landscape is drawn where it is looked at.
            return
        if same and len(names) == 2:
            wide = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
            if home.adjusted(-1e-9, -1e-9, 1e-9, 1e-9).contains(wide):
                return
            both = home.united(wide)
            x, y = (both.left(), both.right()), (both.top(), both.bottom())
        self._names = names
        self.set_home(x, y)

    def forget_range(self) -> None:
        """Another model or other axes come: their range is their own, and no click was meant for them."""
        self._names = ()
        self.forget_click()

    def set_faded(self, faded: bool) -> None:
        """Whether the contours are of before the hand moved what they hold."""
        if faded != self._faded:
            self._faded = faded
            self.forget_still()

    def _way(self, way: Trail) -> FloatArray:
        if way.places.shape[1] == 2:
            return way.places
        return np.column_stack([way.places[:, 0], way.difference])

    def _add_contours(self, figure: LandscapeFigure) -> None:
        theme, count = self.theme, len(figure.contours)
        hue = landscape_hue(figure, theme)
        x, y = (axis.values for axis in figure.axes)
        if np.isfinite(figure.difference).all():
            ground = QPainterPath()
            ground.addRect(QRectF(x[0], y[0], x[-1] - x[0], y[-1] - y[0]))
            self._add_shape(ground, mix(theme.surface, hue, 0.05).name())
        for k, contour in reversed(list(enumerate(figure.contours))):
            depth = 1.0 - k / max(count, 1)
            band = mix(theme.surface, hue, 0.05 + 0.4 * depth**1.6).name()
            region, lines = QPainterPath(), QPainterPath()
            pieces = [line for o in contour.outlines for line in inner_lines(o, x, y)]
            for outline in contour.outlines:
                region.addPolygon(polygon(outline))
            for piece in pieces:
                lines.addPolygon(polygon(piece))
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

    # -- painted on top, and kept until something of it changes

    def paint_still(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        theme = self.theme
        painter.setClipRect(self.inside())
        if self._faded:
            painter.fillRect(self.inside(), color(theme.surface, FADED))
        taken: list[QRectF] = []
        self._paint_boundaries(painter, figure, taken)
        way = self.to_pixels(self._way(trail(figure)))
        # Over a curve the straight lines are no part of it, so they are fainter.
        numbers = paint_trail(
            painter, theme, trail(figure), way, tint=theme.no_pooling, faint=not self._bands
        )
        if self._other is not None:
            there = self.to_pixels(self._way(self._other))
            paint_trail(painter, theme, self._other, there, tint=theme.accent, faint=False, dashed=True)
        best = self.pixel(*self.best)
        paint_best(painter, theme, best, ghost=self.moved_away())
        self._paint_words(painter, figure, way, best, taken)
        paint_numbers(painter, theme, numbers, way, taken)
        self._paint_levels(painter, figure, taken)

    def _paint_boundaries(self, painter: QPainter, figure: LandscapeFigure, taken: list[QRectF]) -> None:
        room = self.inside()
        for k, axis in enumerate(figure.axes):
            for bound, sign, words in zip(axis.bounds, (-1, 1), axis.edges, strict=True):
                if not math.isfinite(bound) or not words:
                    continue
                at = self.pixel(bound, bound)
                place, line = beyond(room, at.x() if k == 0 else at.y(), across=k == 0, sign=sign)
                if place.width() <= 0.5 or place.height() <= 0.5:
                    continue
                paint_hatch(painter, self.theme, place)
                painter.setPen(pen(self.theme.muted, self.theme.line_width))
                painter.drawLine(line)
                self._name_edge(painter, words, line, across=k == 0, sign=sign, taken=taken)

    def _name_edge(
        self, painter: QPainter, words: str, line: QLineF, *, across: bool, sign: int, taken: list[QRectF]
    ) -> None:
        """What the boundary means, along its inner side, near its end."""
        theme, room = self.theme, self.inside()
        font = text_font(theme, 11.5)
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(words) + theme.px(8), metrics.height() + theme.px(2)
        if width > 0.6 * (room.height() if across else room.width()):
            return
        painter.save()
        if across:
            # Upright, read from below; the upper third is where ways rarely end.
            middle = room.top() + 0.06 * room.height() + width / 2
            x = line.x1() + (height / 2 + theme.px(1)) * -sign
            rect = QRectF(x - height / 2, middle - width / 2, height, width)
            painter.translate(x, middle)
            painter.rotate(-90)
            place = QRectF(-width / 2, -height / 2, width, height)
        else:
            top = line.y1() - height if sign < 0 else line.y1()
            place = rect = QRectF(room.right() - width - 0.04 * room.width(), top, width, height)
        paint_label(painter, theme, font, place, words, theme.muted)
        painter.restore()
        taken.append(rect)

    def _paint_words(
        self, painter: QPainter, figure: LandscapeFigure, way: FloatArray, best: QPointF, taken: list[QRectF]
    ) -> None:
        theme, crowd, room = self.theme, way, self.inside()
        if len(figure.axes) == 1:
            curve = np.column_stack([figure.axes[0].values, figure.difference])
            crowd = np.vstack([way, self.to_pixels(curve)])
        crowd = crowd[np.isfinite(crowd).all(axis=1)]
        paint_name(painter, theme, "best fit", best, room, crowd, taken, tint=theme.text)
        around = theme.px(13)
        taken.append(QRectF(best.x() - around, best.y() - around, 2 * around, 2 * around))
        for words, other, tint in (
            ("start", trail(figure), theme.no_pooling),
            ("from here", self._other, theme.accent),
        ):
            if other is None or not len(other.places):
                continue
            start = self.pixel(*map(float, self._way(other)[0]))
            if room.contains(start) and QLineF(start, best).length() > theme.px(26):
                paint_name(painter, theme, words, start, room, crowd, taken, tint=tint)

    def _paint_levels(self, painter: QPainter, figure: LandscapeFigure, taken: list[QRectF]) -> None:
        """A level's number on its line, away from the way; left out where there is no room."""
        theme = self.theme
        font = text_font(theme)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        crowd = self.to_pixels(self.targets()[0])
        centre = self.pixel(*self.best)
        x, y = figure.axes[0].values, figure.axes[-1].values
        grid = QRectF(self.pixel(x[0], y[-1]), self.pixel(x[-1], y[0])).intersected(self.inside())
        for level, band, points in reversed(self._bands):
            text = f"{level:g}"
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


def _limits(axis: LandscapeAxis) -> tuple[float, float]:
    """How far the handle may go: to the bounds, and somewhat beyond what is drawn."""
    low, high = axis.bounds
    room = 0.5 * float(axis.values[-1] - axis.values[0])
    return (max(low, float(axis.values[0]) - room), min(high, float(axis.values[-1]) + room))


def _joined(
    reach: tuple[tuple[float, float], ...], figure: LandscapeFigure
) -> tuple[tuple[float, float], ...]:
    """How far the handle may go where a part of the landscape is looked at: there, and back."""
    there = (_limits(axis) for axis in figure.axes)
    return tuple((min(a, c), max(b, d)) for (a, b), (c, d) in zip(reach, there, strict=False)) or reach


def _range(axis: LandscapeAxis, share: float) -> tuple[float, float]:
    """What is shown of an axis: its reach, and a strip beyond a boundary that it reaches."""
    low, high = axis.reach
    limited = axis.reach != (float(axis.values[0]), float(axis.values[-1]))
    at_low, at_high = (True, True) if limited else at_bounds(axis.bounds, axis.values)
    margin = share * (high - low)
    return low - margin * at_low, high + margin * at_high
