"""Everything a person can order, each once: the toolbar, menus and shortcuts share these."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.ui import icons


class Actions(QObject):
    """The window's actions; they know when they make sense."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        make = self._make
        self.open = make("openAction", "Open…", "Ctrl+O", "Open a table or a session")
        self.paste = make("pasteAction", "Paste table", "Ctrl+V", "Open the table on the clipboard")
        self.save_session = make(
            "saveSessionAction", "Save session…", "Ctrl+S", "Keep the table and the models"
        )
        self.undo = make("undoAction", "Undo", "Ctrl+Z", "Take back the last step")
        self.redo = make("redoAction", "Redo", "Ctrl+Shift+Z", "Do it again")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.fit = make("fitAction", "Fit", "Ctrl+Return", "Fit the model")
        self.fit.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.stop = make("stopAction", "Stop", "Esc", "Stop the fit and keep its best point")
        self.compare = make("compareAction", "Compare", "Ctrl+K", "Show two to four models side by side")
        self.report = make(
            "reportAction", "Report…", "Ctrl+P", "Write the models on the shelf as a page for the browser"
        )
        self.projector = make(
            "projectorAction", "Projector", "F11", "Large type and lines for a projector", checkable=True
        )
        self._make_folds()
        self.dark = make("darkThemeAction", "Dark", "", "Dark or light", checkable=True)
        self.zoom_in = make("zoomInAction", "Larger", "Ctrl++", "Everything larger")
        self.zoom_in.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.zoom_out = make("zoomOutAction", "Smaller", "Ctrl+-", "Everything smaller")
        self.zoom_reset = make("zoomResetAction", "Normal size", "Ctrl+0", "The size it began with")
        self.about = make("aboutAction", "About mmgui", "", "What this is")
        self.quit = make("quitAction", "Quit", "Ctrl+Q", "Close the window")
        stack = workspace.store.undo_stack
        self.undo.triggered.connect(stack.undo)
        self.redo.triggered.connect(stack.redo)
        self.stop.triggered.connect(workspace.fits.stop)
        stack.indexChanged.connect(self.refresh)
        workspace.store.document_changed.connect(self.refresh)
        workspace.store.fit_changed.connect(self.refresh)
        workspace.fits.running_changed.connect(self.refresh)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)
        self.refresh()

    def _make_folds(self) -> None:
        """What the window shows."""
        make = self._make
        self.data_pane = make(
            "dataPaneAction", "Data", "F7", "Show the data or fold them away", checkable=True
        )
        self.model_pane = make(
            "modelPaneAction", "Model", "F8", "Show the model or fold it away", checkable=True
        )
        self.shelf = make(
            "shelfAction",
            "Models in full",
            "F9",
            "Show the fitted models as cards or as a line",
            checkable=True,
        )
        self.results_only = make(
            "resultsOnlyAction", "Results alone", "F10", "Give the results the whole window", checkable=True
        )

    def _make(self, name: str, text: str, shortcut: str, hint: str, *, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        # Else a tool button leaves the ellipsis out.
        action.setIconText(text)
        action.setCheckable(checkable)
        keys = QKeySequence(shortcut)
        if shortcut:
            action.setShortcut(keys)
        suffix = f" ({keys.toString(QKeySequence.SequenceFormat.NativeText)})" if shortcut else ""
        action.setToolTip(hint + suffix)
        self._window.addAction(action)
        return action

    @Slot()
    def refresh(self) -> None:
        """Enable what makes sense now."""
        store, stack = self._workspace.store, self._workspace.store.undo_stack
        has_table = store.document.table is not None
        has_results = bool(self._workspace.comparable())
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self.undo.setToolTip(plain_tip(f"Undo: {stack.undoText()}") if stack.canUndo() else "Nothing to undo")
        self.redo.setToolTip(plain_tip(f"Redo: {stack.redoText()}") if stack.canRedo() else "Nothing to redo")
        self.fit.setEnabled(has_table)
        self.stop.setEnabled(self._workspace.fits.running is not None)
        self.save_session.setEnabled(has_table)
        self.compare.setEnabled(len(self._workspace.comparable()) >= 2)
        self.report.setEnabled(has_results)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        side = theme.px(15)
        for action, draw in ((self.undo, icons.undo), (self.redo, icons.redo), (self.dark, icons.moon)):
            action.setIcon(icons.icon(draw, theme.text, theme.residual, side))
        self.stop.setIcon(icons.icon(icons.stop, theme.text, theme.residual, side))
        self.fit.setIcon(
            icons.icon(icons.play, theme.background if theme.dark else "#FFFFFF", theme.muted, side)
        )
