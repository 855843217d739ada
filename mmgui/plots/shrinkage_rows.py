"""One effect: a row for each group, from its own estimate to the model's."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.plots.area import span
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.style import color, item_pen


class ShrinkageRows(GroupRows):
    """Groups ordered by their own estimate; those without one by the model's."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: ShrinkageFigure | None = None

    def show_figure(self, figure: ShrinkageFigure, titles: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        theme = self.theme
        self._figure = figure
        self.clear_items()
        own, model = figure.own[:, 0], figure.model[:, 0]
        known = np.isfinite(own)
        order = np.argsort(np.where(known, own, model), kind="stable")
        self.set_rows(order, figure.levels)
        self.bottom.set_title(titles[0])
        self.left.set_title(figure.grouping)
        hue, many = theme.term_color(figure.term), len(order) > LABELLED
        y = self.rows.astype(float)
        ends = np.column_stack([own, model])[known].ravel()
        links = pg.PlotCurveItem(
            ends,
            np.repeat(y[known], 2),
            connect="pairs",
            pen=item_pen(hue, self.stroke(), alpha=0.35 if many else 0.6),
        )
        size = self.mark_size()
        if many:
            outline, inner = item_pen(theme.no_pooling, 0.6), color(theme.no_pooling, 0.55)
        else:
            outline, inner = item_pen(theme.no_pooling, theme.line_width), color(theme.surface)
        hollow = pg.ScatterPlotItem(own[known], y[known], size=size, pen=outline, brush=inner)
        edge = item_pen(hue, 0.1) if many else item_pen(theme.surface, 0.8)
        filled = pg.ScatterPlotItem(model, y, size=size, pen=edge, brush=color(hue))
        self.set_marks(hollow, filled)
        self._dimmed = [links, hollow, filled]
        for item in self._dimmed:
            self.add(item)
        count = np.arange(len(y))
        points = np.vstack([np.column_stack([model, y]), np.column_stack([own, y])])
        self.set_points(points, np.concatenate([count, count]))
        self.emphasise()

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
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            self._paint_picked(painter, figure, group, taken)

    def _paint_picked(
        self, painter: QPainter, figure: ShrinkageFigure, group: int, taken: list[QRectF]
    ) -> None:
        theme, y = self.theme, float(self.rows[group])
        hue = color(theme.term_color(figure.term))
        own, model = float(figure.own[group, 0]), self.pixel(float(figure.model[group, 0]), y)
        radius, right = theme.px(8) * 0.62, model.x()
        if np.isfinite(own):
            start = self.pixel(own, y)
            right = max(right, start.x())
            painter.setPen(QPen(hue, theme.line_width * 1.6))
            painter.drawLine(start, model)
            painter.setPen(QPen(color(theme.no_pooling), theme.line_width * 1.3))
            painter.setBrush(color(theme.surface))
            painter.drawEllipse(start, radius, radius)
        painter.setPen(QPen(color(theme.surface), 1.5))
        painter.setBrush(hue)
        painter.drawEllipse(QPointF(model), radius * 1.1, radius * 1.1)
        self.paint_name(painter, group, right, taken)
