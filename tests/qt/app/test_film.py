"""The transport of a film."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mmgui.app.film import FilmModel
from mmgui.app.play import PlayModel
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.spec.formula import parse
from tests.qt.app.held_runner import HeldRunner

SD = "Subject: SD of Days"


@pytest.fixture(scope="module")
def sleep():
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


@pytest.fixture
def play(qtbot, sleep, monkeypatch):
    # On the window's thread, however busy the machine is.
    monkeypatch.setattr("mmgui.app.play.WITHIN_A_FRAME", math.inf)
    model = PlayModel()
    model.show(sleep)
    yield model
    model.shutdown()


@pytest.fixture
def film(play):
    model = FilmModel(play)
    yield model
    model.shutdown()


def test_that_the_most_telling_film_is_opened_by_default(film, qtbot):
    assert opened(film, qtbot, "").key == "far"


def opened(film, qtbot, key="fit"):
    with qtbot.waitSignal(film.opened_changed, timeout=10_000):
        film.open(key)
    assert film.film is not None
    return film.film


def test_that_opening_shows_the_first_frame(film, play, qtbot, sleep):
    opened(film, qtbot)
    assert film.position == 0.0
    assert film.place == 1.0
    assert not film.playing
    assert play.current.difference == pytest.approx(sleep.log.objective[0] - sleep.objective, abs=1e-9)


def test_that_it_plays_to_the_end_and_ends_at_the_best_fit(film, play, qtbot, sleep):
    made = opened(film, qtbot)
    film.speed = 20.0
    shown = []
    play.moved.connect(shown.append)
    film.play()
    assert film.playing
    qtbot.waitUntil(lambda: not film.playing, timeout=20_000)
    assert film.position == made.last
    assert play.current is None
    assert shown[-1] is None
    # No evaluation was passed over.
    differences = [m.difference for m in shown if m is not None]
    for objective in sleep.log.objective[1:]:
        assert min(abs(d - (objective - sleep.objective)) for d in differences) < 1e-9
    film.play()
    assert film.position == 0.0
    assert film.playing


def test_that_steps_lead_to_the_next_frame_and_back(film, qtbot):
    made = opened(film, qtbot, "far")
    film.step(1)
    film.step(1)
    assert (film.position, film.place) == (2.0, 3.0)
    film.scrub(4.4)
    film.step(-1)
    assert film.position == 4.0
    film.scrub(4.4)
    film.step(1)
    assert film.position == 5.0
    film.step(-1)
    assert film.position == 4.0
    film.scrub(1e6)
    film.step(1)
    assert film.position == made.last


def test_that_a_hand_pauses_the_film(film, play, qtbot):
    opened(film, qtbot, "far")
    film.play()
    with qtbot.waitSignal(play.moved):
        play.move({SD: 3.0})
    qtbot.waitUntil(lambda: not film.playing)
    at = film.position
    assert play.current.value(SD) == 3.0
    assert not film.showing
    qtbot.wait(60)
    assert film.position == at
    # Putting the film away leaves what the hand did.
    film.close()
    assert play.current.value(SD) == 3.0


def test_that_the_collapse_stays_where_it_ended(film, play, qtbot):
    made = opened(film, qtbot, "collapse:0:0")
    film.scrub(made.last)
    assert play.current.fit.terms[0].singular_values[-1] == pytest.approx(0.0, abs=1e-6)
    assert film.showing
    film.close()
    assert play.current is None
    assert film.film is None


def test_that_another_fit_ends_the_film(film, play, qtbot):
    opened(film, qtbot, "far")
    film.play()
    play.show(fit(FitJob(parse("Reaction ~ Days + (1 | Subject)"), load_sample("sleepstudy"))))
    assert film.film is None
    assert not film.playing
    assert [c.key for c in film.choices()] == ["fit", "far", "collapse:0:0"]


def test_that_an_evaluation_is_shown_whether_the_film_has_it_or_not(film, play, qtbot, sleep):
    play.prepare()
    film.go_to_evaluation(2)
    assert play.current.difference == pytest.approx(sleep.log.objective[1] - sleep.objective, abs=1e-9)
    opened(film, qtbot)
    film.go_to_evaluation(3)
    assert film.position == 2.0


def test_that_an_evaluation_of_a_large_fit_is_shown_once_it_can_be_moved(qtbot, sleep):
    # So slow a fit is taken in hand in the background.
    runner = HeldRunner()
    play = PlayModel(runner)
    film = FilmModel(play, runner)
    slow = replace(sleep, seconds=1.0)
    play.show(slow)
    film.go_to_evaluation(1)
    assert play.current is None
    runner.let_go()
    with qtbot.waitSignal(play.moved) as told:
        pass
    difference = slow.log.objective[0] - slow.objective
    assert told.args[0].difference == pytest.approx(difference, abs=1e-9)
    film.shutdown()
    play.shutdown()


def test_that_without_animation_it_jumps_from_frame_to_frame(film, play, qtbot, sleep):
    opened(film, qtbot)
    film.animated = False
    film.speed = 50.0
    positions = []
    film.position_changed.connect(positions.append)
    film.play()
    qtbot.waitUntil(lambda: not film.playing, timeout=10_000)
    assert positions == [float(k) for k in range(1, len(sleep.log.objective))]


def test_that_the_film_does_not_run_ahead_of_what_is_shown(film, play, qtbot, monkeypatch):
    # As a large model: moved in the background.
    monkeypatch.setattr("mmgui.app.play.WITHIN_A_FRAME", 0.0)
    made = opened(film, qtbot)
    film.speed = 50.0
    shown = []
    play.moved.connect(shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    film.play()
    qtbot.waitUntil(lambda: not film.playing and play.current is None, timeout=20_000)
    assert film.position == made.last
    assert len([m for m in shown if m is not None]) >= made.last
