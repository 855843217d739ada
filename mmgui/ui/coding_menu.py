"""Contrasts and reference level of a factor, in one model alone, as entries of a menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.coding_choices import coding_of, contrasts, levels_of, references, usual_reference
from mmgui.app.factor_choices import Choice, choice_facts
from mmgui.app.model_builder import ModelBuilder
from mmgui.data.table import Table
from mmgui.spec.coding import Coding, coded_column
from mmgui.spec.expression import Expression
from mmgui.ui.choice_menu import ChoiceMenu
from mmgui.ui.menu_text import menu_text
from mmgui.ui.term_popup import Choice as Row
from mmgui.ui.term_popup import ChoicePopup

_MOST_LEVELS = 24


def add_coding(
    menu: ChoiceMenu, within: QMenu, builder: ModelBuilder, table: Table, factor: Expression
) -> None:
    """The two submenus of a factor; both greyed with the reason where it has no levels to compare."""
    column = coded_column(factor)
    if column is None:
        return
    levels = levels_of(factor, choice_facts(builder.draft, table, column))
    reason = "" if len(levels) > 1 else f"{column} has fewer than two levels in the rows used."
    coding = coding_of(builder.draft, column)
    families = menu.add_menu("Contrasts in this model", "contrastMenu", reason, within)
    chosen = contrasts(coding)
    actions = menu.offer(families, chosen, builder.set_coding)
    _tick(families, actions, [c.value.contrast is coding.contrast for c in chosen])
    title = "Reference level in this model"
    rows = references(coding, levels) if len(levels) > 1 else ()
    blocked = reason or next((row.reason for row in rows), "")
    base = menu.add_menu(title, "referenceMenu", blocked, within)
    if blocked:
        return
    actions = menu.offer(base, rows[:_MOST_LEVELS], builder.set_coding)
    reference = coding.reference or usual_reference(coding, levels)
    _tick(base, actions, [row.text == reference for row in rows[:_MOST_LEVELS]])
    if len(rows) > _MOST_LEVELS:
        menu.add(base, f"All {len(rows):,} levels…", partial(_choose, rows, builder, menu.home))


def _tick(menu: QMenu, actions: list[QAction], ticked: list[bool]) -> None:
    group = QActionGroup(menu)
    for action, on in zip(actions, ticked, strict=True):
        action.setCheckable(True)
        action.setChecked(on)
        group.addAction(action)


def _choose(rows: tuple[Choice[Coding], ...], builder: ModelBuilder, parent: QWidget) -> None:
    """A list to search, for a factor of many levels."""
    popup = ChoicePopup("referenceLevel", "Choose the reference level", parent)
    popup.offer([Row(menu_text(row.text), "", row.value) for row in rows])

    def take(coding: Coding) -> None:
        popup.close()
        builder.set_coding(coding)

    def typed(text: str) -> None:
        named = next((row.value for row in rows if row.text == text.strip()), None)
        if named is None:
            popup.show_error(f"There is no level “{text.strip()}”; choose one of the list.")
        else:
            take(named)

    popup.chosen.connect(take)
    popup.typed.connect(typed)
    popup.open_below(parent)
    popup.move(QCursor.pos() + QPoint(0, 4))
