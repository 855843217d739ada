"""Plots laid side by side that show one range: what moves in one moves in all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from PySide6.QtCore import QRectF
from shiboken6 import isValid

from mmgui.plots.area import PlotArea

Range = tuple[tuple[float, float], tuple[float, float]]


class Linkable(Protocol):
    """A plot whose picture is one panel, or None while it is none."""

    def main_panel(self) -> PlotArea | None: ...

    def natural_range(self) -> Range: ...


class AxisLink:
    """The plots that share their axes; a plot starts alone."""

    def __init__(self, first: Linkable) -> None:
        self._plots: list[Linkable] = [first]
        self._busy = False

    @property
    def plots(self) -> list[Linkable]:
        """The plots that still exist; one that was deleted with its page leaves by itself."""
        self._plots = [p for p in self._plots if isValid(p)]
        return list(self._plots)

    def join(self, other: AxisLink) -> list[Linkable]:
        """Take in the plots of another link; these are returned."""
        moved = other.plots
        self._plots += moved
        return moved

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While ranges are set on purpose, nobody follows."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before

    def share(self) -> None:
        """Show everything of all plots in each."""
        panels = [(p, panel) for p in self.plots if (panel := p.main_panel()) is not None]
        if len(panels) < 2:
            return
        ranges = [p.natural_range() for p, _ in panels]
        x = (min(r[0][0] for r in ranges), max(r[0][1] for r in ranges))
        y = (min(r[1][0] for r in ranges), max(r[1][1] for r in ranges))
        with self.quiet():
            for _, panel in panels:
                panel.set_home(x, y)

    def follow(self, leader: PlotArea, shown: QRectF) -> None:
        """Show in the other plots what ``leader`` shows now."""
        if self._busy:
            return
        with self.quiet():
            for plot in self.plots:
                panel = plot.main_panel()
                if panel is not None and panel is not leader:
                    panel.view.setRange(shown, padding=0)
