"""What the panel of suggested structures works on: the person's answers, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.advice.design_questions import ColumnAnswer, Design, Role
from mmgui.advice.suggestion import Suggestion
from mmgui.app.late_answer import LateAnswer
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.proposal import Inquiry, Proposal, propose
from mmgui.app.store import DocumentChanged
from mmgui.app.workspace import Workspace
from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec

Columns = tuple[str, ...]


class Suggesting(QObject):
    """Asks anew after every answer; nothing of the document changes before ``build`` or ``shelve``."""

    proposed = Signal(object)
    waiting = Signal(bool)
    """Whether an answer is being worked out in the background."""
    draft_changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._store = workspace.store
        self._builder = ModelBuilder(workspace.store)
        self._open = False
        self._response: str | None = None
        self._unit: Columns | None = None
        self._design: Design | None = None
        self._single = False
        self._proposal: Proposal | None = None
        self._asked: tuple[Inquiry, object] | None = None
        self._late = LateAnswer(propose, self)
        self._late.answered.connect(self._on_answer)
        workspace.watch(self._late, "suggestions")
        workspace.store.document_changed.connect(self._on_document)

    @property
    def proposal(self) -> Proposal | None:
        """What is proposed; None while nothing is."""
        return self._proposal

    @property
    def draft(self) -> ModelSpec:
        """The model being built."""
        return self._builder.draft

    def open(self) -> None:
        """Begin with the response of the model being built, and guess the rest."""
        self._open = True
        self._forget()
        response = self.draft.response
        table = self._store.table()
        if response is not None and table is not None:
            columns = tuple(dict.fromkeys(columns_of(response)))
            numbers = [c for c in columns if c in table and table[c].is_number]
            self._response = numbers[0] if len(numbers) == len(columns) == 1 else None
        self._ask()

    def close(self) -> None:
        """Ask nothing more."""
        self._open = False
        self._asked = None
        self.waiting.emit(False)

    # -- answers

    def set_unit(self, columns: Columns) -> None:
        """Another unit: everything about what varies within it is guessed anew."""
        self._unit, self._design, self._single = columns, None, False
        self._ask()

    def set_response(self, name: str) -> None:
        """Another response: what varies is guessed anew."""
        self._response, self._design, self._single = name, None, False
        self._ask()

    def tick(self, answer: ColumnAnswer, on: bool) -> None:
        """Take a column into the design, or out; a column is one thing at a time."""
        if self._proposal is None:
            return
        design, name = self._proposal.design, answer.columns[-1]
        if on and answer.role in (Role.FACTOR, Role.BETWEEN):
            design = replace(design, others=tuple(c for c in design.others if c[-1] != name))
        if on and answer.role is Role.UNIT:
            factors, between = _without(design.within_factors, name), _without(design.between, name)
            design = replace(design, within_factors=factors, between=between)
        known = [c.columns for c in self._proposal.guess.of(answer.role)]
        match answer.role:
            case Role.UNIT:
                wanted = {*design.others, answer.columns} if on else {*design.others} - {answer.columns}
                design = replace(design, others=tuple(c for c in known if c in wanted))
            case Role.FACTOR:
                design = replace(design, within_factors=_with(design.within_factors, name, on, known))
            case Role.QUANTITY:
                design = replace(design, within_quantities=_with(design.within_quantities, name, on, known))
            case Role.BETWEEN:
                design = replace(design, between=_with(design.between, name, on, known))
        self._set(design)

    def cross(self, between: str, within: str, on: bool) -> None:
        """Want the interaction of a variable between units with one within them, or no longer."""
        if self._proposal is not None:
            design = self._proposal.design
            others = tuple(p for p in design.interactions if p != (between, within))
            self._set(replace(design, interactions=(*others, (between, within)) if on else others))

    def set_centred(self, on: bool) -> None:
        """Centre quantities within each level of the factors, or leave them as they are."""
        if self._proposal is not None:
            self._set(replace(self._proposal.design, centred=on))

    def set_replicated(self, on: bool) -> None:
        """Whether a unit's rows under one combination count as repeats."""
        if self._proposal is not None:
            self._single = not on
            self._set(self._proposal.design)

    # -- what follows

    def build(self, suggestion: Suggestion) -> None:
        """Make a suggestion the model being built, as one step.

        Raises
        ------
        DataError
            If a derived column cannot be made; nothing is changed then.
        """
        self._builder.apply(f"Build {suggestion.title}", suggestion.spec, suggestion.derived)

    def shelve(self, suggestion: Suggestion) -> None:
        """Build it, put it on the shelf and fit it.

        Raises
        ------
        MmguiError
            As ``build``, or where the model cannot be fitted.
        """
        self.build(suggestion)
        self._workspace.fit_draft()

    def is_shelved(self, suggestion: Suggestion) -> bool:
        """Whether the model is on the shelf, fitted to the data as they are."""
        models = self._store.document.models
        return any(m.spec == suggestion.spec and self._store.is_current(m) for m in models)

    def _set(self, design: Design) -> None:
        self._design = design
        self._ask()

    def _forget(self) -> None:
        self._response, self._unit, self._design, self._single = None, None, None, False
        self._proposal = None

    def _ask(self) -> None:
        table = self._store.table()
        if not self._open or table is None:
            return
        named = [self._response, *(self._unit or ()), *_columns(self._design)]
        if any(name is not None and name not in table for name in named):
            self._forget()
        inquiry = self._inquiry()
        if self._asked == (inquiry, table) and self._proposal is not None:
            return
        self._asked = (inquiry, table)
        self.waiting.emit(True)
        self._late.ask(inquiry, table)

    def _inquiry(self) -> Inquiry:
        draft = self.draft
        kept = ModelSpec(draft.response, weights=draft.weights, reml=draft.reml, codings=draft.codings)
        document = self._store.document
        same = frozenset(a.about for a in document.answers if (a.question, a.reply) == ("N1", "same"))
        return Inquiry(self._response, self._unit, self._design, self._single, kept, document.derived, same)

    @Slot(object)
    def _on_answer(self, proposal: Proposal) -> None:
        if not self._open:
            return
        self._proposal = proposal
        self.waiting.emit(False)
        self.proposed.emit(proposal)

    @Slot(object)
    def _on_document(self, change: DocumentChanged) -> None:
        if not self._open:
            return
        if change.previous.table != change.document.table:
            self._forget()
        self._ask()
        self.draft_changed.emit()


def _with(names: Columns, name: str, on: bool, known: list[Columns]) -> Columns:
    """The names with or without one, in the order of the table."""
    wanted = {*names, name} if on else {*names} - {name}
    return tuple(columns[-1] for columns in known if columns[-1] in wanted)


def _without(names: Columns, name: str) -> Columns:
    return tuple(n for n in names if n != name)


def _columns(design: Design | None) -> Columns:
    if design is None:
        return ()
    others = tuple(name for columns in design.others for name in columns)
    named = (*design.within_factors, *design.within_quantities, *design.between)
    return (design.response, *design.unit, *named, *others)
