"""Three or more effects and all their interactions as one chip, which unfolds into its terms."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from mmgui.app.counted import counted
from mmgui.app.plain_tip import plain_tip
from mmgui.app.term_words import product_name
from mmgui.spec.products import Product
from mmgui.ui.chip import ChipFrame, ChipMark, ChipName


class ProductChip(ChipFrame):
    """``a * b * c``, with the number of interactions that it holds folded."""

    fold_requested = Signal(object, bool)
    remove_requested = Signal(object)

    def __init__(self, product: Product, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = product
        self._mark = ChipMark("unfoldProductButton", self)
        self._mark.clicked.connect(self._toggle)
        self._label = ChipName(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._remove = QToolButton(self)
        self._remove.setObjectName("removeProductButton")
        self._remove.setProperty("role", "chipRemove")
        self._remove.setText("×")
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._remove.clicked.connect(self._on_remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 4, 2)
        row.setSpacing(4)
        for widget in (self._mark, self._label, self._count, self._remove):
            row.addWidget(widget)
        self.folded = True
        self.show_product(product, folded=True)

    def show_product(self, product: Product, *, folded: bool) -> None:
        """Show a product, its interactions folded away or not."""
        self.product, self.folded = product, folded
        count = counted(len(product.interactions), "interaction")
        self._mark.set_folded(folded)
        self._mark.setAccessibleName(f"{'Show' if folded else 'Hide'} the interactions of {product.label}")
        self._remove.setAccessibleName(f"Remove the interactions of {product.label}")
        self._label.show_name(product_name(product))
        self._count.setText(count)
        self.setAccessibleName(f"{product.label}, {count}, {'folded' if folded else 'shown'}")
        terms = " + ".join(t.label for t in product.terms)
        words = f"{product.label} stands for\n{terms}\nClick to {'show' if folded else 'hide'} them."
        self.setToolTip(plain_tip(words))

    def _toggle(self) -> None:
        self.fold_requested.emit(self.product, not self.folded)

    def _on_remove(self) -> None:
        self.remove_requested.emit(self.product)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self._toggle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setObjectName("productMenu")
        word = "Show" if self.folded else "Hide"
        menu.addAction(f"{word} the interactions").triggered.connect(self._toggle)
        menu.addAction("Remove the interactions").triggered.connect(self._on_remove)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())
        event.accept()
