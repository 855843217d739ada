"""Small panels on common axes: where each stands, its grid, and numbers at the outer edges only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.plots.axis import round_step, tick_text
from mmgui.plots.style import color, text_font

FloatArray = NDArray[np.float64]
Span = tuple[float, float]


class Tiles:
    """A grid of panels in a rectangle, all with the same x and y range."""

    def __init__(
        self, theme: Theme, room: QRectF, columns: int, rows: int, x: Span, y: Span,
        names: tuple[str, ...] | None = None, titled: bool = True,
    ) -> None:  # fmt: skip
        self._theme, self._room = theme, room
        self.columns, self.rows = columns, rows
        self._x, self._y = x, y
        self._names = names
        self.whole = False
        self._metrics = QFontMetricsF(text_font(theme))
        line = self._metrics.height()
        gap = theme.px(10)
        numbers = max(self._metrics.horizontalAdvance(t) for _, t in self._ticks(y, 120.0, 42.0))
        self._left = room.left() + line + theme.px(6) + numbers + theme.px(6)
        # Numbers or names under the panels, and the title of the axis.
        below = (names is None or bool(names)) + titled
        self._below = below * line + theme.px(10)
        self._pitch = (
            (room.right() - self._left - theme.px(6)) / columns,
            (room.height() - self._below) / rows,
        )
        self._size = (max(self._pitch[0] - gap, 8.0), max(self._pitch[1] - line - theme.px(8), 8.0))
        self._head = line + theme.px(2)

    def tile(self, place: int) -> QRectF:
        """The rectangle of a panel."""
        row, column = divmod(place, self.columns)
        left = self._left + column * self._pitch[0]
        top = self._room.top() + row * self._pitch[1] + self._head
        return QRectF(left, top, *self._size)

    def across(self, tile: QRectF, x: FloatArray) -> FloatArray:
        """Pixels across of positions in a panel."""
        return tile.left() + (x - self._x[0]) / (self._x[1] - self._x[0]) * tile.width()

    def down(self, tile: QRectF, y: FloatArray) -> FloatArray:
        """Pixels down of positions in a panel."""
        return tile.bottom() - (y - self._y[0]) / (self._y[1] - self._y[0]) * tile.height()

    def _x_ticks(self, length: float) -> list[tuple[float, str]]:
        if self._names is None:
            return self._ticks(self._x, length, 40.0, whole=self.whole)
        room = 0.95 * length / max(len(self._names), 1)
        elide = Qt.TextElideMode.ElideMiddle
        return [(float(k), self._metrics.elidedText(n, elide, room)) for k, n in enumerate(self._names)]

    def _ticks(
        self, span: Span, length: float, spacing: float, *, whole: bool = False
    ) -> list[tuple[float, str]]:
        wanted = min(max(length / self._theme.px(spacing), 1.5), 6.0)
        step = round_step(span[1] - span[0], wanted)
        if span[1] - span[0] < 2.0 * step:
            step = round_step(span[1] - span[0], 4.0)
        step = max(step, 1.0) if whole else step
        first, last = math.ceil(span[0] / step - 1e-9), math.floor(span[1] / step + 1e-9)
        return [(k * step, tick_text(k * step, step)) for k in range(first, last + 1)]

    def paint_frame(self, painter: QPainter, place: int, shown: int) -> None:
        """Grid of a panel, and numbers where no panel stands to its left or below it."""
        theme, tile = self._theme, self.tile(place)
        painter.setFont(text_font(theme))
        grid = QPen(color(theme.grid), max(1.0, theme.line_width / 1.5))
        line = self._metrics.height()
        above = math.inf
        for value, text in self._ticks(self._y, tile.height(), 34.0):
            y = float(self.down(tile, np.array([value]))[0])
            painter.setPen(grid)
            painter.drawLine(QPointF(tile.left(), y), QPointF(tile.right(), y))
            # Where panels are very low not every line has room for its number.
            if place % self.columns == 0 and above - y > 0.85 * line:
                above = y
                painter.setPen(color(theme.muted))
                beside = QRectF(
                    self._room.left(), y - line / 2, tile.left() - self._room.left() - theme.px(5), line
                )
                painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for value, text in self._x_ticks(tile.width()):
            x = float(self.across(tile, np.array([value]))[0])
            painter.setPen(grid)
            painter.drawLine(QPointF(x, tile.top()), QPointF(x, tile.bottom()))
            if place + self.columns >= shown:
                painter.setPen(color(theme.muted))
                width = self._metrics.horizontalAdvance(text) + 4
                below = QRectF(x - width / 2, tile.bottom() + theme.px(2), width, line)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def paint_titles(self, painter: QPainter, x_name: str, y_name: str, taken: float = 0.0) -> None:
        """The names of the common axes; ``taken`` is what stands at the right end of the lower one's line."""
        theme, room, line = self._theme, self._room, self._metrics.height()
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        elide = Qt.TextElideMode.ElideMiddle
        width = room.right() - self._left - taken
        below = QRectF(self._left, room.bottom() - line, width, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._metrics.elidedText(x_name, elide, width))
        painter.save()
        height = room.height() - self._below
        painter.translate(room.left() + line / 2, room.top() + height / 2)
        painter.rotate(-90)
        along = QRectF(-height / 2, -line / 2, height, line)
        painter.drawText(along, Qt.AlignmentFlag.AlignCenter, self._metrics.elidedText(y_name, elide, height))
        painter.restore()
