"""The side of the comparison: figures of merit, tests, what changed in words, and coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.figure_table_model import Marks
from mmgui.app.workspace import Workspace
from mmgui.figures.tabular import FigureTable
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import empty_box, heading, note_frame, quiet

if TYPE_CHECKING:
    from mmgui.figures.compare import CompareFigure, TestRow
    from mmgui.plots.forest_plot import ForestPlot

LETTERS = "ABCD"


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
        self._reasons = quiet(name="testReasons")
        self._reasons.setAccessibleName("Remarks on the tests")
        self._reasons.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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
        box.addWidget(self._reasons)
        box.addSpacing(8)
        box.addLayout(self._changes)
        box.addSpacing(8)
        self._forest_room = QVBoxLayout()
        box.addLayout(self._forest_room)
        box.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._scroll = scroll
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(scroll)
        self._themes = themes

    def content_height(self, width: int) -> int:
        """How tall everything is together in a side this wide."""
        box = self._inner.layout()
        wide = width - 2 - self._scroll.verticalScrollBar().sizeHint().width()
        return 2 + (box.heightForWidth(wide) if box is not None else 0)

    def show_figure(self, figure: CompareFigure) -> None:
        """Show another comparison."""
        formulas = tuple(c.formula for c in figure.columns)
        self.models.set_table(models_table(figure), Marks(tooltips=formulas))
        valid = tuple(t for t in figure.tests if not t.reason)
        self.tests.set_table(tests_table(valid), Marks(tooltips=tuple(t.text for t in valid)))
        self.tests.setVisible(bool(valid))
        lines = _refusals(figure.tests)
        refitted = [_pair(t) for t in figure.tests if t.refitted]
        if refitted:
            why = "both models were refitted by ML for the test, because their fixed effects differ."
            lines.append(f"{', '.join(refitted)}: {why}")
        self._reasons.setText("\n".join(lines))
        self._reasons.setVisible(bool(self._reasons.text()))
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


def models_table(figure: CompareFigure) -> FigureTable:
    """One line a model; the criterion is −2 log-likelihood or the REML criterion."""
    head = ("", "Formula", "npar", "logLik", "AIC", "BIC", "Criterion")
    rows = tuple(
        (LETTERS[k], c.formula, c.npar, c.loglik, c.aic, c.bic, -2.0 * c.loglik)
        for k, c in enumerate(figure.columns)
    )
    return FigureTable(head, rows)


def tests_table(tests: tuple[TestRow, ...]) -> FigureTable:
    """One line a valid test."""
    rows = tuple((_pair(t), t.statistic, t.reference, t.p, t.p_naive) for t in tests)
    return FigureTable(("Pair", "Statistic", "Reference", "p", "naive p"), rows)


def _refusals(tests: tuple[TestRow, ...]) -> list[str]:
    """Each reason once, with the pairs that it concerns."""
    pairs: dict[str, list[str]] = {}
    for test in tests:
        if test.reason:
            pairs.setdefault(test.reason, []).append(_pair(test))
    return [f"{', '.join(concerned)}: {reason}" for reason, concerned in pairs.items()]


def _pair(test: TestRow) -> str:
    return f"{LETTERS[test.small]} – {LETTERS[test.big]}"
