"""Fixed effects as chips: what menus do and refuse, what drops make, how products fold, what lights up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from mmgui.app.emphasis import NOTHING, Emphasis
from mmgui.data.table import Kind
from mmgui.spec.coding import Coding, Contrast
from mmgui.ui.chip import Chip
from mmgui.ui.derive_popup import DerivePopup
from mmgui.ui.fixed_terms_view import FixedTermsView
from tests.qt.panes.driver import Panes, drop, entries, popup_of_type, settle, trigger, variable_mime


def view_of(panes: Panes) -> FixedTermsView:
    view = panes.control("fixedTermsView")
    assert isinstance(view, FixedTermsView)
    return view


def chip_of(panes: Panes, label: str) -> Chip:
    return next(c for c in view_of(panes).chips() if c.term.label == label)


def menu_of(panes: Panes, label: str) -> QMenu:
    """The menu of a chip, opened by its triangle."""
    QTest.mouseClick(panes.control("chipMenuButton", chip_of(panes, label)), Qt.MouseButton.LeftButton)
    return popup_of_type(QMenu)


def choose(panes: Panes, label: str, *path: str) -> None:
    trigger(menu_of(panes, label), *path)


def entry(menu: QMenu, *path: str) -> QAction:
    here = menu
    for text in path[:-1]:
        here = entries(here)[text].menu()
    return entries(here)[path[-1]]


def opened(panes: Panes, sample: str, formula: str) -> Panes:
    panes.open_sample(sample)
    panes.retype(formula)
    assert panes.formula == formula
    return panes


OATS = "yield ~ nitro * Variety + (nitro | Block)"


def test_the_same_menu_opens_by_triangle_key_and_right_button(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    by_triangle = menu_of(panes, "nitro")
    texts = list(entries(by_triangle))
    by_triangle.close()
    QTest.keyClick(chip_of(panes, "nitro"), Qt.Key.Key_Return)
    by_key = popup_of_type(QMenu)
    assert list(entries(by_key)) == texts
    by_key.close()
    chip = chip_of(panes, "nitro")
    at = chip.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, chip.mapToGlobal(at))
    QApplication.sendEvent(chip, event)
    by_button = popup_of_type(QMenu)
    assert list(entries(by_button)) == texts
    by_button.close()


def test_a_polynomial_takes_the_place_of_its_variable_everywhere(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "nitro", "As polynomial", "Degree 2: poly(nitro, 2)")
    assert panes.formula == "yield ~ poly(nitro, 2) * Variety + (poly(nitro, 2) | Block)"
    choose(panes, "poly(nitro, 2)", "As polynomial", "Degree 3: poly(nitro, 3)")
    assert panes.formula == "yield ~ poly(nitro, 3) * Variety + (poly(nitro, 3) | Block)"
    choose(panes, "poly(nitro, 3)", "Back to nitro")
    assert panes.formula == OATS


def test_a_polynomial_can_be_in_the_fixed_effects_only(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "nitro", "As polynomial", "In the fixed effects only", "Degree 2: poly(nitro, 2)")
    assert panes.formula == "yield ~ poly(nitro, 2) * Variety + (nitro | Block)"


def test_a_raw_square_stands_beside_its_variable(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "nitro", "As polynomial", "Add I(nitro^2)")
    assert panes.formula == "yield ~ nitro * Variety + I(nitro^2) + (nitro | Block)"


def test_a_logarithm_of_zero_is_greyed_with_the_count(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    menu = menu_of(panes, "nitro")
    log = entry(menu, "Transform", "log(nitro)")
    assert not log.isEnabled()
    assert log.toolTip() == (
        "nitro is zero or negative in 18 rows, where it has no logarithm; log1p(nitro), the logarithm of "
        "1 + nitro, can take zeros."
    )
    assert entry(menu, "Transform", "log1p(nitro)").isEnabled()
    menu.close()


def test_a_degree_that_the_values_cannot_carry_is_greyed(panes: Panes) -> None:
    opened(panes, "InstEval", "y ~ service")
    menu = menu_of(panes, "service")
    degree = entry(menu, "As polynomial", "Degree 2: poly(service, 2)")
    assert not degree.isEnabled()
    assert "service has only 2 different values" in degree.toolTip()
    menu.close()


def test_a_logarithm_is_swapped_for_a_root_and_taken_back(panes: Panes) -> None:
    opened(panes, "cake", "angle ~ temp + (1 | replicate)")
    choose(panes, "temp", "Transform", "log(temp)")
    menu = menu_of(panes, "log(temp)")
    centre = entry(menu, "Centre")
    assert not centre.isEnabled()
    assert centre.toolTip() == "log(temp) needs temp as it is; go back to temp first."
    trigger(menu, "Transform", "sqrt(temp)")
    assert panes.formula == "angle ~ sqrt(temp) + (1 | replicate)"
    choose(panes, "sqrt(temp)", "Back to temp")
    assert panes.formula == "angle ~ temp + (1 | replicate)"


def test_a_number_is_centred_within_groups_and_put_back(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "nitro", "Centre", "Within each Block")
    assert panes.formula == "yield ~ nitro_within_Block * Variety + (nitro_within_Block | Block)"
    chip = chip_of(panes, "nitro_within_Block")
    assert chip.toolTip().splitlines()[1] == (
        "nitro_within_Block = center(nitro, Block): nitro less its mean in each Block"
    )
    choose(panes, "nitro_within_Block", "Back to nitro")
    assert panes.formula == OATS


def test_what_no_group_can_tell_is_greyed_with_the_reason(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    menu = menu_of(panes, "nitro")
    split = entry(menu, "Split: within and mean of each", "Block")
    assert not split.isEnabled()
    assert split.toolTip() == (
        "The mean of nitro is the same in every Block, so it would be one number throughout."
    )
    menu.close()


def test_a_number_is_split_into_within_and_mean(panes: Panes) -> None:
    opened(panes, "sleepstudy", "Days ~ Reaction + (Reaction | Subject)")
    choose(panes, "Reaction", "Split: within and mean of each", "Subject")
    assert panes.formula == (
        "Days ~ Reaction_within_Subject + Reaction_mean_Subject + (Reaction_within_Subject | Subject)"
    )
    panes.store.undo_stack.undo()
    assert panes.formula == "Days ~ Reaction + (Reaction | Subject)"
    assert panes.store.document.derived == ()


def test_contrasts_and_reference_level_are_the_models_own(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "Variety", "Contrasts in this model", "Sum: each level against the mean of all")
    assert panes.store.document.draft.codings == (Coding("Variety", Contrast.SUM),)
    assert chip_of(panes, "Variety").remark == "sum"
    choose(panes, "Variety", "Reference level in this model", "Marvellous")
    assert chip_of(panes, "Variety").remark == "sum, ref. Marvellous"
    menu = menu_of(panes, "Variety")
    ticked = [
        a.text() for a in entry(menu, "Reference level in this model").menu().actions() if a.isChecked()
    ]
    assert ticked == ["Marvellous"]
    trigger(menu, "Contrasts in this model", "Helmert: each level against those before it")
    menu = menu_of(panes, "Variety")
    reference = entry(menu, "Reference level in this model")
    assert not reference.isEnabled()
    assert reference.toolTip() == (
        "Helmert contrasts have no reference level; choose treatment or sum contrasts first."
    )
    trigger(menu, "Contrasts in this model", "Treatment: each level against the reference")
    assert panes.store.document.draft.codings == ()
    assert chip_of(panes, "Variety").remark == ""
    assert panes.formula == OATS


def test_an_interaction_offers_what_each_of_its_factors_can_be(panes: Panes) -> None:
    opened(panes, "Oats", "yield ~ nitro:Variety + (1 | Block)")
    choose(panes, "nitro:Variety", "For nitro", "Transform", "sqrt(nitro)")
    assert panes.formula == "yield ~ sqrt(nitro):Variety + (1 | Block)"
    choose(panes, "sqrt(nitro):Variety", "For Variety", "Reference level in this model", "Victory")
    assert panes.store.document.draft.codings == (Coding("Variety", Contrast.TREATMENT, "Victory"),)


def test_an_interaction_is_chosen_with_main_effects_or_alone(panes: Panes) -> None:
    opened(panes, "cake", "angle ~ recipe")
    choose(panes, "recipe", "Interaction with", "temp")
    assert panes.formula == "angle ~ recipe * temp"
    panes.store.undo_stack.undo()
    choose(panes, "recipe", "Interaction with", "Alone, without main effects", "temp")
    assert panes.formula == "angle ~ recipe + recipe:temp"
    choose(panes, "recipe", "Interaction with", "temp")
    assert panes.formula == "angle ~ recipe * temp"
    menu = menu_of(panes, "recipe")
    known = entry(menu, "Interaction with", "temp")
    assert (known.isEnabled(), known.toolTip()) == (False, "recipe * temp is in the model already.")
    menu.close()


def test_a_third_variable_on_an_interaction_makes_the_whole_product_and_folds_it(panes: Panes) -> None:
    opened(panes, "cake", "angle ~ recipe * temp")
    assert panes.control("productWords").text() == "recipe * temp stands for recipe + temp + recipe:temp"
    assert drop(variable_mime("replicate"), chip_of(panes, "recipe:temp"))
    assert panes.formula == "angle ~ recipe * temp * replicate"
    shown = [c.term.label for c in view_of(panes).chips() if c.isVisible()]
    assert shown == ["1", "recipe", "temp", "replicate"]
    assert panes.control("productWords").text() == "recipe * temp * replicate stands for 7 terms"
    product = panes.control("productChip0")
    QTest.mouseClick(product, Qt.MouseButton.LeftButton)
    settle()
    assert [c.term.label for c in view_of(panes).chips() if c.isVisible()][4:] == [
        "recipe:temp",
        "recipe:replicate",
        "temp:replicate",
        "recipe:temp:replicate",
    ]
    QTest.keyClick(product, Qt.Key.Key_Space)
    settle()
    assert not chip_of(panes, "recipe:temp").isVisible()
    QTest.keyClick(product, Qt.Key.Key_Delete)
    settle()
    assert panes.formula == "angle ~ recipe + temp + replicate"
    assert panes.store.undo_stack.undoText() == "Remove the interactions of recipe * temp * replicate"
    assert not panes.control("productWords").isVisible()


def test_a_slope_that_cannot_be_learned_is_greyed(panes: Panes) -> None:
    opened(panes, "Oats", "yield ~ nitro + Variety + (1 | Block:Variety)")
    menu = menu_of(panes, "Variety")
    slope = entry(menu, "Random slope within", "Block:Variety")
    assert not slope.isEnabled()
    assert "one value of Variety" in slope.toolTip()
    menu.close()
    choose(panes, "nitro", "Random slope within", "Block:Variety")
    assert panes.formula == "yield ~ nitro + Variety + (nitro | Block:Variety)"


def test_a_derived_column_is_renamed_in_place_and_removed(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    choose(panes, "nitro", "Centre", "On the mean of all rows")
    choose(panes, "nitro_centered", "Rename nitro_centered…")
    popup = popup_of_type(DerivePopup)
    edit = panes.control("derivedNameEdit", popup)
    assert isinstance(edit, QLineEdit)
    assert edit.selectedText() == "nitro_centered"
    QTest.keyClicks(edit, "Block")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    error = panes.control("derivedNameError", popup)
    assert error.isVisible()
    assert error.property("text") == "There is a column “Block” already; choose another name."
    QTest.keyClicks(edit, "s")
    assert not error.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    settle()
    assert panes.formula == "yield ~ Blocks * Variety + (Blocks | Block)"
    choose(panes, "Blocks", "Remove the column Blocks, with nitro in its place")
    assert panes.formula == OATS
    assert panes.store.document.derived == ()


def test_a_variable_is_derived_from_its_menu_without_touching_the_model(panes: Panes) -> None:
    opened(panes, "Oats", OATS)
    panes.choose("nitro", "Derive", "Scaled: centred, in standard deviations")
    panes.choose("nitro", "Derive", "Centred within each", "Variety")
    panes.choose("Variety", "Derive", "Combined with", "Block")
    assert [d.name for d in panes.store.document.derived] == [
        "nitro_scaled",
        "nitro_within_Variety",
        "Variety_Block",
    ]
    assert panes.formula == OATS
    menu = panes.variable_menu("nitro")
    log = entry(menu, "Derive", "Logarithm")
    assert (log.isEnabled(), log.toolTip()) == (
        False,
        "“nitro” is zero or less in 18 rows, where it has no logarithm; choose another column.",
    )
    menu.close()
    for _ in range(3):
        panes.store.undo_stack.undo()
    assert panes.store.document.derived == ()


def _hover(chip: QWidget, kind: QEvent.Type) -> None:
    if kind is QEvent.Type.Enter:
        at = QPointF(chip.rect().center())
        QApplication.sendEvent(chip, QEnterEvent(at, at, QPointF(chip.mapToGlobal(at))))
    else:
        QApplication.sendEvent(chip, QEvent(kind))


def test_a_chip_under_the_pointer_lights_up_what_belongs_to_it_and_is_lit_from_elsewhere(
    panes: Panes,
) -> None:
    opened(panes, "Oats", OATS)
    emphasis = view_of(panes)._emphasis
    _hover(chip_of(panes, "nitro:Variety"), QEvent.Type.Enter)
    assert emphasis.emphasis == Emphasis(
        fixed=frozenset({"nitro:Variety"}), columns=frozenset({"nitro", "Variety"})
    )
    _hover(chip_of(panes, "nitro:Variety"), QEvent.Type.Leave)
    assert emphasis.emphasis == NOTHING
    emphasis.emphasise(Emphasis(fixed=frozenset({"Variety"})))
    assert [c.term.label for c in view_of(panes).chips() if c.emphasised] == ["Variety"]


def test_a_factor_that_became_a_number_leaves_its_coding_without_harm(panes: Panes) -> None:
    opened(panes, "cake", "angle ~ recipe + replicate")
    choose(panes, "replicate", "Reference level in this model", "7")
    panes.data._set_kind("replicate", Kind.NUMBER)
    settle()
    menu = menu_of(panes, "replicate")
    assert "Back to the usual contrasts" in entries(menu)
    trigger(menu, "Back to the usual contrasts")
    assert panes.store.document.draft.codings == ()


@pytest.mark.parametrize("sample", ["Oats", "cake", "InstEval", "Pastes", "sim_within_between"])
def test_every_entry_of_every_chip_is_a_model_or_greyed(panes: Panes, sample: str) -> None:
    """Each enabled entry is taken and undone; none raises, none leaves a formula that is not read back."""
    panes.open_sample(sample)
    table = panes.store.table()
    assert table is not None
    names = [n for n in table.names if table[n].is_number or len(table[n].levels) < 60][:4]
    panes.retype(f"{names[-1]} ~ {' * '.join(names[:2])} + (1 | {table.names[0]})")
    before = panes.store.document
    for chip in [c.term.label for c in view_of(panes).chips()][1:]:
        for path in _paths(_opened_menu(panes, chip)):
            menu = _opened_menu(panes, chip)
            trigger(menu, *path)
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()
            assert panes.control("fixedTermError").property("text") == ""
            assert panes.model._formula.edit.text() == panes.formula
            while panes.store.document != before:
                panes.store.undo_stack.undo()


def _opened_menu(panes: Panes, label: str) -> QMenu:
    QTest.keyClick(chip_of(panes, label), Qt.Key.Key_Return)
    return popup_of_type(QMenu)


def _paths(menu: QMenu, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every entry that can be chosen."""
    out: list[tuple[str, ...]] = []
    for text, action in entries(menu).items():
        if not action.isEnabled():
            assert action.toolTip() not in ("", text)
            continue
        inner = action.menu()
        out += [(*path, text)] if inner is None else _paths(inner, (*path, text))
    if not path:
        menu.close()
    return out
