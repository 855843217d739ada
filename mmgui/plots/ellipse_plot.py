"""Σ as the ellipse it is: conditional modes inside it, its principal axes, a line where it is singular."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.sigma_words import effect_phrase
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import number
from mmgui.plots.ellipse_panel import BellPanel, EllipsePanel, SigmaPanel
from mmgui.plots.group_plot import GroupPlot

SHOWN_EFFECTS = 6


class EllipsePlot(GroupPlot):
    """One effect: a bell. Two: an ellipse. Three or more: an ellipse for each pair."""

    title = "Distribution of the effects"
    empty = "After a fit, the distribution the groups are drawn from stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CovarianceFigure | None = None
        self._moved: CovarianceFigure | None = None
        self._kind = 0
        self._regression = False
        self._lit: frozenset[int] = frozenset()
        super().__init__(themes, selection, parent)

    def set_data(self, figure: CovarianceFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure, self._moved = figure, None
        if figure is not None:
            self._build(min(len(figure.effects), SHOWN_EFFECTS))
        self.show_figure(figure is not None)

    def follow(self, figure: CovarianceFigure | None) -> None:
        """Show the term at other parameters, the best fit dashed; None: the best fit again."""
        self._moved = figure
        for panel in self._sigma_panels():
            panel.follow(figure)

    def emphasise(self, effects: frozenset[int]) -> None:
        """Draw what belongs to these effects stronger."""
        self._lit = effects
        for panel in self._sigma_panels():
            panel.emphasise_effects(effects)

    def show_regression(self, on: bool) -> None:
        """Draw the line that says what a group's first effect tells about its second, or not."""
        self._regression = on
        for panel in self._sigma_panels():
            if isinstance(panel, EllipsePanel):
                panel.show_regression(on)
        self.refresh_words()

    @property
    def shown(self) -> CovarianceFigure | None:
        """The figure in sight: that of the fit, or where the hand is."""
        return self._moved or self._figure

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self.shown is None else self.shown.table()

    def _sigma_panels(self) -> list[SigmaPanel]:
        return [p for p in self.panels() if isinstance(p, SigmaPanel)]

    def _build(self, effects: int) -> None:
        if effects == self._kind:
            return
        self._kind = effects
        if effects == 1:
            self.set_panels([BellPanel()], [(0, 0)])
        else:
            pairs = [(j, i) for i in range(1, effects) for j in range(i)]
            self.set_panels([EllipsePanel(j, i) for j, i in pairs], [(i - 1, j) for j, i in pairs])

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        names = figure.titles or tuple(effect_name(e) for e in figure.effects)
        for panel in self._sigma_panels():
            panel.apply_theme(theme)
            if isinstance(panel, EllipsePanel):
                panel.regression = self._regression
                panel.labelled = self._kind < 4
            panel.show_figure(figure, names)
            panel.lit = self._lit
            if self._moved is not None:
                panel.follow(self._moved)
            if isinstance(panel, EllipsePanel) and self._kind > 2:
                if panel.pair[0] > 0:
                    panel.left.set_title("")
                if panel.pair[1] < self._kind - 1:
                    panel.bottom.set_title("")
                panel.set_margins(right=theme.px(8), top=theme.px(6))

    def heading(self) -> str:
        return self.title if self._figure is None else f"Distribution of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        if len(figure.effects) == 1:
            return f'<span style="color:{theme.term_color(figure.term)}">●</span> conditional modes'
        line = f' · <span style="color:{theme.accent}">━</span> regression' if self._regression else ""
        return f"10–90 % ellipses{line}"

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        notes = []
        if self._regression and len(figure.effects) == 2:
            notes.append(regression_words(figure))
        if len(figure.effects) > SHOWN_EFFECTS:
            notes.append(f"The first {SHOWN_EFFECTS} of {len(figure.effects)} effects are shown.")
        return tuple(notes)

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self.shown is None:
            return ()
        return tuple(int(k) for k in np.argsort(self.shown.modes[:, 0], kind="stable"))

    def tip(self, group: int) -> str:
        figure = self.shown
        if figure is None:
            return ""
        lines = [f"<b>{html.escape(figure.levels[group])}</b>"]
        for j, effect in enumerate(figure.effects):
            lines.append(f"{html.escape(effect_name(effect))}: {number(float(figure.modes[group, j]))}")
        return "<br>".join(lines)


def regression_words(figure: CovarianceFigure) -> str:
    """What a group's first effect says about its second, in a sentence."""
    names = figure.titles or figure.effects
    one, other = (effect_phrase(effect_name(n)) for n in names[:2])
    slope = figure.slope_on(0, 1)
    if slope != slope:
        return f"{one[:1].upper()}{one[1:]} does not vary, so it says nothing about {other}."
    way = "higher" if slope >= 0 else "lower"
    return (
        f"Of two groups that differ by 1 in {one}, the higher one is expected to have {other} "
        f"{number(abs(slope))} {way}."
    )
