"""X as a heatmap: a column of the picture for each coefficient, a shade for each entry."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from mmgui.app.counted import counted
from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.model_matrix import ModelMatrixFigure, rounded_label
from mmgui.figures.tabular import FigureTable
from mmgui.plots.canvas import Canvas, Paint
from mmgui.plots.model_matrix_layout import MatrixLayout, lay_out
from mmgui.plots.model_matrix_painter import MatrixPainter, entry_fill, shades
from mmgui.plots.plot import Plot
from mmgui.plots.style import text_font
from mmgui.spec.terms import INTERCEPT


class ModelMatrixPlot(Plot):
    """Entries of 0 stay empty; a column's hue is full at its largest entry, orange where it is negative.

    A column that says what others say is hatched. The pointer lights up the effect that a column belongs to;
    a click keeps it lit.
    """

    title = "X"
    empty = "Once the model has a fixed effect, its columns stand here."

    def __init__(
        self,
        themes: ThemeModel,
        selection: SelectionModel | None = None,
        emphasis: EmphasisModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._figure: ModelMatrixFigure | None = None
        self._placed: MatrixLayout | None = None
        self._kept: str | None = None
        super().__init__(themes, selection, parent)
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self._canvas = _MatrixCanvas(self._paint, self)
        self.set_body(self._canvas)
        self._emphasis.emphasis_changed.connect(self._on_emphasis)

    def set_data(self, figure: ModelMatrixFigure | None) -> None:
        """Show X; the sentence that says why where it cannot be drawn."""
        self._figure, self._placed = figure, None
        self._kept = None
        self._quiet.setText(figure.problem if figure is not None and figure.problem else self.empty)
        self._quiet.setWordWrap(True)
        self.show_figure(figure is not None and bool(figure.columns))

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, _theme: Theme) -> str:
        figure = self._figure
        if figure is None or not figure.columns:
            return ""
        size = f"{counted(figure.nrows, 'row')} × {counted(len(figure.columns), 'column')}"
        shown = len(figure.rows)
        if figure.manner == "distinct":
            return f"{size}; {counted(shown, 'different row')}"
        if figure.manner == "sample":
            return f"{size}; {shown} rows evenly spaced"
        if figure.manner == "groups":
            groups = counted(len(dict.fromkeys(figure.groups)), "group")
            part = f"by {figure.by}" if shown == figure.nrows else f"the first {groups} of {figure.by}"
            return f"{size}; {html.escape(part)}"
        return size

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        return () if figure is None else tuple(c.reason for c in figure.columns if c.reason)

    def cramped(self) -> bool:
        return self.width() < self._theme.px(220) or self.height() < self._theme.px(100)

    def draw(self, _theme: Theme) -> None:
        self._canvas.update()

    # -- what is shown

    def column_under(self, position: QPointF) -> int | None:
        """The column of X at a point of the picture."""
        place = self._place(position)
        return None if place is None else place[1]

    def column_rect(self, column: int) -> QRectF:
        """Where a column stands in the picture, in its pixels."""
        figure, placed = self._figure, self._placed
        if figure is None or placed is None:
            return QRectF()
        return placed.column(column, len(figure.rows))

    def fill_of(self, row: int, column: int) -> QColor:
        """The colour of an entry."""
        figure, theme = self._figure, self._theme
        if figure is None:
            return QColor(theme.surface)
        return entry_fill(float(shades(figure.values[:, column])[row]), figure.columns[column].term, theme)

    def tip_of(self, row: int, column: int) -> str:
        """What is said of an entry; of the whole column where the row is -1."""
        figure = self._figure
        if figure is None:
            return ""
        of = figure.columns[column]
        lines = [f"<b>{html.escape(of.name)}</b>"]
        if row >= 0:
            lines[0] += f" = {rounded_label(float(figure.values[row, column]))}"
            where = f"row {int(figure.rows[row]) + 1:,}"
            if figure.counts[row] > 1:
                where += f" and {counted(int(figure.counts[row]) - 1, 'row')} like it"
            lines.append(where)
            if figure.groups:
                lines.append(f"{html.escape(figure.by)} {html.escape(figure.groups[row])}")
            if figure.predictors:
                what = html.escape(" · ".join(figure.predictors))
                lines.append(f"{what}: {html.escape(figure.labels[row])}")
        elif of.term != INTERCEPT.label:
            lines.append(f"of the effect {html.escape(of.term)}")
        if of.reason:
            lines.append(html.escape(of.reason))
        return "<br>".join(lines)

    def _place(self, position: QPointF) -> tuple[int, int] | None:
        figure, placed = self._figure, self._placed
        return None if figure is None or placed is None else placed.at(position, len(figure.rows))

    # -- the pointer

    def tip_at(self, position: QPointF) -> str:
        place = self._place(position)
        return "" if place is None else self.tip_of(*place)

    def point(self, position: QPointF | None) -> None:
        """Light up the effect whose column is at a point; what was clicked stays lit elsewhere."""
        column = None if position is None else self.column_under(position)
        if column is not None and self._figure is not None:
            self._emphasise(self._figure.columns[column].term)
        elif self._kept is not None:
            self._emphasise(self._kept)
        else:
            self._emphasis.clear()

    def pick(self, position: QPointF) -> None:
        """Keep the effect at a point lit, or let go of it."""
        column = self.column_under(position)
        term = None if column is None or self._figure is None else self._figure.columns[column].term
        self._kept = None if term == self._kept else term
        self.point(position)

    def _emphasise(self, term: str) -> None:
        self._emphasis.emphasise(Emphasis(fixed=frozenset({term})))

    @Slot(object)
    def _on_emphasis(self, _emphasis: Emphasis) -> None:
        self._canvas.update()

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._theme
        if figure is None or not figure.columns or not len(figure.rows):
            return
        self._placed = lay_out(figure, room, theme, QFontMetricsF(text_font(theme)))
        MatrixPainter(figure, self._placed, theme, self._emphasis.emphasis.fixed).paint(painter)


class _MatrixCanvas(Canvas):
    """Tells the picture where the pointer is."""

    def __init__(self, paint: Paint, plot: ModelMatrixPlot) -> None:
        super().__init__(paint)
        self._plot = plot
        self.setMouseTracking(True)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._plot.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._plot.point(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._plot.pick(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._plot.point(None)
