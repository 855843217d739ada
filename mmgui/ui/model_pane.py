"""The model being built: formula, response, fixed effects, random effects and advice, all one state."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mmgui.advice import Finding, Fix
from mmgui.app.advising import Draft, advise_draft
from mmgui.app.carried import carried_variable
from mmgui.app.emphasis import EmphasisModel
from mmgui.app.late_answer import LateAnswer
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.model_outline import outline
from mmgui.app.plain_tip import plain_tip
from mmgui.app.selection import SelectionModel
from mmgui.app.store import Store
from mmgui.app.theme import Theme, ThemeModel
from mmgui.data.table import Table
from mmgui.figures.equation import EquationFigure, equation
from mmgui.spec.document import Answer
from mmgui.spec.expression import Name, show
from mmgui.spec.model import ModelSpec
from mmgui.ui.advice_dock import AdviceDock
from mmgui.ui.advice_list import AdviceList
from mmgui.ui.calm_scroll_bar import keep_scroll_room
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.drag import DropTarget, set_state
from mmgui.ui.equation_view import EquationView
from mmgui.ui.fixed_terms_view import FixedTermsView
from mmgui.ui.formula_line import FormulaLine
from mmgui.ui.random_terms_view import RandomTermsView
from mmgui.ui.scrolled_column import ScrolledColumn
from mmgui.ui.tab_order import order_tabs
from mmgui.ui.weights_choice import WeightsChoice

_RESPONSE = ("Response", "The response is what the model is to explain.")
_FIXED = ("Fixed effects", "A fixed effect is the same for every group: the average effect of a predictor.")
_RANDOM = (
    "Random effects",
    "A random effect differs from group to group, and is pulled towards the average (partial pooling).",
)


class ModelPane(QFrame):
    """Shows the document's draft; every change goes through the store."""

    fit_requested = Signal()
    suggest_requested = Signal()

    def __init__(
        self,
        store: Store,
        selection: SelectionModel,
        themes: ThemeModel,
        emphasis: EmphasisModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelPane")
        self.setProperty("role", "pane")
        self.setAccessibleName("Model")
        self.setMinimumWidth(260)
        self._store = store
        self._selection = selection
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self._themes = themes
        self._builder = ModelBuilder(store)
        self._shown: tuple[object, ...] | None = None
        self._formula = FormulaLine(self._builder, store, themes)
        self._response = ChoiceCombo("responseCombo", "Response")
        self._estimation = ChoiceCombo("estimationCombo", "Estimation")
        self._estimation.addItem("REML", True)
        self._estimation.addItem("ML", False)
        self._estimation.setProperty("role", "quiet")
        self._estimation.setToolTip(
            "REML: restricted maximum likelihood, best for variances. "
            "ML: maximum likelihood, needed to compare models with different fixed effects."
        )
        self._weights = WeightsChoice(self._builder)
        self._fixed = FixedTermsView(self._builder, self._emphasis)
        self._random = RandomTermsView(self._builder, themes, self._emphasis)
        self._advice = AdviceList(themes, self._emphasis)
        self._equation = EquationView(themes, self._emphasis)
        self._equation.set_size(15)
        self._lay_out()
        self.adviser = LateAnswer(advise_draft, self)
        self.adviser.answered.connect(self._on_advice)
        self._findings: tuple[Finding, ...] = ()
        self._tab_timer = QTimer(self)
        self._tab_timer.setSingleShot(True)
        self._tab_timer.timeout.connect(self._order_tabs)
        self._connect()
        self._redraw()

    def _connect(self) -> None:
        self._formula.fit_requested.connect(self.fit_requested)
        self._random.suggest_requested.connect(self.suggest_requested)
        self._response.chosen.connect(self._on_response)
        self._estimation.chosen.connect(self._on_estimation)
        self._advice.fix_chosen.connect(self._on_fix)
        DropTarget(self._response, self._can_respond, self._respond)
        self._store.document_changed.connect(self._on_document)
        self._themes.theme_changed.connect(self._on_theme)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 12, 1, 8)
        outer.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(13, 0, 13, 0)
        head.setSpacing(8)
        self.title_row = QHBoxLayout()
        self.title_row.addWidget(_label("MODEL", "paneTitle"), 1)
        head.addLayout(self.title_row)
        head.addWidget(self._formula)
        outer.addLayout(head)
        body = ScrolledColumn()
        body.setObjectName("modelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(13, 0, 13, 4)
        column.setSpacing(6)
        column.addWidget(self._section(_RESPONSE))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._response, 1)
        row.addWidget(self._estimation)
        column.addLayout(row)
        column.addWidget(self._weights)
        column.addSpacing(8)
        column.addWidget(self._section(_FIXED, self._fixed.drop_target))
        column.addWidget(self._fixed)
        column.addSpacing(8)
        column.addWidget(self._section(_RANDOM, self._random.drop_target))
        column.addWidget(self._random)
        column.addStretch(1)
        column.addWidget(self._equation)
        scroll = QScrollArea()
        scroll.setObjectName("modelScroll")
        scroll.setAccessibleName("Model")
        scroll.setWidgetResizable(True)
        keep_scroll_room(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        # Tab goes from control to control, and each comes into sight.
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        body.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        self._dock = AdviceDock(self._advice, scroll)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._dock)

    @staticmethod
    def _section(words: tuple[str, str], below: DropTarget | None = None) -> QLabel:
        """A heading; what is dropped on it is meant for what stands below it."""
        label = _label(words[0], "section")
        label.setToolTip(words[1])
        if below is not None:
            below.also(label)
        return label

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dock.set_room(event.size().height())

    # -- redraw

    def _on_document(self, _change: object) -> None:
        self._redraw()

    def _on_theme(self, theme: Theme) -> None:
        self.setMinimumWidth(max(260, theme.px(200)))
        self._shown = None
        self._redraw()

    def _redraw(self) -> None:
        document, table = self._store.document, self._store.table()
        shown = (document.table, document.columns, document.derived, document.draft, document.answers)
        if shown == self._shown:
            return
        self._shown = shown
        draft = document.draft
        self._formula.show_model(draft, table)
        with self._response.filling(), self._estimation.filling():
            self._show_response(draft, table)
            self._estimation.setCurrentIndex(self._estimation.findData(draft.reml))
        self._weights.show_model(draft, table)
        self._fixed.show_model(draft, table)
        self._random.show_cards(outline(draft, table), table)
        self._equation.set_data(_equation(draft, table))
        if table is None:
            self._on_advice(())
        else:
            self.adviser.ask(Draft(draft, document.answers), table)

    def _show_response(self, draft: ModelSpec, table: Table | None) -> None:
        numbers = [] if table is None else [c.name for c in table.columns if c.is_number]
        chosen = "" if draft.response is None else show(draft.response, quoted=False)
        wanted = numbers if chosen in numbers or not chosen else [chosen, *numbers]
        shown = [self._response.itemData(i) for i in range(self._response.count())]
        if shown != wanted:
            self._response.clear()
            for name in wanted:
                self._response.addItem(" ".join(name.split()), name)
        self._response.setPlaceholderText("choose, or drop here")
        self._response.setCurrentIndex(wanted.index(chosen) if chosen else -1)
        self._response.setEnabled(table is not None)
        set_state(self._response, "empty", not chosen)
        self._response.setToolTip(plain_tip(chosen or "What the model is to explain"))

    def _on_advice(self, findings: tuple[Finding, ...]) -> None:
        self._findings = findings
        self._advice.show_findings(findings, self._builder.draft)
        # Once the layout has put everything in its place.
        self._tab_timer.start(0)

    def _order_tabs(self) -> None:
        order_tabs(self)

    # -- actions

    def _on_response(self, row: int) -> None:
        name = self._response.itemData(row)
        draft = self._builder.draft
        if draft.response is None or name != show(draft.response, quoted=False):
            self._builder.use_as_response(name)

    def _on_estimation(self, row: int) -> None:
        self._builder.set_estimation(self._estimation.itemData(row))

    def _on_fix(self, answer: tuple[Finding, Fix]) -> None:
        finding, fix = answer
        if fix.spec == self._builder.draft and fix.reply:
            self._builder.answer(fix.label, Answer(finding.id, tuple(sorted(finding.about)), fix.reply))
        else:
            self._builder.apply(fix.label, fix.spec, fix.derived)

    def _can_respond(self, mime: QMimeData) -> bool:
        name = carried_variable(mime)
        table = self._store.table()
        return name is not None and table is not None and name in table and table[name].is_number

    def _respond(self, mime: QMimeData) -> None:
        name = carried_variable(mime)
        if name is not None and self._builder.draft.response != Name(name):
            self._builder.use_as_response(name)


def _equation(draft: ModelSpec, table: Table | None) -> EquationFigure | None:
    if table is None:
        return None
    return equation(draft, lambda name: name in table and not table[name].is_number)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label
