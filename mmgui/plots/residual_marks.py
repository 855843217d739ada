"""Rows as points: found by the mouse, brought out where they are picked, moved by their arrays."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.picked_rows import Mask
from mmgui.figures.residual_rows import ResidualRows
from mmgui.plots.area import FloatArray, PlotArea
from mmgui.plots.plot import Plot
from mmgui.plots.residual_items import CrowdItem
from mmgui.plots.style import color

CROWD = 2_500
STEP = 0.25
"""By which share of its width a range is widened when what is drawn leaves it."""


class RowMarks:
    """Points of which some are picked: these on top, the others faint."""

    def __init__(self, panel: PlotArea, x: FloatArray, y: FloatArray, hue: str) -> None:
        theme, n = panel.theme, len(x)
        self._x, self._y = x, y
        self._mask: Mask | None = None
        self._theme = theme
        self.crowded = n > CROWD
        self._all: CrowdItem | pg.ScatterPlotItem
        if self.crowded:
            # Fewer, larger dots for those who sit at the back.
            self._size, alpha = 2.0 * theme.scale**0.5, 0.22 if n < 30_000 else 0.12
            self._all = CrowdItem(x, y, round(2 * theme.scale**0.5), color(hue, alpha))
        else:
            size = 3.4 if n > 1000 else 4.4 if n > 400 else 6.0 if n > 60 else 7.5
            self._size = size * theme.scale**0.75
            alpha = 0.35 if n > 1000 else 0.5 if n > 400 else 0.7 if n > 60 else 0.85
            self._all = pg.ScatterPlotItem(x, y, size=self._size, pen=None, brush=color(hue, alpha))
        self._top = pg.ScatterPlotItem(pen=None)
        panel.add(self._all)
        panel.add(self._top)

    def follow(self, x: FloatArray, y: FloatArray) -> None:
        """The same points at other places."""
        self._x, self._y = x, y
        self._all.setData(x, y)
        self._bring_out()

    def set_picked(self, mask: Mask | None) -> None:
        """Bring out the points of a mask, or none."""
        self._mask = mask
        self._all.setOpacity(1.0 if mask is None else 0.35)
        self._bring_out()

    def _bring_out(self) -> None:
        mask = self._mask
        if mask is None:
            if len(self._top.data):
                self._top.clear()
            return
        size = max(1.25 * self._size, 5.0 * self._theme.scale**0.75)
        hue = color(self._theme.text, 0.9)
        self._top.setData(self._x[mask], self._y[mask], size=size, brush=hue, pen=None)

    def shown(self) -> int:
        """How many points are brought out."""
        return len(self._top.data)


class RowPanel(PlotArea):
    """A panel whose points are rows of the model; ``entries`` are the rows that its points stand for."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self.marks: RowMarks | None = None
        self.entries: NDArray[np.intp] = np.empty(0, dtype=np.intp)

    def put_rows(
        self, x: FloatArray, y: FloatArray, hue: str, entries: NDArray[np.intp] | None = None
    ) -> None:
        """Draw the points, and let the mouse find them."""
        self.entries = np.arange(len(x)) if entries is None else entries
        self.marks = RowMarks(self, x, y, hue)
        self.set_points(np.column_stack([x, y]), self.entries)

    def move_rows(self, x: FloatArray, y: FloatArray, entries: NDArray[np.intp] | None = None) -> None:
        """The same rows elsewhere; the range stays, or is widened by a step."""
        if entries is not None:
            self.entries = entries
        if self.marks is not None:
            self.marks.follow(x, y)
        self.set_points(np.column_stack([x, y]), self.entries)
        keep_in_sight(self, x, y)

    def from_left(self) -> NDArray[np.intp]:
        """The rows from left to right."""
        points, owners = self.targets()
        return owners[np.argsort(points[:, 0], kind="stable")]

    def pick_rows(self, mask: Mask | None) -> None:
        """Bring out the rows of a mask over the model's rows."""
        if self.marks is not None:
            self.marks.set_picked(None if mask is None else mask[self.entries])
        self.viewport().update()


def keep_in_sight(panel: PlotArea, x: FloatArray, y: FloatArray) -> None:
    """Widen the range in steps where points leave it; a person who looks closer is not disturbed."""
    home = panel.home()
    if panel.away_from_home:
        return
    sides = [_widened(home.left(), home.right(), x), _widened(home.top(), home.bottom(), y)]
    if sides != [(home.left(), home.right()), (home.top(), home.bottom())]:
        panel.set_home(sides[0], sides[1])


def _widened(low: float, high: float, values: FloatArray) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return low, high
    step = STEP * (high - low)
    below, above = low - float(known.min()), float(known.max()) - high
    down = int(np.ceil(below / step)) if below > 0 else 0
    up = int(np.ceil(above / step)) if above > 0 else 0
    return low - step * min(down, 400), high + step * min(up, 400)


class RowPlot(Plot):
    """A plot on panels of rows: picking one picks the row and its groups in every plot.

    Arrow keys walk along the first panel from left to right, Escape lets go.
    """

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._panels: list[RowPanel] = []
        super().__init__(themes, selection, parent)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)

    # -- for subclasses

    def rows(self) -> ResidualRows | None:
        """The rows shown."""
        return None

    # -- common

    def watch(self, *panels: RowPanel) -> None:
        """Use these panels."""
        self._panels = list(panels)
        for panel in panels:
            panel.clicked.connect(self._on_clicked)
            panel.hovered.connect(self._on_hovered)

    def settle(self) -> None:
        for panel in self._panels:
            panel.settle()

    def dress(self, theme: Theme, ratio: float | None = None) -> None:
        super().dress(theme, ratio)
        self._mark()

    def _picked(self) -> Mask | None:
        rows = self.rows()
        if self._selection is None or rows is None:
            return None
        selection = self._selection.selection
        return rows.members.picked(selection.groups, selection.rows)

    def _mark(self) -> None:
        mask = self._picked()
        for panel in self._panels:
            panel.pick_rows(mask)

    def tip(self, row: int) -> str:
        """What there is to say of a row (HTML)."""
        rows = self.rows()
        if rows is None:
            return ""
        lines = [f"{html.escape(name)}: <b>{html.escape(text)}</b>" for name, text in rows.facts(row)]
        return "<br>".join(lines)

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._mark()

    @Slot(int, bool)
    def _on_clicked(self, row: int, extend: bool) -> None:
        rows = self.rows()
        if self._selection is not None and rows is not None:
            pick_row(self._selection, rows, row, extend=extend)

    @Slot(int)
    def _on_hovered(self, row: int) -> None:
        panel = self.sender()
        if isinstance(panel, PlotArea):
            panel.show_tip(self.tip(row) if row >= 0 else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up)
        back = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down)
        if self._selection is None or self.rows() is None:
            super().keyPressEvent(event)
        elif forward or back:
            self._step(1 if forward else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self._selection.clear()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        rows, mask = self.rows(), self._picked()
        if rows is None or self._selection is None or not self._panels:
            return
        panel = self._panels[0]
        order = panel.from_left()
        if not len(order):
            return
        here = -1 if mask is None else int(np.flatnonzero(mask[order])[-1 if by > 0 else 0])
        place = (here + by) % len(order) if here >= 0 else (0 if by > 0 else len(order) - 1)
        pick_row(self._selection, rows, int(order[place]), extend=False, toggle=False)


def pick_row(
    selection: SelectionModel, rows: ResidualRows, row: int, *, extend: bool, toggle: bool = True
) -> None:
    """Pick a row with its groups; picking the only picked row again lets go of it."""
    number = int(rows.members.rows[row])
    groups = frozenset(
        (factor, levels[int(codes[row])])
        for factor, (levels, codes) in rows.members.factors.items()
        if int(codes[row]) >= 0
    )
    before = selection.selection
    if toggle and before.rows == (number,):
        selection.clear()
    elif extend:
        together = tuple(sorted({*before.rows, number}))
        selection.set_selection(Selection(before.groups | groups, before.term, together))
    else:
        selection.set_selection(Selection(groups, before.term, (number,)))
