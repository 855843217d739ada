"""Σ of a term as a heatmap, covariances or correlations, the number in every cell."""

from __future__ import annotations

import html
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, mix, readable_on, text_font

Mode = Literal["covariance", "correlation"]


class CovarianceHeatmap(Plot):
    """One hue from the surface to the term's colour; correlations to orange where they are negative.

    A dot stands where the model fixes a covariance at zero, a dash where a correlation is undefined.
    """

    title = "Σ"
    empty = "After a fit, the covariance of the effects stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CovarianceFigure | None = None
        self._mode: Mode = "covariance"
        self._limit: float | None = None
        super().__init__(themes, selection, parent)
        self._canvas = Canvas(self._paint)
        self.set_body(self._canvas)

    def set_data(
        self, figure: CovarianceFigure | None, mode: Mode = "covariance", limit: float | None = None
    ) -> None:
        """Show Σ; ``limit`` is the covariance of the full colour, by default the largest here."""
        self._figure, self._mode, self._limit = figure, mode, limit
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def heading(self) -> str:
        return self.title if self._figure is None else f"Σ of {self._figure.grouping}"

    def legend(self, _theme: Theme) -> str:
        scale = ", one colour scale" if self._limit is not None and self._mode == "covariance" else ""
        return self._mode + scale

    def cramped(self) -> bool:
        # One word, without which two heatmaps could not be told apart.
        return self.width() < self._theme.px(150)

    def draw(self, theme: Theme) -> None:
        count = 1 if self._figure is None else len(self._figure.effects)
        line = QFontMetricsF(text_font(theme)).height()
        self._canvas.setMinimumHeight(round((count + 1) * line * 1.25))
        self._canvas.update()

    # -- cells

    def text_of(self, i: int, j: int) -> str:
        """What cell (i, j) says."""
        figure = self._figure
        if figure is None:
            return ""
        if not figure.free[i, j]:
            return "·"
        if self._mode == "correlation":
            return decimal(float(figure.correlation[i, j]), 2)
        return number(float(figure.covariance[i, j]), 3)

    def fill_of(self, i: int, j: int) -> QColor:
        """The colour of cell (i, j)."""
        figure, theme = self._figure, self._theme
        if figure is None or not figure.free[i, j]:
            return QColor(theme.surface)
        if self._mode == "correlation":
            share = float(figure.correlation[i, j])
        else:
            limit = self._limit or float(np.max(np.abs(figure.covariance)))
            share = float(figure.covariance[i, j]) / limit if limit > 0 else 0.0
        if np.isnan(share):
            return QColor(theme.grid)
        hue = theme.term_color(figure.term) if share >= 0 else theme.no_pooling
        ground = mix(theme.surface, theme.grid, 0.8)
        return mix(ground.name(), hue, 0.85 * abs(share) ** 0.8)

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        count = len(figure.effects)
        metrics = QFontMetricsF(text_font(theme))
        names = [effect_name(e) for e in figure.effects]
        left = min(max(metrics.horizontalAdvance(n) for n in names) + theme.px(10), room.width() * 0.3)
        top = metrics.height() + theme.px(6)
        gap = theme.px(4)
        width = min((room.width() - left - gap) / count, theme.px(150))
        height = min(
            (room.height() - top - gap) / count, theme.px(76), max(width * 0.72, metrics.height() * 1.2)
        )
        size = min(height * 0.38, theme.px(16))
        for i in range(count):
            for j in range(count):
                at = QPointF(room.left() + left + j * width, room.top() + top + i * height)
                cell = QRectF(at, at + QPointF(width - gap, height - gap))
                self._paint_cell(painter, cell, i, j, size)
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        for k, name in enumerate(names):
            beside = QRectF(room.left(), room.top() + top + k * height, left - theme.px(8), height - gap)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, beside.width())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            above = QRectF(room.left() + left + k * width, room.top(), width - gap, top - theme.px(2))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, above.width())
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_cell(self, painter: QPainter, cell: QRectF, i: int, j: int, size: float) -> None:
        fill, text = self.fill_of(i, j), self.text_of(i, j)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(cell, self._theme.px(4), self._theme.px(4))
        font = text_font(self._theme, size / self._theme.scale)
        room = cell.width() - 4
        while font.pixelSize() > 12 and QFontMetricsF(font).horizontalAdvance(text) > room:
            font.setPixelSize(font.pixelSize() - 1)
        # What is still too wide loses its leading zero, then gives way to the tooltip.
        fitting = (text, text.replace("0.", ".", 1), "")
        text = next(t for t in fitting if not t or QFontMetricsF(font).horizontalAdvance(t) <= room)
        painter.setFont(font)
        painter.setPen(readable_on(fill, self._theme))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        self._canvas.spots.append((cell, self._tip(i, j)))

    def _tip(self, i: int, j: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        one, other = (html.escape(effect_name(figure.effects[k])) for k in (i, j))
        if not figure.free[i, j]:
            return f"<b>{one} and {other}</b><br>the model holds their covariance at 0"
        covariance, correlation = float(figure.covariance[i, j]), float(figure.correlation[i, j])
        if i == j:
            sd = number(max(covariance, 0.0) ** 0.5, 4)
            return f"<b>{one}</b><br>variance {number(covariance, 4)}, SD {sd}"
        known = (
            decimal(correlation, 3) if correlation == correlation else "undefined: an effect has no variance"
        )
        return f"<b>{one} and {other}</b><br>covariance {number(covariance, 4)}<br>correlation {known}"
