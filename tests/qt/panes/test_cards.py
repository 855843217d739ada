"""The cards of the random effects: badges, menus, drags between cards, blocks, groups, and the triangle."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from mmgui.app.carried_slope import SLOPE_MIME, CarriedSlope, slope_mime
from mmgui.app.emphasis import Emphasis
from mmgui.data.read import read_text
from mmgui.data.table import Table
from mmgui.spec.formula import parse_term
from mmgui.spec.terms import INTERCEPT, Covariance
from mmgui.ui.covariance_triangle import CovarianceTriangle
from tests.qt.panes.driver import Panes, drop, entries, popup_of_type, settle, trigger

MOVE, COPY = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction


def two_factors() -> Table:
    """12 subjects, conditions A, B x time 1 … 3 within each, twice; sex between subjects."""
    rows = [
        f"{(i * 7) % 23},s{i // 12:02},{'AB'[i // 6 % 2]},{i // 2 % 3 + 1},{'fm'[i // 12 % 2]},{i % 2}"
        for i in range(144)
    ]
    return read_text("y,Subj,A,time,sex,half\n" + "\n".join(rows) + "\n", "two")


def rows_of(panes: Panes, card: int) -> list[tuple[str, str, bool]]:
    """Each row shown as (slope, badge, whether it can be ticked)."""
    slopes = panes.control("slopesList", panes.card(card))
    out = []
    for i in range(slopes.count()):
        item = slopes.item(i)
        row = item.data(Qt.ItemDataRole.UserRole + 1)
        if not item.isHidden():
            out.append((row.term.label, row.badge, bool(item.flags() & Qt.ItemFlag.ItemIsEnabled)))
    return out


def effect_menu(panes: Panes, card: int, label: str, *, by_key: bool = False) -> QMenu:
    """The menu of a slope, by the right button or the menu key."""
    slopes = panes.control("slopesList", panes.card(card))
    item = slopes.item(panes.slope_row(card, label))
    at = slopes.visualItemRect(item).center()
    reason, receiver = QContextMenuEvent.Reason.Mouse, slopes.viewport()
    if by_key:
        slopes.setCurrentItem(item)
        reason, receiver = QContextMenuEvent.Reason.Keyboard, slopes
    QApplication.sendEvent(receiver, QContextMenuEvent(reason, at, receiver.mapToGlobal(at)))
    return popup_of_type(QMenu)


def card_menu(panes: Panes, card: int) -> QMenu:
    panes.click("cardMenuButton", panes.card(card))
    return popup_of_type(QMenu)


def carried(card: int, text: str) -> CarriedSlope:
    return CarriedSlope(card, INTERCEPT if text == "1" else parse_term(text)[-1])


def hover(panes: Panes, slope: CarriedSlope, target: QWidget) -> tuple[bool, str]:
    """Whether the target would take the slope, and what it says."""
    at, none = QPoint(target.width() // 2, 8), Qt.KeyboardModifier.NoModifier
    mime = slope_mime(slope)
    enter = QDragEnterEvent(at, MOVE, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(target, enter)
    taken = enter.isAccepted() and enter.dropAction() != Qt.DropAction.IgnoreAction
    words = panes.control("groupSizes", target).text()
    QApplication.sendEvent(target, QDragLeaveEvent())
    return taken, words


@pytest.fixture
def two(panes: Panes) -> Panes:
    panes.open_table(two_factors())
    panes.retype("y ~ A * time + sex + (A + time | Subj) + (1 | A:Subj)")
    settle()
    return panes


# -- badges


def test_a_slope_with_too_few_rows_says_how_many_it_needs(panes: Panes) -> None:
    panes.open_sample("ergoStool")
    panes.retype("effort ~ Type + (1 | Subject)")
    assert rows_of(panes, 0) == [("Type", "needs 5 rows, groups have 4", True)]
    slopes = panes.control("slopesList", panes.card(0))
    assert slopes.item(0).toolTip().splitlines()[1] == (
        "With it 4 effects vary by Subject: a group needs 5 rows to tell them from noise, and groups have 4."
    )


def test_groups_of_different_sizes_say_how_many_are_too_small(panes: Panes) -> None:
    sizes = [2, 2, 3, 5]
    rows = [f"{(g * 5 + i * 3) % 7},{i},g{g}" for g, n in enumerate(sizes) for i in range(n)]
    panes.open_table(read_text("y,x,g\n" + "\n".join(rows) + "\n", "uneven"))
    panes.retype("y ~ x + (x + I(x^2) | g)")
    badges = {label: badge for label, badge, _ in rows_of(panes, 0)}
    assert badges["x"] == "needs 4 rows, 3 of 4 groups have fewer"


def test_what_is_constant_is_greyed_with_the_reason_after_what_is_not(two: Panes) -> None:
    assert rows_of(two, 0) == [
        ("A", "varies within 12 of 12", True),
        ("time", "varies within 12 of 12", True),
        ("A:time", "varies within 12 of 12", True),
        ("sex", "constant within Subj", False),
    ]
    two.click("moreSlopesButton", two.card(1))
    # What is in the model nowhere is listed below, in the same order; A is part of these groups.
    assert rows_of(two, 1) == [
        ("time", "varies within 24 of 24", True),
        ("A:time", "varies within 24 of 24", True),
        ("sex", "constant within A:Subj", False),
        ("half", "varies within 24 of 24", True),
    ]


def test_a_variable_in_the_model_nowhere_is_greyed_too_where_it_is_constant(panes: Panes) -> None:
    panes.open_sample("Orthodont")
    panes.retype("distance ~ 1 + (1 | Subject)")
    assert rows_of(panes, 0) == []
    panes.click("moreSlopesButton", panes.card(0))
    assert rows_of(panes, 0) == [
        ("age", "varies within 27 of 27", True),
        ("Sex", "constant within Subject", False),
    ]


def test_a_slope_that_few_groups_inform_warns(panes: Panes) -> None:
    rows = [f"{i * 7 % 11},{i % 4 if i // 6 < 2 else 1},g{i // 6}" for i in range(60)]
    panes.open_table(read_text("y,x,g\n" + "\n".join(rows) + "\n", "few"))
    panes.retype("y ~ x + (1 | g)")
    slopes = panes.control("slopesList", panes.card(0))
    row = slopes.item(0).data(Qt.ItemDataRole.UserRole + 1)
    assert row.badge == "varies within 2 of 10"
    assert row.warning == "x varies in few groups: only 2 of 10 groups of g inform this slope."


def test_a_category_with_gaps_that_is_in_the_model_nowhere_is_listed(panes: Panes) -> None:
    rows = [f"{i * 3 % 11},{'' if i % 7 == 0 else 'abc'[i % 3]},,g{i // 6}" for i in range(60)]
    panes.open_table(read_text("y,f,nothing,g\n" + "\n".join(rows) + "\n", "gaps"))
    panes.retype("y ~ 1 + (1 | g)")
    panes.click("moreSlopesButton", panes.card(0))
    assert ("f", "varies within 10 of 10", True) in rows_of(panes, 0)


def test_a_polynomial_tells_that_it_is_two_effects(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ poly(Days, 2) + (1 | Subject)")
    slopes = panes.control("slopesList", panes.card(0))
    assert slopes.item(0).toolTip().endswith("It is 2 effects.")
    panes.click_slope(0, "poly(Days, 2)")
    assert panes.control("parameterCount", panes.card(0)).text() == "3 effects → 6 parameters"


# -- the picture


def _triangle(panes: Panes, card: int) -> CovarianceTriangle:
    triangle = panes.control("covarianceTriangle", panes.card(card))
    assert isinstance(triangle, CovarianceTriangle)
    return triangle


def test_the_triangle_changes_with_every_tick_and_structure(panes: Panes) -> None:
    panes.open_sample("Machines")
    panes.retype("score ~ Machine + (1 | Worker)")
    assert len(_triangle(panes, 0).table().rows) == 1
    panes.click_slope(0, "Machine")
    assert [r[2] for r in _triangle(panes, 0).table().rows] == ["free"] * 6
    assert _triangle(panes, 0).accessibleName() == "Covariance matrix of 3 effects, 6 parameters"
    panes.pick("correlationCombo", "all separate", panes.card(0))
    cells = [r[2] for r in _triangle(panes, 0).table().rows]
    assert cells == ["free", "held at 0", "free", "held at 0", "held at 0", "free"]
    panes.pick("correlationCombo", "compound symmetry", panes.card(0))
    cells = [r[2] for r in _triangle(panes, 0).table().rows]
    assert cells == ["free", "shared", "free", "shared", "shared", "free"]
    assert not _triangle(panes, 0).isHidden()
    panes.click("interceptCheck", panes.card(0))
    panes.click_slope(0, "Machine")
    assert _triangle(panes, 0).isHidden()


def test_a_cell_is_found_under_the_pointer(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    triangle = _triangle(panes, 0)
    side = triangle.side
    assert triangle.cell_at(side * 0.5, side * 0.5) == (0, 0)
    assert triangle.cell_at(side * 0.5, side * 1.5) == (1, 0)
    assert triangle.cell_at(side * 1.5, side * 0.5) is None


def test_as_many_parameters_as_groups_are_marked(panes: Panes) -> None:
    panes.open_sample("Machines")
    panes.retype("score ~ Machine + (0 + Machine | Worker)")
    rule = panes.control("parameterRule", panes.card(0))
    assert rule.text() == "n(n+1)/2 · ⚠ only 6 groups"
    assert panes.control("parameterCount", panes.card(0)).property("few")
    panes.pick("correlationCombo", "compound symmetry", panes.card(0))
    assert rule.text() == "n + 1: each a σ, one ρ"
    assert not panes.control("parameterCount", panes.card(0)).property("few")


# -- structures


def test_structures_that_do_not_suit_are_greyed_with_the_reason(panes: Panes) -> None:
    def greyed() -> dict[str, str]:
        combo = panes.control("correlationCombo", panes.card(0))
        items = [combo.model().item(i) for i in range(combo.count())]
        return {i.text(): i.toolTip().splitlines()[-1] for i in items if not i.isEnabled()}

    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    units = (
        "Not here: The intercept and the slope of Days are in different units, so they cannot share one "
        "variance."
    )
    order = (
        "Not here: An autoregression needs the occasions of one factor, in their order, as the only effects."
    )
    assert greyed() == {
        "one variance": units,
        "compound, one SD": units,
        "AR(1)": order,
        "AR(1), own SDs": order,
    }
    panes.retype("Reaction ~ Days + (0 + factor(Days) | Subject)")
    assert list(greyed()) == ["uncorrelated"]
    panes.open_sample("Machines")
    panes.retype("score ~ Machine + (0 + Machine | Worker)")
    assert list(greyed()) == ["uncorrelated", "AR(1)", "AR(1), own SDs"]
    assert "the levels of Machine (A, B, C) are not numbered in that order" in greyed()["AR(1)"]
    # What was typed is what is shown.
    panes.retype("score ~ Machine + ar1(0 + Machine | Worker)")
    assert "AR(1)" not in greyed()
    assert panes.store.document.draft.random[0].covariance is Covariance.AR1


# -- blocks


def test_a_block_of_its_own_and_back(two: Panes) -> None:
    trigger(effect_menu(two, 0, "time"), "Give it a block of its own")
    assert two.formula == "y ~ A * time + sex + (A | Subj) + (0 + time | Subj) + (1 | A:Subj)"
    assert two.store.undo_stack.undoText() == "Give slope time | Subj a block of its own"
    trigger(card_menu(two, 1), "Join with the other block of Subj")
    assert two.formula == "y ~ A * time + sex + (A + time | Subj) + (1 | A:Subj)"
    two.store.undo_stack.undo()
    two.store.undo_stack.undo()
    assert two.formula == "y ~ A * time + sex + (A + time | Subj) + (1 | A:Subj)"


def test_the_intercept_gets_a_block_of_its_own(two: Panes) -> None:
    two.click("interceptMenuButton", two.card(0))
    trigger(popup_of_type(QMenu), "Give it a block of its own")
    assert two.formula == "y ~ A * time + sex + (1 | Subj) + (0 + A + time | Subj) + (1 | A:Subj)"


def test_the_only_effect_of_a_card_has_a_block_already(two: Panes) -> None:
    two.click("interceptMenuButton", two.card(1))
    action = entries(popup_of_type(QMenu))["Give it a block of its own"]
    assert not action.isEnabled()
    assert action.toolTip() == "It is the only effect of this card of A:Subj."


# -- moving and copying


def test_a_slope_moves_to_another_card_and_is_copied_with_ctrl(two: Panes) -> None:
    assert drop(slope_mime(carried(0, "time")), two.card(1), MOVE)
    assert two.formula == "y ~ A * time + sex + (A | Subj) + (time | A:Subj)"
    assert two.store.undo_stack.undoText() == "Move slope time to (1 | A:Subj)"
    two.store.undo_stack.undo()
    assert drop(slope_mime(carried(0, "time")), two.card(1), COPY)
    assert two.formula == "y ~ A * time + sex + (A + time | Subj) + (time | A:Subj)"
    assert two.store.undo_stack.undoText() == "Copy slope time to (1 | A:Subj)"


def test_the_last_effect_takes_its_card_along(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)")
    assert drop(slope_mime(carried(1, "Days")), panes.card(0), MOVE)
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"
    assert len(panes.shown_cards()) == 1
    panes.retype("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)")
    assert drop(slope_mime(carried(0, "1")), panes.card(1), MOVE)
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"


def test_a_card_says_what_a_drop_would_be_or_why_it_is_none(two: Panes) -> None:
    assert hover(two, carried(0, "time"), two.card(1)) == (
        True,
        "Move time here (Ctrl copies)",
    )
    assert hover(two, carried(0, "A"), two.card(1)) == (False, "A is constant within A:Subj")
    assert hover(two, carried(0, "1"), two.card(1)) == (False, "The intercept is here already")
    assert two.control("groupSizes", two.card(1)).text() == "24 groups · 6 rows each"
    before = two.formula
    assert not drop(slope_mime(carried(0, "A")), two.card(1), MOVE)
    assert not drop(slope_mime(carried(0, "A")), two.card(0), MOVE)
    assert two.formula == before


def test_the_menu_moves_and_copies_by_the_keyboard(two: Panes) -> None:
    menu = effect_menu(two, 0, "A", by_key=True)
    inner = entries(menu)["Move to"].menu()
    action = entries(inner)["(1 | A:Subj)"]
    assert not action.isEnabled()
    assert action.toolTip() == "Each A:Subj has one value of A, so how its effect differs cannot be learned."
    menu.close()
    trigger(effect_menu(two, 0, "time", by_key=True), "Copy to", "(1 | A:Subj)")
    assert two.formula == "y ~ A * time + sex + (A + time | Subj) + (time | A:Subj)"
    trigger(effect_menu(two, 0, "time"), "Remove")
    assert two.formula == "y ~ A * time + sex + (A | Subj) + (time | A:Subj)"


def test_a_slope_that_is_no_fixed_effect_becomes_one(two: Panes) -> None:
    two.retype("y ~ 1 + (time | Subj)")
    trigger(effect_menu(two, 0, "time"), "Add to the fixed effects")
    assert two.formula == "y ~ time + (time | Subj)"
    action = entries(effect_menu(two, 0, "time"))["Add to the fixed effects"]
    assert not action.isEnabled()


def test_places_to_drop_appear_while_a_slope_is_dragged(two: Panes) -> None:
    two.retype("y ~ 1 + (A + time | Subj)")
    card = two.card(0)
    zones = two.control("dropZones", card)
    assert zones.isHidden()
    for zone, formula in (
        ("blockZone", "y ~ 1 + (A | Subj) + (0 + time | Subj)"),
        ("fixedZone", "y ~ time + (A + time | Subj)"),
        ("removeZone", "y ~ 1 + (A | Subj)"),
    ):
        zones.offer(carried(0, "time"))
        assert two.control(zone, card).isVisible()
        assert drop(slope_mime(carried(0, "time")), two.control(zone, card), MOVE)
        assert two.formula == formula
        assert zones.isHidden()
        two.store.undo_stack.undo()
    # A slope that is not on the card can only become a fixed effect.
    zones.offer(carried(0, "half"))
    assert [two.control(z, card).isVisible() for z in ("blockZone", "fixedZone", "removeZone")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"[0]", b'[0, "log("]', b'["0", "x"]', b'[true, "x"]', b'[-1, "x"]', b'[7, "A"]',
                b'[0, 3]', b"\xff", b'{"card": 0}', b'[0, "nowhere"]']
)  # fmt: skip
def test_payloads_that_are_no_slope_change_nothing(two: Panes, payload: bytes) -> None:
    before = two.store.document
    mime = slope_mime(carried(0, "1"))
    mime.setData(SLOPE_MIME, payload)
    two.control("dropZones", two.card(0)).offer(carried(0, "A"))
    for name in ("blockZone", "removeZone"):
        drop(mime, two.control(name, two.card(0)), MOVE)
    for name in ("randomTermCard0", "randomTermCard1", "randomTermsView"):
        drop(mime, two.control(name), MOVE)
    known = [r.grouping.label for r in two.store.document.draft.random]
    assert known == ["Subj", "A:Subj"]
    assert two.store.document.draft.fixed == before.draft.fixed


# -- groups


def test_a_category_dropped_on_a_card_asks_what_it_is_to_be(panes: Panes) -> None:
    panes.open_table(two_factors())
    for entry, formula in (
        ("Slope of A: its effect differs by Subj", "y ~ 1 + (A | Subj)"),
        ("Groups A:Subj: each combination a level of its own", "y ~ 1 + (1 | Subj) + (1 | A:Subj)"),
        ("Groups Subj/A: A inside Subj", "y ~ 1 + (1 | Subj/A)"),
    ):
        panes.retype("y ~ 1 + (1 | Subj)")
        assert panes.drop_variable("A", panes.card(0))
        assert panes.formula == "y ~ 1 + (1 | Subj)"
        trigger(popup_of_type(QMenu), entry)
        assert panes.formula == formula
    # What is constant within the groups is neither, and is not taken for a grouping factor either.
    panes.retype("y ~ 1 + (1 | Subj)")
    assert not panes.drop_variable("sex", panes.card(0))
    assert panes.formula == "y ~ 1 + (1 | Subj)"


def test_groups_are_combined_divided_and_merged_from_the_menu(panes: Panes) -> None:
    panes.open_table(two_factors())
    panes.retype("y ~ 1 + (1 | Subj)")
    trigger(card_menu(panes, 0), "Add groups of combinations", "A:Subj")
    assert panes.formula == "y ~ 1 + (1 | Subj) + (1 | A:Subj)"
    assert not entries(entries(card_menu(panes, 0))["Add groups of combinations"].menu())[
        "A:Subj"
    ].isEnabled()
    QApplication.activePopupWidget().close()
    trigger(card_menu(panes, 1), "Change the groups to", "A:Subj:time")
    assert panes.formula == "y ~ 1 + (1 | Subj) + (1 | A:Subj:time)"
    trigger(card_menu(panes, 1), "Change the groups to", "A:time")
    assert panes.formula == "y ~ 1 + (1 | Subj) + (1 | A:time)"
    trigger(card_menu(panes, 1), "Move up")
    assert panes.formula == "y ~ 1 + (1 | A:time) + (1 | Subj)"


def test_nesting_goes_to_any_depth(panes: Panes) -> None:
    header = "y,a,b,c,d"
    rows = [f"{i * 7 % 31},a{i // 48},b{i // 24 % 2},c{i // 12 % 2},d{i // 4 % 3}" for i in range(192)]
    panes.open_table(read_text("\n".join([header, *rows]) + "\n", "deep"))
    panes.retype("y ~ 1 + (1 | a)")
    for k, inner in enumerate("bcd"):
        panes.click("nestButton", panes.card(k))
        trigger(popup_of_type(QMenu), f"{':'.join('abcd'[: k + 1])}/{inner}")
    assert panes.formula == "y ~ 1 + (1 | a/b/c/d)"
    assert [c[0] for c in panes.shown_cards()] == ["a", "a:b", "a:b:c", "a:b:c:d"]


def test_the_columns_of_a_card_are_chosen_again(panes: Panes) -> None:
    panes.open_table(two_factors())
    panes.retype("y ~ 1 + (1 | Subj)")
    trigger(card_menu(panes, 0), "Change the groups to", "Choose the columns…")
    popup = popup_of_type(QWidget)
    ticked = [popup.list.item(i).toolTip() for i in range(popup.list.count())
              if popup.list.item(i).checkState() == Qt.CheckState.Checked]  # fmt: skip
    assert ticked == ["Subj"]
    row = next(i for i in range(popup.list.count()) if popup.list.item(i).toolTip() == "A")
    popup.list.item(row).setCheckState(Qt.CheckState.Checked)
    assert panes.control("addCombinedButton", popup).text() == "Group by Subj:A"
    assert panes.control("addNestedButton", popup).isHidden()
    panes.click("addCombinedButton", popup)
    assert panes.formula == "y ~ 1 + (1 | Subj:A)"
    assert panes.store.undo_stack.undoText() == "Group by Subj:A instead of Subj"


def test_the_list_of_groups_says_that_columns_combine(panes: Panes) -> None:
    panes.open_table(two_factors())
    panes.click("addGroupingButton")
    popup = popup_of_type(QWidget)
    assert "group by their combinations" in panes.control("groupingHint", popup).text()
    popup.close()


# -- the real mouse


def pull(widget: QWidget, start: QPoint) -> None:
    """Press on a widget, move away with the button held, let go."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, left, none, start)
    for k in (4, 30):
        at = QPointF(start + QPoint(k, 0))
        move = QMouseEvent(QEvent.Type.MouseMove, at, QPointF(widget.mapToGlobal(at)), left, left, none)
        QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, left, none, start)
    settle()


def test_pulling_a_slope_or_the_intercept_ticks_nothing(two: Panes) -> None:
    """The offscreen platform ends every drag at once, as if let go where nothing takes it."""
    before = two.store.document
    slopes = two.control("slopesList", two.card(0))
    pull(slopes.viewport(), slopes.visualItemRect(slopes.item(two.slope_row(0, "time"))).center())
    check = two.control("interceptCheck", two.card(0))
    pull(check, check.rect().center())
    assert two.store.document == before
    assert two.control("dropZones", two.card(0)).isHidden()
    two.click("interceptCheck", two.card(0))
    two.click_slope(0, "time")
    assert two.formula == "y ~ A * time + sex + (0 + A | Subj) + (1 | A:Subj)"


# -- pointing


def test_pointing_at_a_card_or_a_slope_lights_it_up_everywhere(two: Panes) -> None:
    view = two.model._random
    seen: list[Emphasis] = []
    view._emphasis.emphasis_changed.connect(seen.append)
    slopes = two.control("slopesList", two.card(0))
    slopes._hover(parse_term("time")[0])
    assert seen[-1] == Emphasis(effects=frozenset({(0, "time")}), columns=frozenset({"time"}))
    slopes._hover(None)
    view._emphasis.emphasise(Emphasis(random=frozenset({1})))
    assert [card._marked for card in view.cards()] == [False, True]
    view._emphasis.emphasise(Emphasis(effects=frozenset({(0, "A")})))
    assert [card._marked for card in view.cards()] == [True, False]
    item = slopes.item(two.slope_row(0, "A"))
    assert item.data(Qt.ItemDataRole.UserRole + 2) is True
    view._emphasis.clear()
    assert [card._marked for card in view.cards()] == [False, False]


def test_delete_takes_the_current_slope_away(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (Days | Subject)")
    slopes = panes.control("slopesList", panes.card(0))
    slopes.setCurrentRow(panes.slope_row(0, "Days"))
    QTest.keyClick(slopes, Qt.Key.Key_Delete)
    settle()
    assert panes.formula == "Reaction ~ Days + (1 | Subject)"
    QTest.keyClick(slopes, Qt.Key.Key_Delete)
    settle()
    assert panes.formula == "Reaction ~ Days + (1 | Subject)"
