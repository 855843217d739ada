"""Pages: in a low pane, as on a projector, pictures take turns; the caterpillar shows the effect chosen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmgui.app.analysis_parts import Part, ShrinkageContent
from mmgui.app.scene import Scene
from mmgui.figures.shrinkage import CaterpillarFigure
from mmgui.ui.covariance_page import CovariancePage
from mmgui.ui.shrinkage_page import ShrinkagePage
from tests.qt.plots.conftest import LEVELS, MODEL, SIGMA, caterpillar, covariance, shrinkage, variance


def _shown(show, page, width, height):
    page.settle = lambda: None
    return show(page, width, height)


def test_that_covariance_shows_everything_where_there_is_room(themes, selection, show):
    page = _shown(show, CovariancePage(Scene.alone(themes, selection)), 760, 640)
    page.show_part(Part.COVARIANCE, (covariance(),))
    view = page.sigma
    for picture in (*view.heatmaps(), view.ellipse, view.directions):
        assert picture.isVisible()
    assert not view.turns.isVisible()


def _turns_of(view):
    """What is in sight after each choice, with its words."""
    for k in range(view.turns.list.count()):
        view.turns.list.chosen.emit(k)
        pictures = (*view.heatmaps(), view.ellipse, view.directions)
        yield view.turns.list.itemText(k), tuple(p.isVisible() for p in pictures)


def test_that_covariance_takes_turns_in_a_low_and_narrow_pane(themes, selection, show):
    page = _shown(show, CovariancePage(Scene.alone(themes, selection)), 500, 330)
    page.show_part(Part.COVARIANCE, (covariance(),))
    assert list(_turns_of(page.sigma)) == [
        ("Covariance", (True, False, False, False, False)),
        ("Correlation", (False, True, False, False, False)),
        ("θ", (False, False, True, False, False)),
        ("Ellipse", (False, False, False, True, False)),
        ("Directions", (False, False, False, False, True)),
    ]


def test_that_in_a_low_and_wide_pane_the_ellipse_stays_beside_what_takes_turns(themes, selection, show):
    page = _shown(show, CovariancePage(Scene.alone(themes, selection)), 760, 330)
    page.show_part(Part.COVARIANCE, (covariance(),))
    assert list(_turns_of(page.sigma)) == [
        ("Covariance", (True, False, False, True, False)),
        ("Correlation", (False, True, False, True, False)),
        ("θ", (False, False, True, True, False)),
        ("Directions", (False, False, False, True, True)),
    ]
    # What it means is told by pointing; the pictures have the room.
    assert not page.sigma.structure.isVisible()
    assert page.sigma.ellipse.height() > 0.6 * page.height()


def test_that_the_turns_of_sigma_are_offered_with_sigma_alone(themes, selection, show):
    page = _shown(show, CovariancePage(Scene.alone(themes, selection)), 760, 330)
    page.show_part(Part.COVARIANCE, (covariance(),))
    assert page.sigma.turns.isVisible()
    page.view_choice.choose(1)
    page.resize(770, 331)
    assert not page.sigma.turns.isVisible()
    page.view_choice.choose(0)
    assert page.sigma.turns.isVisible()


def test_that_a_scatter_matrix_asks_for_more_height_than_a_plane(themes, selection, show):
    page = _shown(show, ShrinkagePage(Scene.alone(themes, selection)), 900, 680)
    content = ShrinkageContent((shrinkage(),), (caterpillar(),), (covariance(),), variance())
    page.show_part(Part.SHRINKAGE, content)
    assert not page.caterpillar_button.isVisible()
    four = shrinkage(4)
    modes = CaterpillarFigure(0, "Subject", LEVELS, four.effects, four.model, four.model)
    matrix = ShrinkageContent((four,), (modes,), (covariance(),), variance())
    page.show_part(Part.SHRINKAGE, matrix)
    assert page.caterpillar_button.isVisible()
    assert not page.caterpillar.isVisible()


def test_that_a_person_can_sort_the_caterpillar(themes, selection, show):
    page = _shown(show, ShrinkagePage(Scene.alone(themes, selection)), 900, 700)
    content = ShrinkageContent((shrinkage(),), (caterpillar(),), (covariance(),), variance())
    page.show_part(Part.SHRINKAGE, content)
    assert [page.sort.itemText(k) for k in range(page.sort.count())] == ["Intercept", "Days", "Name"]
    page.sort.setFocus()
    QTest.keyClick(page.sort, Qt.Key.Key_Down)
    assert page.caterpillar.sort() == "Days"
    page.show_part(Part.SHRINKAGE, replace(content))
    assert page.sort.currentText() == "Days"
    one = replace(caterpillar(), effects=("(Intercept)",), modes=MODEL[:, :1], sd=MODEL[:, :1])
    page.show_part(
        Part.SHRINKAGE, ShrinkageContent((shrinkage(1),), (one,), (covariance(SIGMA[:1, :1]),), variance())
    )
    assert page.caterpillar.sort() == "Intercept"
    assert [page.sort.itemText(k) for k in range(page.sort.count())] == ["Intercept", "Name"]
