"""What groups keep of their own estimates of several effects: a bar an effect."""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.figures.weights import KeptFigure, KeptRow
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, line_height, pen, text_font, text_width


class KeptBars(Plot):
    """From nothing to all; a paler piece where groups differ, from the least to the most."""

    title = "Kept of a group's own estimate"
    empty = "After a fit with several effects, what groups keep of them stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: KeptFigure | None = None
        self._best: KeptFigure | None = None
        super().__init__(themes, selection, parent)
        self._strips: list[tuple[QRectF, KeptRow]] = []
        self._words = 0.0
        """Room for what the fit says; far from a predictor's zero that is more than from 0 to 100 %."""
        self._canvas = Canvas(self._paint, tips=self._tips)
        self.set_body(self._canvas)

    def set_data(self, figure: KeptFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure, self._best = figure, None
        self.show_figure(figure is not None)

    def show_moved(self, figure: KeptFigure) -> None:
        """Follow the hand: the same effects at other covariance parameters, the fit's as ghosts."""
        if self._figure is None:
            return
        self._best = self._best or self._figure
        self._figure = figure
        self._canvas.update()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, _theme: Theme) -> str:
        if self._figure is None:
            return ""
        words = "b = W (own − average)" if self._figure.alone else "1 − Var(b | y)/Σ"
        return words.replace(" ", "\u00a0")

    def heading(self) -> str:
        return "Kept of own estimate" if self._figure is not None else self.title

    def cramped(self) -> bool:
        return self.width() < self._theme.px(180)

    def draw(self, theme: Theme) -> None:
        rows = 0 if self._figure is None else len(self._figure.rows)
        font = text_font(theme)
        rows_of_fit = () if self._figure is None else (self._best or self._figure).rows
        self._words = max((text_width(font, r.words) for r in rows_of_fit), default=0.0)
        line = QFontMetricsF(font).height()
        self._canvas.setMinimumHeight(round(rows * line * 1.35) + theme.px(4))
        self._canvas.update()

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._theme
        self._strips.clear()
        if figure is None:
            return
        font = text_font(theme)
        names = max(text_width(font, r.title) for r in figure.rows) + theme.px(22)
        values = text_width(font, "100–100 %") if self._ranges() else 0.0
        values = max(values, self._words, text_width(font, "100 %")) + theme.px(10)
        names = min(names, max(room.width() * 0.42, room.width() - values - theme.px(34)))
        height = min(line_height(font) * 1.9, room.height() / len(figure.rows))
        for k, row in enumerate(figure.rows):
            strip = QRectF(room.left(), room.top() + k * height, room.width(), height)
            track = QRectF(strip.left() + names, 0, max(room.width() - names - values, theme.px(20)), 0)
            thick = min(theme.px(9), height * 0.55)
            track.setTop(strip.center().y() - thick / 2)
            track.setHeight(thick)
            self._paint_names(painter, strip, row, names)
            self._paint_bar(painter, track, row, None if self._best is None else self._best.rows[k])
            self._strips.append((strip, row))

    def _ranges(self) -> bool:
        figure = self._figure
        return figure is not None and any("–" in r.words for r in figure.rows)

    def _paint_names(self, painter: QPainter, strip: QRectF, row: KeptRow, names: float) -> None:
        theme, figure = self._theme, self._figure
        if figure is None:
            return
        dot = theme.px(7)
        painter.setFont(text_font(theme))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.term_color(figure.term)))
        painter.drawEllipse(QRectF(strip.left() + 1, strip.center().y() - dot / 2, dot, dot))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(row.title, Qt.TextElideMode.ElideMiddle, names - theme.px(18))
        painter.setPen(color(theme.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            strip.adjusted(theme.px(14), 0, 0, 0), int(Qt.AlignmentFlag.AlignLeft | middle), text
        )
        painter.drawText(strip, int(Qt.AlignmentFlag.AlignRight | middle), row.words)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: KeptRow, best: KeptRow | None) -> None:
        theme, figure = self._theme, self._figure
        if figure is None:
            return
        hue, half = theme.term_color(figure.term), track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.grid))
        painter.drawRoundedRect(track, half, half)
        if row.middle == row.middle:
            for share, alpha in ((row.high, 0.35), (row.low, 1.0)):
                width = track.width() * min(max(share, 0.0), 1.0)
                if width > 0.5:
                    painter.setBrush(color(hue, alpha))
                    bar = QRectF(track.left(), track.top(), width, track.height())
                    painter.drawRoundedRect(bar, min(half, width / 2), half)
        if best is not None and best.middle == best.middle:
            x = track.left() + track.width() * min(max(best.middle, 0.0), 1.0)
            painter.setPen(pen(theme.text, theme.line_width))
            reach = track.height() * 0.45
            painter.drawLine(QPointF(x, track.top() - reach), QPointF(x, track.bottom() + reach))

    def _tips(self) -> list[tuple[QRectF, str]]:
        figure = self._figure
        return [] if figure is None else [(strip, self._tip(figure, row)) for strip, row in self._strips]

    def _tip(self, figure: KeptFigure, row: KeptRow) -> str:
        lines = [f"<b>{html.escape(row.title)}</b>: a group keeps {row.words} of its own distance"]
        if figure.across():
            lines.append(html.escape(figure.across()))
        if self._best is not None:
            before = next(r.words for r in self._best.rows if r.title == row.title)
            lines.append(f"at the best fit {before}")
        return "<br>".join(lines)
