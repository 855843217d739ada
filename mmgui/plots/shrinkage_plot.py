"""Shrinkage: own estimate to model's estimate, as rows, as a plane, or as a matrix of planes."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.area import PlotArea
from mmgui.plots.axis_link import AxisLink, Range
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.shrinkage_plane import ShrinkagePlane
from mmgui.plots.shrinkage_rows import ShrinkageRows

SHOWN_EFFECTS = 6
Panel = ShrinkagePlane | ShrinkageRows


class ShrinkagePlot(GroupPlot):
    """One effect: a row for each group. Two: a plane. Three or more: a plane for each pair."""

    title = "Shrinkage"
    empty = "After a fit, every group's own estimate and the model's stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ShrinkageFigure | None = None
        self._kind = 0
        self.link = AxisLink(self)
        super().__init__(themes, selection, parent)

    def set_data(self, figure: ShrinkageFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        if figure is not None:
            self._build(min(len(figure.effects), SHOWN_EFFECTS))
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def link_axes(self, other: ShrinkagePlot) -> None:
        """Show this plot and the other (and all linked to either) on the same axes."""
        if other.link is not self.link:
            for plot in self.link.join(other.link):
                if isinstance(plot, ShrinkagePlot):
                    plot.link = self.link
        self.link.share()

    def effects_shown(self) -> int:
        """How many effects have a place in the picture."""
        return self._kind

    def main_panel(self) -> PlotArea | None:
        """The one panel whose axes can be shared; None for the matrix and while nothing is shown."""
        return self._own_panels()[0] if self._filled and self._kind in (1, 2) else None

    def natural_range(self) -> Range:
        """The range that shows everything of the first panel."""
        return self._own_panels()[0].natural_range()

    # -- panels

    def _build(self, effects: int) -> None:
        if effects == self._kind:
            return
        self._kind = effects
        if effects == 1:
            panels: list[Panel] = [ShrinkageRows()]
            places = [(0, 0)]
        else:
            pairs = [(j, i) for i in range(1, effects) for j in range(i)]
            panels = [ShrinkagePlane(j, i, labelled=effects == 2) for j, i in pairs]
            places = [(i - 1, j) for j, i in pairs]
        self.set_panels(list(panels), places)
        for panel in panels:
            panel.range_changed.connect(self._on_range)

    def _own_panels(self) -> list[Panel]:
        return [p for p in self.panels() if isinstance(p, ShrinkagePlane | ShrinkageRows)]

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        titles = figure.titles or figure.effects
        with self.link.quiet():
            for panel in self._own_panels():
                panel.apply_theme(theme)
                panel.show_figure(figure, titles)
                self._bare(panel)
            for panel in self._own_panels():
                panel.set_home(*self._range_of(panel))
        self.link.share()

    def _bare(self, panel: Panel) -> None:
        """In the matrix only the outer panels carry numbers and names."""
        if not isinstance(panel, ShrinkagePlane) or self._kind < 3:
            return
        first, last = panel.across == 0, panel.up == self._kind - 1
        panel.left.set_style(text=first)
        panel.bottom.set_style(text=last)
        if not first:
            panel.left.set_title("")
        if not last:
            panel.bottom.set_title("")
        panel.set_margins(right=self._theme.px(8), top=self._theme.px(6))

    # -- shared ranges

    def _range_of(self, panel: Panel) -> Range:
        if isinstance(panel, ShrinkagePlane) and self._kind > 2:
            ranges = [p.natural_range() for p in self._own_panels() if isinstance(p, ShrinkagePlane)]
            pairs = [(p.across, p.up) for p in self._own_panels() if isinstance(p, ShrinkagePlane)]
            return _along(panel.across, pairs, ranges), _along(panel.up, pairs, ranges)
        return panel.natural_range()

    @Slot()
    def _on_range(self) -> None:
        panel = self.sender()
        if isinstance(panel, PlotArea) and panel is self.main_panel():
            self.link.follow(panel, panel.shown())

    # -- words

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        own, model = self._figure.own[:, 0], self._figure.model[:, 0]
        return tuple(int(k) for k in np.argsort(np.where(np.isfinite(own), own, model), kind="stable"))

    def heading(self) -> str:
        return self.title if self._figure is None else f"Shrinkage of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        hue = theme.term_color(figure.term)
        pull = "" if len(figure.effects) == 1 else ", pulled by Σ (10–90 %)"
        pull += " towards the model's average +" if len(figure.effects) > 2 else ""
        return (
            f'own estimate <span style="color:{theme.no_pooling}">○</span> → '
            f'model\'s estimate <span style="color:{hue}">●</span>{pull}'
        )

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        hidden = len(figure.effects) - SHOWN_EFFECTS
        more = (
            (f"The first {SHOWN_EFFECTS} of {len(figure.effects)} effects are shown.",) if hidden > 0 else ()
        )
        return figure.notes + more

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lines = [
            f"<b>{html.escape(figure.levels[group])}</b> · {count(int(figure.sizes[group]), 'row')}",
        ]
        for j, title in enumerate(figure.titles or figure.effects):
            own, model = float(figure.own[group, j]), float(figure.model[group, j])
            lines.append(f"{html.escape(title)}: own {number(own, 4)} → model {number(model, 4)}")
        return "<br>".join(lines)


def _along(effect: int, pairs: list[tuple[int, int]], ranges: list[Range]) -> tuple[float, float]:
    mine = [r[side] for pair, r in zip(pairs, ranges, strict=True) for side in (0, 1) if pair[side] == effect]
    return min(m[0] for m in mine), max(m[1] for m in mine)
