"""Variance components as bars: one a component, standard deviations on one axis."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.figures.variance import RESIDUAL, VarianceFigure, VarianceRow
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, line_height, pen, text_font, text_width

LEGEND_NEEDS, COMMON_NEEDS = 190, 270
"""Width, at scale 1, of the title with the legend on one line, and with that of a common axis."""


class VarianceBars(Plot):
    """One bar a component; the grouping factor as a heading where there are several terms."""

    title = "Variance components"
    empty = "After a fit, the variance components stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: VarianceFigure | None = None
        self._best: VarianceFigure | None = None
        self._maximum: float | None = None
        self._scale = 0.0
        self._least_widths = (0.0, 0.0)
        super().__init__(themes, selection, parent)
        self._strips: list[tuple[QRectF, VarianceRow]] = []
        self._canvas = Canvas(self._paint, tips=self._tips)
        self.set_body(self._canvas)

    def set_data(self, figure: VarianceFigure | None, maximum: float | None = None) -> None:
        """Show a figure on an axis that ends at ``maximum``, by default at its own largest SD."""
        self._figure, self._maximum, self._best = figure, maximum, None
        self._scale = 0.0 if figure is None else max((r.sd for r in figure.rows), default=0.0)
        self.show_figure(figure is not None)

    def show_moved(self, figure: VarianceFigure) -> None:
        """Follow the hand: the same components at other covariance parameters, the fit's as ghosts.

        The axis stays, and grows by halves when a bar leaves it.
        """
        if self._figure is None or len(figure.rows) != len(self._figure.rows):
            return
        if self._best is None:
            self._best = self._figure
        self._figure = figure
        largest = max(r.sd for r in figure.rows)
        while 0.0 < self._scale < largest and np.isfinite(largest):
            self._scale *= 1.5
        self._scale = self._scale or largest
        self._canvas.update()

    def widths(self) -> tuple[float, float]:
        """How wide the names and the values would like to be."""
        rows = [line for line in self._lines() if not isinstance(line, str)]
        font, theme = text_font(self._theme), self._theme
        names = max((text_width(font, self._label(r)) for r in rows), default=0.0)
        values = max((text_width(font, self._value(r)) for r in rows), default=0.0)
        return names + theme.px(22), values + theme.px(12)

    @property
    def least_widths(self) -> tuple[float, float]:
        """The room that names and values have at least."""
        return self._least_widths

    def set_least_widths(self, names: float, values: float) -> None:
        """Give names and values the room that a neighbour's need: bars on one axis then begin alike."""
        self._least_widths = (names, values)
        self._canvas.update()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, _theme: Theme) -> str:
        return "SD, common axis" if self._maximum is not None else "SD"

    def cramped(self) -> bool:
        # What the bars measure is said wherever it fits beside the title.
        needs = LEGEND_NEEDS if self._maximum is None else COMMON_NEEDS
        return self.width() < self._theme.px(needs)

    def draw(self, theme: Theme) -> None:
        lines = self._lines()
        least = sum(self._height(line, theme, 1.35) for line in lines)
        self._canvas.setMinimumHeight(round(least) + theme.px(4))
        self._canvas.update()

    # -- lines: a heading (text) or a component

    def _lines(self) -> list[str | VarianceRow]:
        figure = self._figure
        if figure is None:
            return []
        terms = list(dict.fromkeys(r.term for r in figure.rows if r.term != RESIDUAL))
        lines: list[str | VarianceRow] = []
        before: int | None = None
        for row in figure.rows:
            if len(terms) > 1 and row.term not in (before, RESIDUAL) and self._rows_of(row.term) > 1:
                lines.append(row.grouping)
            before = row.term
            lines.append(row)
        return lines

    def _rows_of(self, term: int) -> int:
        return sum(r.term == term for r in self._figure.rows) if self._figure else 0

    def _label(self, row: VarianceRow) -> str:
        if row.term == RESIDUAL:
            return "Residual"
        figure = self._figure
        several = figure is not None and len({r.term for r in figure.rows if r.term != RESIDUAL}) > 1
        if several and self._rows_of(row.term) == 1:
            name = effect_name(row.effect)
            return row.grouping if name == "Intercept" else f"{row.grouping}: {name}"
        return effect_name(row.effect)

    def _height(self, line: str | VarianceRow, theme: Theme, air: float) -> float:
        return line_height(text_font(theme)) * (air * 0.95 if isinstance(line, str) else air)

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        theme, lines = self._theme, self._lines()
        self._strips.clear()
        if not lines:
            return
        metrics = QFontMetricsF(text_font(theme))
        own = self.widths()
        names, values = max(own[0], self._least_widths[0]), max(own[1], self._least_widths[1])
        # In a narrow room the bars give way to the names, down to a last stump.
        names = min(names, max(room.width() * 0.42, room.width() - values - theme.px(34)))
        natural = sum(self._height(line, theme, 1.0) for line in lines)
        air = min(max((room.height() - 4) / natural, 1.2), 2.0)
        columns = (names, max(room.width() - names - values, theme.px(20)), values)
        largest = self._maximum or self._scale
        y = room.top()
        for line in lines:
            height = self._height(line, theme, air)
            strip = QRectF(room.left(), y, room.width(), height)
            if isinstance(line, str):
                painter.setFont(text_font(theme, bold=True))
                painter.setPen(color(theme.text))
                text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(strip, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            else:
                self._paint_row(painter, strip, line, columns, largest)
            y += height

    def _value(self, row: VarianceRow) -> str:
        figure = self._best or self._figure
        largest = max((r.sd for r in figure.rows), default=1.0) if figure else 1.0
        places = 1 if largest >= 10 else 2 if largest >= 1 else 3
        small = 0 < row.sd < 0.5 * 10.0**-places
        return number(row.sd, 2) if small else decimal(row.sd, places)

    def _paint_row(
        self,
        painter: QPainter,
        strip: QRectF,
        row: VarianceRow,
        columns: tuple[float, float, float],
        largest: float,
    ) -> None:
        theme, (names, bars, values) = self._theme, columns
        hue = color(theme.term_color(row.term))
        painter.setFont(text_font(theme))
        metrics = QFontMetricsF(painter.font())
        middle = strip.center().y()
        dot = theme.px(7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hue)
        painter.drawEllipse(QRectF(strip.left() + 1, middle - dot / 2, dot, dot))
        left = strip.left() + theme.px(14)
        label = metrics.elidedText(self._label(row), Qt.TextElideMode.ElideMiddle, names - theme.px(18))
        painter.setPen(color(theme.text))
        where = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(left, strip.top(), names, strip.height()), Qt.AlignmentFlag.AlignLeft | where, label
        )
        thick = min(theme.px(9), strip.height() * 0.55)
        track = QRectF(strip.left() + names, middle - thick / 2, bars, thick)
        share = min(row.sd / largest, 1.0) if largest > 0 else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.grid))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if share > 0:
            painter.setBrush(hue)
            bar = QRectF(track.left(), track.top(), max(bars * share, thick * 0.6), thick)
            painter.drawRoundedRect(bar, min(thick, bar.width()) / 2, thick / 2)
        if self._best is not None and largest > 0:
            self._paint_ghost(painter, track, self._sd_at_best(row), largest)
        if row.interval is not None and largest > 0:
            self._paint_interval(painter, track, row.interval, largest)
        painter.setPen(color(theme.text))
        place = QRectF(strip.right() - values, strip.top(), values, strip.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | where, self._value(row))
        self._strips.append((strip, row))

    def _sd_at_best(self, row: VarianceRow) -> float:
        rows = () if self._best is None else self._best.rows
        return next((r.sd for r in rows if (r.term, r.effect) == (row.term, row.effect)), row.sd)

    def _paint_ghost(self, painter: QPainter, track: QRectF, sd: float, largest: float) -> None:
        """A tick where the bar ends at the best fit."""
        x = track.left() + track.width() * min(sd / largest, 1.0)
        reach = track.height() * 0.45
        painter.setPen(pen(self._theme.text, self._theme.line_width))
        painter.drawLine(QPointF(x, track.top() - reach), QPointF(x, track.bottom() + reach))

    def _paint_interval(
        self, painter: QPainter, track: QRectF, interval: tuple[float, float], largest: float
    ) -> None:
        low, high = (track.left() + track.width() * min(v / largest, 1.0) for v in interval)
        middle = track.center().y()
        painter.setPen(pen(self._theme.text, self._theme.line_width * 0.8))
        painter.drawLine(round(low), round(middle), round(high), round(middle))

    def _tips(self) -> list[tuple[QRectF, str]]:
        return [(strip, self._tip(row)) for strip, row in self._strips]

    def _tip(self, row: VarianceRow) -> str:
        who = "Residual" if row.term == RESIDUAL else f"{row.grouping}: {effect_name(row.effect)}"
        text = f"<b>{html.escape(who)}</b><br>SD {number(row.sd, 4)}, variance {number(row.variance, 4)}"
        if row.share == row.share:
            text += f"<br>{decimal(100 * row.share, 1)} % of the variance the fixed effects leave"
        if self._best is not None:
            text += f"<br>at the best fit SD {number(self._sd_at_best(row), 4)}"
        if row.interval is not None:
            text += f"<br>interval of the SD {number(row.interval[0])} to {number(row.interval[1])}"
        return text
