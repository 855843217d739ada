"""The one place where the session's state lives: a frozen document, its undo stack, and its fits."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from mmgui.data.derive import prepared
from mmgui.data.settings import data_key
from mmgui.data.table import Table
from mmgui.engine.events import FitEvent
from mmgui.engine.result import Fit
from mmgui.errors import MmguiError
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.document import Answer, ColumnSetting, Document, ShelfModel, TableRef, View
from mmgui.spec.model import ModelSpec

_Preparation = tuple[str, tuple[ColumnSetting, ...], tuple[DerivedColumn, ...]]


class FitStatus(StrEnum):
    """How far a fit has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FitKey:
    """What a fit belongs to: the model and the data that it reads."""

    spec: ModelSpec
    data_key: str


@dataclass(frozen=True, eq=False, slots=True)
class FitRecord:
    """What is known of a fit. A stopped fit has the best point so far, a failed one the error."""

    status: FitStatus
    fit: Fit | None = None
    error: MmguiError | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DocumentChanged:
    """The document before and after; ``label`` is the edit's, empty for a change of view."""

    previous: Document
    document: Document
    label: str


@dataclass(frozen=True, eq=False, slots=True)
class FitChanged:
    """News of one fit: its record, and the events since the last news (for the live trace)."""

    key: FitKey
    record: FitRecord
    events: tuple[FitEvent, ...] = ()


class ReplaceDocument(QUndoCommand):
    """One step of the history: the fields of the document that it changed, before and after.

    Only changed fields are put back, so that a fit shelved or a page turned since then stays. A
    step that changed the shelf takes back only the models it added or removed itself.
    """

    def __init__(self, store: Store, label: str, old: Document, new: Document, merge_key: str | None) -> None:
        super().__init__(label)
        self._store = store
        self.merge_key = merge_key
        self.old, self.new = _difference(old, new)

    def redo(self) -> None:
        self._store.install(_patched(self._store.document, self.old, self.new), self.text())

    def undo(self) -> None:
        self._store.install(_patched(self._store.document, self.new, self.old), self.text())

    def id(self) -> int:
        # Qt asks mergeWith only for steps of the same id, -1 never merges.
        return -1 if self.merge_key is None else hash(self.merge_key) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ReplaceDocument) or other.merge_key != self.merge_key:
            return False
        self.old = {**other.old, **self.old}
        self.new = {**self.new, **other.new}
        self.setText(other.text())
        return True


def _difference(old: Document, new: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [f.name for f in fields(Document) if getattr(old, f.name) != getattr(new, f.name)]
    return {n: getattr(old, n) for n in names}, {n: getattr(new, n) for n in names}


def _patched(document: Document, leaving: dict[str, Any], arriving: dict[str, Any]) -> Document:
    changes = dict(arriving)
    # An id is never reused, also after undo.
    changes.pop("next_id", None)
    if "models" in changes:
        changes["models"] = _merge_models(document.models, leaving["models"], arriving["models"])
    new = replace(document, **changes)
    known = {m.id for m in new.models}
    view = new.view
    if view.selected not in known:
        view = replace(view, selected=new.models[-1].id if new.models else None)
    compared = tuple(i for i in view.compared if i in known)
    return replace(new, view=replace(view, compared=compared, comparing=view.comparing and len(compared) > 1))


def _merge_models(
    now: tuple[ShelfModel, ...], leaving: tuple[ShelfModel, ...], arriving: tuple[ShelfModel, ...]
) -> tuple[ShelfModel, ...]:
    gone = {m.id for m in leaving} - {m.id for m in arriving}
    kept = [m for m in now if m.id not in gone]
    known = {m.id for m in kept}
    return tuple(sorted([*kept, *(m for m in arriving if m.id not in known)], key=lambda m: m.id))


class Store(QObject):
    """Holds the document, the tables it refers to, the undo stack and the cache of fits.

    Widgets never change anything: they make a new document and call ``edit`` (an undo step) or
    ``look`` (a change of view). Fits live outside undo, keyed by model and data, so that undo brings
    results back at once.
    """

    document_changed = Signal(object)
    fit_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._document = Document()
        self._tables: dict[str, Table] = {}
        # Prepared tables, by their fingerprint: models on the shelf may need them again.
        self._applied: dict[str, Table] = {}
        self._applied_key: dict[_Preparation, str] = {}
        self._fits: dict[FitKey, FitRecord] = {}
        # Every derived column there was, by name: a model on the shelf may outlive its own.
        self._made: dict[str, DerivedColumn] = {}

    @property
    def document(self) -> Document:
        return self._document

    def edit(self, label: str, document: Document, merge_key: str | None = None) -> None:
        """Make ``document`` the current one as an undo step; steps in a row with one ``merge_key`` merge."""
        if document != self._document:
            self.undo_stack.push(ReplaceDocument(self, label, self._document, document, merge_key))

    def edit_draft(
        self,
        label: str,
        draft: ModelSpec,
        merge_key: str | None = None,
        derived: tuple[DerivedColumn, ...] = (),
    ) -> None:
        """Edit the model being built, with the derived columns that it needs beside those there are.

        Raises
        ------
        DataError
            If a derived column cannot be made; the document stays as it is.
        """
        new = tuple(d for d in derived if d not in self._document.derived)
        document = replace(self._document, draft=draft, derived=(*self._document.derived, *new))
        if new:
            self.check(document)
        self.edit(label, document, merge_key)

    def check(self, document: Document) -> None:
        """Raise ``DataError`` if a document's settings and derived columns do not go with the table."""
        imported = self.imported_table()
        if imported is not None:
            prepared(imported, document.columns, document.derived)

    def answer(self, label: str, answer: Answer) -> None:
        """Keep what the person said that no table says, in place of what they said before."""
        others = tuple(
            a for a in self._document.answers if (a.question, a.about) != (answer.question, answer.about)
        )
        self.edit(label, replace(self._document, answers=(*others, answer)))

    def look(self, view: View) -> None:
        """Change what is being looked at; no undo step."""
        self.install(replace(self._document, view=view), "")

    def install(self, document: Document, label: str) -> None:
        """Make ``document`` the current one; for undo steps and sessions only."""
        if document != self._document:
            previous, self._document = self._document, document
            self._made.update((d.name, d) for d in document.derived)
            self.document_changed.emit(DocumentChanged(previous, document, label))

    def reset(self, document: Document, tables: tuple[Table, ...]) -> None:
        """Start from a session: its tables and document, with an empty history."""
        for table in tables:
            self._tables[table.fingerprint] = table
        self.undo_stack.clear()
        self.install(document, "")

    # -- the table

    def open_table(self, table: Table, source: str, path: str = "") -> None:
        """Work on another table: column settings, model and shelf start afresh, as one undo step."""
        self._tables[table.fingerprint] = table
        ref = TableRef(table.name, source, path, table.fingerprint)
        document = Document(
            table=ref, next_id=self._document.next_id, view=View(page=self._document.view.page)
        )
        self.edit(f"Open {table.name}", document)

    def imported_table(self) -> Table | None:
        """The table as imported, without column settings and derived columns."""
        ref = self._document.table
        return None if ref is None else self._tables[ref.fingerprint]

    def table(self) -> Table | None:
        """The table with the column settings applied and derived columns made; None while none is open."""
        imported = self.imported_table()
        if imported is None:
            return None
        key = (imported.fingerprint, self._document.columns, self._document.derived)
        if key not in self._applied_key:
            applied = prepared(imported, self._document.columns, self._document.derived)
            self._applied_key[key] = applied.fingerprint
            self._applied[applied.fingerprint] = applied
        return self._applied[self._applied_key[key]]

    def table_of(self, model: ShelfModel) -> Table | None:
        """The table a shelf model belongs to, the present one if it is as good; None if it is gone."""
        present = self.table()
        others = (t for t in self._applied.values() if t is not present)
        return next((t for t in (present, *others) if t is not None and _belongs(model, t)), None)

    def is_current(self, model: ShelfModel) -> bool:
        """Whether a shelf model was fitted to the data as they are."""
        table = self.table()
        return table is not None and _belongs(model, table)

    def key_of(self, spec: ModelSpec) -> str:
        """What identifies the data as they are that a model reads; empty without a table."""
        table = self.table()
        return "" if table is None else data_key(table, spec.columns())

    def derived_for(self, spec: ModelSpec) -> tuple[DerivedColumn, ...]:
        """Derived columns that a model reads and that were undone or removed since, in order of making."""
        table = self.table()
        there = set() if table is None else set(table.names)
        out: list[DerivedColumn] = []

        def bring(name: str) -> None:
            made = self._made.get(name)
            if made is not None and name not in there:
                there.add(name)
                for read in made.reads:
                    bring(read)
                out.append(made)

        for name in spec.columns():
            bring(name)
        return tuple(out)

    # -- the shelf and its fits

    def shelve(self, spec: ModelSpec) -> ShelfModel:
        """Put a model on the shelf and select it; a model already there is only selected. No undo step."""
        table = self.table()
        if table is None:
            raise MmguiError("no_table", "There is no table yet. Open a file or choose a sample first.")
        document = self._document
        key = self.key_of(spec)
        model = next((m for m in document.models if m.spec == spec and m.data_key == key), None)
        if model is None:
            model = ShelfModel(document.next_id, spec, key)
            document = replace(document, models=(*document.models, model), next_id=model.id + 1)
        self.install(replace(document, view=replace(document.view, selected=model.id)), "")
        return model

    def record(self, model: ShelfModel | None) -> FitRecord | None:
        """What is known of a shelf model's fit."""
        return None if model is None else self._fits.get(FitKey(model.spec, model.data_key))

    def set_record(self, key: FitKey, record: FitRecord, events: tuple[FitEvent, ...] = ()) -> None:
        """Keep news of a fit and tell everyone; for the fit service only."""
        self._fits[key] = record
        self.fit_changed.emit(FitChanged(key, record, events))

    def selected_model(self) -> ShelfModel | None:
        """The shelf's model whose results are shown."""
        return self._document.model(self._document.view.selected)

    def results_are_current(self) -> bool:
        """Whether the results shown belong to the model being built and the data as they are."""
        model = self.selected_model()
        return model is not None and model.spec == self._document.draft and self.is_current(model)


def _belongs(model: ShelfModel, table: Table) -> bool:
    columns = model.spec.columns()
    return all(c in table for c in columns) and data_key(table, columns) == model.data_key
