"""The shelf and the comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QCheckBox, QLabel

from mmgui.plots.variance_bars import VarianceBars
from tests.journeys.journey import Journey

LADDER = (
    "Reaction ~ Days + (1 | Subject)",
    "Reaction ~ Days + (Days || Subject)",
    "Reaction ~ Days + (Days | Subject)",
)


@pytest.fixture
def ladder(journey: Journey) -> Journey:
    journey.open_sample("sleepstudy")
    for formula in LADDER:
        journey.fit_formula(formula)
    return journey


def test_that_three_models_stand_side_by_side_with_their_tests(ladder: Journey) -> None:
    for k in (1, 2, 3):
        check = ladder.control("compareCheck", ladder.control(f"shelfCard{k}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    ladder.click("compareSelectedButton")
    ladder.wait()
    assert ladder.column("compareTable", "npar") == ["4", "5", "6"]
    # lme4, REML: -893.2325, -871.8347, -871.8141
    assert ladder.column("compareTable", "logLik") == ["−893.23", "−871.83", "−871.81"]
    assert ladder.column("compareTable", "AIC") == ["1794.5", "1753.7", "1755.6"]
    # 42.80 and 42.84 against mixtures at the boundary, 0.04 against χ²(1)
    assert ladder.column("testsTable", "Statistic") == ["42.80", "42.84", "0.04"]
    assert ladder.column("testsTable", "Reference") == ["½ χ²(0) + ½ χ²(1)", "½ χ²(1) + ½ χ²(2)", "χ²(1)"]
    for letter in "ABC":
        assert ladder.control(f"compareColumn{letter}").isVisible()


def test_that_a_session_saved_while_comparing_opens_with_the_comparison_or_says_why_not(
    journey: Journey, tmp_path: Path
) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("originPage")
    journey.click("originMarkMean")
    journey.qtbot.waitUntil(lambda: page.origin == 4.5, timeout=3000)  # type: ignore[attr-defined]
    journey.click("useOriginButton")
    journey.wait()
    assert journey.column("compareTable", "npar") == ["6", "6"]
    journey.trigger("undoAction")
    file = tmp_path / "compared.mmgui"
    journey.window.files.save_path(str(file))
    journey.open_sample("Dyestuff")
    # The shifted column, undone, is there again for the model that reads it.
    journey.open(file)
    assert journey.control("comparePane").isVisible()
    assert journey.column("compareTable", "logLik") == ["−871.81", "−871.81"]

    # A session without it, as older versions wrote them; another name, for this window knows the fit.
    content = json.loads(file.read_text(encoding="utf-8"))
    del content["derived"]
    file.write_text(json.dumps(content).replace("Days_centered", "Days_at_middle"), encoding="utf-8")
    journey.open_sample("Dyestuff")
    journey.open(file)
    said = journey.control("compareSubtitle")
    assert isinstance(said, QLabel)
    assert said.text().startswith("sleepstudy has no column Days_at_middle;")
    assert not journey.control("compareComputing").isVisible()


def test_that_models_tables_and_what_changed_are_in_sight_in_a_small_window(ladder: Journey) -> None:
    ladder.window.resize(1280, 800)
    for k in (1, 2, 3):
        check = ladder.control("compareCheck", ladder.control(f"shelfCard{k}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    ladder.trigger("compareAction")
    ladder.wait()
    pane = ladder.control("comparePane")
    for area in pane.findChildren(QAbstractScrollArea):
        assert area.horizontalScrollBar().maximum() == 0, area.objectName()
    for name in ("compareColumnA", "compareColumnC", "compareTable", "testsTable", "whatChanged"):
        shown = ladder.control(name)
        assert shown.visibleRegion().boundingRect() == shown.rect(), name


def test_that_bars_on_one_axis_begin_at_one_place_in_all_columns(ladder: Journey) -> None:
    ladder.fit_formula("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)")
    for k in (3, 4):
        check = ladder.control("compareCheck", ladder.control(f"shelfCard{k}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    ladder.trigger("compareAction")
    ladder.wait()
    bars = ladder.control("comparePane").findChildren(VarianceBars)
    assert len(bars) == 2
    natural = {b.widths() for b in bars}
    assert len(natural) == 2
    assert {b.least_widths for b in bars} == {(max(n for n, _ in natural), max(v for _, v in natural))}


def test_that_a_reason_that_several_pairs_share_is_said_once(journey: Journey) -> None:
    journey.open_sample("Pastes")
    for formula in ("(1 | cask)", "(1 | batch)", "(1 | sample)"):
        journey.fit_formula(f"strength ~ 1 + {formula}")
    for k in (1, 2, 3):
        check = journey.control("compareCheck", journey.control(f"shelfCard{k}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    journey.trigger("compareAction")
    journey.wait()
    lines = journey.control("compareAdvice").accessibleDescription().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("A – B, A – C, B – C: Neither model is a special case of the other")


def test_that_a_pair_that_is_no_test_gets_its_reason(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.fit_formula("score ~ 1 + (1 | Worker)")
    journey.fit_formula("score ~ Machine + (1 | Machine:Worker)")
    journey.trigger("compareAction")
    journey.wait()
    assert journey.cells("testsTable") == []
    assert (
        "A – B" in journey.control("compareAdvice").accessibleDescription()
        or "B – A" in journey.control("compareAdvice").accessibleDescription()
    )
    assert journey.control("compareAdvice").isVisible()


def test_that_different_fixed_effects_are_tested_by_ml(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ 1 + (1 | Subject)")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.trigger("compareAction")
    journey.wait()
    # lme4: anova() after refitting by ML: χ² = 116.46
    assert journey.column("testsTable", "Statistic") == ["116.46"]
    assert "refitted by ML" in journey.control("compareAdvice").accessibleDescription()


def test_that_a_click_on_a_card_shows_its_model_as_an_undoable_step(ladder: Journey) -> None:
    QTest.mouseClick(ladder.control("shelfCard1"), Qt.MouseButton.LeftButton)
    ladder.wait()
    assert ladder.formula == LADDER[0]
    assert ladder.column("varianceTable", "SD") == ["37.12", "30.99"]
    assert ladder.action("undoAction").toolTip() == f"Undo: Show model {LADDER[0]}"
    ladder.trigger("undoAction")
    ladder.wait()
    assert ladder.formula == LADDER[2]
    assert ladder.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]


def test_that_cards_are_reached_and_opened_by_keyboard(ladder: Journey) -> None:
    card = ladder.control("shelfCard2")
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    ladder.wait()
    assert ladder.formula == LADDER[1]
    QTest.keyClick(card, Qt.Key.Key_Delete)
    assert [m.id for m in ladder.document.models] == [1, 3]
    # The keyboard goes on at the next card.
    assert ladder.window.focusWidget() is ladder.control("shelfCard3")
    ladder.trigger("undoAction")
    assert [m.id for m in ladder.document.models] == [1, 2, 3]


def test_that_a_model_is_chosen_for_the_comparison_by_whatever_toggles_its_box(ladder: Journey) -> None:
    check = ladder.control("compareCheck", ladder.control("shelfCard2"))
    assert isinstance(check, QCheckBox)
    # As an assistive program does.
    check.toggle()
    assert ladder.document.view.compared == (2,)
    check.setChecked(False)
    assert ladder.document.view.compared == ()


def test_that_the_menu_of_a_card_copies_refits_and_removes(ladder: Journey) -> None:
    def choose(name: str) -> None:
        menu = ladder.window.shelf.menu(ladder.document.models[0])
        action = next(a for a in menu.actions() if a.objectName() == name)
        action.trigger()
        menu.close()
        ladder.wait()

    choose("copyFormulaAction")
    assert QGuiApplication.clipboard().text() == LADDER[0]
    choose("refitAction")
    assert ladder.document.models[-1].spec.reml is False
    choose("removeModelAction")
    assert len(ladder.document.models) == 3


def test_that_a_card_says_only_what_its_neighbour_does_not(ladder: Journey) -> None:
    labels = ladder.control("shelfCard3").findChildren(QLabel)
    assert "… + (Days <b>|</b> Subject)" in [label.text() for label in labels]


def test_that_the_lowest_aic_is_named_and_the_others_say_how_far_they_are(ladder: Journey) -> None:
    words = [ladder.control("statusLabel", ladder.control(f"shelfCard{k}")).text() for k in (1, 2, 3)]  # type: ignore[attr-defined]
    assert "AIC 1794.5 · ΔAIC 40.8" in words[0]
    assert "AIC 1753.7 · lowest" in words[1]
    assert "AIC 1755.6 · ΔAIC 2.0" in words[2]
    assert all("● converged" in w for w in words)


def test_that_the_newest_of_many_models_is_in_sight_and_long_formulas_are_cut(journey: Journey) -> None:
    journey.window.resize(1280, 800)
    journey.open_sample("sleepstudy")
    for fixed in ("1", "Days", "Days + I(Days^2)", "log(Days + 1)", "poly(Days, 2)"):
        journey.fit_formula(f"Reaction ~ {fixed} + (1 | Subject)")
    journey.fit_formula("Reaction ~ Days + I(Days^2) + I(Days^3) + log(Days + 1) + (Days | Subject)")
    card = journey.control("shelfCard6")
    assert card.visibleRegion().boundingRect() == card.rect()
    assert any(label.text().endswith("…") for label in card.findChildren(QLabel))
    assert "log(Days + 1) + (Days | Subject)" in card.toolTip()


def test_that_a_fifth_model_takes_the_place_of_the_first_chosen(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    for formula in (*LADDER, "Reaction ~ 1 + (1 | Subject)", "Reaction ~ 1 + (Days | Subject)"):
        journey.fit_formula(formula)
    for k in range(1, 6):
        check = journey.control("compareCheck", journey.control(f"shelfCard{k}"))
        assert isinstance(check, QCheckBox)
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    assert journey.document.view.compared == (2, 3, 4, 5)


def test_that_comparing_is_not_offered_with_one_model(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(LADDER[0])
    assert not journey.action("compareAction").isEnabled()
