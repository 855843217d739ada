"""Asks for files without blocking the window, and carries out what was asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from mmgui.app.report_service import ReportService
from mmgui.app.session import SUFFIX, write_session
from mmgui.app.workspace import Workspace
from mmgui.errors import DataError, MmguiError

OPEN_FILTERS = [
    "Tables and sessions (*.csv *.tsv *.txt *.dat *.gz *.xlsx *.sav *.dta *.parquet *.feather *.mmgui)",
    "All files (*)",
]


class Files(QObject):
    """Open, paste, save, report: each through a dialog that does not stop the rest."""

    failed = Signal(object)
    saved = Signal(str)

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._window = window
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.reports = ReportService(workspace, self)
        self.reports.written.connect(self._on_report)
        self.reports.failed.connect(self.failed)

    @Slot()
    def ask_to_open(self) -> None:
        dialog = self._dialog("openDialog", "Open a table or a session")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(OPEN_FILTERS)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    @Slot(str)
    def open_path(self, path: str) -> None:
        """Open a table or a session."""
        self._folder = str(Path(path).parent)
        self._workspace.opening.open_path(path)

    @Slot()
    def paste(self) -> None:
        """Open the table on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._workspace.opening.open_text(text)
        else:
            message = (
                "There is no text on the clipboard. Copy the cells of a table first, column names included."
            )
            self.failed.emit(DataError("empty_clipboard", message))

    @Slot()
    def ask_to_save(self) -> None:
        table = self._workspace.store.document.table
        if table is None:
            return
        dialog = self._dialog("saveSessionDialog", "Save the session")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"Sessions (*{SUFFIX})"])
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(table.name + SUFFIX)
        dialog.fileSelected.connect(self.save_path)
        dialog.open()

    @Slot(str)
    def save_path(self, path: str) -> None:
        """Save the session there."""
        self._folder = str(Path(path).parent)
        try:
            write_session(self._workspace.store, Path(path))
        except MmguiError as error:
            self.failed.emit(error)
        else:
            self._workspace.store.undo_stack.setClean()
            self.saved.emit(path)

    @Slot()
    def ask_to_report(self) -> None:
        table = self._workspace.store.document.table
        dialog = self._dialog("reportDialog", "Write a report")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Web page (*.html)"])
        dialog.setDefaultSuffix("html")
        dialog.selectFile("report.html" if table is None else f"{table.name}-report.html")
        dialog.fileSelected.connect(self.reports.write)
        dialog.open()

    def _dialog(self, name: str, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder)
        dialog.setObjectName(name)
        # It is deleted when it closes; open() leaves the event loop alone.
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    @Slot(str)
    def _on_report(self, path: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))
        self.saved.emit(path)
