"""The surface on which one view of the grouping structure is drawn, pointed at and walked through by keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mmgui.app.theme import LIGHT, Theme
from mmgui.figures.grouping import StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.plots.grouping_columns import Columns
from mmgui.plots.grouping_grid import Grid
from mmgui.plots.grouping_marks import Mark, Scene, tip
from mmgui.plots.grouping_tree import Tree
from mmgui.plots.style import pen

SCENES: dict[str, type[Scene]] = {"single": Columns, "nested": Tree, "crossed": Grid}
LEAST_ROOM = 8.0


class StructureCanvas(QWidget):
    """Lays a view out anew for every size, look and selection; tells which mark was clicked."""

    clicked = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.view: StructureView | None = None
        self._theme: Theme = LIGHT
        self._picked: Mask | None = None
        self._scene: Scene | None = None
        self._hovered: Mark | None = None
        self.cursor_mark: Mark | None = None

    def show_view(self, theme: Theme, view: StructureView | None, picked: Mask | None) -> None:
        """Draw a view in a look; ``picked`` tells the rows picked."""
        if view is not self.view:
            self.cursor_mark = self._hovered = None
        self._theme, self.view, self._picked = theme, view, picked
        self._scene = None
        self.update()

    def scene(self) -> Scene | None:
        """The view as it is laid out now; None without a view or room."""
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.view is None or room.width() < LEAST_ROOM or room.height() < LEAST_ROOM:
            return None
        if self._scene is None or self._scene.room != room:
            self._scene = SCENES[self.view.layout](self._theme, room, self.view, self._picked)
            mark = self.cursor_mark
            self.cursor_mark = None if mark is None else self._scene.mark(mark.row, mark.column)
            self._hovered = None
        return self._scene

    def words(self, mark: Mark) -> str:
        """What a mark stands for (HTML)."""
        if self.view is None:
            return ""
        return tip(self.view, mark.parts, int(self.view.mask(mark.parts).sum()))

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        scene = self.scene()
        if scene is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scene.paint(painter)
        for mark, strength in ((self._hovered, 0.55), (self.cursor_mark, 1.0)):
            if mark is not None:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                width = max(1.6, self._theme.line_width)
                painter.setPen(pen(self._theme.accent, width, alpha=strength))
                painter.drawRoundedRect(mark.rect.adjusted(-1, -1, 1, 1), 4, 4)
        painter.end()

    # -- mouse

    def mark_at(self, at: QPointF) -> Mark | None:
        """What lies under a pixel."""
        scene = self.scene()
        return None if scene is None else scene.mark_at(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if mark is None:
            super().mousePressEvent(event)
            return
        held = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        self.clicked.emit(mark.parts, bool(event.modifiers() & held))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position())
        if mark != self._hovered:
            self._hovered = mark
            self.setCursor(Qt.CursorShape.ArrowCursor if mark is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(QPointF(event.pos()))
            if mark is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words(mark), self)
            return True
        return super().event(event)

    # -- keys

    def move_cursor(self, down: int, across: int) -> str:
        """Move the cursor, from the first mark where there is none yet; what it then stands on, in words."""
        scene = self.scene()
        if scene is None:
            return ""
        mark = self.cursor_mark
        self.cursor_mark = mark = scene.mark(0, 0) if mark is None else scene.step(mark, down, across)
        self.update()
        words = self.words(mark)
        QToolTip.showText(self.mapToGlobal(QPoint(*_below(mark.rect))), words, self)
        return words

    def click_cursor(self, *, extend: bool) -> None:
        """Do what a click on the mark under the cursor does."""
        if self.cursor_mark is not None:
            self.clicked.emit(self.cursor_mark.parts, extend)

    def forget_cursor(self) -> None:
        self.cursor_mark = None
        QToolTip.hideText()
        self.update()


def _below(rect: QRectF) -> tuple[int, int]:
    return int(rect.left()), int(rect.bottom()) + 2
