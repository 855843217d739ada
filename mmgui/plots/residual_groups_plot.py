"""Residuals in a row for each group: boxes where they have room, lines where there are thousands."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.residuals_groups import GroupResidualsFigure
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.residual_items import BoxItem, CrowdItem, Form
from mmgui.plots.residual_marks import CROWD, keep_in_sight
from mmgui.plots.style import color, item_pen

LEAST_ROWS = 5
"""Fewer rows a group are drawn themselves, without a box."""


class GroupResidualsPanel(GroupRows):
    """Rows from the smallest median, or spread, at the bottom to the largest."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self._figure: GroupResidualsFigure | None = None
        self._boxes: BoxItem | None = None
        self._dots: pg.ScatterPlotItem | None = None
        self._medians: CrowdItem | None = None
        self.hue = ""

    def show_figure(self, figure: GroupResidualsFigure, by_spread: bool, term: int) -> None:
        """Draw the figure in the panel's theme."""
        theme = self.theme
        self._figure, self.hue = figure, theme.term_color(term)
        self.clear_items()
        self.set_rows(figure.by_spread if by_spread else figure.by_median, figure.levels)
        self.bottom.set_title(figure.rows.name)
        self.left.set_title(figure.grouping)
        zero = item_pen(theme.muted, theme.line_width * 0.8, dashed=True)
        boxed = len(figure.levels) <= LABELLED
        line = item_pen(self.hue, theme.line_width * (0.9 if boxed else 0.6), alpha=1.0 if boxed else 0.4)
        middle = item_pen(self.hue, theme.line_width * (1.7 if boxed else 1.2), alpha=1.0 if boxed else 0.7)
        self._boxes = BoxItem(line, color(self.hue, 0.14), middle, lying=True)
        self._dots = self._medians = None
        items: list[pg.GraphicsObject] = [self._boxes]
        if len(figure.codes) <= CROWD and boxed:
            few = self._form(figure) is Form.RANGE
            size = min(self.mark_size() * (0.9 if few else 0.75), (7.0 if few else 5.0) * theme.scale**0.75)
            brush = color(self.hue, 0.8) if few else color(theme.text, 0.4)
            self._dots = pg.ScatterPlotItem(size=size, pen=None, brush=brush)
            items.append(self._dots)
        if not boxed:
            self._medians = CrowdItem(np.empty(0), np.empty(0), theme.px(3), color(theme.text, 0.85))
            items.append(self._medians)
        self._dimmed = items
        for item in (pg.InfiniteLine(0.0, angle=90, pen=zero), *items):
            self.add(item)
        self._fill(figure)
        self.set_home(span(np.append(figure.rows.values, 0.0), 0.04), self.row_range())
        self.emphasise()

    def follow(self, figure: GroupResidualsFigure) -> None:
        """The same groups of a model that was moved."""
        self._figure = figure
        self._fill(figure)
        keep_in_sight(self, figure.rows.values, np.array([0.0]))

    @staticmethod
    def _form(figure: GroupResidualsFigure) -> Form:
        if len(figure.levels) > LABELLED:
            return Form.HAIR
        return Form.BOX if float(np.median(figure.sizes)) >= LEAST_ROWS else Form.RANGE

    def _fill(self, figure: GroupResidualsFigure) -> None:
        rows = self.rows.astype(float)
        if self._boxes is not None:
            self._boxes.setData(rows, figure.boxes, 0.62, self._form(figure))
        if self._medians is not None:
            self._medians.setData(figure.boxes[:, 2], rows)
        air = 0.0 if self._form(figure) is Form.RANGE else 0.4
        own = rows[figure.codes] + ((np.arange(len(figure.codes)) * 0.6180339887) % 1.0 - 0.5) * air
        if self._dots is not None:
            self._dots.setData(figure.rows.values, own)
        if len(figure.codes) <= CROWD:
            self.set_points(np.column_stack([figure.rows.values, own]), figure.codes.astype(np.intp))
            return
        # Anywhere on its line, a group is found by its quartiles.
        groups = np.tile(np.arange(len(rows)), 5)
        places = np.column_stack([figure.boxes.T.ravel(), np.tile(rows, 5)])
        self.set_points(places, groups)

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        theme = self.theme
        for group in self.picked[:12]:
            y = float(self.rows[group])
            least, lower, median, upper, most = (float(v) for v in figure.boxes[group])
            if not np.isfinite(median):
                continue
            ends = [self.pixel(v, y) for v in (least, lower, median, upper, most)]
            painter.setPen(item_pen(theme.text, theme.line_width))
            painter.drawLine(ends[0], ends[4])
            painter.setPen(item_pen(self.hue, theme.line_width * 3.0))
            painter.drawLine(ends[1], ends[3])
            painter.setPen(item_pen(theme.surface, 1.5))
            painter.setBrush(color(theme.text))
            radius = theme.px(8) * 0.6
            painter.drawEllipse(ends[2], radius, radius)
            self.paint_name(painter, group, ends[4].x(), [])


class GroupResidualsPlot(GroupPlot):
    """Residuals by group, ordered by median or by spread."""

    title = "Residuals by group"
    empty = "After a fit with groups, what the model leaves over in each stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: GroupResidualsFigure | None = None
        self._term = 0
        self._by_spread = False
        super().__init__(themes, selection, parent)
        self.panel = GroupResidualsPanel()
        self.set_panels([self.panel], [(0, 0)])

    def set_data(self, figure: GroupResidualsFigure | None, term: int = 0) -> None:
        """Show a figure in the colour of a random-effects term, or the empty state."""
        self._figure, self._term = figure, term
        self.show_figure(figure is not None)

    def follow(self, figure: GroupResidualsFigure) -> None:
        """Show the same groups of a model that was moved, or of the best fit again."""
        before, self._figure = self._figure, figure
        self.panel.follow(figure)
        self.panel.viewport().update()
        if before is not None and before.rows.kept != figure.rows.kept:
            self.refresh_words()

    @Slot(bool)
    def order_by_spread(self, by_spread: bool) -> None:
        """Order by how far groups spread, or by where they lie."""
        if by_spread != self._by_spread:
            self._by_spread = by_spread
            self.dress(self._theme)

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self.panel.apply_theme(theme)
            self.panel.show_figure(self._figure, self._by_spread, self._term)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        figure = self._figure
        if figure is None:
            return ()
        return tuple((figure.by_spread if self._by_spread else figure.by_median).tolist())

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lower, median, upper = (float(v) for v in figure.boxes[group, 1:4])
        return (
            f"<b>{html.escape(figure.levels[group])}</b> · {count(int(figure.sizes[group]), 'row')}<br>"
            f"median {number(median)}, quartiles {number(lower)} to {number(upper)}"
        )

    def heading(self) -> str:
        figure = self._figure
        return self.title if figure is None else f"{figure.rows.name}s by {figure.grouping}"

    def legend(self, theme: Theme) -> str:  # noqa: ARG002
        if self._figure is None:
            return ""
        order = "spread between the quartiles" if self._by_spread else "median"
        return f"ordered by {order}; lines reach from the smallest to the largest"

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes()
