"""The model pane: chips, cards, menus, drops, advice; and what cannot be done says why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QWidget

from mmgui.app.carried import TERM_MIME, VARIABLE_MIME
from mmgui.app.theme import make_theme
from mmgui.data.read import read_text
from tests.qt.panes.driver import Panes, drop, popup_of_type, settle, trigger


def _chips(panes: Panes) -> list[str]:
    return [c.term.label for c in panes.model._fixed.chips()]


def _type_term(panes: Panes, text: str) -> QWidget:
    panes.click("addFixedTermButton")
    popup = popup_of_type(QWidget)
    QTest.keyClicks(popup.edit, text)
    QTest.keyClick(popup.edit, Qt.Key.Key_Return)
    settle()
    return popup


def test_fixed_effects_are_typed_as_terms(panes: Panes) -> None:
    panes.open_sample("Oats")
    _type_term(panes, "nitro*Variety")
    assert panes.formula == "~ nitro * Variety"
    assert _chips(panes) == ["1", "nitro", "Variety", "nitro:Variety"]
    _type_term(panes, "I(nitro^2)")
    assert panes.formula == "~ nitro * Variety + I(nitro^2)" or "I(nitro^2)" in _chips(panes)


def test_a_term_that_cannot_be_read_stays_for_correction(panes: Panes) -> None:
    panes.open_sample("Oats")
    popup = _type_term(panes, "log(nitroo)")
    assert popup.isVisible()
    assert popup.error.text() == "There is no column “nitroo” in Oats. Did you mean “nitro”?"
    assert panes.formula == ""
    popup.close()


def test_a_chip_goes_by_its_button_by_delete_and_by_its_menu(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.retype("yield ~ nitro * Variety")
    panes.click("removeChipButton", panes.control("fixedTermChip3"))
    assert panes.formula == "yield ~ nitro + Variety"
    QTest.keyClick(panes.control("fixedTermChip1"), Qt.Key.Key_Delete)
    settle()
    assert panes.formula == "yield ~ Variety"
    chip = panes.control("fixedTermChip0")
    at = chip.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, chip.mapToGlobal(at))
    QApplication.sendEvent(chip, event)
    trigger(popup_of_type(QMenu), "Remove")
    assert panes.formula == "yield ~ 0 + Variety"
    assert panes.store.undo_stack.undoText() == "Remove the intercept"


def test_a_variable_dropped_on_a_chip_makes_the_interaction(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.choose("nitro", "Add as fixed effect")
    assert panes.drop_variable("Variety", panes.control("fixedTermChip1"))
    assert panes.formula == "~ nitro * Variety"
    assert panes.store.undo_stack.undoText() == "Add interaction nitro:Variety"
    steps = panes.store.undo_stack.count()
    panes.drop_variable("nitro", panes.control("fixedTermChip1"))
    assert panes.formula == "~ nitro * Variety"
    assert panes.store.undo_stack.count() == steps


def test_a_chip_dropped_on_a_card_makes_a_slope(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.retype("yield ~ nitro * Variety + (1 | Block)")
    assert panes.drop_term("nitro", panes.card(0))
    assert panes.formula == "yield ~ nitro * Variety + (nitro | Block)"


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"[1, 2]", b'"no such column"', b'"log("', b"{"])
def test_foreign_payloads_are_refused(panes: Panes, payload: bytes) -> None:
    panes.open_sample("sleepstudy")
    panes.choose("Subject", "Add as grouping factor")
    before = panes.store.document
    for kind in (VARIABLE_MIME, TERM_MIME, "text/plain"):
        mime = QMimeData()
        mime.setData(kind, payload)
        for name in (
            "responseCombo",
            "fixedTermsView",
            "randomTermsView",
            "randomTermCard0",
            "fixedTermChip0",
        ):
            drop(mime, panes.control(name))
    assert panes.store.document == before


def test_a_response_takes_numbers_alone(panes: Panes) -> None:
    panes.open_sample("Pastes")
    assert not panes.drop_variable("cask", panes.control("responseCombo"))
    assert panes.drop_variable("strength", panes.control("responseCombo"))
    assert panes.formula == "strength ~ 1"


def test_a_transformed_response_is_shown(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("log(Reaction) ~ Days")
    assert panes.control("responseCombo").currentText() == "log(Reaction)"
    panes.pick("responseCombo", "Reaction")
    assert panes.formula == "Reaction ~ Days"


def test_slopes_say_within_how_many_groups_their_variable_varies(panes: Panes) -> None:
    panes.open_sample("Orthodont")
    panes.retype("distance ~ age + Sex + (1 | Subject)")
    slopes = panes.control("slopesList", panes.card(0))
    rows = {slopes.item(i).text(): slopes.item(i) for i in range(slopes.count())}
    assert list(rows)[:2] == ["age", "Sex"]
    assert rows["age"].toolTip() == (
        "Random slope: the effect of age differs from group to group. age varies within 27 of 27 groups."
    )
    assert rows["age"].flags() & Qt.ItemFlag.ItemIsEnabled
    assert not rows["Sex"].flags() & Qt.ItemFlag.ItemIsEnabled
    assert "Each Subject has one value of Sex" in rows["Sex"].toolTip()
    panes.click_slope(0, "Sex")
    assert panes.formula == "distance ~ age + Sex + (1 | Subject)"


def test_a_tick_moves_no_row(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.retype("yield ~ nitro + Variety + (1 | Block)")
    slopes = panes.control("slopesList", panes.card(0))

    def labels() -> list[str]:
        return [slopes.item(i).text() for i in range(slopes.count())]

    before = labels()
    panes.click_slope(0, "Variety")
    assert panes.formula == "yield ~ nitro + Variety + (Variety | Block)"
    assert labels() == before
    assert panes.control("parameterCount", panes.card(0)).text() == "3 effects → 6 parameters"


def test_variables_outside_the_model_wait_behind_a_button(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.retype("yield ~ 1 + (1 | Block)")
    card = panes.card(0)
    assert not panes.control("slopesList", card).isVisible()
    assert panes.control("moreSlopesButton", card).text() == "+ slope… (2)"
    panes.click("moreSlopesButton", card)
    panes.click_slope(0, "nitro")
    assert panes.formula == "yield ~ 1 + (nitro | Block)"


def test_several_columns_make_one_grouping_factor_or_crossed_ones(panes: Panes) -> None:
    for button, formula in (
        ("addCombinedButton", "~ 1 + (1 | Block:Variety)"),
        ("addCrossedButton", "~ 1 + (1 | Block) + (1 | Variety)"),
    ):
        panes.open_sample("Pastes")
        panes.open_sample("Oats")
        panes.click("addGroupingButton")
        popup = popup_of_type(QWidget)
        for name in ("Block", "Variety"):
            row = next(r for r in range(popup.list.count()) if popup.list.item(r).toolTip() == name)
            popup.list.item(row).setCheckState(Qt.CheckState.Checked)
        QTest.mouseClick(panes.control(button, popup), Qt.MouseButton.LeftButton)
        settle()
        assert panes.formula == formula


def test_unticking_the_last_box_takes_nothing(panes: Panes) -> None:
    panes.open_sample("Oats")
    panes.click("addGroupingButton")
    popup = popup_of_type(QWidget)
    rect = popup.list.visualItemRect(popup.list.item(0))
    box = rect.topLeft()
    box.setY(rect.center().y())
    box.setX(rect.left() + 12)
    for _ in range(2):
        QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=box)
        settle()
    assert panes.formula == ""
    popup.close()


def test_a_card_without_an_effect_is_no_model_and_says_so(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject)")
    panes.click("interceptCheck", panes.card(0))
    assert panes.formula == "Reaction ~ Days + (0 | Subject)"
    assert panes.control("parameterCount", panes.card(0)).text() == "nothing varies yet"
    assert panes.advice() == ["no_effect"]


def test_rows_left_out_are_told_before_the_fit(panes: Panes) -> None:
    rows = "\n".join(f"{i},{'' if i % 16 == 0 else i % 7},{i % 12}" for i in range(192))
    panes.open_table(read_text(f"y,x,g\n{rows}\n", "gaps"))
    panes.retype("y ~ x + (1 | g)")
    texts = [f.text for f in panes.model._advice.findings()]
    assert "12 of 192 rows will be left out because x is missing in them." in texts


def test_a_remedy_is_one_step(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject) + (1 | Subject)")
    assert panes.advice() == ["T1"]
    steps = panes.store.undo_stack.count()
    panes.click("fixButton0")
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"
    assert panes.store.undo_stack.count() == steps + 1
    panes.store.undo_stack.undo()
    assert panes.advice() == ["T1"]


def test_awkward_names_pass_through_every_way_of_building(panes: Panes) -> None:
    long = "a very very long column name that goes on and on and on until it has to be elided somewhere"
    names = ["y", "a b", "a:b", "x|y", "p+q", 'quo"te', "日本", "it's & so", long]
    header = ",".join('"' + n.replace('"', '""') + '"' for n in names)
    rows = "\n".join(",".join(str((i * (k + 3)) % (k + 5)) for k in range(len(names))) for i in range(60))
    panes.open_table(read_text(f"{header}\n{rows}\n", "awkward"))
    for name in names[1:]:
        panes.choose(name, "Add as fixed effect")
        panes.choose(name, "Add as grouping factor")
        panes.store.undo_stack.undo()
    panes.choose("a:b", "Add as grouping factor")
    panes.choose("x|y", "Add random slope within", "a:b")
    panes.choose("p+q", "Add nested inside", "a:b")
    text = panes.model._formula.edit.text()
    panes.retype("~ 1")
    panes.model._formula.edit.setText(text)
    assert panes.formula == text
    assert text.endswith("+ (`x|y` | `a:b`/`p+q`)")


def test_two_hundred_columns_are_listed_and_built_with(panes: Panes) -> None:
    names = [f"v{k}" for k in range(200)]
    rows = "\n".join(",".join(str((i + 1) * (k + 3) * (i + k) % 17) for k in range(200)) for i in range(40))
    panes.open_table(read_text(f"{','.join(names)}\n{rows}\n", "wide"))
    assert panes.data._table.model().rowCount() == 200
    panes.choose("v199", "Use as response")
    panes.choose("v3", "Add as grouping factor")
    panes.click("moreSlopesButton", panes.card(0))
    assert panes.card(0).height() < panes.height()
    panes.click_slope(0, "v5")
    assert panes.formula == "v199 ~ 1 + (v5 | v3)"


def test_one_column_used_twice_is_said_and_survived(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Reaction + Days + (Subject | Subject)")
    assert "response_explains" in panes.advice()


def test_without_a_table_nothing_can_be_added(panes: Panes) -> None:
    assert not panes.control("addFixedTermButton").isEnabled()
    assert not panes.control("addGroupingButton").isEnabled()
    assert not panes.control("responseCombo").isEnabled()
    assert panes.advice() == []


def test_every_control_has_a_name_and_tab_reaches_it(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    settle()
    focusable = [
        w
        for w in panes.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible() and w.isEnabled()
    ]
    nameless = []
    for widget in focusable:
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name) and widget.objectName() not in ("modelScroll", ""):
            nameless.append(widget.objectName() or type(widget).__name__)
    assert nameless == []
    reached = set()
    here = panes.control("formulaEdit")
    for _ in range(200):
        reached.add(here.objectName())
        here = here.nextInFocusChain()
    for name in ("variableTable", "responseCombo", "estimationCombo", "addFixedTermButton", "interceptCheck",
                 "removeTermButton", "addGroupingButton", "fixButton0", "fixButton1"):  # fmt: skip
        assert name in reached


def test_tab_walks_down_the_pane(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    settle()
    order, here = [], panes.control("formulaEdit")
    for _ in range(200):
        if (
            here.isVisible()
            and here.focusPolicy() & Qt.FocusPolicy.TabFocus
            and panes.model.isAncestorOf(here)
        ):
            order.append(here.objectName())
        here = here.nextInFocusChain()
        if here.objectName() == "formulaEdit":
            break
    wanted = ["formulaEdit", "responseCombo", "estimationCombo", "fixedTermChip0", "addFixedTermButton",
              "interceptCheck", "addGroupingButton", "fixButton0", "fixButton1"]  # fmt: skip
    firsts = [order.index(name) for name in wanted]
    assert firsts == sorted(firsts)


def test_the_look_changes_in_place(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    panes.themes.set_theme(make_theme(dark=True))
    settle()
    dark = make_theme(dark=True)
    assert panes.model._formula.edit.highlighter.colors == ((18, 34, dark.terms[0]),)
    panes.themes.set_theme(make_theme(projector=True))
    settle()
    assert panes.shown_cards() == [("Subject", True, ["Days"], "correlated")]


def test_a_heading_takes_what_is_dropped_on_it(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    headings = {label.text(): label for label in panes.model.findChildren(QLabel)}
    assert panes.drop_variable("Days", headings["Fixed effects"])
    assert panes.drop_variable("Subject", headings["Random effects"])
    panes.choose("Reaction", "Use as response")
    assert panes.formula == "Reaction ~ Days + (1 | Subject)"


def test_a_model_with_long_names_fits_the_narrowest_pane(panes: Panes) -> None:
    long = "the time that has passed since the first night of too little sleep"
    panes.open_table(read_text(f"Reaction,{long},Subject\n" + "1,2,a\n3,5,a\n4,4,b\n5,6,b\n", "t"))
    panes.retype(f"Reaction ~ `{long}` + (`{long}` || Subject)")
    panes.model.setFixedWidth(panes.model.minimumWidth())
    settle()
    body = panes.control("modelBody")
    scroll = panes.control("modelScroll")
    assert body.width() <= scroll.viewport().width()
    card = panes.card(0)
    count = panes.control("parameterCount", card)
    assert count.width() >= count.sizeHint().width()
    assert card.rect().contains(count.geometry())


def test_a_grouping_factor_is_not_added_twice(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    menu = panes.variable_menu("Subject")
    entry = next(a for a in menu.actions() if a.text() == "Add as grouping factor")
    assert not entry.isEnabled()
    assert entry.toolTip() == "Subject is a grouping factor already."
    menu.close()
    assert not panes.drop_variable("Subject", panes.control("addGroupingButton").parentWidget())
    # Without an intercept there is one to add.
    panes.retype("Reaction ~ Days + (0 + Days | Subject)")
    panes.choose("Subject", "Add as grouping factor")
    assert panes.formula == "Reaction ~ Days + (0 + Days | Subject) + (1 | Subject)"


def _weights(panes: Panes) -> QComboBox:
    combo = panes.control("weightsCombo")
    assert isinstance(combo, QComboBox)
    return combo


def test_that_a_column_of_numbers_can_weight_the_rows(panes: Panes) -> None:
    panes.open_table(read_text("y,x,w,g\n1,2,1,a\n2,1,2,a\n4,3,1,b\n3,5,3,b\n", "small"))
    panes.retype("y ~ x + (1 | g)")
    combo = _weights(panes)
    assert [combo.itemText(k) for k in range(combo.count())] == ["Weights: none", "Weights: x", "Weights: w"]
    combo.setCurrentIndex(2)
    settle()
    assert panes.store.document.draft.weights == "w"
    assert panes.store.undo_stack.undoText() == "Weight rows by w"
    assert panes.formula == "y ~ x + (1 | g)"
    assert panes.control("weightsProblem").isHidden()
    panes.store.undo_stack.undo()
    settle()
    assert panes.store.document.draft.weights is None
    assert combo.currentText() == "Weights: none"


def test_that_weights_that_are_not_positive_are_refused_in_words(panes: Panes) -> None:
    panes.open_table(read_text("y,x,w,g\n1,2,0,a\n2,1,2,a\n4,3,-1,b\n3,5,3,b\n", "small"))
    panes.retype("y ~ x + (1 | g)")
    _weights(panes).setCurrentIndex(2)
    settle()
    problem = panes.control("weightsProblem")
    assert not problem.isHidden()
    assert problem.text() == (  # type: ignore[attr-defined]
        "Weights must be positive, but w is zero or negative in 2 rows; leave these rows out or choose "
        "another column."
    )


def test_that_a_table_without_another_column_of_numbers_offers_no_weights(panes: Panes) -> None:
    panes.open_sample("Penicillin")
    panes.retype("diameter ~ 1 + (1 | plate)")
    assert not panes.control("weightsCombo").isVisible()
