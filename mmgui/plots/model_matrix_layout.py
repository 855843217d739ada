"""Where the cells, the names and the row labels of a drawn model matrix stand."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from mmgui.app.theme import Theme
from mmgui.figures.model_matrix import ModelMatrixFigure

_WIDEST, _TALLEST = 132, 30
_NARROWEST_LEVEL = 46
"""Pixels at scale 1 a column needs for its name to be written level."""


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """Pixels: left edges of the columns, the height of a row, and the bands around the cells.

    Attributes
    ----------
    lefts, width
        Left edge of each column, and the width of all.
    top, height
        Top of the first row, height of each.
    label, count
        Width of the row labels on the left and of the counts on the right, 0 where there is no room.
    upright
        Whether the names of the columns stand upright.
    head
        Height of the line above the names that has the names of the terms; 0 where each has one column.
    """

    lefts: tuple[float, ...]
    width: float
    top: float
    height: float
    label: float
    count: float
    upright: bool
    head: float

    def cell(self, row: int, column: int) -> QRectF:
        """The rectangle of an entry."""
        return QRectF(self.lefts[column], self.top + row * self.height, self.width, self.height)

    def column(self, column: int, rows: int) -> QRectF:
        """The rectangle of a column."""
        return QRectF(self.lefts[column], self.top, self.width, rows * self.height)

    def at(self, position: QPointF, rows: int) -> tuple[int, int] | None:
        """(row, column) of a point; the row is -1 on a column's name, None beside the columns."""
        inside = (j for j, left in enumerate(self.lefts) if left <= position.x() < left + self.width)
        column = next(inside, None)
        if column is None or position.y() >= self.top + rows * self.height:
            return None
        return max(int((position.y() - self.top) // self.height), -1), column


def lay_out(figure: ModelMatrixFigure, room: QRectF, theme: Theme, metrics: QFontMetricsF) -> MatrixLayout:
    """Columns of one term side by side, a gap between terms; labels where rows are tall enough for them."""
    line = metrics.height()
    gap = theme.px(8)
    rows, columns = figure.values.shape
    gaps = sum(a.term != b.term for a, b in zip(figure.columns, figure.columns[1:], strict=False))
    names = max(metrics.horizontalAdvance(c.short) for c in figure.columns) + theme.px(8)
    terms = line + theme.px(4) if gaps + 1 < columns else 0.0
    # A first guess of the height decides whether rows have room for words.
    worded = (room.height() - line * 1.4 - terms) / rows >= line * 0.95
    label = count = 0.0
    if worded and figure.predictors:
        widest = max(metrics.horizontalAdvance(text) for text in figure.labels)
        label = min(widest + theme.px(10), room.width() * 0.3)
    if worded and figure.manner == "distinct":
        count = max(metrics.horizontalAdvance(f"× {c:,}") for c in figure.counts.tolist()) + theme.px(8)
    if figure.groups:
        widest = max(metrics.horizontalAdvance(g) for g in set(figure.groups))
        label += min(widest + theme.px(12), room.width() * 0.2)
    width = (room.width() - label - count - gaps * gap - theme.px(2)) / columns
    upright = names > width and width < theme.px(_NARROWEST_LEVEL)
    head = terms + (min(names, room.height() * 0.34) if upright else line + theme.px(5))
    width = max(min(width, theme.px(_WIDEST)), 1.0)
    height = min((room.height() - head - theme.px(2)) / rows, theme.px(_TALLEST))
    lefts, x = [], room.left() + label
    for j, column in enumerate(figure.columns):
        if j and column.term != figure.columns[j - 1].term:
            x += gap
        lefts.append(x)
        x += width
    return MatrixLayout(
        tuple(lefts), width, room.top() + head, max(height, 0.1), label, count, upright, terms
    )
