"""The button at the end of the tabs that gives the results the whole window, and takes it back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.icons import enlarge, icon, reduce


class AloneButton(QToolButton):
    """Follows its action; its arrows say which way it goes."""

    def __init__(self, action: QAction, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("resultsOnlyButton")
        self.setProperty("role", "corner")
        self._action, self._themes = action, themes
        self._keys = action.shortcut().toString()
        self.clicked.connect(action.trigger)
        action.toggled.connect(self._show_state)
        themes.theme_changed.connect(self._on_theme)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        alone, theme = self._action.isChecked(), self._themes.theme
        words = "Show the whole window again" if alone else "Give the results the whole window"
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({self._keys}{' or Esc' if alone else ''})")
        side = theme.px(15)
        self.setIconSize(QSize(side, side))
        self.setIcon(icon(reduce if alone else enlarge, theme.text, theme.residual, side))

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._show_state()
