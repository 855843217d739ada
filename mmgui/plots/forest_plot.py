"""Coefficients of several models as a forest: a block for each coefficient, a line for each model."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.fixed import FixedFigure, FixedRow
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.axis import round_step, tick_text
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, pen, text_font

Lines = list[tuple[int, FixedRow]]


class ForestPlot(Plot):
    """Estimate and interval of every coefficient, all models on one scale."""

    title = "Fixed effects"
    empty = "Choose two or more fitted models to see their coefficients side by side."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figures: tuple[FixedFigure, ...] = ()
        self._names: tuple[str, ...] = ()
        super().__init__(themes, selection, parent)
        self._canvas = Canvas(self._paint)
        self.set_body(self._canvas)

    def set_data(self, figures: tuple[FixedFigure, ...] | None, names: tuple[str, ...] = ()) -> None:
        """Show the models' coefficients; ``names`` stand before their lines, by default 1, 2, …"""
        self._figures = figures or ()
        self._names = names or tuple(str(k + 1) for k in range(len(self._figures)))
        self.show_figure(bool(self._figures))

    def table(self) -> FigureTable:
        if not self._figures:
            return FigureTable((), ())
        columns = self._figures[0].table().columns
        rows = [(n, *row) for n, f in zip(self._names, self._figures, strict=True) for row in f.table().rows]
        return FigureTable(("Model", *columns), tuple(rows))

    def legend(self, _theme: Theme) -> str:
        level = self._figures[0].level if self._figures else 0.95
        return f"estimate ± {100 * level:g} % interval"

    def blocks(self) -> list[tuple[str, Lines]]:
        """Every coefficient with the models that have it; the intercept last."""
        names = list(dict.fromkeys(r.name for f in self._figures for r in f.rows))
        names.sort(key=lambda n: n == "(Intercept)")
        return [
            (name, [(k, row) for k, f in enumerate(self._figures) for row in f.rows if row.name == name])
            for name in names
        ]

    def _line(self, theme: Theme) -> float:
        return QFontMetricsF(text_font(theme)).height() * 1.3

    def draw(self, theme: Theme) -> None:
        line = self._line(theme)
        height = sum((len(lines) + 2.3) * line for _, lines in self.blocks())
        self._canvas.setMinimumHeight(round(height))
        self._canvas.update()

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        theme, metrics = self._theme, QFontMetricsF(text_font(self._theme))
        line, y = self._line(theme), room.top()
        if not self._figures:
            return
        widest = max(metrics.horizontalAdvance(n) for n in self._names)
        names = min(widest + theme.px(12), room.width() * 0.3) if len(self._figures) > 1 else 0.0
        texts = [_words(row) for _, lines in self.blocks() for _, row in lines]
        values = min(max(metrics.horizontalAdvance(t) for t in texts) + theme.px(14), room.width() * 0.42)
        for name, lines in self.blocks():
            painter.setFont(text_font(theme, bold=True))
            painter.setPen(color(theme.text))
            head = QRectF(room.left(), y, room.width(), line)
            text = QFontMetricsF(painter.font()).elidedText(
                effect_name(name), Qt.TextElideMode.ElideMiddle, room.width()
            )
            painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            plot = QRectF(room.left() + names, y + line, room.width() - names - values, line * len(lines))
            self._paint_block(painter, plot, lines, names, values)
            y += (len(lines) + 2.3) * line

    def _paint_block(
        self, painter: QPainter, plot: QRectF, lines: Lines, names: float, values: float
    ) -> None:
        theme = self._theme
        low, high = span(np.array([v for _, row in lines for v in (*row.interval, row.estimate)]), 0.05)
        self._paint_scale(painter, plot, low, high)
        line = plot.height() / len(lines)
        painter.setFont(text_font(theme))
        metrics = QFontMetricsF(painter.font())
        for place, (model, row) in enumerate(lines):
            y = plot.top() + (place + 0.5) * line
            self._paint_estimate(painter, plot, y, row, low, high)
            middle = Qt.AlignmentFlag.AlignVCenter
            if names:
                left = QRectF(plot.left() - names, y - line / 2, names - theme.px(8), line)
                painter.setPen(color(theme.muted))
                text = metrics.elidedText(self._names[model], Qt.TextElideMode.ElideLeft, left.width())
                painter.drawText(left, Qt.AlignmentFlag.AlignLeft | middle, text)
            right = QRectF(plot.right(), y - line / 2, values, line)
            painter.setPen(color(theme.text))
            text = metrics.elidedText(_words(row), Qt.TextElideMode.ElideRight, values - theme.px(6))
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | middle, text)
            strip = QRectF(plot.left() - names, y - line / 2, plot.width() + names + values, line)
            self._canvas.spots.append((strip, self._tip(model, row)))

    def _paint_scale(self, painter: QPainter, plot: QRectF, low: float, high: float) -> None:
        theme = self._theme
        painter.setFont(text_font(theme))
        metrics = QFontMetricsF(painter.font())
        step = round_step(high - low, min(max(plot.width() / theme.px(70), 1.0), 6.0))
        for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1):
            x = plot.left() + (k * step - low) / (high - low) * plot.width()
            zero = k == 0
            painter.setPen(pen(theme.muted if zero else theme.grid, theme.line_width * 0.7, dashed=zero))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            text = tick_text(k * step, step)
            width = metrics.horizontalAdvance(text) + 4
            painter.setPen(color(theme.muted))
            below = QRectF(x - width / 2, plot.bottom() + theme.px(2), width, metrics.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_estimate(
        self, painter: QPainter, plot: QRectF, y: float, row: FixedRow, low: float, high: float
    ) -> None:
        theme = self._theme
        x = [plot.left() + (v - low) / (high - low) * plot.width() for v in (*row.interval, row.estimate)]
        painter.setPen(QPen(color(theme.text), theme.line_width * 1.2))
        painter.drawLine(QPointF(x[0], y), QPointF(x[1], y))
        painter.setPen(QPen(color(theme.surface), 1.2))
        painter.setBrush(color(theme.text))
        radius = theme.px(9) / 2
        painter.drawEllipse(QPointF(x[2], y), radius, radius)

    def _tip(self, model: int, row: FixedRow) -> str:
        low, high = row.interval
        text = f"<b>{html.escape(self._names[model])}: {html.escape(effect_name(row.name))}</b><br>"
        text += f"{number(row.estimate, 4)}, SE {number(row.se)}, {number(low, 4)} to {number(high, 4)}"
        return text + (f"<br>df {number(row.df)}" if row.df is not None else "")


def _words(row: FixedRow) -> str:
    return f"{number(row.estimate, 3)}  SE {number(row.se, 3)}"
