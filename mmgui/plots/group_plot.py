"""Plots whose marks are groups: picking one picks it in every plot of the window."""

from __future__ import annotations

import html

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.plots.area import PlotArea
from mmgui.plots.even_columns import EvenColumns
from mmgui.plots.plot import Plot


class GroupPanel(PlotArea):
    """A panel that marks the picked groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picked: tuple[int, ...] = ()
        # What steps back while some groups are picked.
        self._dimmed: list[pg.GraphicsObject] = []

    def set_picked(self, picked: tuple[int, ...]) -> None:
        self.picked = picked
        self.emphasise()
        self.forget_still()

    def emphasise(self) -> None:
        """Leave less to see of the groups that are not picked."""
        for item in self._dimmed:
            item.setOpacity(0.5 if self.picked else 1.0)


class GroupPlot(Plot):
    """A plot of the groups of one grouping factor, on one or more panels.

    Arrow keys walk through the groups in the picture's order, Escape lets go.
    """

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._panels: list[GroupPanel] = []
        self._even: EvenColumns | None = None
        super().__init__(themes, selection, parent)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)

    # -- for subclasses

    def grouping(self) -> str:
        """The grouping factor shown."""
        return ""

    def levels(self) -> tuple[str, ...]:
        """Its groups."""
        return ()

    def order(self) -> tuple[int, ...]:
        """The groups in the order in which the arrow keys visit them."""
        return tuple(range(len(self.levels())))

    def tip(self, group: int) -> str:
        """Name and numbers of a group (HTML)."""
        return html.escape(self.levels()[group])

    # -- panels

    def set_panels(
        self, panels: list[GroupPanel], places: list[tuple[int, int]], *, even: bool = False
    ) -> None:
        """Use these panels, laid out on a grid of (row, column) places.

        ``even``: in one row, with pictures of one width beside names of any length.
        """
        grid = QGridLayout()
        self._even = EvenColumns(grid, panels) if even else None
        body = self._even or QWidget()
        if self._even is None:
            body.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for panel, (row, column) in zip(panels, places, strict=True):
            grid.addWidget(panel, row, column)
            grid.setRowStretch(row, 1)
            grid.setColumnStretch(column, 1)
            panel.clicked.connect(self._on_clicked)
            panel.hovered.connect(self._on_hovered)
        self._panels = panels
        self.set_body(body)

    def panels(self) -> list[GroupPanel]:
        """The panels shown."""
        return list(self._panels)

    def even_out(self) -> None:
        """Other names stand beside the panels: share their width anew."""
        if self._even is not None:
            self._even.even_out()

    def settle(self) -> None:
        self.even_out()
        for panel in self._panels:
            panel.settle()

    # -- selection

    def picked(self) -> tuple[int, ...]:
        """Positions of the picked groups in the figure."""
        if self._selection is None or not self._filled:
            return ()
        grouping = self.grouping()
        names = {level for factor, level in self._selection.selection.groups if factor == grouping}
        return tuple(k for k, level in enumerate(self.levels()) if level in names) if names else ()

    def dress(self, theme: Theme, ratio: float | None = None) -> None:
        super().dress(theme, ratio)
        self._mark()

    def _mark(self) -> None:
        picked = self.picked()
        for panel in self._panels:
            panel.set_picked(picked)

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._mark()

    @Slot(int, bool)
    def _on_clicked(self, group: int, extend: bool) -> None:
        if self._selection is not None:
            self._selection.pick(self.grouping(), self.levels()[group], extend=extend)

    @Slot(int)
    def _on_hovered(self, group: int) -> None:
        panel = self.sender()
        if isinstance(panel, PlotArea):
            panel.show_tip(self.tip(group) if group >= 0 else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up)
        back = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down)
        if self._selection is None or not self._filled:
            super().keyPressEvent(event)
        elif forward or back:
            self._step(1 if forward else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self._selection.clear()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        order = self.order()
        if not order or self._selection is None:
            return
        picked = self.picked()
        if picked:
            place = (order.index(picked[-1]) + by) % len(order)
        else:
            place = 0 if by > 0 else len(order) - 1
        group = frozenset({(self.grouping(), self.levels()[order[place]])})
        self._selection.set_selection(Selection(group, self._selection.selection.term))
