"""Every group's Cook's distance, and what the estimates would be without it: columns over the same rows."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.influence import InfluenceEstimate, InfluenceFigure
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.area import FloatArray, span
from mmgui.plots.group_plot import GroupPanel, GroupPlot
from mmgui.plots.group_rows import LABELLED, GroupRows
from mmgui.plots.residual_items import BandItem
from mmgui.plots.style import color, item_pen, pen, text_font
from mmgui.words import listed_all

WORTH = 0.2
"""From which share of a standard error that an estimate moves the standard error is shown beside it."""
COLUMNS = 4
"""Estimates beside each other at most; all of them are in the table."""


class InfluenceColumn(GroupRows):
    """One number of every group; ``estimate`` is None for Cook's distance."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty(0)
        self._estimate: InfluenceEstimate | None = None
        self._line, self._hue, self._named = 0.0, "", False

    def show_column(
        self,
        figure: InfluenceFigure,
        order: NDArray[np.intp],
        estimate: InfluenceEstimate | None,
    ) -> None:
        """Draw a column in the panel's theme."""
        theme = self.theme
        self.clear_items()
        self.set_rows(order, figure.levels)
        self._estimate, self._named = estimate, estimate is None
        self.left.set_title(f"Without {figure.grouping}" if self._named else "")
        self.left.set_style(text=self._named, grid=len(order) <= LABELLED)
        self.bottom.set_title("Cook's distance" if estimate is None else estimate.name)
        values = figure.cooks if estimate is None else estimate.without
        term = figure.term if estimate is None else estimate.term
        self._values = values
        self._hue = theme.text if term == -2 else theme.term_color(term)
        self._line = figure.usual if estimate is None else estimate.whole
        rows = self.rows.astype(float)
        many = len(order) > LABELLED
        error = None if estimate is None else error_shown(estimate)
        if error is not None:
            self._add_error(error)
        start = 0.0 if estimate is None else estimate.whole
        ends = np.column_stack([np.full(len(values), start), values]).ravel()
        stems = pg.PlotCurveItem(
            ends,
            np.repeat(rows, 2),
            connect="pairs",
            pen=item_pen(self._hue, self.stroke(), alpha=0.3 if many else 0.45),
        )
        edge = None if many else item_pen(theme.surface, 0.8)
        dots = pg.ScatterPlotItem(values, rows, size=self.mark_size(), pen=edge, brush=color(self._hue))
        self._dimmed = [stems, dots]
        for item in self._dimmed:
            self.add(item)
        self.set_marks(dots)
        self.set_points(np.column_stack([values, rows]), np.arange(len(values)))
        across = np.append(values, [0.0] if estimate is None else [estimate.whole])
        if error is not None:
            across = np.append(across, error)
        if estimate is None and np.nanmax(np.append(values, 0.0)) > 0.4 * self._line:
            across = np.append(across, self._line)
        self.set_home(span(across, 0.08), self.row_range())
        self.emphasise()

    def _add_error(self, ends: FloatArray) -> None:
        band = BandItem(color(self.theme.muted, 0.13))
        low, high = self.row_range()
        band.setData(ends, np.full(2, low), np.full(2, high))
        self.add(band)

    def paint_over(self, painter: QPainter) -> None:
        theme, estimate = self.theme, self._estimate
        if not len(self._values):
            return
        words = f"4 / {round(4.0 / self._line)} groups" if estimate is None else number(estimate.whole)
        tint = theme.muted if estimate is None else theme.text
        self.line_at(painter, self._line, tint, words, [], dashed=estimate is None)
        for group in self.picked[:12]:
            value = float(self._values[group])
            if not np.isfinite(value):
                continue
            at = self.pixel(value, float(self.rows[group]))
            if estimate is not None and len(self.picked) == 1:
                self._paint_ghost(painter, at.x())
            painter.setPen(pen(theme.surface, 1.5))
            painter.setBrush(color(self._hue))
            radius = theme.px(8) * 0.68
            painter.drawEllipse(at, radius, radius)
            if self._named:
                self.paint_name(painter, group, at.x(), [])

    def _paint_ghost(self, painter: QPainter, x: float) -> None:
        """Where the estimate would be: a dashed line, its value beside it at the foot."""
        theme, inside = self.theme, self.inside()
        painter.setPen(pen(theme.text, theme.line_width, dashed=True))
        painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()))
        font = text_font(theme, bold=True)
        metrics = QFontMetricsF(font)
        value = number(float(self._values[self.picked[0]]))
        width = metrics.horizontalAdvance(value) + theme.px(8)
        right = x + width <= inside.right()
        room = QRectF(x if right else x - width, inside.bottom() - metrics.height(), width, metrics.height())
        painter.setPen(pen(theme.surface, 0.0))
        painter.fillRect(room, color(theme.surface, 0.85))
        painter.setFont(font)
        painter.setPen(color(theme.text))
        painter.drawText(room, pg.QtCore.Qt.AlignmentFlag.AlignCenter, value)


class InfluencePlot(GroupPlot):
    """Groups from the largest Cook's distance downwards."""

    title = "Influence of the groups"
    empty = "What the estimates would be without each group stands here once it is worked out."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: InfluenceFigure | None = None
        self._kinds: tuple[str, ...] = ("fixed",)
        self._columns: list[InfluenceColumn] = []
        super().__init__(themes, selection, parent)

    def set_data(self, figure: InfluenceFigure | None) -> None:
        """Show a figure, as far as its refits are done, or the empty state."""
        self._figure = figure
        self._build()
        self.show_figure(figure is not None and bool(figure.levels))

    def show_kinds(self, *kinds: str) -> None:
        """Show the estimates of some kinds."""
        self._kinds = kinds
        self._build()
        self.dress(self._theme)

    def shown(self) -> tuple[InfluenceEstimate, ...]:
        """The estimates in sight."""
        return () if self._figure is None else self._figure.of(*self._kinds)[:COLUMNS]

    def _build(self) -> None:
        wanted = 1 + len(self.shown())
        if len(self._columns) != wanted:
            self._columns = [InfluenceColumn() for _ in range(wanted)]
            panels: list[GroupPanel] = [*self._columns]
            self.set_panels(panels, [(0, k) for k in range(wanted)])
            grid = self._columns[0].parentWidget().layout()
            if isinstance(grid, QGridLayout):
                # The names of the groups stand in the first column.
                for k in range(wanted):
                    grid.setColumnStretch(k, 4 if k == 0 else 3)

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        order = self._order(figure)
        for column, estimate in zip(self._columns, (None, *self.shown()), strict=True):
            column.apply_theme(theme)
            column.show_column(figure, order, estimate)

    @staticmethod
    def _order(figure: InfluenceFigure) -> NDArray[np.intp]:
        return np.argsort(np.nan_to_num(figure.cooks, nan=-1.0), kind="stable")

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        return () if self._figure is None else tuple(self._order(self._figure).tolist())

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lines = [
            f"Without <b>{html.escape(figure.levels[group])}</b> ({count(figure.sizes[group], 'row')})",
            f"Cook's distance {number(float(figure.cooks[group]))}",
        ]
        for estimate in self.shown():
            value = f"{number(float(estimate.without[group]))} (with it {number(estimate.whole)})"
            lines.append(f"{html.escape(estimate.name)}: {value}")
        return "<br>".join(lines)

    def heading(self) -> str:
        return self.title if self._figure is None else f"Without each {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        picked = self.picked()
        if len(picked) == 1:
            name = html.escape(figure.levels[picked[0]])
            return f'line: all groups; <span style="color:{theme.text}">╍ without {name}</span>'
        banded = any(error_shown(e) is not None for e in self.shown())
        band = "; grey: ± its standard error" if banded else ""
        return f"dots: the estimate without the group; line: with all{band}"

    def _mark(self) -> None:
        super()._mark()
        if self._filled:
            self.refresh_words()

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        hidden = len(figure.of(*self._kinds)) - COLUMNS
        wide = [e for e in self.shown() if np.isfinite(e.se) and error_shown(e) is None]
        errors = listed_all([f"{e.name} ± {number(e.se)}" for e in wide])
        beyond = f"Standard errors wider than the picture: {errors}." if wide else ""
        more = f"{count(hidden, 'more estimate')} in the table only." if hidden > 0 else ""
        return figure.notes() + tuple(note for note in (beyond, more) if note)


def error_shown(estimate: InfluenceEstimate) -> FloatArray | None:
    """The ends of a standard error, where deletions move the estimate by a good part of it."""
    if not np.isfinite(estimate.se):
        return None
    far = np.nanmax(np.abs(estimate.without - estimate.whole), initial=0.0)
    ends: FloatArray = estimate.whole + estimate.se * np.array([-1.0, 1.0])
    return ends if far > WORTH * estimate.se else None
