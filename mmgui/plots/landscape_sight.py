"""Tells which part of a landscape is in sight once the view has come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmgui.figures.landscape import LandscapeFigure
from mmgui.figures.landscape_window import Window, window_in_sight
from mmgui.plots.area import PlotArea

REST_MS = 150
"""How long a view rests before it is worked out."""


class Sight(QObject):
    """The window that a panel's view asks for; empty while the whole landscape covers it."""

    changed = Signal()

    def __init__(self, panel: PlotArea) -> None:
        super().__init__(panel)
        self.window: Window = ()
        self._panel = panel
        self._figure: LandscapeFigure | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._look)
        panel.range_changed.connect(self._on_range)

    def show(self, figure: LandscapeFigure | None) -> None:
        """Another landscape is drawn."""
        self._figure = figure

    def forget(self) -> None:
        """The whole landscape is wanted, whatever was in sight."""
        self._rest.stop()
        self.window = ()

    def stop(self) -> None:
        """Nobody looks."""
        self._rest.stop()

    @Slot()
    def _on_range(self) -> None:
        if self._figure is not None and (self.window or self._panel.away_from_home):
            self._rest.start()

    @Slot()
    def _look(self) -> None:
        figure = self._figure
        if figure is None:
            return
        home, shown, axes = self._panel.home(), self._panel.shown(), figure.axes
        sides = [((r.left(), r.right()), (r.top(), r.bottom()))[: len(axes)] for r in (home, shown)]
        window = window_in_sight(sides[0], sides[1], [a.bounds for a in axes], self.window)
        if window != self.window:
            self.window = window
            self.changed.emit()
