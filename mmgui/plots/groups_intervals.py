"""Intervals of separate fits, a panel for each coefficient: where they do not overlap, groups differ."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.group_intervals import CoefficientIntervals, IntervalsFigure
from mmgui.figures.groups_order import GroupOrder
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.group_intervals_panel import IntervalsPanel
from mmgui.plots.group_plot import GroupPlot
from mmgui.plots.groups_view import COMPLETE, OWN, PARTIAL
from mmgui.plots.pager import Pager

LEAST = 190
"""Width of a panel, at scale 1, below which the coefficients are shown page by page."""
MOST = 4
LOW = 300
"""Height, at scale 1, below which the sentences are a few words."""


class GroupsIntervals(GroupPlot):
    """Separate fits of the groups; the sentence under each panel says what the overlap suggests."""

    title = "Separate fits of the groups"
    empty = "After a fit, the intervals of separate fits of the groups stand here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: IntervalsFigure | None = None
        self._moved: IntervalsFigure | None = None
        self._order: GroupOrder | None = None
        self._lines = frozenset({OWN, COMPLETE})
        self._page, self._across = 0, 0
        self._low = False
        self._sentences: list[QLabel] = []
        self._drawn: object = None
        self.explained = self._exported = False
        super().__init__(themes, selection, parent)
        self._pager = Pager()
        self._pager.page_wanted.connect(self._on_page)
        self.set_corner(self._pager)

    def set_data(
        self,
        figure: IntervalsFigure | None,
        order: GroupOrder | None = None,
        lines: frozenset[str] | None = None,
    ) -> None:
        """Show a figure with its groups in an order, or the empty state."""
        self._figure, self._moved, self._order = figure, None, order
        if lines is not None and lines != self._lines:
            self._lines, self._drawn = lines, None
        self._page = 0
        self._build()
        self.show_figure(figure is not None)

    def show_moved(self, moved: IntervalsFigure | None) -> None:
        """Show the model's estimates as moved; None: as fitted."""
        self._moved = moved
        shown = self._shown() if moved is None else self._part(moved.coefficients)
        for panel, coefficient in zip(self._panels, shown, strict=False):
            if isinstance(panel, IntervalsPanel):
                panel.show_moved(None if moved is None else coefficient)

    def dress(self, theme: Theme, ratio: float | None = None) -> None:
        self._exported = ratio is not None
        super().dress(theme, ratio)

    def set_order(self, order: GroupOrder | None) -> None:
        """In which order the groups stand."""
        if order is not self._order:
            self._order = order
            self.show_figure(self._figure is not None)

    def set_lines(self, lines: frozenset[str]) -> None:
        """Whether the common value and the model's estimates are drawn beside the separate fits."""
        if lines != self._lines:
            self._lines = lines
            self._drawn = None
            self.show_figure(self._figure is not None)

    def lines(self) -> frozenset[str]:
        """What is drawn."""
        return self._lines

    def table(self) -> FigureTable:
        figure = self._moved if self._moved is not None else self._figure
        return FigureTable((), ()) if figure is None else figure.table()

    # -- pages of coefficients

    def _part(self, coefficients: tuple[CoefficientIntervals, ...]) -> tuple[CoefficientIntervals, ...]:
        return coefficients[self._page * self._across : (self._page + 1) * self._across]

    def _shown(self) -> tuple[CoefficientIntervals, ...]:
        return () if self._figure is None else self._part(self._figure.coefficients)

    def _room(self) -> int:
        wanted = 0 if self._figure is None else len(self._figure.coefficients)
        return max(1, min(wanted, MOST, self.width() // self._theme.px(LEAST)))

    def _build(self) -> None:
        """As many panels as have room, each with its sentence below."""
        across = self._room()
        if across == self._across and self._panels:
            return
        self._across, self._drawn = across, None
        panels = [IntervalsPanel() for _ in range(across)]
        self.set_panels(list(panels), [(0, k) for k in range(across)], even=True)
        body = panels[0].parentWidget()
        grid = body.layout() if body is not None else None
        self._sentences = []
        if not isinstance(grid, QGridLayout):
            return
        for k in range(across):
            label = QLabel()
            label.setObjectName(f"intervalSentence{k}")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(label, 1, k)
            self._sentences.append(label)
        grid.setRowStretch(1, 0)

    @Slot(int)
    def _on_page(self, page: int) -> None:
        self._page, self._drawn = page, None
        self.show_figure(self._figure is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._figure is None:
            return
        low = self.height() < self._theme.px(LOW)
        if low != self._low:
            self._low = low
            self.show_figure(True)
        if self._room() != self._across:
            self._page = 0
            self._build()
            self.show_figure(True)

    # -- drawing

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        self._low = self.height() < theme.px(LOW)
        shown = self._shown()
        pages = -(-len(figure.coefficients) // self._across)
        first = self._page * self._across
        words = f"{first + 1}–{first + len(shown)} of {count(len(figure.coefficients), 'coefficient')}"
        self._pager.show_page(self._page, pages, words, theme)
        rows = np.arange(len(figure.levels))[::-1] if self._order is None else self._order.rows
        drawn = (figure, self._order, self._page)
        afresh, self._drawn = self._drawn != drawn, drawn
        for k, panel in enumerate(self._panels):
            panel.setVisible(k < len(shown))
            self._sentences[k].setVisible(k < len(shown))
            if k >= len(shown) or not isinstance(panel, IntervalsPanel):
                continue
            panel.apply_theme(theme)
            panel.show_coefficient(
                shown[k], figure.levels, rows, self._lines, hue=theme.term_color(figure.term),
                title=figure.grouping, named=k == 0, afresh=afresh,
            )  # fmt: skip
            self._sentences[k].setText(shown[k].brief if self._low else shown[k].sentence)
            self._sentences[k].setToolTip(plain_tip(shown[k].sentence) if self._low else "")
            # The first begins where the notes below begin.
            edges = f"0 {theme.px(10)}px 0 {theme.px(10) if k else 0}px"
            self._sentences[k].setStyleSheet(
                f"color: {theme.text}; font-size: {theme.px(12)}px; padding: {edges};"
            )
        self.even_out()
        if self._moved is not None:
            self.show_moved(self._moved)

    # -- words

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._order is not None:
            return tuple(self._order.rows.tolist())
        return super().order()

    def heading(self) -> str:
        return self.title if self._figure is None else f"Separate fits of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        if self._figure is None:
            return ""
        hue = theme.term_color(self._figure.term)
        words = [f'<span style="color:{theme.no_pooling}">○━</span> own, 95 % interval']
        if self.explained and not self._exported:
            return "" if self._low else words[0]
        if COMPLETE in self._lines:
            words.append(f'<span style="color:{theme.complete_pooling}">┇</span> complete pooling')
        if PARTIAL in self._lines:
            words.append(f'<span style="color:{hue}">●━</span> the model\'s, conditional interval')
        return " &nbsp;".join(words)

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes

    def tip(self, group: int) -> str:
        figure = self._moved if self._moved is not None else self._figure
        if figure is None:
            return ""
        rows = count(int(figure.sizes[group]), "row")
        lines = [f"<b>{html.escape(figure.levels[group])}</b> · {rows}"]
        reason = dict(figure.unfitted).get(group, "")
        if reason:
            lines.append(html.escape(reason))
        for c in figure.coefficients:
            own = "" if reason else f"own {_interval(c.estimate[group], c.lower[group], c.upper[group])}, "
            model = _interval(c.model[group], c.model_lower[group], c.model_upper[group])
            lines.append(f"{html.escape(c.title)}: {own}model's {model}")
        return "<br>".join(lines)


def _interval(estimate: float, low: float, high: float) -> str:
    if low != low:
        return number(float(estimate), 4)
    return f"{number(float(estimate), 4)} ({number(float(low), 4)} to {number(float(high), 4)})"
