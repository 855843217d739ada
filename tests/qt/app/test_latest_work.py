"""Work of which only the latest wish counts."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmgui.app.latest_work import LatestWork
from mmgui.errors import FitError
from tests.qt.app.held_runner import HeldRunner


@pytest.fixture
def runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def work(qtbot: QtBot, runner: HeldRunner) -> Iterator[LatestWork]:
    work = LatestWork("test the latest wish", runner)
    yield work
    work.shutdown()


def test_that_a_wish_that_waits_gives_way_to_the_next(
    work: LatestWork, runner: HeldRunner, qtbot: QtBot
) -> None:
    answers: list[object] = []
    work.done.connect(answers.append)
    for wish in ("first", "second", "third"):
        work.submit(lambda wish=wish: wish)
    assert len(runner.waiting) == 1
    runner.let_go()
    qtbot.waitUntil(lambda: answers == ["first"])
    assert work.busy
    runner.let_go()
    qtbot.waitUntil(lambda: not work.busy)
    assert answers == ["first", "third"]


def test_that_what_is_forgotten_is_not_told_and_the_next_wish_is_carried_out(
    work: LatestWork, runner: HeldRunner, qtbot: QtBot
) -> None:
    answers: list[object] = []
    work.done.connect(answers.append)
    work.submit(lambda: "forgotten")
    work.forget()
    work.submit(lambda: "wanted")
    runner.let_go()
    qtbot.waitUntil(lambda: len(runner.waiting) == 1)
    runner.let_go()
    qtbot.waitUntil(lambda: not work.busy)
    assert answers == ["wanted"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(FitError("singular", "No."), "singular"), (ZeroDivisionError("float division by zero"), "internal")],
)
def test_that_work_that_fails_says_so_and_leaves_nothing_busy(
    work: LatestWork,
    runner: HeldRunner,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    code: str,
) -> None:
    def break_off() -> None:
        raise error

    work.submit(break_off)
    with caplog.at_level(logging.CRITICAL), qtbot.waitSignal(work.failed) as told:
        runner.let_go()
    assert told.args is not None
    assert told.args[0].code == code
    assert not work.busy
