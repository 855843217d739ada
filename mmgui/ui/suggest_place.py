"""Where the results stand, and the suggested structures in their place while they are open."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from mmgui.advice.suggestion import Suggestion
from mmgui.app.workspace import Workspace
from mmgui.errors import MmguiError
from mmgui.ui.suggest_pane import SuggestPane


class SuggestPlace(QStackedWidget):
    """Shows the results, or the panel, which is made when it is first asked for."""

    failed = Signal(object)
    """An error that kept a suggestion from being built or fitted."""
    succeeded = Signal()

    def __init__(self, workspace: Workspace, results: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._results = results
        self.pane: SuggestPane | None = None
        self._came_from: QWidget | None = None
        self.addWidget(results)

    @Slot()
    def open(self) -> None:
        """Show the panel."""
        if self.pane is None:
            self.pane = SuggestPane(self._workspace)
            self.pane.closed.connect(self._show_results)
            self.pane.build_requested.connect(self._build)
            self.pane.shelve_requested.connect(self._shelve)
            self.addWidget(self.pane)
        if self.currentWidget() is not self.pane:
            self._came_from = QApplication.focusWidget()
        self.setCurrentWidget(self.pane)
        self.pane.open_panel()

    @Slot()
    def leave(self) -> None:
        """Show the results again, if the panel is open."""
        if self.pane is not None and self.currentWidget() is self.pane:
            self.pane.close_panel()

    @Slot()
    def _show_results(self) -> None:
        back, focused = self._came_from, QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        self.setCurrentWidget(self._results)
        # Where the keyboard was before, and not at the first button of the results.
        if inside and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus()

    @Slot(object)
    def _build(self, suggestion: Suggestion) -> None:
        if self.pane is not None:
            self._try(self.pane.suggesting.build, suggestion)

    @Slot(object)
    def _shelve(self, suggestion: Suggestion) -> None:
        if self.pane is not None:
            self._try(self.pane.suggesting.shelve, suggestion)

    def _try(self, step: Callable[[Suggestion], None], suggestion: Suggestion) -> None:
        try:
            step(suggestion)
        except MmguiError as error:
            self.failed.emit(error)
        else:
            self.succeeded.emit()
