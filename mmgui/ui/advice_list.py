"""Advice on the model being built: a sentence each, with a button for each remedy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.advice import Finding, Fix, Severity
from mmgui.ui.drag import set_state
from mmgui.ui.inline_code import with_code

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


class FindingCard(QFrame):
    """One finding."""

    fix_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingCard")
        self.setProperty("role", "finding")
        self._text = QLabel()
        self._text.setObjectName("findingText")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 9, 12, 9)
        self._column.setSpacing(4)
        self._column.addWidget(self._text)
        self._finding: Finding | None = None

    def show_finding(self, finding: Finding, accent: str, warn: str) -> None:
        """Show a finding in place."""
        self._finding = finding
        set_state(self, "severity", finding.severity.value)
        serious = finding.severity in (Severity.ERROR, Severity.WARNING)
        head = _OWN_HEADS.get(finding.id, _HEADS[finding.severity])
        self._text.setText(
            f'<span style="color:{warn if serious else accent}; font-weight:600">{head}</span> '
            f"{with_code(finding.text)}"
        )
        self.setAccessibleName(f"{head} {finding.text}")
        while len(self._buttons) > len(finding.fixes):
            button = self._buttons.pop()
            self._column.removeWidget(button)
            button.hide()
            button.setObjectName("")
            button.deleteLater()
        while len(self._buttons) < len(finding.fixes):
            self._buttons.append(self._new_button(len(self._buttons)))
        for button, fix in zip(self._buttons, finding.fixes, strict=True):
            button.setText(fix.label.replace("&", "&&"))
            button.setAccessibleName(fix.label)
            button.setToolTip(fix.label)

    def forget(self) -> None:
        """Be found by name no more, although it lives until the event loop comes round."""
        for button in self._buttons:
            button.setObjectName("")

    @property
    def finding(self) -> Finding | None:
        """What is shown."""
        return self._finding

    def _new_button(self, place: int) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"fixButton{place}")
        button.setProperty("role", "link")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: self._on_fix(place))
        self._column.addWidget(button)
        return button

    def _on_fix(self, place: int) -> None:
        if self._finding is not None:
            self.fix_chosen.emit(self._finding, self._finding.fixes[place])


class AdviceList(QWidget):
    """Findings, errors first; a finding answered with “leave it” is not asked again in this window."""

    fix_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adviceList")
        self.setAccessibleName("Advice")
        self._cards: list[FindingCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_findings(self, findings: tuple[Finding, ...], accent: str, warn: str) -> None:
        """Show findings; cards that stay keep their place."""
        while len(self._cards) > len(findings):
            card = self._cards.pop()
            self._column.removeWidget(card)
            card.hide()
            card.setObjectName("")
            card.forget()
            card.deleteLater()
        while len(self._cards) < len(findings):
            card = FindingCard(self)
            card.fix_chosen.connect(self._on_fix)
            self._cards.append(card)
            self._column.addWidget(card)
        for card, finding in zip(self._cards, findings, strict=True):
            card.show_finding(finding, accent, warn)
            card.show()

    def findings(self) -> tuple[Finding, ...]:
        """What is shown."""
        return tuple(c.finding for c in self._cards if c.finding is not None)

    def _on_fix(self, finding: Finding, fix: Fix) -> None:
        self.fix_chosen.emit((finding, fix))
