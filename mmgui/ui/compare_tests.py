"""The side of the comparison: figures of merit, tests, what changed in words, and coefficients."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.figure_table_model import Marks
from mmgui.app.workspace import Workspace
from mmgui.figures.tabular import FigureTable
from mmgui.ui.compare_advice import LETTERS, CompareAdvice, pair_words
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import empty_box, heading, note_frame
from mmgui.ui.simulation_row import SimulationRow

__all__ = ["LETTERS", "CompareTests", "models_table", "tests_table"]

if TYPE_CHECKING:
    from mmgui.figures.compare import CompareFigure, TestRow
    from mmgui.figures.simulated_tests import SimulatedTestsFigure
    from mmgui.plots.forest_plot import ForestPlot


class CompareTests(QFrame):
    """Tables first, then words, then the forest."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareTests")
        self.setProperty("role", "pane")
        themes = workspace.themes
        self.models = FigureTableView("compareTable", "Models compared", themes)
        self.models.set_stretched(1)
        # The formulas head the columns.
        self.models.set_spare(1)
        self.tests = FigureTableView("testsTable", "Tests between nested models", themes)
        self.tests.set_stretched(2)
        # Each row's tooltip says it too.
        self.tests.set_spare(2)
        self.simulation = SimulationRow(workspace)
        self.simulation.changed.connect(self._show_tests)
        self._figure: CompareFigure | None = None
        self.advice = CompareAdvice(themes)
        self._changes = QVBoxLayout()
        self._changes.setSpacing(8)
        self._workspace = workspace
        self.forest: ForestPlot | None = None
        inner = self._inner = QWidget()
        inner.setProperty("role", "page")
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        box.addWidget(heading("Models"))
        box.addWidget(self.models)
        box.addSpacing(8)
        box.addWidget(heading("Tests", "of nested pairs"))
        box.addWidget(self.tests)
        box.addWidget(self.simulation)
        box.addWidget(self.advice)
        box.addSpacing(8)
        box.addLayout(self._changes)
        box.addSpacing(8)
        self._forest_room = QVBoxLayout()
        box.addLayout(self._forest_room)
        box.addStretch(1)
        self._scroll = _upward(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self._scroll)
        self._themes = themes

    def content_height(self, width: int) -> int:
        """How tall everything is together in a side this wide."""
        box = self._inner.layout()
        wide = width - 2 - self._scroll.verticalScrollBar().sizeHint().width()
        if box is None:
            return 2
        # Words that are wrapped a little otherwise must not bring a second scroll bar.
        slack = self._themes.theme.px(16)
        return slack + (box.heightForWidth(wide) if box.hasHeightForWidth() else box.totalSizeHint().height())

    def show_figure(self, figure: CompareFigure) -> None:
        """Show another comparison."""
        self._figure = figure
        formulas = tuple(c.formula for c in figure.columns)
        self.models.set_table(models_table(figure), Marks(tooltips=formulas))
        self._show_tests()
        self.advice.show_remarks(figure.remarks)
        empty_box(self._changes)
        if figure.changes:
            frame, note = note_frame("note", "whatChanged")
            note.addWidget(heading("What changed"))
            for sentence in figure.changes:
                label = QLabel(sentence)
                label.setWordWrap(True)
                label.setTextFormat(Qt.TextFormat.PlainText)
                note.addWidget(label)
            self._changes.addWidget(frame)
        if self.forest is None:
            from mmgui.plots.forest_plot import ForestPlot

            self.forest = ForestPlot(self._workspace.themes, self._workspace.selection)
            self._forest_room.addWidget(self.forest)
        self.forest.set_data(tuple(c.fixed for c in figure.columns), tuple(LETTERS[: len(figure.columns)]))
        rows = sum(len(c.fixed.rows) for c in figure.columns)
        self.forest.setMinimumHeight(self._themes.theme.px(70 + 26 * rows))

    @Slot()
    def _show_tests(self) -> None:
        """The valid tests, with what simulation says of them."""
        if self._figure is None:
            return
        valid = tuple(t for t in self._figure.tests if not t.reason)
        simulated = self.simulation.figure
        self.tests.set_table(tests_table(valid, simulated), Marks(tooltips=_test_words(valid, simulated)))
        self.tests.setVisible(bool(valid))
        self.simulation.set_testable(bool(valid))


def _upward(inner: QWidget) -> QScrollArea:
    """Scrolls up and down alone."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inner)
    return scroll


def models_table(figure: CompareFigure) -> FigureTable:
    """One line a model; the criterion is −2 log-likelihood or the REML criterion."""
    head = ("", "Formula", "npar", "logLik", "AIC", "BIC", "Criterion")
    rows = tuple(
        (LETTERS[k], c.formula, c.npar, c.loglik, c.aic, c.bic, -2.0 * c.loglik)
        for k, c in enumerate(figure.columns)
    )
    return FigureTable(head, rows)


def tests_table(tests: tuple[TestRow, ...], simulated: SimulatedTestsFigure | None) -> FigureTable:
    """One line a valid test; what was simulated has columns of its own."""
    rows: list[tuple[str | float, ...]] = [
        (_pair(t), t.statistic, t.reference, t.p, t.p_naive) for t in tests
    ]
    columns: tuple[str, ...] = ("Pair", "Statistic", "Reference", "p", "naive p")
    if simulated is None:
        return FigureTable(columns, tuple(rows))
    found = [simulated.of(t.small, t.big) for t in tests]
    extra: list[tuple[str, list[float]]] = [
        ("simulated p", [float("nan") if s is None else s.p for s in found]),
        ("exact p", [float("nan") if s is None else s.exact_p for s in found]),
    ]
    for name, values in extra:
        if not all(map(math.isnan, values)):
            columns = (*columns, name)
            rows = [(*row, value) for row, value in zip(rows, values, strict=True)]
    return FigureTable(columns, tuple(rows))


def _test_words(tests: tuple[TestRow, ...], simulated: SimulatedTestsFigure | None) -> tuple[str, ...]:
    found = [None if simulated is None else simulated.of(t.small, t.big) for t in tests]
    return tuple(t.text if s is None else f"{t.text} {s.text}" for t, s in zip(tests, found, strict=True))


def _pair(test: TestRow) -> str:
    return pair_words((test.small, test.big))
