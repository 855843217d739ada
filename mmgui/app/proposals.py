"""What a person does with models that advice after a fit proposes: build one, fit it beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mmgui.app.analysis import Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.store import FitChanged, FitKey, FitRecord, FitStatus
from mmgui.app.workspace import MOST_COMPARED, Workspace
from mmgui.spec.document import ShelfModel

if TYPE_CHECKING:
    from mmgui.advice.finding import Fix


class Proposals(QObject):
    """Waits for the fits of models that are to be compared, and then shows them side by side."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._builder = ModelBuilder(workspace.store)
        self._awaited: tuple[int, ...] = ()
        self._searched: ShelfModel | None = None
        workspace.store.fit_changed.connect(self._on_fit)
        workspace.analyses.analysis_changed.connect(self._on_analysis)

    def build(self, fix: Fix) -> None:
        """Make it the model being built, as one step; the person presses Fit.

        Raises
        ------
        DataError
            If a derived column cannot be made; nothing is changed then.
        """
        self._builder.apply(fix.label, fix.spec, fix.derived)

    def fit_and_compare(self, beside: ShelfModel | None, fixes: Sequence[Fix]) -> None:
        """Fit proposed models and show them side by side, with ``beside`` where one is given.

        Raises
        ------
        MmguiError
            As ``build``, or where there is no table.
        """
        store = self._workspace.store
        self.build(fixes[-1])
        models = [store.shelve(fix.spec) for fix in fixes]
        wanted = [*([] if beside is None else [beside]), *models]
        self._awaited = tuple(dict.fromkeys(m.id for m in wanted))[:MOST_COMPARED]
        self._workspace.fits.submit_all(models)
        self._compare_when_fitted()

    def adopt(self, model: ShelfModel, better: object) -> None:
        """Put a better fit of the same model in the place of the one there is."""
        # The window passes it on without knowing what a fit is.
        from mmgui.engine.result import Fit

        if not isinstance(better, Fit):
            raise TypeError("only a fit can take the place of a fit")
        key = FitKey(model.spec, model.data_key)
        self._workspace.store.set_record(key, FitRecord(FitStatus.DONE, better))

    def search_again(self, model: ShelfModel) -> None:
        """Fit a model from other starts, and put the better fit, if there is one, in its place."""
        self._searched = model
        self._workspace.analyses.request(model, Part.STARTS, afresh=True)

    @Slot(object)
    def _on_analysis(self, analysis: Analysis) -> None:
        model = self._searched
        if model is None or analysis.topic.part is not Part.STARTS:
            return
        if analysis.topic.keys != (FitKey(model.spec, model.data_key),):
            return
        self._searched = None
        better = getattr(analysis.figure, "better", None)
        if better is not None:
            self.adopt(model, better)

    @Slot(object)
    def _on_fit(self, _change: FitChanged) -> None:
        if self._awaited:
            self._compare_when_fitted()

    def _compare_when_fitted(self) -> None:
        store = self._workspace.store
        document = store.document
        models = [document.model(i) for i in self._awaited]
        records = [store.record(m) for m in models]
        if any(m is None for m in models) or any(
            r is not None and r.status in (FitStatus.FAILED, FitStatus.STOPPED) for r in records
        ):
            self._awaited = ()
            return
        if all(r is not None and r.status is FitStatus.DONE for r in records):
            ids, self._awaited = self._awaited, ()
            order = tuple(m.id for m in document.models if m.id in ids)
            store.look(replace(document.view, compared=order, comparing=len(order) > 1))
