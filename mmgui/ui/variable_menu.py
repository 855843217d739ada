"""What can be done with a variable, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from mmgui.app.factor_choices import centrings, choice_facts, combinations, derivations, group_means
from mmgui.app.model_builder import ModelBuilder, is_response, term_of
from mmgui.app.model_outline import facts_of, slope_row
from mmgui.app.variable_summary import KIND_WORDS
from mmgui.data.table import Column, Kind, Table
from mmgui.spec.derived import Derivation
from mmgui.ui.chip_menu import add_derived_entries
from mmgui.ui.choice_menu import ChoiceMenu
from mmgui.ui.menu_text import menu_text

_MOST_LEVELS = 30


class VariableMenu(ChoiceMenu):
    """The menu of one variable."""

    def __init__(
        self,
        builder: ModelBuilder,
        table: Table,
        name: str,
        set_kind: Callable[[str, Kind], None],
        set_reference: Callable[[str, str], None],
        home: QWidget,
    ) -> None:
        super().__init__("variableMenu", home)
        self._builder = builder
        self._table = table
        self._name = name
        self._column: Column = table[name]
        self._response()
        self._fixed()
        self.addSeparator()
        self._random()
        self.addSeparator()
        self._derive()
        self._kinds(set_kind)
        self._references(set_reference)

    def _response(self) -> None:
        reason = ""
        if is_response(self._builder.draft, self._name):
            reason = f"{self._name} is the response already."
        elif not self._column.is_number:
            reason = f"A response is a number, and {self._name} is {_a_kind(self._column.kind)}."
        self.add(self, "Use as response", lambda: self._builder.use_as_response(self._name), reason)

    def _fixed(self) -> None:
        builder, term = self._builder, term_of(self._name)
        if term in builder.draft.fixed:
            self.add(self, "Remove fixed effect", lambda: builder.remove_fixed(term))
        else:
            self.add(self, "Add as fixed effect", lambda: builder.add_fixed(term))
        others = [t for t in builder.draft.fixed if t != term and t.order == 1]
        reason = "" if others else "There is no other fixed effect yet."
        menu = self.add_menu("Add interaction with", "interactionMenu", reason)
        for other in others:
            self.add(menu, menu_text(other.label), partial(builder.add_interaction, other, term))

    def _random(self) -> None:
        builder, name = self._builder, self._name
        known = builder.groups_by((name,))
        reason = f"{name} is a grouping factor already." if known else ""
        self.add(self, "Add as grouping factor", lambda: builder.add_grouping((name,)), reason)
        cards = [r for r in builder.draft.random if name not in r.grouping.columns]
        reason = "" if cards else "There is no other grouping factor yet."
        slopes = self.add_menu("Add random slope within", "slopeMenu", reason)
        inside = self.add_menu("Add nested inside", "nestedMenu", reason)
        facts = facts_of(builder.draft, self._table)
        for index, random in enumerate(builder.draft.random):
            if name in random.grouping.columns:
                continue
            label = menu_text(random.grouping.label)
            row = slope_row(term_of(name), random, facts, offered=True)
            blocked = f"{name} is a slope of {random.grouping.label} already." if row.checked else row.reason
            self.add(slopes, label, partial(builder.add_slope, index, term_of(name)), blocked)
            self.add(inside, label, partial(builder.nest, index, name))

    def _derive(self) -> None:
        """Columns made from this one; they stand beside it and are in no model yet."""
        builder, name = self._builder, self._name
        facts = choice_facts(builder.draft, self._table, name)
        menu = self.add_menu("Derive", "deriveMenu")

        def make(derivation: Derivation, by: tuple[str, ...] = ()) -> None:
            builder.derive(builder.proposed(derivation, name, by))

        if self._column.is_number:
            self.offer(menu, derivations(name, facts), make)
            within = [
                replace(choice, text=":".join(choice.value))
                for choice in centrings(name, builder.draft, facts)
                if choice.value
            ]
            means = group_means(name, builder.draft, facts)
            reason = "" if means else "There is no column of labels to make groups of."
            centred = self.add_menu("Centred within each", "centreMenu", reason, menu)
            self.offer(centred, within, partial(make, Derivation.CENTER))
            averaged = self.add_menu("Mean of each", "meanMenu", reason, menu)
            self.offer(averaged, means, partial(make, Derivation.MEAN))
        else:
            others = combinations(name, facts)
            reason = "" if others else "There is no other column of labels."
            labels = self.add_menu("Combined with", "combineMenu", reason, menu)
            self.offer(labels, others, lambda other: make(Derivation.COMBINE, (other,)))
        derived = builder.derived_called(name)
        if derived is not None:
            add_derived_entries(self, self, builder, derived)

    def _kinds(self, set_kind: Callable[[str, Kind], None]) -> None:
        derived = self._builder.derived_called(self._name)
        reason = "" if derived is None else f"Its type follows from how it is made: {derived.words}."
        menu = self.add_menu("Type", "typeMenu", reason)
        group = QActionGroup(menu)
        for kind in Kind:
            action = self.add(menu, KIND_WORDS[kind], partial(set_kind, self._name, kind))
            action.setCheckable(True)
            action.setChecked(kind is self._column.kind)
            group.addAction(action)

    def _references(self, set_reference: Callable[[str, str], None]) -> None:
        if self._column.kind is not Kind.CATEGORY or len(self._column.levels) < 2:
            return
        menu = self.add_menu("Reference level", "referenceMenu")
        menu.menuAction().setToolTip("For every model; the menu of a chip chooses for the model being built.")
        for level in self._column.levels[:_MOST_LEVELS]:
            action = self.add(
                menu, f"Use {menu_text(level)} as reference", partial(set_reference, self._name, level)
            )
            action.setCheckable(True)
            action.setChecked(level == self._column.levels[0])


def _a_kind(kind: Kind) -> str:
    return f"{'an' if kind is Kind.ID else 'a'} {KIND_WORDS[kind]}"
