"""Residuals against fitted values, and residuals and conditional modes against the normal."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.picked_rows import Mask
from mmgui.figures.residuals_old import NormalQuantiles, ResidualsFigure
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import number
from mmgui.plots.area import FloatArray, PlotArea, span
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, item_pen

SHOWN_EFFECTS = 4
CROWD = 3000


class RowMarks:
    """Points of which some are picked: these on top, the others faint."""

    def __init__(
        self, panel: PlotArea, x: FloatArray, y: FloatArray, size: float, hue: str, alpha: float
    ) -> None:
        self._x, self._y, self._size = x, y, size
        self._all = pg.ScatterPlotItem(x, y, size=size, pen=None, brush=color(hue, alpha))
        self._top = pg.ScatterPlotItem(pen=None)
        self._theme = panel.theme
        panel.add(self._all)
        panel.add(self._top)

    def set_picked(self, mask: Mask | None) -> None:
        """Bring out the points of a mask, or none."""
        self._all.setOpacity(1.0 if mask is None else 0.35)
        if mask is None:
            self._top.clear()
            return
        size = max(1.25 * self._size, 5.0 * self._theme.scale**0.75)
        self._top.setData(
            self._x[mask], self._y[mask], size=size, brush=color(self._theme.text, 0.9), pen=None
        )

    def shown(self) -> int:
        """How many points are brought out."""
        return len(self._top.data)


class FittedPanel(PlotArea):
    """Residuals over fitted values, the zero line, the smooth trend."""

    marks: RowMarks | None = None

    def show_figure(self, figure: ResidualsFigure) -> None:
        """Draw the figure in the panel's theme."""
        theme, n = self.theme, len(figure.fitted)
        self.clear_items()
        self.bottom.set_title(f"Fitted {figure.response}".strip())
        self.left.set_title("Residual")
        x, y = span(figure.fitted, 0.03), span(np.append(figure.residuals, 0.0), 0.05)
        self.add(
            pg.PlotCurveItem([*x], [0.0, 0.0], pen=item_pen(theme.muted, theme.line_width * 0.8, dashed=True))
        )
        crowded = n > CROWD
        size = (2.2 if crowded else 4.0 if n > 500 else 6.0) * theme.scale**0.75
        alpha = 0.16 if crowded else 0.45 if n > 500 else 0.7
        self.marks = RowMarks(self, figure.fitted, figure.residuals, size, theme.accent, alpha)
        if figure.smooth.shape[1]:
            self.add(pg.PlotCurveItem(*figure.smooth, pen=item_pen(theme.no_pooling, theme.line_width * 1.3)))
        self.set_home(x, y)


class QuantilePanel(GroupPanel):
    """Ordered values against the normal quantiles expected of them."""

    def __init__(self) -> None:
        super().__init__()
        self.quantiles: NormalQuantiles | None = None
        self.marks: RowMarks | None = None

    def show_figure(self, quantiles: NormalQuantiles) -> None:
        """Draw the quantiles in the panel's theme."""
        theme = self.theme
        self.quantiles = quantiles
        self.clear_items()
        self.bottom.set_title("Normal")
        self.left.set_title(quantiles.title)
        x = span(quantiles.theoretical, 0.06)
        ends = np.array(x)
        height, slope = quantiles.line
        straight = item_pen(theme.muted, theme.line_width * 0.8, dashed=True)
        self.add(pg.PlotCurveItem(ends, height + slope * ends, pen=straight))
        hue = theme.accent if quantiles.term < 0 else theme.term_color(quantiles.term)
        n = len(quantiles.observed)
        size = (3.0 if n > 500 else 5.5) * theme.scale**0.75
        self.marks = RowMarks(self, quantiles.theoretical, quantiles.observed, size, hue, 0.75)
        if len(quantiles.owners):
            self.set_points(np.column_stack([quantiles.theoretical, quantiles.observed]), quantiles.owners)
        self.set_home(x, span(quantiles.observed, 0.06))

    def paint_over(self, painter: QPainter) -> None:
        quantiles = self.quantiles
        if quantiles is None:
            return
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            place = int(np.flatnonzero(quantiles.owners == group)[0])
            at = self.pixel(float(quantiles.theoretical[place]), float(quantiles.observed[place]))
            painter.setPen(QPen(color(self.theme.surface), 1.5))
            painter.setBrush(color(self.theme.term_color(quantiles.term)))
            radius = self.theme.px(8) * 0.68
            painter.drawEllipse(at, radius, radius)
            self.paint_label(painter, quantiles.levels[group], at, taken, tint=self.theme.text, bold=True)


class ResidualsPlot(Plot):
    """Residuals against fitted values on the left, normal plots on the right."""

    title = "Residuals"
    empty = "After a fit, what the model leaves over stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ResidualsFigure | None = None
        self._fitted: FittedPanel | None = None
        self._normal: list[QuantilePanel] = []
        super().__init__(themes, selection, parent)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)

    def set_data(self, figure: ResidualsFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        if figure is not None:
            self._build(1 + min(len(figure.mode_quantiles), SHOWN_EFFECTS))
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        for panel in (self._fitted, *self._normal):
            if panel is not None:
                panel.settle()

    def _build(self, count: int) -> None:
        if count == len(self._normal):
            return
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self._fitted = FittedPanel()
        grid.addWidget(self._fitted, 0, 0, 2 if count > 1 else 1, 1)
        grid.setColumnStretch(0, 3)
        self._normal = [QuantilePanel() for _ in range(count)]
        across = -(-count // 2)
        for k, panel in enumerate(self._normal):
            row, column = divmod(k, across)
            grid.addWidget(panel, row, 1 + column)
            grid.setColumnStretch(1 + column, 2)
            grid.setRowStretch(row, 1)
            panel.clicked.connect(self._on_clicked)
            panel.hovered.connect(self._on_hovered)
        self.set_body(body)

    def _quantiles(self) -> list[NormalQuantiles]:
        figure = self._figure
        return [] if figure is None else [figure.residual_quantiles, *_shown(figure.mode_quantiles)]

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None or self._fitted is None:
            return
        self._fitted.apply_theme(theme)
        self._fitted.show_figure(figure)
        for panel, quantiles in zip(self._normal, self._quantiles(), strict=True):
            panel.apply_theme(theme)
            panel.show_figure(quantiles)
        self._mark()

    def legend(self, theme: Theme) -> str:
        if self._figure is None or not self._figure.smooth.shape[1]:
            return "against fitted values and against the normal"
        return f'<span style="color:{theme.no_pooling}">━</span> smooth trend, and against the normal'

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        hidden = len(figure.mode_quantiles) - SHOWN_EFFECTS
        more = (_left_out(hidden),) if hidden > 0 else ()
        return figure.notes + more

    # -- selection

    def _mark(self) -> None:
        if self._selection is None or self._figure is None:
            return
        selection = self._selection.selection
        groups, rows = selection.groups, self._figure.members.picked(selection.groups, selection.rows)
        if self._fitted is not None and self._fitted.marks is not None:
            self._fitted.marks.set_picked(rows)
        for panel in self._normal:
            q = panel.quantiles
            if q is None or not len(q.owners):
                panel.set_picked(())
                if q is not None and panel.marks is not None:
                    panel.marks.set_picked(None if rows is None else rows[q.entries])
                continue
            names = {level for factor, level in groups if factor == q.grouping}
            panel.set_picked(tuple(k for k, level in enumerate(q.levels) if level in names) if names else ())

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._mark()

    @Slot(int, bool)
    def _on_clicked(self, group: int, extend: bool) -> None:
        panel = self.sender()
        if self._selection is not None and isinstance(panel, QuantilePanel) and panel.quantiles is not None:
            self._selection.pick(panel.quantiles.grouping, panel.quantiles.levels[group], extend=extend)

    @Slot(int)
    def _on_hovered(self, group: int) -> None:
        panel = self.sender()
        if not isinstance(panel, QuantilePanel) or panel.quantiles is None:
            return
        if group < 0:
            panel.show_tip("")
            return
        q = panel.quantiles
        value = float(q.observed[int(np.flatnonzero(q.owners == group)[0])])
        panel.show_tip(f"<b>{html.escape(q.levels[group])}</b><br>{html.escape(q.title)}: {number(value)}")


def _shown(modes: tuple[NormalQuantiles, ...]) -> list[NormalQuantiles]:
    """The effects that have room, the first of every term before the second of any, in the model's order."""
    before: dict[int, int] = {}
    ranks: list[tuple[int, int]] = []
    for place, quantiles in enumerate(modes):
        rank = before.get(quantiles.term, 0)
        before[quantiles.term] = rank + 1
        ranks.append((rank, place))
    return [modes[place] for place in sorted(place for _, place in sorted(ranks)[:SHOWN_EFFECTS])]


def _left_out(hidden: int) -> str:
    if hidden == 1:
        return "Conditional modes of one more effect are not shown."
    return f"Conditional modes of {hidden} more effects are not shown."
