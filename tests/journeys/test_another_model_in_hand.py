"""A new model is moved while the pages still show pictures of the last one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmgui.app.runner import Task, ThreadRunner, Work
from tests.journeys.journey import Journey
from tests.leaks import settle
from tests.qt.app.held_runner import HeldTask

SMALL = "Reaction ~ 1 + (1 | Subject)"
SD = "Subject: SD of Intercept"


class LateAnalyses(ThreadRunner):
    """Once ``late``, what pages show is not worked out before ``go_on``."""

    def __init__(self) -> None:
        self.late = False
        self._held: list[tuple[str, Work]] = []

    def start(self, name: str, work: Work) -> Task:
        if self.late and name.startswith("analysis"):
            self._held.append((name, work))
            return HeldTask()
        return super().start(name, work)

    def go_on(self) -> None:
        self.late = False
        for name, work in self._held:
            super().start(name, work)


@pytest.mark.parametrize(
    "page", ["groupsPage", "shrinkagePage", "covariancePage", "landscapePage", "originPage"]
)
def test_that_pictures_of_the_last_model_do_not_follow_the_hand_on_the_next(
    new_journey: Callable[..., Journey], page: str
) -> None:
    runner = LateAnalyses()
    journey = new_journey(runner)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.show_page(page)
    play = journey.window.workspace.play
    play.move({SD: 40.0})
    journey.wait()
    before = play.fit
    runner.late = True
    journey.type_formula(SMALL)
    QTest.mouseClick(journey.control("fitButton"), Qt.MouseButton.LeftButton)
    journey.qtbot.waitUntil(lambda: play.fit is not before, timeout=10_000)
    # An exception in a slot fails the test.
    play.move({SD: 12.0})
    settle()
    assert play.current is not None
    assert play.current.value(SD) == 12.0
    runner.go_on()
    journey.wait()
    assert play.current.best is play.fit


@pytest.mark.parametrize("key", ["groups", "shrinkage", "covariance", "landscape"])
def test_that_a_model_without_random_effects_leaves_no_picture_of_another(journey: Journey, key: str) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page(f"{key}Page")
    views = [view for view, _ in page.views()]  # type: ignore[attr-defined]
    journey.fit_formula("Reaction ~ Days")
    cover = journey.control("vacantPage", page)
    for view in views or [""]:
        page.show_view(view)  # type: ignore[attr-defined]
        journey.wait()
        page.grab()
        assert cover.isVisible()
        assert cover.geometry() == page.rect()
        assert journey.text("vacantPage").startswith("This model has no random effects, so ")
    journey.window.resize(1300, 820)
    journey.wait()
    assert cover.geometry() == page.rect()
    # Nothing of the other model is at the place of a click, and what is fitted next is shown at once.
    assert page.childAt(page.rect().center()) is cover
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    assert not cover.isVisible()
