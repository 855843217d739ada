"""What a fit says in words: one soft box a statement, with a mark, a verdict, and what it means."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mmgui.app import glossary
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.summary import Statement
from mmgui.spec.formula import print_model
from mmgui.ui.elided_button import ElidedButton
from mmgui.ui.inline_code import with_code
from mmgui.ui.results_page import note_frame
from mmgui.words import listed

MARKS = {"good": "●", "info": "●", "warning": "◐", "error": "✕"}
SIDE_BY_SIDE = 560
"""From which width, at scale 1, two statements stand beside each other."""

PRICED = ("F1", "F2", "F3")
"""Statements whose remedies stand below, each with what it costs."""

MOST_FIXES, MOST_NAMED = 3, 3

SHORTEST, LONGEST = 60, 170
"""Letters of a statement between which it gets room in proportion."""


class Statements(QWidget):
    """Convergence and singularity stand apart, each with its own mark and word; in full, two a line."""

    fix_wanted = Signal(object)
    """A remedy."""
    starts_wanted = Signal()
    """To fit the model from other starts."""
    adopt_wanted = Signal()
    """To take the better fit that other starts found."""
    groups_wanted = Signal(object)
    """To pick these groups, as pairs of grouping factor and level."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fitMessages")
        self.setAccessibleName("What the fit says")
        self._themes = themes
        self._statements: tuple[Statement, ...] = ()
        self._lines: list[QWidget] = []
        self._wide = True
        self._searching = ""
        self._better = False
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

    def set_search(self, words: str, *, better: bool) -> None:
        """What a search from other starts has come to, empty where none goes on; whether it found better."""
        if (words, better) != (self._searching, self._better):
            self._searching, self._better = words, better
            self.show_statements(self._statements)

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
            f"<span style='color:{color}'>{MARKS.get(statement.severity, '●')}&nbsp;&nbsp;"
            f"<b>{html.escape(statement.title)}.</b></span> {with_code(rest[:1].upper() + rest[1:])}"
        )
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addWidget(label)
        actions = self._actions(statement)
        if actions:
            row = QHBoxLayout()
            row.setSpacing(theme.px(6))
            for action in actions:
                row.addWidget(action)
            row.addStretch(1)
            box.addLayout(row)
        box.addStretch(1)
        frame.setToolTip(glossary.VERDICTS.get(statement.title, ""))
        frame.setAccessibleName(statement.title)
        frame.setAccessibleDescription(statement.text)
        return frame

    def _actions(self, statement: Statement) -> list[QWidget]:
        """The buttons of a statement: its remedies, other starts, the better fit."""
        out: list[QWidget] = []
        if statement.id == "F6":
            words = self._searching or "Try other starts"
            button = _link(words, "otherStartsButton", "Fit the same model from several other starts.")
            button.setEnabled(not self._searching)
            button.clicked.connect(self.starts_wanted)
            out.append(button)
        if statement.id == "F8" and self._better:
            button = _link("Adopt this fit", "adoptFitButton", "Let it take the place of the fit shown.")
            button.clicked.connect(self.adopt_wanted)
            out.append(button)
        if statement.groups:
            out.append(self._show_groups(statement))
        fixes = () if statement.id in PRICED else statement.fixes[:MOST_FIXES]
        for k, fix in enumerate(fixes):
            formula = print_model(fix.spec)
            button = _link(fix.label, f"fix{statement.id}{k}", f"Make this the model being built:\n{formula}")
            button.clicked.connect(lambda _=False, f=fix: self.fix_wanted.emit(f))
            out.append(button)
        return out

    def _show_groups(self, statement: Statement) -> QWidget:
        """The button that picks the groups a statement names, on every page."""
        groups = statement.groups
        few = len(groups) <= MOST_NAMED
        named = listed([level for _, level in groups]) if few else f"the {len(groups):,} groups"
        where = listed([f"{factor} {level}" for factor, level in groups]) if few else named
        button = _link(f"Show {named}", f"showGroups{statement.id}", plain_tip(f"Pick {where} on every page"))
        button.clicked.connect(lambda: self.groups_wanted.emit(groups))
        return button

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self.show_statements(self._statements)


def _link(text: str, name: str, meaning: str) -> QPushButton:
    button = ElidedButton(text, 12)
    button.setObjectName(name)
    button.setProperty("role", "link")
    button.setAccessibleName(text)
    button.setToolTip(meaning)
    return button
