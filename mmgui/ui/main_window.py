"""The window: puts the parts together, and nothing else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Property, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.runner import Runner
from mmgui.app.settings import default_file
from mmgui.app.store import DocumentChanged
from mmgui.app.theme import Theme
from mmgui.app.warm_up import WarmUp
from mmgui.app.workspace import Workspace
from mmgui.errors import MmguiError, ModelError
from mmgui.ui.about import About
from mmgui.ui.actions import Actions
from mmgui.ui.compare_pane import ComparePane
from mmgui.ui.data_pane import DataPane
from mmgui.ui.files import Files
from mmgui.ui.folding import Folding
from mmgui.ui.look import Look
from mmgui.ui.message_bar import MessageBar
from mmgui.ui.model_pane import ModelPane
from mmgui.ui.results_pane import ResultsPane
from mmgui.ui.shelf import ModelShelf
from mmgui.ui.suggest_place import SuggestPlace
from mmgui.ui.toolbar import Toolbar
from mmgui.ui.welcome import Welcome
from mmgui.ui.work_place import Panes, WorkPlace

SMALLEST = (960, 600)


class MainWindow(QMainWindow):
    """Toolbar, three columns or the comparison, and the shelf."""

    busy_changed = Signal(bool)

    def __init__(self, *, runner: Runner | None = None, settings_file: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAccessibleName("mmgui")
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.workspace = Workspace(runner, self)
        self.look = Look(self.workspace.themes, self, settings_file or default_file())
        self.actions_ = Actions(self.workspace, self)
        self.files = Files(self.workspace, self)
        self._warm_up = WarmUp(self)
        self.folding = Folding(self.look.settings.folds, self)
        self._build()
        self._connect()
        self.look.apply()
        chosen = self.look.settings
        self.resize(chosen.width, chosen.height)
        self.actions_.dark.setChecked(chosen.dark)
        self._on_theme(self.workspace.themes.theme)
        self._show_place()
        # Else the first button of the toolbar would be outlined.
        self.setFocus()

    def _is_busy(self) -> bool:
        return self.workspace.busy

    busy = Property(bool, _is_busy, notify=busy_changed)

    def _build(self) -> None:
        workspace = self.workspace
        store, selection, themes = workspace.store, workspace.selection, workspace.themes
        self.toolbar = Toolbar(workspace, self.actions_)
        self.message_bar = MessageBar()
        self.welcome = Welcome(themes)
        self.data_pane = DataPane(store, selection, themes)
        self.model_pane = ModelPane(store, selection, themes, workspace.emphasis)
        self.results = ResultsPane(workspace)
        self.compare_pane = ComparePane(workspace)
        self.shelf = ModelShelf(workspace)
        self.suggestions = SuggestPlace(workspace, self.results)
        panes = Panes(self.data_pane, self.model_pane, self.suggestions, self.results, self.shelf)
        self._work = WorkPlace(panes, self.folding, self.actions_, themes, self.look.settings.columns)
        self._places = QStackedWidget()
        for place in (self.welcome, self._work, self.compare_pane):
            self._places.addWidget(place)
        centre = QWidget()
        centre.setProperty("role", "background")
        self._message_room = QVBoxLayout()
        self._message_room.setContentsMargins(10, 8, 10, 0)
        self._message_room.addWidget(self.message_bar)
        box = QVBoxLayout(centre)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.toolbar)
        box.addLayout(self._message_room)
        box.addWidget(self._places, 1)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        workspace, actions, files = self.workspace, self.actions_, self.files
        actions.open.triggered.connect(files.ask_to_open)
        actions.paste.triggered.connect(files.paste)
        actions.save_session.triggered.connect(files.ask_to_save)
        actions.report.triggered.connect(files.ask_to_report)
        actions.fit.triggered.connect(self.fit)
        actions.compare.triggered.connect(self.compare)
        actions.projector.toggled.connect(self.look.set_projector)
        self.folding.changed.connect(self._show_toolbar)
        actions.dark.toggled.connect(self.look.set_dark)
        actions.zoom_in.triggered.connect(self.look.zoom_in)
        actions.zoom_out.triggered.connect(self.look.zoom_out)
        actions.zoom_reset.triggered.connect(self.look.zoom_reset)
        actions.about.triggered.connect(self._show_about)
        actions.quit.triggered.connect(self.close)
        self.model_pane.fit_requested.connect(self.fit)
        self.model_pane.suggest_requested.connect(self.suggestions.open)
        self.suggestions.failed.connect(self.message_bar.show_error_of_step)
        self.suggestions.succeeded.connect(self.message_bar.hide)
        self.data_pane.open_requested.connect(files.ask_to_open)
        self.data_pane.samples_requested.connect(self.toolbar.open_samples)
        self.welcome.open_requested.connect(files.ask_to_open)
        self.welcome.paste_requested.connect(files.paste)
        self.welcome.sample_requested.connect(workspace.opening.open_sample)
        self.toolbar.samples.chosen.connect(workspace.opening.open_sample)
        self.shelf.compare_requested.connect(self.compare)
        self.shelf.model_shown.connect(self.suggestions.leave)
        self.compare_pane.back_requested.connect(workspace.leave_comparison)
        self._warm_up.done.connect(self.results.prepare)
        self.look.projector_changed.connect(self._on_projector)
        for source in (workspace.opening, files, self.results.page_menu):
            source.failed.connect(self.message_bar.show_error)
        workspace.opening.opened.connect(self.message_bar.hide)
        # What was opened has a model to be built, or models to choose from.
        workspace.opening.opened.connect(self.folding.show_all)
        workspace.store.document_changed.connect(self._on_document)
        workspace.store.undo_stack.cleanChanged.connect(self._show_place)
        workspace.watch(self.model_pane.adviser, "advice")
        workspace.busy_changed.connect(self.busy_changed)
        workspace.themes.theme_changed.connect(self._on_theme)

    def open_path(self, path: str | Path) -> None:
        """Open a table or a session; what goes wrong stands in the message bar."""
        self.files.open_path(str(path))

    @Slot()
    def fit(self) -> None:
        """Fit the model being built."""
        self.suggestions.leave()
        self._try(self._fit_what_is_written)

    def _fit_what_is_written(self) -> None:
        """Not the model before, while the formula that the person wrote cannot be read."""
        wrong = self.model_pane.findChild(QLabel, "formulaError")
        if wrong is not None and not wrong.isHidden():
            raise ModelError(
                "unread_formula", f"Nothing is fitted yet: the formula needs a change. {wrong.text()}"
            )
        self.workspace.fit_draft()

    @Slot()
    def compare(self) -> None:
        """Show the chosen models side by side, or go back from there."""
        if self.workspace.store.document.view.comparing:
            self.workspace.leave_comparison()
        else:
            self._try(self.workspace.compare)

    def _try(self, order: object) -> None:
        try:
            order()  # type: ignore[operator]
        except MmguiError as error:
            self.message_bar.show_error_of_step(error)
        else:
            self.message_bar.hide()

    @Slot()
    def _show_place(self) -> None:
        document = self.workspace.store.document
        if document.table is None:
            place: QWidget = self.welcome
        elif document.view.comparing:
            place = self.compare_pane
        else:
            place = self._work
        self._places.setCurrentWidget(place)
        self._show_toolbar()
        name = "" if document.table is None else f"{document.table.name}[*] – "
        self.setWindowTitle(f"{name}mmgui" if name else "mmgui")
        self.setWindowModified(document.table is not None and not self.workspace.store.undo_stack.isClean())

    @Slot(object)
    def _on_document(self, change: DocumentChanged) -> None:
        if change.label:
            self.message_bar.outlive_step()
        self._show_place()
        self.compare_pane.refresh()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._message_room.setContentsMargins(theme.air(10), theme.air(6), theme.air(10), 0)
        self.setMinimumSize(*SMALLEST)
        self.folding.set_height(self.height() / theme.scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.folding.set_height(self.height() / self.workspace.themes.theme.scale)

    @Slot(bool)
    def _on_projector(self, on: bool) -> None:
        self.actions_.projector.setChecked(on)
        self.folding.set_projector(on)

    @Slot()
    def _show_toolbar(self) -> None:
        alone = self.folding.alone and self._places.currentWidget() is self._work
        self.toolbar.setVisible(not alone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.folding.alone:
            self.folding.show_all()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _show_about(self) -> None:
        About(self).show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self.welcome.set_dropping(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.welcome.set_dropping(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.welcome.set_dropping(False)
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_path(paths[0])

    def warm_up(self) -> None:
        """Load and build what the first fit needs, once the window stands."""
        self._warm_up.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.look.remember(folds=self.folding.chosen, columns=self._work.columns)
        self.look.keep()
        # Gone at once, whatever still has to end.
        self.hide()
        self._warm_up.stop()
        self.workspace.shutdown()
        super().closeEvent(event)
