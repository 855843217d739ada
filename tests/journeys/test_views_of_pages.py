"""Every page tells its views and shows them; the session remembers which; ghosts stand behind the fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from mmgui.app.session import write_session
from mmgui.page_views import PAGE_VIEWS, PAGES
from mmgui.ui.groups_page import GroupsPage
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.shrinkage_page import ShrinkagePage
from tests.journeys.journey import Journey

SLEEP = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture
def fitted(journey: Journey) -> Journey:
    journey.open_sample("sleepstudy")
    journey.fit_formula(SLEEP)
    return journey


def page_of(journey: Journey, key: str) -> ResultsPage:
    page = journey.show_page(f"{key}Page")
    assert isinstance(page, ResultsPage)
    return page


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


@pytest.mark.parametrize("key", list(PAGE_VIEWS))
def test_that_a_page_shows_every_view_that_it_tells_of(fitted: Journey, key: str) -> None:
    page = page_of(fitted, key)
    assert tuple(name for name, _ in page.views()) == PAGE_VIEWS[key]
    assert all(title for _, title in page.views())
    for name, _ in page.views():
        page.show_view(name)
        fitted.wait()
        assert page.view() == name
    page.show_view("nonsense")
    assert page.view() == PAGE_VIEWS[key][-1]


def test_that_the_pages_are_those_that_commands_know(fitted: Journey) -> None:
    assert tuple(page.key for page in fitted.window.results.pages) == PAGES


def test_that_pages_of_one_picture_have_no_views(fitted: Journey) -> None:
    keys = {page.key for page in fitted.window.results.pages if page.views()}
    assert keys == set(PAGE_VIEWS)


def test_that_a_session_remembers_the_view_of_each_page(fitted: Journey, tmp_path: Path) -> None:
    page = page_of(fitted, "groups")
    steps = fitted.store.undo_stack.count()
    button(page, "groupsViewOverlay").click()
    covariance = page_of(fitted, "covariance")
    covariance.show_view("zlambda")
    fitted.wait()
    assert fitted.document.view.views == (("covariance", "zlambda"), ("groups", "overlay"))
    assert fitted.store.undo_stack.count() == steps
    file = tmp_path / "views.mmgui"
    write_session(fitted.store, file)
    page.show_view("tiles")
    covariance.show_view("sigma")
    fitted.wait()
    assert fitted.document.view.view_of("groups") == "tiles"
    fitted.open(file)
    assert (page.view(), covariance.view()) == ("overlay", "zlambda")


def test_that_the_fit_without_a_picked_group_stands_behind_the_fit(fitted: Journey) -> None:
    page = page_of(fitted, "groups")
    assert isinstance(page, GroupsPage)
    chip = button(page, "ghostCheck")
    assert chip.isVisible()
    assert not chip.isChecked()
    # With nobody picked there is nobody to leave out, and the chip says so.
    assert not chip.isEnabled()
    assert "Pick one group" in chip.toolTip()
    fitted.window.workspace.selection.pick("Subject", "335")
    fitted.wait()
    assert chip.isEnabled()
    assert "Pick one group" not in chip.toolTip()
    assert page.plot.ghost is None
    assert "without" not in page.plot.table().columns[-1]
    chip.click()
    fitted.wait()
    ghost = page.plot.ghost
    assert ghost is not None
    assert ghost.name == "without 335"
    # teaching.json, sleepstudy.influence: fixef_minus of 335.
    rows = page.plot.current().rows_of(ghost.group)
    np.testing.assert_allclose(ghost.without[rows][[0, -1]], [250.72101144385, 351.993342673798], rtol=1e-8)
    assert page.plot.table().columns[-1] == "Average without 335"
    page.show_view("overlay")
    assert page.overlay.ghost is not None
    assert page.overlay.table().columns[-1] == "Average without 335"
    shrinkage = page_of(fitted, "shrinkage")
    assert isinstance(shrinkage, ShrinkagePage)
    assert button(shrinkage, "ghostCheck").isChecked()
    (panel,) = shrinkage.plot.panels()
    assert panel.ghost.centre == pytest.approx([250.72101144385, 11.252481247772], rel=1e-8)
    assert "Days common without 335" in shrinkage.plot.table().columns
    # A model moved by hand stands beside the fit, not beside refits.
    fitted.window.workspace.play.move({"Subject: SD of Days": 2.0})
    fitted.wait()
    assert panel.ghost is None
    fitted.window.workspace.play.reset()
    fitted.wait()
    assert panel.ghost is not None
    fitted.window.workspace.selection.clear()
    assert panel.ghost is None
    assert "Days common without 335" not in shrinkage.plot.table().columns


def test_that_the_caption_says_what_the_film_shows(fitted: Journey) -> None:
    page = page_of(fitted, "groups")
    assert isinstance(page, GroupsPage)
    film = fitted.window.workspace.film
    film.open("fit")
    fitted.wait()
    film.scrub(1.0)
    fitted.wait()
    assert "Evaluation 2 of " in page.plot.caption()
    assert "by hand" not in page.plot.caption()
    fitted.window.workspace.play.move({"Subject: SD of Days": 0.0})
    fitted.wait()
    assert "moved by hand" in page.plot.caption()
    assert page.plot.caption().count("above the best fit") == 1
    play = fitted.window.workspace.play
    play.reset()
    play.move({"Subject: SD of Days": 0.0, "Residual: SD (σ)": 30.0})
    fitted.wait()
    assert page.plot.caption().endswith("(Subject: SD of Days = 0, Residual: SD (σ) = 30.0)")
