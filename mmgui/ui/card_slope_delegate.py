"""One slope of a card as a row: box, name, what the data can tell about it, and its menu."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mmgui.app.model_outline import SlopeRow
from mmgui.app.term_words import term_words
from mmgui.app.theme import ThemeModel

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole + 1
EMPHASISED = Qt.ItemDataRole.UserRole + 2


class SlopeDelegate(QStyledItemDelegate):
    """Box, name, badge, dots in one line; the line takes a click, the dots open the menu."""

    menu_requested = Signal(object, QPoint)

    def __init__(self, themes: ThemeModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.color = "#000000"

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._themes.theme.px(25))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SlopeRow = index.data(ROW)
        theme = self._themes.theme
        whole_row = QRect(option.rect)
        rect = whole_row.adjusted(0, 0, -theme.px(20), 0)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(EMPHASISED):
            tint = QColor(self.color)
            tint.setAlphaF(0.12)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(QRectF(whole_row), theme.px(5), theme.px(5))
        self._dots(painter, self._dots_place(whole_row), hovered or focused)
        side = theme.px(15)
        box = QRectF(rect.left() + 0.5, rect.center().y() - side / 2 + 0.5, side, side)
        self._box(painter, box, row, focused)
        font = painter.font()
        font.setPixelSize(theme.px(12))
        metrics = QFontMetrics(font)
        room = rect.width() - side - theme.px(8)
        badge = _badge_text(row, term_words(row.term), metrics, room)
        width = metrics.horizontalAdvance(badge) + theme.px(14) if badge else 0
        if badge:
            painter.setFont(font)
            place = QRectF(rect.right() - width, rect.center().y() - theme.px(9), width, theme.px(18))
            self._badge(painter, place, badge, row)
        font.setPixelSize(theme.px(13))
        painter.setFont(font)
        painter.setPen(QColor(theme.text if row.enabled else theme.muted))
        left = rect.left() + side + theme.px(8)
        words = QRect(left, rect.top(), rect.right() - width - theme.px(6) - left, rect.height())
        name = term_words(row.term)
        whole = f"Slope of {name}"
        if QFontMetrics(font).horizontalAdvance(whole) > words.width():
            whole = name
        text = QFontMetrics(font).elidedText(whole, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def _box(self, painter: QPainter, box: QRectF, row: SlopeRow, focused: bool) -> None:
        theme = self._themes.theme
        edge = QColor(theme.accent if focused else theme.line if not row.enabled else theme.muted)
        painter.setPen(QPen(edge, 2 if focused else 1))
        painter.setBrush(QColor(theme.accent) if row.checked else QColor(theme.surface))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        if row.checked:
            pen = QPen(QColor(theme.background if theme.dark else "#FFFFFF"), theme.px(2))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            w, x, y = box.width(), box.left(), box.top()
            points = [(0.25, 0.52), (0.43, 0.70), (0.76, 0.32)]
            for (ax, ay), (bx, by) in pairwise(points):
                painter.drawLine(round(x + ax * w), round(y + ay * w), round(x + bx * w), round(y + by * w))

    def _badge(self, painter: QPainter, place: QRectF, text: str, row: SlopeRow) -> None:
        theme = self._themes.theme
        if (row.reason and row.checked) or row.warning:
            back, fore = QColor(theme.warn_soft), QColor(theme.warn)
        elif row.reason:
            back, fore = QColor(theme.grid), QColor(theme.muted)
        else:
            back, fore = QColor(self.color), QColor(self.color)
            back.setAlphaF(0.13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(back)
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(fore)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _dots_place(self, row: QRect) -> QRect:
        width = self._themes.theme.px(18)
        return QRect(row.right() - width + 1, row.top(), width, row.height())

    def _dots(self, painter: QPainter, place: QRect, strong: bool) -> None:
        theme = self._themes.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text if strong else theme.line))
        centre, radius = QPointF(place.center()), max(theme.px(1.4), 1)
        for k in (-1, 0, 1):
            painter.drawEllipse(centre + QPointF(k * theme.px(5), 0), radius, radius)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        clicked = (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        )
        if clicked and isinstance(event, QMouseEvent):
            at = event.position().toPoint()
            if self._dots_place(QRect(option.rect)).contains(at):
                self.menu_requested.emit(index.data(ROW).term, at)
                return True
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        pressed = pressed and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)  # type: ignore[attr-defined]
        if not (clicked or pressed) or not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return False
        now = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        new = Qt.CheckState.Unchecked if now == Qt.CheckState.Checked else Qt.CheckState.Checked
        return bool(model.setData(index, new, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]


def _badge_text(row: SlopeRow, name: str, metrics: QFontMetrics, room: int) -> str:
    """The badge, shortened where the slope's name needs its room."""
    gap = metrics.height() * 2
    words = ""
    for words in _shorter(row.badge):
        if metrics.horizontalAdvance(words + name) + gap <= room:
            return words
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(room * 0.6))


def _shorter(badge: str) -> Iterator[str]:
    """The badge, then what is left of it in less and less room."""
    yield badge
    if badge.startswith("varies "):
        yield badge.removeprefix("varies ")
        yield badge.removeprefix("varies within ")
    elif badge.startswith("constant "):
        yield "constant"
    else:
        yield badge.split(",", maxsplit=1)[0]
