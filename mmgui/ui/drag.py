"""A place that lights up while something it can take hovers, and takes what is dropped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class DropTarget(QObject):
    """Lets a widget take drops; while something it accepts hovers, its property ``dropping`` is set.

    ``refuses`` gives the reason why the place cannot take what hovers, if it has one: it then shows it
    (``told``, with True for a refusal) rather than leave the drop to what lies below. ``describes`` says
    what a drop would do. While something hovers ``copying`` tells whether a copy is asked for.
    """

    told = Signal(str, bool)

    def __init__(
        self,
        widget: QWidget,
        accepts: Callable[[QMimeData], bool],
        take: Callable[[QMimeData], None],
        *,
        refuses: Callable[[QMimeData], str] | None = None,
        describes: Callable[[QMimeData], str] | None = None,
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._accepts = accepts
        self._take = take
        self._refuses = refuses
        self._describes = describes
        self.copying = False
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def also(self, widget: QWidget) -> None:
        """Take what is dropped on another widget, too; the first one lights up."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove:
                _scroll_along(watched, event)  # type: ignore[arg-type]
                return self._hover(event)  # type: ignore[arg-type]
            case QEvent.Type.DragLeave:
                self._rest()
            case QEvent.Type.Drop:
                return self._drop(event)  # type: ignore[arg-type]
        return False

    def _hover(self, event: QDropEvent) -> bool:
        mime = event.mimeData()
        self.copying = event.proposedAction() == Qt.DropAction.CopyAction
        accepted = self._accepts(mime)
        reason = "" if accepted or self._refuses is None else self._refuses(mime)
        if accepted:
            event.acceptProposedAction()
        elif reason and isinstance(event, QDragEnterEvent):
            # Not accepted, the drag would go on to the widget below, which may take it for something else.
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
        else:
            event.ignore()
        set_state(self._widget, "dropping", accepted)
        said = self._describes(mime) if accepted and self._describes is not None else reason
        self.told.emit(said, bool(reason))
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.copying = event.proposedAction() == Qt.DropAction.CopyAction
        self._rest()
        if self._accepts(event.mimeData()):
            event.acceptProposedAction()
            self._take(event.mimeData())
        else:
            event.ignore()
        return True

    def _rest(self) -> None:
        set_state(self._widget, "dropping", False)
        self.told.emit("", False)


def _scroll_along(watched: QWidget, event: QDropEvent) -> None:
    """Bring what lies beyond the edge of a scrolled pane into reach."""
    here: QWidget | None = watched
    while here is not None:
        if isinstance(here, QScrollArea):
            inside = here.widget()
            if inside is None or not inside.isAncestorOf(watched):
                return
            at = watched.mapTo(inside, event.position().toPoint())
            edge = here.fontMetrics().height() * 2
            here.ensureVisible(at.x(), at.y(), 0, edge)
            return
        here = here.parentWidget()


def set_state(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and have the style look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
