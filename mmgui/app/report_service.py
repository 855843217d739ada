"""Writes the report of the models on the shelf in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.workspace import Workspace
from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError, SessionError

logger = logging.getLogger(__name__)


class ReportService(QObject):
    """One report at a time."""

    written = Signal(str)
    failed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)

    @Slot(str)
    def write(self, path: str) -> None:
        """Write the report of the compared models, or of all that are fitted to the present table."""
        store, table = self._workspace.store, self._workspace.store.table()
        chosen = store.document.view.compared
        models = [m for m in self._workspace.comparable() if store.is_current(m)]
        models = [m for m in models if m.id in chosen] or models
        records = [store.record(m) for m in models]
        fits = [r.fit for r in records if r is not None and r.fit is not None]
        if table is None or not fits:
            self.failed.emit(FitError("nothing_fitted", "There is nothing to report yet. Fit a model first."))
            return
        self._workspace.begin("report")
        self._mailbox.open()
        task = self._workspace.runner.start("report", _work(table, fits, path, self._mailbox.post))
        if task.at_once:
            self._mailbox.drain()

    @Slot(object)
    def _on_delivered(self, outcomes: tuple[str | MmguiError, ...]) -> None:
        self._mailbox.close()
        self._workspace.end("report")
        for outcome in outcomes:
            if isinstance(outcome, str):
                self.written.emit(outcome)
            else:
                self.failed.emit(outcome)


def _work(table: Table, fits: list[Fit], path: str, post: Callable[[object], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            from mmgui.report.page import write_report

            outcome: object = str(write_report(table, fits, Path(path)))
        except MmguiError as error:
            outcome = error
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            outcome = SessionError(
                "not_saved", f"The report could not be written: {reason}. Choose another place."
            )
        except Exception:
            logger.exception("The report could not be written.")
            outcome = FitError("internal", "The report could not be written. The details are in the log.")
        post(outcome)

    return run
