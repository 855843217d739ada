"""The order in which Tab walks through a pane: top to bottom, as it is laid out."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget


def order_tabs(pane: QWidget) -> None:
    """Walk the pane's controls from top to bottom, left to right."""
    controls = [w for w in pane.findChildren(QWidget) if _takes_tab(w, pane)]
    controls.sort(key=lambda w: _place(w, pane))
    for before, after in pairwise(controls):
        QWidget.setTabOrder(before, after)


def _takes_tab(widget: QWidget, pane: QWidget) -> bool:
    wanted = Qt.FocusPolicy.TabFocus.value
    return (
        bool(widget.focusPolicy().value & wanted)
        and widget.isVisibleTo(pane)
        and widget.window() is pane.window()
    )


def _place(widget: QWidget, pane: QWidget) -> tuple[int, int]:
    at = widget.mapTo(pane, QPoint(0, widget.height() // 2))
    return at.y() // 12, at.x()
