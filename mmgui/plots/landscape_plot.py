"""The criterion as a landscape over one or two parameters: contours, the boundary, the optimiser's way."""

from __future__ import annotations

import html

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.landscape import LandscapeFigure, at_bounds
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.landscape_panel import LandscapePanel, landscape_hue
from mmgui.plots.plot import Plot

LOW = 250
"""Below which height, at scale 1, the legend and most notes move to the tooltip."""


class LandscapePlot(Plot):
    """Contours over two parameters, a curve over one."""

    title = "Landscape"
    empty = "After a fit, the criterion over its variance parameters stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: LandscapeFigure | None = None
        self._panel = LandscapePanel()
        super().__init__(themes, selection, parent)
        self._panel.hovered.connect(self._on_hovered)
        self.set_body(self._panel)

    def set_data(self, figure: LandscapeFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        self._panel.settle()

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._panel.apply_theme(theme)
            self._panel.show_figure(self._figure)

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        hue = landscape_hue(figure, theme)
        way = f'<span style="color:{theme.no_pooling}">○━●</span> {count(len(figure.trail), "evaluation")}'
        if not figure.improving.all():
            way += ", faint where not lower"
        fit = f'<span style="color:{theme.accent}">◉</span> best fit'
        # In words: a dash before −2 log-likelihood would read as another minus.
        drawn = "contours" if len(figure.axes) == 2 else "curve"
        level = f'<span style="color:{hue}">{drawn}</span>: {figure.criterion} above {figure.reference}'
        boundary = " · boundary hatched" if self._boundary_in_sight(figure) else ""
        return f"{level} · {way} · {fit}{boundary}"

    @staticmethod
    def _boundary_in_sight(figure: LandscapeFigure) -> bool:
        return any(any(at_bounds(axis.bounds, axis.values)) for axis in figure.axes)

    def notes(self) -> tuple[str, ...]:
        if self._figure is None:
            return ()
        # Where there is little room the picture has it; the tooltip says the rest.
        return self._figure.notes[:1] if self.cramped() else self._figure.notes

    def cramped(self) -> bool:
        return super().cramped() or self.height() < self._theme.px(LOW)

    def refresh_words(self) -> None:
        super().refresh_words()
        if self._figure is not None and self.cramped():
            notes = html.escape(" ".join(self._figure.notes))
            self._caption.setToolTip(f"{self.legend(self._theme)}<br>{notes}")

    @Slot(int)
    def _on_hovered(self, evaluation: int) -> None:
        self._panel.show_tip(self.tip(evaluation))

    def tip(self, evaluation: int) -> str:
        """What an evaluation's tooltip says."""
        figure = self._figure
        if figure is None or not 0 <= evaluation < len(figure.trail):
            return ""
        lines = [f"<b>Evaluation {evaluation + 1} of {len(figure.trail)}</b>"]
        for axis, value in zip(figure.axes, figure.trail[evaluation], strict=True):
            lines.append(f"{html.escape(axis.parameter.title)}: {number(float(value))}")
        difference = number(float(figure.trail_difference[evaluation]))
        lines.append(f"{figure.criterion}: {difference} above {figure.reference}")
        return "<br>".join(lines)
