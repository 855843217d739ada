"""A scroll bar that keeps its room, so that what is beside it never changes its width."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollArea, QScrollBar


class CalmScrollBar(QScrollBar):
    """Unseen while there is nothing to scroll.

    A bar that comes and goes changes the width, with it the height of words that wrap, and with that
    whether the bar is needed: where height and need hang on each other the layout never comes to rest.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


def keep_scroll_room(area: QScrollArea) -> None:
    """Give an area a vertical scroll bar that always has its room."""
    bar = CalmScrollBar(Qt.Orientation.Vertical, area)
    area.setVerticalScrollBar(bar)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
