"""Back and on, with where one is between them."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from mmgui.app.theme import Theme


class Pager(QWidget):
    """Asks for another page; shows what it is told."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = 0
        self._theme: Theme | None = None
        self._back = _button("previousPageButton", "‹", "Previous groups")
        self._on = _button("nextPageButton", "›", "Next groups")
        self._where = QLabel()
        self._where.setObjectName("pageLabel")
        self._back.clicked.connect(self._on_back)
        self._on.clicked.connect(self._on_next)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        for part in (self._back, self._where, self._on):
            row.addWidget(part)
        row.addStretch(1)

    def show_page(self, page: int, pages: int, words: str, theme: Theme) -> None:
        """Say which page is shown; hidden where there is only one."""
        self._page = page
        self._where.setText(words)
        if theme != self._theme:
            # A style sheet costs milliseconds, a turned page should not.
            self._theme = theme
            self._where.setStyleSheet(f"color: {theme.muted}; font-size: {theme.px(12)}px;")
            for button in (self._back, self._on):
                button.setStyleSheet(f"color: {theme.accent}; font-size: {theme.px(16)}px; border: none;")
        self._back.setEnabled(page > 0)
        self._on.setEnabled(page < pages - 1)
        self.setVisible(pages > 1)

    @Slot()
    def _on_back(self) -> None:
        self.page_wanted.emit(self._page - 1)

    @Slot()
    def _on_next(self) -> None:
        self.page_wanted.emit(self._page + 1)


def _button(name: str, text: str, spoken: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setAutoRaise(True)
    button.setAccessibleName(spoken)
    button.setToolTip(spoken)
    return button
