"""Two to four models side by side, and the tests between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.analysis import Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.formula_difference import difference
from mmgui.app.proposals import Proposals
from mmgui.app.store import FitChanged, FitStatus
from mmgui.app.theme import Theme
from mmgui.app.walk import walk_remarks
from mmgui.app.workspace import Workspace
from mmgui.numbers import count
from mmgui.ui.compare_tests import LETTERS, CompareTests
from mmgui.ui.results_page import heading, quiet

if TYPE_CHECKING:
    from mmgui.advice.finding import Fix
    from mmgui.figures.compare import CompareFigure
    from mmgui.spec.document import ShelfModel
    from mmgui.ui.compare_column import CompareColumnView


COLUMN_WIDTH = 186
"""At scale 1; where there is no room for so many columns they scroll."""

SIDE_SHARE, SIDE_LEAST, SIDE_MOST = 0.31, 452, 600
"""Of the width, and at scale 1: where too little would be left for the columns, the side moves below them."""

PICTURE = 215
"""The least height of a picture of shrinkage at scale 1."""


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
        inner = self._inner = QWidget()
        inner.setProperty("role", "page")
        self._row = _Columns(inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._scroll = _scroll_area(inner)
        self.tests = CompareTests(workspace)
        self._proposals = Proposals(workspace, self)
        self.tests.advice.ml_wanted.connect(self._on_ml_wanted)
        self.tests.advice.starts_wanted.connect(self._on_starts_wanted)
        whole = QWidget()
        whole.setProperty("role", "page")
        self._body = QHBoxLayout(whole)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.addWidget(self._scroll, 1)
        self._body.addWidget(self.tests)
        self._outer = _scroll_area(whole)
        self._outer.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().installEventFilter(self)
        self._outer.viewport().installEventFilter(self)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._header())
        self._box.addWidget(self._outer, 1)
        # Once the layouts know what is in them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._arrange)
        self.tests.simulation.grown.connect(self._soon.start)
        workspace.analyses.analysis_changed.connect(self._on_analysis)
        workspace.store.fit_changed.connect(self._on_fit)
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
        comparing = document.view.comparing and len(models) > 1
        self.tests.simulation.set_models(models if comparing else ())
        if not comparing:
            return
        self.tests.advice.show_walk(walk_remarks(document, models[0]))
        analysis = self._workspace.analyses.request_comparison(models)
        failed = self._failed(models)
        self._computing.setVisible(analysis is None and not failed)
        if failed:
            self._subtitle.setText(failed)
        if analysis is not None:
            self._show(analysis)

    def _failed(self, models: tuple[ShelfModel, ...]) -> str:
        """Why there is no comparison: a model that could not be fitted; empty where all could, or may yet."""
        records = map(self._workspace.store.record, models)
        errors = (
            r.error.message for r in records if r is not None and r.status is FitStatus.FAILED and r.error
        )
        return next(errors, "")

    @Slot(object)
    def _on_fit(self, change: FitChanged) -> None:
        """A session opens with its comparison before its models are fitted."""
        if change.record.status is not FitStatus.RUNNING:
            self.refresh()

    @Slot(object)
    def _on_ml_wanted(self, fixes: tuple[Fix, ...]) -> None:
        self._proposals.fit_and_compare(None, fixes)

    @Slot(int)
    def _on_starts_wanted(self, position: int) -> None:
        document = self._workspace.store.document
        model = None if self._figure is None else document.model(self._figure.columns[position].model_id)
        if model is not None:
            self._proposals.search_again(model)

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
        table = self._workspace.store.document.table
        self._title.setText(f"Compare {len(figure.columns)} models")
        self._subtitle.setText(_subtitle(figure, "" if table is None else table.name))
        self._soon.start(0)
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
        for view in self._columns:
            view.setMinimumWidth(theme.px(COLUMN_WIDTH))
            view.dress(theme)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange() if watched is self._outer.viewport() else self._level()
        return super().eventFilter(watched, event)

    @Slot()
    def _arrange(self) -> None:
        """The side stands beside the columns, or below them where they would be too narrow."""
        if not self._columns:
            return
        theme, width = self._workspace.themes.theme, self._outer.viewport().width()
        side = min(max(round(SIDE_SHARE * width), theme.px(SIDE_LEAST)), theme.px(SIDE_MOST))
        gaps = self._row.spacing() * len(self._columns)
        beside = width - side - gaps >= theme.px(COLUMN_WIDTH) * len(self._columns)
        way, bars = QBoxLayout.Direction, Qt.ScrollBarPolicy
        self._body.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._scroll.setVerticalScrollBarPolicy(bars.ScrollBarAsNeeded if beside else bars.ScrollBarAlwaysOff)
        self.tests.setFixedWidth(side if beside else width)
        self._level()
        # Below each other both are as tall as what they hold, and the page scrolls as a whole.
        self.tests.setMinimumHeight(0 if beside else self.tests.content_height(width))
        content = self._inner.minimumSizeHint().height()
        bar = self._scroll.horizontalScrollBar().sizeHint().height()
        self._scroll.setMinimumHeight(0 if beside else content + bar)

    def _level(self) -> None:
        """Give what stands beside each other one height, so that the pictures stand level."""
        if not self._columns:
            return
        theme, views = self._workspace.themes.theme, self._columns
        gaps = self._row.spacing() * (len(views) - 1)
        shared = (self._scroll.viewport().width() - gaps) // len(views)
        heights = [view.heights(max(shared, theme.px(COLUMN_WIDTH))) for view in views]
        head, facts = max(h for h, _ in heights), max(f for _, f in heights)
        bars = max(view.bars.height() for view in views)
        widths = [view.bars.widths() for view in views]
        names, values = max(n for n, _ in widths), max(v for _, v in widths)
        units = max(view.units() for view in views)
        free = self._outer.viewport().height() - head - facts - bars - max(view.rest() for view in views)
        between = round(theme.px(8) * max(units - 1, 0))
        unit = max(theme.px(PICTURE), int((free - between - 2) / units)) if units else 0
        for view in views:
            view.set_heights(head, facts, bars)
            view.bars.set_least_widths(names, values)
            view.set_pictures(unit, round(unit * units) + between)


def _scroll_area(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    return scroll


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
