"""The fixed effects as chips, and the ways to add one: from a list, by typing, by dropping."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from mmgui.app.carried import carried_term, carried_variable
from mmgui.app.formula_text import read_terms
from mmgui.app.model_builder import ModelBuilder, is_response, term_of
from mmgui.app.variable_summary import KIND_WORDS
from mmgui.data.table import Table
from mmgui.errors import FormulaError
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Term
from mmgui.ui.chip import Chip
from mmgui.ui.drag import DropTarget
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.menu_text import menu_text
from mmgui.ui.term_popup import Choice, ChoicePopup

_ADD = "+ add, or drop a variable"


class FixedTermsView(QWidget):
    """Chips in the order of the formula."""

    def __init__(self, builder: ModelBuilder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fixedTermsView")
        self.setAccessibleName("Fixed effects")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._builder = builder
        self._table: Table | None = None
        self._chips: list[Chip] = []
        self._flow = FlowLayout(self)
        self.add_button = QPushButton(_ADD)
        self.add_button.setObjectName("addFixedTermButton")
        self.add_button.setAccessibleName("Add a fixed effect")
        self.add_button.setProperty("role", "ghost")
        self.add_button.setToolTip(
            "Choose a variable, type a term such as log(x) or a*b, or drop a variable here"
        )
        self.add_button.clicked.connect(self._open_popup)
        self._flow.addWidget(self.add_button)
        self.drop_target = DropTarget(self, self._accepts, self._take)

    def show_model(self, spec: ModelSpec, table: Table | None) -> None:
        """Show the model's fixed effects; chips that stay keep their place and the focus."""
        self._table = table
        self.add_button.setEnabled(table is not None)
        terms = [*([INTERCEPT] if spec.intercept else []), *spec.fixed]
        focused = next((i for i, c in enumerate(self._chips) if c.hasFocus()), None)
        while len(self._chips) > len(terms):
            chip = self._chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.setObjectName("")
            chip.deleteLater()
        for i, term in enumerate(terms):
            if i == len(self._chips):
                self._chips.append(self._new_chip(term, i))
            elif self._chips[i].term != term:
                self._chips[i].show_term(term)
            self._chips[i].setObjectName(f"fixedTermChip{i}")
        if focused is not None and focused >= len(self._chips):
            (self._chips[-1] if self._chips else self.add_button).setFocus()
        self._flow.invalidate()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        whole = self.add_button.fontMetrics().horizontalAdvance(_ADD) * 1.3 <= event.size().width()
        self.add_button.setText(_ADD if whole else "+ add")

    def chips(self) -> tuple[Chip, ...]:
        """The chips, in the order of the formula."""
        return tuple(self._chips)

    def _new_chip(self, term: Term, place: int) -> Chip:
        chip = Chip(term, self)
        chip.remove_requested.connect(self._remove)
        chip.menu_requested.connect(self._open_menu)
        DropTarget(chip, lambda mime: self._can_interact(mime, chip), lambda mime: self._interact(mime, chip))
        self._flow.insert_widget(place, chip)
        if place:
            QWidget.setTabOrder(self._chips[place - 1], chip)
        QWidget.setTabOrder(chip, self.add_button)
        chip.show()
        return chip

    def _remove(self, term: Term) -> None:
        if term == INTERCEPT:
            self._builder.set_intercept(False)
        else:
            self._builder.remove_fixed(term)

    # -- menus

    def _open_menu(self, term: Term, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("fixedTermMenu")
        menu.addAction("Remove").triggered.connect(lambda: self._remove(term))
        if term != INTERCEPT:
            others = menu.addMenu("Add interaction with")
            for other in self._builder.draft.fixed:
                if other != term:
                    action = others.addAction(menu_text(other.label))
                    action.triggered.connect(lambda _=False, o=other: self._builder.add_interaction(term, o))
            others.setEnabled(not others.isEmpty())
            slopes = menu.addMenu("Add random slope within")
            for index, random in enumerate(self._builder.draft.random):
                action = slopes.addAction(menu_text(random.grouping.label))
                action.setEnabled(term not in random.slopes)
                action.triggered.connect(lambda _=False, i=index: self._builder.add_slope(i, term))
            slopes.setEnabled(not slopes.isEmpty())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _open_popup(self) -> None:
        if self._table is None:
            return
        popup = ChoicePopup("fixedTerm", "Choose, or type log(x), a*b, …", self)
        draft = self._builder.draft
        choices = [] if draft.intercept else [Choice("1", "intercept", INTERCEPT)]
        choices += [
            Choice(c.name, KIND_WORDS[c.kind], term_of(c.name))
            for c in self._table.columns
            if term_of(c.name) not in draft.fixed and not is_response(draft, c.name)
        ]
        popup.offer(choices)
        popup.chosen.connect(lambda term: self._on_chosen(popup, term))
        popup.typed.connect(lambda text: self._on_typed(popup, text))
        popup.open_below(self.add_button)

    def _on_chosen(self, popup: ChoicePopup, term: Term) -> None:
        popup.close()
        if term == INTERCEPT:
            self._builder.set_intercept(True)
        else:
            self._builder.add_fixed(term)

    def _on_typed(self, popup: ChoicePopup, text: str) -> None:
        # A name typed as it stands in the table needs no backticks here.
        if self._table is not None and text.strip() in self._table:
            terms: tuple[Term, ...] = (term_of(text.strip()),)
        else:
            try:
                terms = read_terms(text, self._table)
            except FormulaError as error:
                popup.show_error(error.message)
                popup.edit.setCursorPosition(max(error.where.position, 0))
                return
        popup.close()
        self._builder.add_fixed(*terms)

    # -- drops

    def _accepts(self, mime: QMimeData) -> bool:
        name = carried_variable(mime)
        return name is not None and self._table is not None and name in self._table

    def _take(self, mime: QMimeData) -> None:
        name = carried_variable(mime)
        if name is not None:
            self._builder.add_fixed(term_of(name))

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
