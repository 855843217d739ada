"""Panels side by side whose pictures are equally wide, whatever room the names on their left take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.plots.area import PlotArea

NARROW = 40.0
"""The width, in pixels, that a picture keeps beside long names."""


class EvenColumns(QWidget):
    """Long names beside the first of several panels would else leave a sliver of its picture."""

    def __init__(self, grid: QGridLayout, panels: Sequence[PlotArea]) -> None:
        super().__init__()
        self._grid, self._panels = grid, list(panels)
        self.setLayout(grid)

    def even_out(self) -> None:
        """Share the width anew; the names of the panels or the width are others."""
        shown = [(k, panel) for k, panel in enumerate(self._panels) if not panel.isHidden()]
        if not shown:
            return
        beside = {k: panel.left.thickness() for k, panel in shown}
        each = max((self.width() - sum(beside.values())) / len(shown), NARROW)
        wanted = [round(each + beside[k]) if k in beside else 0 for k in range(len(self._panels))]
        if wanted != [self._grid.columnStretch(k) for k in range(len(self._panels))]:
            for k, share in enumerate(wanted):
                self._grid.setColumnStretch(k, share)
            self._grid.activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.even_out()
