"""Two to four models side by side, and the tests between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.analysis import Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.formula_difference import difference
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.figures.numbers import count
from mmgui.ui.compare_tests import LETTERS, CompareTests, models_table
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import heading, quiet

if TYPE_CHECKING:
    from mmgui.figures.compare import CompareFigure
    from mmgui.ui.compare_column import CompareColumnView


COLUMN_WIDTH = 225
"""At scale 1; where there is no room for so many columns they scroll."""


class _Columns(QHBoxLayout):
    """Lets the columns shrink to the room there is: their pictures need no certain height for a width."""

    def hasHeightForWidth(self) -> bool:
        return False


class ComparePane(QWidget):
    """Takes the place of the three columns while models are compared."""

    back_requested = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePane")
        self.setAccessibleName("Comparison of models")
        self._workspace = workspace
        self._figure: CompareFigure | None = None
        self._columns: list[CompareColumnView] = []
        self._back = QPushButton("‹ Back to the model")
        self._back.setObjectName("backButton")
        self._back.setAccessibleName("Back to the model")
        self._back.setProperty("role", "link")
        self._back.clicked.connect(self.back_requested)
        self._title = heading("Compare")
        self._subtitle = quiet(name="compareSubtitle")
        self._subtitle.setWordWrap(False)
        self._computing = quiet("computing …", "compareComputing")
        inner = QWidget()
        inner.setProperty("role", "page")
        self._row = _Columns(inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._scroll.setWidget(inner)
        self._scroll.viewport().installEventFilter(self)
        self.tests = CompareTests(workspace)
        self.models = FigureTableView("compareTable", "Models compared", workspace.themes)
        self.models.set_stretched(1)
        self._merits = QFrame()
        self._merits.setProperty("role", "pane")
        merits = QVBoxLayout(self._merits)
        merits.setContentsMargins(14, 8, 14, 8)
        merits.addWidget(self.models)
        self._left = QVBoxLayout()
        self._left.addWidget(self._scroll, 1)
        self._left.addWidget(self._merits)
        self._body = QHBoxLayout()
        self._body.addLayout(self._left, 1)
        self._body.addWidget(self.tests)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._header())
        self._box.addLayout(self._body, 1)
        workspace.analyses.analysis_changed.connect(self._on_analysis)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def _header(self) -> QHBoxLayout:
        header = QHBoxLayout()
        header.addWidget(self._back)
        header.addWidget(self._title)
        header.addWidget(self._subtitle)
        header.addStretch(1)
        header.addWidget(self._computing)
        return header

    def refresh(self) -> None:
        """Show the models that the document names; a fresh comparison is worked out in the background."""
        document = self._workspace.store.document
        models = tuple(m for m in map(document.model, document.view.compared) if m is not None)
        if not document.view.comparing or len(models) < 2:
            return
        analysis = self._workspace.analyses.request_comparison(models)
        self._computing.setVisible(analysis is None)
        if analysis is not None:
            self._show(analysis)

    @Slot(object)
    def _on_analysis(self, analysis: Analysis) -> None:
        if analysis.topic.part is Part.COMPARISON:
            self.refresh()

    def _show(self, analysis: Analysis) -> None:
        if analysis.error is not None:
            self._subtitle.setText(analysis.error.message)
        if analysis.figure is not None and analysis.figure is not self._figure:
            self._figure = cast("CompareFigure", analysis.figure)
            self._build(self._figure)

    def _build(self, figure: CompareFigure) -> None:
        for old in self._columns:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        from mmgui.ui.compare_column import CompareColumnView

        before = [None, *(c.formula for c in figure.columns[:-1])]
        themes, selection = self._workspace.themes, self._workspace.selection
        self._columns = [
            CompareColumnView(LETTERS[k], column, difference(column.formula, before[k]), themes, selection)
            for k, column in enumerate(figure.columns)
        ]
        limits = _limits(figure)
        for view in self._columns:
            self._row.addWidget(view, 1)
            view.fill(figure.sd_maximum, limits)
        self._link()
        self.tests.show_figure(figure)
        self.models.set_table(models_table(figure))
        table = self._workspace.store.document.table
        self._title.setText(f"Compare {len(figure.columns)} models")
        self._subtitle.setText(_subtitle(figure, "" if table is None else table.name))
        self._on_theme(themes.theme)

    def _link(self) -> None:
        """Shrinkage plots of the same grouping factor and number of effects move together."""
        first: dict[tuple[str, int], CompareColumnView] = {}
        for view in self._columns:
            for plot, figure in zip(view.shrinkage, view.column.shrinkage, strict=True):
                key = (figure.grouping, len(figure.effects))
                leader = first.setdefault(key, view)
                for other, other_figure in zip(leader.shrinkage, leader.column.shrinkage, strict=True):
                    if other is not plot and (other_figure.grouping, len(other_figure.effects)) == key:
                        plot.link_axes(other)
                        break

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(10), theme.px(8), theme.px(10), theme.px(10))
        self._box.setSpacing(theme.px(8))
        self._row.setSpacing(theme.px(10))
        self._body.setSpacing(theme.px(10))
        self._left.setSpacing(theme.px(10))
        self.tests.setFixedWidth(theme.px(460) if theme.scale < 1.5 else theme.px(330))
        most = max((len(v.column.variance.rows) for v in self._columns), default=0)
        for view in self._columns:
            view.setMinimumWidth(theme.px(COLUMN_WIDTH))
            view.dress(theme, most)
        self._level()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._level()
        return super().eventFilter(watched, event)

    def _level(self) -> None:
        """Give the words above the pictures one height, so that the pictures stand level."""
        if not self._columns:
            return
        gaps = self._row.spacing() * (len(self._columns) - 1)
        shared = (self._scroll.viewport().width() - gaps) // len(self._columns)
        width = max(shared, self._workspace.themes.theme.px(COLUMN_WIDTH))
        heights = [view.heights(width) for view in self._columns]
        for view in self._columns:
            view.set_heights(max(h for h, _ in heights), max(f for _, f in heights))


def _limits(figure: CompareFigure) -> dict[str, float]:
    """The largest absolute covariance by grouping factor: one colour scale for all columns."""
    limits: dict[str, float] = {}
    for column in figure.columns:
        for covariance in column.covariance:
            largest = float(abs(covariance.covariance).max(initial=0.0))
            limits[covariance.grouping] = max(limits.get(covariance.grouping, 0.0), largest)
    return limits


def _subtitle(figure: CompareFigure, table: str) -> str:
    rows = {c.nobs for c in figure.columns}
    words = [table] if table else []
    if len(rows) == 1:
        words.append(f"{count(rows.pop(), 'row')} in all of them")
    else:
        words.append("different numbers of rows")
    estimation = {c.estimation for c in figure.columns}
    words.append(estimation.pop() if len(estimation) == 1 else "REML and ML")
    return " · ".join(words)
