"""What a hand holds stays under it: nothing of the window gives way while the model is being moved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from tests.journeys.journey import Journey
from tests.leaks import settle

FORMULA = "Reaction ~ Days + (Days | Subject)"
SD = "Subject: SD of Days"
LEFT = Qt.MouseButton.LeftButton


def place(journey: Journey, name: str) -> QRect:
    page = journey.control(name)
    return QRect(page.mapTo(journey.window, page.rect().topLeft()), page.size())


@pytest.mark.parametrize("film", [False, True])
def test_that_the_page_stays_where_it_is_until_the_hand_lets_go(journey: Journey, film: bool) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    journey.show_page("landscapePage")
    model = journey.window.workspace.film
    if film:
        with journey.qtbot.waitSignal(model.opened_changed, timeout=20_000):
            journey.click("replayButton")
        model.pause()
        settle()
    bar = journey.control("movedBar")
    before = place(journey, "landscapePage")
    # A hand that holds something, wherever: the button is down.
    held = journey.control("landscapePage")
    QTest.mousePress(held, LEFT, pos=QPoint(2, 2))
    journey.window.workspace.play.move({SD: 12.0})
    journey.wait()
    assert not bar.isVisible()
    assert place(journey, "landscapePage") == before
    QTest.mouseRelease(held, LEFT, pos=QPoint(2, 2))
    journey.qtbot.waitUntil(bar.isVisible, timeout=5_000)

    if not film:
        journey.click("backToFitButton")
        journey.wait()
        assert not bar.isVisible()
        assert place(journey, "landscapePage") == before
