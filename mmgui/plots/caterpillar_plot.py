"""Conditional modes of all effects of a term side by side, group by group, with what is uncertain of them."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.normal import cut
from mmgui.figures.shrinkage import CaterpillarFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import count, number
from mmgui.plots.caterpillar_rows import LEVEL, CaterpillarRows
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.tween import Places, Tween

SHOWN_EFFECTS = 6
BY_SIZE, BY_NAME = "Group size", "Name"


class CaterpillarPlot(GroupPlot):
    """Mode ± 1.96 conditional SD of every group, one panel an effect, the same order of rows in all.

    Rows keep their order while the model is moved by hand; when another fit comes, groups glide to theirs.
    """

    title = "Conditional modes"
    empty = "After a fit, every group's conditional mode stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CaterpillarFigure | None = None
        self._sort = ""
        self._new = False
        super().__init__(themes, selection, parent)
        self.tween = Tween(self)
        self.tween.stepped.connect(self._on_stepped)

    def set_data(self, figure: CaterpillarFigure | None) -> None:
        """Show a figure, or the empty state; the order chosen stays where it exists."""
        if figure is not None and figure is self._figure:
            return
        before = self._departures()
        old = self._figure
        self.tween.finish()
        self._figure, self._new = figure, True
        if figure is not None:
            self._build(min(len(figure.effects), SHOWN_EFFECTS))
        self.show_figure(figure is not None)
        if old is not None and figure is not None and old.grouping == figure.grouping:
            self._depart(before)

    def show_moved(self, figure: CaterpillarFigure) -> None:
        """Follow the hand: the figure shown, of the same model at other covariance parameters."""
        if self._figure is None or len(figure.effects) != len(self._figure.effects):
            return
        self.tween.finish()
        self._figure = figure
        for panel in self._own_panels():
            panel.move_to(figure)
            panel.make_room(*panel.natural_range())

    def sorts(self) -> tuple[str, ...]:
        """What rows can be sorted by: each effect, the size of the group, its name."""
        figure = self._figure
        if figure is None:
            return ()
        effects = figure.titles or tuple(effect_name(e) for e in figure.effects)
        return (*effects, *((BY_SIZE,) if figure.sizes is not None else ()), BY_NAME)

    def sort(self) -> str:
        """What rows are sorted by."""
        known = self.sorts()
        return self._sort if self._sort in known else next(iter(known), "")

    @Slot(str)
    def set_sort(self, sort: str) -> None:
        """Sort by one of ``sorts``; groups glide to their new rows."""
        if sort == self.sort():
            return
        before = self._departures()
        self.tween.finish()
        self._sort = sort
        self.show_figure(self._figure is not None)
        self._depart(before)

    def settle(self) -> None:
        self.tween.finish()
        super().settle()

    def table(self) -> FigureTable:
        """One line a group, in the order shown from top to bottom."""
        if self._figure is None:
            return FigureTable((), ())
        table = self._figure.table()
        return FigureTable(table.columns, tuple(table.rows[k] for k in reversed(self.order())))

    def draw(self, theme: Theme) -> None:
        if self._figure is None:
            return
        order = self._order(self._figure)
        for panel in self._own_panels():
            panel.apply_theme(theme)
            panel.show_figure(self._figure, order)
            if panel.effect:
                panel.set_margins(right=theme.px(22), top=panel.top_margin())
            if self._new:
                panel.set_home(*panel.natural_range())
        self._new = False
        self.even_out()

    # -- panels and places

    def _build(self, effects: int) -> None:
        if effects == len(self._own_panels()):
            return
        panels = [CaterpillarRows(k) for k in range(effects)]
        for panel in panels[1:]:
            panel.view.setYLink(panels[0].view)
        self.set_panels(list(panels), [(0, k) for k in range(effects)], even=True)

    def _own_panels(self) -> list[CaterpillarRows]:
        return [p for p in self.panels() if isinstance(p, CaterpillarRows)]

    def _departures(self) -> dict[str, Places]:
        figure = self._figure
        if figure is None or not self._filled or not self.isVisible():
            return {}
        return {figure.effects[p.effect]: p.places() for p in self._own_panels()}

    def _depart(self, before: dict[str, Places]) -> None:
        figure = self._figure
        if figure is None or not before:
            return
        for panel in self._own_panels():
            panel.depart(before.get(figure.effects[panel.effect]))
        self.tween.start()

    @Slot(float)
    def _on_stepped(self, share: float) -> None:
        for panel in self._own_panels():
            panel.arrive(share)

    def _order(self, figure: CaterpillarFigure) -> NDArray[np.intp]:
        """Groups from bottom to top."""
        figure = figure.best or figure
        sorts, sort = self.sorts(), self.sort()
        if sort == BY_NAME:
            return np.arange(len(figure.levels))[::-1]
        if sort == BY_SIZE and figure.sizes is not None:
            return np.argsort(figure.sizes, kind="stable")
        return np.argsort(figure.modes[:, sorts.index(sort)], kind="stable")

    # -- words

    def heading(self) -> str:
        if self._figure is None:
            return self.title
        return f"Conditional modes of {self._figure.grouping}"

    def legend(self, _theme: Theme) -> str:
        if self._figure is None:
            return ""
        return "difference from the average, ± 1.96 conditional SD"

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        return () if self._figure is None else tuple(int(k) for k in self._order(self._figure))

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        rows = "" if figure.sizes is None else f" · {count(int(figure.sizes[group]), 'row')}"
        lines = [f"<b>{html.escape(figure.levels[group])}</b>{rows}"]
        for j, effect in enumerate(figure.effects):
            mode, half = float(figure.modes[group, j]), cut(LEVEL) * float(figure.sd[group, j])
            interval = f" ({number(mode - half)} to {number(mode + half)})" if half == half else ""
            lines.append(f"{html.escape(effect_name(effect))}: {number(mode)}{interval}")
        return "<br>".join(lines)
