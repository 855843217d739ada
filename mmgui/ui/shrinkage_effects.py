"""Which effects of a term stand in the scatter matrix, where it has more than there is room for."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

MOST, LEAST = 6, 1


class EffectsButton(QPushButton):
    """A menu with a tick for each effect; hidden where all have room."""

    chosen = Signal(object)
    """Positions of the effects ticked, ascending."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Effects", parent)
        self.setObjectName("shrinkageEffects")
        self.setAccessibleName("Effects shown")
        self.setToolTip(f"Choose up to {MOST} effects of the term")
        self.setProperty("role", "pill")
        self._menu = QMenu(self)
        self._menu.setObjectName("shrinkageEffectsMenu")
        self._actions: list[QAction] = []
        self._names: tuple[str, ...] = ()
        self.setMenu(self._menu)
        self.hide()

    def set_effects(self, names: tuple[str, ...]) -> None:
        """Offer these effects; the choice stays while they are the same."""
        if names != self._names:
            self._names = names
            self._menu.clear()
            self._actions = []
            for k, name in enumerate(names):
                action = self._menu.addAction(name)
                action.setObjectName(f"shrinkageEffect{k}")
                action.setCheckable(True)
                action.setChecked(k < MOST)
                action.toggled.connect(self._on_toggled)
                self._actions.append(action)
            self._limit()
        self.setVisible(len(names) > MOST)

    def effects(self) -> tuple[int, ...]:
        """Positions of the effects shown."""
        return tuple(k for k, action in enumerate(self._actions) if action.isChecked())

    @Slot()
    def _on_toggled(self) -> None:
        self._limit()
        self.chosen.emit(self.effects())

    def _limit(self) -> None:
        """No more than there is room for, and one at least."""
        ticked = len(self.effects())
        for action in self._actions:
            action.setEnabled(ticked > LEAST if action.isChecked() else ticked < MOST)
