"""Brings a page of the results what it shows of a model, and carries out what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis import Advance, Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.caption import caption_of
from mmgui.app.proposals import Proposals
from mmgui.app.workspace import Workspace
from mmgui.plots.plot import Plot
from mmgui.spec.document import ShelfModel
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.table_window import TableWindow

if TYPE_CHECKING:
    from mmgui.advice.finding import Fix
    from mmgui.figures.moved import Moved


class PageFeed(QObject):
    """Feeds one page at a time, the one in sight; several feeds may serve several places."""

    answered = Signal(bool, object)
    """Whether something is still waited for, and the sentences that say why parts are not there."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._analyses = workspace.analyses
        self._proposals = Proposals(workspace, self)
        self._page: ResultsPage | None = None
        self._model: ShelfModel | None = None
        # Of which fit each page shows its parts: those of the last fit stay until new ones are there.
        self._fits: dict[ResultsPage, dict[Part, object]] = {}
        self._analyses.analysis_changed.connect(self._on_analysis)
        self._analyses.advanced.connect(self._on_advanced)
        workspace.play.moved.connect(self._on_moved)
        workspace.film.opened_changed.connect(self._on_film)

    def serve(self, page: ResultsPage) -> None:
        """Listen to what a page asks for."""
        page.choice_changed.connect(self.request)
        page.part_wanted.connect(self._on_part_wanted)
        page.stop_wanted.connect(self._on_stop_wanted)
        page.fix_wanted.connect(self._proposals.build)
        page.both_wanted.connect(self._on_both_wanted)
        page.adopt_wanted.connect(self._on_adopt_wanted)
        page.plot_made.connect(self._serve_plot)
        for plot in page.findChildren(Plot):
            self._serve_plot(plot)

    @Slot(object)
    def _serve_plot(self, plot: Plot) -> None:
        plot.caption_source = self.caption
        plot.table_wanted.connect(self._on_table_wanted)

    def caption(self) -> str:
        """What the pictures are of."""
        workspace, film = self._workspace, self._workspace.film
        shown = film.film if film.showing else None
        frame = "" if shown is None else shown.frame(film.position).caption
        return caption_of(workspace.store, self._model, workspace.play.current, frame)

    def show(self, page: ResultsPage | None, model: ShelfModel | None) -> None:
        """Show a model on a page; what is known already is drawn at once."""
        self._page, self._model = page, model
        self.request()

    @Slot()
    def request(self) -> None:
        """Ask for all that the page shows."""
        page, model = self._page, self._model
        fit = None if model is None else self._fit(model)
        if page is None or model is None or fit is None:
            return
        errors: list[str] = []
        waiting = False
        shown = self._fits.setdefault(page, {})
        if any(f is not fit for f in shown.values()):
            # Where another fit was moved to is nothing to what comes now.
            page.show_moved(None)
        vacant = bool(page.vacant) and not self._has_terms(model)
        page.set_vacant(vacant)
        if vacant:
            self.answered.emit(False, [])
            return
        for part in page.parts:
            analysis = self._analyses.request(model, part, choice=page.choice(part))
            waiting = waiting or analysis is None
            errors += _show(page, analysis)
            if analysis is not None and analysis.error is None:
                shown[part] = fit
        for part in page.on_demand:
            choice = page.choice(part)
            page.show_advance(part, self._analyses.advance_of(model, part, choice))
            errors += _show(page, self._analyses.known(model, part, choice))
        self._show_moved(page)
        self.answered.emit(waiting, errors)

    def _fit(self, model: ShelfModel) -> object | None:
        record = self._workspace.store.record(model)
        return None if record is None else record.fit

    def _has_terms(self, model: ShelfModel) -> bool:
        record = self._workspace.store.record(model)
        return record is not None and record.fit is not None and bool(record.fit.terms)

    def _show_moved(self, page: ResultsPage) -> None:
        """Let a page follow the hand, unless some of what it shows is still of another fit."""
        moved = self._workspace.play.current
        fits = self._fits.get(page, {}).values()
        page.show_moved(moved if moved is not None and all(f is moved.best for f in fits) else None)

    @Slot(object)
    def _on_analysis(self, analysis: Analysis) -> None:
        page = self._page
        if page is not None and analysis.topic.part in (*page.parts, *page.on_demand):
            self.request()

    @Slot(object)
    def _on_advanced(self, advance: Advance) -> None:
        page, part = self._page, advance.topic.part
        if page is not None and part in page.on_demand:
            page.show_advance(part, self._analyses.advance_of(self._model, part, page.choice(part)))

    @Slot(object)
    def _on_moved(self, _moved: Moved | None) -> None:
        if self._page is not None:
            self._show_moved(self._page)

    @Slot(bool)
    def _on_film(self, opened: bool) -> None:
        """Another film begins with the room of the fit, not with what the one before has left of it."""
        if opened and self._page is not None:
            self._page.show_moved(None)

    @Slot(object, bool)
    def _on_part_wanted(self, part: Part, afresh: bool) -> None:
        self._analyses.request(self._model, part, afresh=afresh, choice=self._choice(part))
        self.request()

    @Slot(object)
    def _on_stop_wanted(self, part: Part) -> None:
        if self._model is not None:
            self._analyses.stop(self._model, part, self._choice(part))

    def _choice(self, part: Part) -> tuple[str, ...]:
        return () if self._page is None else self._page.choice(part)

    @Slot()
    def _on_table_wanted(self) -> None:
        plot = self.sender()
        if isinstance(plot, Plot):
            TableWindow(plot.heading(), plot.table(), plot.window()).show()

    @Slot(object)
    def _on_both_wanted(self, fix: Fix) -> None:
        self._proposals.fit_and_compare(self._model, (fix,))

    @Slot(object)
    def _on_adopt_wanted(self, better: object) -> None:
        if self._model is not None:
            self._proposals.adopt(self._model, better)


def _show(page: ResultsPage, analysis: Analysis | None) -> list[str]:
    """Show what is known of a part; the sentence that says why there is nothing to show."""
    if analysis is None:
        return []
    if analysis.error is not None:
        return [analysis.error.message]
    page.show_part(analysis.topic.part, analysis.figure)
    return []
