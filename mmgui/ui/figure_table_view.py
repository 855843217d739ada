"""A table of figures: as tall as its rows, selectable, copied as text with its header."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mmgui.app.figure_table_model import FigureTableModel, Marks
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable

AnyIndex = QModelIndex | QPersistentModelIndex


class DotDelegate(QStyledItemDelegate):
    """Draws a cell's colour as a dot before its text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        color = index.data(Qt.ItemDataRole.DecorationRole)
        if not isinstance(color, QColor):
            super().paint(painter, option, index)
            return
        height = option.rect.height()
        side = option.fontMetrics.height() * 0.55
        # What lies behind the text goes all the way, the dot included.
        behind = QStyleOptionViewItem(option)
        self.initStyleOption(behind, index)
        behind.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, behind, painter, widget)
        shifted = QStyleOptionViewItem(option)
        shifted.rect = option.rect.adjusted(round(side * 1.9), 0, 0, 0)
        super().paint(painter, shifted, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        left = option.rect.left() + side * 0.6
        painter.drawEllipse(QRectF(left, option.rect.top() + (height - side) / 2, side, side))
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        size = super().sizeHint(option, index)
        if isinstance(index.data(Qt.ItemDataRole.DecorationRole), QColor):
            side = option.fontMetrics.height() * 0.55
            size.setWidth(size.width() + round(side * 1.9))
        return size


class FigureTableView(QTableView):
    """Shows a ``FigureTable``; the first column takes the room that is left unless another is named."""

    def __init__(self, name: str, title: str, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._themes = themes
        self._most_rows = 0
        self._stretched = 0
        self._spare = -1
        self._crowded = False
        self._model = FigureTableModel(self)
        self.setModel(self._model)
        self.setItemDelegate(DotDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        copy = QAction("Copy", self)
        copy.setObjectName("copyAction")
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def set_table(self, table: FigureTable, marks: Marks | None = None) -> None:
        """Show a table; the marks' dots are colours of its rows."""
        self._model.set_table(table, marks)
        self._arrange()

    def set_stretched(self, column: int) -> None:
        """Which column takes the room that is left."""
        self._stretched = column

    def set_spare(self, column: int) -> None:
        """Which column is left out where there is no room for all, because it stands elsewhere too."""
        self._spare = column

    def set_most_rows(self, rows: int) -> None:
        """From how many rows on it scrolls instead of growing; 0 for never."""
        self._most_rows = rows
        self._arrange()

    def needed_width(self) -> int:
        """How wide it must be to show every column in full."""
        header = self.horizontalHeader()
        columns = range(self._model.columnCount())
        return sum(max(self.sizeHintForColumn(k), header.sectionSizeHint(k)) for k in columns)

    def text(self, row: int, column: int) -> str:
        """What a cell reads."""
        return str(self._model.index(row, column).data())

    @Slot()
    def copy(self) -> None:
        """The selected cells, or all of them, as tab-separated text with the header."""
        picked = self.selectionModel().selectedIndexes()
        rows = sorted({i.row() for i in picked}) or list(range(self._model.rowCount()))
        columns = sorted({i.column() for i in picked}) or list(range(self._model.columnCount()))
        QGuiApplication.clipboard().setText(self._model.text(rows, columns))

    def select_row(self, row: int) -> None:
        """Select one line."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().select(self._model.index(row, 0), flags)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        font = QFont(self.font())
        font.setPixelSize(theme.px(13))
        # Digits of one width, so that columns of numbers stand straight.
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)
        self.verticalHeader().setDefaultSectionSize(theme.px(30))
        self._arrange()

    def _arrange(self) -> None:
        header, theme = self.horizontalHeader(), self._themes.theme
        self._share_width()
        rows = self._model.rowCount()
        shown = min(rows, self._most_rows) if self._most_rows else rows
        head = 0 if header.isHidden() else theme.px(28)
        header.setFixedHeight(head) if head else None
        scrollbar = theme.px(10) if self._crowded else 0
        self.setFixedHeight(head + shown * theme.px(30) + 2 + scrollbar)
        policy = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if shown < rows else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(policy)

    def _share_width(self) -> None:
        """One column takes the room that is left; where there is none, all keep what they need and scroll."""
        header, count = self.horizontalHeader(), self._model.columnCount()
        needs = [max(self.sizeHintForColumn(k), header.sectionSizeHint(k)) for k in range(count)]
        room = self.viewport().width()
        spared = 0 <= self._spare < count and sum(needs) > room
        if 0 <= self._spare < count:
            self.setColumnHidden(self._spare, spared)
        self._crowded = count > 0 and sum(needs) - (needs[self._spare] if spared else 0) > room
        taker = 0 if spared and self._stretched == self._spare else self._stretched
        for k in range(count):
            stretched = k == taker and not self._crowded
            mode = QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(k, mode)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def sizeHint(self) -> QSize:
        width = self.horizontalHeader().length() + self._themes.theme.px(12)
        return QSize(width, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._themes.theme.px(120), self.height())
