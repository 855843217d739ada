"""Entries of the menus of chips and variables taken at random: window and document agree throughout."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from mmgui.advice import advise
from mmgui.app.formula_text import read_formula
from mmgui.figures.model_matrix import model_matrix_figure
from mmgui.spec.terms import INTERCEPT
from tests.qt.panes.driver import (
    Panes,
    drop,
    entries,
    popup_of_type,
    settle,
    term_mime,
    trigger,
    variable_mime,
)

STEPS = 60
START = 2
"""Steps before the walk: the table opened, the formula typed."""


def _paths(menu: QMenu, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = []
    for text, action in entries(menu).items():
        if action.isEnabled():
            inner = action.menu()
            out += [(*path, text)] if inner is None else _paths(inner, (*path, text))
    return out


def _take(menu: QMenu, dice: random.Random) -> None:
    trigger(menu, *dice.choice(_paths(menu)))
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    settle()


def _act(panes: Panes, dice: random.Random) -> None:
    document, table = panes.store.document, panes.store.table()
    assert table is not None
    chips = panes.model._fixed.chips()
    # Growth is bounded, so that the walk stays among models that people build.
    large = len(document.draft.fixed) > 8 or len(document.derived) > 6 or len(document.draft.random) > 3
    name = dice.choice(table.names)
    match "undo" if large else dice.choice(["chip", "chip", "chip", "variable", "drop", "merge", "undo"]):
        case "chip" if chips:
            QTest.keyClick(dice.choice(chips), Qt.Key.Key_Return)
            _take(popup_of_type(QMenu), dice)
        case "variable":
            _take(panes.variable_menu(name), dice)
        case "drop":
            drop(variable_mime(name), panes.control("fixedTermsView"))
        case "merge" if len(chips) > 1:
            carried, target = dice.sample(chips, 2)
            drop(term_mime(carried.term), target)
        case _:
            for _ in range(4 if large else 1):
                if panes.store.undo_stack.index() > START:
                    panes.store.undo_stack.undo()


def _check(panes: Panes) -> None:
    document, table = panes.store.document, panes.store.table()
    assert table is not None
    draft = document.draft
    text = panes.model._formula.edit.text()
    assert text == panes.formula or (text, panes.formula) == ("~ 1", "")
    assert (read_formula(text, draft, table) if text else draft) == draft
    assert [c.term for c in panes.model._fixed.chips()] == [
        *([INTERCEPT] if draft.intercept else []),
        *draft.fixed,
    ]
    assert {d.name for d in document.derived} <= set(table.names)
    figure = model_matrix_figure(draft, table)
    assert figure is None or figure.problem or len(figure.columns) == figure.values.shape[1]
    advise(draft, table)


@pytest.mark.parametrize(
    ("sample", "formula", "seed"),
    [
        ("Oats", "yield ~ nitro * Variety + (nitro | Block)", 1),
        ("sleepstudy", "Reaction ~ Days + (Days | Subject)", 2),
        ("cake", "angle ~ recipe * temp + (1 | replicate)", 3),
        ("sim_within_between", "y ~ x + (x | g)", 4),
    ],
)
def test_after_every_entry_taken_the_window_agrees_and_undo_leads_back(
    panes: Panes, sample: str, formula: str, seed: int
) -> None:
    panes.open_sample(sample)
    panes.retype(formula)
    before = panes.store.document
    assert panes.store.undo_stack.index() == START
    dice = random.Random(seed)
    for _ in range(STEPS):
        _act(panes, dice)
        _check(panes)
    while panes.store.undo_stack.index() > START:
        panes.store.undo_stack.undo()
    assert panes.store.document == before
