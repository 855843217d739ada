"""Shrinkage: own estimate to model's estimate, as rows, as a plane, or as a matrix of planes."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.ghosts import ShrinkageGhost
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.shrinkage_words import percent
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.area import PlotArea
from mmgui.plots.axis_link import AxisLink, Range
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.shrinkage_plane import ShrinkagePlane
from mmgui.plots.shrinkage_rows import ShrinkageRows, rows_by_own
from mmgui.plots.shrinkage_strip import ShrinkageStrip
from mmgui.plots.tween import Places, Tween

SHOWN_EFFECTS = 6
Panel = ShrinkagePlane | ShrinkageRows | ShrinkageStrip
Departures = dict[tuple[str, ...], Places]


class ShrinkagePlot(GroupPlot):
    """One effect: a row for each group. Two: a plane. Three or more: a plane for each pair.

    When another fit of the same grouping factor comes, every group moves from its old place to its new
    one; a model moved by hand is followed at once.
    """

    title = "Shrinkage"
    empty = "After a fit, every group's own estimate and the model's stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ShrinkageFigure | None = None
        self._kind = 0
        self._new = False
        self._ghost: ShrinkageGhost | None = None
        self.link = AxisLink(self)
        super().__init__(themes, selection, parent)
        self.tween = Tween(self)
        self.tween.stepped.connect(self._on_stepped)

    def set_data(self, figure: ShrinkageFigure | None) -> None:
        """Show a figure, or the empty state."""
        if figure is not None and figure is self._figure:
            return
        before = self._departures() if _same_groups(self._figure, figure) else {}
        self.tween.finish()
        self._figure, self._new, self._ghost = figure, True, None
        if figure is not None:
            self._build(min(len(figure.effects), SHOWN_EFFECTS))
        self.show_figure(figure is not None)
        if before:
            self._depart(before)

    def show_moved(self, figure: ShrinkageFigure) -> None:
        """Follow the hand: the figure shown, of the same model at other covariance parameters."""
        if self._figure is None or len(figure.effects) != len(self._figure.effects):
            return
        self.tween.finish()
        other_words = figure.collapse != self._figure.collapse and len(figure.effects) != 2
        self._figure = figure
        self.show_ghost(None)
        if other_words:
            self.refresh_words()
        for panel in self._own_panels():
            panel.move_to(figure)
        with self.link.quiet():
            for panel, (x, y) in _ranges(self._own_panels(), moved=True):
                panel.make_room(x, y)

    def show_ghost(self, ghost: ShrinkageGhost | None) -> None:
        """Draw, behind the fit, that without the picked group."""
        self._ghost = ghost
        for panel in self._own_panels():
            panel.ghost = ghost
            panel.viewport().update()

    def settle(self) -> None:
        self.tween.finish()
        super().settle()

    def table(self) -> FigureTable:
        figure = self._figure
        if figure is None:
            return FigureTable((), ())
        return figure.table() if self._ghost is None else self._ghost.beside(figure.table(), figure.effects)

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

    # -- from one figure to the next

    def _departures(self) -> Departures:
        figure = self._figure
        if figure is None or not self._filled or not self.isVisible():
            return {}
        return {_effects_of(panel, figure): panel.places() for panel in self._own_panels()}

    def _depart(self, before: Departures) -> None:
        figure = self._figure
        if figure is None:
            return
        # Where a pair of effects was not shown before, groups come from the first picture there was.
        otherwise = next(iter(before.values())) if len(before) == 1 or self._kind < 3 else None
        for panel in self._own_panels():
            panel.depart(before.get(_effects_of(panel, figure), otherwise))
        self.tween.start()

    @Slot(float)
    def _on_stepped(self, share: float) -> None:
        for panel in self._own_panels():
            panel.arrive(share)

    # -- panels

    def _build(self, effects: int) -> None:
        if effects == self._kind:
            return
        self._kind = effects
        panels: list[Panel] = [ShrinkageRows()]
        places = [(0, 0)]
        if effects == 2:
            panels = [ShrinkagePlane(0, 1)]
        elif effects > 2:
            pairs = [(j, i) for i in range(1, effects) for j in range(i)]
            panels = [ShrinkagePlane(j, i, labelled=False) for j, i in pairs]
            panels += [ShrinkageStrip(j) for j in range(effects)]
            places = [(i, j) for j, i in pairs] + [(j, j) for j in range(effects)]
        self.set_panels(list(panels), places)
        for panel in panels:
            panel.range_changed.connect(self._on_range)

    def _own_panels(self) -> list[Panel]:
        return [p for p in self.panels() if isinstance(p, Panel)]

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        titles = figure.titles or figure.effects
        with self.link.quiet():
            for panel in self._own_panels():
                panel.apply_theme(theme)
                panel.show_figure(figure, titles)
                panel.ghost = self._ghost
                self._bare(panel)
            if self._new:
                for panel, (x, y) in _ranges(self._own_panels()):
                    panel.set_home(x, y)
        self._share_room()
        if self._new:
            self._new = False
            self.link.share()

    def _bare(self, panel: Panel) -> None:
        """In the matrix only the outer panels carry numbers and names."""
        if isinstance(panel, ShrinkageRows) or self._kind < 3:
            return
        strip = isinstance(panel, ShrinkageStrip)
        row = panel.across if isinstance(panel, ShrinkageStrip) else panel.up
        first, last = panel.across == 0 and not strip, row == self._kind - 1
        panel.left.set_style(
            text=first, grid=not strip, least=self._axis_room() if panel.across == 0 else 0.0
        )
        panel.bottom.set_style(text=last)
        # Names stand on the diagonal.
        panel.left.set_title("")
        panel.bottom.set_title("")
        panel.set_margins(right=self._theme.px(8), top=self._theme.px(6))

    def _axis_room(self) -> float:
        """What the numbers of the first column's axes take."""
        planes = (p for p in self._own_panels() if isinstance(p, ShrinkagePlane) and p.across == 0)
        return max((p.left.thickness() for p in planes), default=0.0)

    def _share_room(self) -> None:
        """Give every panel of the matrix the same room, beside the axes of the first column and last row."""
        panels = self._own_panels()
        grid = panels[0].parentWidget().layout() if self._kind > 2 else None
        if not isinstance(grid, QGridLayout):
            return
        room = self._axis_room() + self._theme.px(2)
        foot = next(p.bottom.thickness() for p in panels if p.across == 0)
        wide = max((self.width() - room) / self._kind, 1.0)
        tall = max((self.height() - foot) / self._kind, 1.0)
        for k in range(self._kind):
            grid.setColumnStretch(k, round(wide + (room if k == 0 else 0.0)))
            grid.setRowStretch(k, round(tall + (foot if k == self._kind - 1 else 0.0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    # -- shared ranges

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
        return () if self._figure is None else tuple(int(k) for k in rows_by_own(self._figure))

    def heading(self) -> str:
        return self.title if self._figure is None else f"Shrinkage of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        hue = theme.term_color(figure.term)
        pull = "" if len(figure.effects) == 1 else ", pulled by Σ (10–90\u00a0%)"
        pull += " to the average\u00a0+" if len(figure.effects) > 2 else ""
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
        flat = (figure.collapse,) if figure.collapse and len(figure.effects) != 2 else ()
        return flat + figure.notes + more

    def tip(self, group: int) -> str:
        return "" if self._figure is None else group_tip(self._figure, group)


def group_tip(figure: ShrinkageFigure, group: int) -> str:
    """A group's name and rows, and of each effect own, model's and common value and what is kept (HTML)."""
    lines = [f"<b>{html.escape(figure.levels[group])}</b> · {count(int(figure.sizes[group]), 'row')}"]
    for j, title in enumerate(figure.titles or figure.effects):
        own, model = float(figure.own[group, j]), float(figure.model[group, j])
        line = f"{html.escape(title)}: own {number(own, 4)} → model {number(model, 4)}"
        line += f", common {number(float(figure.centre[j]), 4)}"
        if figure.weights is not None:
            line += f", weight {percent(float(figure.weights[group, j, j]))}"
        lines.append(line)
    return "<br>".join(lines)


def _same_groups(before: ShrinkageFigure | None, after: ShrinkageFigure | None) -> bool:
    return before is not None and after is not None and before.grouping == after.grouping


def _effects_of(panel: Panel, figure: ShrinkageFigure) -> tuple[str, ...]:
    if isinstance(panel, ShrinkagePlane):
        return (figure.effects[panel.across], figure.effects[panel.up])
    return (figure.effects[panel.across if isinstance(panel, ShrinkageStrip) else 0],)


def _ranges(panels: list[Panel], *, moved: bool = False) -> list[tuple[Panel, Range]]:
    """What each panel shows; of a model moved the outer ellipses may leave it."""
    alone = [(panel, _natural(panel, moved=moved)) for panel in panels]
    if len(panels) == 1:
        return alone
    along: dict[int, list[tuple[float, float]]] = {}
    for panel, (x, y) in alone:
        if isinstance(panel, ShrinkagePlane | ShrinkageStrip):
            along.setdefault(panel.across, []).append(x)
        if isinstance(panel, ShrinkagePlane):
            along.setdefault(panel.up, []).append(y)
    hulls = {effect: _hull(ranges) for effect, ranges in along.items()}
    out: list[tuple[Panel, Range]] = []
    for panel in panels:
        if isinstance(panel, ShrinkagePlane):
            out.append((panel, (hulls[panel.across], hulls[panel.up])))
        elif isinstance(panel, ShrinkageStrip):
            out.append((panel, (hulls[panel.across], (0.0, 1.0))))
    return out


def _natural(panel: Panel, *, moved: bool) -> Range:
    return panel.natural_range(0.5) if moved and isinstance(panel, ShrinkagePlane) else panel.natural_range()


def _hull(ranges: list[tuple[float, float]]) -> tuple[float, float]:
    return float(np.min([r[0] for r in ranges])), float(np.max([r[1] for r in ranges]))
