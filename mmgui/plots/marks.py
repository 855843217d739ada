"""Marks painted in pixels: dots, rings and links, a few or thousands."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

FloatArray = NDArray[np.float64]

FEW = 250
"""Up to how many marks each is drawn by itself, with its own edge."""
CROWD = 1000


def known(points: FloatArray) -> FloatArray:
    """Those of the (m, 2) points that are somewhere."""
    return points[np.isfinite(points).all(axis=1)]


def paint_dots(
    painter: QPainter, points: FloatArray, size: float, fill: QColor, edge: QPen | None = None
) -> None:
    """Circles of a diameter at (m, 2) pixels."""
    points = known(points)
    if not len(points):
        return
    if len(points) <= FEW:
        painter.setBrush(QBrush(fill) if fill.alpha() else QBrush(Qt.BrushStyle.NoBrush))
        painter.setPen(edge if edge is not None else QPen(Qt.PenStyle.NoPen))
        radius = size / 2
        for x, y in points.tolist():
            painter.drawEllipse(QPointF(x, y), radius, radius)
        return
    pen = QPen(edge.color() if edge is not None and not fill.alpha() else fill, size)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    # Crowds of specks look the same without soft edges, in a third of the time.
    soft = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, soft and not (len(points) > CROWD and size < 4))
    painter.drawPoints(polygon(points))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, soft)


def paint_links(painter: QPainter, start: FloatArray, end: FloatArray, pen: QPen) -> None:
    """Lines from (m, 2) to (m, 2) pixels, where both are known."""
    both = np.isfinite(start).all(axis=1) & np.isfinite(end).all(axis=1)
    if not both.any():
        return
    ends = np.stack([start[both], end[both]], axis=1).reshape(-1, 2)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(pg.arrayToQPath(ends[:, 0].copy(), ends[:, 1].copy(), connect="pairs"))


def paint_heads(painter: QPainter, start: FloatArray, end: FloatArray, arm: float, gap: float) -> None:
    """Open arrow heads just short of the ends, on links long enough to carry one; in the painter's pen."""
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    room = np.isfinite(length) & (length > 2.2 * arm + gap)
    if not room.any():
        return
    unit = along[room] / length[room, None]
    tip = end[room] - gap * unit
    across = np.column_stack([-unit[:, 1], unit[:, 0]])
    back = tip - arm * unit
    points = np.stack([back + 0.55 * arm * across, tip, tip, back - 0.55 * arm * across], axis=1)
    points = points.reshape(-1, 2)
    painter.drawPath(pg.arrayToQPath(points[:, 0].copy(), points[:, 1].copy(), connect="pairs"))


def paint_ellipse(painter: QPainter, centre: FloatArray, root: FloatArray, radius: float) -> None:
    """The points centre + root u, |u| = radius, with the painter's pen and brush; a line where it is flat."""
    values, vectors = np.linalg.eigh(root)
    one, other = abs(float(values[0])) * radius, abs(float(values[1])) * radius
    painter.save()
    painter.translate(float(centre[0]), float(centre[1]))
    painter.rotate(float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))))
    if one < 0.25:
        painter.drawLine(QPointF(-other, 0.0), QPointF(other, 0.0))
    else:
        painter.drawEllipse(QRectF(-other, -one, 2 * other, 2 * one))
    painter.restore()


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
