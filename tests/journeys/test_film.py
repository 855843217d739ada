"""A person replays a fit, and plays the collapse to a singular one, on the pages of the window."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QSlider

from mmgui.app.film import FilmModel
from mmgui.figures.moved import Moved
from mmgui.plots.area import PlotArea
from tests.journeys.journey import Journey
from tests.leaks import settle

FORMULA = "Reaction ~ Days + (Days | Subject)"


def film_of(journey: Journey) -> FilmModel:
    return journey.window.workspace.film


def click(journey: Journey, name: str) -> None:
    QTest.mouseClick(journey.control(name), Qt.MouseButton.LeftButton)
    settle()


def choose(journey: Journey, key: str) -> None:
    """Choose a film from the strip's menu."""
    menu = journey.window.findChild(QMenu, "filmsMenu")
    assert menu is not None
    menu.aboutToShow.emit()
    action = next(a for a in menu.actions() if a.objectName() == f"film:{key}")
    assert isinstance(action, QAction)
    with journey.qtbot.waitSignal(film_of(journey).opened_changed, timeout=20_000):
        action.trigger()
    settle()


def open_film(journey: Journey) -> None:
    with journey.qtbot.waitSignal(film_of(journey).opened_changed, timeout=20_000):
        click(journey, "replayButton")
    # It plays at once; stand still at its beginning.
    click(journey, "filmPlay")
    film_of(journey).scrub(0.0)
    settle()


def caption(journey: Journey) -> str:
    return journey.text("filmCaption")


def shown(journey: Journey) -> Moved:
    moved = journey.window.workspace.play.current
    assert moved is not None
    return moved


def play_to_the_end(journey: Journey) -> None:
    film = film_of(journey)
    film.speed = 30.0
    click(journey, "filmPlay")
    assert film.playing
    journey.qtbot.waitUntil(lambda: not film.playing, timeout=30_000)
    journey.wait()


def test_that_a_person_replays_the_fit_on_every_page(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    page = journey.show_page("groupsPage")
    before = page.grab().toImage()
    open_film(journey)
    # λ = 1: 30.1 above 1743.63 (MixedModels.jl and lme4 begin there)
    assert caption(journey).startswith("Evaluation 1 of ")
    assert "REML criterion 30.1 above the best fit" in caption(journey)
    # All SDs are the residual's, and the lines of the groups went to their own.
    first = shown(journey)
    assert first.value("Subject: SD of Days") == pytest.approx(first.value("Residual: SD (σ)"))
    lines = first.fit.terms[0].modes
    journey.qtbot.waitUntil(lambda: page.grab().toImage() != before, timeout=5_000)
    assert not journey.control("movedBar").isVisible()

    click(journey, "filmForward")
    click(journey, "filmForward")
    assert caption(journey).startswith("Evaluation 3 of ")
    assert abs(shown(journey).fit.terms[0].modes - lines).max() > 0.1
    click(journey, "filmBack")
    assert caption(journey).startswith("Evaluation 2 of ")

    slider = journey.control("filmScrub")
    assert isinstance(slider, QSlider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    settle()
    assert caption(journey).endswith("REML criterion 1743.63")
    # The last frame is the fit, which has not been moved.
    assert journey.window.workspace.play.current is None
    assert not journey.control("movedBar").isVisible()

    shrinkage = journey.show_page("shrinkagePage")
    play_to_the_end(journey)
    assert journey.window.workspace.play.current is None
    at_the_end = shrinkage.grab().toImage()
    film_of(journey).scrub(0.0)
    journey.wait()
    journey.qtbot.waitUntil(lambda: shrinkage.grab().toImage() != at_the_end, timeout=5_000)
    click(journey, "filmClose")
    assert journey.window.workspace.play.current is None
    assert journey.control("replayButton").isVisible()


def test_that_the_collapse_to_a_singular_fit_is_played(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    journey.show_page("covariancePage")
    open_film(journey)
    choose(journey, "collapse:0:0")
    click(journey, "filmPlay")
    film_of(journey).scrub(0.0)
    start = shown(journey).fit.terms[0].singular_values
    assert start[-1] > 0.1
    play_to_the_end(journey)
    end = shown(journey)
    assert end.fit.terms[0].singular_values[-1] == pytest.approx(0.0, abs=1e-6)
    assert end.fit.terms[0].rank == 1
    assert end.value("Subject: correlation of Intercept and Days") == pytest.approx(1.0)
    assert caption(journey) == (
        "Intercept and Slope of Days go together: correlation 1.00; REML criterion 9.67 above the best fit"
    )
    # Every group's modes lie on one line.
    modes = end.fit.terms[0].modes
    ratio = modes[:, 1] / modes[:, 0]
    assert ratio == pytest.approx(ratio[0])
    click(journey, "filmClose")
    assert journey.window.workspace.play.current is None


@pytest.mark.parametrize(
    ("page", "name"), [("covariancePage", "ellipsePlot"), ("shrinkagePage", "shrinkagePlot")]
)
def test_that_another_film_begins_with_the_room_of_the_fit(journey: Journey, page: str, name: str) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    area = next(
        a for a in journey.control(name, journey.show_page(page)).findChildren(PlotArea) if a.isVisible()
    )
    home = area.shown()
    open_film(journey)
    choose(journey, "far")
    film_of(journey).scrub(0.0)
    journey.wait()
    # λ = 1: the SD of the slopes is the residual's, several times the estimate.
    assert area.shown().height() > 1.5 * home.height()
    choose(journey, "collapse:0:0")
    film_of(journey).scrub(0.0)
    journey.wait()
    assert area.shown().height() == pytest.approx(home.height(), rel=0.05)


def test_that_a_hand_pauses_the_film_and_the_bar_says_so(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    journey.show_page("groupsPage")
    open_film(journey)
    click(journey, "filmPlay")
    journey.window.workspace.play.move({"Subject: SD of Days": 2.0})
    journey.wait()
    assert not film_of(journey).playing
    assert journey.control("movedBar").isVisible()
    assert shown(journey).value("Subject: SD of Days") == 2.0


def test_that_another_fit_ends_the_film(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    open_film(journey)
    click(journey, "filmPlay")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    assert film_of(journey).film is None
    assert journey.control("replayButton").isVisible()
    journey.fit_formula("Reaction ~ Days")
    # Nothing varies between groups: there is nothing to replay.
    assert not journey.control("filmBar").isVisible()


def test_that_the_summary_follows_the_film_and_says_what_does_not(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    page = journey.show_page("summaryPage")
    heading = next(
        w for w in page.findChildren(QLabel) if w.text().startswith("Variance components") and w.isVisible()
    )
    # lme4: VarCorr of the REML fit
    assert journey.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]
    open_film(journey)
    # The film begins where all SDs are equal.
    assert len(set(journey.column("varianceTable", "SD"))) == 1
    assert "of the model as moved; all else is of the best fit" in heading.text()
    click(journey, "filmClose")
    journey.wait()
    assert journey.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]
    assert heading.text() == "Variance components"


def test_that_the_trace_page_goes_to_an_evaluation(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.fit_formula("score ~ Machine + (Machine | Worker)")
    page = journey.show_page("tracePage")
    assert "14 evaluations" in page.findChild(QLabel, "plotCaption").text()  # type: ignore[union-attr]
    page.plot.evaluation_clicked.emit(1)  # type: ignore[attr-defined]
    journey.wait()
    # The first evaluation, at moment estimates, is 10.7 above the best.
    assert round(shown(journey).difference, 1) == 10.7
    assert journey.control("movedBar").isVisible()


def test_that_a_window_can_be_closed_while_a_film_plays(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)
    open_film(journey)
    click(journey, "filmPlay")
    assert film_of(journey).playing
    journey.window.close()
    settle()
    assert not shiboken6.isValid(journey.window)


def test_that_a_large_model_is_replayed_in_the_background(journey: Journey) -> None:
    journey.open_sample("InstEval")
    journey.fit_formula("y ~ service + (1 | dept) + (1 | d)")
    journey.show_page("summaryPage")
    film = film_of(journey)
    with journey.qtbot.waitSignal(film.opened_changed, timeout=60_000):
        click(journey, "replayButton")
    click(journey, "filmPlay")
    journey.wait()
    film.scrub(0.0)
    journey.wait()
    first = shown(journey).difference
    assert first > 0.0
    play_to_the_end(journey)
    journey.qtbot.waitUntil(lambda: journey.window.workspace.play.current is None, timeout=30_000)
