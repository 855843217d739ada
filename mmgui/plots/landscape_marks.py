"""What is painted over a landscape: boundaries, the ways of the optimiser, the best fit, the handle."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF

from mmgui.app.theme import Theme
from mmgui.figures.landscape_trail import Trail
from mmgui.plots.labels import paint_label, place_label
from mmgui.plots.stamps import Disc, stamp
from mmgui.plots.style import color, pen, text_font

FloatArray = NDArray[np.float64]
NUMBERED = 12
"""Ways of up to so many steps are numbered."""
TRIALS = 0.35


def polygon(points: FloatArray) -> QPolygonF:
    """(m, 2) positions as a polygon."""
    return QPolygonF([QPointF(float(x), float(y)) for x, y in points])


def paint_hatch(painter: QPainter, theme: Theme, room: QRectF) -> None:
    """Lines rather than a pattern, which drawings could not hold."""
    if room.width() <= 0 or room.height() <= 0:
        return
    painter.save()
    painter.setClipRect(room)
    painter.fillRect(room, color(theme.surface))
    painter.setPen(pen(theme.muted, theme.line_width * 0.6, alpha=0.6))
    step, reach = theme.px(7), room.height()
    # Anchored to the panel, so that the lines of two boundaries meet.
    x = math.floor((room.left() - reach) / step) * step + (room.bottom() % step)
    while x < room.right():
        painter.drawLine(QPointF(x, room.bottom()), QPointF(x + reach, room.top()))
        x += step
    painter.restore()


def beyond(room: QRectF, edge: float, *, across: bool, sign: int) -> tuple[QRectF, QLineF]:
    """The part of the panel beyond a boundary, in pixels, and the boundary."""
    out = QRectF(room)
    if across:
        line = QLineF(edge, room.top(), edge, room.bottom())
        out.setRight(edge) if sign < 0 else out.setLeft(edge)
    else:
        line = QLineF(room.left(), edge, room.right(), edge)
        out.setTop(edge) if sign < 0 else out.setBottom(edge)
    return out, line


def paint_trail(
    painter: QPainter,
    theme: Theme,
    way: Trail,
    places: FloatArray,
    *,
    tint: str,
    faint: bool,
    dashed: bool = False,
) -> list[tuple[str, QPointF]]:
    """A way in pixels: lines through what was lower, faint dots for trials; the numbers of its steps."""
    lower = way.improving
    known = np.isfinite(places).all(axis=1)
    dot, ring = 3.3 * theme.scale**0.75, 5.0 * theme.scale**0.75
    numbers: list[tuple[str, QPointF]] = []
    paint_dots(painter, theme, places[known & ~lower], tint, TRIALS, dot * 0.85)
    for start in np.unique(way.starts):
        own = known & (way.starts == start)
        steps = np.flatnonzero(own & lower)
        if not len(steps):
            continue
        # A search that began again elsewhere is fainter than the first.
        alpha = (0.45 if faint else 1.0) * (1.0 if start == 0 else 0.6)
        painter.setPen(pen(tint, theme.line_width * 1.3, alpha=alpha, dashed=dashed or start > 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(polygon(places[steps]))
        paint_dots(painter, theme, places[steps[1:]], tint, alpha, dot)
        painter.setPen(pen(tint, theme.line_width * 1.3))
        painter.setBrush(color(theme.surface))
        painter.drawEllipse(QPointF(*map(float, places[steps[0]])), ring, ring)
        if start == 0 and len(steps) <= NUMBERED:
            numbers += [(str(k + 1), QPointF(*map(float, places[k]))) for k in steps[1:-1]]
    return numbers


def paint_dots(
    painter: QPainter, theme: Theme, places: FloatArray, tint: str, alpha: float, radius: float
) -> None:
    """A dot at each place."""
    painter.setPen(pen(theme.surface, 0.8, alpha=alpha))
    painter.setBrush(color(tint, alpha))
    for x, y in places:
        painter.drawEllipse(QPointF(float(x), float(y)), radius, radius)


def paint_numbers(
    painter: QPainter,
    theme: Theme,
    numbers: Sequence[tuple[str, QPointF]],
    crowd: FloatArray,
    taken: list[QRectF],
) -> None:
    """Small numbers beside the steps of a way, where there is room."""
    font = text_font(theme, 11.0)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for text, at in numbers:
        size = QSizeF(metrics.horizontalAdvance(text) + 2.0, metrics.height() * 0.9)
        rect = place_label(at, size, theme.px(6), QRectF(at.x() - 60, at.y() - 60, 120, 120), crowd, taken)
        if any(rect.intersects(other) for other in taken):
            continue
        taken.append(rect)
        painter.setPen(color(theme.no_pooling))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def paint_bead(painter: QPainter, theme: Theme, at: QPointF) -> None:
    """Where the film stands on the way."""
    painter.setPen(pen(theme.surface, theme.line_width))
    painter.setBrush(color(theme.no_pooling))
    painter.drawEllipse(at, theme.px(6), theme.px(6))


def paint_best(painter: QPainter, theme: Theme, at: QPointF, *, ghost: bool) -> None:
    """A dot at the best fit; a dashed ring where the handle has left it."""
    if ghost:
        painter.setPen(pen(theme.accent, theme.line_width * 1.2, alpha=0.8, dashed=True))
        painter.setBrush(color(theme.surface, 0.55))
        painter.drawEllipse(at, theme.px(8), theme.px(8))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.accent))
    painter.drawEllipse(at, theme.px(3), theme.px(3))


def paint_handle(painter: QPainter, theme: Theme, at: QPointF, *, hot: bool) -> None:
    """A ring to take hold of, with a soft halo while the pointer or the keyboard has it."""
    radius, surface = theme.px(9), color(theme.surface)
    place = np.array([[at.x(), at.y()]])
    if hot:
        stamp(painter, place, Disc.of(radius * 1.9, color(theme.accent, 0.22)))
    for tint, width in ((theme.surface, 4.0), (theme.accent, 2.6)):
        stamp(painter, place, Disc.of(radius, surface, pen(tint, theme.line_width * width)))
    stamp(painter, place, Disc.of(radius * 0.36, color(theme.accent)))


def paint_way_out(painter: QPainter, theme: Theme, at: QPointF, beyond: QPointF) -> None:
    """At the edge, an arrow head toward a handle that is beyond it; it can be taken hold of too."""
    way = beyond - at
    length = max(math.hypot(way.x(), way.y()), 1e-9)
    ahead = way / length * theme.px(11)
    aside = QPointF(-ahead.y(), ahead.x()) * 0.75
    painter.setPen(pen(theme.surface, theme.line_width * 1.5))
    painter.setBrush(color(theme.accent))
    painter.drawPolygon(QPolygonF([at + ahead * 0.6, at - ahead * 0.9 + aside, at - ahead * 0.9 - aside]))


def paint_name(
    painter: QPainter, theme: Theme, text: str, at: QPointF, room: QRectF, crowd: FloatArray,
    taken: list[QRectF], *, tint: str, gap: float = 13.0,
) -> None:  # fmt: skip
    """A word beside a place."""
    font = text_font(theme, bold=True)
    metrics = QFontMetricsF(font)
    size = QSizeF(metrics.horizontalAdvance(text) + theme.px(8), metrics.height())
    rect = place_label(at, size, theme.px(gap), room, crowd, taken)
    paint_label(painter, theme, font, rect, text, tint)
    taken.append(rect)
