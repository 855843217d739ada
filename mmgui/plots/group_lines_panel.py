"""All groups on one pair of axes: dots faint, the model's line of each group, one line for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.figures.ghosts import GroupsGhost
from mmgui.figures.groups import GroupsFigure
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.group_range import SteadyRange
from mmgui.plots.group_strokes import (
    MANY_LINES,
    crowd_pen,
    line_pen,
    line_pieces,
    paint_dots,
    paint_rings,
    pieces_of,
)
from mmgui.plots.group_tile import dot_positions, x_range
from mmgui.plots.marks import paint_segments
from mmgui.plots.style import color

FloatArray = NDArray[np.float64]
FEW, SOME = 12, 60
NAMED = 8


class LinesPanel(GroupPanel):
    """Numbers or the levels of a factor across."""

    def __init__(self) -> None:
        super().__init__()
        self._best: GroupsFigure | None = None
        self._now: GroupsFigure | None = None
        self._lines: frozenset[str] = frozenset()
        self._pairs: NDArray[np.intp] = np.empty((0, 2), dtype=np.intp)
        self._complete: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty((0, 4)))
        self._dots: FloatArray = np.empty(0)
        self._heights = SteadyRange()
        self.ghost: GroupsGhost | None = None
        self.marks_painted = 0

    def show_figure(self, figure: GroupsFigure, lines: frozenset[str], *, afresh: bool) -> None:
        """Draw a figure in the panel's theme; ``afresh`` where it is another than before."""
        self._best, self._now, self._lines = figure, figure, lines
        self._pairs = line_pieces(figure.starts, figure.x, straight=figure.straight)
        self._dots = dot_positions(figure)
        self.left.set_title(figure.y_name)
        self.bottom.set_title(figure.x_name)
        self.bottom.set_names(figure.x_levels if figure.kind == "factor" else None)
        self.bottom.set_style(whole=bool(np.all(figure.x == np.round(figure.x))))
        values = np.concatenate([figure.y, figure.partial, figure.complete])
        self._heights.reset(span(values, 0.05))
        self._find_on(figure)
        if afresh:
            self.set_home(x_range(figure), self._heights.shown)
        self.viewport().update()

    def show_moved(self, moved: GroupsFigure | None) -> None:
        """Draw the lines of the model as moved; None: as fitted."""
        self._now = moved if moved is not None else self._best
        at_home = not self._is_away()
        if moved is None:
            changed = self._heights.shown != self._heights.home
            self._heights.reset()
        else:
            changed = self._heights.include(moved.partial)
        if changed and at_home and self._best is not None:
            self.set_home(x_range(self._best), self._heights.shown)
        self.viewport().update()

    def _is_away(self) -> bool:
        shown, home = self.shown(), self.home()
        return abs(shown.top() - home.top()) + abs(shown.height() - home.height()) > 1e-6 * home.height()

    def find(self, at: QPointF) -> int:
        # The lines may have moved since the mouse last looked.
        if self._now is not None and len(self._now.y) <= MANY_LINES * 10:
            self._find_on(self._now)
        return super().find(at)

    def _find_on(self, figure: GroupsFigure) -> None:
        owner = figure.owner
        points = np.vstack(
            [np.column_stack([self._dots, figure.y]), np.column_stack([figure.x, figure.partial])]
        )
        hover = self._hover
        self.set_points(points, np.concatenate([owner, owner]))
        self._hover = hover

    # -- painted

    def paint_over(self, painter: QPainter) -> None:
        figure = self._now
        if figure is None:
            return
        inside = self.inside()
        painter.save()
        painter.setClipRect(inside)
        self._paint_all(painter, figure, inside)
        for group in self.picked[:NAMED]:
            self._paint_picked(painter, figure, group, inside)
        if self.ghost is not None:
            self._paint_ghost(painter, self.ghost)
        hovered = self._hover
        if hovered >= 0 and hovered not in self.picked and hovered < len(figure.levels):
            hue = self.theme.term_color(figure.term)
            stroke = line_pen(self.theme, hue, 1.6)
            self._paint_line(painter, figure.partial, hovered, stroke)
        painter.restore()
        taken: list[QRectF] = []
        for group in self.picked[:NAMED]:
            last = figure.rows_of(group).stop - 1
            at = self.pixel(float(figure.x[last]), float(figure.partial[last]))
            self.paint_label(painter, figure.levels[group], at, taken, tint=self.theme.text, bold=True)
        ghost = self.ghost
        if ghost is not None:
            last = figure.rows_of(ghost.group).stop - 1
            for text, values in (("average", ghost.average), (ghost.name, ghost.without)):
                at = self.pixel(float(figure.x[last]), float(values[last]))
                self.paint_label(painter, text, at, taken, tint=self.theme.text)

    def _paint_ghost(self, painter: QPainter, ghost: GroupsGhost) -> None:
        """The average of all groups, and dashed that without the picked one."""
        theme = self.theme
        self._paint_line(painter, ghost.average, ghost.group, line_pen(theme, theme.text, 1.4))
        self._paint_line(painter, ghost.without, ghost.group, line_pen(theme, theme.text, 1.4, dashed=True))

    def _paint_all(self, painter: QPainter, figure: GroupsFigure, inside: QRectF) -> None:
        theme = self.theme
        back = 0.45 if self.picked else 1.0
        at = self.to_pixels(np.column_stack([self._dots, figure.y]))
        crowd = 0.5 if len(at) <= 400 else 0.3 if len(at) <= 3000 else 0.12
        radius = max(1.2, theme.px(5.0 if len(at) <= 400 else 3.0) / 2)
        tint = color(theme.muted, crowd * back)
        self.marks_painted = paint_dots(painter, at[:, 0], at[:, 1], tint, radius, inside)
        if "own" in self._lines:
            self._paint_lines(painter, figure.own, theme.no_pooling, 0.7, back)
        if "partial" in self._lines:
            self._paint_lines(painter, figure.partial, theme.term_color(figure.term), 1.0, back)
        if "complete" in self._lines:
            self._paint_complete(painter, figure)

    def _paint_lines(
        self, painter: QPainter, values: FloatArray, tint: str, share: float, back: float
    ) -> None:
        """The lines of all groups, the fainter the more they are."""
        figure = self._now
        if figure is None:
            return
        pieces, groups = self._to_pixels(pieces_of(self._pairs, figure.x, values)), len(figure.levels)
        if groups <= MANY_LINES:
            strength = share * back * (0.85 if groups <= FEW else 0.6 if groups <= SOME else 0.35)
            width = share * (1.0 if groups <= SOME else 0.6)
            paint_segments(painter, pieces, line_pen(self.theme, tint, width, strength))
            return
        # Hundreds of hairlines need no smooth edges, and are painted many times as fast without.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        alpha = share * back * max(0.03, 20.0 / groups)
        paint_segments(painter, pieces, crowd_pen(tint, alpha))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _to_pixels(self, pieces: FloatArray) -> FloatArray:
        return np.hstack([self.to_pixels(pieces[:, :2]), self.to_pixels(pieces[:, 2:])])

    def _paint_complete(self, painter: QPainter, figure: GroupsFigure) -> None:
        """One heavy line where it is the same for all groups, else their mean, each other faintly."""
        pieces = self._complete_pieces(figure)
        if not len(pieces):
            return
        theme = self.theme
        heavy = len(pieces) <= 3 or (not figure.straight and len(figure.levels) <= SOME)
        if not heavy:
            faint = line_pen(theme, theme.complete_pooling, 0.8, 0.3 if figure.straight else 0.5)
            paint_segments(painter, self._to_pixels(pieces), faint)
            if not figure.straight:
                return
            pieces = pieces.mean(axis=0, keepdims=True)
        # Short pieces of a curve have no room for dashes.
        dashed = figure.straight or figure.kind == "factor"
        if len(figure.levels) > SOME:
            # Between dashes a crowd of lines would hide it.
            ground = line_pen(theme, theme.surface, 4.4)
            paint_segments(painter, self._to_pixels(pieces), ground)
        stroke = line_pen(theme, theme.complete_pooling, 2.6, 0.9, dashed=dashed)
        paint_segments(painter, self._to_pixels(pieces), stroke)

    def _complete_pieces(self, figure: GroupsFigure) -> FloatArray:
        """Each different piece once; the same while the hand moves the model."""
        values, known = self._complete
        if values is not figure.complete:
            known = pieces_of(self._pairs, figure.x, figure.complete)
            if len(known) and figure.straight:
                known = _whole_lines(known, (float(figure.x.min()), float(figure.x.max())))
            elif len(known):
                known = np.unique(known.round(9), axis=0)
            self._complete = (figure.complete, known)
        return known

    def _paint_line(self, painter: QPainter, values: FloatArray, group: int, stroke: QPen) -> None:
        figure = self._now
        if figure is None:
            return
        rows = figure.rows_of(group)
        mine = self._pairs[(self._pairs[:, 0] >= rows.start) & (self._pairs[:, 0] < rows.stop)]
        paint_segments(painter, self._to_pixels(pieces_of(mine, figure.x, values)), stroke)

    def _paint_picked(self, painter: QPainter, figure: GroupsFigure, group: int, inside: QRectF) -> None:
        """The group's data and its lines; faintly the model's in the best fit where it was moved."""
        theme, rows = self.theme, figure.rows_of(group)
        hue = theme.term_color(figure.term)
        at = self.to_pixels(np.column_stack([self._dots[rows], figure.y[rows]]))
        paint_dots(painter, at[:, 0], at[:, 1], color(theme.text), max(1.6, theme.px(5.0) / 2), inside)
        # Its own and everyone's line belong to the picked group, whatever is shown of the others.
        self._paint_line(
            painter, figure.complete, group, line_pen(theme, theme.complete_pooling, 1.6, dashed=True)
        )
        self._paint_line(painter, figure.own, group, line_pen(theme, theme.no_pooling, 1.4))
        if self._best is not None and figure is not self._best:
            self._paint_line(painter, self._best.partial, group, line_pen(theme, hue, 2.0, 0.35))
        self._paint_line(painter, figure.partial, group, line_pen(theme, hue, 2.2))
        if figure.kind == "factor":
            marks = self.to_pixels(np.column_stack([figure.x[rows], figure.partial[rows]]))
            paint_rings(painter, marks[:, 0], marks[:, 1], line_pen(theme, hue), color(hue), theme.px(3))

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.set_margins(right=theme.px(24))


def _whole_lines(pieces: FloatArray, reach: tuple[float, float]) -> FloatArray:
    """Each different line once, over the whole range."""
    slope = (pieces[:, 3] - pieces[:, 1]) / (pieces[:, 2] - pieces[:, 0])
    ends = np.column_stack([pieces[:, 1] + slope * (x - pieces[:, 0]) for x in reach])
    size = float(np.max(np.abs(ends))) or 1.0
    kept = np.unique((ends / size).round(9), axis=0) * size
    full = np.full(len(kept), 1.0)
    return np.column_stack([reach[0] * full, kept[:, 0], reach[1] * full, kept[:, 1]])
