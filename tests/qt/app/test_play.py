"""A fit taken in hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmgui.app.play import PlayModel
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.spec.formula import parse
from tests.qt.app.held_runner import HeldRunner

SD = "Subject: SD of Days"
SIGMA = "Residual: SD (σ)"


@pytest.fixture(scope="module")
def sleep():
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


@pytest.fixture
def play(qtbot, sleep):
    model = PlayModel()
    model.show(sleep)
    yield model
    model.shutdown()


def test_that_the_model_follows_the_hand(play, qtbot, sleep):
    with qtbot.waitSignal(play.moved) as told:
        play.move({SD: 0.0})
    moved = told.args[0]
    assert moved.value(SD) == 0.0
    assert abs(moved.fit.terms[0].modes[:, 1]).max() == 0.0
    assert moved.difference == pytest.approx(moved.fit.objective - sleep.objective)
    # σ follows: 25.59 at the fit, above 30 without the slopes' variance.
    assert moved.value(SIGMA) > 30.0
    assert moved.sigma_follows


def test_that_a_hand_on_sigma_takes_it_from_the_others(play, qtbot):
    with qtbot.waitSignal(play.moved) as told:
        play.move({SIGMA: 40.0})
    assert told.args[0].value(SIGMA) == 40.0
    with qtbot.waitSignal(play.moved) as told:
        play.move({SD: 2.0})
    assert told.args[0].value(SIGMA) == 40.0
    with qtbot.waitSignal(play.moved) as told:
        play.set_sigma_follows(True)
    assert told.args[0].value(SIGMA) != 40.0


def test_that_wishes_within_one_pass_are_carried_out_together(play, qtbot):
    seen = []
    play.moved.connect(seen.append)
    for value in (1.0, 2.0, 3.0):
        play.move({SD: value})
    qtbot.waitUntil(lambda: bool(seen))
    assert [m.value(SD) for m in seen] == [3.0]


def test_that_reset_shows_the_best_fit_again(play, qtbot):
    with qtbot.waitSignal(play.moved):
        play.move({SIGMA: 40.0})
    with qtbot.waitSignal(play.moved) as told:
        play.reset()
    assert told.args[0] is None
    assert play.current is None
    assert play.sigma_follows


def test_that_another_fit_is_not_moved(play, qtbot, sleep):
    with qtbot.waitSignal(play.moved):
        play.move({SD: 1.0})
    other = fit(FitJob(parse("Reaction ~ Days + (1 | Subject)"), load_sample("sleepstudy")))
    with qtbot.waitSignal(play.moved) as told:
        play.show(other)
    assert told.args[0] is None
    assert not play.ready


def test_that_a_fit_is_made_ready_also_while_another_is_being_made_ready(qtbot, sleep):
    # So slow a fit is taken in hand in the background.
    slow = replace(sleep, seconds=1.0)
    runner = HeldRunner()
    play = PlayModel(runner)
    play.show(sleep_again := replace(slow, seconds=2.0))
    play.prepare()
    play.prepare()
    assert len(runner.waiting) == 1
    play.show(slow)
    play.move({SD: 1.0})
    runner.let_go()
    qtbot.waitUntil(lambda: bool(runner.waiting))
    assert not play.ready
    with qtbot.waitSignal(play.moved) as told:
        runner.let_go()
    assert told.args[0].best is slow
    assert told.args[0].best is not sleep_again
    assert told.args[0].value(SD) == 1.0
    play.shutdown()


def test_that_a_large_model_moves_in_the_background(qtbot):
    large = fit(FitJob(parse("y ~ service + (1|s) + (1|d) + (1|dept)"), load_sample("InstEval")))
    play = PlayModel()
    play.show(large)
    with qtbot.waitSignal(play.moved, timeout=60_000) as told:
        play.move({"dept: SD of Intercept": 0.5})
        assert play.busy
    assert told.args[0].value("dept: SD of Intercept") == 0.5
    qtbot.waitUntil(lambda: not play.busy, timeout=10_000)
    play.shutdown()
