"""Where a label may stand that need not touch what it names: along a line, or aside with a thin leader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

FloatArray = NDArray[np.float64]

ENOUGH = 400
"""Marks looked at: of more, every second, third, … tells where they crowd."""
RINGS, WAYS = 9, 24
MARGIN = np.array([4.0, 3.0])
"""Air between a label and a point that it does not hide."""
SOON = 0.12
"""What a step further out costs, in marks hidden."""


def place_on_line(
    line: FloatArray, size: QSizeF, room: QRectF, points: FloatArray, taken: Sequence[QRectF] = ()
) -> int:
    """Index of the first place on the line (m, 2), in its order, where a label hides nothing; -1 for none."""
    free = _free(line, size, room, taken) & (_hidden(line, size, points) == 0)
    return int(np.argmax(free)) if free.any() else -1


def place_aside(
    at: QPointF, size: QSizeF, gap: float, room: QRectF, points: FloatArray, taken: Sequence[QRectF] = ()
) -> QRectF:
    """The rectangle about ``at``, near it or further out, that hides the fewest ``points`` (m, 2)."""
    turn = 2 * np.pi * np.arange(WAYS) / WAYS
    # To the right first, then by turns above and below.
    turn = turn[np.argsort(np.minimum(turn, 2 * np.pi - turn), kind="stable")]
    half = np.array([size.width() / 2, size.height() / 2])
    reach = gap * (1.0 + 1.1 * np.arange(RINGS))
    way = np.column_stack([np.cos(turn), -np.sin(turn)])
    # So that its edge, not its middle, is so far away.
    middles = [np.array([at.x(), at.y()]) + way * r + np.clip(way * 2.0, -1.0, 1.0) * half for r in reach]
    places = np.vstack(middles)
    cost = _hidden(places, size, points) + SOON * np.repeat(np.arange(RINGS), WAYS)
    cost = cost + 1e-3 * np.tile(np.arange(WAYS), RINGS) + 1e3 * ~_free(places, size, room, taken)
    x, y = places[int(np.argmin(cost))]
    x = min(max(float(x), room.left() + half[0]), max(room.right() - half[0], room.left() + half[0]))
    y = min(max(float(y), room.top() + half[1]), max(room.bottom() - half[1], room.top() + half[1]))
    return QRectF(QPointF(x - half[0], y - half[1]), size)


def hides(rect: QRectF, points: FloatArray) -> bool:
    """Whether a label there hides any of the points."""
    middle = np.array([[rect.center().x(), rect.center().y()]])
    return bool(_hidden(middle, rect.size(), points)[0])


def all_free(
    places: FloatArray, halves: FloatArray, room: QRectF, points: FloatArray, taken: Sequence[QRectF] = ()
) -> NDArray[np.bool_]:
    """Which of the labels about (k, 2) places, with half sizes (k, 2), are inside and hide nothing."""
    low, high = places - halves, places + halves
    free = ((low >= (room.left(), room.top())) & (high <= (room.right(), room.bottom()))).all(axis=1)
    for other in taken:
        edges = np.array(other.getCoords())
        free &= ((high < edges[:2]) | (low > edges[2:])).any(axis=1)
    points = points[:: len(points) // ENOUGH + 1]
    off = np.abs(points[None, :, :] - places[:, None, :])
    return np.asarray(free & ~(off < (halves + MARGIN)[:, None, :]).all(axis=2).any(axis=1))


def nearest_point(rect: QRectF, at: QPointF) -> QPointF:
    """The point of a rectangle nearest to ``at``: where a leader ends."""
    return QPointF(min(max(at.x(), rect.left()), rect.right()), min(max(at.y(), rect.top()), rect.bottom()))


def _free(places: FloatArray, size: QSizeF, room: QRectF, taken: Sequence[QRectF]) -> NDArray[np.bool_]:
    """Whether a label about each of the places is inside and covers no other."""
    half = np.array([size.width() / 2, size.height() / 2])
    low, high = places - half, places + half
    free = (low >= [room.left(), room.top()]).all(axis=1) & (high <= [room.right(), room.bottom()]).all(
        axis=1
    )
    for other in taken:
        apart = (high < [other.left(), other.top()]) | (low > [other.right(), other.bottom()])
        free &= apart.any(axis=1)
    return np.asarray(free)


def _hidden(places: FloatArray, size: QSizeF, points: FloatArray) -> NDArray[np.intp]:
    """How many points a label about each of the places hides."""
    points = points[:: len(points) // ENOUGH + 1]
    half = np.array([size.width() / 2, size.height() / 2]) + MARGIN
    near = (np.abs(points[None, :, :] - places[:, None, :]) < half).all(axis=2)
    return np.asarray(near.sum(axis=1))
