"""Results of the model selected on the shelf, with the live trace while one is being fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.live_trace import LiveTrace
from mmgui.app.store import DocumentChanged, FitChanged, FitRecord, FitStatus
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.spec.document import ShelfModel
from mmgui.ui.design_page import DesignPage
from mmgui.ui.film_bar import FilmBar
from mmgui.ui.moved_bar import MovedBar
from mmgui.ui.page_feed import PageFeed
from mmgui.ui.page_menu import PageMenu
from mmgui.ui.page_windows import PageWindows
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.results_state import ResultsState
from mmgui.ui.results_tabs import ResultsTabs

if TYPE_CHECKING:
    from mmgui.plots.live_plot import LivePlot

TRACE_AFTER_MS = 150
BUILD_EVERY_MS = 20


class ResultsPane(QFrame):
    """Shows the results of one model; the last ones stay, marked, until new ones are there."""

    refreshed = Signal()
    """Whether there is something to show may be another than before."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultsPane")
        self.setAccessibleName("Results")
        self.setProperty("role", "pane")
        self._workspace = workspace
        self._store = workspace.store
        self._feed = PageFeed(workspace, self)
        self._shown: ShelfModel | None = None
        self._trace = LiveTrace()
        self._state = ResultsState(workspace)
        # Plots and pages are built with the first fit: the first window does not wait for them.
        self._live: LivePlot | None = None
        self.pages: tuple[ResultsPage, ...] = ()
        self.design: DesignPage | None = None
        self._tabs = ResultsTabs(workspace.themes)
        self._empty = QLabel()
        self._empty.setObjectName("resultsEmpty")
        self._empty.setProperty("role", "lead")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._tabs)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(1, 1, 1, 1)
        self._box.setSpacing(0)
        self._box.addWidget(self._state)
        self._box.addWidget(self._stack, 1)
        self.film_bar = FilmBar(workspace.film, workspace.themes, MovedBar(workspace.play, workspace.film))
        self._box.addWidget(self.film_bar)
        self.windows = PageWindows(workspace, self)
        self.page_menu = PageMenu(self._tabs.currentWidget, self._feed.caption, workspace.themes, self)
        self.add_corner = self._tabs.add_corner
        self._tabs.add_corner(self.film_bar.replay, wordy=True)
        self._tabs.add_corner(self.page_menu.button)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(TRACE_AFTER_MS)
        self._delay.timeout.connect(self._show_live)
        self._builder = QTimer(self)
        self._builder.setSingleShot(True)
        self._builder.setInterval(BUILD_EVERY_MS)
        self._builder.timeout.connect(self.prepare)
        self._connect()
        self._on_theme(workspace.themes.theme)
        self.refresh()

    def _connect(self) -> None:
        workspace = self._workspace
        self._tabs.currentChanged.connect(self._on_tab)
        workspace.store.document_changed.connect(self._on_document)
        workspace.store.fit_changed.connect(self._on_fit)
        workspace.fits.running_changed.connect(self._on_running)
        workspace.fits.stop_asked.connect(self._draw_live)
        self._feed.answered.connect(self._on_answered)
        self.page_menu.window_wanted.connect(self._on_window_wanted)
        workspace.themes.theme_changed.connect(self._on_theme)

    @property
    def shown(self) -> ShelfModel | None:
        """The model whose results are shown."""
        return self._shown

    @property
    def stuck(self) -> bool:
        """Whether a fit failed and there is nothing else to show: the model needs a change."""
        record = self._store.record(self._store.selected_model())
        failed = record is not None and record.status is FitStatus.FAILED
        return failed and self._shown is None

    def refresh(self) -> None:
        """Show what is known of the selected model."""
        selected = self._store.selected_model()
        record = self._store.record(selected)
        if self._store.document.model(None if self._shown is None else self._shown.id) != self._shown:
            self._shown = None
        if selected is not None and record is not None and record.fit is not None:
            self._shown = selected
            self._build_pages()
        shown = self._store.record(self._shown)
        self._workspace.play.show(None if shown is None else shown.fit)
        self._workspace.scene.ghosts.show(None if shown is None else shown.fit)
        self.windows.show_model(self._shown)
        self._show_design()
        self._select_page(self._store.document.view.page)
        self._choose_views()
        self._request()
        self._state.show_state(selected, record, self._shown)
        self._empty.setText(self._state.empty_text(record))
        self._stack.setCurrentWidget(self._tabs if self._has_something_to_show(record) else self._empty)
        self._offer_film()
        self.refreshed.emit()

    def _offer_film(self) -> None:
        """Wherever a page of results is in sight, the fit can be replayed."""
        self.film_bar.replay.offer(self._workspace.film.available and self._current() is not None)

    def _has_something_to_show(self, record: FitRecord | None) -> bool:
        """Results; or, before there were any, the design of the model being built."""
        return self._shown is not None or (record is None and self.design is not None)

    def _show_design(self) -> None:
        """The design's tab comes with the first table, the others with the first results."""
        if self.design is None and self._store.table() is not None:
            self.design = DesignPage(self._workspace)
            self._tabs.add_page(self.design, len(self.pages), self.design.title, DesignPage.key)
        for position in range(len(self.pages)):
            self._tabs.setTabVisible(position, self._shown is not None)

    @Slot()
    def prepare(self) -> None:
        """Build pages and plots before they are needed, one at a time, so that nobody notices."""
        if self._build_next_page():
            self._builder.start()
        elif self._live is None:
            self._build_live()

    def _build_pages(self) -> None:
        self._builder.stop()
        while self._build_next_page():
            continue

    def _build_next_page(self) -> bool:
        from mmgui.ui.results_pages import PAGES

        if len(self.pages) == len(PAGES):
            return False
        page = PAGES[len(self.pages)](self._workspace.scene)
        self._feed.serve(page)
        page.view_changed.connect(self._on_view)
        self._tabs.add_page(page, len(self.pages), page.title, page.key)
        self.pages = (*self.pages, page)
        self._tabs.setTabVisible(len(self.pages) - 1, self._shown is not None)
        return True

    def _build_live(self) -> LivePlot:
        from mmgui.plots.live_plot import LivePlot

        live = self._live = LivePlot(self._workspace.themes)
        live.stop_wanted.connect(self._workspace.fits.stop)
        live.hide()
        self._box.insertWidget(1, live)
        self._on_theme(self._workspace.themes.theme)
        return live

    def _current(self) -> ResultsPage | None:
        page = self._tabs.currentWidget()
        return page if isinstance(page, ResultsPage) else None

    def _request(self) -> None:
        """Ask for what the page in sight shows; what is known already is drawn at once."""
        self._feed.show(self._current(), self._shown)

    @Slot(bool, object)
    def _on_answered(self, waiting: bool, errors: list[str]) -> None:
        self._state.show_analysis(waiting=waiting, errors=errors)

    def _select_page(self, key: str) -> None:
        pages: list[ResultsPage | DesignPage] = [*self.pages] if self._shown is not None else []
        pages += [self.design] if self.design is not None else []
        page = next((p for p in pages if p.key == key), None)
        if page is not None and page is not self._tabs.currentWidget():
            self._tabs.setCurrentWidget(page)

    def _choose_views(self) -> None:
        """Of each page the view that was in sight last."""
        view = self._store.document.view
        for page in self.pages:
            chosen = view.view_of(page.key)
            if chosen and chosen != page.view():
                page.show_view(chosen)

    @Slot(str)
    def _on_view(self, chosen: str) -> None:
        page, view = self.sender(), self._store.document.view
        if isinstance(page, ResultsPage) and view.view_of(page.key) != chosen:
            self._store.look(view.with_view_of(page.key, chosen))

    @Slot(int)
    def _on_tab(self, _index: int) -> None:
        page = self._tabs.currentWidget()
        self.page_menu.detach.setEnabled(isinstance(page, ResultsPage))
        self._offer_film()
        view = self._store.document.view
        if isinstance(page, (ResultsPage, DesignPage)) and self._shown is not None and view.page != page.key:
            self._store.look(replace(view, page=page.key))

    @Slot()
    def _on_window_wanted(self) -> None:
        page = self._current()
        if page is not None:
            self.windows.open(page)

    @Slot(object)
    def _on_document(self, _change: DocumentChanged) -> None:
        self.refresh()

    @Slot(object)
    def _on_fit(self, change: FitChanged) -> None:
        self._trace.take(change)
        if change.record.status is FitStatus.RUNNING:
            self._draw_live()
            if not change.events:
                self.refresh()
        else:
            self.refresh()

    @Slot(bool)
    def _on_running(self, running: bool) -> None:
        if running:
            self._delay.start()
        else:
            self._delay.stop()
            if self._live is not None:
                self._live.hide()
            self._stack.show()

    @Slot()
    def _show_live(self) -> None:
        live = self._live if self._live is not None else self._build_live()
        live.show()
        # With nothing to look at below, the trace takes the whole pane.
        self._stack.setVisible(self._shown is not None)
        self._draw_live()

    @Slot()
    def _draw_live(self) -> None:
        if self._live is None or not self._live.isVisible():
            return
        figure = self._trace.live(stopping=self._workspace.fits.stopping)
        if figure is None:
            self._live.begin(self._trace.state)
        else:
            self._live.set_data(figure)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        if self._live is not None:
            self._live.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(4))
            self._live.setMinimumHeight(theme.px(210))
        self._empty.setContentsMargins(theme.px(40), theme.px(40), theme.px(40), theme.px(40))
