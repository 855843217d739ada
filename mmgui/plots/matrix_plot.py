"""The matrices of a model as linked pictures: the product that makes V, each alone, or V as a sum."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from mmgui.app.emphasis import NOTHING, Emphasis, EmphasisModel
from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.marginal_words import Words, plain
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import DARK, Lit, lit_by_model, picked_columns, picked_rows
from mmgui.figures.tabular import FigureTable
from mmgui.plots.matrix_canvas import MatrixCanvas
from mmgui.plots.matrix_layout import SUM, Panel
from mmgui.plots.matrix_marks import Marks
from mmgui.plots.matrix_pointing import Place, emphasis_at, group_at, lit_at, stepped, words_at
from mmgui.plots.matrix_stage import PRODUCT, MatrixStage
from mmgui.plots.matrix_words import legend_words, note_words, title_words
from mmgui.plots.plot import Plot

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_PICKS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


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
        self.stage = MatrixStage()
        self._place: Place | None = None
        self._lit = DARK
        self.picking = self._pointing = self._low = False
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
        before = self.stage.figure
        if figure is None or before is None or figure.rows is not before.rows:
            self._point_at(None)
        self.stage.show(figure)
        self.show_figure(figure is not None)

    def follow(self, figure: MatricesFigure) -> None:
        """The same rows with the parameters moved."""
        self.stage.follow(figure)
        if self._place is not None:
            self.pointed.emit(words_at(figure, self._place))
        self.canvas.update()

    def set_shown(self, shown: str) -> None:
        """``product``, the sign of a matrix, or ``sum``."""
        if shown != self.stage.shown:
            self.stage.shown = shown
            self._point_at(None)
            self.show_figure(self.figure is not None)

    def set_correlation(self, correlation: bool) -> None:
        """V and its parts as correlations, or as covariances."""
        if correlation != self.stage.correlation:
            self.stage.correlation = correlation
            self.show_figure(self.figure is not None)

    def set_low(self, low: bool) -> None:
        """Give the pictures the room of the title."""
        if low == self._low:
            return
        self._low = low
        self.set_titled(not low)
        self._lay_more()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_more()

    def _lay_more(self) -> None:
        if self._low:
            self._more.resize(self._more.sizeHint())
            self._more.move(self.width() - self._more.width(), 0)
            self._more.raise_()

    @property
    def figure(self) -> MatricesFigure | None:
        """What is drawn now."""
        return self.stage.figure

    def table(self) -> FigureTable:
        stage = self.stage
        if stage.figure is None:
            return FigureTable((), ())
        matrix = None if stage.shown == SUM else Matrix.V if stage.shown == PRODUCT else Matrix(stage.shown)
        return stage.figure.table(matrix, correlation=stage.correlation)

    def heading(self) -> str:
        return title_words(self.figure, self.stage.shown, correlation=self.stage.correlation)

    def legend(self, _theme: Theme) -> str:
        return "" if self._low else legend_words(self.figure)

    def notes(self) -> tuple[str, ...]:
        return note_words(self.figure)

    def draw(self, theme: Theme) -> None:
        self.stage.dress(theme)
        self.canvas.update()

    def panels(self) -> tuple[Panel, ...]:
        """Where the pictures stand now."""
        return self.stage.panels(QRectF(self.canvas.rect()))

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint everything, called by the canvas."""
        self.stage.paint(painter, room, self.canvas.devicePixelRatioF(), self._paint_marks)

    def _paint_marks(self, painter: QPainter, panels: tuple[Panel, ...]) -> None:
        figure = self.figure
        if figure is None:
            return
        marks = Marks(figure.rows, self.stage.windows, self._theme)
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

    def panel_at(self, position: QPointF) -> Panel | None:
        """The panel whose entries are at a point."""
        return next((p for p in self.panels() if p.rect.contains(position)), None)

    def position_of(self, key: str, row: int, column: int) -> QPointF:
        """The middle of an entry in the canvas."""
        panel = next(p for p in self.panels() if p.key == key)
        return panel.place((row, row + 1), (column, column + 1), self.stage.windows).center()

    def point(self, position: QPointF | None) -> None:
        """Light up what belongs to the entry at a point."""
        self._point_at(None if position is None else self._place_at(position))

    def _place_at(self, position: QPointF) -> Place | None:
        found = (p.entry_at(position, self.stage.windows) for p in self.panels())
        places = (Place(p.key, *at) for p, at in zip(self.panels(), found, strict=True) if at is not None)
        return next(places, None)

    def _point_at(self, place: Place | None) -> None:
        if place == self._place:
            return
        self._place, figure = place, self.figure
        words: Words = ()
        wanted, self._lit = NOTHING, DARK
        if place is not None and figure is not None:
            self._lit, words = lit_at(figure, place), words_at(figure, place)
            wanted = emphasis_at(figure, place)
        self._pointing = True
        self._emphasis.emphasise(wanted)
        self._pointing = False
        self.pointed.emit(words)
        self._repaint()

    def pick(self, position: QPointF, *, extend: bool) -> None:
        """Pick the group at a point everywhere."""
        self._pick(self._place_at(position), extend=extend)

    def _pick(self, place: Place | None, *, extend: bool) -> None:
        group = None if place is None or self.figure is None else group_at(self.figure, place)
        if group is not None and self._selection is not None:
            self.picking = True
            self._selection.pick(*group, extend=extend)
            self.picking = False

    def tip(self) -> str:
        """What is said of the entry under the pointer."""
        figure, place = self.figure, self._place
        return "" if figure is None or place is None else plain(words_at(figure, place))

    def zoom(self, position: QPointF, factor: float) -> None:
        """Go in or out around a point."""
        panel = self.panel_at(position)
        if panel is not None:
            panel.zoom(position, factor, self.stage.windows)
            self._lay_out_anew()

    def pan(self, panel: Panel, by: QPointF) -> None:
        """Move what a panel shows by pixels."""
        panel.pan(by, self.stage.windows)
        self._lay_out_anew()

    def reset(self) -> None:
        """Everything in sight again."""
        self.stage.windows.reset()
        self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self.stage.lay_out_anew()
        self.canvas.update()

    def _repaint(self) -> None:
        self.stage.mark_anew()
        self.canvas.update()

    # -- keys and models

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, panels = _STEPS.get(Qt.Key(event.key())), self.panels()
        if panels and step is not None:
            self._point_at(stepped(self._place, step, panels, self.stage.windows))
        elif self._place is not None and event.key() in _PICKS:
            self._pick(self._place, extend=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif self._place is not None and event.key() == Qt.Key.Key_Escape:
            self._point_at(None)
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        if self._pointing or self.figure is None:
            return
        self._lit = lit_by_model(self.figure, emphasis.fixed, emphasis.random, emphasis.effects)
        self._repaint()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._repaint()
