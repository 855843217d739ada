"""The matrices of a model as linked pictures: the product that makes V, each alone, or V as a sum."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.emphasis import NOTHING, Emphasis, EmphasisModel
from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.marginal_words import Words, plain
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import DARK, Axis, Lit, lit_by_model, picked_columns, picked_rows
from mmgui.figures.tabular import FigureTable
from mmgui.plots.matrix_canvas import MatrixCanvas
from mmgui.plots.matrix_captions import paint_caption, paint_scale
from mmgui.plots.matrix_images import MatrixImages
from mmgui.plots.matrix_layout import RESIDUAL, SUM, Measures, Panel, addition, alone, product
from mmgui.plots.matrix_marks import Marks
from mmgui.plots.matrix_names import names_of
from mmgui.plots.matrix_painter import MatrixPainter
from mmgui.plots.matrix_pointing import MARGINAL, Place, emphasis_at, group_at, lit_at, part_of, words_at
from mmgui.plots.matrix_windows import MatrixWindows
from mmgui.plots.plot import Plot
from mmgui.plots.style import text_font

PRODUCT = "product"
LOW_SUM = 200
"""Height, at scale 1, below which the parts of V leave no room for their scale."""
STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class MatrixPlot(Plot):
    """Pictures that share their axes: what the pointer is on lights up in all of them."""

    title = "Matrices"
    empty = "After a fit, the matrices of the model stand here."
    pointed = Signal(object)
    """What is said of the entry under the pointer (``Words``), empty where there is none."""

    def __init__(
        self,
        themes: ThemeModel,
        selection: SelectionModel | None = None,
        emphasis: EmphasisModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._figure: MatricesFigure | None = None
        self._shown = PRODUCT
        self._correlation = False
        self.windows = MatrixWindows()
        self._images = MatrixImages()
        self._measures: Measures | None = None
        self._laid: tuple[QRectF, tuple[Panel, ...]] | None = None
        self._place: Place | None = None
        self._lit = DARK
        self._pointing = False
        super().__init__(themes, selection, parent)
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self.canvas = MatrixCanvas(self)
        self.set_body(self.canvas)
        self._emphasis.emphasis_changed.connect(self._on_emphasis)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)

    # -- what is shown

    def set_data(self, figure: MatricesFigure | None) -> None:
        """Show the matrices of a fit."""
        same = figure is not None and self._figure is not None and figure.rows is self._figure.rows
        self._figure = figure
        if not same:
            self._point_at(None)
            self._measures = None
        if figure is not None:
            sizes = {
                Axis.ROWS: len(figure.rows.places),
                Axis.ACROSS: len(figure.rows.places),
                Axis.FIXED: len(figure.rows.fixed),
                Axis.EFFECTS: len(figure.rows.effects),
            }
            self.windows.set_sizes(sizes)
        self._laid = None
        self.show_figure(figure is not None)

    def follow(self, figure: MatricesFigure) -> None:
        """The same rows with the parameters moved: entries alone are drawn anew."""
        self._figure = figure
        self._images.show(figure, self._theme, correlation=self._correlation)
        if self._place is not None:
            self.pointed.emit(words_at(figure, self._place))
        self.canvas.update()

    def set_shown(self, shown: str) -> None:
        """``product``, the sign of a matrix, or ``sum``."""
        if shown != self._shown:
            self._shown = shown
            self._point_at(None)
            self._restage()

    def set_correlation(self, correlation: bool) -> None:
        """V and its parts as correlations, or as covariances."""
        if correlation != self._correlation:
            self._correlation = correlation
            self._restage()

    def _restage(self) -> None:
        self._laid = None
        self.show_figure(self._figure is not None)

    @property
    def figure(self) -> MatricesFigure | None:
        """What is drawn now."""
        return self._figure

    def table(self) -> FigureTable:
        if self._figure is None:
            return FigureTable((), ())
        matrix = None if self._shown == SUM else Matrix.V if self._shown == PRODUCT else Matrix(self._shown)
        return self._figure.table(matrix, correlation=self._correlation)

    def heading(self) -> str:
        if self._shown == SUM:
            return "How V is built"
        if self._shown != PRODUCT:
            return self._shown
        weighted = self._figure is not None and self._figure.rows.weights is not None
        return f"V = σ² (ZΛ (ZΛ)′ + {'W⁻¹' if weighted else 'I'})"

    def legend(self, _theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        words, rows = figure.rows.choice.words, figure.rows
        if len(rows.effects) < rows.all_columns:
            words += f"; the other {rows.all_columns - len(rows.effects):,} columns of Z are 0 in them"
        return words

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        rows, out = figure.rows, []
        if rows.dropped:
            names = ", ".join(rows.dropped)
            out.append(f"X is drawn without {names}: the other columns say the same.")
        if rows.weights is not None:
            out.append("Rows with a prior weight w have the residual variance σ²/w.")
        if rows.offset:
            out.append("The offset shifts the mean; it is in none of these matrices.")
        if not rows.terms:
            out.append("The model has no random effects: V is σ² on the diagonal.")
        return tuple(out)

    def draw(self, theme: Theme) -> None:
        self._laid = None
        self._measures = None
        if self._figure is not None:
            self._images.show(self._figure, theme, correlation=self._correlation)
        self.canvas.update()

    # -- painting

    def panels(self) -> tuple[Panel, ...]:
        """Where the pictures stand now."""
        figure, room = self._figure, QRectF(self.canvas.rect())
        if figure is None:
            return ()
        if self._laid is None or self._laid[0] != room:
            self._laid = (room, self._lay_out(figure, room, self._measured(figure)))
        return self._laid[1]

    def _measured(self, figure: MatricesFigure) -> Measures:
        if self._measures is None:
            metrics = QFontMetricsF(text_font(self._theme))
            self._measures = Measures(self._theme, metrics, names_of(figure.rows), self.windows)
        return self._measures

    def _lay_out(self, figure: MatricesFigure, room: QRectF, measures: Measures) -> tuple[Panel, ...]:
        if self._shown == PRODUCT:
            return product(figure, room, measures)
        if self._shown == SUM:
            parts = [f"part {k}" for k in range(len(figure.rows.terms))]
            if room.height() >= self._theme.px(LOW_SUM):
                room = room.adjusted(0, 0, 0, -measures.line * 1.8)
            return addition([*parts, RESIDUAL, SUM], room, measures)
        return alone(Matrix(self._shown), room, measures)

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint everything, called by the canvas."""
        figure, panels, theme = self._figure, self.panels(), self._theme
        if figure is None or not panels:
            return
        measures = self._measured(figure)
        drawing = MatrixPainter(figure, panels, self._images, measures, theme, self._correlation)
        drawing.paint_entries(painter)
        drawing.paint_names(painter)
        if self._shown == SUM:
            for panel in panels:
                paint_caption(painter, figure, panel, theme, correlation=self._correlation)
            if room.height() >= theme.px(LOW_SUM):
                scale = QRectF(room.left(), room.bottom() - measures.line, room.width(), measures.line * 0.8)
                paint_scale(painter, figure, scale, theme, correlation=self._correlation)
        marks = Marks(figure.rows, self.windows, theme)
        selection = Selection() if self._selection is None else self._selection.selection
        if selection.groups or selection.rows:
            rows = picked_rows(figure.rows, selection.groups, selection.rows)
            marks.paint_picked(painter, panels, rows, picked_columns(figure.rows, selection.groups))
        marks.paint_lit(painter, panels, self._lit)

    # -- the pointer

    @property
    def lit(self) -> Lit:
        """What is lit."""
        return self._lit

    def place_at(self, position: QPointF) -> Place | None:
        """The entry, or the name of a row or column, at a point."""
        for panel in self.panels():
            reach = panel.rect.adjusted(-panel.beside, -panel.above, 0, 0)
            if not reach.contains(position):
                continue
            row, column = panel.entry(position, self.windows)
            down, across = self.windows.size(panel.down), self.windows.size(panel.across)
            i = int(min(max(row, 0), down - 1)) if position.y() >= panel.rect.top() else -1
            j = int(min(max(column, 0), across - 1)) if position.x() >= panel.rect.left() else -1
            if (i, j) != (-1, -1):
                return Place(panel.key, i, j)
        return None

    def panel_at(self, position: QPointF) -> Panel | None:
        """The panel whose entries are at a point."""
        return next((p for p in self.panels() if p.rect.contains(position)), None)

    def position_of(self, key: str, row: int, column: int) -> QPointF:
        """The middle of an entry in the canvas."""
        panel = next(p for p in self.panels() if p.key == key)
        return panel.place((row, row + 1), (column, column + 1), self.windows).center()

    def point(self, position: QPointF | None) -> None:
        """Light up what belongs to the entry at a point."""
        self._point_at(None if position is None else self.place_at(position))

    def _point_at(self, place: Place | None) -> None:
        if place == self._place:
            return
        self._place = place
        figure = self._figure
        words: Words = ()
        wanted = NOTHING
        self._lit = DARK
        if place is not None and figure is not None:
            self._lit, words = lit_at(figure, place), words_at(figure, place)
            wanted = emphasis_at(figure, place)
        self._pointing = True
        self._emphasis.emphasise(wanted)
        self._pointing = False
        self.pointed.emit(words)
        self.canvas.update()

    def pick(self, position: QPointF, *, extend: bool) -> None:
        """Pick the group at a point everywhere."""
        place, figure = self.place_at(position), self._figure
        self._pick(group_at(figure, place) if place is not None and figure is not None else None, extend)

    def _pick(self, group: tuple[str, str] | None, extend: bool) -> None:
        if group is not None and self._selection is not None:
            self._selection.pick(*group, extend=extend)

    def tip(self) -> str:
        """What is said of the entry under the pointer."""
        figure, place = self._figure, self._place
        return "" if figure is None or place is None else plain(words_at(figure, place))

    def zoom(self, position: QPointF, factor: float) -> None:
        """Go in or out around a point."""
        panel = self.panel_at(position)
        if panel is None:
            return
        row, column = panel.entry(position, self.windows)
        self.windows.zoom(panel.down, row, factor)
        if panel.across is not panel.down:
            self.windows.zoom(panel.across, column, factor)
        self._moved_windows()

    def pan(self, panel: Panel, by: QPointF) -> None:
        """Move what a panel shows by pixels."""
        down, across = self.windows.span(panel.down), self.windows.span(panel.across)
        self.windows.pan(panel.down, -by.y() / panel.rect.height() * down)
        if panel.across is not panel.down:
            self.windows.pan(panel.across, -by.x() / panel.rect.width() * across)
        self._moved_windows()

    def reset(self) -> None:
        """Everything in sight again."""
        self.windows.reset()
        self._moved_windows()

    def _moved_windows(self) -> None:
        self._laid = None
        self.canvas.update()

    # -- keys and models

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, figure = STEPS.get(Qt.Key(event.key())), self._figure
        if figure is None or not self.panels():
            super().keyPressEvent(event)
        elif step is not None:
            self._step(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._place:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._pick(group_at(figure, self._place), extend)
        elif event.key() == Qt.Key.Key_Escape and self._place is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, across: int) -> None:
        """To the neighbouring entry; from the last picture's first entry where none is pointed at."""
        place = self._place
        if place is None:
            self._point_at(Place(self.panels()[-1].key, 0, 0))
            return
        panel = next((p for p in self.panels() if p.key == place.key), None)
        if panel is None:
            return
        row = min(max(place.row + down, 0), self.windows.size(panel.down) - 1)
        column = min(max(place.column + across, 0), self.windows.size(panel.across) - 1)
        self._point_at(Place(place.key, row, column))

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        if self._pointing or self._figure is None:
            return
        self._lit = lit_by_model(self._figure, emphasis.fixed, emphasis.random, emphasis.effects)
        self.canvas.update()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self.canvas.update()


__all__ = ["MARGINAL", "PRODUCT", "SUM", "MatrixPlot", "part_of"]
