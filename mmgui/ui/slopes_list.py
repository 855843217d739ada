"""The slopes of one card as checkable rows, each with a badge that says what the data can tell about it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mmgui.app.model_outline import SlopeRow
from mmgui.app.theme import ThemeModel

Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS = 8


class SlopeDelegate(QStyledItemDelegate):
    """Box, name, badge in one line; the whole line takes a click."""

    def __init__(self, themes: ThemeModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.color = "#000000"

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, self._themes.theme.px(25))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SlopeRow = index.data(_ROW)
        theme = self._themes.theme
        rect = QRect(option.rect)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(15)
        box = QRectF(rect.left() + 0.5, rect.center().y() - side / 2 + 0.5, side, side)
        self._box(painter, box, row, focused)
        font = painter.font()
        font.setPixelSize(theme.px(12))
        metrics = QFontMetrics(font)
        room = rect.width() - side - theme.px(8)
        badge = _badge_text(row.badge, index.data(), metrics, room)
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
        whole = f"Slope of {index.data()}"
        if QFontMetrics(font).horizontalAdvance(whole) > words.width():
            whole = index.data()
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
        if row.reason and row.checked:
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

    def editorEvent(self, event: QEvent, model: object, _option: QStyleOptionViewItem, index: Index) -> bool:
        clicked = (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        )
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        pressed = pressed and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)  # type: ignore[attr-defined]
        if not (clicked or pressed) or not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return False
        now = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        new = Qt.CheckState.Unchecked if now == Qt.CheckState.Checked else Qt.CheckState.Checked
        return bool(model.setData(index, new, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]


def _badge_text(badge: str, name: str, metrics: QFontMetrics, room: int) -> str:
    """The badge, without its first words where the slope's name needs their room."""
    gap = metrics.height() * 2
    for words in (badge, badge.removeprefix("varies ")):
        if metrics.horizontalAdvance(words + name) + gap <= room:
            return words
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(room * 0.6))


def _meaning(row: SlopeRow) -> str:
    """Why it cannot be ticked, or else what it is and what the data tell about it."""
    if row.reason:
        return row.reason
    name = row.term.label
    slope = f"Random slope: the effect of {name} differs from group to group."
    return f"{slope} {name} {row.badge} groups." if row.badge else slope


class SlopesList(QListWidget):
    """Ticking a row asks for the slope; the pane's redraw then shows what the model says."""

    slope_toggled = Signal(object, bool)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("slopesList")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.delegate = SlopeDelegate(themes, self)
        self.setItemDelegate(self.delegate)
        self._themes = themes
        self._filling = False
        self._all = False
        self.itemChanged.connect(self._on_item_changed)

    def show_rows(self, rows: tuple[SlopeRow, ...], color: str) -> None:
        """Show the rows; those that stay keep their place and the keyboard."""
        self._filling = True
        self.delegate.color = color
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        while self.count() < len(rows):
            self.addItem(QListWidgetItem())
        for i, row in enumerate(rows):
            self._fill(self.item(i), row)
        self._filling = False
        self._fold()
        self.viewport().update()

    def folded(self) -> int:
        """How many rows there are beyond those offered at first."""
        return sum(not self.item(i).data(_ROW).offered for i in range(self.count()))

    def set_all(self, on: bool) -> None:
        """Show the variables that are in the model nowhere else, too."""
        self._all = on
        self._fold()

    @property
    def shows_all(self) -> bool:
        """Whether every row is shown."""
        return self._all

    def _fill(self, item: QListWidgetItem, row: SlopeRow) -> None:
        flags = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        if row.enabled:
            flags |= Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags)
        item.setText(row.term.label)
        item.setCheckState(Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked)
        item.setToolTip(_meaning(row))
        spoken = ", ".join(t for t in (f"Slope of {row.term.label}", row.badge, row.reason) if t)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setData(_ROW, row)

    def _fold(self) -> None:
        shown = 0
        for i in range(self.count()):
            row: SlopeRow = self.item(i).data(_ROW)
            hidden = not (row.offered or self._all)
            self.item(i).setHidden(hidden)
            shown += not hidden
        height = self._themes.theme.px(25)
        self.setFixedHeight(min(shown, _MOST_ROWS) * height)
        self.setVisible(shown > 0)

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        row = item.data(_ROW)
        checked = item.checkState() == Qt.CheckState.Checked
        if not self._filling and row is not None and checked != row.checked:
            self.slope_toggled.emit(row.term, checked)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self.count():
            self.setCurrentRow(0)
