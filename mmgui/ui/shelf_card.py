"""One fitted model on the shelf."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mmgui.app.formula_difference import Run
from mmgui.app.plain_tip import plain_tip
from mmgui.app.shelf_status import ShelfStatus
from mmgui.app.theme import Theme, ThemeModel
from mmgui.spec.document import ShelfModel

MOST_LETTERS = 46
"""Of a formula on a card, so that more than one card is in sight."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card shows."""

    model: ShelfModel
    formula: str
    runs: tuple[Run, ...]
    status: ShelfStatus
    figures: str
    selected: bool
    compared: bool


class ShelfCard(QFrame):
    """Click, Enter or Space shows the model; the checkbox chooses it for the comparison."""

    chosen = Signal(object)
    compare_toggled = Signal(object, bool)
    menu_requested = Signal(object, QPoint)
    removal_requested = Signal(object)

    def __init__(self, content: CardContent, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._themes = themes
        self.setObjectName(f"shelfCard{content.model.id}")
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._formula = QLabel(self)
        self._formula.setProperty("role", "formula")
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._status = QLabel(self)
        self._status.setObjectName("statusLabel")
        self._status.setProperty("role", "muted")
        self._check = QCheckBox(self)
        self._check.setObjectName("compareCheck")
        self._check.setToolTip("Choose for the comparison")
        # Not ``clicked``: an assistive program toggles without clicking.
        self._check.toggled.connect(self._on_check)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._formula)
        text.addWidget(self._status)
        self._row = QHBoxLayout(self)
        self._row.addLayout(text)
        self._row.addWidget(self._check, 0, Qt.AlignmentFlag.AlignTop)
        self.show_content(content)

    @property
    def model(self) -> ShelfModel:
        return self._content.model

    def show_content(self, content: CardContent, *, slim: bool = False) -> None:
        """Draw it anew; slim, in one line without figures."""
        self._content = content
        theme = self._themes.theme
        edge = theme.air(1) if slim else theme.px(7)
        self._row.setContentsMargins(theme.air(12), edge, theme.air(8), edge)
        self._row.setSpacing(theme.air(10))
        self._row.setAlignment(
            self._check, Qt.AlignmentFlag.AlignVCenter if slim else Qt.AlignmentFlag.AlignTop
        )
        formula = "".join(_run(r) for r in cut(content.runs))
        self._formula.setText(f"{_mark(content, theme)}&nbsp; {formula}" if slim else formula)
        self._status.setText(_status(content, theme))
        self._status.setVisible(not slim)
        self._check.blockSignals(True)
        self._check.setChecked(content.compared)
        self._check.blockSignals(False)
        self._check.setEnabled(content.status.has_results)
        self._check.setAccessibleName(f"Compare {content.formula}")
        self.setToolTip(plain_tip("\n".join(filter(None, (content.formula, *_beside(content, slim=slim))))))
        self.setAccessibleName(content.formula)
        self.setAccessibleDescription(f"{content.figures} {content.status.word}".strip())
        if self.property("selected") != content.selected:
            self.setProperty("selected", content.selected)
            self.style().unpolish(self)
            self.style().polish(self)

    @Slot(bool)
    def _on_check(self, checked: bool) -> None:
        self.compare_toggled.emit(self.model, checked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.chosen.emit(self.model)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removal_requested.emit(self.model)
            case Qt.Key.Key_Left:
                self.focusPreviousChild()
            case Qt.Key.Key_Right:
                self.focusNextChild()
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.model, event.globalPos())


def cut(runs: tuple[Run, ...], most: int = MOST_LETTERS) -> tuple[Run, ...]:
    """The runs up to so many letters; the tooltip has the rest."""
    if sum(len(r.text) for r in runs) <= most:
        return runs
    out, room = [], most - 1
    for run in runs:
        out.append(replace(run, text=run.text[: max(room, 0)]))
        room -= len(run.text)
    return (*(r for r in out if r.text), Run("…", new=False))


def _beside(content: CardContent, *, slim: bool) -> tuple[str, ...]:
    """What the tooltip adds to the formula: all that a line has no room for."""
    said = f"{content.figures} · {content.status.word}" if content.figures else content.status.word
    return (said if slim else "", content.status.explanation)


def _run(run: Run) -> str:
    text = html.escape(run.text)
    return f"<b>{text}</b>" if run.new else text


def _mark(content: CardContent, theme: Theme, word: str = "") -> str:
    color = {"good": theme.good, "warn": theme.warn}.get(content.status.tone, theme.muted)
    return f"<span style='color:{color}'>{content.status.mark}{word}</span>"


def _status(content: CardContent, theme: Theme) -> str:
    mark = _mark(content, theme, f" {content.status.word}")
    return f"{html.escape(content.figures)} · {mark}" if content.figures else mark
