"""The menus of a card: of one of its effects, of its groups, of a column dropped on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.carried_slope import CarriedSlope
from mmgui.app.model_builder import ModelBuilder, term_of
from mmgui.app.model_outline import CardOutline, facts_of, slope_row
from mmgui.app.plain_tip import plain_tip
from mmgui.data.table import Table
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Term
from mmgui.ui.card_drop_zones import add_to_fixed, is_fixed
from mmgui.ui.menu_text import menu_text

_MOST_COLUMNS = 30


def effect_menu(
    builder: ModelBuilder, table: Table | None, index: int, effect: Term, parent: QWidget
) -> QMenu:
    """What can be done with an effect that a card has or offers."""
    menu = _menu("effectMenu", parent)
    slope = CarriedSlope(index, effect)
    draft, held = builder.draft, slope.held(builder.draft)
    groups = menu_text(draft.random[index].grouping.label)
    if held:
        alone = len(draft.random[index].effects) < 2
        _add(
            menu,
            "Give it a block of its own",
            partial(builder.own_block, index, effect),
            f"It is the only effect of this card of {groups}." if alone else "",
            "A card of its own for the same groups: uncorrelated with the other effects.",
        )
    else:
        reason = _cannot_vary(draft, table, index, effect)
        _add(menu, f"Let it differ by {groups}", partial(builder.add_slope, index, effect), reason)
    if held:
        _other_cards(menu, "Move to", builder, table, slope, partial(builder.move_effect, index))
    copy = partial(builder.move_effect, index, copy=True) if held else None
    _other_cards(menu, "Copy to" if held else "Let it differ by another", builder, table, slope, copy)
    there = "It is a fixed effect already." if is_fixed(builder, slope) else ""
    _add(menu, "Add to the fixed effects", partial(add_to_fixed, builder, slope), there)
    if held:
        menu.addSeparator()
        _add(menu, "Remove", partial(builder.remove_effect, index, effect))
    return menu


def _other_cards(
    menu: QMenu,
    title: str,
    builder: ModelBuilder,
    table: Table | None,
    slope: CarriedSlope,
    act: Callable[[int, Term], None] | None,
) -> None:
    """A submenu of the other cards, each greyed where the effect cannot go there."""
    draft, effect = builder.draft, slope.effect
    cards = _submenu(menu, title, "" if len(draft.random) > 1 else "There is no other card yet.")
    for k, random in enumerate(draft.random):
        if k == slope.card:
            continue
        reason = _cannot_vary(draft, table, k, effect)
        there = any(effect.same_effect(other) for other in random.effects)
        go = partial(builder.add_slope, k, effect) if act is None else partial(act, k, effect)
        _add(cards, menu_text(print_random(random)), go, "It varies there already." if there else reason)


def card_menu(
    builder: ModelBuilder, outline: CardOutline, choose: Callable[[], None], parent: QWidget
) -> QMenu:
    """What can be done with a card and its groups; ``choose`` opens the list of columns."""
    menu = _menu("cardMenu", parent)
    index, label, columns = outline.index, outline.label, outline.columns
    shown = menu_text(label)
    none = "" if outline.can_nest else "There is no other column that could make groups."
    _nest_entries(_submenu(menu, "Add groups nested inside", none), builder, outline)
    crossed = _submenu(menu, "Add groups of combinations", none)
    for name in outline.can_nest[:_MOST_COLUMNS]:
        act = partial(builder.add_grouping, (name, *columns))
        reason = _grouped(builder.draft, (name, *columns))
        _add(crossed, f"{menu_text(name)}:{shown}", act, reason)
    change = _submenu(menu, "Change the groups to")
    for name in columns if len(columns) > 1 else ():
        kept = tuple(c for c in columns if c != name)
        _add(change, menu_text(":".join(kept)), partial(builder.regroup, index, kept))
    for name in outline.can_nest[:_MOST_COLUMNS]:
        _add(change, f"{shown}:{menu_text(name)}", partial(builder.regroup, index, (*columns, name)))
    change.addSeparator()
    _add(change, "Choose the columns…", choose)
    if outline.blocks:
        blocks = "the other block" if len(outline.blocks) == 1 else "the other blocks"
        _add(menu, f"Join with {blocks} of {shown}", partial(builder.join_blocks, index))
    menu.addSeparator()
    last = len(builder.draft.random) - 1
    first = "It is the first card." if index == 0 else ""
    _add(menu, "Move up", partial(builder.move_term, index, index - 1), first)
    _add(
        menu,
        "Move down",
        partial(builder.move_term, index, index + 1),
        "It is the last card." * (index == last),
    )
    menu.addSeparator()
    _add(menu, "Remove", partial(builder.remove_random, index))
    return menu


def nest_menu(builder: ModelBuilder, outline: CardOutline, parent: QWidget) -> QMenu:
    """The columns whose groups could lie inside a card's."""
    menu = _menu("nestMenu", parent)
    _nest_entries(menu, builder, outline)
    return menu


def _nest_entries(menu: QMenu, builder: ModelBuilder, outline: CardOutline) -> None:
    for name in outline.can_nest[:_MOST_COLUMNS]:
        words = f"{menu_text(outline.label)}/{menu_text(name)}"
        action = _add(menu, words, partial(builder.nest, outline.index, name))
        action.setData(name)


def column_menu(builder: ModelBuilder, table: Table, index: int, column: str, parent: QWidget) -> QMenu:
    """What a column of labels dropped on a card is to be."""
    menu = _menu("cardDropMenu", parent)
    draft = builder.draft
    random = draft.random[index]
    columns, shown, name = random.grouping.columns, menu_text(random.grouping.label), menu_text(column)
    term = term_of(column)
    row = slope_row(term, random, facts_of(draft, table), offered=True)
    blocked = f"{column} is a slope of {random.grouping.label} already." if row.checked else row.reason
    _add(
        menu,
        f"Slope of {name}: its effect differs by {shown}",
        partial(builder.add_slope, index, term),
        blocked,
    )
    divided = (column, *columns)
    reason = _grouped(draft, divided)
    _add(menu, f"Groups {name}:{shown}: each combination a level of its own",
         partial(builder.add_grouping, divided), reason)  # fmt: skip
    _add(menu, f"Groups {shown}/{name}: {name} inside {shown}", partial(builder.nest, index, column), reason)
    return menu


def _cannot_vary(draft: ModelSpec, table: Table | None, index: int, effect: Term) -> str:
    if effect == INTERCEPT:
        return ""
    return slope_row(effect, draft.random[index], facts_of(draft, table), offered=True).reason


def _grouped(draft: ModelSpec, columns: Sequence[str]) -> str:
    """Why these groups need no further intercept, empty if they do."""
    there = any(r.intercept and set(r.grouping.columns) == set(columns) for r in draft.random)
    return "There is a card with an intercept for these groups already." if there else ""


def _menu(name: str, parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setObjectName(name)
    menu.setToolTipsVisible(True)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _submenu(menu: QMenu, title: str, reason: str = "") -> QMenu:
    inner = menu.addMenu(title)
    inner.setToolTipsVisible(True)
    if reason:
        inner.menuAction().setEnabled(False)
        inner.menuAction().setToolTip(plain_tip(reason))
    return inner


def _add(menu: QMenu, text: str, act: Callable[[], None], reason: str = "", meaning: str = "") -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _checked=False: act())
    action.setEnabled(not reason)
    if reason or meaning:
        action.setToolTip(plain_tip(reason or meaning))
    return action
