"""Says on every page that the model shown was moved by hand, how far, and leads back."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mmgui.app.caption import difference_words
from mmgui.app.film import FilmModel
from mmgui.app.play import PlayModel
from mmgui.figures.moved import Moved


class MovedBar(QWidget):
    """Hidden while the best fit is shown, or a film that says itself where it stands."""

    def __init__(self, play: PlayModel, film: FilmModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("movedBar")
        self._film = film
        self._badge = QLabel("Moved by hand")
        self._badge.setObjectName("movedBadge")
        self._badge.setProperty("role", "staleBadge")
        self._badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._words = QLabel()
        self._words.setObjectName("movedWords")
        self._words.setProperty("role", "muted")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back = QPushButton("Back to the best fit")
        self.back.setObjectName("backToFitButton")
        self.back.setAccessibleName("Back to the best fit")
        self.back.setProperty("role", "pill")
        self.back.clicked.connect(play.reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 2)
        row.addWidget(self._badge)
        row.addWidget(self._words, 1)
        row.addWidget(self.back)
        play.moved.connect(self._on_moved)
        play.failed.connect(self._on_failed)
        self.hide()

    @Slot(object)
    def _on_moved(self, moved: Moved | None) -> None:
        self.setVisible(moved is not None and not self._film.showing)
        if moved is not None:
            self._words.setText(difference_words(moved))

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        """The place where the hand is looking says why the model does not follow."""
        self._words.setText(sentence)
        self.show()
