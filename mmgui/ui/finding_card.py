"""One finding: what is the matter, and a button for each remedy above the formula that it leads to."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.advice import Finding, Fix, Severity
from mmgui.app.formula_difference import Run, shortened
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme
from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec
from mmgui.ui.drag import set_state
from mmgui.ui.finding_line import FindingLine
from mmgui.ui.inline_code import with_code
from mmgui.ui.shelf_card import cut

_HEADS = {
    Severity.ERROR: "Cannot be fitted.",
    Severity.WARNING: "Look again.",
    Severity.QUESTION: "Only you know.",
    Severity.INFO: "Worth knowing.",
}
_OWN_HEADS = {
    "ready": "This can be fitted.",
    "no_response": "Not a model yet.",
    "G4": "Not identifiable.",
}
_MOST_LETTERS = 60
"""Of a formula below its button; the tooltip has the rest."""


def head_of(finding: Finding) -> str:
    """The verdict in a few words."""
    return f"{finding.title}." if finding.title else _OWN_HEADS.get(finding.id, _HEADS[finding.severity])


class FindingCard(QFrame):
    """Shows a finding in place; tells when the pointer rests on it."""

    fix_chosen = Signal(object, object)
    pointed_at = Signal(object)
    fold_toggled = Signal(object)
    """The finding that is to be opened, or folded to its line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingCard")
        self.setProperty("role", "finding")
        self._text = QLabel()
        self._text.setObjectName("findingText")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fixes: list[_FixRow] = []
        self._column = QVBoxLayout(self)
        self._line = FindingLine()
        self._line.hide()
        self._line.clicked.connect(self._on_line)
        self._column.setSpacing(4)
        self._column.addWidget(self._line)
        self._column.addWidget(self._text)
        # Never shown: how high the words are in full, also while less of them stands there.
        self._measure = QLabel(self)
        self._measure.setWordWrap(True)
        self._measure.setTextFormat(Qt.TextFormat.RichText)
        self._measure.hide()
        self._finding: Finding | None = None
        self._head = ""
        self._foldable, self._open = False, True
        self._take_state()

    def show_finding(self, finding: Finding, draft: ModelSpec, theme: Theme) -> None:
        """Show a finding about the model that is being built."""
        self._finding = finding
        set_state(self, "severity", finding.severity.value)
        serious = finding.severity in (Severity.ERROR, Severity.WARNING)
        head, color = head_of(finding), theme.warn if serious else theme.accent
        self._head = f'<span style="color:{color}; font-weight:600">{head}</span> '
        self._line.show_finding(head, finding.text, color, theme)
        self._measure.setText(self._head + with_code(finding.text))
        self.setAccessibleName(f"{head} {finding.text}")
        while len(self._fixes) > len(finding.fixes):
            row = self._fixes.pop()
            self._column.removeWidget(row)
            row.forget()
            row.hide()
            row.deleteLater()
        while len(self._fixes) < len(finding.fixes):
            self._add_row(len(self._fixes))
        for row, fix in zip(self._fixes, finding.fixes, strict=True):
            row.show_fix(fix, draft, theme)
        self._take_state()

    def set_folding(self, foldable: bool, opened: bool) -> None:
        """Whether it can be folded to a line, and whether it then stands open."""
        if (foldable, opened) != (self._foldable, self._open):
            self._foldable, self._open = foldable, opened
            self._take_state()

    def full_height(self, width: int) -> int:
        """How high it is in full, whether it is folded or not."""
        if self._finding is None:
            return 0
        inner = max(width - 24, 1)
        fixes = sum(row.full_height(inner) + self._column.spacing() for row in self._fixes)
        self._measure.ensurePolished()
        return 18 + self._measure.heightForWidth(inner) + fixes

    @property
    def height_of_line(self) -> int:
        """What the line takes that folds it."""
        return self._line.sizeHint().height() + self._column.spacing()

    def _take_state(self) -> None:
        opened = self._open or not self._foldable
        self._line.setVisible(self._foldable)
        self._line.setChecked(opened)
        self._text.setVisible(opened)
        if self._finding is not None:
            self._text.setText(("" if self._foldable else self._head) + with_code(self._finding.text))
        for row in self._fixes:
            row.setVisible(opened)
        margin = 9 if opened else 4
        self._column.setContentsMargins(12, margin, 12, margin)

    def _on_line(self) -> None:
        if self._finding is not None:
            self.fold_toggled.emit(self._finding)

    def forget(self) -> None:
        """Be found by name no more, although it lives until the event loop comes round."""
        self.setObjectName("")
        self._line.setObjectName("")
        for row in self._fixes:
            row.forget()

    @property
    def finding(self) -> Finding | None:
        """What is shown."""
        return self._finding

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed_at.emit(self._finding)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed_at.emit(None)

    def _add_row(self, place: int) -> None:
        row = _FixRow(place)
        row.button.clicked.connect(lambda _=False: self._on_fix(place))
        self._fixes.append(row)
        self._column.addWidget(row)

    def _on_fix(self, place: int) -> None:
        if self._finding is not None:
            self.fix_chosen.emit(self._finding, self._finding.fixes[place])


class _LinkButton(QPushButton):
    """Shortens its words in the middle where the pane is narrow; the tooltip has them all."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        self._words = words
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 2 * self.fontMetrics().averageCharWidth()
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, max(room, 40))
        self.setText(words.replace("&", "&&"))


class _FixRow(QWidget):
    """The button of a remedy, and the formula it leads to."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.button = _LinkButton()
        self.button.setObjectName(f"fixButton{place}")
        self.button.setProperty("role", "link")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._preview = QLabel()
        self._preview.setObjectName(f"fixPreview{place}")
        self._preview.setProperty("role", "fixPreview")
        self._preview.setTextFormat(Qt.TextFormat.RichText)
        self._preview.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self._preview)

    def show_fix(self, fix: Fix, draft: ModelSpec, theme: Theme) -> None:
        formula = print_model(fix.spec)
        made = "".join(f"\n{d.name}: {d.words}" for d in fix.derived)
        self.button.set_words(fix.label)
        self.button.setAccessibleName(fix.label)
        self.button.setAccessibleDescription(f"Leads to {formula}{made}")
        for widget in (self.button, self._preview):
            widget.setToolTip(plain_tip(f"{fix.label}\n{formula}{made}"))
        self._preview.setContentsMargins(theme.px(5), 0, 0, theme.px(2))
        self._preview.setText(
            "".join(_run(r) for r in cut(shortened(formula, print_model(draft)), _MOST_LETTERS))
        )
        # What leaves the model as it is leads nowhere.
        self._preview.setVisible(fix.spec != draft)

    def full_height(self, width: int) -> int:
        """How high it is at this width."""
        preview = 0 if self._preview.isHidden() else self._preview.heightForWidth(width)
        return self.button.sizeHint().height() + preview

    def forget(self) -> None:
        self.button.setObjectName("")
        self._preview.setObjectName("")


def _run(run: Run) -> str:
    text = escape(run.text)
    return f"<b>{text}</b>" if run.new else text
