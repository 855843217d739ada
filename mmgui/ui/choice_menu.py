"""A menu whose entries say why they cannot be chosen, and whose refused steps are told, never raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.factor_choices import Choice
from mmgui.app.plain_tip import plain_tip
from mmgui.errors import MmguiError
from mmgui.ui.menu_text import menu_text

Value = TypeVar("Value")


class ChoiceMenu(QMenu):
    """``refused`` has the sentence of a step that could not be taken; ``home`` outlives the menu."""

    refused = Signal(str)

    def __init__(self, name: str, home: QWidget) -> None:
        super().__init__(home)
        self.home = home
        self.setObjectName(name)
        self.setToolTipsVisible(True)

    def add(self, menu: QMenu, text: str, act: Callable[[], None], reason: str = "") -> QAction:
        """An entry, greyed where there is a reason against it."""
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: self._take(act))
        if reason:
            action.setEnabled(False)
            action.setToolTip(plain_tip(reason))
        return action

    def add_menu(self, title: str, name: str, reason: str = "", within: QMenu | None = None) -> QMenu:
        """A submenu, greyed where there is a reason against it."""
        menu = (self if within is None else within).addMenu(title)
        menu.setObjectName(name)
        menu.setToolTipsVisible(True)
        if reason:
            menu.menuAction().setEnabled(False)
            menu.menuAction().setToolTip(plain_tip(reason))
        return menu

    def offer(
        self, menu: QMenu, choices: Iterable[Choice[Value]], act: Callable[[Value], None]
    ) -> list[QAction]:
        """An entry for each choice."""
        return [self.add(menu, menu_text(c.text), partial(act, c.value), c.reason) for c in choices]

    def _take(self, act: Callable[[], None]) -> None:
        try:
            act()
        except MmguiError as error:
            self.refused.emit(error.message)
