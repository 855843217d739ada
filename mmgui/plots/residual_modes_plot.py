"""Conditional modes against the normal: a small picture for every effect that varies."""

from __future__ import annotations

import html
import math

import numpy as np
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.residuals_modes import ModesFigure
from mmgui.figures.residuals_quantiles import NormalQuantiles
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.plot import Plot
from mmgui.plots.quantile_plot import NormalGround
from mmgui.plots.residual_marks import RowMarks, keep_in_sight
from mmgui.plots.style import color

SHOWN_EFFECTS = 6


class ModePanel(GroupPanel):
    """Modes of one effect in order against the normal."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self.quantiles: NormalQuantiles | None = None
        self._marks: RowMarks | None = None
        self._ground: NormalGround | None = None

    def show_figure(self, quantiles: NormalQuantiles) -> None:
        """Draw the quantiles in the panel's theme."""
        self.quantiles = quantiles
        self.clear_items()
        self.bottom.set_title("Normal")
        self.left.set_title(quantiles.title)
        self._ground = NormalGround(self, quantiles)
        hue = self.theme.term_color(quantiles.term)
        self._marks = RowMarks(self, quantiles.theoretical, quantiles.observed, hue)
        self._find(quantiles)
        # The band's ends, at most as far again as the modes themselves.
        own = span(quantiles.observed, 0.25)
        reached = np.concatenate([quantiles.observed, quantiles.low, quantiles.high]).clip(*own)
        self.set_home(span(quantiles.theoretical, 0.06), span(reached, 0.04))

    def follow(self, quantiles: NormalQuantiles) -> None:
        """The same groups of a model that was moved."""
        self.quantiles = quantiles
        if self._ground is not None and self._marks is not None:
            self._ground.follow(quantiles)
            self._marks.follow(quantiles.theoretical, quantiles.observed)
        self._find(quantiles)
        keep_in_sight(self, np.array([0.0]), quantiles.observed)

    def _find(self, quantiles: NormalQuantiles) -> None:
        self.set_points(np.column_stack([quantiles.theoretical, quantiles.observed]), quantiles.owners)

    def paint_over(self, painter: QPainter) -> None:
        quantiles = self.quantiles
        if quantiles is None:
            return
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            place = int(np.flatnonzero(quantiles.owners == group)[0])
            at = self.pixel(float(quantiles.theoretical[place]), float(quantiles.observed[place]))
            painter.setPen(QPen(color(self.theme.surface), 1.5))
            painter.setBrush(color(self.theme.term_color(quantiles.term)))
            radius = self.theme.px(8) * 0.68
            painter.drawEllipse(at, radius, radius)
            self.paint_label(painter, quantiles.levels[group], at, taken, tint=self.theme.text, bold=True)


class ModesPlot(Plot):
    """The effects of all terms, the first of every term before the second of any."""

    title = "Random effects: distribution"
    empty = "No random effect varies in this fit, so there is no distribution to see."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ModesFigure | None = None
        self._panels: list[ModePanel] = []
        self._kept: list[ModePanel] = []
        self._grid: QGridLayout | None = None
        self._across = 0
        super().__init__(themes, selection, parent)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)

    def set_data(self, figure: ModesFigure | None) -> None:
        """Show a figure; where nothing varies, a sentence."""
        self._figure = figure
        self._build(0 if figure is None else min(len(figure.quantiles), SHOWN_EFFECTS))
        self._quiet.setText(self._words())
        self.show_figure(bool(self._panels))

    def follow(self, figure: ModesFigure) -> None:
        """Show the same effects of a model that was moved, or of the best fit again."""
        self._figure = figure
        for panel, quantiles in zip(self._panels, _shown(figure.quantiles), strict=True):
            panel.follow(quantiles)

    def panels(self) -> list[ModePanel]:
        """The pictures shown."""
        return list(self._panels)

    def _words(self) -> str:
        silent = () if self._figure is None else self._figure.silent
        return " ".join(silent) or self.empty

    def _build(self, count: int) -> None:
        """Panels are kept: they are what takes time."""
        if self._grid is None:
            body = QWidget()
            self._grid = QGridLayout(body)
            self._grid.setContentsMargins(0, 0, 0, 0)
            self.set_body(body)
        while len(self._kept) < count:
            panel = ModePanel()
            panel.clicked.connect(self._on_clicked)
            panel.hovered.connect(self._on_hovered)
            self._kept.append(panel)
        for panel in self._kept[count:]:
            self._grid.removeWidget(panel)
            panel.hide()
        if count != len(self._panels):
            self._panels, self._across = self._kept[:count], 0
            self._lay_out()
        for panel in self._panels:
            panel.show()

    def _lay_out(self) -> None:
        """As many pictures beside each other as make them largest."""
        count, grid = len(self._panels), self._grid
        if not count or grid is None:
            return

        def room(across: int) -> float:
            rows = math.ceil(count / across)
            # An empty place in the grid is room lost.
            filled = count / (across * rows)
            return filled * min(self.width() / across, 1.3 * self.height() / rows)

        across = max(range(1, count + 1), key=room)
        if across == self._across:
            return
        self._across = across
        for k in range(SHOWN_EFFECTS):
            grid.setRowStretch(k, 1 if k < math.ceil(count / across) else 0)
            grid.setColumnStretch(k, 1 if k < across else 0)
        for k, panel in enumerate(self._panels):
            grid.addWidget(panel, *divmod(k, across))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def draw(self, theme: Theme) -> None:
        if self._figure is None:
            return
        if self._grid is not None:
            self._grid.setSpacing(theme.px(12))
        for panel, quantiles in zip(self._panels, _shown(self._figure.quantiles), strict=True):
            panel.apply_theme(theme)
            panel.show_figure(quantiles)
        self._mark()

    def settle(self) -> None:
        for panel in self._panels:
            panel.settle()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, theme: Theme) -> str:  # noqa: ARG002
        return "conditional modes in order against the normal, with its 95 % band"

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        hidden = len(figure.quantiles) - SHOWN_EFFECTS
        more = ("One more effect is in the table only.",) if hidden == 1 else ()
        if hidden > 1:
            more = (f"{hidden} more effects are in the table only.",)
        return figure.notes() + more

    # -- selection

    def _mark(self) -> None:
        if self._selection is None:
            return
        groups = self._selection.selection.groups
        for panel in self._panels:
            q = panel.quantiles
            if q is not None:
                names = {level for factor, level in groups if factor == q.grouping}
                panel.set_picked(tuple(k for k, lev in enumerate(q.levels) if lev in names) if names else ())

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._mark()

    @Slot(int, bool)
    def _on_clicked(self, group: int, extend: bool) -> None:
        panel = self.sender()
        if self._selection is not None and isinstance(panel, ModePanel) and panel.quantiles is not None:
            self._selection.pick(panel.quantiles.grouping, panel.quantiles.levels[group], extend=extend)

    @Slot(int)
    def _on_hovered(self, group: int) -> None:
        panel = self.sender()
        if not isinstance(panel, ModePanel) or panel.quantiles is None:
            return
        if group < 0:
            panel.show_tip("")
            return
        q = panel.quantiles
        value = float(q.observed[int(np.flatnonzero(q.owners == group)[0])])
        panel.show_tip(f"<b>{html.escape(q.levels[group])}</b><br>{html.escape(q.title)}: {number(value)}")


def _shown(modes: tuple[NormalQuantiles, ...]) -> list[NormalQuantiles]:
    """The effects that have room, the first of every term before the second of any, in the model's order."""
    before: dict[int, int] = {}
    ranks: list[tuple[int, int]] = []
    for place, quantiles in enumerate(modes):
        rank = before.get(quantiles.term, 0)
        before[quantiles.term] = rank + 1
        ranks.append((rank, place))
    return [modes[place] for place in sorted(place for _, place in sorted(ranks)[:SHOWN_EFFECTS])]
