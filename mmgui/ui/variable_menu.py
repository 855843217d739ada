"""What can be done with a variable, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.model_builder import ModelBuilder, is_response, term_of
from mmgui.app.model_outline import facts_of, slope_row
from mmgui.app.variable_summary import KIND_WORDS
from mmgui.data.table import Column, Kind, Table
from mmgui.ui.menu_text import menu_text

_MOST_LEVELS = 30


class VariableMenu(QMenu):
    """The menu of one variable; deletes itself when it is closed."""

    def __init__(
        self,
        builder: ModelBuilder,
        table: Table,
        name: str,
        set_kind: Callable[[str, Kind], None],
        set_reference: Callable[[str, str], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("variableMenu")
        self.setToolTipsVisible(True)
        self._builder = builder
        self._table = table
        self._name = name
        self._column: Column = table[name]
        self._response()
        self._fixed()
        self.addSeparator()
        self._random()
        self.addSeparator()
        self._kinds(set_kind)
        self._references(set_reference)

    def _add(self, menu: QMenu, text: str, act: Callable[[], None], reason: str = "") -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        if reason:
            action.setEnabled(False)
            action.setToolTip(reason)
        return action

    def _submenu(self, title: str, reason: str = "") -> QMenu:
        menu = self.addMenu(title)
        menu.setToolTipsVisible(True)
        if reason:
            menu.menuAction().setEnabled(False)
            menu.menuAction().setToolTip(reason)
        return menu

    def _response(self) -> None:
        reason = ""
        if is_response(self._builder.draft, self._name):
            reason = f"{self._name} is the response already."
        elif not self._column.is_number:
            reason = f"A response is a number, and {self._name} is {_a_kind(self._column.kind)}."
        self._add(self, "Use as response", lambda: self._builder.use_as_response(self._name), reason)

    def _fixed(self) -> None:
        builder, term = self._builder, term_of(self._name)
        if term in builder.draft.fixed:
            self._add(self, "Remove fixed effect", lambda: builder.remove_fixed(term))
        else:
            self._add(self, "Add as fixed effect", lambda: builder.add_fixed(term))
        others = [t for t in builder.draft.fixed if t != term and t.order == 1]
        reason = "" if others else "There is no other fixed effect yet."
        menu = self._submenu("Add interaction with", reason)
        for other in others:
            self._add(menu, menu_text(other.label), partial(builder.add_interaction, other, term))

    def _random(self) -> None:
        builder, name = self._builder, self._name
        known = builder.groups_by((name,))
        reason = f"{name} is a grouping factor already." if known else ""
        self._add(self, "Add as grouping factor", lambda: builder.add_grouping((name,)), reason)
        cards = [r for r in builder.draft.random if name not in r.grouping.columns]
        reason = "" if cards else "There is no other grouping factor yet."
        slopes = self._submenu("Add random slope within", reason)
        inside = self._submenu("Add nested inside", reason)
        facts = facts_of(builder.draft, self._table)
        for index, random in enumerate(builder.draft.random):
            if name in random.grouping.columns:
                continue
            label = menu_text(random.grouping.label)
            row = slope_row(term_of(name), random, facts, offered=True)
            blocked = f"{name} is a slope of {random.grouping.label} already." if row.checked else row.reason
            self._add(slopes, label, partial(builder.add_slope, index, term_of(name)), blocked)
            self._add(inside, label, partial(builder.nest, index, name))

    def _kinds(self, set_kind: Callable[[str, Kind], None]) -> None:
        menu = self._submenu("Type")
        group = QActionGroup(menu)
        for kind in Kind:
            action = self._add(menu, KIND_WORDS[kind], partial(set_kind, self._name, kind))
            action.setCheckable(True)
            action.setChecked(kind is self._column.kind)
            group.addAction(action)

    def _references(self, set_reference: Callable[[str, str], None]) -> None:
        if self._column.kind is not Kind.CATEGORY or len(self._column.levels) < 2:
            return
        menu = self._submenu("Reference level")
        for level in self._column.levels[:_MOST_LEVELS]:
            action = self._add(
                menu, f"Use {menu_text(level)} as reference", partial(set_reference, self._name, level)
            )
            action.setCheckable(True)
            action.setChecked(level == self._column.levels[0])


def _a_kind(kind: Kind) -> str:
    return f"{'an' if kind is Kind.ID else 'a'} {KIND_WORDS[kind]}"
