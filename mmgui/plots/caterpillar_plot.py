"""Conditional modes of one effect, group by group, with what is uncertain about them."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.shrinkage import CaterpillarFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.style import color, item_pen

WIDTH = 1.96


class CaterpillarRows(GroupRows):
    """One effect: mode ± 1.96 conditional SD, sorted by mode."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: CaterpillarFigure | None = None
        self._effect = 0

    def show_figure(self, figure: CaterpillarFigure, effect: int) -> None:
        """Draw one effect of the figure in the panel's theme."""
        theme = self.theme
        self._figure, self._effect = figure, effect
        self.clear_items()
        mode, half = figure.modes[:, effect], WIDTH * figure.sd[:, effect]
        self.set_rows(np.argsort(mode, kind="stable"), figure.levels)
        title = (figure.titles or tuple(effect_name(e) for e in figure.effects))[effect]
        self.bottom.set_title(f"{title}: difference from the average")
        self.left.set_title(figure.grouping)
        y = self.rows.astype(float)
        clear = np.abs(mode) > half
        size = self.mark_size()
        self._dimmed, marks = [], []
        faint = 1.0 if len(y) <= LABELLED else 0.3
        for rows, hue in ((~clear, theme.residual), (clear, theme.term_color(figure.term))):
            ends = np.column_stack([mode - half, mode + half])[rows].ravel()
            bars = pg.PlotCurveItem(
                ends, np.repeat(y[rows], 2), connect="pairs", pen=item_pen(hue, self.stroke(), alpha=faint)
            )
            dots = pg.ScatterPlotItem(
                mode[rows], y[rows], size=size, pen=item_pen(hue, 0.1), brush=color(hue)
            )
            self._dimmed += [bars, dots]
            marks.append(dots)
        for item in self._dimmed:
            self.add(item)
        self.set_marks(*marks)
        self.set_points(np.column_stack([mode, y]), np.arange(len(y)))
        self.set_home(span(np.concatenate([mode - half, mode + half, [0.0]]), 0.05), self.row_range())
        self.emphasise()

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        self.line_at(painter, 0.0, self.theme.muted, "average", [], dashed=True)
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            mode, half = (
                float(figure.modes[group, self._effect]),
                WIDTH * float(figure.sd[group, self._effect]),
            )
            y = float(self.rows[group])
            hue = self.theme.term_color(figure.term) if abs(mode) > half else self.theme.residual
            painter.setPen(QPen(color(hue), self.theme.line_width * 1.8))
            painter.drawLine(self.pixel(mode - half, y), self.pixel(mode + half, y))
            painter.setPen(QPen(color(self.theme.surface), 1.5))
            painter.setBrush(color(hue))
            radius = self.theme.px(8) * 0.68
            painter.drawEllipse(self.pixel(mode, y), radius, radius)
            self.paint_name(painter, group, self.pixel(mode + half, y).x(), taken)


class CaterpillarPlot(GroupPlot):
    """Mode ± 1.96 conditional SD of every group, for one effect at a time."""

    title = "Conditional modes"
    empty = "After a fit, every group's conditional mode stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CaterpillarFigure | None = None
        self._effect = 0
        super().__init__(themes, selection, parent)
        self._rows = CaterpillarRows()
        self.set_panels([self._rows], [(0, 0)])

    def set_data(self, figure: CaterpillarFigure | None) -> None:
        """Show a figure, or the empty state; the effect shown stays where it exists."""
        self._figure = figure
        if figure is not None and self._effect >= len(figure.effects):
            self._effect = 0
        self.show_figure(figure is not None)

    @Slot(int)
    def set_effect(self, effect: int) -> None:
        """Show another effect of the term."""
        count = 0 if self._figure is None else len(self._figure.effects)
        self._effect = min(max(effect, 0), max(count - 1, 0))
        self.show_figure(self._figure is not None)

    def effect(self) -> int:
        """The effect shown."""
        return self._effect

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._rows.apply_theme(theme)
            self._rows.show_figure(self._figure, self._effect)

    def heading(self) -> str:
        if self._figure is None:
            return self.title
        return f"Conditional modes of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        if self._figure is None:
            return ""
        hue = theme.term_color(self._figure.term)
        return f'± 1.96 conditional SD, <span style="color:{hue}">●</span> clear of the average'

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        return tuple(int(k) for k in np.argsort(self._figure.modes[:, self._effect], kind="stable"))

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lines = [f"<b>{html.escape(figure.levels[group])}</b>"]
        for j, effect in enumerate(figure.effects):
            mode, half = float(figure.modes[group, j]), WIDTH * float(figure.sd[group, j])
            interval = f"{number(mode - half)} to {number(mode + half)}"
            lines.append(f"{html.escape(effect_name(effect))}: {number(mode)} ({interval})")
        return "<br>".join(lines)
