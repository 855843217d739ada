"""Every group's data with its own line, everyone's and the model's: small panels on common axes."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.groups import GroupsFigure
from mmgui.figures.picked_rows import Mask
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count
from mmgui.plots.area import span
from mmgui.plots.canvas import Canvas
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.pager import Pager
from mmgui.plots.style import color, text_font
from mmgui.plots.tiles import Tiles

PAGE = 36


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


class GroupsPlot(GroupPlot):
    """Small multiples of the groups, ordered by the height of the model's line."""

    title = "Groups"
    empty = "After a fit, every group's data and lines stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: GroupsFigure | None = None
        self._page = 0
        self._shown: list[tuple[QRectF, int]] = []
        super().__init__(themes, selection, parent)
        self._canvas = TileCanvas(self._paint)
        self._canvas.pressed.connect(self._on_pressed)
        self._canvas.resized.connect(self._on_resized)
        self._pager = Pager()
        self._pager.page_wanted.connect(self.set_page)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._pager)
        self.set_body(body)

    def set_data(self, figure: GroupsFigure | None) -> None:
        """Show a figure from its first page, or the empty state."""
        self._figure, self._page = figure, 0
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    # -- pages

    def per_page(self) -> int:
        """Panels that have room: at most 36."""
        if self._figure is None:
            return PAGE
        columns, rows = self._grid(len(self._figure.levels))
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
        self._canvas.update()

    def _grid(self, groups: int) -> tuple[int, int]:
        """Columns and rows that use the room best, panels no smaller than can be read."""
        theme = self._theme
        room = self._canvas.size() if self._stack.count() > 1 else self.size()
        most = max(1, int(room.width() // theme.px(92))), max(1, int(room.height() // theme.px(84)))
        wanted = min(groups, PAGE, most[0] * most[1])
        shape = max(room.width(), 1) / max(room.height(), 1) / 1.25
        columns = int(min(max(round((wanted * shape) ** 0.5), 1), most[0]))
        rows = min(-(-wanted // columns), most[1])
        return columns, rows

    @Slot()
    def _label_pages(self) -> None:
        if self._figure is None:
            return
        per, groups = self.per_page(), len(self._figure.levels)
        first = self.page() * per
        words = f"{first + 1}–{min(first + per, groups)} of {count(groups, 'group')}"
        self._pager.show_page(self.page(), self.pages(), words, self._theme)

    # -- drawing

    def draw(self, _theme: Theme) -> None:
        self._label_pages()
        self._canvas.update()

    def _visible(self) -> list[int]:
        if self._figure is None:
            return []
        per = self.per_page()
        return [int(g) for g in self._figure.order[self.page() * per : (self.page() + 1) * per]]

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        columns, rows = self._grid(len(figure.levels))
        lines = np.concatenate([figure.y, figure.own[np.isfinite(figure.own)], figure.partial])
        tiles = Tiles(theme, room, columns, rows, span(figure.x, 0.06), span(lines, 0.05))
        tiles.whole = bool(np.all(figure.x == np.round(figure.x)))
        picked, some = set(self.picked()), self._picked_rows()
        self._shown = []
        visible = self._visible()
        for place, group in enumerate(visible):
            tile = tiles.tile(place)
            self._shown.append((tile, group))
            tiles.paint_frame(painter, place, len(visible))
            mine = None if some is None else some[figure.rows_of(group)]
            others = bool(picked) and group not in picked if mine is None else not mine.any()
            self._paint_group(painter, tiles, tile, group, mine, dim=others)
            self._name(painter, tile, group, picked=group in picked)
            self._canvas.spots.append((tile, self.tip(group)))
        tiles.paint_titles(painter, figure.x_name, figure.y_name)

    def _paint_group(
        self, painter: QPainter, tiles: Tiles, tile: QRectF, group: int, mine: Mask | None, *, dim: bool
    ) -> None:
        """Points and lines of a group; ``mine`` tells which of its rows are picked, where some are."""
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        rows = figure.rows_of(group)
        painter.save()
        painter.setClipRect(tile.adjusted(-1, -1, 1, 1))
        painter.setOpacity(0.55 if dim else 1.0)
        x = figure.x[rows]
        self._paint_points(painter, tiles.pixels(tile, x, figure.y[rows]), mine)
        for values, hue, width, dashed in (
            (figure.complete[rows], theme.complete_pooling, 1.0, True),
            (figure.own[rows], theme.no_pooling, 1.0, False),
            (figure.partial[rows], theme.term_color(figure.term), 1.5, False),
        ):
            if not np.isfinite(values).all():
                continue
            stroke = QPen(color(hue), theme.line_width * width)
            if dashed:
                stroke.setDashPattern([3, 2.5])
            painter.setPen(stroke)
            points = tiles.pixels(tile, x, values)
            if points[0][0] == points[-1][0]:
                # One value of x gives no line: a dash marks its height.
                (left, y), reach = points[0], theme.px(7)
                points = [(left - reach, y), (left + reach, y)]
            painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in points]))
        painter.restore()

    def _paint_points(self, painter: QPainter, points: list[tuple[float, float]], mine: Mask | None) -> None:
        theme = self._theme
        radius = max(1.3, theme.px(4.4 if len(points) <= 40 else 2.6) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.muted, 1.0 if mine is None else 0.35))
        for k, (px, py) in enumerate(points):
            if mine is None or not mine[k]:
                painter.drawEllipse(QPointF(px, py), radius, radius)
        if mine is not None:
            painter.setBrush(color(theme.text))
            for k in np.flatnonzero(mine).tolist():
                painter.drawEllipse(QPointF(*points[k]), 1.35 * radius, 1.35 * radius)

    def _name(self, painter: QPainter, tile: QRectF, group: int, *, picked: bool) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        font = text_font(theme, bold=picked)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(color(theme.text if picked else theme.muted))
        head = QRectF(tile.left(), tile.top() - metrics.height(), tile.width(), metrics.height())
        text = metrics.elidedText(figure.levels[group], Qt.TextElideMode.ElideRight, tile.width())
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
        rows = figure.members.picked(selection.groups, selection.rows)
        own = figure.members.picked({k for k in selection.groups if k[0] == figure.grouping})
        same = rows is None or (own is not None and bool(np.array_equal(rows, own)))
        return None if same else rows

    def _mark(self) -> None:
        picked = self.picked()
        if picked and not set(picked) & set(self._visible()) and self._figure is not None:
            place = int(np.flatnonzero(self._figure.order == picked[-1])[0])
            self._page = place // self.per_page()
            self._label_pages()
        if self._stack.count() > 1:
            self._canvas.update()

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

    # -- words

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        return () if self._figure is None else tuple(int(g) for g in self._figure.order)

    def heading(self) -> str:
        return self.title if self._figure is None else f"Groups of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        if self._figure is None:
            return ""
        hue = theme.term_color(self._figure.term)
        return (
            f'<span style="color:{theme.no_pooling}">━</span> own line (no pooling) &nbsp;'
            f'<span style="color:{theme.complete_pooling}">╍</span> everyone\'s (complete pooling) &nbsp;'
            f'<span style="color:{hue}">━</span> the model\'s (partial pooling)'
        )

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        rows = figure.rows_of(group)
        return f"<b>{html.escape(figure.levels[group])}</b> · {count(rows.stop - rows.start, 'row')}"
