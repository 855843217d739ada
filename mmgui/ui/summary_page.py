"""The summary: variance components, correlations, fixed effects, fit facts, and what the fit says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.figure_table_model import Marks
from mmgui.app.glossary import component
from mmgui.app.scene import Scene
from mmgui.app.selection import Selection
from mmgui.app.theme import Theme
from mmgui.figures.simpler import FitAdviceFigure, OtherStartsFigure
from mmgui.figures.summary import SummaryFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.variance import VarianceFigure, variance_figure
from mmgui.numbers import decimal
from mmgui.plots.variance_bars import VarianceBars
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import ResultsPage, heading, quiet
from mmgui.ui.simpler_models import SimplerModels
from mmgui.ui.statements import Statements

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

FACTS = 420
"""How wide the facts are at scale 1 where they stand below the tables."""

MOST_CORRELATIONS = 12
"""More of them would push the fixed effects out of sight."""

COMPONENTS = "Variance components"
MOVED = "of the model as moved; all else is of the best fit"

WIDE, ROOMY = 960, 640
"""From which widths, at scale 1, the facts stand beside the tables, and the bars beside their table."""


class SummaryPage(ResultsPage):
    """What the fit says comes first; then the tables, and the fit in numbers."""

    key = "summary"
    title = "Summary"
    parts = (Part.SUMMARY, Part.INFERENCE, Part.ADVICE)
    on_demand = (Part.STARTS,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figure: SummaryFigure | None = None
        self._plain: SummaryFigure | None = None
        self._searching = ""
        self._complete = False
        self._moved: Moved | None = None
        self._components_heading = heading(COMPONENTS)
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
        self.simpler = SimplerModels(themes)
        self._advice: FitAdviceFigure | None = None
        self._starts: OtherStartsFigure | None = None
        self.messages.fix_wanted.connect(self.fix_wanted)
        self.messages.starts_wanted.connect(self._on_starts_wanted)
        self.messages.adopt_wanted.connect(self._on_adopt_wanted)
        self.messages.groups_wanted.connect(self._on_groups_wanted)
        self.simpler.build_wanted.connect(self.fix_wanted)
        self.simpler.compare_wanted.connect(self.both_wanted)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if isinstance(figure, SummaryFigure):
            if part is Part.SUMMARY and figure is not self._plain:
                # Another fit: what refits said was about the one before.
                self._plain, self._advice, self._starts, self._moved = figure, None, None, None
                self._components_heading.setText(COMPONENTS)
            self._figure, self._complete = figure, part is Part.INFERENCE
            self._fill()
        elif isinstance(figure, FitAdviceFigure):
            self._advice = figure
            self._say()
        elif isinstance(figure, OtherStartsFigure):
            self._starts = figure
            self._say()

    def show_advance(self, part: Part, advance: Advance | None) -> None:
        if part is Part.STARTS:
            words = "" if advance is None else f"Trying other starts: {advance.done} of {advance.total} …"
            if words != self._searching:
                self._searching = words
                self._say()

    def _arrange(self) -> None:
        self._components = QHBoxLayout()
        self._components.addWidget(self.variance_table, 6, Qt.AlignmentFlag.AlignTop)
        self._components.addWidget(self.bars, 4)
        tables = _column(self._components_heading, self._components, self.correlations)
        tables.addSpacing(14)
        for widget in (heading("Fixed effects"), self.fixed_table, self.method):
            tables.addWidget(widget)
        tables.addStretch(1)
        numbers = _column(heading("The fit in numbers"), self.facts)
        numbers.addStretch(1)
        self._columns = (tables, numbers)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._row = QHBoxLayout()
        self._row.addLayout(tables, 17)
        self._row.addLayout(numbers, 9)
        self._page = QVBoxLayout(inner)
        self._said = QVBoxLayout()
        self._said.addWidget(self.messages)
        self._said.addWidget(self.simpler)
        self._page.addLayout(self._said)
        self._page.addLayout(self._row)
        self._page.addStretch(1)
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
        theme = self.themes.theme
        side, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        wide, roomy = self.width() >= theme.px(WIDE), self.width() >= theme.px(ROOMY)
        self._row.setDirection(side if wide else below)
        # The bars stand beside their table where it keeps all its columns in sight.
        tables = (self.width() - theme.px(36)) * (17 / 26 if wide else 1) - theme.px(30)
        beside = roomy and self.variance_table.needed_width() <= 0.6 * tables
        self._components.setDirection(side if beside else below)
        # Across the whole page, names and values would stand far apart.
        self.facts.setMaximumWidth(self.width() if wide else theme.px(FACTS))
        self.messages.set_room(self.width())
        self.simpler.set_room(self.width())

    def _fill(self) -> None:
        figure = self._figure
        if figure is None:
            return
        self.bars.set_data(figure.variance)
        self._fill_components(figure.variance)
        if self._moved is not None:
            self.show_moved(self._moved)
        waiting = frozenset() if self._complete else frozenset({"df", "p"})
        self.fixed_table.set_table(figure.fixed.table(), Marks(waiting=waiting))
        self.method.setText(_method(figure, self._complete))
        facts = FigureTable(("Fact", "Value"), tuple((f.name, f.value) for f in figure.facts))
        self.facts.set_table(facts, Marks(tooltips=tuple(f.tooltip for f in figure.facts)))
        self._say()
        self._adapt()

    def _fill_components(self, variance: VarianceFigure) -> None:
        theme = self.themes.theme
        self.variance_table.set_table(
            variance.table(),
            Marks(
                tuple(theme.term_color(r.term) for r in variance.rows),
                tooltips=tuple(component(r.grouping, r.effect) for r in variance.rows),
            ),
        )
        remarks = [*variance.structures, *_correlations(variance), *_shares(variance)]
        self.correlations.setText("\n".join(remarks))
        self.correlations.setVisible(bool(remarks))

    def show_moved(self, moved: Moved | None) -> None:
        """The components follow; what is tested and compared is the best fit's, and is said to be."""
        figure, before = self._figure, self._moved
        self._moved = moved
        if figure is None or (moved is None and before is None):
            return
        if moved is None:
            self._components_heading.setText(COMPONENTS)
            self.bars.set_data(figure.variance)
            self._fill_components(figure.variance)
            return
        variance = variance_figure(moved.fit)
        self._components_heading.setText(f"{COMPONENTS}&nbsp; <span style='font-weight:400'>{MOVED}</span>")
        self.bars.show_moved(variance)
        self._fill_components(variance)

    def _say(self) -> None:
        """What the fit says, what refits added to it, and simpler models."""
        if self._figure is None:
            return
        found = () if self._starts is None else self._starts.statements
        first, rest = self._figure.statements[:1], self._figure.statements[1:]
        advised = () if self._advice is None else self._advice.statements
        better = self._starts is not None and self._starts.better is not None
        self.messages.show_statements((*first, *found, *rest, *advised))
        self.messages.set_search(self._searching, better=better)
        rows = () if self._advice is None else self._advice.simpler
        self.simpler.show_rows("" if self._advice is None else self._advice.heading, rows)

    @Slot()
    def _on_starts_wanted(self) -> None:
        self.part_wanted.emit(Part.STARTS, True)

    @Slot()
    def _on_adopt_wanted(self) -> None:
        if self._starts is not None and self._starts.better is not None:
            self.adopt_wanted.emit(self._starts.better)

    @Slot(object)
    def _on_groups_wanted(self, groups: tuple[tuple[str, str], ...]) -> None:
        self.selection.set_selection(Selection(frozenset(groups)))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._page.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(16))
        self._page.setSpacing(theme.air(16))
        self._said.setSpacing(theme.air(8))
        self._row.setSpacing(theme.air(28))
        self._components.setSpacing(theme.air(20))
        for box in self._columns:
            box.setSpacing(theme.air(8))
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


def _correlations(variance: VarianceFigure) -> list[str]:
    many = len(variance.correlations)
    if many > MOST_CORRELATIONS:
        return [f"The {many} correlations of the random effects are on the Covariance page."]
    lines = []
    for row in variance.correlations:
        if math.isnan(row.correlation):
            which = "the effects do" if row.shared else "one of the two does"
            value = f"has no meaning, because {which} not vary"
        else:
            value = decimal(row.correlation, 2)
        lines.append(f"Correlation of {row.pair} ({row.grouping}): {value}")
    return lines


def _shares(variance: VarianceFigure) -> list[str]:
    """Where the shares do not sum to 100 %, why."""
    total = sum(row.share for row in variance.rows)
    gap = 100 * (1 - total)
    if not variance.correlations or abs(gap) < 0.5:
        return []
    one = len(variance.correlations) == 1 and not variance.correlations[0].shared
    what = "covariance" if one else "covariances"
    if gap > 0:
        does = f"{'adds' if one else 'add'} the other {gap:.0f} %"
    else:
        does = f"{'takes' if one else 'take'} {-gap:.0f} % away"
    return [f"Shares sum to {100 * total:.0f} %; the {what} of the random effects {does}."]


def _method(figure: SummaryFigure, complete: bool) -> str:
    level = f"{100 * figure.fixed.level:g} % intervals"
    method = f"Degrees of freedom by {figure.fixed.method}" if complete else "Degrees of freedom: computing …"
    return f"{method} · {level}"
