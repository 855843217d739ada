"""The inside of one group's panel: its dots and its three lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.figures.ghosts import GroupsGhost
from mmgui.figures.groups import GroupsFigure
from mmgui.figures.picked_rows import Mask
from mmgui.plots.area import span
from mmgui.plots.group_strokes import line_pen, paint_dots, paint_rings
from mmgui.plots.labels import paint_label
from mmgui.plots.marks import paint_segments
from mmgui.plots.style import color, text_font
from mmgui.plots.tile_lines import MARKED, TileLines
from mmgui.plots.tiles import Tiles

FloatArray = NDArray[np.float64]
DIM = 0.55
HIDDEN = 1.5
"""Pixels up to which a line lies under another; it is painted as much wider as to be seen at its sides."""


def x_range(figure: GroupsFigure) -> tuple[float, float]:
    """The range across of one panel."""
    if figure.kind == "factor":
        return (-0.5, len(figure.x_levels) - 0.5)
    # Dots beside each other reach further than their values.
    return (-0.6, 0.6) if figure.kind == "strip" else span(dot_positions(figure), 0.06)


def dot_positions(figure: GroupsFigure) -> FloatArray:
    """(n,) where the dots stand across: beside each other where they would cover one another."""
    if figure.kind == "strip":
        return figure.spread * 0.7
    if figure.kind == "factor":
        return figure.x + figure.spread * 0.5
    values = np.unique(figure.x) if figure.spread.any() else np.empty(0)
    return figure.x + figure.spread * 0.25 * float(np.diff(values).min()) if len(values) > 1 else figure.x


@dataclass(frozen=True, eq=False, slots=True)
class TilePainter:
    """Paints one figure on the panels of a grid."""

    figure: GroupsFigure
    theme: Theme
    tiles: Tiles
    lines: frozenset[str]
    dots: FloatArray

    def paint_data(self, painter: QPainter, tile: QRectF, group: int, mine: Mask | None, dim: bool) -> None:
        """Dots, everyone's line and the group's own; ``mine`` tells which rows are picked, where some are."""
        figure, theme = self.figure, self.theme
        painter.save()
        painter.setClipRect(tile.adjusted(-1, -1, 1, 1))
        painter.setOpacity(DIM if dim else 1.0)
        self._paint_dots(painter, tile, group, mine)
        if "complete" in self.lines:
            stroke = line_pen(theme, theme.complete_pooling, dashed=True)
            if self._is_under(tile, group):
                stroke = line_pen(theme, theme.complete_pooling, 3.2)
                stroke.setDashPattern([1.4, 1.2])
            self._paint_line(painter, tile, group, figure.complete, stroke, marked=False)
        if "own" in self.lines:
            stroke = line_pen(theme, theme.no_pooling)
            self._paint_line(painter, tile, group, figure.own, stroke)
        painter.restore()

    def paint_partial(
        self, painter: QPainter, at: TileLines, values: FloatArray, dim: Mask, best: Mask
    ) -> None:
        """The model's lines; ``dim`` and ``best`` tell panels that step back, and those that show faintly
        where the line was in the best fit.
        """
        if "partial" not in self.lines:
            return
        theme, radius = self.theme, self.theme.px(2.6) * 0.8
        hue = theme.term_color(self.figure.term)
        if best.any():
            before = at.pieces(self.figure.partial)[best[at.place]]
            paint_segments(painter, before, line_pen(theme, hue, 1.5, 0.35))
        pieces, marks = at.pieces(values), at.marked(values)
        # A mixed colour rather than opacity: this is painted with every move.
        for chosen, strength in ((dim, DIM), (~dim, 1.0)):
            stroke = line_pen(theme, hue, 1.5, strength)
            paint_segments(painter, pieces[chosen[at.place]], stroke)
            x, y = marks[chosen[at.marks_place]].T
            paint_rings(painter, x, y, stroke, stroke.color(), radius)

    def paint_ghost(self, painter: QPainter, tile: QRectF, ghost: GroupsGhost) -> None:
        """What the model says of the group when it has not seen it, named where there is room."""
        theme = self.theme
        painter.save()
        painter.setClipRect(tile.adjusted(-1, -1, 1, 1))
        stroke = line_pen(theme, theme.text, 1.1, dashed=True)
        self._paint_line(painter, tile, ghost.group, ghost.without, stroke, marked=False)
        font = text_font(theme)
        metrics = QFontMetricsF(font)
        wide = metrics.horizontalAdvance(ghost.name) + theme.px(6)
        if wide <= tile.width():
            end = ghost.without[self.figure.rows_of(ghost.group).stop - 1]
            low = self.tiles.down(tile, np.array([end]))[0] < tile.center().y()
            top = tile.bottom() - metrics.height() - theme.px(2) if low else tile.top() + theme.px(2)
            rect = QRectF(tile.right() - wide - theme.px(2), top, wide, metrics.height())
            paint_label(painter, theme, font, rect, ghost.name, theme.text)
        painter.restore()

    def _is_under(self, tile: QRectF, group: int) -> bool:
        """Whether everyone's line lies under the model's, where the fit is best."""
        figure, rows = self.figure, self.figure.rows_of(group)
        pixels = [self.tiles.down(tile, values[rows]) for values in (figure.partial, figure.complete)]
        return "partial" in self.lines and bool(np.abs(pixels[0] - pixels[1]).max(initial=0.0) < HIDDEN)

    def _paint_dots(self, painter: QPainter, tile: QRectF, group: int, mine: Mask | None) -> None:
        figure, theme = self.figure, self.theme
        rows = figure.rows_of(group)
        x = self.tiles.across(tile, self.dots[rows])
        y = self.tiles.down(tile, figure.y[rows])
        radius = max(1.3, theme.px(5.0 if len(x) <= 40 else 2.6) / 2)
        faint = 1.0 if len(x) <= 200 else 0.35
        if mine is None:
            paint_dots(painter, x, y, color(theme.muted, faint), radius, tile)
            return
        paint_dots(painter, x[~mine], y[~mine], color(theme.muted, 0.35 * faint), radius, tile)
        paint_dots(painter, x[mine], y[mine], color(theme.text), 1.35 * radius, tile)

    def _paint_line(
        self,
        painter: QPainter,
        tile: QRectF,
        group: int,
        values: FloatArray,
        stroke: QPen,
        *,
        marked: bool = True,
    ) -> None:
        """A line through the group's values; of one value a dash; a mark at each level of a factor."""
        rows = self.figure.rows_of(group)
        v, at = values[rows], self.figure.x[rows]
        if not np.isfinite(v).all():
            return
        if len(v) > 2 and self.figure.straight:
            v, at = v[[0, -1]], at[[0, -1]]
        else:
            keep = np.append(True, np.diff(at) > 0.0)
            v, at = v[keep], at[keep]
        x, y = self.tiles.across(tile, at), self.tiles.down(tile, v)
        theme, radius = self.theme, self.theme.px(2.6)
        if len(x) == 1 or x[0] == x[-1]:
            # One value of x gives no line: a dash marks its height.
            reach = 0.42 * tile.width() if self.figure.kind == "strip" else theme.px(7)
            paint_segments(painter, np.array([[x[0] - reach, y[0], x[0] + reach, y[0]]]), stroke)
            return
        paint_segments(painter, np.column_stack([x[:-1], y[:-1], x[1:], y[1:]]), stroke)
        if not marked or self.figure.kind != "factor" or len(x) > MARKED:
            return
        paint_rings(painter, x, y, stroke, color(theme.surface), radius)
