"""The view of the matrices: which picture, which rows, what is said below."""

from __future__ import annotations

from functools import cache

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from mmgui.app.analysis_parts import BUILDERS, CHOSEN, Part
from mmgui.app.scene import Scene
from mmgui.app.selection import Selection
from mmgui.app.theme import make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.moved import MovableFit
from mmgui.spec.formula import parse
from mmgui.ui.matrices_view import MatricesView
from tests.leaks import settle


@cache
def fitted():
    return fit(FitJob(parse("strength ~ 1 + (1 | batch/cask)"), load_sample("Pastes")))


@pytest.fixture
def scene(themes, selection):
    return Scene.alone(themes, selection)


@pytest.fixture
def view(scene, qtbot):
    view = MatricesView(scene)
    qtbot.addWidget(view)
    view.resize(820, 560)
    with qtbot.waitExposed(view):
        view.show()
    view.choice_changed.connect(lambda: serve(view))
    view.show_part(Part.MATRICES, BUILDERS[Part.MATRICES](fitted()))
    settle()
    return view


def serve(view: MatricesView) -> None:
    """What the page's feed does."""
    choice = view.choice(Part.MATRICES)
    figure = CHOSEN[Part.MATRICES](fitted(), choice) if choice else BUILDERS[Part.MATRICES](fitted())
    view.show_part(Part.MATRICES, figure)


def rows(view: MatricesView) -> QComboBox:
    return view.findChild(QComboBox, "matrixGroups")


def test_that_how_v_is_built_is_shown_first(view):
    assert view.findChild(QPushButton, "buildButton").isChecked()
    assert [p.key for p in view.plot.panels()] == ["part 0", "part 1", "residual", "sum"]
    assert "Point at an entry" in view.findChild(QLabel, "matrixWords").text()


def test_that_pills_choose_the_picture(view):
    QTest.mouseClick(view.findChild(QPushButton, "lambdaButton"), Qt.MouseButton.LeftButton)
    assert [p.key for p in view.plot.panels()] == ["Λ"]
    assert not view.findChild(QPushButton, "matrixCorrelation").isEnabled()
    QTest.mouseClick(view.findChild(QPushButton, "vButton"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(view.findChild(QPushButton, "matrixCorrelation"), Qt.MouseButton.LeftButton)
    assert view.plot.table().rows[0][3] == 1.0


def test_that_a_narrow_view_has_a_list_in_place_of_pills(view):
    pills, listed = view.controls.pictures, view.findChild(QComboBox, "matrixPictureList")
    view.resize(1000, 560)
    assert not pills.listed
    assert not listed.isVisible()
    view.resize(420, 560)
    assert listed.isVisible()
    assert pills.listed
    listed.setCurrentIndex(3)
    assert [p.key for p in view.plot.panels()] == ["Z"]
    view.resize(1000, 560)
    assert view.findChild(QPushButton, "zButton").isChecked()
    assert view.findChild(QPushButton, "zButton").isVisible()


def test_that_a_low_view_gives_its_room_to_the_pictures(view):
    words = view.findChild(QLabel, "matrixWords")
    tall = view.plot.canvas.height()
    view.resize(820, 240)
    settle()
    assert not words.isVisible()
    assert view.plot.canvas.height() > 240 - 70
    view.resize(820, 560)
    settle()
    assert words.isVisible()
    assert view.plot.canvas.height() == tall


def test_that_rows_of_a_few_groups_can_be_chosen(view):
    assert [rows(view).itemText(k) for k in range(rows(view).count())] == [
        "All 60 rows",
        "A few groups of batch:cask",
        "A few groups of batch",
    ]
    rows(view).setCurrentIndex(2)
    assert view.choice(Part.MATRICES) == ("some", "batch")
    assert len(view.plot.figure.rows.places) == 30
    rows(view).setCurrentIndex(0)
    assert len(view.plot.figure.rows.places) == 60


def test_that_all_rows_are_one_click_away_and_the_same_click_leads_back(view):
    every = view.findChild(QPushButton, "matrixAllRows")
    assert every.isVisible()
    assert every.isChecked()
    rows(view).setCurrentIndex(2)
    assert not every.isChecked()
    QTest.mouseClick(every, Qt.MouseButton.LeftButton)
    assert len(view.plot.figure.rows.places) == 60
    assert rows(view).currentText() == "All 60 rows"
    QTest.mouseClick(every, Qt.MouseButton.LeftButton)
    assert rows(view).currentText() == "A few groups of batch"
    assert len(view.plot.figure.rows.places) == 30


def test_that_picked_groups_are_offered_and_followed(view, selection):
    selection.pick("batch", "B")
    assert rows(view).itemText(3) == "Picked groups"
    assert len(view.plot.figure.rows.places) == 60
    rows(view).setCurrentIndex(3)
    assert view.plot.figure.rows.places.tolist() == [6, 7, 8, 9, 10, 11]
    selection.pick("batch", "D")
    assert view.plot.figure.rows.places.tolist() == [18, 19, 20, 21, 22, 23]
    assert rows(view).currentText() == "Picked groups"
    selection.set_selection(Selection(rows=(0, 59)))
    assert view.plot.figure.rows.places.tolist() == [0, 59]
    # Nothing picked: what was drawn stays.
    selection.clear()
    assert len(view.plot.figure.rows.places) == 2
    rows(view).setCurrentIndex(0)
    assert rows(view).count() == 3


def test_that_a_pick_in_the_pictures_leaves_the_rows_as_they_are(view, selection):
    selection.set_selection(Selection(frozenset({("batch", "B"), ("batch", "D")})))
    rows(view).setCurrentIndex(3)
    assert len(view.plot.figure.rows.places) == 12
    view.plot.pick(view.plot.position_of("sum", 1, 1), extend=False)
    assert selection.selection.groups == {("batch", "B")}
    assert len(view.plot.figure.rows.places) == 12


def test_that_words_have_the_colours_of_their_terms(view, themes):
    view.plot.point(view.plot.position_of("sum", 0, 1))
    text = view.findChild(QLabel, "matrixWords").text()
    assert view.said == (
        "Rows 1 and 2 are both of batch A and batch:cask A:a: cov = τ² + τ² = 1.657 + 8.434 = 10.09; "
        "correlation 0.94."
    )
    assert 'color:#0072B2; font-weight:600">τ²' in text
    assert 'color:#009E73; font-weight:600">8.434' in text
    themes.set_theme(make_theme(dark=True))
    assert "#56B4E9" in view.findChild(QLabel, "matrixWords").text()


def test_that_the_hand_on_a_parameter_is_followed_and_let_go(view):
    fit = fitted()
    movable = MovableFit(fit)
    name = "batch: SD of Intercept"
    point = movable.with_values(movable.best, {name: 4.0}, sigma_follows=False)
    view.show_moved(movable.moved(point, sigma_follows=False))
    assert view.plot.figure.parts.terms[0][0, 4] == pytest.approx(16.0)
    view.show_moved(None)
    assert view.plot.figure.parts.terms[0][0, 4] == pytest.approx(1.657, abs=1e-3)


def test_that_every_control_has_a_name(view):
    for kind in (QPushButton, QComboBox):
        for control in view.findChildren(kind):
            assert control.objectName()
            assert control.accessibleName()
