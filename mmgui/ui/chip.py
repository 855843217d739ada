"""One fixed effect as a chip: removed by its ×, by Delete, or from its menu; dropped on, it interacts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mmgui.app.carried import term_mime
from mmgui.app.plain_tip import plain_tip
from mmgui.app.term_words import term_words
from mmgui.spec.terms import INTERCEPT, Term

_WIDEST = 220


class ChipName(QLabel):
    """Shortened further where the pane is narrow."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), hint.height() * 4), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), text)

    def show_name(self, text: str) -> None:
        """Show a name, shortened where it is very long."""
        widest = round(_WIDEST * QFontMetrics(self.font()).height() / 16)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, widest))


class ChipMark(QAbstractButton):
    """A small triangle, muted until the pointer rests on it: down for a menu, to the right for folded."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._folded = False

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(line, line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.WindowText if self.underMouse() else QPalette.ColorRole.PlaceholderText
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QApplication.palette().color(role))
        painter.translate(QRectF(self.rect()).center())
        if self._folded:
            painter.rotate(-90)
        half = self.fontMetrics().height() * 0.22
        painter.drawPolygon([QPointF(-half, -half / 2), QPointF(half, -half / 2), QPointF(0, half * 0.7)])


class ChipFrame(QFrame):
    """What chips have in common: the keyboard can rest on them, and a ring shows that they are meant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._emphasised = False

    @property
    def emphasised(self) -> bool:
        """Whether the chip is marked as meant."""
        return self._emphasised

    def set_emphasised(self, on: bool) -> None:
        """Mark the chip as meant by what the pointer rests on elsewhere."""
        if on != self._emphasised:
            self._emphasised = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._emphasised:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QApplication.palette().color(QPalette.ColorRole.Highlight), 2))
            room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            radius = min(room.height() / 2, QFontMetrics(self.font()).height() * 0.75)
            painter.drawRoundedRect(room, radius, radius)


class Chip(ChipFrame):
    """A focusable chip with a menu and a remove button."""

    remove_requested = Signal(object)
    menu_requested = Signal(object, QPoint)
    hovered = Signal(object)
    """The term under the pointer, None when it leaves."""

    def __init__(self, term: Term, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.term = term
        self._label = ChipName(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._remark = QLabel(self)
        self._remark.setObjectName("chipRemark")
        self._remark.setProperty("role", "muted")
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setContentsMargins(5, 0, 0, 0)
        self._menu = ChipMark("chipMenuButton", self)
        self._menu.clicked.connect(self._on_menu)
        self._remove = QToolButton(self)
        self._remove.setObjectName("removeChipButton")
        self._remove.setProperty("role", "chipRemove")
        self._remove.setText("×")
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._remove.clicked.connect(self._on_remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 4, 2)
        row.setSpacing(2)
        row.addWidget(self._label)
        row.addWidget(self._remark)
        row.addWidget(self._menu)
        row.addWidget(self._remove)
        self._pressed_at: QPoint | None = None
        self.show_term(term)

    def show_term(self, term: Term, remark: str = "", tip: str = "") -> None:
        """Show another term in the same place, with what was chosen for it and what it is."""
        self.term = term
        name = "intercept" if term == INTERCEPT else term_words(term)
        self.setAccessibleName(f"Fixed effect {name}" + (f", {remark}" if remark else ""))
        self._remove.setAccessibleName(f"Remove {name}")
        self._menu.setAccessibleName(f"What can be done with {name}")
        self._menu.setVisible(term != INTERCEPT)
        title = "The intercept" if term == INTERCEPT else term_words(term)
        self.setToolTip(plain_tip("\n".join(t for t in (title, tip) if t)))
        self._label.show_name(term_words(term))
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))

    @property
    def remark(self) -> str:
        """What was chosen for the term, empty where nothing was."""
        return self._remark.text()

    def _on_remove(self) -> None:
        self.remove_requested.emit(self.term)

    def _on_menu(self) -> None:
        self.menu_requested.emit(self.term, self.mapToGlobal(self.rect().bottomLeft()))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.term)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit(self.term)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._on_menu()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = event.globalPos() if by_mouse else self.mapToGlobal(self.rect().bottomLeft())
        self.menu_requested.emit(self.term, at)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self.term == INTERCEPT:
            return
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if moved >= QApplication.startDragDistance():
            drag = QDrag(self)
            drag.setMimeData(term_mime(self.term))
            drag.setPixmap(self.grab())
            drag.setHotSpot(self._pressed_at)
            self._pressed_at = None
            drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pressed_at = None
