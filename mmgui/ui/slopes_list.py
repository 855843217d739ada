"""The slopes of one card as checkable rows, each with a badge that says what the data can tell about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QWidget,
)

from mmgui.app.counted import counted
from mmgui.app.model_outline import SlopeRow
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import ThemeModel
from mmgui.spec.terms import Term
from mmgui.ui.card_slope_delegate import EMPHASISED, ROW, SlopeDelegate

_MOST_ROWS = 8


def _meaning(row: SlopeRow) -> str:
    """Why it cannot be ticked, or else what it is and what the data tell about it."""
    if row.reason:
        return row.reason
    name = row.term.label
    slope = f"Random slope: the effect of {name} differs from group to group."
    if row.warning:
        return f"{slope}\n{row.warning}"
    many = f" It is {counted(row.effects, 'effect')}." if row.effects > 1 else ""
    return f"{slope} {name} {row.badge} groups.{many}" if row.badge else slope


class SlopesList(QListWidget):
    """Ticking a row asks for the slope; the pane's redraw then shows what the model says."""

    slope_toggled = Signal(object, bool)
    drag_requested = Signal(object)
    menu_requested = Signal(object, QPoint)
    row_hovered = Signal(object)

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
        self.delegate.menu_requested.connect(self._on_dots)
        self.setMouseTracking(True)
        self._pressed: tuple[QPoint, Term] | None = None
        self._hovered: Term | None = None
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
        return sum(not self.item(i).data(ROW).offered for i in range(self.count()))

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
        item.setToolTip(plain_tip(_meaning(row)))
        spoken = ", ".join(
            t for t in (f"Slope of {row.term.label}", row.badge, row.reason or row.warning) if t
        )
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setData(ROW, row)

    def _fold(self) -> None:
        shown = 0
        for i in range(self.count()):
            row: SlopeRow = self.item(i).data(ROW)
            hidden = not (row.offered or self._all)
            self.item(i).setHidden(hidden)
            shown += not hidden
        height = self._themes.theme.px(25)
        self.setFixedHeight(min(shown, _MOST_ROWS) * height)
        self.setVisible(shown > 0)

    def emphasise(self, labels: frozenset[str]) -> None:
        """Tint the rows of these effects."""
        filling, self._filling = self._filling, True
        for i in range(self.count()):
            item = self.item(i)
            item.setData(EMPHASISED, item.data(ROW).term.label in labels)
        self._filling = filling

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        row = item.data(ROW)
        checked = item.checkState() == Qt.CheckState.Checked
        if not self._filling and row is not None and checked != row.checked:
            self.slope_toggled.emit(row.term, checked)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and self.count():
            self.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes a slope away, as it does with a chip; Space, as everywhere, ticks and unticks."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
            row: SlopeRow = item.data(ROW)
            if row.checked and not item.isHidden():
                self.slope_toggled.emit(row.term, False)
            return
        super().keyPressEvent(event)

    # -- the mouse

    def _term_at(self, at: QPoint) -> Term | None:
        item = self.itemAt(at)
        return None if item is None else item.data(ROW).term

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = event.position().toPoint()
        term = self._term_at(at) if event.button() == Qt.MouseButton.LeftButton else None
        self._pressed = None if term is None else (at, term)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            start, term = self._pressed
            if (at - start).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self.drag_requested.emit(term)
            return
        super().mouseMoveEvent(event)
        self._hover(self._term_at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        # What is let go elsewhere was no click.
        if event.button() != Qt.MouseButton.LeftButton or (
            pressed is not None and self._term_at(event.position().toPoint()) == pressed[1]
        ):
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            term, at = self._term_at(event.pos()), event.globalPos()
        else:
            item = self.currentItem()
            hidden = item is None or item.isHidden()
            term = None if hidden else item.data(ROW).term
            at = (
                self.viewport().mapToGlobal(self.visualItemRect(item).bottomLeft())
                if not hidden
                else QPoint()
            )
        if term is not None:
            self.menu_requested.emit(term, at)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _on_dots(self, term: Term, at: QPoint) -> None:
        self.menu_requested.emit(term, self.viewport().mapToGlobal(at))

    def _hover(self, term: Term | None) -> None:
        if term != self._hovered:
            self._hovered = term
            self.row_hovered.emit(term)
