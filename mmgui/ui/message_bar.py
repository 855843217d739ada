"""What went wrong, in one sentence at the top of the window, until the person closes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget


class MessageBar(QFrame):
    """Hidden while there is nothing to say. Nothing else in the window changes by it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName("Message")
        self.setProperty("role", "messageBar")
        mark = QLabel("!", self)
        mark.setProperty("role", "warn")
        self._text = QLabel(self)
        self._text.setObjectName("messageText")
        self._text.setAccessibleName("Message")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        close = QToolButton(self)
        close.setObjectName("closeMessageButton")
        close.setAccessibleName("Close the message")
        close.setProperty("role", "close")
        close.setText("×")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(mark)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self._about_step = False
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    @Slot(object)
    def show_error(self, error: object) -> None:
        """Show an error's sentence."""
        self._about_step = False
        self.show_text(str(error))

    def show_error_of_step(self, error: object) -> None:
        """Show what is missing for a step; it is no news any more once something changed."""
        self.show_error(error)
        self._about_step = True

    @Slot()
    def outlive_step(self) -> None:
        """Something changed."""
        if self._about_step:
            self.hide()

    def show_text(self, text: str) -> None:
        """Show a sentence; the newest replaces the one before."""
        self._text.setText(text)
        self.setAccessibleDescription(text)
        self.show()
