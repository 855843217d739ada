"""A finding folded to one line: its verdict, and as much of the sentence as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme


class FindingLine(QAbstractButton):
    """A click, or Space, opens what stands below it or folds it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingLine")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head, self._rest, self._color, self._gap = "", "", QColor(), 14
        self.toggled.connect(self._name_state)

    def show_finding(self, head: str, text: str, color: str, theme: Theme) -> None:
        """What it says: the verdict in its colour, and the sentence behind it."""
        self._head, self._rest, self._color = head, text.replace("`", ""), QColor(color)
        self._gap = theme.px(14)
        self.setToolTip(plain_tip(f"{head} {self._rest}"))
        self._name_state()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._gap + 40, self._bold().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_triangle(painter)
        room = self.rect().adjusted(self._gap, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        bold, plain = self._bold(), self.fontMetrics()
        head = bold.elidedText(self._head, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(self._bold_font())
        painter.setPen(self._color)
        painter.drawText(room, middle, head)
        left = bold.horizontalAdvance(head) + plain.horizontalAdvance(" ")
        rest = QRect(room.left() + left, 0, room.width() - left, room.height())
        if not self.isChecked() and rest.width() > 4 * plain.averageCharWidth():
            painter.setFont(self.font())
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(
                rest, middle, plain.elidedText(self._rest, Qt.TextElideMode.ElideRight, rest.width())
            )
        if self.hasFocus():
            painter.setPen(QPen(self._color, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)

    def _paint_triangle(self, painter: QPainter) -> None:
        side = self._gap * 0.26
        x, y = side + 1.5, self.height() / 2
        if self.isChecked():
            corners = [QPointF(x - side, y - side / 2), QPointF(x + side, y - side / 2), QPointF(x, y + side)]
        else:
            corners = [QPointF(x - side / 2, y - side), QPointF(x - side / 2, y + side), QPointF(x + side, y)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawPolygon(QPolygonF(corners))

    def _bold_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _bold(self) -> QFontMetrics:
        return QFontMetrics(self._bold_font())

    def _name_state(self) -> None:
        self.setAccessibleName(f"{self._head} {self._rest}")
        self.setAccessibleDescription("Folds the finding" if self.isChecked() else "Opens the finding")
        self.update()
