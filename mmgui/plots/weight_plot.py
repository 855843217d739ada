"""How much of its own estimate a group keeps, against how much its rows know."""

from __future__ import annotations

import html
import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.shrinkage_words import percent
from mmgui.figures.tabular import FigureTable
from mmgui.figures.weights import WeightFigure
from mmgui.numbers import count, number
from mmgui.plots.canvas import Canvas
from mmgui.plots.gliding import GlidingPanel
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.marks import FEW, paint_dots
from mmgui.plots.style import color, pen, text_font
from mmgui.plots.tween import Tween

WORD_LINES = 2
ROOM = 1.3
"""How far the curve goes on, in largest groups."""


class WeightPanel(GlidingPanel):
    """The curve nτ²/(nτ²+σ²) with the groups at their sizes."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: WeightFigure | None = None

    def show_figure(self, figure: WeightFigure) -> None:
        """Draw the figure in the panel's theme."""
        self.bottom.set_title(figure.unit)
        self.left.set_title("Weight")
        self.move_to(figure)

    def move_to(self, figure: WeightFigure) -> None:
        """The same groups with other weights."""
        self._figure = figure
        at = np.column_stack([figure.information, figure.weights])
        self.put(figure.levels, {"group": at})
        self.find_marks("group")

    def natural_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """From nothing known to somewhat more than the largest group knows; all weights there are."""
        figure = self._figure
        most = 1.0 if figure is None else float(figure.information.max(initial=0.0)) or 1.0
        return (0.0, ROOM * most), (-0.03, 1.03)

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        theme = self.theme
        hue = theme.term_color(figure.term)
        if figure.best_half is not None:
            self._paint_curve(
                painter, figure, figure.best_half, pen(theme.muted, theme.line_width * 0.9, dashed=True)
            )
        # A curve that is not the groups' own is only a hint of one.
        alpha = 0.9 if figure.alone else 0.4
        self._paint_curve(painter, figure, figure.half, pen(hue, theme.line_width, alpha=alpha))
        self._paint_half(painter, figure)
        at = self.pixels("group")
        one = bool(np.ptp(at[:, 0]) < 1.0 and np.ptp(at[:, 1]) < 1.0)
        many = len(at) > FEW
        size = theme.px(8) * (1.5 if one else 0.55 if many else 1.0)
        painter.setOpacity(self.strength)
        fill = color(hue, 1.0 if one else 0.65)
        paint_dots(painter, at, size, fill, None if many else pen(theme.surface, 0.8))
        painter.setOpacity(1.0)
        for group in self.picked[:12]:
            painter.setPen(QPen(color(theme.text), theme.line_width))
            painter.setBrush(color(hue))
            painter.drawEllipse(QPointF(*at[group]), size * 0.7, size * 0.7)

    def _paint_curve(self, painter: QPainter, figure: WeightFigure, half: float, stroke: QPen) -> None:
        shown = self.view.viewRect()
        x = np.linspace(max(shown.left(), 0.0), shown.right(), 120)
        at = self.to_pixels(np.column_stack([x, figure.curve(x, half)]))
        painter.setPen(stroke)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(pg.arrayToQPath(at[:, 0].copy(), at[:, 1].copy(), connect="all"))

    def _paint_half(self, painter: QPainter, figure: WeightFigure) -> None:
        """Where a group keeps half: as much is known of it as of the spread of the groups."""
        if not math.isfinite(figure.half):
            return
        at, inside = self.pixel(figure.half, 0.5), self.inside()
        if not inside.left() + self.theme.px(14) < at.x() < inside.right():
            return
        painter.setPen(pen(self.theme.muted, self.theme.line_width * 0.7, alpha=0.8, dashed=True))
        painter.drawLine(QPointF(inside.left(), at.y()), at)
        painter.drawLine(at, QPointF(at.x(), inside.bottom()))


class WeightPlot(GroupPlot):
    """The weights of a term with one effect."""

    title = "Weight of a group's own estimate"
    empty = "After a fit with one effect, the weights of its groups stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: WeightFigure | None = None
        self._new = False
        super().__init__(themes, selection, parent)
        self._panel = WeightPanel()
        self.set_panels([self._panel], [(0, 0)])
        # Painted, since a label with a new text would be laid out anew with every move.
        self._words = Canvas(self._paint_words)
        room = self._panel.parentWidget().layout()
        if isinstance(room, QGridLayout):
            room.addWidget(self._words, 1, 0)
        self.tween = Tween(self)
        self.tween.stepped.connect(self._on_stepped)

    def set_data(self, figure: WeightFigure | None) -> None:
        """Show a figure, or the empty state."""
        old = self._figure
        known = old is not None and figure is not None and old.grouping == figure.grouping
        before = self._panel.places() if known and self.isVisible() else None
        self.tween.finish()
        self._figure, self._new = figure, True
        self.show_figure(figure is not None)
        if before is not None:
            self._panel.depart(before)
            self.tween.start()

    def show_moved(self, figure: WeightFigure) -> None:
        """Follow the hand: the figure shown, of the same model at other covariance parameters."""
        if self._figure is not None:
            self.tween.finish()
            self._figure = figure
            self._panel.move_to(figure)
            self._words.update()

    @Slot(float)
    def _on_stepped(self, share: float) -> None:
        self._panel.arrive(share)

    def settle(self) -> None:
        self.tween.finish()
        super().settle()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def draw(self, theme: Theme) -> None:
        if self._figure is None:
            return
        self._panel.apply_theme(theme)
        self._panel.show_figure(self._figure)
        lines = WORD_LINES if self._figure.alone else WORD_LINES + 2
        self._words.setFixedHeight(round(lines * QFontMetricsF(text_font(theme)).height()) + theme.px(4))
        self._words.update()
        if self._new:
            self._new = False
            self._panel.set_home(*self._panel.natural_range())

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        if self._figure is None:
            return
        painter.setFont(text_font(self._theme))
        painter.setPen(color(self._theme.muted))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(room.adjusted(0, self._theme.px(4), 0, 0), flags, self._figure.sentence())

    def heading(self) -> str:
        return "Weight" if self._figure is not None else self.title

    def legend(self, _theme: Theme) -> str:
        if self._figure is None:
            return ""
        return "nτ²/(nτ²+σ²)" if self._figure.alone else "1\u00a0−\u00a0Var(b\u00a0|\u00a0y)/τ²"

    def cramped(self) -> bool:
        # The legend is the formula, which is what the picture shows.
        return self.width() < self._theme.px(180)

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        return tuple(int(k) for k in np.argsort(self._figure.information, kind="stable"))

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        rows = count(int(figure.sizes[group]), "row")
        line = f"<b>{html.escape(figure.levels[group])}</b> · {rows}"
        line += f"<br>weight {percent(float(figure.weights[group]))}"
        if math.isfinite(figure.half):
            line += f"<br>half would be kept at {number(figure.half)}: {html.escape(figure.unit.lower())}"
        return line
