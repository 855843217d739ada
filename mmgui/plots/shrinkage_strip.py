"""One effect of several, on the diagonal of the matrix: name, SD, and shrinkage along one line."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mmgui.figures.ghosts import ShrinkageGhost
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.gliding import GlidingPanel
from mmgui.plots.group_strokes import line_pen
from mmgui.plots.marks import FEW, paint_dots, paint_links
from mmgui.plots.style import color, line_height, pen, text_font, text_width

FloatArray = NDArray[np.float64]
OWN, MODEL = 0.46, 0.2
"""How high own and model estimates stand, as shares of the panel."""


class ShrinkageStrip(GlidingPanel):
    """Own estimates on the upper line, the model's on the lower."""

    def __init__(self, effect: int) -> None:
        super().__init__()
        self.across = effect
        self._figure: ShrinkageFigure | None = None
        self._title = ""
        self.ghost: ShrinkageGhost | None = None
        self.view.setMouseEnabled(y=False)

    def show_figure(self, figure: ShrinkageFigure, titles: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        self._title = titles[self.across]
        self.bottom.set_title(self._title)
        self.left.set_style(grid=False, text=False)
        self.move_to(figure)

    def move_to(self, figure: ShrinkageFigure) -> None:
        """The same groups with other estimates."""
        self._figure = figure
        own, model = figure.own[:, self.across], figure.model[:, self.across]
        marks = {
            "own": np.column_stack([own, np.where(np.isfinite(own), OWN, np.nan)]),
            "model": np.column_stack([model, np.full(len(model), MODEL)]),
        }
        self.put(figure.levels, marks)
        self.find_marks("model", "own")

    def natural_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that shows every group."""
        figure = self._figure
        if figure is None:
            return (0.0, 1.0), (0.0, 1.0)
        j = self.across
        return span(np.concatenate([figure.own[:, j], figure.model[:, j], figure.centre[[j]]])), (0.0, 1.0)

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        theme, inside = self.theme, self.inside()
        hue = theme.term_color(figure.term)
        painter.setClipRect(inside.adjusted(-4, -4, 4, 4))
        centre = self.pixel(float(figure.centre[self.across]), 0.0).x()
        painter.setPen(pen(theme.complete_pooling, theme.line_width * 0.8, dashed=True))
        top = inside.top() + 0.38 * inside.height()
        painter.drawLine(QPointF(centre, top), QPointF(centre, inside.bottom()))
        if self.ghost is not None:
            there = self.pixel(float(self.ghost.centre[self.across]), 0.0).x()
            painter.setPen(pen(theme.text, theme.line_width * 0.8, dashed=True))
            painter.drawLine(QPointF(there, top), QPointF(there, inside.bottom()))
        own, model = self.pixels("own"), self.pixels("model")
        many = len(own) > FEW
        size = max(3.0, 6.5 * theme.scale**0.75 * (0.6 if many else 1.0))
        painter.setOpacity(self.strength)
        faint = pen(hue, theme.line_width * 0.6, alpha=0.15)
        paint_links(painter, own, model, faint if many else line_pen(theme, hue, 0.6, 0.45))
        edge = pen(theme.no_pooling, theme.line_width * 0.8, alpha=0.6 if many else 1.0)
        paint_dots(painter, own, size, color(theme.surface, 0.0 if many else 1.0), edge)
        paint_dots(painter, model, size, color(hue), None if many else pen(theme.surface, 0.6))
        painter.setOpacity(1.0)
        self._paint_picked(painter, own, model, size * 1.35, hue)
        self._paint_words(painter, figure, inside)

    def _paint_picked(
        self, painter: QPainter, own: FloatArray, model: FloatArray, size: float, hue: str
    ) -> None:
        for group in self.picked[:12]:
            one, other = own[[group]], model[[group]]
            paint_links(painter, one, other, QPen(color(hue), self.theme.line_width * 1.4))
            edge = pen(self.theme.no_pooling, self.theme.line_width * 1.2)
            paint_dots(painter, one, size, color(self.theme.surface), edge)
            paint_dots(painter, other, size, color(hue), pen(self.theme.surface, 1.0))

    def _paint_words(self, painter: QPainter, figure: ShrinkageFigure, inside: QRectF) -> None:
        theme = self.theme
        sd = math.sqrt(max(float(figure.covariance[self.across, self.across]), 0.0))
        left = inside.left() + theme.px(6)
        room = inside.width() - theme.px(12)
        strong, plain = text_font(theme, bold=True), text_font(theme)
        name, width = self._title, text_width(strong, self._title)
        if width > room:
            name = QFontMetricsF(strong).elidedText(name, Qt.TextElideMode.ElideRight, room)
            width = text_width(strong, name)
        words = f"SD {number(sd, 3)}"
        used = width + theme.px(10)
        beside = used + text_width(plain, words) <= room
        top = inside.top() + QFontMetricsF(strong).ascent() + theme.px(3)
        painter.setFont(strong)
        painter.setPen(color(theme.text))
        painter.drawText(QPointF(left, top), name)
        painter.setFont(plain)
        painter.setPen(color(theme.muted))
        at = QPointF(left + used, top) if beside else QPointF(left, top + line_height(strong))
        painter.drawText(at, words)
