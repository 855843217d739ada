"""Two crossed factors as a grid: a row of cells for each group of one, a column for each of the other."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from mmgui.app.theme import Theme
from mmgui.figures.grouping import FactorGroups, IntArray, Part, StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.plots.grouping_marks import LEAST, FloatArray, Mark, Scene, bins, ends, faint_line
from mmgui.plots.style import mix, pen, readable_on

MOST_DRAWN = 5000
"""Cells from which on the grid is painted as one image."""


class Grid(Scene):
    """Cells coloured by their rows; where neighbours share a cell, by how many of their meetings occur."""

    def __init__(self, theme: Theme, room: QRectF, view: StructureView, picked: Mask | None) -> None:
        super().__init__(theme, room, view, picked)
        a, b = view.factors
        self._down, self._across = self._orientation(a, b)
        self._lay_out()
        self._count()

    # -- layout

    def _orientation(self, a: FactorGroups, b: FactorGroups) -> tuple[int, int]:
        """Which factor runs down and which across: as the formula has them where cells get no smaller."""

        def size(down: FactorGroups, across: FactorGroups) -> float:
            wide = min(self.room.width() / len(across.levels), self.theme.px(110))
            return min(wide, self.room.height() / len(down.levels), self.theme.px(64))

        return (0, 1) if size(a, b) >= size(b, a) else (1, 0)

    def _lay_out(self) -> None:
        theme, room, line = self.theme, self.room, self.metrics.height()
        down, across = self._factor_down(), self._factor_across()
        gap, least = theme.px(5), LEAST * theme.scale
        title = line + gap if self.large else 0.0
        height, width = room.height() - title, room.width() - title
        # Names stand beside the grid where a row is as high as a line, above it where they fit or can turn.
        names = self.widest(down.levels)
        beside = names + gap if height / len(down.levels) >= 0.95 * line else 0.0
        beside = min(beside, (0.3 if self.large else 0.22) * room.width())
        pitch = (width - beside) / len(across.levels)
        names = self.widest(across.levels)
        self._turned = names > pitch - 3 and pitch >= 0.95 * line
        if names <= pitch - 3:
            above = line + 2
        elif self._turned and room.height() > theme.px(150):
            above = min(names, 0.25 * room.height()) + gap
        else:
            above = 0.0
        if above > 0.3 * room.height() or (
            not self.large and room.height() - above < len(down.levels) * least
        ):
            above = 0.0
        across_room, down_room = width - beside, height - above
        self._rows = bins(len(down.levels), max(1, int(down_room // least)))
        self._columns = bins(len(across.levels), max(1, int(across_room // least)))
        most = (theme.px(110), theme.px(64)) if self.large else (theme.px(26), theme.px(20))
        self._wide = min(across_room / len(self._columns), most[0])
        self._high = min(down_room / len(self._rows), most[1])
        spare = across_room - self._wide * len(self._columns)
        left = room.left() + title + beside + (spare / 2 if self.large else 0.0)
        self._beside, self._above, self._title = beside, above, title
        self._grid = QRectF(
            left, room.top() + title + above, self._wide * len(self._columns), self._high * len(self._rows)
        )

    def _count(self) -> None:
        """Rows, meetings and picked rows of every cell drawn."""
        shape = (len(self._rows), len(self._columns))
        cells = self.view.cells
        i = np.searchsorted(self._rows, cells[:, self._down], side="right") - 1
        j = np.searchsorted(self._columns, cells[:, self._across], side="right") - 1
        place, size = i * shape[1] + j, shape[0] * shape[1]
        self.rows = np.bincount(place, cells[:, 2], minlength=size).reshape(shape)
        met = np.bincount(place, minlength=size).reshape(shape)
        each = np.outer(
            ends(self._rows, len(self._factor_down().levels)) - self._rows,
            ends(self._columns, len(self._factor_across().levels)) - self._columns,
        )
        self.shared = int(each.max()) > 1
        share: FloatArray = met / each if self.shared else self.rows.astype(np.float64)
        self._strength = share / max(float(share.max()), 1e-9)
        self._picked = np.where(self.rows > 0, 1.0, 0.0)
        if self.picked is not None:
            codes = [self.view.factors[k].codes for k in (self._down, self._across)]
            known = (codes[0] >= 0) & (codes[1] >= 0) & self.picked
            row = np.searchsorted(self._rows, codes[0][known], side="right") - 1
            column = np.searchsorted(self._columns, codes[1][known], side="right") - 1
            here = np.bincount(row * shape[1] + column, minlength=size).reshape(shape)
            self._picked = here / np.maximum(self.rows, 1)

    def _factor_down(self) -> FactorGroups:
        return self.view.factors[self._down]

    def _factor_across(self) -> FactorGroups:
        return self.view.factors[self._across]

    # -- painting

    def paint(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.rows.size > MOST_DRAWN:
            self._paint_image(painter)
        else:
            self._paint_cells(painter)
        self._paint_names(painter)

    def _hue(self, row: int, column: int) -> QColor:
        return QColor.fromRgb(int(self._colors()[row, column]))

    def _colors(self) -> IntArray:
        """(rows, columns) colours as 0xAARRGGBB."""
        theme = self.theme
        terms = [theme.term_color(f.term) for f in self.view.factors]
        both = mix(terms[0], terms[1], 0.5).name()
        # A table of few shades is made once; numpy looks up each cell's.
        shades = [mix(theme.surface, both, 0.16 + 0.74 * k / 63) for k in range(64)]
        full = np.array([c.rgb() for c in shades], dtype=np.int64)
        faint = np.array([self.dimmed(c, 0.0).rgb() for c in shades], dtype=np.int64)
        level = np.clip((self._strength * 63).astype(np.int64), 0, 63)
        out = np.where(self._picked > 0, full[level], faint[level])
        return np.asarray(np.where(self.rows > 0, out, QColor(theme.surface).rgb()), dtype=np.int64)

    def _paint_cells(self, painter: QPainter) -> None:
        theme, colors = self.theme, self._colors()
        gap = min(theme.px(3 if self.large else 2), 0.2 * self._wide, 0.2 * self._high)
        line = self.metrics.height()
        numbers = (
            not self.shared
            and self._wide - gap >= self.width(f"{int(self.rows.max())}") + 3
            and self._high - gap >= 0.9 * line
        )
        empty, radius = faint_line(theme), min(theme.px(4), self._wide / 4, self._high / 4)
        for (row, column), rows in np.ndenumerate(self.rows):
            cell = self._cell(row, column).adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2)
            if rows == 0:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(pen(empty.name(), 1.0, alpha=0.8))
                painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
                painter.setPen(Qt.PenStyle.NoPen)
                continue
            hue = QColor.fromRgb(int(colors[row, column]))
            painter.setBrush(hue)
            painter.drawRoundedRect(cell, radius, radius)
            share = float(self._picked[row, column])
            if numbers:
                tint = readable_on(hue, theme)
                self.write(painter, cell, f"{int(rows):,}", tint, Qt.AlignmentFlag.AlignHCenter)
            self.outline(painter, cell, share, radius)

    def _paint_image(self, painter: QPainter) -> None:
        colors = np.ascontiguousarray(self._colors().astype(np.uint32))
        high, wide = colors.shape
        image = QImage(colors.tobytes(), wide, high, 4 * wide, QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawImage(self._grid, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(faint_line(self.theme).name(), 1.0))
        painter.drawRect(self._grid)
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_names(self, painter: QPainter) -> None:
        theme, grid = self.theme, self._grid
        down, across = self._factor_down(), self._factor_across()
        tints = [theme.term_color(f.term) for f in (down, across)]
        if self._beside and len(self._rows) == len(down.levels):
            for k, name in enumerate(down.levels):
                beside = QRectF(
                    grid.left() - self._beside,
                    grid.top() + k * self._high,
                    self._beside - theme.px(4),
                    self._high,
                )
                self.write(painter, beside, name, tints[0], Qt.AlignmentFlag.AlignRight)
        if self._above and len(self._columns) == len(across.levels):
            for k, name in enumerate(across.levels):
                above = QRectF(
                    grid.left() + k * self._wide, grid.top() - self._above, self._wide, self._above - 2
                )
                if self._turned:
                    self.write_up(painter, above, name, tints[1], top=False)
                else:
                    self.write(painter, above, name, tints[1], Qt.AlignmentFlag.AlignHCenter)
        if self._title:
            self._paint_titles(painter, tints)

    def _paint_titles(self, painter: QPainter, tints: list[str]) -> None:
        grid, line = self._grid, self.metrics.height()
        down, across = self._factor_down(), self._factor_across()
        words = [f"{f.label} ({len(f.levels):,})" for f in (down, across)]
        self.font.setBold(True)
        top = QRectF(
            grid.left(),
            grid.top() - self._above - self._title,
            max(grid.width(), self.width(words[1]) * 1.1),
            line,
        )
        self.write(painter, top, words[1], tints[1], Qt.AlignmentFlag.AlignLeft)
        high = max(grid.height(), self.width(words[0]) * 1.1)
        side = QRectF(grid.left() - self._beside - self._title, grid.top(), line, high)
        self.write_up(painter, side, words[0], tints[0], top=True)
        self.font.setBold(False)

    # -- marks

    def _cell(self, row: int, column: int) -> QRectF:
        left = self._grid.left() + column * self._wide
        return QRectF(left, self._grid.top() + row * self._high, self._wide, self._high)

    def mark_at(self, at: QPointF) -> Mark | None:
        grid = self._grid
        row = int((at.y() - grid.top()) // self._high)
        column = int((at.x() - grid.left()) // self._wide)
        inside = 0 <= row < len(self._rows), 0 <= column < len(self._columns)
        if all(inside):
            return self.mark(row, column)
        if inside[0] and self._beside and grid.left() - self._beside <= at.x() < grid.left():
            return self.mark(row, -1)
        if inside[1] and self._above and grid.top() - self._above <= at.y() < grid.top():
            return self.mark(-1, column)
        return None

    def mark(self, row: int, column: int) -> Mark:
        """A cell; a row or column of -1 means the name beside it: the whole group."""
        row = min(max(row, -1 if self._above else 0), len(self._rows) - 1)
        column = min(max(column, -1 if self._beside and row >= 0 else 0), len(self._columns) - 1)
        grid = self._grid
        if row < 0:
            rect = QRectF(
                grid.left() + column * self._wide, grid.top() - self._above, self._wide, self._above
            )
            return Mark(rect, (self._part(self._across, self._columns, column),), row, column)
        if column < 0:
            rect = QRectF(grid.left() - self._beside, grid.top() + row * self._high, self._beside, self._high)
            return Mark(rect, (self._part(self._down, self._rows, row),), row, column)
        parts = (self._part(self._down, self._rows, row), self._part(self._across, self._columns, column))
        return Mark(self._cell(row, column), tuple(sorted(parts, key=lambda p: p.factor)), row, column)

    def _part(self, factor: int, starts: IntArray, place: int) -> Part:
        stop = ends(starts, len(self.view.factors[factor].levels))
        return Part(factor, int(starts[place]), int(stop[place]))
