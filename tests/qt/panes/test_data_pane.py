"""The data pane: what it says of variables, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mmgui.app.formula_text import formula_of
from mmgui.app.variable_model import VariableRole
from mmgui.data.read import read_text
from mmgui.data.table import Kind
from tests.qt.panes.driver import Panes, entries, settle


def _summary(panes: Panes, name: str) -> object:
    view = panes.data._table
    return view.model().index(view.variables().row_of(name), 0).data(VariableRole.SUMMARY)


def _roles(panes: Panes, name: str) -> list[str]:
    view = panes.data._table
    roles = view.model().index(view.variables().row_of(name), 0).data(VariableRole.ROLES)
    return [r.text for r in roles]


def test_without_a_table_the_pane_invites_to_open_one(panes: Panes) -> None:
    invitation = panes.control("dataInvitation")
    assert invitation.isVisible()
    assert invitation.text() == "Drop a CSV file here, open one, or choose a sample."


def test_the_invitation_s_buttons_ask_the_window(panes: Panes, qtbot: object) -> None:
    with qtbot.waitSignal(panes.data.open_requested):
        panes.click("openFileButton")
    with qtbot.waitSignal(panes.data.samples_requested):
        panes.click("chooseSampleButton")


def test_rows_variables_and_missing_entries_are_counted_in_a_sentence(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    assert panes.control("tableSummary").text() == (
        "<b>sleepstudy</b> · 180 rows · 3 variables · nothing missing"
    )
    panes.open_table(read_text("x,g\n1,a\n,b\n3,\n", "gaps"))
    assert panes.control("tableSummary").text() == "<b>gaps</b> · 3 rows · 2 variables · 2 entries missing"


def test_each_variable_has_its_kind_and_a_line_about_its_values(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    assert (_summary(panes, "Reaction").kind, _summary(panes, "Reaction").detail) == (
        Kind.NUMBER,
        "194 – 466",
    )
    assert _summary(panes, "Days").detail == "10 values, 0 – 9"
    assert (_summary(panes, "Subject").kind, _summary(panes, "Subject").detail) == (
        Kind.ID,
        "18 groups × 10 rows",
    )
    assert len(_summary(panes, "Days").bars) == 10
    assert set(_summary(panes, "Days").bars) == {1.0}


def test_roles_follow_the_model(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    assert _roles(panes, "Reaction") == ["response"]
    assert _roles(panes, "Days") == ["fixed", "slope of Subject"]
    assert _roles(panes, "Subject") == ["groups"]
    panes.store.undo_stack.undo()
    assert _roles(panes, "Days") == []


def test_the_menu_changes_a_type_as_one_step_that_can_be_undone(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.choose("Days", "Type", "category")
    assert panes.store.table()["Days"].kind is Kind.CATEGORY
    assert panes.store.undo_stack.undoText() == "Use Days as a category"
    panes.store.undo_stack.undo()
    assert panes.store.table()["Days"].kind is Kind.NUMBER
    panes.store.undo_stack.redo()
    assert panes.store.table()["Days"].kind is Kind.CATEGORY


def test_the_keyboard_changes_a_type_below_the_list(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.data._table.pick("Days")
    combo = panes.control("variableTypeCombo")
    assert (combo.currentText(), combo.focusPolicy() & Qt.FocusPolicy.TabFocus) == (
        "number",
        Qt.FocusPolicy.TabFocus,
    )
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    settle()
    assert panes.store.table()["Days"].kind is Kind.CATEGORY


def test_an_impossible_type_is_refused_in_place_and_nothing_changes(panes: Panes) -> None:
    panes.open_sample("Pastes")
    steps = panes.store.undo_stack.count()
    panes.choose("cask", "Type", "number")
    error = panes.control("typeError")
    assert error.isVisible()
    assert "“cask” cannot be a number: 60 of 60 entries are not numbers" in error.text()
    assert panes.store.table()["cask"].kind is Kind.CATEGORY
    assert panes.control("variableTypeCombo").currentText() == "category"
    assert panes.store.undo_stack.count() == steps
    panes.data._table.pick("batch")
    assert not error.isVisible()


def test_a_level_is_made_the_reference(panes: Panes) -> None:
    panes.open_sample("Oats")
    assert panes.store.table()["Variety"].levels[0] == "Golden Rain"
    panes.choose("Variety", "Reference level", "Use Victory as reference")
    assert panes.store.table()["Variety"].levels == ("Victory", "Golden Rain", "Marvellous")
    panes.data._table.pick("Variety")
    assert panes.control("referenceCombo").currentText() == "Victory"
    panes.pick("referenceCombo", "Marvellous")
    assert panes.store.table()["Variety"].levels[0] == "Marvellous"
    assert panes.store.undo_stack.undoText() == "Use Marvellous as reference of Variety"


def test_what_the_menu_cannot_do_is_greyed_with_the_reason(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | sample)")
    menu = panes.variable_menu("batch")
    response = entries(menu)["Use as response"]
    assert not response.isEnabled()
    assert response.toolTip() == "A response is a number, and batch is a category."
    slope = entries(entries(menu)["Add random slope within"].menu())["sample"]
    assert not slope.isEnabled()
    assert slope.toolTip() == (
        "Each sample has one value of batch, so how its effect differs cannot be learned."
    )
    menu.close()


def test_notes_of_the_import_are_visible(panes: Panes) -> None:
    panes.open_table(read_text("x,x\n1,2\n3,4\n", "twice"))
    notes = panes.control("importNotes")
    assert isinstance(notes, QLabel)
    assert notes.isVisible() == bool(panes.store.table().notes)
    assert notes.toolTip() == "\n".join(panes.store.table().notes)


def _structure(panes: Panes) -> str:
    from mmgui.app.grouping_sentences import grouping_sentences, sentence_text

    panes_text = panes.control("groupingSentences")
    assert panes_text.isVisible()
    sentences = grouping_sentences(panes.store.document.draft, panes.store.table())
    return " ".join(sentence_text(s) for s in sentences)


def test_one_grouping_factor_is_described(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    assert not panes.control("groupingSentences").isVisible()
    panes.choose("Subject", "Add as grouping factor")
    assert _structure(panes) == "One grouping factor. Each Subject has 10 rows: 18 groups, balanced."


def test_labels_that_recur_are_pointed_out(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    assert "Labels of cask recur in several batch: a in A, a in B." in _structure(panes)
    panes.retype("strength ~ 1 + (1 | batch/cask)")
    assert _structure(panes) == (
        "batch:cask is nested in batch: each batch has cask of its own, 30 groups in all, 2 rows each."
    )


def test_crossed_factors_are_told(panes: Panes) -> None:
    panes.open_sample("Penicillin")
    panes.retype("diameter ~ 1 + (1 | plate) + (1 | sample)")
    assert _structure(panes) == (
        "plate and sample are crossed: every plate meets every sample, 144 cells, 1 row each, no replicates."
    )


def test_partly_crossed_factors_are_counted(panes: Panes) -> None:
    lines = [f"{a},{b},{k}" for a, b in ("px", "py", "qy", "qz", "rx", "rz") for k in (1, 2, 3)]
    panes.open_table(read_text("a,b,y\n" + "\n".join(lines) + "\n", "some"))
    panes.retype("y ~ 1 + (1 | a) + (1 | b)")
    assert _structure(panes) == (
        "a and b are partially crossed: 6 combinations occur, 67\N{NO-BREAK SPACE}% of all, 3 rows each."
    )


def test_labels_that_start_anew_are_not_called_crossed(panes: Panes) -> None:
    # Classes a, b in school north, a, b, c in school south: class c meets one school alone.
    cells = [("north", c) for c in "ab"] + [("south", c) for c in "abc"]
    lines = [f"{school},{room},{k}" for school, room in cells for k in range(3)]
    panes.open_table(read_text("school,class,score\n" + "\n".join(lines) + "\n", "schools"))
    panes.retype("score ~ 1 + (1 | school) + (1 | class)")
    said = _structure(panes)
    assert "every" not in said
    assert said.startswith("Labels of class recur in several school: a in north, a in south.")
    assert said.endswith("So class is probably nested in school.")


def test_rows_of_crossed_factors_are_those_the_model_uses(panes: Panes) -> None:
    # Two rows a cell; one response is missing.
    lines = [f"{a},{b},{k}" for a in "pq" for b in "xyz" for k in (1, 2)]
    lines[0] = "p,x,"
    panes.open_table(read_text("a,b,y\n" + "\n".join(lines) + "\n", "gaps"))
    panes.retype("y ~ 1 + (1 | a) + (1 | b)")
    assert "1 to 2 rows each" in _structure(panes)


def test_the_picture_of_the_groups_gives_way_to_the_variables(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.choose("Subject", "Add as grouping factor")
    panes.resize(1000, 800)
    settle()
    picture = panes.control("groupingPicture")
    assert picture.isVisible()
    assert len(picture.table().rows) == 18
    panes.resize(1000, 330)
    settle()
    assert not picture.isVisible()
    panes.retype("Reaction ~ 1")
    assert not panes.control("groupingSentences").isVisible()


def _answers(panes: Panes) -> str:
    label = panes.control("groupingAnswers")
    return label.text() if label.isVisible() else ""


def _formula(panes: Panes) -> str:
    return formula_of(panes.store.document.draft)


def test_the_question_of_recycled_labels_is_asked_in_the_data_s_own_words(panes: Panes) -> None:
    panes.resize(1000, 900)
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    said = QTextDocumentFragment.fromHtml(panes.control("groupingQuestionText").text()).toPlainText()
    assert said == "Is cask a in batch A the same cask as cask a in batch B?"
    assert panes.control("differentLabelButton").isVisible()
    panes.retype("strength ~ 1 + (1 | batch) + (1 | sample)")
    assert not panes.control("groupingQuestion").isVisible()


def test_the_answer_that_labels_differ_nests_the_factors_and_undo_asks_again(panes: Panes) -> None:
    panes.resize(1000, 900)
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    panes.click("differentLabelButton")
    assert _formula(panes) == "strength ~ 1 + (1 | batch/cask)"
    assert panes.control("groupingQuestionText").isHidden()
    assert "another one" in _answers(panes)
    panes.store.undo_stack.undo()
    settle()
    assert _formula(panes) == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert panes.control("differentLabelButton").isVisible()


def test_the_answer_that_labels_are_the_same_is_kept_and_can_be_changed(panes: Panes) -> None:
    panes.resize(1000, 900)
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    panes.click("sameLabelButton")
    assert _formula(panes) == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert [a.reply for a in panes.store.document.answers] == ["same"]
    assert not panes.control("sameLabelButton").isVisible()
    assert "is the same one in every" in _answers(panes)
    panes.control("groupingAnswers").linkActivated.emit("change0")
    settle()
    assert panes.store.document.answers == ()
    assert panes.control("sameLabelButton").isVisible()
    panes.store.undo_stack.undo()
    settle()
    assert not panes.control("sameLabelButton").isVisible()


def test_an_answer_by_nesting_can_be_taken_back(panes: Panes) -> None:
    panes.resize(1000, 900)
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch/cask)")
    panes.control("groupingAnswers").linkActivated.emit("change0")
    settle()
    assert _formula(panes) == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert panes.control("differentLabelButton").isVisible()
    assert panes.store.undo_stack.undoText() == "Ask again about cask in batch"


def test_a_click_on_the_picture_of_the_groups_picks_rows(panes: Panes) -> None:
    panes.resize(1000, 900)
    panes.open_sample("Penicillin")
    panes.retype("diameter ~ 1 + (1 | plate) + (1 | sample)")
    settle()
    picture = panes.control("groupingPicture")
    canvas = picture.canvases()[0]
    at = canvas.scene().mark(2, 1).rect.center()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(at.x()), int(at.y())))
    assert panes.selection.selection.groups == {("plate", "b"), ("sample", "C")}
    assert panes.selection.selection.rows == (8,)
