"""One coefficient: a row for each group, the interval of its separate fit, and what the model makes of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from mmgui.figures.group_intervals import CoefficientIntervals
from mmgui.plots.area import span
from mmgui.plots.group_range import SteadyRange
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.group_strokes import MANY_LINES, crowd_pen, line_pen, paint_dots, paint_rings
from mmgui.plots.marks import paint_segments
from mmgui.plots.style import color, mix

FloatArray = NDArray[np.float64]
FAINT, FAINT_ON_DARK = 0.5, 0.72
"""How strong intervals are that include the common value; what fades towards a dark ground is soon unseen."""
NAMED = 8
TAILS = 1.0
"""Percentile beyond which the ends of intervals of crowds of groups do not stretch the axis."""


class IntervalsPanel(GroupRows):
    """Estimates and intervals as rows."""

    def __init__(self) -> None:
        super().__init__()
        self._best: CoefficientIntervals | None = None
        self._now: CoefficientIntervals | None = None
        self._lines: frozenset[str] = frozenset()
        self._hue = ""
        self._naming = True
        self._across = SteadyRange()

    def show_coefficient(
        self,
        shown: CoefficientIntervals,
        levels: tuple[str, ...],
        rows: NDArray[np.intp],
        lines: frozenset[str],
        *,
        hue: str,
        title: str,
        named: bool,
        afresh: bool,
    ) -> None:
        """Draw a coefficient in the panel's theme; only the panel that is ``named`` has the groups' names."""
        self._best, self._now, self._lines, self._hue, self._naming = shown, shown, lines, hue, named
        self.set_rows(rows, levels, named=named)
        self.left.set_title(title if named else "")
        self.bottom.set_title(shown.title)
        y = self.rows.astype(float)
        estimates = np.column_stack([shown.estimate, y])
        self.set_points(
            np.vstack([estimates, np.column_stack([shown.model, y])]), np.tile(np.arange(len(y)), 2)
        )
        self._across.reset(_range(shown, "partial" in lines))
        if afresh:
            self.set_home(self._across.shown, self.row_range())
        self.viewport().update()

    def show_moved(self, moved: CoefficientIntervals | None) -> None:
        """Draw the model's estimates as moved; None: as fitted."""
        self._now = moved if moved is not None else self._best
        if "partial" not in self._lines or self._now is None:
            return
        if moved is None:
            changed = self._across.shown != self._across.home
            self._across.reset()
        else:
            changed = self._across.include(self._now.model)
        if changed:
            self.set_home(self._across.shown, self.row_range())
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        now = self._now
        if now is None:
            return
        theme, inside = self.theme, self.inside()
        if "complete" in self._lines and np.isfinite(now.complete):
            self.line_at(painter, now.complete, theme.complete_pooling, "", [], dashed=True)
        painter.save()
        painter.setClipRect(inside)
        everyone = np.arange(len(self.rows))
        clear = now.excluding
        back = 0.5 if self.picked else 1.0
        faint = FAINT_ON_DARK if theme.dark else FAINT
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(everyone) <= MANY_LINES)
        for groups, strength in ((everyone[~clear], faint), (everyone[clear], 1.0)):
            self._paint_separate(painter, now, groups, strength * back, inside, 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if "partial" in self._lines:
            self._paint_model(painter, now, everyone, back, inside, 1.0)
        mine = np.array(self.picked[:NAMED], dtype=np.intp)
        if len(mine):
            self._paint_separate(painter, now, mine, 1.0, inside, 1.5)
            if "partial" in self._lines:
                self._paint_model(painter, now, mine, 1.0, inside, 1.5)
        painter.restore()
        taken: list[QRectF] = []
        for group in self.picked[:NAMED]:
            right = self._right_of(now, group)
            if np.isfinite(right):
                self.paint_name(painter, group, self.pixel(right, 0.0).x() + theme.px(3), taken)
            elif self._naming:
                # Nothing is drawn of the group: it is named once, beside the names.
                self.paint_name(painter, group, inside.left(), taken)

    def _right_of(self, now: CoefficientIntervals, group: int) -> float:
        """Where what is drawn of a group ends; NaN where nothing is."""
        ends = [now.estimate[group], now.upper[group]]
        if "partial" in self._lines:
            ends += [now.model[group], now.model_upper[group]]
        known = [float(end) for end in ends if np.isfinite(end)]
        return max(known, default=float("nan"))

    def _lift(self) -> float:
        """By how much of a row the two estimates of a group stand apart."""
        if "partial" not in self._lines or len(self.rows) > LABELLED:
            return 0.0
        height = self.inside().height() / max(self.shown().height(), 1e-9)
        return float(min(0.17, self.theme.px(6) / max(height, 1.0)))

    def _heights(self, groups: NDArray[np.intp], lift: float) -> FloatArray:
        return np.asarray(self.rows[groups] + lift, dtype=np.float64)

    def _bar_pen(self, tint: str, strength: float, grown: float) -> QPen:
        """For intervals; hairlines where rows are many, the picked ones strong all the same."""
        if len(self.rows) > MANY_LINES and grown == 1.0:
            return crowd_pen(tint, max(strength * 400.0 / len(self.rows), 0.03))
        return line_pen(self.theme, tint, grown, strength)

    def _ends(self, low: FloatArray, high: FloatArray, y: FloatArray) -> FloatArray:
        left, right = self.to_pixels(np.column_stack([low, y])), self.to_pixels(np.column_stack([high, y]))
        return np.hstack([left, right])

    def _paint_separate(
        self,
        painter: QPainter,
        now: CoefficientIntervals,
        groups: NDArray[np.intp],
        alpha: float,
        inside: QRectF,
        grown: float,
    ) -> None:
        theme, y = self.theme, self._heights(groups, self._lift())
        tint, size = theme.no_pooling, self.mark_size() / 2 * min(grown, 1.2)
        ends = self._ends(now.lower[groups], now.upper[groups], y)
        paint_segments(painter, ends, self._bar_pen(tint, alpha, grown))
        at = self.to_pixels(np.column_stack([now.estimate[groups], y]))
        if len(self.rows) > MANY_LINES and grown == 1.0:
            paint_dots(painter, at[:, 0], at[:, 1], color(tint, 0.6 * alpha), size, inside)
        else:
            edge = line_pen(theme, tint, 1.0, alpha)
            paint_rings(painter, at[:, 0], at[:, 1], edge, color(theme.surface), size)

    def _paint_model(
        self,
        painter: QPainter,
        now: CoefficientIntervals,
        groups: NDArray[np.intp],
        alpha: float,
        inside: QRectF,
        grown: float,
    ) -> None:
        y = self._heights(groups, -self._lift())
        ends = self._ends(now.model_lower[groups], now.model_upper[groups], y)
        paint_segments(painter, ends, self._bar_pen(self._hue, 0.7 * alpha, grown))
        size = self.mark_size() / 2 * min(grown, 1.2)
        if grown > 1.0 and self._best is not None and now is not self._best:
            before = self.to_pixels(np.column_stack([self._best.model[groups], y]))
            paint_dots(painter, before[:, 0], before[:, 1], color(self._hue, 0.35), size, inside)
        at = self.to_pixels(np.column_stack([now.model[groups], y]))
        paint_dots(painter, at[:, 0], at[:, 1], mix(self.theme.surface, self._hue, alpha), size, inside)


def _range(shown: CoefficientIntervals, with_model: bool) -> tuple[float, float]:
    """Every interval; of crowds every estimate, and all but the widest intervals."""
    known = np.isfinite(shown.lower)
    low, high = shown.lower[known], shown.upper[known]
    if len(low) > MANY_LINES:
        low, high = low[low >= np.percentile(low, TAILS)], high[high <= np.percentile(high, 100.0 - TAILS)]
    model = shown.model if with_model else np.empty(0)
    estimates = shown.estimate[np.isfinite(shown.estimate)]
    return span(np.concatenate([low, high, estimates, model, [shown.complete]]), 0.04)
