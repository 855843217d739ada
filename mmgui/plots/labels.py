"""Where a label may stand: beside its point, inside the picture, covering as little as possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPainter

from mmgui.app.theme import Theme
from mmgui.plots.style import color

# Right, left, above, below, then the corners: the order of preference where places are equally free.
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))


def place_label(
    at: QPointF,
    size: QSizeF,
    gap: float,
    inside: QRectF,
    points: NDArray[np.float64],
    taken: Sequence[QRectF] = (),
) -> QRectF:
    """The rectangle beside ``at`` that hides the fewest ``points`` (m, 2) and no other label."""
    best, best_cost = QRectF(at, size), float("inf")
    for rank, (dx, dy) in enumerate(_DIRECTIONS):
        diagonal = 0.7 if dx and dy else 1.0
        x = at.x() + dx * gap * diagonal - (size.width() * (1 - dx) / 2)
        y = at.y() + dy * gap * diagonal - (size.height() * (1 - dy) / 2)
        rect = QRectF(QPointF(x, y), size)
        hidden = 0
        if len(points):
            hidden = int(
                np.count_nonzero(
                    (points[:, 0] > rect.left() - 4)
                    & (points[:, 0] < rect.right() + 4)
                    & (points[:, 1] > rect.top() - 2)
                    & (points[:, 1] < rect.bottom() + 2)
                )
            )
        cost = hidden + 0.01 * rank
        cost += 1000 * sum(rect.intersects(other) for other in taken)
        cost += 0 if inside.contains(rect) else 10_000
        if cost < best_cost:
            best, best_cost = rect, cost
    x = min(max(best.left(), inside.left()), max(inside.right() - size.width(), inside.left()))
    y = min(max(best.top(), inside.top()), max(inside.bottom() - size.height(), inside.top()))
    return QRectF(QPointF(x, y), size)


def paint_label(painter: QPainter, theme: Theme, font: QFont, rect: QRectF, text: str, tint: str) -> None:
    """Text in its place, on a ground through which the picture can just be seen."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.surface, 0.82))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(font)
    painter.setPen(color(tint))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
