"""The summary: variance components, correlations, fixed effects, fit facts, and what the fit says."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.figure_table_model import Marks
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.numbers import decimal
from mmgui.figures.summary import SummaryFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.variance import VarianceFigure
from mmgui.plots.variance_bars import VarianceBars
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import ResultsPage, heading, quiet
from mmgui.ui.statements import Statements

WIDE, ROOMY = 960, 640
"""From which widths, at scale 1, the words stand beside the tables, and the bars beside their table."""


class SummaryPage(ResultsPage):
    """Tables on the left, what the fit says on the right."""

    key = "summary"
    title = "Summary"
    parts = (Part.SUMMARY, Part.INFERENCE)

    def __init__(self, themes: ThemeModel, selection: SelectionModel, parent: QWidget | None = None) -> None:
        super().__init__(themes, selection, parent)
        self._figure: SummaryFigure | None = None
        self._complete = False
        self.variance_table = FigureTableView("varianceTable", "Variance components", themes)
        self.variance_table.set_stretched(1)
        self.bars = VarianceBars(themes, selection)
        self.bars.set_titled(False)
        self.correlations = quiet(name="correlations")
        self.correlations.setAccessibleName("Correlations of random effects")
        self.correlations.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fixed_table = FigureTableView("fixedTable", "Fixed effects", themes)
        self.fixed_table.set_most_rows(14)
        self.method = quiet(name="dfMethod")
        self.facts = FigureTableView("fitFacts", "Fit facts", themes)
        self.facts.horizontalHeader().hide()
        self.messages = Statements(themes)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if isinstance(figure, SummaryFigure):
            self._figure, self._complete = figure, part is Part.INFERENCE
            self._fill()

    def _arrange(self) -> None:
        self._components = QHBoxLayout()
        self._components.addWidget(self.variance_table, 6, Qt.AlignmentFlag.AlignTop)
        self._components.addWidget(self.bars, 4)
        tables = _column(heading("Variance components"), self._components, self.correlations)
        tables.addSpacing(14)
        for widget in (heading("Fixed effects"), self.fixed_table, self.method):
            tables.addWidget(widget)
        tables.addStretch(1)
        words = _column(heading("What the fit says"), self.messages)
        numbers = _column(heading("The fit in numbers"), self.facts)
        words.addStretch(1)
        numbers.addStretch(1)
        self._aside = QVBoxLayout()
        self._aside.addLayout(words)
        self._aside.addLayout(numbers)
        self._aside.addStretch(0)
        self._columns = (tables, words, numbers)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._row = QHBoxLayout(inner)
        self._row.addLayout(tables, 17)
        self._row.addLayout(self._aside, 9)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a narrow pane what stands beside moves below."""
        theme, side, below = (
            self.themes.theme,
            QBoxLayout.Direction.LeftToRight,
            QBoxLayout.Direction.TopToBottom,
        )
        wide, roomy = self.width() >= theme.px(WIDE), self.width() >= theme.px(ROOMY)
        self._row.setDirection(side if wide else below)
        self._aside.setDirection(below if wide or not roomy else side)
        for place in (0, 1):
            self._aside.setStretch(place, 0 if wide else 1)
        self._aside.setStretch(2, 1 if wide else 0)
        self._components.setDirection(side if roomy else below)

    def _fill(self) -> None:
        figure = self._figure
        if figure is None:
            return
        theme = self.themes.theme
        variance = figure.variance
        self.variance_table.set_table(
            variance.table(), Marks(tuple(theme.term_color(r.term) for r in variance.rows))
        )
        self.bars.set_data(variance)
        self.correlations.setText(_correlations(variance))
        self.correlations.setVisible(bool(variance.correlations))
        waiting = frozenset() if self._complete else frozenset({"df", "p"})
        self.fixed_table.set_table(figure.fixed.table(), Marks(waiting=waiting))
        self.method.setText(_method(figure, self._complete))
        facts = FigureTable(("Fact", "Value"), tuple((f.name, f.value) for f in figure.facts))
        self.facts.set_table(facts, Marks(tooltips=tuple(f.tooltip for f in figure.facts)))
        self.messages.show_statements(figure.statements)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.px(18), theme.px(16), theme.px(18), theme.px(16))
        self._row.setSpacing(theme.px(28))
        self._components.setSpacing(theme.px(20))
        self._aside.setSpacing(theme.px(20))
        for box in self._columns:
            box.setSpacing(theme.px(8))
        self._adapt()
        self._fill()


def _column(*parts: QWidget | QBoxLayout) -> QVBoxLayout:
    box = QVBoxLayout()
    for part in parts:
        if isinstance(part, QBoxLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def _correlations(variance: VarianceFigure) -> str:
    lines = []
    for row in variance.correlations:
        if math.isnan(row.correlation):
            value = "has no meaning, because one of the two does not vary"
        else:
            value = decimal(row.correlation, 2)
        lines.append(f"Correlation of {row.effect} and {row.other} ({row.grouping}): {value}")
    return "\n".join(lines)


def _method(figure: SummaryFigure, complete: bool) -> str:
    level = f"{100 * figure.fixed.level:g} % intervals"
    method = f"Degrees of freedom by {figure.fixed.method}" if complete else "Degrees of freedom: computing …"
    return f"{method} · {level}"
