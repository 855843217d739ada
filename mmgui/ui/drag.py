"""A place that lights up while something it can take hovers, and takes what is dropped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class DropTarget(QObject):
    """Lets a widget take drops; while something it accepts hovers, its property ``dropping`` is set."""

    def __init__(
        self, widget: QWidget, accepts: Callable[[QMimeData], bool], take: Callable[[QMimeData], None]
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._accepts = accepts
        self._take = take
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def also(self, widget: QWidget) -> None:
        """Take what is dropped on another widget, too; the first one lights up."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove:
                return self._hover(event)  # type: ignore[arg-type]
            case QEvent.Type.DragLeave:
                self._light(False)
            case QEvent.Type.Drop:
                return self._drop(event)  # type: ignore[arg-type]
        return False

    def _hover(self, event: QDropEvent) -> bool:
        accepted = self._accepts(event.mimeData())
        if accepted:
            event.acceptProposedAction()
        else:
            event.ignore()
        self._light(accepted)
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._light(False)
        if self._accepts(event.mimeData()):
            event.acceptProposedAction()
            self._take(event.mimeData())
        else:
            event.ignore()
        return True

    def _light(self, on: bool) -> None:
        set_state(self._widget, "dropping", on)


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and have the style look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
