"""What a fit says in words: one soft box a statement, with a mark, a verdict, and what it means."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mmgui.app import glossary
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.summary import Statement
from mmgui.ui.inline_code import with_code
from mmgui.ui.results_page import note_frame

MARKS = {"good": "●", "info": "●", "warning": "◐", "error": "✕"}
SIDE_BY_SIDE = 420
"""From which width, at scale 1, two statements stand beside each other."""

SHORTEST, LONGEST = 60, 170
"""Letters of a statement between which it gets room in proportion."""


class Statements(QWidget):
    """Convergence and singularity stand apart, each with its own mark and word; in full, two a line."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitMessages")
        self.setAccessibleName("What the fit says")
        self._themes = themes
        self._statements: tuple[Statement, ...] = ()
        self._lines: list[QWidget] = []
        self._wide = True
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        themes.theme_changed.connect(self._on_theme)

    @property
    def text(self) -> str:
        """Everything it says, a line a statement."""
        return "\n".join(f"{s.title}: {s.text}" for s in self._statements)

    def show_statements(self, statements: tuple[Statement, ...]) -> None:
        """Replace what is said."""
        self._statements = statements
        self.setAccessibleDescription(self.text)
        for line in self._lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(statements[k : k + 2]) for k in range(0, len(statements), 2)]
        for line in self._lines:
            self._box.addWidget(line)

    def set_room(self, width: int) -> None:
        """How wide it will be: where there is no room for two beside each other they stand below."""
        self._wide = width >= self._themes.theme.px(SIDE_BY_SIDE)
        for line in self._lines:
            box = line.layout()
            if isinstance(box, QBoxLayout):
                box.setDirection(self._direction())

    def _direction(self) -> QBoxLayout.Direction:
        return QBoxLayout.Direction.LeftToRight if self._wide else QBoxLayout.Direction.TopToBottom

    def _line(self, statements: tuple[Statement, ...]) -> QWidget:
        line, gap = QWidget(), self._themes.theme.px(8)
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(gap)
        box.setDirection(self._direction())
        self._box.setSpacing(gap)
        for statement in statements:
            letters = len(statement.title) + len(statement.text)
            box.addWidget(self._note(statement), min(max(letters, SHORTEST), LONGEST))
        return line

    def _note(self, statement: Statement) -> QWidget:
        theme = self._themes.theme
        serious = statement.severity in ("warning", "error")
        color = theme.warn if serious else theme.good if statement.severity == "good" else theme.accent
        frame, box = note_frame("warnNote" if serious else "note", f"statement{statement.id}")
        box.setContentsMargins(theme.px(12), theme.px(7), theme.px(12), theme.px(7))
        # Some sentences begin with their verdict.
        rest = statement.text.removeprefix(statement.title).lstrip(":. ")
        # A number with its power of ten stays on one line.
        rest = rest.replace(" × ", "\u00a0×\u00a0")
        label = QLabel(
            f"<span style='color:{color}'>{MARKS.get(statement.severity, '●')} &nbsp;"
            f"<b>{html.escape(statement.title)}.</b></span> {with_code(rest[:1].upper() + rest[1:])}"
        )
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(label)
        frame.setToolTip(glossary.VERDICTS.get(statement.title, ""))
        frame.setAccessibleName(statement.title)
        frame.setAccessibleDescription(statement.text)
        return frame

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self.show_statements(self._statements)
