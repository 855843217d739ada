"""The formula line: typing edits the model, edits show in it, errors point at the character."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mmgui.spec.edit import with_formula
from mmgui.spec.model import ModelSpec
from tests.qt.panes.driver import Panes, settle


@pytest.fixture
def sleep(panes: Panes) -> Panes:
    panes.open_sample("sleepstudy")
    panes.activateWindow()
    return panes


def _error(panes: Panes) -> tuple[str, tuple[int, int] | None]:
    label = panes.control("formulaError")
    assert label.isVisible() == bool(label.text())
    return label.text(), panes.model._formula.edit.highlighter.error


def test_a_typed_formula_becomes_the_model(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days + (Days || Subject)")
    assert sleep.store.document.draft == with_formula(ModelSpec(), "Reaction ~ Days + (Days || Subject)")
    assert sleep.shown_cards() == [("Subject", True, ["Days"], "uncorrelated")]
    assert sleep.control("responseCombo").currentText() == "Reaction"
    assert _error(sleep) == ("", None)


def test_typing_a_formula_is_one_step(sleep: Panes) -> None:
    steps = sleep.store.undo_stack.count()
    sleep.retype("Reaction ~ Days + (Days | Subject)")
    assert sleep.store.undo_stack.count() == steps + 1
    sleep.store.undo_stack.undo()
    assert sleep.formula == ""
    assert sleep.model._formula.edit.text() == ""


def test_leaving_the_line_begins_a_new_step(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days")
    steps = sleep.store.undo_stack.count()
    sleep.model._formula.edit.finished.emit()
    QTest.keyClicks(sleep.model._formula.edit, " + (1 | Subject)")
    assert sleep.formula == "Reaction ~ Days + (1 | Subject)"
    assert sleep.store.undo_stack.count() == steps + 1
    sleep.store.undo_stack.undo()
    assert sleep.formula == "Reaction ~ Days"


def test_estimation_is_kept_while_a_formula_is_typed(sleep: Panes) -> None:
    sleep.pick("estimationCombo", "ML")
    sleep.retype("Reaction ~ Days + (1 | Subject)")
    assert sleep.store.document.draft.reml is False


def test_a_half_typed_formula_leaves_the_model_as_it_is(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days + (1 | Subject)")
    before = sleep.store.document.draft
    QTest.keyClick(sleep.model._formula.edit, Qt.Key.Key_Backspace)
    text, mark = _error(sleep)
    assert text == "This parenthesis is never closed; add the missing )."
    assert mark == (18, 1)
    assert sleep.store.document.draft is before
    assert sleep.model._formula.edit.property("wrong") is True
    QTest.keyClicks(sleep.model._formula.edit, ")")
    assert _error(sleep) == ("", None)


def test_an_unknown_column_is_an_error_at_its_place(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Dayz + (1 | Subject)")
    assert _error(sleep) == ("There is no column “Dayz” in sleepstudy. Did you mean “Days”?", (11, 4))
    assert sleep.formula == "Reaction ~ 1" or sleep.formula == ""


def test_when_the_model_changes_elsewhere_the_text_follows_and_the_error_goes(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days + (")
    assert _error(sleep)[0]
    sleep.choose("Subject", "Add as grouping factor")
    assert sleep.model._formula.edit.text() == "Reaction ~ Days + (1 | Subject)"
    assert _error(sleep) == ("", None)


def test_own_spacing_stays_while_typing_and_is_tidied_on_leaving(sleep: Panes) -> None:
    sleep.retype("Reaction~1+Days+(1+Days|Subject)")
    edit = sleep.model._formula.edit
    assert edit.text() == "Reaction~1+Days+(1+Days|Subject)"
    assert sleep.formula == "Reaction ~ Days + (Days | Subject)"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "Reaction ~ Days + (Days | Subject)"


def test_escape_brings_the_model_s_formula_back(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days")
    QTest.keyClicks(sleep.model._formula.edit, " + ((")
    QTest.keyClick(sleep.model._formula.edit, Qt.Key.Key_Escape)
    assert sleep.model._formula.edit.text() == "Reaction ~ Days"
    assert _error(sleep) == ("", None)


def test_each_random_term_wears_its_colour(sleep: Panes) -> None:
    sleep.open_sample("Penicillin")
    sleep.retype("diameter ~ 1+(1|plate) + ( 1 | sample )")
    terms = sleep.themes.theme.terms
    assert sleep.model._formula.edit.highlighter.colors == ((13, 22, terms[0]), (25, 39, terms[1]))


def test_a_nested_term_counts_for_the_colours_after_it(sleep: Panes) -> None:
    sleep.open_sample("Pastes")
    sleep.retype("strength ~ 1 + (1 | batch/cask) + (1 | sample)")
    terms = sleep.themes.theme.terms
    assert [c for _, _, c in sleep.model._formula.edit.highlighter.colors] == [terms[0], terms[2]]


def test_control_return_asks_for_a_fit_when_the_formula_is_right(sleep: Panes, qtbot: object) -> None:
    sleep.retype("Reaction ~ Days + (1 | Subject)")
    with qtbot.waitSignal(sleep.model.fit_requested):
        QTest.keyClick(sleep.model._formula.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(sleep.model._formula.edit, " +")
    with qtbot.assertNotEmitted(sleep.model.fit_requested):
        QTest.keyClick(sleep.model._formula.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_undo_keys_are_left_to_the_window_while_text_and_model_agree(sleep: Panes) -> None:
    sleep.retype("Reaction ~ Days")
    edit = sleep.model._formula.edit

    def override() -> bool:
        event = QKeyEvent(
            QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "z"
        )
        event.ignore()
        QApplication.sendEvent(edit, event)
        return event.isAccepted()

    assert not override()
    QTest.keyClicks(edit, " + (")
    QTest.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == "Reaction ~ Days"


def test_pasted_lines_become_one(sleep: Panes) -> None:
    mime = QMimeData()
    mime.setText("Reaction ~ Days\n  + (1 | Subject)\n")
    sleep.model._formula.edit.select_all()
    sleep.model._formula.edit.insertFromMimeData(mime)
    settle()
    assert sleep.formula == "Reaction ~ Days + (1 | Subject)"
    assert "\n" not in sleep.model._formula.edit.text()


def test_an_error_after_a_wide_character_is_marked_where_it_is(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    # Qt's test keyboard has no such key.
    panes.model._formula.edit.setText("Reaction ~ `😀` + (1 | Subject)")
    assert _error(panes)[1] == (11, 3)
    formats = panes.model._formula.edit.document().firstBlock().layout().formats()
    wavy = [(f.start, f.length) for f in formats if f.format.underlineColor().isValid()]
    # Qt counts the face as two.
    assert (11, 4) in wavy


def test_a_formula_of_no_table_is_taken_as_it_is(panes: Panes) -> None:
    panes.retype("y ~ x + (1 | g)")
    assert panes.formula == "y ~ x + (1 | g)"
    assert panes.advice() == []


def test_that_a_structure_wears_its_terms_colour_with_its_name_and_options(sleep: Panes) -> None:
    sleep.open_sample("Machines")
    text = "score ~ Machine + (1 | Worker) + cs(0 + Machine | Worker, hom = TRUE)"
    sleep.retype(text)
    terms = sleep.themes.theme.terms
    shown = [(text[a:b], c) for a, b, c in sleep.model._formula.edit.highlighter.colors]
    assert shown == [("(1 | Worker)", terms[0]), ("cs(0 + Machine | Worker, hom = TRUE)", terms[1])]
