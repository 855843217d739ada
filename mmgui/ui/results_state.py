"""The line above the results: whose they are, whether they are out of date, what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.store import FitRecord, FitStatus
from mmgui.app.workspace import Workspace
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import print_model
from mmgui.ui.elided_label import ElidedLabel
from mmgui.ui.results_page import note_frame

STALE = "Out of date: the model being built is another one"
STALE_DATA = "Out of date: the data changed"
RUNNING = "Out of date: a new fit is running"
STOPPED_EMPTY = "Out of date: the last fit was stopped before its first result"
FAILED = "Out of date: the last fit failed"
STOPPED = "Stopped before it was done: this is the best point so far"


class ResultsState(QWidget):
    """Says nothing while the results are those of the model being built and all is well."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultsState")
        self._workspace = workspace
        self._badge = QLabel()
        self._badge.setObjectName("staleLabel")
        self._badge.setProperty("role", "staleBadge")
        self._badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._formula = ElidedLabel()
        self._formula.setObjectName("shownFormula")
        self._formula.setProperty("role", "formula")
        self._formula.setTextFormat(Qt.TextFormat.PlainText)
        self._formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._waiting = QLabel("computing …")
        self._waiting.setObjectName("computingLabel")
        self._waiting.setProperty("role", "muted")
        self._note, note = note_frame("warnNote", "resultsError")
        self._sentence = QLabel()
        self._sentence.setObjectName("resultsErrorText")
        self._sentence.setAccessibleName("Why there is no result")
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        note.addWidget(self._sentence)
        line = QHBoxLayout()
        line.addWidget(self._badge)
        line.addWidget(self._formula, 1)
        line.addWidget(self._waiting)
        line.addStretch(0)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(14, 10, 14, 4)
        self._box.addWidget(self._note)
        self._box.addLayout(line)
        self._failure = ""
        self._errors: list[str] = []
        for widget in (self._badge, self._formula, self._waiting, self._note):
            widget.hide()
        self.hide()

    def show_state(
        self, selected: ShelfModel | None, record: FitRecord | None, shown: ShelfModel | None
    ) -> None:
        """Compare what is shown with what is selected and built."""
        failed = record is not None and record.status is FitStatus.FAILED and record.error is not None
        self._failure = (
            record.error.message if failed and record is not None and record.error is not None else ""
        )
        badge = self._badge_text(selected, record, shown)
        self._badge.setText(badge)
        self._badge.setVisible(bool(badge))
        stale = bool(badge) and badge != STOPPED and shown is not None
        self._formula.setText(print_model(shown.spec) if shown is not None and stale else "")
        self._formula.setVisible(stale)
        self._refresh()

    def show_analysis(self, *, waiting: bool, errors: list[str]) -> None:
        """What the page in sight still waits for, or why it stays empty."""
        self._waiting.setVisible(waiting)
        self._errors = errors
        self._refresh()

    def empty_text(self, record: FitRecord | None) -> str:
        """What stands where results will be."""
        if record is not None and record.status is FitStatus.FAILED:
            return ""
        if record is not None and record.status is FitStatus.STOPPED:
            return "The fit was stopped before it reached a first result."
        if record is not None and record.status is FitStatus.RUNNING:
            return "The first results are on their way."
        return "Choose a response and what it depends on, add a grouping factor, and press Fit."

    def _badge_text(
        self, selected: ShelfModel | None, record: FitRecord | None, shown: ShelfModel | None
    ) -> str:
        store = self._workspace.store
        if shown is None:
            return ""
        if record is not None and record.status is FitStatus.RUNNING and selected != shown:
            return RUNNING
        if selected != shown and record is not None and record.status is FitStatus.STOPPED:
            return STOPPED_EMPTY
        if selected != shown and record is not None and record.status is FitStatus.FAILED:
            return FAILED
        if selected != shown or shown.spec != store.document.draft:
            return STALE
        if not store.results_are_current():
            return STALE_DATA
        if record is not None and record.status is FitStatus.STOPPED:
            return STOPPED
        return ""

    def _refresh(self) -> None:
        sentences = ([self._failure] if self._failure else []) + self._errors
        self._sentence.setText("\n".join(sentences))
        self._note.setVisible(bool(sentences))
        self.setVisible(not (self._note.isHidden() and self._badge.isHidden() and self._waiting.isHidden()))
