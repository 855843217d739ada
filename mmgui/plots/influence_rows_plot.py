"""Standardised residual over leverage, with lines of equal Cook's distance: rows on which the fit rests."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.influence_rows import COOKS_LINES, RowInfluenceFigure
from mmgui.figures.residual_rows import ResidualRows
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.residual_marks import RowPanel, RowPlot
from mmgui.plots.style import color, item_pen, text_font


class LeveragePanel(RowPanel):
    """Rows by leverage and residual."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: RowInfluenceFigure | None = None

    def show_figure(self, figure: RowInfluenceFigure) -> None:
        """Draw the figure in the panel's theme."""
        theme, rows = self.theme, figure.rows
        self._figure = figure
        self.clear_items()
        self.bottom.set_title("Leverage")
        self.left.set_title("Standardised residual")
        wide = span(np.append(rows.hat, 0.0), 0.04)
        wide = (min(wide[0], 0.0), min(wide[1], 1.02))
        high = span(np.append(rows.scaled, 0.0), 0.06)
        self.add(pg.InfiniteLine(0.0, angle=0, pen=item_pen(theme.muted, theme.line_width * 0.8)))
        at = np.linspace(1e-4, 1.0 - 1e-6, 400)
        dashed = item_pen(theme.warn, theme.line_width * 0.9, dashed=True)
        for cooks in COOKS_LINES:
            height = figure.height(cooks, at)
            for side in (1.0, -1.0):
                self.add(pg.PlotCurveItem(at, side * height, pen=dashed))
        self.put_rows(rows.hat, rows.scaled, theme.muted)
        self.set_home(wide, high)

    def follow(self, figure: RowInfluenceFigure) -> None:
        """The same rows of a model that was moved."""
        self._figure = figure
        self.move_rows(figure.rows.hat, figure.rows.scaled)

    def paint_over(self, painter: QPainter) -> None:
        font = text_font(self.theme)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(color(self.theme.warn))
        figure, inside, shown = self._figure, self.inside(), self.shown()
        if figure is None or inside.width() <= 0:
            return
        for cooks in COOKS_LINES:
            text = f"Cook's distance {number(cooks, 1)}"
            width = metrics.horizontalAdvance(text)
            # The lines fall: above the left end of the words there is room for all of them.
            left = inside.right() - width - self.theme.px(6)
            leverage = shown.left() + (left - inside.left()) / inside.width() * shown.width()
            if not 0.0 < leverage < 1.0:
                continue
            height = float(figure.height(cooks, np.array([leverage]))[0])
            foot = self.pixel(leverage, height).y() - self.theme.px(2)
            room = QRectF(QPointF(left, foot - metrics.height()), QPointF(left + width + 4, foot))
            if inside.contains(room):
                painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)


class RowInfluencePlot(RowPlot):
    """What single rows mean for the fit, the variances held."""

    title = "Influence of single rows"
    empty = "After a fit, the leverage of every row stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: RowInfluenceFigure | None = None
        super().__init__(themes, selection, parent)
        self.panel = LeveragePanel()
        self.watch(self.panel)
        self.set_body(self.panel)

    def set_data(self, figure: RowInfluenceFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def follow(self, figure: RowInfluenceFigure) -> None:
        """Show the same rows of a model that was moved, or of the best fit again."""
        before, self._figure = self._figure, figure
        self.panel.follow(figure)
        if before is not None and before.kept != figure.kept:
            self.refresh_words()

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self.panel.apply_theme(theme)
            self.panel.show_figure(self._figure)

    def rows(self) -> ResidualRows | None:
        return None if self._figure is None else self._figure.rows

    def tip(self, row: int) -> str:
        if self._figure is None:
            return ""
        cooks, hat = float(self._figure.cooks[row]), float(self._figure.rows.hat[row])
        return (
            f"{super().tip(row)}<br>Leverage: <b>{number(hat)}</b><br>Cook's distance: <b>{number(cooks)}</b>"
        )

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, theme: Theme) -> str:
        mark = f'<span style="color:{theme.warn}">╍</span>'
        return f"standardised residual over leverage; {mark} equal Cook's distance"

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes()
