"""The list from which a fixed effect is added, with a line to type one in."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mmgui.app.formula_text import read_terms
from mmgui.app.model_builder import ModelBuilder, is_response, term_of
from mmgui.app.variable_summary import KIND_WORDS
from mmgui.data.table import Table
from mmgui.errors import FormulaError
from mmgui.spec.terms import INTERCEPT, Term
from mmgui.ui.term_popup import Choice, ChoicePopup


def open_fixed_term_popup(builder: ModelBuilder, table: Table, below: QWidget, parent: QWidget) -> None:
    """Offer every variable that is no fixed effect yet, and take what is typed."""
    popup = ChoicePopup("fixedTerm", "Choose, or type log(x), a*b, …", parent)
    draft = builder.draft
    choices = [] if draft.intercept else [Choice("1", "intercept", INTERCEPT)]
    choices += [
        Choice(c.name, KIND_WORDS[c.kind], term_of(c.name))
        for c in table.columns
        if term_of(c.name) not in draft.fixed and not is_response(draft, c.name)
    ]
    popup.offer(choices)

    def take(term: Term) -> None:
        popup.close()
        if term == INTERCEPT:
            builder.set_intercept(True)
        else:
            builder.add_fixed(term)

    def typed(text: str) -> None:
        # A name typed as it stands in the table needs no backticks here.
        if text.strip() in table:
            terms: tuple[Term, ...] = (term_of(text.strip()),)
        else:
            try:
                terms = read_terms(text, table)
            except FormulaError as error:
                popup.show_error(error.message)
                popup.edit.setCursorPosition(max(error.where.position, 0))
                return
        popup.close()
        builder.add_fixed(*terms)

    popup.chosen.connect(take)
    popup.typed.connect(typed)
    popup.open_below(below)
