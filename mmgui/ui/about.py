"""What this program is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

import mmgui

TEXT = (
    "Build, fit and see linear mixed-effects models. Every fit runs on this machine; "
    "nothing you open here leaves it."
)
CREDITS = "Type: Inter (SIL Open Font Licence) and DejaVu Sans Mono (Bitstream Vera licence)."


class About(QDialog):
    """A small dialog that does not stop the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle("About mmgui")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        title = QLabel(f"mmgui {mmgui.__version__}")
        title.setProperty("role", "heading")
        text, credit = QLabel(TEXT), QLabel(CREDITS)
        credit.setProperty("role", "muted")
        close = QPushButton("Close")
        close.setObjectName("closeAboutButton")
        close.setProperty("role", "primary")
        close.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 20, 24, 18)
        box.setSpacing(10)
        for label in (title, text, credit):
            label.setWordWrap(True)
            box.addWidget(label)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(420)
