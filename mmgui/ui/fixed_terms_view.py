"""The fixed effects as chips, and the ways to add one: from a list, by typing, by dropping."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.carried import carried_term, carried_variable
from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.fixed_outline import ChipOutline, chip_outlines, foldable, product_words
from mmgui.app.model_builder import ModelBuilder, term_of
from mmgui.app.plain_tip import plain_tip
from mmgui.data.table import Table
from mmgui.spec.expression import Expression
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import Product
from mmgui.spec.terms import INTERCEPT, Term
from mmgui.ui.chip import Chip
from mmgui.ui.chip_menu import ChipMenu
from mmgui.ui.drag import DropTarget
from mmgui.ui.fixed_term_popup import open_fixed_term_popup
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.product_chip import ProductChip

_ADD = "+ add, or drop a variable"


class FixedTermsView(QWidget):
    """Chips in the order of the formula; what ``*`` stands for below them."""

    def __init__(
        self, builder: ModelBuilder, emphasis: EmphasisModel | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("fixedTermsView")
        self.setAccessibleName("Fixed effects")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        _grow_downwards(self)
        self._builder = builder
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self._table: Table | None = None
        self._shown: ModelSpec = ModelSpec()
        self._chips: list[Chip] = []
        self._products: list[ProductChip] = []
        self._unfolded: set[frozenset[Expression]] = set()
        box = QWidget(self)
        _grow_downwards(box)
        self._flow = FlowLayout(box)
        self.add_button = QPushButton(_ADD)
        self.add_button.setObjectName("addFixedTermButton")
        self.add_button.setAccessibleName("Add a fixed effect")
        self.add_button.setProperty("role", "ghost")
        self.add_button.setToolTip(
            "Choose a variable, type a term such as log(x) or a*b, or drop a variable here"
        )
        self.add_button.clicked.connect(self._open_popup)
        self._flow.addWidget(self.add_button)
        self._words = _line("productWords", "What the products stand for", "muted")
        self._error = _line("fixedTermError", "Why a step cannot be taken", "warn")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (box, self._words, self._error):
            column.addWidget(widget)
        self.drop_target = DropTarget(self, self._accepts, self._take)
        self._emphasis.emphasis_changed.connect(self._on_emphasis)

    # -- redraw

    def show_model(self, spec: ModelSpec, table: Table | None) -> None:
        """Show the model's fixed effects; chips that stay keep their place and the focus."""
        self._table, self._shown = table, spec
        self.show_error("")
        self.add_button.setEnabled(table is not None)
        products = foldable(spec)
        known = {frozenset(p.factors) for p in products}
        self._unfolded &= known
        folded = [p for p in products if frozenset(p.factors) not in self._unfolded]
        hidden = {frozenset(t.factors) for p in folded for t in p.interactions}
        focused = next((i for i, c in enumerate(self._chips) if c.hasFocus()), None)
        # Chips are placed by their number among the chips.
        for product_chip in self._products:
            self._flow.removeWidget(product_chip)
        self._show_chips(chip_outlines(spec, self._builder.derived))
        for chip in self._chips:
            chip.setHidden(frozenset(chip.term.factors) in hidden)
        self._show_products(products)
        if focused is not None and (focused >= len(self._chips) or self._chips[focused].isHidden()):
            seen = [c for c in self._chips if not c.isHidden()]
            (seen[-1] if seen else self.add_button).setFocus()
        self._show_words(spec)
        self._on_emphasis(self._emphasis.emphasis)
        self._flow.invalidate()
        self.updateGeometry()

    def _show_chips(self, outlines: tuple[ChipOutline, ...]) -> None:
        while len(self._chips) > len(outlines):
            chip = self._chips.pop()
            self._flow.removeWidget(chip)
            _dispose(chip)
        for i, row in enumerate(outlines):
            if i == len(self._chips):
                self._chips.append(self._new_chip(row.term, i))
            self._chips[i].show_term(row.term, row.remark, row.tip)
            self._chips[i].setObjectName(f"fixedTermChip{i}")

    def _show_products(self, products: tuple[Product, ...]) -> None:
        while len(self._products) > len(products):
            _dispose(self._products.pop())
        place = sum(1 for chip in self._chips if chip.term.order <= 1)
        for i, product in enumerate(products):
            if i == len(self._products):
                chip = ProductChip(product, self)
                chip.fold_requested.connect(self._fold)
                chip.remove_requested.connect(self._remove_product)
                chip.setObjectName(f"productChip{i}")
                self._products.append(chip)
            chip = self._products[i]
            chip.show_product(product, folded=frozenset(product.factors) not in self._unfolded)
            self._flow.insert_widget(place + i, chip)
            chip.show()

    def _show_words(self, spec: ModelSpec) -> None:
        short, whole = product_words(spec)
        self._words.setText(short)
        self._words.setToolTip(plain_tip(whole))
        self._words.setVisible(bool(short))

    @Slot(str)
    def show_error(self, text: str) -> None:
        """Say why a step could not be taken."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        whole = self.add_button.fontMetrics().horizontalAdvance(_ADD) * 1.3 <= event.size().width()
        self.add_button.setText(_ADD if whole else "+ add")

    def chips(self) -> tuple[Chip, ...]:
        """The chips, in the order of the formula; those of folded products are hidden."""
        return tuple(self._chips)

    def _new_chip(self, term: Term, place: int) -> Chip:
        chip = Chip(term, self)
        chip.remove_requested.connect(self._remove)
        chip.menu_requested.connect(self._open_menu)
        chip.hovered.connect(self._on_hover)
        DropTarget(chip, lambda mime: self._can_interact(mime, chip), lambda mime: self._interact(mime, chip))
        self._flow.insert_widget(place, chip)
        if place:
            QWidget.setTabOrder(self._chips[place - 1], chip)
        QWidget.setTabOrder(chip, self.add_button)
        chip.show()
        return chip

    # -- emphasis

    @Slot(object)
    def _on_hover(self, term: Term | None) -> None:
        if term is None:
            self._emphasis.clear()
        else:
            columns = frozenset(term.columns())
            self._emphasis.emphasise(Emphasis(fixed=frozenset({term.label}), columns=columns))

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        for chip in self._chips:
            chip.set_emphasised(chip.term.label in emphasis.fixed)
        for folder in self._products:
            labels = {t.label for t in folder.product.interactions}
            folder.set_emphasised(folder.folded and bool(labels & emphasis.fixed))

    # -- steps

    @Slot(object)
    def _remove(self, term: Term) -> None:
        # The chip under the pointer goes without a word of farewell.
        self._emphasis.clear()
        if term == INTERCEPT:
            self._builder.set_intercept(False)
        else:
            self._builder.remove_fixed(term)

    @Slot(object)
    def _remove_product(self, product: Product) -> None:
        self._builder.remove_interactions(product)

    @Slot(object, bool)
    def _fold(self, product: Product, folded: bool) -> None:
        factors = frozenset(product.factors)
        self._unfolded = self._unfolded - {factors} if folded else self._unfolded | {factors}
        self.show_model(self._shown, self._table)

    @Slot(object, QPoint)
    def _open_menu(self, term: Term, at: QPoint) -> None:
        menu = ChipMenu(self._builder, self._table, term, self._remove, self)
        menu.refused.connect(self.show_error)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @Slot()
    def _open_popup(self) -> None:
        if self._table is not None:
            open_fixed_term_popup(self._builder, self._table, self.add_button, self)

    # -- drops

    def _accepts(self, mime: QMimeData) -> bool:
        term = self._carried(mime)
        if term is None:
            return False
        # A chip let go beside itself stays where it is.
        return carried_variable(mime) is not None or all(not term.same_effect(t) for t in self._shown.fixed)

    def _take(self, mime: QMimeData) -> None:
        term = self._carried(mime)
        if term is not None:
            self._builder.add_fixed(term)

    def _can_interact(self, mime: QMimeData, chip: Chip) -> bool:
        term = self._carried(mime)
        if term is None:
            return False
        return chip.term == INTERCEPT or not set(term.factors) <= set(chip.term.factors)

    def _interact(self, mime: QMimeData, chip: Chip) -> None:
        term = self._carried(mime)
        if term is None:
            return
        if chip.term == INTERCEPT:
            self._builder.add_fixed(term)
        else:
            self._builder.add_interaction(chip.term, term)

    def _carried(self, mime: QMimeData) -> Term | None:
        term = carried_term(mime)
        if term is not None:
            return term
        name = carried_variable(mime)
        return term_of(name) if name is not None and self._table is not None and name in self._table else None


def _grow_downwards(widget: QWidget) -> None:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def _line(name: str, words: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(words)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.hide()
    return label


def _dispose(widget: QWidget) -> None:
    widget.hide()
    widget.setObjectName("")
    widget.deleteLater()
