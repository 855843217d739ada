"""The sample tables as a list: each with a sentence about its design."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.theme import Theme, ThemeModel
from mmgui.data.samples import Sample, samples

KEY_ROLE = Qt.ItemDataRole.UserRole + 1
SENTENCE_ROLE = Qt.ItemDataRole.UserRole + 2
TITLE_ROLE = Qt.ItemDataRole.UserRole + 3


class SampleDelegate(QStyledItemDelegate):
    """Name and title on one line, the sentence under it on as many as it needs."""

    def __init__(self, themes: ThemeModel, view: QListWidget) -> None:
        super().__init__(view)
        self._themes = themes
        self._view = view

    def _fonts(self) -> tuple[QFont, QFont]:
        theme = self._themes.theme
        name, sentence = QFont(self._view.font()), QFont(self._view.font())
        name.setPixelSize(theme.px(13))
        name.setWeight(QFont.Weight.DemiBold)
        sentence.setPixelSize(theme.px(12))
        return name, sentence

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme: Theme = self._themes.theme
        name, sentence = self._fonts()
        rect: QRect = option.rect
        palette: QPalette = option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (_SELECTED | _HOVERED):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), theme.px(6), theme.px(6))
        inner = rect.adjusted(theme.px(12), theme.px(8), -theme.px(12), -theme.px(8))
        painter.setFont(name)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, str(index.data(KEY_ROLE)))
        used = QFontMetrics(name).horizontalAdvance(str(index.data(KEY_ROLE)) + "  ")
        painter.setFont(sentence)
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            inner.adjusted(used, theme.px(1), 0, 0), Qt.AlignmentFlag.AlignTop, str(index.data(TITLE_ROLE))
        )
        below = inner.adjusted(0, QFontMetrics(name).height() + theme.px(2), 0, 0)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, str(index.data(SENTENCE_ROLE)))
        painter.restore()

    def sizeHint(
        self,
        _option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        theme = self._themes.theme
        name, sentence = self._fonts()
        width = self._view.viewport().width() - theme.px(24)
        room = QRect(0, 0, max(width, 100), 10_000)
        text = QFontMetrics(sentence).boundingRect(
            room, Qt.TextFlag.TextWordWrap, str(index.data(SENTENCE_ROLE))
        )
        return QSize(width, QFontMetrics(name).height() + text.height() + theme.px(18))


class SampleList(QListWidget):
    """Click or Enter opens the sample."""

    chosen = Signal(str)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samplesList")
        self.setAccessibleName("Sample tables")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setItemDelegate(SampleDelegate(themes, self))
        for sample in samples():
            self.addItem(_item(sample))
        self.itemClicked.connect(self._on_item)
        themes.theme_changed.connect(self._on_theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._on_item(self.currentItem())
        else:
            super().keyPressEvent(event)

    @Slot(QListWidgetItem)
    def _on_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(KEY_ROLE))

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self.scheduleDelayedItemsLayout()


class SamplePopup(QFrame):
    """The list as a menu below its button."""

    chosen = Signal(str)

    def __init__(self, themes: ThemeModel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("samplesPopup")
        self.setProperty("role", "popup")
        self._themes = themes
        self._list = SampleList(themes, self)
        self._list.chosen.connect(self._on_chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self._list)

    def open_below(self, button: QWidget) -> None:
        """Show it under a button, as tall as the window allows."""
        theme = self._themes.theme
        window = button.window()
        corner = button.mapToGlobal(QPoint(0, button.height() + 2))
        room = window.mapToGlobal(window.rect().bottomRight()).y() - corner.y() - 12
        self.resize(theme.px(470), max(min(theme.px(620), room), theme.px(260)))
        self.move(corner)
        self.show()
        self._list.setFocus()
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self.hide()
        self.chosen.emit(key)


def _item(sample: Sample) -> QListWidgetItem:
    item = QListWidgetItem(sample.key)
    item.setData(KEY_ROLE, sample.key)
    item.setData(TITLE_ROLE, sample.title)
    item.setData(SENTENCE_ROLE, sample.design)
    item.setToolTip(f"{sample.design}\nSource: {sample.source}")
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, sample.design)
    return item


_SELECTED = QStyle.StateFlag.State_Selected
_HOVERED = QStyle.StateFlag.State_MouseOver
