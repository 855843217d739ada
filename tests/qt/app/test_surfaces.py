"""Landscapes in the background: the last wish counts, what is known is kept, what is stopped is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mmgui.app.runner import InlineRunner
from mmgui.app.surfaces import KEPT, Surfaces, SurfaceWish
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.figures.landscape import LandscapeFigure
from mmgui.spec.formula import parse
from tests.qt.app.held_runner import HeldRunner

INTERCEPT, DAYS = "Subject: SD of Intercept", "Subject: SD of Days"
CURVE = SurfaceWish((INTERCEPT, ""))
OTHER_CURVE = SurfaceWish((DAYS, ""))


@pytest.fixture(scope="module")
def sleep() -> Fit:
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


@pytest.fixture
def runner() -> HeldRunner:
    return HeldRunner()


@pytest.fixture
def surfaces(qtbot: QtBot, runner: HeldRunner, sleep: Fit) -> Iterator[Surfaces]:
    surfaces = Surfaces(runner)
    surfaces.show(sleep)
    yield surfaces
    surfaces.shutdown()


def test_that_a_landscape_is_worked_out_once(surfaces: Surfaces, runner: HeldRunner, qtbot: QtBot) -> None:
    assert surfaces.request(CURVE) is None
    assert surfaces.request(CURVE) is None
    assert len(runner.waiting) == 1
    with qtbot.waitSignal(surfaces.done) as told:
        runner.let_go()
    assert told.args is not None
    wish, figure = told.args
    assert wish == CURVE
    assert isinstance(figure, LandscapeFigure)
    assert figure.names == (INTERCEPT,)
    # σ₀ of lme4's fit: 24.7405
    assert figure.axes[0].estimate == pytest.approx(24.7405, abs=1e-3)
    assert surfaces.request(CURVE) is figure
    assert not runner.waiting


def test_that_a_wish_under_way_gives_way_to_the_next(
    surfaces: Surfaces, runner: HeldRunner, qtbot: QtBot
) -> None:
    told: list[SurfaceWish] = []
    surfaces.done.connect(lambda wish, _figure: told.append(wish))
    surfaces.request(CURVE)
    surfaces.request(OTHER_CURVE)
    runner.let_go()
    qtbot.waitUntil(lambda: len(runner.waiting) == 1)
    runner.let_go()
    qtbot.waitUntil(lambda: not surfaces.busy)
    assert told == [OTHER_CURVE]
    # What was stopped on the way is not taken for the whole.
    assert surfaces.request(CURVE) is None
    runner.let_go()
    qtbot.waitUntil(lambda: not surfaces.busy)
    assert told == [OTHER_CURVE, CURVE]


def test_that_work_on_another_ends_when_a_known_one_is_wished_for(
    surfaces: Surfaces, runner: HeldRunner, qtbot: QtBot
) -> None:
    told: list[SurfaceWish] = []
    surfaces.request(CURVE)
    with qtbot.waitSignal(surfaces.done):
        runner.let_go()
    surfaces.done.connect(lambda wish, _figure: told.append(wish))
    surfaces.request(OTHER_CURVE)
    assert surfaces.request(CURVE) is not None
    assert surfaces._stop.is_set()
    runner.let_go()
    qtbot.waitUntil(lambda: not surfaces.busy)
    assert told == []


def test_that_what_is_stopped_is_shown_but_not_kept(
    surfaces: Surfaces, runner: HeldRunner, qtbot: QtBot
) -> None:
    surfaces.request(CURVE)
    surfaces.stop()
    with qtbot.waitSignal(surfaces.done) as told:
        runner.let_go()
    assert told.args is not None
    # Stopped before its first point.
    assert np.isnan(told.args[1].difference).all()
    assert surfaces.request(CURVE) is None


def test_that_another_fit_has_no_landscape_of_the_one_before(
    surfaces: Surfaces, runner: HeldRunner, qtbot: QtBot
) -> None:
    told: list[object] = []
    surfaces.done.connect(lambda wish, _figure: told.append(wish))
    surfaces.request(CURVE)
    surfaces.show(None)
    runner.let_go()
    qtbot.waitUntil(lambda: not surfaces.busy)
    assert told == []
    assert surfaces.request(CURVE) is None
    assert not runner.waiting


def test_that_only_the_last_landscapes_are_kept(qtbot: QtBot, sleep: Fit) -> None:
    surfaces = Surfaces(InlineRunner())
    surfaces.show(sleep)
    wishes = [SurfaceWish((INTERCEPT, ""), held=((DAYS, float(k)),)) for k in range(KEPT + 1)]
    figures = [surfaces.request(w) for w in wishes]
    assert all(f is not None for f in figures)
    assert surfaces.request(wishes[-1]) is figures[-1]
    assert surfaces.request(wishes[0]) is not figures[0]
    surfaces.shutdown()
