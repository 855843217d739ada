"""A model is built in the two panes with the mouse alone, in several ways, and every step can be undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from mmgui.spec.model import ModelSpec
from tests.qt.panes.driver import Panes, popup_of_type, settle, trigger


@pytest.fixture
def panes(qtbot: object) -> Iterator[Panes]:
    window = Panes()
    window.show()
    settle()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _walk_back_and_forth(panes: Panes, formulas: list[str]) -> None:
    """Undo shows each formula in reverse, redo each again."""
    stack = panes.store.undo_stack
    edit = panes.model._formula.edit
    assert edit.text() == formulas[-1]
    for formula in reversed(formulas[:-1]):
        stack.undo()
        assert (panes.formula, edit.text()) == (formula, formula)
    for formula in formulas[1:]:
        stack.redo()
        assert (panes.formula, edit.text()) == (formula, formula)


def test_sleepstudy_by_context_menus(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    seen = [panes.formula]
    for name, *path in (
        ("Reaction", "Use as response"),
        ("Days", "Add as fixed effect"),
        ("Subject", "Add as grouping factor"),
        ("Days", "Add random slope within", "Subject"),
    ):
        panes.choose(name, *path)
        seen.append(panes.formula)
    assert seen == [
        "",
        "Reaction ~ 1",
        "Reaction ~ Days",
        "Reaction ~ Days + (1 | Subject)",
        "Reaction ~ Days + (Days | Subject)",
    ]
    assert panes.shown_cards() == [("Subject", True, ["Days"], "correlated")]
    assert panes.control("parameterCount", panes.card(0)).text() == "2 effects → 3 parameters"
    assert panes.control("responseCombo").currentText() == "Reaction"
    assert panes.advice() == ["ready"]
    labels = [panes.store.undo_stack.text(i) for i in range(panes.store.undo_stack.count())]
    assert labels[1:] == [
        "Use Reaction as response",
        "Add fixed effect Days",
        "Add grouping factor Subject",
        "Add random slope Days | Subject",
    ]
    _walk_back_and_forth(panes, seen)


def test_sleepstudy_by_drag_and_drop(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    seen = [panes.formula]
    assert panes.drop_variable("Reaction", panes.control("responseCombo"))
    seen.append(panes.formula)
    assert panes.drop_variable("Days", panes.control("fixedTermsView"))
    seen.append(panes.formula)
    assert panes.drop_variable("Subject", panes.control("randomTermsView"))
    seen.append(panes.formula)
    assert panes.drop_variable("Days", panes.card(0))
    seen.append(panes.formula)
    assert seen[-1] == "Reaction ~ Days + (Days | Subject)"
    _walk_back_and_forth(panes, seen)


def test_sleepstudy_by_buttons_and_ticks_then_uncorrelated(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.pick("responseCombo", "Reaction")
    panes.click("addFixedTermButton")
    _click_row(popup_of_type(object).list, "Days")
    panes.click("addGroupingButton")
    _click_row(popup_of_type(object).list, "Subject")
    assert panes.formula == "Reaction ~ Days + (1 | Subject)"
    panes.click_slope(0, "Days")
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"
    panes.pick("correlationCombo", "uncorrelated", panes.card(0))
    assert panes.formula == "Reaction ~ Days + (Days || Subject)"
    assert panes.control("parameterCount", panes.card(0)).text() == "2 effects → 2 parameters"
    panes.pick("estimationCombo", "ML")
    assert not panes.store.document.draft.reml
    panes.click("interceptCheck", panes.card(0))
    assert panes.formula == "Reaction ~ Days + (0 + Days | Subject)"
    panes.click("removeTermButton", panes.card(0))
    assert panes.formula == "Reaction ~ Days"
    assert panes.shown_cards() == []
    while panes.store.undo_stack.index() > 1:
        panes.store.undo_stack.undo()
    assert panes.store.document.draft == ModelSpec()


def _click_row(view: object, text: str) -> None:
    for row in range(view.count()):
        item = view.item(row)
        if item.toolTip() == text:
            rect = view.visualItemRect(item)
            at = rect.center()
            at.setX(rect.right() - 10)
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
            settle()
            return
    pytest.fail(f"no row {text}")


def test_pastes_nested_by_the_card_and_by_the_question(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.choose("strength", "Use as response")
    panes.choose("batch", "Add as grouping factor")
    panes.choose("cask", "Add nested inside", "batch")
    assert panes.formula == "strength ~ 1 + (1 | batch/cask)"
    assert [c[0] for c in panes.shown_cards()] == ["batch", "batch:cask"]
    assert panes.control("groupSizes", panes.card(1)).text() == "30 groups · 2 rows each"
    assert panes.advice() == ["ready"]
    panes.store.undo_stack.undo()
    panes.choose("cask", "Add as grouping factor")
    assert panes.formula == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert panes.advice() == ["N1"]
    panes.click("fixButton0")
    assert panes.formula == "strength ~ 1 + (1 | batch/cask)"
    assert panes.store.undo_stack.undoText() == "No, each batch has its own: batch/cask"
    panes.store.undo_stack.undo()
    assert panes.advice() == ["N1"]
    panes.click("fixButton1")
    assert panes.formula == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert panes.advice() == ["ready"]


def test_pastes_nested_by_the_button_of_the_card_and_of_the_list(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.choose("batch", "Add as grouping factor")
    panes.click("nestButton", panes.card(0))
    trigger(popup_of_type(object), "batch/cask")
    assert panes.formula == "~ 1 + (1 | batch/cask)"
    panes.store.undo_stack.undo()
    panes.store.undo_stack.undo()
    panes.click("addGroupingButton")
    popup = popup_of_type(object)
    for row in range(popup.list.count()):
        if popup.list.item(row).toolTip() in ("batch", "cask"):
            popup.list.item(row).setCheckState(Qt.CheckState.Checked)
    QTest.mouseClick(panes.control("addNestedButton", popup), Qt.MouseButton.LeftButton)
    settle()
    assert panes.formula == "~ 1 + (1 | batch/cask)"
    assert panes.store.undo_stack.undoText() == "Add grouping factors batch/cask"


def test_penicillin_crossed(panes: Panes) -> None:
    panes.open_sample("Penicillin")
    panes.choose("diameter", "Use as response")
    panes.choose("plate", "Add as grouping factor")
    panes.choose("sample", "Add as grouping factor")
    assert panes.formula == "diameter ~ 1 + (1 | plate) + (1 | sample)"
    assert [panes.control("groupSizes", panes.card(i)).text() for i in (0, 1)] == [
        "24 groups · 6 rows each",
        "6 groups · 24 rows each",
    ]
    assert panes.advice() == ["ready", "G7"]


def test_oats_with_an_interaction(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.choose("yield", "Use as response")
    panes.choose("nitro", "Add as fixed effect")
    panes.choose("Variety", "Add interaction with", "nitro")
    assert panes.formula == "yield ~ nitro * Variety"
    panes.choose("Block", "Add as grouping factor")
    panes.choose("Variety", "Add nested inside", "Block")
    assert panes.formula == "yield ~ nitro * Variety + (1 | Block/Variety)"


def test_machines_by_the_keyboard_alone(panes: Panes) -> None:
    panes.open_sample("Machines")
    panes.choose("score", "Use as response", by_key=True)
    panes.choose("Machine", "Add as fixed effect", by_key=True)
    panes.choose("Worker", "Add as grouping factor", by_key=True)
    slopes = panes.control("slopesList", panes.card(0))
    slopes.setFocus()
    slopes.setCurrentRow(panes.slope_row(0, "Machine"))
    QTest.keyClick(slopes, Qt.Key.Key_Space)
    settle()
    assert panes.formula == "score ~ Machine + (Machine | Worker)"
    assert panes.control("parameterCount", panes.card(0)).text() == "3 effects → 6 parameters"
    QTest.keyClick(slopes, Qt.Key.Key_Space)
    settle()
    assert panes.formula == "score ~ Machine + (1 | Worker)"
    assert panes.focusWidget() is slopes


def test_two_steps_of_one_kind_undo_one_by_one(panes: Panes) -> None:
    panes.open_sample("Penicillin")
    panes.choose("plate", "Add as grouping factor")
    panes.choose("sample", "Add as grouping factor")
    panes.store.undo_stack.undo()
    assert panes.formula == "~ 1 + (1 | plate)"
