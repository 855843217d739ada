"""A quiet row of choices, one of which is on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class ChoiceRow(QWidget):
    """Pills side by side, named ``(object name, words, meaning)``; the first is on."""

    chosen = Signal(int)

    def __init__(
        self,
        name: str,
        accessible: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for k, (button_name, words, meaning) in enumerate(choices):
            button = QPushButton(words)
            button.setObjectName(button_name)
            button.setAccessibleName(meaning)
            button.setToolTip(meaning)
            button.setProperty("role", "pill")
            button.setCheckable(True)
            button.setChecked(k == 0)
            self._group.addButton(button, k)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(self.chosen)

    @property
    def index(self) -> int:
        """The choice that is on."""
        return max(self._group.checkedId(), 0)

    def offer(self, choices: Sequence[int], index: int) -> None:
        """Show these choices alone, that one on; nothing for none."""
        for k, button in enumerate(self.buttons()):
            button.setVisible(k in choices)
            button.setChecked(k == index)
        self.setVisible(bool(choices))

    def buttons(self) -> list[QPushButton]:
        """The pills."""
        return [b for b in self._group.buttons() if isinstance(b, QPushButton)]
