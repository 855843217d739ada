"""What the window shows before there is a table: three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.motif import ShrinkageMotif
from mmgui.ui.sample_list import SampleList


class Welcome(QWidget):
    """Open a file, paste a table, or try a sample."""

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal(str)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcomePage")
        self._themes = themes
        title = _label("See what your random effects do", "hero")
        lead = _label(
            "Load a table, build a linear mixed model by pointing, fit it, and see every piece of it.", "lead"
        )
        self._choices = QHBoxLayout()
        self._left = QVBoxLayout()
        self.file_choice = self._file_choice()
        self._left.addWidget(self.file_choice, 1)
        self._left.addWidget(self._paste_choice())
        self._choices.addLayout(self._left, 1)
        self._choices.addWidget(self._sample_choice(), 1)
        self._column = QVBoxLayout()
        self._column.addStretch(1)
        self._column.addWidget(title)
        self._column.addWidget(lead)
        self._column.addSpacing(22)
        self._column.addLayout(self._choices, 12)
        self._column.addStretch(2)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(self._column, 5)
        row.addStretch(1)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def set_dropping(self, dropping: bool) -> None:
        """Show that a file held over the window would be opened."""
        self.file_choice.setProperty("dropping", dropping)
        self.file_choice.style().polish(self.file_choice)

    def _file_choice(self) -> QFrame:
        frame, box = _choice(
            "Open a table",
            "CSV or text with any delimiter, Excel, SPSS, Stata, Parquet. "
            "Delimiter, decimal comma and encoding are found out.",
        )
        button = QPushButton("Open…", frame)
        button.setObjectName("welcomeOpenButton")
        button.setAccessibleName("Open a table from a file")
        button.setProperty("role", "primary")
        button.clicked.connect(self.open_requested)
        zone = QFrame(frame)
        zone.setProperty("role", "dropZone")
        hint = _label("Drop a file anywhere on this window", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(zone)
        inside.addStretch(1)
        inside.addWidget(ShrinkageMotif(self._themes, zone), 5)
        inside.addWidget(hint)
        inside.addSpacing(6)
        inside.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(1)
        box.addSpacing(8)
        box.addWidget(zone, 1)
        return frame

    def _paste_choice(self) -> QFrame:
        frame, box = _choice(
            "Paste a table",
            "Copy cells in a spreadsheet, with the line of column names, and press Ctrl+V here.",
        )
        button = QPushButton("Paste", frame)
        button.setObjectName("welcomePasteButton")
        button.setAccessibleName("Paste a table from the clipboard")
        button.setProperty("role", "pill")
        button.clicked.connect(self.paste_requested)
        box.addSpacing(6)
        box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _sample_choice(self) -> QFrame:
        frame, box = _choice("Try a sample", "Tables that teach, from published studies and simulations.")
        self.samples = SampleList(self._themes, frame)
        self.samples.setObjectName("welcomeSamplesList")
        self.samples.chosen.connect(self.sample_requested)
        box.addWidget(self.samples, 1)
        box.setContentsMargins(16, 20, 8, 12)
        return frame

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._choices.setSpacing(theme.px(16))
        self._left.setSpacing(theme.px(16))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _choice(title: str, text: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("role", "choice")
    box = QVBoxLayout(frame)
    box.setContentsMargins(24, 20, 24, 20)
    box.setSpacing(8)
    box.addWidget(_label(title, "heading"))
    box.addWidget(_label(text, "muted"))
    return frame, box
