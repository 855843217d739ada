"""Two effects as a plane: each group's own estimate drawn to the model's, with the ellipses that pull it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from mmgui.figures.covariance import ellipse
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.style import color, item_pen

PROBABILITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
FloatArray = NDArray[np.float64]


def joined(outlines: list[FloatArray]) -> FloatArray:
    """Several outlines as one, with a gap of NaN between each two."""
    gap = np.full((1, 2), np.nan)
    return np.vstack([part for outline in outlines for part in (outline, gap)])


class ShrinkagePlane(GroupPanel):
    """One pair of effects, the first across, the second up."""

    def __init__(self, across: int, up: int, *, labelled: bool = True) -> None:
        super().__init__()
        self.across, self.up = across, up
        self._labelled = labelled
        self._figure: ShrinkageFigure | None = None

    def show_figure(self, figure: ShrinkageFigure, titles: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        theme, pair = self.theme, [self.across, self.up]
        self._figure = figure
        self.clear_items()
        self.bottom.set_title(titles[self.across])
        self.left.set_title(titles[self.up])
        hue = theme.term_color(figure.term)
        own, model = figure.own[:, pair], figure.model[:, pair]
        many = len(figure.levels) > 200
        lines = np.stack([own, model], axis=1)[np.isfinite(own).all(axis=1)].reshape(-1, 2)
        if len(self._outline()):
            self.add(
                pg.PlotCurveItem(
                    *self._outline().T,
                    connect="finite",
                    pen=item_pen(hue, theme.line_width * 0.65, alpha=0.45, dashed=True),
                )
            )
        links = pg.PlotCurveItem(
            *lines.T,
            connect="pairs",
            pen=item_pen(hue, 1.0 if many else theme.line_width * 0.85, alpha=0.18 if many else 0.6),
        )
        size = self._size(len(figure.levels))
        hollow = pg.ScatterPlotItem(
            *own[np.isfinite(own).all(axis=1)].T,
            size=size,
            pen=item_pen(
                theme.no_pooling, theme.line_width * (0.6 if many else 1.0), alpha=0.5 if many else 1.0
            ),
            brush=color(theme.surface, 0.0 if many else 1.0),
        )
        filled = pg.ScatterPlotItem(*model.T, size=size, pen=item_pen(theme.surface, 0.8), brush=color(hue))
        self._dimmed = [links, hollow, filled]
        for item in self._dimmed:
            self.add(item)
        count = np.arange(len(model))
        self.set_points(np.vstack([model, own]), np.concatenate([count, count]))
        self.emphasise()

    def _size(self, groups: int) -> float:
        shrink = 1.0 if groups <= 60 else 0.75 if groups <= 200 else 0.5
        return float(max(3.5, 8.5 * self.theme.scale**0.75 * shrink))

    def _pair(self, matrix: FloatArray) -> FloatArray:
        pair = [self.across, self.up]
        return matrix[np.ix_(pair, pair)]

    def _outline(self) -> FloatArray:
        figure = self._figure
        if figure is None:
            return np.empty((0, 2))
        centre = figure.centre[[self.across, self.up]]
        covariance = self._pair(figure.covariance)
        return joined([ellipse(covariance, centre, p) for p in PROBABILITIES])

    def natural_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that shows every group and every ellipse."""
        figure = self._figure
        if figure is None:
            return (0.0, 1.0), (0.0, 1.0)
        pair = [self.across, self.up]
        everything = np.vstack(
            [figure.own[:, pair], figure.model[:, pair], self._outline(), figure.complete[None, pair]]
        )
        return span(everything[:, 0]), span(everything[:, 1])

    # -- picked groups and the two centres

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        taken: list[QRectF] = []
        self._paint_centres(painter, figure, taken)
        for group in self.picked[:12]:
            self._paint_picked(painter, figure, group, taken)

    def _paint_centres(self, painter: QPainter, figure: ShrinkageFigure, taken: list[QRectF]) -> None:
        theme, pair = self.theme, [self.across, self.up]
        complete, centre = figure.complete[pair], figure.centre[pair]
        at = self.pixel(*centre)
        known = bool(np.isfinite(complete).all())
        other = self.pixel(*complete) if known else at
        apart = known and (other - at).manhattanLength() > theme.px(10)
        if apart:
            self._cross(painter, other, theme.complete_pooling, turned=True)
        self._cross(painter, at, theme.text, turned=False)
        if not self._labelled:
            return
        if apart:
            self.paint_label(painter, "complete pooling", other, taken, tint=theme.complete_pooling)
            self.paint_label(painter, "model's average", at, taken, tint=theme.text)
        else:
            text = "average = complete pooling" if known else "model's average"
            self.paint_label(painter, text, at, taken, tint=theme.muted)

    def _cross(self, painter: QPainter, at: QPointF, tint: str, *, turned: bool) -> None:
        arm = self.theme.px(7) * (0.72 if turned else 1.0)
        for width, hue in (
            (self.theme.line_width * 1.4 + 3, self.theme.surface),
            (self.theme.line_width * 1.4, tint),
        ):
            painter.setPen(QPen(color(hue), width))
            if turned:
                painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
                painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
            else:
                painter.drawLine(at + QPointF(-arm, 0), at + QPointF(arm, 0))
                painter.drawLine(at + QPointF(0, -arm), at + QPointF(0, arm))

    def _paint_picked(
        self, painter: QPainter, figure: ShrinkageFigure, group: int, taken: list[QRectF]
    ) -> None:
        theme, pair = self.theme, [self.across, self.up]
        hue = color(theme.term_color(figure.term))
        own, model = figure.own[group, pair], self.pixel(*figure.model[group, pair])
        radius = max(self._size(len(figure.levels)), theme.px(8)) * 0.62
        if np.isfinite(own).all():
            start = self.pixel(*own)
            painter.setPen(QPen(hue, theme.line_width * 1.6))
            painter.drawLine(start, model)
            painter.setPen(QPen(color(theme.no_pooling), theme.line_width * 1.3))
            painter.setBrush(color(theme.surface))
            painter.drawEllipse(start, radius, radius)
        painter.setPen(QPen(color(theme.surface), 1.5))
        painter.setBrush(hue)
        painter.drawEllipse(model, radius * 1.15, radius * 1.15)
        self.paint_label(painter, figure.levels[group], model, taken, tint=theme.text, bold=True)
