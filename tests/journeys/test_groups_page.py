"""A person looks at the groups: the views, the orders, one subject, and the model moved by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from mmgui.ui.groups_page import GroupsPage
from tests.journeys.journey import Journey


def _page(journey: Journey) -> GroupsPage:
    page = journey.show_page("groupsPage")
    assert isinstance(page, GroupsPage)
    return page


def _press(journey: Journey, name: str) -> None:
    button = journey.control(name)
    assert isinstance(button, QPushButton)
    button.click()
    journey.wait()


def test_that_a_person_compares_the_three_ways_of_pooling(journey: Journey) -> None:
    journey.window.resize(1400, 900)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = _page(journey)
    assert page.plot.isVisible()
    order = journey.control("groupsOrder")
    assert isinstance(order, QComboBox)
    assert [order.itemText(k) for k in range(order.count())] == [
        "By level", "By size", "By slope of Days", "By shrinkage", "By distance", "By name",
    ]  # fmt: skip
    order.setCurrentText("By slope of Days")
    journey.wait()
    assert page.plot.levels()[page.plot.order()[0]] == "335"

    # A click on the first tile picks it; the overlay names it and draws it strong.
    page.plot.grab()
    tile, group = page.plot._shown[0]
    QTest.mouseClick(page.plot._canvas, Qt.MouseButton.LeftButton, pos=tile.center().toPoint())
    journey.wait()
    assert journey.window.workspace.selection.selection.groups == {("Subject", "335")}
    assert page.plot.levels()[group] == "335"
    _press(journey, "groupsViewOverlay")
    assert page.overlay.isVisible()
    assert page.overlay.picked() == (page.overlay.levels().index("335"),)
    assert page.overlay.lines() == {"complete", "partial"}
    _press(journey, "noPoolingChip")
    assert page.overlay.lines() == {"own", "complete", "partial"}

    # What was chosen in a view is still so when one comes back to it.
    _press(journey, "groupsViewTiles")
    assert page.plot.levels()[page.plot.order()[0]] == "335"
    _press(journey, "groupsViewOverlay")
    assert page.overlay.lines() == {"own", "complete", "partial"}


def test_that_overlap_of_intervals_speaks_for_a_random_slope(journey: Journey) -> None:
    journey.window.resize(1500, 950)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    page = _page(journey)
    _press(journey, "groupsViewIntervals")
    sentence = journey.control("intervalSentence1")
    assert isinstance(sentence, QLabel)
    assert sentence.text() == (
        "7 of 18 intervals exclude the common slope of Days (10.47); if all groups were alike, about 1 "
        "would. A random slope of Days would have something to describe."
    )
    table = page.intervals.table()
    row = next(r for r in table.rows if r[0] == "308")
    # lme4: confint(lmList(Reaction ~ Days | Subject)), subject 308
    assert row[7:10] == pytest.approx((16.195571388503, 21.764702424242, 27.333833459982))


def test_that_groups_follow_a_moved_model(journey: Journey) -> None:
    journey.window.resize(1400, 900)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = _page(journey)
    play = journey.window.workspace.play

    def slopes() -> list[float]:
        rows = page.plot.table().rows
        return [(float(rows[k + 9][5] or 0) - float(rows[k][5] or 0)) / 9 for k in range(0, 180, 10)]

    # lme4: coef(model)$Subject, 308 and 335
    assert (slopes()[0], slopes()[8]) == pytest.approx((19.6663, -0.2849), abs=2e-3)
    play.move({"Subject: SD of Days": 0.0})
    journey.wait()
    assert slopes() == pytest.approx([10.467285959596] * 18)
    # The other views show the same model.
    _press(journey, "groupsViewOverlay")
    assert "model's, moved: " in page.overlay.tip(0)
    _press(journey, "groupsViewTiles")
    play.reset()
    journey.wait()
    assert slopes()[0] == pytest.approx(19.6663, abs=2e-3)


def test_that_dots_stand_for_groups_without_a_predictor(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    page = _page(journey)
    assert page.plot.table().columns[:2] == ("Group", "strength")
    journey.window.workspace.selection.pick("batch", "H")
    page.controls.findChild(QPushButton, "groupsViewOverlay").click()
    journey.wait()
    assert page.overlay.levels()[page.overlay.picked()[0]] == "H"
    # The highest batch is the topmost row of dots.
    assert page.overlay.order()[-1] == page.overlay.picked()[0]
