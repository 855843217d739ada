"""One fixed effect as a chip: removed by its ×, by Delete, or from its menu; dropped on, it interacts."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from mmgui.app.carried import term_mime
from mmgui.spec.terms import INTERCEPT, Term

_WIDEST = 220


class _Name(QLabel):
    """Shortened further where the pane is narrow."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), hint.height() * 4), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), text)


class Chip(QFrame):
    """A focusable chip with a remove button."""

    remove_requested = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, term: Term, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.term = term
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._label = _Name(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
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
        row.addWidget(self._remove)
        self._pressed_at: QPoint | None = None
        self.show_term(term)

    def show_term(self, term: Term) -> None:
        """Show another term in the same place."""
        self.term = term
        name = "intercept" if term == INTERCEPT else term.label
        self.setAccessibleName(f"Fixed effect {name}")
        self._remove.setAccessibleName(f"Remove {name}")
        self.setToolTip("The intercept" if term == INTERCEPT else term.label)
        width = round(_WIDEST * QFontMetrics(self.font()).height() / 16)
        text = QFontMetrics(self.font()).elidedText(term.label, Qt.TextElideMode.ElideMiddle, width)
        self._label.setText(text)

    def _on_remove(self) -> None:
        self.remove_requested.emit(self.term)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_requested.emit(self.term)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.menu_requested.emit(self.term, self.mapToGlobal(self.rect().bottomLeft()))
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
