"""Small multiples: every group's data with its own line, everyone's and the model's, on common axes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.groups import GroupsFigure
from mmgui.figures.groups_order import GroupOrder
from mmgui.figures.picked_rows import Mask
from mmgui.numbers import count
from mmgui.plots.area import span
from mmgui.plots.canvas import Canvas
from mmgui.plots.group_range import SteadyRange
from mmgui.plots.group_tile import TilePainter, dot_positions, x_range
from mmgui.plots.groups_view import GroupsView
from mmgui.plots.pager import Pager
from mmgui.plots.style import color, text_font
from mmgui.plots.tile_lines import TileLines, tile_lines
from mmgui.plots.tiles import Tiles

PAGE, PAGE_STRIPS = 36, 60
LEAST_WIDTH, LEAST_WIDTH_STRIP, LEAST_HEIGHT = 92, 58, 84
SHAPE, SHAPE_STRIP = 1.25, 0.62
"""Width to height of a panel that reads well."""


class TileCanvas(Canvas):
    """The painted panels; tells where it was clicked."""

    pressed = Signal(QPointF, bool)
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            extend = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
            self.pressed.emit(event.position(), bool(event.modifiers() & extend))
        else:
            super().mousePressEvent(event)


class GroupsPlot(GroupsView):
    """A tile for each group, page by page."""

    title = "Groups"

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._page = 0
        self._shown: list[tuple[QRectF, int]] = []
        self._range = SteadyRange()
        self._layout_now: tuple[QRectF, TilePainter, TileLines] | None = None
        self._dots: NDArray[np.float64] = np.empty(0)
        super().__init__(themes, selection, parent)
        self._canvas = TileCanvas(self._paint, ground=self._paint_ground, tips=self._tips)
        self._canvas.pressed.connect(self._on_pressed)
        self._canvas.resized.connect(self._on_resized)
        # On the line of the axis title, where it takes no room from the panels.
        self._pager = Pager(self._canvas)
        self._pager.page_wanted.connect(self.set_page)
        self.set_body(self._canvas)

    def set_data(
        self,
        figure: GroupsFigure | None,
        order: GroupOrder | None = None,
        lines: frozenset[str] | None = None,
    ) -> None:
        """Show a figure from its first page, or the empty state."""
        self._page = 0
        if figure is not None:
            self._dots = dot_positions(figure)
            heights = np.concatenate([figure.y, figure.own[np.isfinite(figure.own)], figure.partial])
            self._range.reset(span(heights, 0.05))
        super().set_data(figure, order, lines)

    def follow(self) -> None:
        figure = self.current()
        if figure is None:
            return
        before = self._range.shown
        if self._moved is None:
            self._range.reset()
        else:
            self._range.include(figure.partial)
        if self._range.shown != before:
            self._redraw()
        self._canvas.update()

    # -- pages

    def per_page(self) -> int:
        """Panels that have room: at most 36, of narrow ones 60."""
        if self._figure is None:
            return PAGE
        columns, rows = self._grid(self._figure)
        return columns * rows

    def pages(self) -> int:
        """How many pages there are."""
        return 0 if self._figure is None else -(-len(self._figure.levels) // self.per_page())

    def page(self) -> int:
        """The page shown, from 0."""
        return min(self._page, max(self.pages() - 1, 0))

    @Slot(int)
    def set_page(self, page: int) -> None:
        """Show another page."""
        self._page = min(max(page, 0), max(self.pages() - 1, 0))
        self._label_pages()
        self._redraw()

    def _grid(self, figure: GroupsFigure) -> tuple[int, int]:
        """Columns and rows: panels no smaller than can be read, of good shape, few places left empty."""
        theme, strip = self._theme, figure.kind == "strip"
        room = self._canvas.size() if self._stack.count() > 1 else self.size()
        wide = max(1, int(room.width() // theme.px(LEAST_WIDTH_STRIP if strip else LEAST_WIDTH)))
        high = max(1, int(room.height() // theme.px(LEAST_HEIGHT)))
        wanted = min(len(figure.levels), PAGE_STRIPS if strip else PAGE, wide * high)
        shape = SHAPE_STRIP if strip else SHAPE

        def cost(columns: int) -> float:
            rows = -(-wanted // columns)
            if rows > high:
                return math.inf
            stretch = max(room.width(), 1) / columns / (max(room.height(), 1) / rows) / shape
            return abs(math.log(stretch)) + 1.5 * (columns * rows - wanted) / wanted

        columns = min(range(1, wide + 1), key=cost)
        return columns, min(-(-wanted // columns), high)

    @Slot()
    def _label_pages(self) -> None:
        if self._figure is None:
            return
        per, groups = self.per_page(), len(self._figure.levels)
        first = self.page() * per
        words = f"{first + 1}–{min(first + per, groups)} of {count(groups, 'group')}"
        self._pager.show_page(self.page(), self.pages(), words, self._theme)
        self._pager.adjustSize()
        size, room = self._pager.size(), self._canvas.size()
        self._pager.move(room.width() - size.width(), room.height() - size.height())

    # -- drawing

    def draw(self, _theme: Theme) -> None:
        self._label_pages()
        self._redraw()

    def _redraw(self) -> None:
        self._layout_now = None
        self._canvas.redraw()

    def _tips(self) -> list[tuple[QRectF, str]]:
        return [(tile, self.tip(group)) for tile, group in self._shown]

    def _visible(self) -> list[int]:
        per = self.per_page()
        return list(self.order()[self.page() * per : (self.page() + 1) * per])

    def _laid(self, figure: GroupsFigure, room: QRectF) -> tuple[TilePainter, TileLines]:
        """What paints the best fit's figure in a rectangle, and where each group stands."""
        if self._layout_now is not None and self._layout_now[0] == room:
            return self._layout_now[1:]
        columns, rows = self._grid(figure)
        names = figure.x_levels if figure.kind == "factor" else () if figure.kind == "strip" else None
        titled = bool(figure.x_name) or self.pages() > 1
        x, y = x_range(figure), self._range.shown
        tiles = Tiles(self._theme, room, columns, rows, x, y, names, titled)
        tiles.whole = bool(np.all(figure.x == np.round(figure.x)))
        self._shown = [(tiles.tile(place), group) for place, group in enumerate(self._visible())]
        painting = TilePainter(figure, self._theme, tiles, self._lines, self._dots)
        lines = tile_lines(figure, tiles, self._shown, self._theme.px(7))
        self._layout_now = (room, painting, lines)
        return painting, lines

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        """What moves: the model's lines."""
        figure = self._figure
        if figure is None:
            return
        painting, lines = self._laid(figure, room)
        moved, picked, some = self._moved, set(self.picked()), self._picked_rows()
        dim = np.array([self._dimmed(group, picked, some) for _, group in self._shown])
        best = np.array([moved is not None and group in picked for _, group in self._shown])
        painting.paint_partial(painter, lines, (moved or figure).partial, dim, best)
        ghost = self.ghost
        for tile, group in self._shown if ghost is not None else ():
            if ghost is not None and ghost.group == group:
                painting.paint_ghost(painter, tile, ghost)

    def _paint_ground(self, painter: QPainter, room: QRectF) -> None:
        """What stands still: grids, data, names, everyone's lines and the groups' own."""
        figure = self._figure
        if figure is None:
            return
        painting, _ = self._laid(figure, room)
        picked, some = set(self.picked()), self._picked_rows()
        for place, (tile, group) in enumerate(self._shown):
            painting.tiles.paint_frame(painter, place, len(self._shown))
            mine = None if some is None else some[figure.rows_of(group)]
            painting.paint_data(painter, tile, group, mine, self._dimmed(group, picked, some))
            self._name(painter, tile, group, picked=group in picked)
        taken = float(self._pager.width()) if self.pages() > 1 else 0.0
        painting.tiles.paint_titles(painter, figure.x_name, figure.y_name, taken)

    def _dimmed(self, group: int, picked: set[int], some: Mask | None) -> bool:
        """Whether a group steps back because others are picked."""
        if some is None:
            return bool(picked) and group not in picked
        figure = self._figure
        return figure is not None and not bool(some[figure.rows_of(group)].any())

    def _name(self, painter: QPainter, tile: QRectF, group: int, *, picked: bool) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        font = text_font(theme, bold=picked)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(color(theme.text if picked else theme.muted))
        head = QRectF(tile.left(), tile.top() - metrics.height(), tile.width(), metrics.height())
        text = metrics.elidedText(figure.levels[group], Qt.TextElideMode.ElideMiddle, tile.width())
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        if picked:
            painter.setPen(QPen(color(theme.term_color(figure.term)), theme.line_width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile, 4, 4)

    # -- selection

    def _picked_rows(self) -> Mask | None:
        """The rows picked, where they are others than all rows of the groups picked here."""
        figure = self._figure
        if figure is None or self._selection is None:
            return None
        selection = self._selection.selection
        if not selection.groups and not selection.rows:
            return None
        rows = figure.members.picked(selection.groups, selection.rows)
        own = figure.members.picked({k for k in selection.groups if k[0] == figure.grouping})
        same = rows is None or (own is not None and bool(np.array_equal(rows, own)))
        return None if same else rows

    def _mark(self) -> None:
        picked = self.picked()
        if picked and not set(picked) & set(self._visible()):
            self._page = self.order().index(picked[-1]) // self.per_page()
            self._label_pages()
        if self._stack.count() > 1:
            self._redraw()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._mark()

    @Slot()
    def _on_resized(self) -> None:
        # Fewer or more panels have room now: stay with the picked group.
        self._mark()
        self._label_pages()

    @Slot(QPointF, bool)
    def _on_pressed(self, at: QPointF, extend: bool) -> None:
        group = next((g for tile, g in self._shown if tile.adjusted(0, -20, 0, 0).contains(at)), -1)
        if group >= 0:
            self._on_clicked(group, extend)
