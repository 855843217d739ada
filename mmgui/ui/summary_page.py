"""The summary: variance components, correlations, fixed effects, fit facts, and what the fit says."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

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
        inner = QWidget()
        inner.setProperty("role", "page")
        self._grid = QGridLayout(inner)
        self._grid.setColumnStretch(0, 5)
        self._grid.setColumnStretch(1, 4)
        components = QHBoxLayout()
        components.addWidget(self.variance_table, 5, Qt.AlignmentFlag.AlignTop)
        components.addWidget(self.bars, 4)
        self._components = components
        left = QVBoxLayout()
        left.addWidget(heading("Variance components"))
        left.addLayout(components)
        left.addWidget(self.correlations)
        left.addSpacing(14)
        left.addWidget(heading("Fixed effects"))
        left.addWidget(self.fixed_table)
        left.addWidget(self.method)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(heading("What the fit says"))
        right.addWidget(self.messages)
        right.addSpacing(14)
        right.addWidget(heading("The fit in numbers"))
        right.addWidget(self.facts)
        right.addStretch(1)
        self._left, self._right = left, right
        row = QHBoxLayout()
        row.addLayout(left, 17)
        row.addSpacing(24)
        row.addLayout(right, 9)
        self._grid.addLayout(row, 0, 0)
        self._grid.setColumnStretch(1, 0)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scroll)

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
        self._grid.setContentsMargins(theme.px(18), theme.px(16), theme.px(18), theme.px(16))
        self._components.setSpacing(theme.px(20))
        for box in (self._left, self._right):
            box.setSpacing(theme.px(8))
        self._fill()


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
