"""A panel of the optimiser's path: lines over evaluations, steps and trials, new starts, a film's place."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from mmgui.plots.area import PlotArea
from mmgui.plots.style import color, item_pen, pen, text_font

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MARKED = 400
"""Marks of more evaluations than this would hide the lines."""


class TraceArea(PlotArea):
    """Lines over evaluations, each named at its end; an evaluation can be clicked anywhere in its column."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("traceArea")
        self.ends: list[tuple[float, float, str, str]] = []
        self.bottom.set_style(whole=True)
        self._lines: list[pg.PlotCurveItem] = []
        self._hues: tuple[str, ...] = ()
        self._values: FloatArray = np.empty((0, 0))
        self._steps: BoolArray = np.empty(0, dtype=np.bool_)
        self._begun: FloatArray = np.empty(0)
        self._current: float | None = None

    # -- content

    def set_hues(self, hues: tuple[str, ...]) -> None:
        """As many lines, in these colours."""
        self.clear_items()
        self._hues = hues
        self._lines = [pg.PlotCurveItem(pen=item_pen(h, self.theme.line_width)) for h in hues]
        for line in self._lines:
            line.setSegmentedLineMode("on")
        for line in self._lines:
            self.add(line)

    def set_path(self, values: FloatArray, steps: BoolArray, starts: NDArray[np.int64]) -> None:
        """(k, n) values of the lines; (k,) which evaluations led lower, (k,) from which start."""
        count = len(values)
        x = np.arange(1, count + 1, dtype=float)
        joined = np.ones(count, dtype=np.int32)
        self._begun = np.empty(0)
        if len(starts) > 1:
            again = np.flatnonzero(np.diff(starts) != 0)
            joined[again] = 0
            self._begun = np.asarray(again + 1.5, dtype=np.float64)
        self._values, self._steps = values, steps
        for k, line in enumerate(self._lines):
            # Where the search begins again elsewhere nothing leads there.
            line.setData(x, values[:, k], connect=joined)

    def set_current(self, place: float | None) -> None:
        """Mark where a film stands, in evaluations from 1."""
        if place != self._current:
            self._current = place
            self.viewport().update()

    def find(self, at: QPointF) -> int:
        """The evaluation (from 0) in whose column a pixel is."""
        count, room = len(self._values), self.inside()
        if not count or not room.adjusted(-8, 0, 8, 0).contains(at) or room.width() <= 0:
            return -1
        shown = self.view.viewRect()
        x = shown.left() + (at.x() - room.left()) / room.width() * shown.width()
        return int(min(max(round(x) - 1, 0), count - 1))

    # -- room for names

    def reserve(self) -> float:
        """Room right of the lines for their names."""
        metrics = QFontMetricsF(text_font(self.theme))
        widest = max((metrics.horizontalAdvance(e[2]) for e in self.ends), default=0.0)
        return min(widest, self.theme.px(150)) + self.theme.px(18)

    def names_fit(self, lines: int) -> bool:
        """Whether so many names have room one below the other."""
        line = QFontMetricsF(text_font(self.theme)).height() * 0.92
        return lines * line <= self.inside().height() + line

    # -- painted on top

    def paint_over(self, painter: QPainter) -> None:
        self._paint_starts(painter)
        self._paint_marks(painter)
        self._paint_current(painter)
        self._paint_ends(painter)

    def _paint_starts(self, painter: QPainter) -> None:
        room = self.inside()
        apart = room.width() / max(len(self._values), 1)
        if not len(self._begun) or len(self._begun) * self.theme.px(4) > room.width():
            return
        painter.setPen(pen(self.theme.muted, 1.0, alpha=0.7, dashed=True))
        at = self.to_pixels(np.column_stack([self._begun, np.zeros(len(self._begun))]))
        for x in at[:, 0]:
            if room.left() - apart <= x <= room.right():
                painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    def _paint_marks(self, painter: QPainter) -> None:
        count, room = len(self._values), self.inside()
        if count * max(len(self._hues), 1) > MARKED or room.width() / max(count, 1) < self.theme.px(4):
            return
        x = np.arange(1, count + 1, dtype=float)
        dot = self.theme.px(2.6)
        painter.save()
        painter.setClipRect(room.adjusted(-dot, -dot, dot, dot))
        for k, hue in enumerate(self._hues):
            at = self.to_pixels(np.column_stack([x, self._values[:, k]]))
            for (left, top), step in zip(at.tolist(), self._steps.tolist(), strict=True):
                painter.setPen(pen(hue, self.theme.px(1.2)))
                # A trial that led no lower is an empty circle.
                painter.setBrush(color(hue if step else self.theme.surface))
                painter.drawEllipse(QPointF(left, top), dot, dot)
        painter.restore()

    def _paint_current(self, painter: QPainter) -> None:
        if self._current is None or not len(self._values):
            return
        room = self.inside()
        x = self.pixel(self._current, 0.0).x()
        if not room.left() - 1 <= x <= room.right() + 1:
            return
        painter.setPen(pen(self.theme.accent, self.theme.px(1.5)))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        k = min(max(round(self._current) - 1, 0), len(self._values) - 1)
        if abs(self._current - (k + 1)) > 1e-6:
            return
        ring = self.theme.px(5.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for value in self._values[k]:
            at = self.pixel(self._current, float(value))
            if room.top() <= at.y() <= room.bottom():
                painter.drawEllipse(at, ring, ring)

    def _paint_ends(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(text_font(self.theme))
        painter.setFont(text_font(self.theme))
        inside, line = self.inside(), metrics.height() * 0.92
        last = self.pixel(float(len(self._values)), 0.0).x()
        places = [(self.pixel(x, y), text, hue) for x, y, text, hue in self.ends]
        places.sort(key=lambda place: place[0].y())
        if not self.names_fit(len(places)):
            places = [(at, "", hue) for at, _, hue in places]
        heights = apart([p.y() for p, _, _ in places], line, inside.top(), inside.bottom())
        for (at, text, hue), y in zip(places, heights, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(hue))
            dot = self.theme.px(3.2)
            painter.drawEllipse(at, dot, dot)
            if last - at.x() > self.theme.px(8):
                # The search went on elsewhere: a faint line leads to the name.
                painter.setPen(pen(hue, 1.0, alpha=0.6, dashed=True))
                painter.drawLine(QPointF(at.x() + 2 * dot, at.y()), QPointF(last, at.y()))
            # The residual's grey is too faint to be read.
            painter.setPen(color(self.theme.muted if hue == self.theme.residual else hue))
            left = QPointF(max(at.x(), last) + self.theme.px(8), y - metrics.height() / 2)
            room = QRectF(left, QPointF(self.width() - 2.0, y + metrics.height() / 2))
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)


def apart(wanted: list[float], line: float, top: float, bottom: float) -> list[float]:
    """Ascending positions at least ``line`` apart, near the wanted ones, between top and bottom."""
    out: list[float] = []
    for y in wanted:
        out.append(max(y, out[-1] + line) if out else max(y, top + line / 2))
    limit = bottom - line / 2
    for k in range(len(out) - 1, -1, -1):
        out[k] = min(out[k], limit)
        limit = out[k] - line
    return out
