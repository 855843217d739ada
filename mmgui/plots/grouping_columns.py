"""One grouping factor: a column a group, as high as its rows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from mmgui.app.theme import Theme
from mmgui.figures.grouping import Part, StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.plots.grouping_marks import LEAST, Mark, Scene, bins, ends

MOST_CELLS = 30
"""Rows of a group up to which each is a cell of its own."""


class Columns(Scene):
    """A cell a row where rows are few, else a bar; neighbours share a column where groups are too many."""

    def __init__(self, theme: Theme, room: QRectF, view: StructureView, picked: Mask | None) -> None:
        super().__init__(theme, room, view, picked)
        factor = self._factor = view.factors[0]
        line, least = self.metrics.height(), LEAST * theme.scale
        self._starts = bins(len(factor.levels), int(room.width() // least))
        self._ends = ends(self._starts, len(factor.levels))
        self._tall = np.maximum.reduceat(factor.sizes, self._starts)
        self._share = self.share(factor, self._starts)
        self._pitch = min(room.width() / len(self._starts), theme.px(90 if self.large else 24))
        single = len(self._starts) == len(factor.levels)
        names = self.widest(factor.levels)
        flat, up = names <= self._pitch - 3, self._pitch >= 0.95 * line and self.large
        self._turned = not flat
        below = line + 2 if flat else min(names, 0.3 * room.height()) + theme.px(4)
        named = single and (flat or up) and room.height() > 3.2 * line
        self._below = below if named else 0.0
        self._above = line if self.large else 0.0
        high = room.height() - self._below - self._above
        self._step = min(high / int(self._tall.max()), theme.px(48 if self.large else 12))
        spare = room.width() - self._pitch * len(self._starts)
        self._left = room.left() + (spare / 2 if self.large else 0.0)
        self._floor = room.top() + self._above + self._step * int(self._tall.max())

    def paint(self, painter: QPainter) -> None:
        theme, factor = self.theme, self._factor
        painter.setPen(Qt.PenStyle.NoPen)
        gap = min(theme.px(3 if self.large else 2), 0.25 * self._pitch)
        hue = self.hue(factor.term, 0.8)
        for place, tall in enumerate(self._tall.tolist()):
            share = float(self._share[place])
            painter.setBrush(self.dimmed(hue, share))
            column = self._column(place, tall).adjusted(gap / 2, 0, -gap / 2, 0)
            radius = min(theme.px(3), column.width() / 3)
            if self._step >= LEAST * theme.scale and int(self._tall.max()) <= MOST_CELLS:
                between = min(theme.px(2), 0.25 * self._step)
                for k in range(tall):
                    top = self._floor - (k + 1) * self._step
                    cell = QRectF(column.left(), top, column.width(), self._step - between)
                    painter.drawRoundedRect(
                        cell, min(radius, cell.height() / 3), min(radius, cell.height() / 3)
                    )
            else:
                painter.drawRoundedRect(column, radius, radius)
            if self.picked is not None:
                self.outline(painter, column.adjusted(-1, -1, 1, 1), share, radius)
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        theme, factor = self.theme, self._factor
        tint = theme.term_color(factor.term)
        if self._below:
            for place, name in enumerate(factor.levels):
                below = QRectF(
                    self._left + place * self._pitch, self._floor + 2, self._pitch, self._below - 2
                )
                if self._turned:
                    self.write_up(painter, below, name, tint, top=True)
                else:
                    self.write(painter, below, name, tint, Qt.AlignmentFlag.AlignHCenter)
        if self.large and self.widest([str(n) for n in set(self._tall.tolist())]) <= self._pitch - 2:
            for place, tall in enumerate(self._tall.tolist()):
                top = self._column(place, tall).top() - self._above
                above = QRectF(self._left + place * self._pitch, top, self._pitch, self._above)
                self.write(painter, above, f"{tall:,}", theme.muted, Qt.AlignmentFlag.AlignHCenter)

    def _column(self, place: int, rows: int) -> QRectF:
        high = rows * self._step
        return QRectF(self._left + place * self._pitch, self._floor - high, self._pitch, high)

    def mark_at(self, at: QPointF) -> Mark | None:
        place = int((at.x() - self._left) // self._pitch)
        inside = 0 <= place < len(self._starts) and self.room.top() <= at.y() <= self._floor + self._below
        return self.mark(0, place) if inside else None

    def mark(self, _row: int, column: int) -> Mark:
        column = min(max(column, 0), len(self._starts) - 1)
        part = Part(0, int(self._starts[column]), int(self._ends[column]))
        return Mark(self._column(column, int(self._tall[column])), (part,), 0, column)
