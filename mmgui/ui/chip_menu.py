"""What can be done with a fixed effect, as the menu of its chip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.factor_choices import (
    Choice,
    centrings,
    choice_facts,
    polynomials,
    powers,
    splits,
    transforms,
)
from mmgui.app.model_builder import ModelBuilder, is_response, term_of
from mmgui.app.model_outline import facts_of, slope_row
from mmgui.data.table import Table
from mmgui.spec.coding import Coding
from mmgui.spec.derived import Derivation, DerivedColumn
from mmgui.spec.edit_fixed import follows, own_column
from mmgui.spec.expression import Call, Expression, Name, show
from mmgui.spec.products import product_of
from mmgui.spec.terms import INTERCEPT, Term
from mmgui.ui.choice_menu import ChoiceMenu
from mmgui.ui.coding_menu import add_coding
from mmgui.ui.derive_popup import DerivePopup
from mmgui.ui.menu_text import menu_text

_MOST_VARIABLES = 30

Value = TypeVar("Value")


class ChipMenu(ChoiceMenu):
    """Every entry is one step; where an effect stands in slopes too, each is offered without them."""

    def __init__(
        self,
        builder: ModelBuilder,
        table: Table | None,
        term: Term,
        remove: Callable[[Term], None],
        parent: QWidget,
    ) -> None:
        super().__init__("fixedTermMenu", parent)
        self._builder = builder
        self._table = table
        self._term = term
        self.add(self, "Remove", lambda: remove(term))
        if term == INTERCEPT or table is None:
            return
        self.addSeparator()
        self._interactions()
        self._slopes()
        for factor in term.factors:
            if term.order > 1:
                self._factor(factor, self.add_menu(menu_text(f"For {show(factor)}"), "factorMenu"))
            else:
                self.addSeparator()
                self._factor(factor, self)

    # -- other terms

    def _interactions(self) -> None:
        builder, term = self._builder, self._term
        own = set(term.factors)
        others = [t for t in builder.draft.fixed if not own & set(t.factors)]
        fresh = [t for t in self._variables() if t not in builder.draft.fixed]
        reason = "" if others or fresh else "There is no other variable."
        menu = self.add_menu("Interaction with", "interactionMenu", reason)
        choices = [Choice(t.label, t, self._known(t)) for t in others]
        self.offer(menu, choices, partial(builder.add_interaction, term))
        menu.addSeparator()
        added = [Choice(t.label, t) for t in fresh[:_MOST_VARIABLES]]
        self.offer(menu, added, partial(builder.add_interaction, term))
        alone = self.add_menu("Alone, without main effects", "interactionAloneMenu", reason, menu)
        self.offer(alone, [*choices, *added], partial(builder.add_interaction, term, with_main=False))

    def _known(self, other: Term) -> str:
        """Why the interaction with another effect is no news."""
        both = product_of(self._term, other)
        known = {frozenset(t.factors) for t in self._builder.draft.fixed}
        if any(frozenset(t.factors) not in known for t in both.terms):
            return ""
        return f"{both.label} is in the model already."

    def _variables(self) -> list[Term]:
        if self._table is None:
            return []
        draft, own = self._builder.draft, set(self._term.columns())
        names = [n for n in self._table.names if n not in own and not is_response(draft, n)]
        return [term_of(name) for name in names]

    def _slopes(self) -> None:
        builder, term = self._builder, self._term
        cards = builder.draft.random
        reason = "" if cards else "There is no grouping factor yet."
        menu = self.add_menu("Random slope within", "slopeMenu", reason)
        facts = facts_of(builder.draft, self._table)
        for index, random in enumerate(cards):
            row = slope_row(term, random, facts, offered=True)
            label = random.grouping.label
            blocked = f"{term.label} is a slope of {label} already." if row.checked else row.reason
            self.add(menu, menu_text(label), partial(builder.add_slope, index, term), blocked)

    # -- what the effect reads

    def _factor(self, factor: Expression, menu: QMenu) -> None:
        column = own_column(factor)
        if column is None or self._table is None or column not in self._table:
            reason = f"{show(factor)} reads several columns; remove it to build it anew."
            self.add(menu, "Transform", lambda: None, reason)
            return
        if not self._table[column].is_number or _makes_levels(factor):
            add_coding(self, menu, self._builder, self._table, factor)
        if self._table[column].is_number:
            self._shapes(factor, column, menu)
            self._centring(factor, column, menu)
        self._back(factor, column, menu)

    def _shapes(self, factor: Expression, column: str, menu: QMenu) -> None:
        builder = self._builder
        facts = choice_facts(builder.draft, self._table, column)

        def replace(new: Expression, *, in_slopes: bool = True) -> None:
            builder.replace_factor(factor, new, in_slopes=in_slopes)

        in_slopes = any(factor in slope.factors for r in builder.draft.random for slope in r.slopes)
        shapes = self.add_menu("As polynomial", "polynomialMenu", within=menu)
        self._replacing(
            shapes, [c for c in polynomials(column, facts) if c.value != factor], replace, in_slopes
        )
        shapes.addSeparator()
        self.offer(shapes, powers(column, facts), partial(builder.add_powers, column))
        calls = self.add_menu("Transform", "transformMenu", within=menu)
        self._replacing(
            calls, [c for c in transforms(column, facts) if c.value != factor], replace, in_slopes
        )

    def _centring(self, factor: Expression, column: str, menu: QMenu) -> None:
        builder = self._builder
        facts = choice_facts(builder.draft, self._table, column)
        reason = (
            "" if follows(factor) else f"{show(factor)} needs {column} as it is; go back to {column} first."
        )

        def centre(by: tuple[str, ...], *, in_slopes: bool = True) -> None:
            made = builder.proposed(Derivation.CENTER, column, by)
            builder.replace_by_derived(made, in_slopes=in_slopes)

        def split(by: tuple[str, ...], *, in_slopes: bool = True) -> None:
            within = builder.proposed(Derivation.CENTER, column, by)
            builder.split(within, builder.proposed(Derivation.MEAN, column, by), in_slopes=in_slopes)

        in_slopes = any(column in slope.columns() for r in builder.draft.random for slope in r.slopes)
        centres = self.add_menu("Centre", "centreMenu", reason, menu)
        self._replacing(centres, centrings(column, builder.draft, facts), centre, in_slopes)
        parts = splits(column, builder.draft, facts)
        if not reason and not parts:
            reason = "There is no column of labels to make groups of."
        halves = self.add_menu("Split: within and mean of each", "splitMenu", reason, menu)
        self._replacing(halves, parts, split, in_slopes)

    def _replacing(
        self,
        menu: QMenu,
        choices: list[Choice[Value]] | tuple[Choice[Value], ...],
        act: Callable[..., None],
        in_slopes: bool,
    ) -> None:
        """Entries that replace a variable everywhere; where it has slopes, also without them."""
        self.offer(menu, choices, act)
        if in_slopes:
            menu.addSeparator()
            here = self.add_menu("In the fixed effects only", "fixedOnlyMenu", within=menu)
            self.offer(here, choices, partial(act, in_slopes=False))

    def _back(self, factor: Expression, column: str, menu: QMenu) -> None:
        builder = self._builder
        derived = builder.derived_called(column)
        coded = any(c.column == column for c in builder.draft.codings)
        if coded and self._table is not None and self._table[column].is_number and not _makes_levels(factor):
            self.add(menu, "Back to the usual contrasts", lambda: builder.set_coding(Coding(column)))
        if factor != Name(column):
            self.add(
                menu, menu_text(f"Back to {column}"), lambda: builder.replace_factor(factor, Name(column))
            )
        elif derived is not None and derived.derivation is not Derivation.COMBINE:
            self.add(menu, menu_text(f"Back to {derived.column}"), lambda: builder.restore(derived))
        if derived is not None:
            menu.addSeparator()
            add_derived_entries(self, menu, builder, derived)


def add_derived_entries(
    choices: ChoiceMenu, menu: QMenu, builder: ModelBuilder, derived: DerivedColumn
) -> None:
    """Entries that rename and remove a derived column."""

    def rename() -> None:
        DerivePopup(derived, builder.rename_derived, choices.home).open_at(QCursor.pos())

    name = menu_text(derived.name)
    choices.add(menu, f"Rename {name}…", rename)
    effect = builder.removal_effect(derived.name).replace("&", "&&")
    choices.add(menu, f"Remove the column {name}{effect}", lambda: builder.remove_derived(derived.name))


def _makes_levels(factor: Expression) -> bool:
    return isinstance(factor, Call) and factor.function == "factor"
