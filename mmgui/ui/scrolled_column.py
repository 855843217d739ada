"""A column inside a scrolled pane that is as high as its content is at the width it has."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class ScrolledColumn(QWidget):
    """Asks for the height of its content at its width, not at the narrowest it could be.

    A scroll area would else leave room for rows of chips that are not broken.
    """

    def minimumSizeHint(self) -> QSize:
        layout, hint = self.layout(), super().minimumSizeHint()
        if layout is None or not layout.hasHeightForWidth():
            return hint
        return QSize(hint.width(), layout.totalHeightForWidth(max(self.width(), hint.width())))
