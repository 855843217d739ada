"""The advice and the model share the height of their pane: neither hides the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from mmgui.app.carried_slope import CarriedSlope, slope_mime
from mmgui.spec.terms import variable
from mmgui.ui.advice_dock import AdviceDock
from mmgui.ui.finding_card import FindingCard
from mmgui.ui.finding_line import FindingLine
from tests.qt.panes.driver import Panes, drop, settle, term_mime


@pytest.fixture
def shown(panes: Panes) -> Panes:
    panes.show()
    settle()
    return panes


def texts(panes: Panes) -> list[QLabel]:
    """The sentences in full, of the findings that are shown."""
    cards = panes.findChildren(FindingCard, "findingCard")
    return [x for card in cards for x in card.findChildren(QLabel, "findingText") if x.isVisible()]


def height_of_dock(panes: Panes) -> int:
    return panes.control("adviceDock").height()


def lines(panes: Panes) -> list[FindingLine]:
    return [x for x in panes.findChildren(FindingLine) if x.isVisible()]


SLEEP = "Reaction ~ Days + (Days | Subject)"


def test_where_there_is_room_the_advice_stands_in_full(shown: Panes) -> None:
    shown.resize(640, 1200)
    shown.open_sample("sleepstudy")
    shown.retype(SLEEP)
    assert lines(shown) == []
    assert len(texts(shown)) == len(shown.advice())


def test_where_the_model_needs_the_room_advice_is_one_line_each_and_opens_by_a_click(shown: Panes) -> None:
    shown.resize(640, 520)
    shown.open_sample("sleepstudy")
    shown.retype(SLEEP)
    folded = lines(shown)
    assert len(folded) == len(shown.model._advice.findings())
    assert texts(shown) == []
    low = height_of_dock(shown)
    QTest.mouseClick(folded[0], Qt.MouseButton.LeftButton)
    settle()
    assert len(texts(shown)) == 1
    assert height_of_dock(shown) > low
    QTest.mouseClick(folded[0], Qt.MouseButton.LeftButton)
    settle()
    assert height_of_dock(shown) == low


def test_a_first_finding_that_asks_for_something_stays_open(shown: Panes) -> None:
    shown.resize(640, 520)
    shown.open_sample("Pastes")
    shown.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    assert shown.control("fixButton0").isVisible()


def test_the_model_scrolls_no_further_than_it_reaches(shown: Panes) -> None:
    shown.resize(640, 560)
    shown.open_sample("Oats")
    shown.retype("yield ~ nitro * Variety + (nitro | Block/Variety)")
    body, equation = shown.control("modelBody"), shown.model._equation
    scroll = shown.control("modelScroll")
    assert isinstance(scroll, QScrollArea)
    above = shown.control("suggestButton")
    foot = above.mapTo(body, above.rect().bottomLeft()).y()
    if body.height() > scroll.viewport().height():
        assert equation.y() - foot < 40


def test_a_late_layout_request_finds_a_dock_without_attributes(shown: Panes) -> None:
    dock = shown.control("adviceDock")
    assert isinstance(dock, AdviceDock)
    inside = dock._inside
    dock.__dict__.clear()
    assert dock.eventFilter(inside, QEvent(QEvent.Type.LayoutRequest)) is False
    QApplication.processEvents()


def test_a_slope_let_go_on_the_fixed_effects_becomes_one(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ 1 + (Days | Subject)")
    assert drop(slope_mime(CarriedSlope(0, variable("Days"))), panes.control("fixedTermsView"))
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"
    assert not drop(slope_mime(CarriedSlope(0, variable("Days"))), panes.control("fixedTermsView"))
    assert not drop(term_mime(variable("Days")), panes.control("fixedTermsView"))


def test_where_the_first_finding_would_fill_the_room_it_is_folded_too(shown: Panes) -> None:
    shown.resize(640, 330)
    shown.open_sample("Pastes")
    shown.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    assert texts(shown) == []
    assert height_of_dock(shown) <= 0.3 * shown.model.height()


def test_once_the_question_is_answered_it_is_said_what_the_model_rests_on(shown: Panes) -> None:
    shown.open_sample("Pastes")
    shown.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    assert shown.advice() == ["N1"]
    shown.click("fixButton1")
    assert "ready" in shown.advice()
    assert "N1" not in shown.advice()


def test_without_a_table_there_is_no_empty_advice(shown: Panes) -> None:
    assert height_of_dock(shown) == 0
