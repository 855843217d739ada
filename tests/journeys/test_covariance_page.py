"""The covariance page in the window: its views, its numbers, and how it follows the hand and the pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from mmgui.app.emphasis import Emphasis
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.plots.singular_values_plot import SingularValuesPlot
from mmgui.plots.variance_curve_plot import VarianceCurvePlot
from mmgui.ui.covariance_page import CovariancePage
from tests.journeys.journey import Journey
from tests.leaks import settle

DAYS = "Subject: SD of Days"
RHO = "Subject: correlation of Intercept and Days"


@pytest.fixture
def sleepstudy(journey: Journey) -> Journey:
    journey.window.resize(1500, 950)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.show_page("covariancePage")
    return journey


def page_of(journey: Journey) -> CovariancePage:
    page = journey.control("covariancePage")
    assert isinstance(page, CovariancePage)
    return page


def press(journey: Journey, name: str) -> None:
    button = journey.control(name, page_of(journey))
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    journey.wait()


def heatmap(journey: Journey, name: str) -> CovarianceHeatmap:
    found = journey.control(name, page_of(journey))
    assert isinstance(found, CovarianceHeatmap)
    return found


def curve(journey: Journey) -> VarianceCurvePlot:
    found = journey.control("varianceCurvePlot", page_of(journey))
    assert isinstance(found, VarianceCurvePlot)
    return found


def move(journey: Journey, values: dict[str, float]) -> None:
    journey.window.workspace.play.move(values)
    journey.wait()


def test_that_sigma_is_read_three_ways(sleepstudy: Journey) -> None:
    # lme4: variances 612.10, 35.07, correlation 0.0656, theta 0.9667, 0.0152, 0.2309.
    covariance = heatmap(sleepstudy, "covarianceHeatmap")
    assert [covariance.text_of(0, 0), covariance.text_of(1, 0), covariance.text_of(1, 1)] == [
        "612.1",
        "9.6",
        "35.1",
    ]
    assert heatmap(sleepstudy, "correlationHeatmap").text_of(0, 1) == "0.07"
    factor = heatmap(sleepstudy, "factorHeatmap")
    assert [factor.text_of(0, 0), factor.text_of(0, 1), factor.text_of(1, 1)] == ["0.967", "", "0.231"]
    assert "θ of Days with Intercept: 0.01517" in factor.tip(1, 0)
    assert sleepstudy.text("directionsText") == "2 effects vary in 2 directions: not singular."
    assert sleepstudy.text("structureText").startswith("Correlated: every effect has its own variance")


def test_that_directions_change_with_their_scale(sleepstudy: Journey) -> None:
    plot = sleepstudy.control("singularValuesPlot", page_of(sleepstudy))
    assert isinstance(plot, SingularValuesPlot)
    assert plot.scales == (0, 1)
    combo = sleepstudy.control("directionScale", page_of(sleepstudy))
    assert isinstance(combo, QComboBox)
    sleepstudy.pick("directionScale", "lme4’s rePCA")
    assert plot.scales == (2,)
    rows = [row for row in plot.table().rows if row[0] == "In the effects’ own units"]
    # teaching.json sleepstudy.REML.ris.rePCA: 94.6 and 5.4 %.
    assert [round(float(row[3] or 0), 3) for row in rows] == [0.946, 0.054]


def test_that_the_page_follows_the_hand_and_comes_back(sleepstudy: Journey) -> None:
    covariance = heatmap(sleepstudy, "covarianceHeatmap")
    ellipse = sleepstudy.control("ellipsePlot", page_of(sleepstudy))
    assert isinstance(ellipse, EllipsePlot)
    home = ellipse.panels()[0].home()
    move(sleepstudy, {DAYS: 9.0})
    assert covariance.text_of(1, 1) == "81.0"
    assert ellipse.shown is not None
    assert round(float(ellipse.shown.sd[1]), 6) == 9.0
    # 2.146 SD of 9 reach beyond what was in sight: the range grew in one step, around the same centre.
    assert ellipse.panels()[0].shown().height() > home.height()
    move(sleepstudy, {RHO: 1.0})
    assert heatmap(sleepstudy, "correlationHeatmap").text_of(0, 1) == "1.00"
    assert sleepstudy.text("directionsText").startswith("◐ 2 effects vary in 1 direction: singular.")
    press_back = sleepstudy.control("backToFitButton")
    QTest.mouseClick(press_back, Qt.MouseButton.LeftButton)
    sleepstudy.wait()
    assert covariance.text_of(1, 1) == "35.1"
    assert sleepstudy.text("directionsText") == "2 effects vary in 2 directions: not singular."
    assert ellipse.panels()[0].shown().height() == pytest.approx(home.height())


def test_that_the_variance_is_a_curve_that_follows_the_hand(sleepstudy: Journey) -> None:
    press(sleepstudy, "varianceViewButton")
    rows = curve(sleepstudy).table().rows
    # teaching.json sleepstudy.icc_by_day.
    assert [round(float(rows[k][5] or 0), 4) for k in (0, 1, 9)] == [0.4831, 0.5043, 0.847]
    assert "The variance is smallest at Days −0.27, outside the data." in curve(sleepstudy).notes()
    assert "ICC of Subject: 0.847" in curve(sleepstudy).tip(9)
    move(sleepstudy, {DAYS: 0.0})
    totals = {round(float(row[3] or 0), 3) for row in curve(sleepstudy).table().rows}
    assert len(totals) == 1
    assert "The variance does not change with Days." in curve(sleepstudy).notes()
    # The view is kept while another page is looked at.
    sleepstudy.show_page("groupsPage")
    sleepstudy.show_page("covariancePage")
    assert curve(sleepstudy).isVisible()
    press(sleepstudy, "sdUnitButton")
    assert curve(sleepstudy).panels()[0].left.title() == "SD of Reaction"
    press(sleepstudy, "sigmaViewButton")
    assert heatmap(sleepstudy, "covarianceHeatmap").text_of(1, 1) == "0"


def test_that_a_cell_lights_up_its_effects_and_they_light_up_cells(sleepstudy: Journey) -> None:
    covariance = heatmap(sleepstudy, "covarianceHeatmap")
    covariance.grab()
    emphasis = sleepstudy.window.workspace.emphasis
    places = {(i, j): rect.center() for rect, i, j in covariance._cells}
    covariance._canvas.over.emit(places[(1, 1)])
    assert emphasis.emphasis == Emphasis(effects=frozenset({(0, "Days")}))
    covariance._canvas.over.emit(places[(1, 0)])
    assert emphasis.emphasis.effects == {(0, "1"), (0, "Days")}
    covariance._canvas.over.emit(QPointF(-5.0, -5.0))
    assert emphasis.emphasis == Emphasis()
    emphasis.emphasise(Emphasis(effects=frozenset({(0, "Days")})))
    settle()
    assert covariance._lit == {1}
    emphasis.emphasise(Emphasis(random=frozenset({0})))
    assert covariance._lit == {0, 1}


def test_that_each_term_has_its_own_sigma(journey: Journey) -> None:
    journey.window.resize(1500, 950)
    journey.open_sample("Penicillin")
    journey.fit_formula("diameter ~ 1 + (1 | plate) + (1 | sample)")
    journey.show_page("covariancePage")
    assert "groups of plate with an SD of 0.847" in journey.text("directionsText")
    press(journey, "termButton1")
    # lme4: 3.7310.
    assert heatmap(journey, "covarianceHeatmap").text_of(0, 0) == "3.73"
    assert "groups of sample with an SD of 1.93" in journey.text("directionsText")
    press(journey, "varianceViewButton")
    assert not journey.control("termChooser", page_of(journey)).isVisible()
    assert curve(journey).notes()[0].endswith("the variance is the same everywhere.")


def test_that_zeros_of_the_model_are_told_from_estimates(journey: Journey) -> None:
    journey.window.resize(1500, 950)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days || Subject)")
    journey.show_page("covariancePage")
    assert heatmap(journey, "covarianceHeatmap").text_of(0, 1) == "fixed at 0"
    assert "the model holds their covariance at 0" in heatmap(journey, "correlationHeatmap").tip(0, 1)
