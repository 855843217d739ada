"""Advice on the model being built: what matters in full, what is merely worth knowing folded away."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.advice import Finding, Fix, Severity
from mmgui.app.counted import counted
from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.theme import ThemeModel
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Term
from mmgui.ui.finding_card import FindingCard

MOST_NOTES = 1
"""Notes that stand in full; more of them are folded, so that a sound model stays quiet."""


_IN_FULL = ("ready", "no_response", "D1", "X1")
"""What is said in full though it is no warning: the model's state, and what of the table it leaves out."""


class AdviceList(QWidget):
    """Findings, errors first; pointing at one lights up the pieces of the model it is about."""

    fix_chosen = Signal(object)
    folding_changed = Signal()

    def __init__(self, themes: ThemeModel, emphasis: EmphasisModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adviceList")
        self.setAccessibleName("Advice")
        self._themes = themes
        self._emphasis = emphasis
        self._pointed: Finding | None = None
        self._used_at: QPoint | None = None
        self._draft = ModelSpec()
        self._findings: tuple[Finding, ...] = ()
        self._unfolded = False
        self._compact, self._fit = False, 0
        self._toggled: set[tuple[str, tuple[str, ...]]] = set()
        self._cards: list[FindingCard] = []
        self._more = QPushButton()
        self._more.setObjectName("moreAdviceButton")
        self._more.setProperty("role", "link")
        self._more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._more.clicked.connect(self._on_more)
        self._more.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._more)

    def show_findings(self, findings: tuple[Finding, ...], draft: ModelSpec) -> None:
        """Show findings about a model; cards that stay keep their place."""
        self._draft, self._findings = draft, findings
        self._toggled &= {_key(f) for f in findings}
        notes = [f for f in findings if _is_note(f)]
        folded = len(notes) > MOST_NOTES and not self._unfolded
        shown = tuple(f for f in findings if not (folded and _is_note(f)))
        self._fill(shown)
        if self._pointed is not None and self._pointed not in shown:
            # It is gone from under the mouse, which has not been told that it left.
            self._let_go()
        self._more.setVisible(len(notes) > MOST_NOTES)
        self._more.setText(f"{counted(len(notes), 'note')} worth knowing…" if folded else "Fold the notes")
        self._more.setAccessibleName(self._more.text())

    def fold_to(self, room: int, reading: int, width: int) -> int:
        """Where the model needs the room: stand open as many as fit, the others on one line each.

        ``reading`` is the room of a first finding that asks for something. Returns how high the
        first is where it stands open for that, else 0.
        """
        compact = self.full_height(width) > room
        opened, first = self._fitting(room, reading, width) if compact else (0, 0)
        if (compact, opened) != (self._compact, self._fit):
            self._compact, self._fit = compact, opened
            self._column.setSpacing(4 if compact else 8)
            self._take_folds()
        return first

    def _fitting(self, room: int, reading: int, width: int) -> tuple[int, int]:
        total = sum(c.height_of_line + 4 for c in self._cards)
        total += 0 if self._more.isHidden() else self._more.sizeHint().height() + 4
        opened, first = 0, 0
        for card in self._cards:
            asks = not opened and card.finding is not None and card.finding.severity is not Severity.INFO
            own = card.full_height(width)
            if total + own > room and not (asks and card.height_of_line + own <= reading):
                break
            first = card.height_of_line + own if asks else first
            opened, total = opened + 1, total + own
        return opened, first

    @property
    def compact(self) -> bool:
        """Whether findings are folded to lines."""
        return self._compact

    @property
    def opened_by_hand(self) -> bool:
        """Whether the person opened a finding, or the notes, and so wants to read."""
        return self._unfolded or bool(self._toggled)

    def full_height(self, width: int) -> int:
        """How high all that is shown would be in full."""
        heights = [c.full_height(width) for c in self._cards]
        if not self._more.isHidden():
            heights.append(self._more.sizeHint().height())
        return sum(heights) + 8 * max(len(heights) - 1, 0)

    def findings(self) -> tuple[Finding, ...]:
        """What is shown."""
        return tuple(c.finding for c in self._cards if c.finding is not None)

    def all_findings(self) -> tuple[Finding, ...]:
        """What is shown, and what is folded away."""
        return self._findings

    def _fill(self, findings: tuple[Finding, ...]) -> None:
        while len(self._cards) > len(findings):
            card = self._cards.pop()
            self._column.removeWidget(card)
            card.hide()
            card.forget()
            card.deleteLater()
        while len(self._cards) < len(findings):
            card = FindingCard(self)
            card.fix_chosen.connect(self._on_fix)
            card.pointed_at.connect(self._on_pointed)
            card.fold_toggled.connect(self._on_fold)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for card, finding in zip(self._cards, findings, strict=True):
            card.show_finding(finding, self._draft, self._themes.theme)
            card.show()
        self._take_folds()

    def _take_folds(self) -> None:
        for place, card in enumerate(self._cards):
            finding = card.finding
            if finding is not None:
                opened = place < self._fit or (self._unfolded and _is_note(finding))
                card.set_folding(self._compact, opened != (_key(finding) in self._toggled))

    def _on_fold(self, finding: Finding) -> None:
        self._toggled ^= {_key(finding)}
        self._take_folds()
        self.folding_changed.emit()

    def _on_more(self) -> None:
        self._unfolded = not self._unfolded
        self.show_findings(self._findings, self._draft)
        self.folding_changed.emit()

    def _on_fix(self, finding: Finding, fix: Fix) -> None:
        self._let_go()
        self._used_at = QCursor.pos()
        self.fix_chosen.emit((finding, fix))

    def _on_pointed(self, finding: Finding | None) -> None:
        if finding is None:
            self._let_go()
        elif QCursor.pos() != self._used_at:
            # What comes under a mouse that rests where a remedy was chosen is not pointed at.
            self._used_at, self._pointed = None, finding
            self._emphasis.emphasise(emphasis_of(finding, self._draft))

    def _let_go(self) -> None:
        self._pointed = None
        self._emphasis.clear()


def _key(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.id, finding.about


def _is_note(finding: Finding) -> bool:
    return finding.severity is Severity.INFO and finding.id not in _IN_FULL


def emphasis_of(finding: Finding, draft: ModelSpec) -> Emphasis:
    """The pieces of a model that a finding is about: its cards, fixed effects and columns."""
    about = set(finding.about)
    fixed = [t for t in draft.fixed if t.label in about or (set(t.columns()) and set(t.columns()) <= about)]
    effects = [
        (k, t.label) for k in finding.terms if k < len(draft.random) for t in _effects_about(draft, k, about)
    ]
    return Emphasis(
        fixed=frozenset(t.label for t in fixed),
        random=frozenset(finding.terms),
        effects=frozenset(effects),
        columns=frozenset(about),
    )


def _effects_about(draft: ModelSpec, index: int, about: set[str]) -> list[Term]:
    return [t for t in draft.random[index].slopes if t.label in about]
