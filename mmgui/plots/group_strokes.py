"""Dots and lines of many groups, painted from arrays; crowds are gathered cell by cell, none left out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.plots.marks import known
from mmgui.plots.stamps import Disc, stamp
from mmgui.plots.style import color, mix

FloatArray = NDArray[np.float64]
CROWD = 3000
"""From how many dots on, those of one cell are painted as one, the darker the more they are."""
SHADES = ((1, 1.0), (3, 1.7), (9, 2.6), (27, 4.0))
MANY_LINES = 400


def paint_dots(
    painter: QPainter, x: FloatArray, y: FloatArray, tint: QColor, radius: float, inside: QRectF
) -> int:
    """Dots at pixels, those in the rectangle; every one leaves its mark. Returns how many marks were made."""
    reach = radius + 1.0
    with np.errstate(invalid="ignore"):
        seen = (x > inside.left() - reach) & (x < inside.right() + reach)
        seen &= (y > inside.top() - reach) & (y < inside.bottom() + reach)
    x, y = x[seen], y[seen]
    if len(x) <= CROWD:
        _paint(painter, x, y, tint, radius)
        return len(x)
    cell = float(max(1.0, 0.8 * radius))
    across = int(inside.width() / cell) + int(2 * reach / cell) + 3
    column = ((x - inside.left() + reach) / cell).astype(np.intp)
    row = ((y - inside.top() + reach) / cell).astype(np.intp)
    counts = np.bincount(row * across + column)
    taken = np.flatnonzero(counts)
    number = counts[taken]
    px = np.asarray((taken % across + 0.5) * cell + inside.left() - reach, dtype=np.float64)
    py = np.asarray((taken // across + 0.5) * cell + inside.top() - reach, dtype=np.float64)
    limits = [least for least, _ in SHADES[1:]] + [np.inf]
    low = 0.0
    for (_, more), high in zip(SHADES, limits, strict=True):
        here = (number > low) & (number <= high)
        shade = QColor(tint)
        shade.setAlphaF(min(tint.alphaF() * more, 1.0))
        _paint(painter, px[here], py[here], shade, radius)
        low = high
    return len(taken)


def _paint(painter: QPainter, x: FloatArray, y: FloatArray, tint: QColor, radius: float) -> None:
    if len(x):
        stamp(painter, np.column_stack([x, y]), Disc.of(radius, tint))


def paint_rings(
    painter: QPainter, x: FloatArray, y: FloatArray, edge: QPen, fill: QColor, radius: float
) -> None:
    """Open circles at pixels."""
    at = known(np.column_stack([x, y]))
    if len(at):
        stamp(painter, at, Disc.of(radius, fill, edge))


def line_pen(
    theme: Theme, tint: str, width: float = 1.0, strength: float = 1.0, *, dashed: bool = False
) -> QPen:
    """A pen for lines of groups, so many line widths wide.

    A fainter line has an opaque colour nearer to the ground: Qt paints that ten times as fast as a
    translucent one.
    """
    return QPen(_line_pen(theme.surface, tint, theme.line_width * width, strength, dashed))


@lru_cache(maxsize=512)
def _line_pen(surface: str, tint: str, width: float, strength: float, dashed: bool) -> QPen:
    stroke = QPen(mix(surface, tint, strength), width)
    stroke.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:
        stroke.setDashPattern([3.5, 3.0])
    return stroke


def crowd_pen(tint: str, alpha: float) -> QPen:
    """A hairline for hundreds of lines, darker where they are dense."""
    stroke = QPen(color(tint, alpha), 1.0)
    stroke.setCapStyle(Qt.PenCapStyle.FlatCap)
    return stroke


def line_pieces(starts: NDArray[np.intp], x: FloatArray, *, straight: bool) -> NDArray[np.intp]:
    """(m, 2) pairs of rows that a group's line joins: its ends where it is straight, else neighbours."""
    first, last = starts[:-1], starts[1:] - 1
    if straight:
        return np.asarray(np.column_stack([first, last])[x[first] != x[last]], dtype=np.intp)
    left = np.flatnonzero(np.diff(x) > 0.0)
    owner = np.repeat(np.arange(len(first)), np.diff(starts))
    left = left[owner[left] == owner[left + 1]]
    return np.asarray(np.column_stack([left, left + 1]), dtype=np.intp)


def pieces_of(pairs: NDArray[np.intp], x: FloatArray, values: FloatArray) -> FloatArray:
    """(m, 4) of pairs of rows."""
    return np.column_stack([x[pairs[:, 0]], values[pairs[:, 0]], x[pairs[:, 1]], values[pairs[:, 1]]])
