"""One effect: a row for each group, from its own estimate to the model's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from mmgui.figures.ghosts import ShrinkageGhost
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.plots.area import span
from mmgui.plots.gliding_rows import GlidingRows
from mmgui.plots.marks import FEW, band_of_rows, paint_dots, paint_heads, paint_links
from mmgui.plots.style import color, mix, pen

FloatArray = NDArray[np.float64]


def rows_by_own(figure: ShrinkageFigure) -> NDArray[np.intp]:
    """Groups by their own estimate of the first effect, those without one by the model's."""
    figure = figure.best or figure
    own, model = figure.own[:, 0], figure.model[:, 0]
    return np.argsort(np.where(np.isfinite(own), own, model), kind="stable")


class ShrinkageRows(GlidingRows):
    """Groups ordered by their own estimate; those without one by the model's."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: ShrinkageFigure | None = None
        self.ghost: ShrinkageGhost | None = None

    def show_figure(self, figure: ShrinkageFigure, titles: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        self.set_rows(rows_by_own(figure), figure.levels)
        self.bottom.set_title(titles[0])
        self.left.set_title(figure.grouping)
        self.move_to(figure)

    def move_to(self, figure: ShrinkageFigure) -> None:
        """The same groups with other estimates; rows stay where they are."""
        self._figure = figure
        y = self.rows.astype(float)
        own, model = np.column_stack([figure.own[:, 0], y]), np.column_stack([figure.model[:, 0], y])
        self.put(figure.levels, {"own": own, "model": model})
        self.find_marks("model", "own")

    def natural_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that shows every group."""
        figure = self._figure
        if figure is None:
            return (0.0, 1.0), (0.0, 1.0)
        values = np.concatenate(
            [figure.own[:, 0], figure.model[:, 0], figure.complete[:1], figure.centre[:1]]
        )
        return span(values, 0.05), self.row_range()

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        self._paint_lines(painter, figure)
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        painter.setOpacity(self.strength)
        if self.crowded():
            self._paint_bands(painter)
        else:
            self._paint_marks(painter)
        painter.setOpacity(1.0)
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            self._paint_picked(painter, group, taken)

    def _paint_lines(self, painter: QPainter, figure: ShrinkageFigure) -> None:
        theme = self.theme
        names: list[QRectF] = []
        complete, centre = float(figure.complete[0]), float(figure.centre[0])
        apart = np.isfinite(complete) and abs(
            self.pixel(complete, 0).x() - self.pixel(centre, 0).x()
        ) > theme.px(6)
        if np.isfinite(complete):
            label = "complete pooling" if apart else "average = complete pooling"
            self.line_at(painter, complete, theme.complete_pooling, label, names, dashed=True)
        if apart or not np.isfinite(complete):
            self.line_at(painter, centre, theme.text, "model's average", names, dashed=False)
        if self.ghost is not None:
            there = float(self.ghost.centre[0])
            self.line_at(painter, there, theme.text, self.ghost.name, names, dashed=True)

    def _hue(self) -> QColor:
        return color(self.theme.term_color(self._figure.term if self._figure is not None else 0))

    def _paint_marks(self, painter: QPainter) -> None:
        theme, size, hue = self.theme, self.mark_size(), self._hue()
        own, model = self.pixels("own"), self.pixels("model")
        many = len(own) > FEW
        stroke = QPen(color(hue.name(), 0.35) if many else mix(theme.surface, hue.name(), 0.6), self.stroke())
        paint_links(painter, own, model, stroke)
        if size >= 6:
            paint_heads(painter, own, model, stroke, 0.75 * size, 0.5 * size + 1)
        edge = pen(theme.no_pooling, theme.line_width if size >= 6 else 1.0, alpha=0.7 if many else 1.0)
        paint_dots(painter, own, size, color(theme.surface, 0.0 if many else 1.0), edge)
        paint_dots(painter, model, size, hue, None if size < 6 else pen(theme.surface, 0.8))

    def _paint_bands(self, painter: QPainter) -> None:
        """Thousands of rows: on each line of pixels all that falls there, extremes included."""
        own, model = self.pixels("own"), self.pixels("model")
        low, high = np.fmin(own[:, 0], model[:, 0]), np.fmax(own[:, 0], model[:, 0])
        line, left, right = band_of_rows(model[:, 1], low, high)
        pull = self._hue()
        pull.setAlphaF(0.16)
        ends = np.column_stack([left, line]), np.column_stack([right, line])
        paint_links(painter, *ends, QPen(pull, 1.0))
        inside = self.inside()
        size = 2.2 * self.theme.scale**0.5
        for places, hue in ((model, self._hue()), (own, color(self.theme.no_pooling))):
            seen = (places[:, 1] >= inside.top() - 2) & (places[:, 1] <= inside.bottom() + 2)
            paint_dots(painter, places[seen], size, hue)

    def _paint_picked(self, painter: QPainter, group: int, taken: list[QRectF]) -> None:
        theme, hue = self.theme, self._hue()
        own, model = QPointF(*self.pixels("own")[group]), QPointF(*self.pixels("model")[group])
        radius, right = theme.px(8) * 0.62, model.x()
        if np.isfinite(own.x()):
            right = max(right, own.x())
            painter.setPen(QPen(hue, theme.line_width * 1.6))
            painter.drawLine(own, model)
            painter.setPen(QPen(color(theme.no_pooling), theme.line_width * 1.3))
            painter.setBrush(color(theme.surface))
            painter.drawEllipse(own, radius, radius)
        painter.setPen(QPen(color(theme.surface), 1.5))
        painter.setBrush(hue)
        painter.drawEllipse(model, radius * 1.1, radius * 1.1)
        self.paint_name(painter, group, right, taken)
