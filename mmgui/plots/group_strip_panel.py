"""Groups without a predictor: a row of dots for each, with its own mean and the model's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from mmgui.figures.ghosts import GroupsGhost
from mmgui.figures.groups import GroupsFigure
from mmgui.plots.area import span
from mmgui.plots.group_range import SteadyRange
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.group_strokes import MANY_LINES, line_pen, paint_dots, paint_rings
from mmgui.plots.marks import paint_segments
from mmgui.plots.style import color, mix

FloatArray = NDArray[np.float64]
NAMED = 8
FEW = 400
"""Rows up to which each is a dot that is seen from afar."""


class StripPanel(GroupRows):
    """The response across, the groups as rows."""

    def __init__(self) -> None:
        super().__init__()
        self._best: GroupsFigure | None = None
        self._now: GroupsFigure | None = None
        self._lines: frozenset[str] = frozenset()
        self._dots: FloatArray = np.empty((0, 2))
        self._across = SteadyRange()
        self.ghost: GroupsGhost | None = None

    def show_figure(
        self, figure: GroupsFigure, lines: frozenset[str], rows: NDArray[np.intp], *, afresh: bool
    ) -> None:
        """Draw a figure in the panel's theme, its groups from bottom to top as ``rows`` has them."""
        self._best, self._now, self._lines = figure, figure, lines
        self.set_rows(rows, figure.levels)
        self.bottom.set_title(figure.y_name)
        self.left.set_title(figure.grouping)
        owner = figure.owner
        self._dots = np.column_stack([figure.y, self.rows[owner] + 0.6 * figure.spread])
        self.set_points(self._dots, owner)
        self._across.reset(span(np.concatenate([figure.y, figure.partial]), 0.04))
        if afresh:
            self.set_home(self._across.shown, self.row_range())
        self.viewport().update()

    def show_moved(self, moved: GroupsFigure | None) -> None:
        """Draw the model's estimates as moved; None: as fitted."""
        self._now = moved if moved is not None else self._best
        if moved is None:
            changed = self._across.shown != self._across.home
            self._across.reset()
        else:
            changed = self._across.include(moved.partial)
        if changed:
            self.set_home(self._across.shown, self.row_range())
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        figure = self._now
        if figure is None:
            return
        theme, inside = self.theme, self.inside()
        first = figure.starts[:-1]
        painter.save()
        painter.setClipRect(inside)
        back = 0.45 if self.picked else 1.0
        at = self.to_pixels(self._dots)
        crowd = 0.55 if len(at) <= 1000 else 0.3 if len(at) <= 3000 else 0.12
        radius = max(1.2, min(theme.px(5.2 if len(at) <= FEW else 4.2), self.mark_size() * 0.7) / 2)
        paint_dots(painter, at[:, 0], at[:, 1], color(theme.muted, crowd * back), radius, inside)
        everyone = np.arange(len(figure.levels))
        self._paint_marks(painter, figure, everyone, back, 1.0, inside)
        mine = np.array(self.picked[:NAMED], dtype=np.intp)
        if len(mine):
            some = np.isin(figure.owner, mine)
            paint_dots(
                painter, at[some, 0], at[some, 1], color(theme.text), max(1.6, theme.px(4.6) / 2), inside
            )
            self._paint_marks(painter, figure, mine, 1.0, 1.35, inside)
        painter.restore()
        names: list[QRectF] = []
        if "complete" in self._lines:
            common = np.unique(figure.complete[first].round(12))
            for value in common[:3].tolist() if len(common) <= 3 else ():
                self.line_at(painter, value, theme.complete_pooling, "complete pooling", names, dashed=True)
        ghost = self.ghost
        if ghost is not None:
            without = float(ghost.without[figure.starts[ghost.group]])
            self.line_at(painter, without, theme.text, ghost.name, names, dashed=True)
        taken: list[QRectF] = []
        for group in self.picked[:NAMED]:
            rows = figure.rows_of(group)
            right = max(float(figure.y[rows].max()), float(figure.partial[rows.start]))
            self.paint_name(painter, group, self.pixel(right, 0.0).x() + theme.px(4), taken)

    def _paint_marks(
        self,
        painter: QPainter,
        figure: GroupsFigure,
        groups: NDArray[np.intp],
        alpha: float,
        grown: float,
        inside: QRectF,
    ) -> None:
        """Own mean, the way to the model's, and the model's; of a moved model's also where it was."""
        theme, y = self.theme, self.rows[groups].astype(float)
        hue = theme.term_color(figure.term)
        at = figure.starts[groups]
        own = self.to_pixels(np.column_stack([figure.own[at], y]))
        model = self.to_pixels(np.column_stack([figure.partial[at], y]))
        size = min(self.mark_size(), theme.px(9)) / 2 * grown
        many = len(self.rows) > MANY_LINES
        if {"own", "partial"} <= self._lines and len(self.rows) <= LABELLED * 4:
            paint_segments(painter, np.hstack([own, model]), line_pen(theme, hue, 1.0, 0.6 * alpha))
        if "own" in self._lines:
            if many:
                tint = color(theme.no_pooling, 0.5 * alpha)
                paint_dots(painter, own[:, 0], own[:, 1], tint, size, inside)
            else:
                edge = line_pen(theme, theme.no_pooling, 1.0, alpha)
                paint_rings(painter, own[:, 0], own[:, 1], edge, color(theme.surface), size)
        if "partial" in self._lines:
            if grown > 1.0 and self._best is not None and figure is not self._best:
                before = self.to_pixels(np.column_stack([self._best.partial[at], y]))
                paint_dots(painter, before[:, 0], before[:, 1], color(hue, 0.35), size, inside)
            paint_dots(painter, model[:, 0], model[:, 1], mix(theme.surface, hue, alpha), size, inside)
