"""The grouping structure as small cells: rows by group, groups within groups, or groups that meet."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.grouping import FactorGroups, GroupingFigure, IntArray
from mmgui.figures.numbers import count
from mmgui.figures.tabular import FigureTable
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import mix

LEAST = 4.0
"""Pixels, at scale 1, below which a cell can no longer be told from its neighbours."""


class GroupingPicture(Plot):
    """A column of cells a group; for nested factors a strip each; for crossed ones a grid of their meetings.

    Where there are more groups than the room has cells, neighbours share one.
    """

    title = "Grouping structure"
    empty = ""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: GroupingFigure | None = None
        super().__init__(themes, selection, parent)
        self._canvas = Canvas(self._paint)
        self.set_body(self._canvas)
        self.set_titled(False)

    def set_data(self, figure: GroupingFigure | None) -> None:
        """Show a figure, or nothing."""
        self._figure = figure
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def heading(self) -> str:
        if self._figure is None:
            return self.title
        between = " within " if self._figure.layout == "nested" else " by "
        names = [f.label for f in self._figure.factors]
        drawn = between.join(reversed(names) if self._figure.layout == "nested" else names)
        left_out = ", ".join(self._figure.others)
        return f"{drawn}; not drawn: {left_out}" if left_out else drawn

    def draw(self, _theme: Theme) -> None:
        self._canvas.update()

    def wanted_height(self, width: int) -> int:
        """Pixels that show the figure well at a width, without its edges."""
        figure, theme = self._figure, self.theme
        if figure is None:
            return 0
        if figure.layout == "nested":
            return theme.px(30) * len(figure.factors)
        if figure.layout == "single":
            across, down = len(figure.factors[0].levels), int(figure.factors[0].sizes.max())
            if down * LEAST > 110:
                # Bars, which need no more height to be read.
                return theme.px(64)
        else:
            across, down = (len(f.levels) for f in reversed(figure.factors))
        step = min(width / max(across, 1), theme.px(20))
        return int(min(max(down * min(step, theme.px(12)), theme.px(24)), theme.px(110)))

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure = self._figure
        if figure is None or room.width() < 8 or room.height() < 8:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        match figure.layout:
            case "single":
                self._paint_columns(painter, room, figure.factors[0])
            case "nested":
                self._paint_strips(painter, room, figure.factors)
            case "crossed":
                self._paint_grid(painter, room, figure)

    def _paint_columns(self, painter: QPainter, room: QRectF, factor: FactorGroups) -> None:
        """A column a group, a cell a row; a bar where rows are too many for cells."""
        theme, least = self.theme, LEAST * self.theme.scale
        starts = _bins(len(factor.levels), int(room.width() // least))
        tall = np.maximum.reduceat(factor.sizes, starts)
        pitch = min(room.width() / len(starts), theme.px(24))
        step = min(room.height() / int(tall.max()), theme.px(12))
        painter.setBrush(self._hue(factor.term, 0.8))
        ends = [*starts[1:].tolist(), len(factor.levels)]
        for place, (start, end, rows) in enumerate(zip(starts.tolist(), ends, tall.tolist(), strict=True)):
            left = room.left() + place * pitch
            if step >= least:
                for k in range(rows):
                    self._cell(painter, QRectF(left, room.bottom() - (k + 1) * step, pitch, step))
            else:
                self._cell(painter, QRectF(left, room.bottom() - rows * step, pitch, rows * step))
            column = QRectF(left, room.top(), pitch, room.height())
            self._canvas.spots.append((column, _members(factor, start, end)))

    def _paint_strips(self, painter: QPainter, room: QRectF, factors: tuple[FactorGroups, ...]) -> None:
        """A strip a factor, coarse to fine; a group is as wide as the finest groups in it."""
        finest = len(factors[-1].levels)
        most = int(room.width() // (LEAST * self.theme.scale))
        pitch = min(room.width() / finest, self.theme.px(24))
        height = min(room.height() / len(factors), self.theme.px(30))
        # How many of the finest groups lie before each group, from the finest factor up.
        edges = [np.arange(finest + 1)]
        for factor, coarser in zip(factors[:0:-1], factors[-2::-1], strict=True):
            first = np.searchsorted(factor.parent, np.arange(len(coarser.levels) + 1))
            edges.insert(0, edges[0][first])
        for level, (factor, edge) in enumerate(zip(factors, edges, strict=True)):
            top = room.top() + level * height
            starts = _bins(len(factor.levels), most)
            ends = [*starts[1:].tolist(), len(factor.levels)]
            painter.setBrush(self._hue(factor.term, 0.8))
            for start, end in zip(starts.tolist(), ends, strict=True):
                left, right = (room.left() + float(edge[k]) * pitch for k in (start, end))
                cell = QRectF(left, top, right - left, height)
                self._cell(painter, cell)
                self._canvas.spots.append((cell, _members(factor, start, end)))

    def _paint_grid(self, painter: QPainter, room: QRectF, figure: GroupingFigure) -> None:
        """Rows of cells for the first factor, columns for the second; the fuller, the stronger."""
        theme, least = self.theme, LEAST * self.theme.scale
        a, b = figure.factors
        down = _bins(len(a.levels), max(1, int(room.height() // least)))
        across = _bins(len(b.levels), max(1, int(room.width() // least)))
        i = np.searchsorted(down, figure.cells[:, 0], side="right") - 1
        j = np.searchsorted(across, figure.cells[:, 1], side="right") - 1
        rows = np.zeros((len(down), len(across)), dtype=np.int64)
        met = rows.copy()
        np.add.at(rows, (i, j), figure.cells[:, 2])
        np.add.at(met, (i, j), 1)
        wide = np.outer(_widths(down, len(a.levels)), _widths(across, len(b.levels)))
        # Where a cell stands for many combinations, how many of them occur; else its rows.
        full = met / wide if wide.max() > 1 else rows / rows.max()
        width = min(room.width() / len(across), theme.px(24))
        height = min(room.height() / len(down), theme.px(14))
        for (row, column), share in np.ndenumerate(full):
            hue = self._hue(a.term, 0.15 + 0.7 * share) if share else QColor(theme.grid)
            painter.setBrush(hue)
            cell = QRectF(room.left() + column * width, room.top() + row * height, width, height)
            self._cell(painter, cell)
            names = f"{_named(a, down, row)} × {_named(b, across, column)}"
            size = int(wide[row, column])
            some = "" if size == 1 else f"{met[row, column]:,} of {size:,} combinations, "
            self._canvas.spots.append((cell, f"{names}: {some}{count(int(rows[row, column]), 'row')}"))

    def _hue(self, term: int, share: float) -> QColor:
        return mix(self.theme.surface, self.theme.term_color(term), share)

    def _cell(self, painter: QPainter, cell: QRectF) -> None:
        """A rounded cell with a little room to its neighbours, less where they are small."""
        gap_x, gap_y = (min(self.theme.px(2), side * 0.25) for side in (cell.width(), cell.height()))
        inner = QRectF(cell.left(), cell.top(), cell.width() - gap_x, cell.height() - gap_y)
        radius = min(self.theme.px(2), inner.width() / 3, inner.height() / 3)
        painter.drawRoundedRect(inner, radius, radius)


def _bins(groups: int, most: int) -> IntArray:
    """Where each of at most ``most`` runs of neighbouring groups starts."""
    shown = max(1, min(groups, most))
    return np.asarray(np.arange(shown) * groups // shown, dtype=np.int64)


def _widths(starts: IntArray, groups: int) -> IntArray:
    """Groups in each run."""
    return np.diff(np.append(starts, groups))


def _named(factor: FactorGroups, starts: IntArray, place: int) -> str:
    start = int(starts[place])
    end = int(starts[place + 1]) if place + 1 < len(starts) else len(factor.levels)
    first = html.escape(factor.levels[start])
    return first if end == start + 1 else f"{first} … {html.escape(factor.levels[end - 1])}"


def _members(factor: FactorGroups, start: int, end: int) -> str:
    """Tooltip of one group, or of neighbours that share a cell."""
    name = f"<b>{html.escape(factor.levels[start])}</b>"
    if end == start + 1:
        return f"{name} · {count(int(factor.sizes[start]), 'row')}"
    rows = count(int(factor.sizes[start:end].sum()), "row")
    return f"{name} … <b>{html.escape(factor.levels[end - 1])}</b> · {count(end - start, 'group')}, {rows}"
