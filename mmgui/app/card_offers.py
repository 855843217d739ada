"""What would happen if something were dropped on a card: a sentence either way."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QMimeData

from mmgui.app.carried import carried_term, carried_variable
from mmgui.app.carried_slope import CarriedSlope, carried_slope
from mmgui.app.model_outline import facts_of
from mmgui.app.slope_rows import slope_row
from mmgui.data.table import Table
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Term, variable


@dataclass(frozen=True, slots=True)
class Offer:
    """A drop on a card.

    Attributes
    ----------
    effect
        What would vary over the card's groups.
    taken
        Whether the card takes it; ``words`` say what it would be, or why the card does not take it.
    moved
        The card it comes from and is to leave, None for one that stays where it is.
    column
        A column of labels, which could divide the groups, too: the person is to be asked.
    """

    effect: Term
    taken: bool
    words: str
    moved: CarriedSlope | None = None
    column: str = ""

    @property
    def name(self) -> str:
        """The effect in a word."""
        return "the intercept" if self.effect == INTERCEPT else self.effect.label


def offer_of(mime: QMimeData, index: int, draft: ModelSpec, table: Table | None) -> Offer | None:
    """What a card makes of a drag; None for what is no effect of this table."""
    if table is None or not 0 <= index < len(draft.random):
        return None
    slope, column = carried_slope(mime), ""
    effect = slope.effect if slope is not None else carried_term(mime)
    if effect is None:
        column = carried_variable(mime) or ""
        if column not in table:
            return None
        effect = variable(column)
    random = draft.random[index]
    groups = random.grouping.label
    name = "The intercept" if effect == INTERCEPT else effect.label
    if slope is not None and slope.card == index:
        return Offer(effect, False, "")
    if effect == INTERCEPT:
        there, reason = random.intercept, ""
    else:
        row = slope_row(effect, random, facts_of(draft, table), offered=True)
        there, reason = row.checked, row.badge if row.reason else ""
    divides = bool(column) and not table[column].is_number and column not in random.grouping.columns
    if reason:
        return Offer(effect, False, f"{name} is {reason}")
    if there and not divides:
        return Offer(effect, False, f"{name} is here already")
    moved = slope if slope is not None and slope.held(draft) else None
    if divides:
        return Offer(effect, True, f"Slope of {column}, or groups {column}:{groups}", None, column)
    words = f"{'Intercept' if effect == INTERCEPT else f'Slope of {name}'} by {groups}"
    return Offer(effect, True, words, moved)
