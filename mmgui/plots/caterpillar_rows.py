"""One effect of the caterpillar: mode ± 1.96 conditional SD, a row for each group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from mmgui.figures.normal import cut
from mmgui.figures.shrinkage import CaterpillarFigure
from mmgui.figures.wording import effect_name
from mmgui.plots.area import span
from mmgui.plots.gliding_rows import GlidingRows
from mmgui.plots.marks import FEW, band_of_rows, paint_dots, paint_links
from mmgui.plots.style import color, mix, pen

LEVEL = 0.95
FloatArray = NDArray[np.float64]


class CaterpillarRows(GlidingRows):
    """The rows' order is that of the whole plot, so that the eye can follow a group across."""

    def __init__(self, effect: int) -> None:
        super().__init__()
        self.effect = effect
        self._figure: CaterpillarFigure | None = None

    def show_figure(self, figure: CaterpillarFigure, order: NDArray[np.intp]) -> None:
        """Draw one effect of the figure in the panel's theme; ``order`` from bottom to top."""
        first = self.effect == 0
        self.set_rows(order, figure.levels, named=first)
        titles = figure.titles or tuple(effect_name(e) for e in figure.effects)
        self.bottom.set_title(titles[self.effect])
        self.left.set_title(figure.grouping if first else "")
        self.move_to(figure)

    def move_to(self, figure: CaterpillarFigure) -> None:
        """The same groups with other modes; rows stay where they are."""
        self._figure = figure
        y = self.rows.astype(float)
        mode, half = figure.modes[:, self.effect], cut(LEVEL) * figure.sd[:, self.effect]
        marks = {"mode": mode, "low": mode - half, "high": mode + half}
        self.put(figure.levels, {kind: np.column_stack([x, y]) for kind, x in marks.items()})
        self.find_marks("mode")

    def natural_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that shows every group with its SD, and the average."""
        values = np.concatenate([[0.0], *(places[:, 0] for places in self._at.values())])
        return span(values, 0.05), self.row_range()

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        theme = self.theme
        label = "average" if self.effect == 0 else ""
        self.line_at(painter, 0.0, theme.muted, label, [], dashed=True)
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        painter.setOpacity(self.strength)
        hue = theme.term_color(figure.term)
        if self.crowded():
            self._paint_bands(painter, hue)
        else:
            many = len(self.rows) > FEW
            stroke = self.stroke()
            bars = pen(hue, stroke, alpha=0.45) if many else pen(mix(theme.surface, hue, 0.7).name(), stroke)
            paint_links(painter, self.pixels("low"), self.pixels("high"), bars)
            paint_dots(painter, self.pixels("mode"), self.mark_size(), color(hue))
        painter.setOpacity(1.0)
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            self._paint_picked(painter, group, hue, taken)

    def _paint_bands(self, painter: QPainter, hue: str) -> None:
        """Thousands of rows: on each line of pixels all that falls there, extremes included."""
        mode, low, high = self.pixels("mode"), self.pixels("low"), self.pixels("high")
        line, left, right = band_of_rows(mode[:, 1], low[:, 0], high[:, 0])
        ends = np.column_stack([left, line]), np.column_stack([right, line])
        paint_links(painter, *ends, QPen(color(hue, 0.28), 1.0))
        # Modes lie apart in a column that is sorted by another, so each is drawn.
        inside = self.inside()
        seen = mode[(mode[:, 1] >= inside.top() - 2) & (mode[:, 1] <= inside.bottom() + 2)]
        paint_dots(painter, seen, 2.2 * self.theme.scale**0.5, color(hue))

    def _paint_picked(self, painter: QPainter, group: int, hue: str, taken: list[QRectF]) -> None:
        low, mode, high = (self.pixels(kind)[group] for kind in ("low", "mode", "high"))
        if np.isfinite(low).all() and np.isfinite(high).all():
            painter.setPen(QPen(color(hue), self.theme.line_width * 1.8))
            painter.drawLine(QPointF(*low), QPointF(*high))
        painter.setPen(QPen(color(self.theme.surface), 1.5))
        painter.setBrush(color(hue))
        radius = self.theme.px(8) * 0.68
        painter.drawEllipse(QPointF(*mode), radius, radius)
        if self.effect == 0:
            right = float(high[0]) if np.isfinite(high[0]) else float(mode[0])
            self.paint_name(painter, group, right, taken)
