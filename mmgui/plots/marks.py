"""Marks painted in pixels: dots, rings and links, a few or thousands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from mmgui.app.theme import Theme
from mmgui.plots.stamps import Disc, stamp
from mmgui.plots.still import bitmap_scale
from mmgui.plots.style import color

FloatArray = NDArray[np.float64]

FEW = 250
"""Up to how many marks each has its own edge."""


def known(points: FloatArray) -> FloatArray:
    """Those of the (m, 2) points that are somewhere."""
    return points[np.isfinite(points).all(axis=1)]


def paint_dots(
    painter: QPainter, points: FloatArray, size: float, fill: QColor, edge: QPen | None = None
) -> None:
    """Circles of a diameter at (m, 2) pixels; of many none has an edge, an open one the edge's colour."""
    points = known(points)
    if len(points) > FEW:
        fill, edge = edge.color() if edge is not None and not fill.alpha() else fill, None
    if len(points):
        stamp(painter, points, Disc.of(size / 2, fill, edge))


def paint_links(painter: QPainter, start: FloatArray, end: FloatArray, pen: QPen) -> None:
    """Lines from (m, 2) to (m, 2) pixels, where both are known."""
    paint_segments(painter, np.hstack([start, end]), pen)


def paint_segments(painter: QPainter, ends: FloatArray, pen: QPen) -> None:
    """(m, 4) pieces x₁ y₁ x₂ y₂ in pixels; NaN leaves a piece out.

    With flat ends, which Qt paints many times as fast as round ones, and ten times as fast again where the
    colour is opaque.
    """
    ends = ends[np.isfinite(ends).all(axis=1)]
    if not len(ends):
        return
    if pen.capStyle() == Qt.PenCapStyle.RoundCap:
        pen = QPen(pen)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    lines = internals.PrimitiveArray(QLineF, 4)
    lines.resize(len(ends))
    lines.ndarray()[:] = ends
    painter.drawLines(*lines.drawargs())


def paint_heads(
    painter: QPainter, start: FloatArray, end: FloatArray, pen: QPen, arm: float, gap: float
) -> None:
    """Open arrow heads just short of the ends, on links long enough to carry one."""
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    room = np.isfinite(length) & (length > 2.2 * arm + gap)
    if not room.any():
        return
    unit = along[room] / length[room, None]
    tip = end[room] - gap * unit
    across = 0.55 * arm * np.column_stack([-unit[:, 1], unit[:, 0]])
    back = tip - arm * unit
    pen = QPen(pen)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    paint_segments(
        painter, np.vstack([np.hstack([back + across, tip]), np.hstack([back - across, tip])]), pen
    )


def paint_ellipses(
    painter: QPainter, centre: FloatArray, root: FloatArray, radii: Sequence[float], pen: QPen, fill: QColor
) -> None:
    """The points centre + root u, |u| = radius, of each radius within the last; lines where they are flat."""
    (a, b), (c, d) = root.tolist()
    there = QTransform(a, c, b, d, float(centre[0]), float(centre[1]))
    shapes = [there.map(_circle(radius)) for radius in radii]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    # The lines hide the areas' edges, which need not be smooth: that takes a third of the time.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bitmap_scale(painter) is None)
    for shape in shapes if fill.alpha() else ():
        painter.drawPath(shape)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shape in shapes:
        painter.drawPath(shape)


def paint_ellipse(painter: QPainter, centre: FloatArray, root: FloatArray, radius: float, pen: QPen) -> None:
    """One of them, as a line."""
    paint_ellipses(painter, centre, root, (radius,), pen, QColor(0, 0, 0, 0))


@lru_cache(maxsize=32)
def _circle(radius: float) -> QPainterPath:
    shape = QPainterPath()
    shape.addEllipse(QPointF(0.0, 0.0), radius, radius)
    return shape


def polygon(points: FloatArray) -> QPolygonF:
    """(m, 2) pixels for the painter."""
    shape: QPolygonF = pg.functions.create_qpolygonf(len(points))
    pg.functions.ndarray_from_qpolygonf(shape)[:] = points
    return shape


def band_of_rows(
    y: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rows that fall on one line of pixels as one: the line's y, the least ``low``, the greatest ``high``."""
    usable = np.isfinite(y) & np.isfinite(low) & np.isfinite(high)
    line = np.floor(y[usable]).astype(np.int64)
    order = np.argsort(line, kind="stable")
    line = line[order]
    first = np.flatnonzero(np.diff(line, prepend=line[0] - 1)) if len(line) else np.empty(0, dtype=np.intp)
    if not len(first):
        empty = np.empty(0)
        return empty, empty, empty
    least = np.minimum.reduceat(low[usable][order], first)
    most = np.maximum.reduceat(high[usable][order], first)
    return line[first].astype(np.float64) + 0.5, np.asarray(least), np.asarray(most)


def paint_cross(painter: QPainter, theme: Theme, at: QPointF, tint: str, *, turned: bool) -> None:
    """A centre: upright for the model's, turned for complete pooling's, clear of what lies below."""
    arm = theme.px(7) * (0.72 if turned else 1.0)
    for width, hue in ((theme.line_width * 1.4 + 3, theme.surface), (theme.line_width * 1.4, tint)):
        painter.setPen(QPen(color(hue), width))
        if turned:
            painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
            painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
        else:
            painter.drawLine(at + QPointF(-arm, 0), at + QPointF(arm, 0))
            painter.drawLine(at + QPointF(0, -arm), at + QPointF(0, arm))
