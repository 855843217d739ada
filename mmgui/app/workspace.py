"""One session at work: its state, its services, and the rules that tie them together. Free of widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis import AnalysisService
from mmgui.app.emphasis import EmphasisModel
from mmgui.app.film import FilmModel
from mmgui.app.fit_service import FitService
from mmgui.app.ghosts import GhostModel
from mmgui.app.late_answer import LateAnswer
from mmgui.app.opening import Opening
from mmgui.app.play import PlayModel
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.app.scene import Scene
from mmgui.app.selection import SelectionModel
from mmgui.app.store import DocumentChanged, FitStatus, Store
from mmgui.app.theme import ThemeModel
from mmgui.errors import DataError, ModelError
from mmgui.spec.check import problems
from mmgui.spec.document import Document, ShelfModel
from mmgui.spec.formula import print_model

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

MOST_COMPARED = 4


class Workspace(QObject):
    """What a window works on. ``busy`` is true while anything goes on in the background."""

    busy_changed = Signal(bool)

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner: Runner = runner if runner is not None else ThreadRunner()
        self.store = Store(self)
        self.selection = SelectionModel(self)
        self.emphasis = EmphasisModel(self)
        self.themes = ThemeModel(parent=self)
        self.fits = FitService(self.store, self.runner, self)
        self.analyses = AnalysisService(self.store, self.runner, self)
        self.opening = Opening(self.store, self.runner, self)
        self.play = PlayModel(self.runner, self)
        self.film = FilmModel(self.play, self.runner, self)
        self.ghosts = GhostModel(self.runner, self)
        self.scene = Scene(self.themes, self.selection, self.emphasis, self.play, self.film, self.ghosts)
        self._others: set[str] = set()
        self._busy = False
        self.fits.running_changed.connect(self._on_busy)
        self.analyses.busy_changed.connect(self._on_busy)
        self.opening.busy_changed.connect(self._on_busy)
        self.play.busy_changed.connect(self._on_busy)
        self.film.busy_changed.connect(self._on_busy)
        self.ghosts.busy_changed.connect(self._on_busy)
        self.opening.opened.connect(self._on_opened)
        self.play.start_wanted.connect(self._on_start_wanted)
        self.fits.tried.connect(self.play.tell_tried)
        self.store.document_changed.connect(self._on_document)

    @property
    def busy(self) -> bool:
        services = self.fits.running is not None or self.analyses.busy or self.opening.busy
        return services or self.play.busy or self.film.busy or self.ghosts.busy or bool(self._others)

    def begin(self, name: str) -> None:
        """Other background work begins."""
        self._others.add(name)
        self._on_busy(True)

    def end(self, name: str) -> None:
        """It has ended."""
        self._others.discard(name)
        self._on_busy(False)

    def watch(self, answers: LateAnswer, name: str) -> None:
        """Count questions about the model that wait for their answer as background work."""
        answers.busy_changed.connect(lambda busy: self.begin(name) if busy else self.end(name))

    def fit_draft(self) -> None:
        """Shelve the model being built and fit it; ``ModelError`` says what is missing."""
        draft = self.store.document.draft
        missing = problems(draft)
        if missing:
            first = missing[0]
            raise ModelError(first.code, first.message, first.where)
        self.fits.submit(self.store.shelve(draft))
        # What is fitted already stays; who asks for the fit is shown it, and not what the hand made of it,
        # a frame of a film, or other models beside it.
        self.film.close()
        self.play.reset()
        if self.store.document.view.comparing:
            self.leave_comparison()

    def show_model(self, model: ShelfModel) -> None:
        """Show a shelf model's results, and put it back into the builder as an undoable step."""
        document = self.store.document
        self.store.look(replace(document.view, selected=model.id))
        label = f"Show model {print_model(model.spec)}"
        try:
            self.store.edit_draft(label, model.spec, derived=self.store.derived_for(model.spec))
        except DataError:
            # Its columns can be made no more; the advice says which are missing.
            self.store.edit_draft(label, model.spec)

    def remove_model(self, model: ShelfModel) -> None:
        """Take a model off the shelf, undoably; a fit of it under way is stopped."""
        if self.fits.running == model:
            self.fits.stop()
        document = self.store.document
        models = tuple(m for m in document.models if m.id != model.id)
        compared = tuple(i for i in document.view.compared if i != model.id)
        selected = document.view.selected
        if selected == model.id:
            selected = models[-1].id if models else None
        view = replace(document.view, compared=compared, selected=selected)
        self.store.edit(f"Remove {print_model(model.spec)}", replace(document, models=models, view=view))

    def refit(self, model: ShelfModel, *, reml: bool) -> None:
        """Build and fit the same model by the other criterion."""
        spec = replace(model.spec, reml=reml)
        self.store.edit_draft(f"Estimate by {'REML' if reml else 'ML'}", spec)
        self.fit_draft()

    def set_compared(self, model: ShelfModel, compared: bool) -> None:
        """Choose a model for the comparison or leave it out; the first chosen gives way to a fifth."""
        view = self.store.document.view
        ids = [i for i in view.compared if i != model.id]
        if compared:
            ids = [*ids, model.id][-MOST_COMPARED:]
        self.store.look(replace(view, compared=tuple(ids)))

    def comparable(self) -> tuple[ShelfModel, ...]:
        """The models of the shelf that have results."""
        return tuple(m for m in self.store.document.models if self._has_results(m))

    def compare(self) -> None:
        """Show the chosen models side by side; where fewer than two are, the shown and the latest."""
        document = self.store.document
        able = [m.id for m in self.comparable()]
        ids = [i for i in document.view.compared if i in able]
        wanted = [document.view.selected, *reversed(able)]
        for candidate in wanted:
            if len(ids) < 2 and candidate in able and candidate not in ids:
                ids.append(candidate)
        if len(ids) < 2:
            raise ModelError(
                "nothing_to_compare", "A comparison needs two fitted models. Fit another one first."
            )
        # In the order of the shelf, which is the order in which they were built.
        order = tuple(i for i in able if i in ids)
        self.store.look(replace(document.view, compared=order, comparing=True))

    def leave_comparison(self) -> None:
        """Back to the model."""
        self.store.look(replace(self.store.document.view, comparing=False))

    def shutdown(self) -> None:
        """End all background work."""
        # The stack tells of its own clearing when it is destroyed, after those who would listen.
        self.store.undo_stack.blockSignals(True)
        self.opening.shutdown()
        self.fits.shutdown()
        self.analyses.shutdown()
        self.film.shutdown()
        self.play.shutdown()
        self.ghosts.shutdown()

    def _has_results(self, model: ShelfModel) -> bool:
        record = self.store.record(model)
        return record is not None and record.fit is not None

    @Slot(object)
    def _on_start_wanted(self, moved: Moved) -> None:
        """Fit the model that was moved again from where it is."""
        for model in self.store.document.models:
            record = self.store.record(model)
            if record is not None and record.fit is moved.best:
                self.fits.start_from(model, moved.fit.theta)
                return

    @Slot(bool)
    def _on_busy(self, _busy: bool) -> None:
        if self.busy != self._busy:
            self._busy = self.busy
            self.busy_changed.emit(self._busy)

    @Slot(object)
    def _on_opened(self, _path: str) -> None:
        self.fits.submit_all(_shown_first(self.store.document))

    @Slot(object)
    def _on_document(self, change: DocumentChanged) -> None:
        """Undo brings results back: where the model being built is on the shelf, its results are shown."""
        document = change.document
        before = change.previous
        same = (before.draft, before.columns, before.derived) == (
            document.draft, document.columns, document.derived,
        )  # fmt: skip
        if same or self.store.table() is None or not change.label:
            return
        key = (document.draft, self.store.key_of(document.draft))
        model = next((m for m in document.models if (m.spec, m.data_key) == key), None)
        record = self.store.record(model)
        known = record is not None and record.status in (FitStatus.DONE, FitStatus.STOPPED)
        if model is not None and known and model.id != document.view.selected:
            self.store.look(replace(document.view, selected=model.id))


def _shown_first(document: Document) -> Iterable[ShelfModel]:
    return sorted(document.models, key=lambda m: m.id != document.view.selected)
