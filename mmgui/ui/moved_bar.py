"""Says on every page that the model shown was moved by hand, how far, and leads back.

It stands below the page, in the film strip's line, and comes once the hand has let go: else the picture
would slide away under the hand that begins to move the model.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mmgui.app.caption import difference_words
from mmgui.app.film import FilmModel
from mmgui.app.play import PlayModel
from mmgui.figures.moved import Moved
from mmgui.ui.elided_label import ElidedLabel

LOOK_MS = 60


class MovedBar(QWidget):
    """Hidden while the best fit is shown, or a film that says itself where it stands."""

    shown = Signal(bool)

    def __init__(self, play: PlayModel, film: FilmModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("movedBar")
        self._film = film
        self._badge = QLabel("Moved by hand")
        self._badge.setObjectName("movedBadge")
        self._badge.setProperty("role", "staleBadge")
        self._badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._words = ElidedLabel()
        self._words.setObjectName("movedWords")
        self._words.setProperty("role", "muted")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back = QPushButton("Back to the best fit")
        self.back.setObjectName("backToFitButton")
        self.back.setAccessibleName("Back to the best fit")
        self.back.setProperty("role", "link")
        self.back.clicked.connect(play.reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._badge)
        row.addWidget(self.back)
        row.addWidget(self._words, 1)
        self._wanted = False
        self._let_go = QTimer(self)
        self._let_go.setInterval(LOOK_MS)
        self._let_go.timeout.connect(self._follow)
        play.moved.connect(self._on_moved)
        play.failed.connect(self._on_failed)
        self.hide()

    @Slot(object)
    def _on_moved(self, moved: Moved | None) -> None:
        if moved is not None:
            self._words.setText(difference_words(moved))
        self._show(moved is not None and not self._film.showing)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """The place where the hand is looking says why the model does not follow."""
        self._words.setText(sentence)
        self._show(True)

    def _show(self, wanted: bool) -> None:
        self._wanted = wanted
        self._follow()

    @Slot()
    def _follow(self) -> None:
        if self._wanted != self.isHidden():
            self._let_go.stop()
        elif QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._let_go.start()
        else:
            self._let_go.stop()
            self.setVisible(self._wanted)
            self.shown.emit(self._wanted)
