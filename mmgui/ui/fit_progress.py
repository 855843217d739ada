"""How the fit goes, beside its buttons: a moving bar and a few words."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from mmgui.app.live_trace import LiveTrace
from mmgui.app.store import FitChanged
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace

SHOW_AFTER_MS = 150
"""A fit that is done sooner shows nothing, so that nothing flickers."""


class FitProgress(QWidget):
    """Visible only while a fit takes longer than a moment."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitProgress")
        self.setAccessibleName("Progress of the fit")
        self._workspace = workspace
        self._trace = LiveTrace()
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("A fit is running")
        self._words = QLabel(self)
        self._words.setObjectName("fitProgressText")
        self._words.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self._bar)
        row.addWidget(self._words)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOW_AFTER_MS)
        self._delay.timeout.connect(self.show)
        workspace.fits.running_changed.connect(self._on_running)
        workspace.fits.stop_asked.connect(self._show_words)
        workspace.store.fit_changed.connect(self._on_fit)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)
        self.hide()

    @property
    def evaluations(self) -> int:
        """How many evaluations the present fit has made."""
        return self._trace.evaluations

    @Slot(bool)
    def _on_running(self, running: bool) -> None:
        if running:
            self._words.setText("starting")
            self._delay.start()
        else:
            self._delay.stop()
            self.hide()

    @Slot(object)
    def _on_fit(self, change: FitChanged) -> None:
        self._trace.take(change)
        self._show_words()

    @Slot()
    def _show_words(self) -> None:
        words = "stopping" if self._workspace.fits.stopping else self._trace.words()
        self._words.setText(words)
        self.setAccessibleDescription(words)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._bar.setFixedWidth(theme.px(56))
