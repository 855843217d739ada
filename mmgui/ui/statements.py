"""What a fit says in words: one soft box a statement, with a mark, a verdict, and what it means."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.summary import Statement
from mmgui.ui.results_page import empty_box, note_frame

MARKS = {"good": "●", "info": "●", "warning": "◐", "error": "✕"}


class Statements(QWidget):
    """Convergence and singularity stand apart, each with its own mark and word."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitMessages")
        self.setAccessibleName("What the fit says")
        self._themes = themes
        self._statements: tuple[Statement, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        themes.theme_changed.connect(self._on_theme)

    @property
    def text(self) -> str:
        """Everything it says, a line a statement."""
        return "\n".join(f"{s.title}: {s.text}" for s in self._statements)

    def show_statements(self, statements: tuple[Statement, ...]) -> None:
        """Replace what is said."""
        self._statements = statements
        self.setAccessibleDescription(self.text)
        empty_box(self._box)
        for statement in statements:
            self._box.addWidget(self._note(statement))

    def _note(self, statement: Statement) -> QWidget:
        theme = self._themes.theme
        serious = statement.severity in ("warning", "error")
        color = theme.warn if serious else theme.good if statement.severity == "good" else theme.accent
        frame, box = note_frame("warnNote" if serious else "note", f"statement{statement.id}")
        # Some sentences begin with their verdict.
        rest = statement.text.removeprefix(statement.title).lstrip(":. ")
        label = QLabel(
            f"<span style='color:{color}'>{MARKS.get(statement.severity, '●')} &nbsp;"
            f"<b>{html.escape(statement.title)}.</b></span> {html.escape(rest[:1].upper() + rest[1:])}"
        )
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(label)
        frame.setAccessibleName(statement.title)
        frame.setAccessibleDescription(statement.text)
        return frame

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self.show_statements(self._statements)
