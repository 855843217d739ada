"""The path of a fit after it: steps and trials, new starts, and going to an evaluation."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import ThemeModel
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.trace import fit_trace
from mmgui.plots.trace_plot import TracePlot, evaluation_words
from mmgui.spec.formula import parse
from mmgui.ui.trace_page import TracePage
from tests.leaks import settle


@pytest.fixture(scope="module")
def sleep():
    return fit(
        FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"), np.array([1.0, 0, 1]))
    )


@pytest.fixture(scope="module")
def dyestuff():
    return fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")))


@pytest.fixture
def plot(qtbot):
    out = TracePlot(ThemeModel())
    qtbot.addWidget(out)
    out.resize(640, 480)
    out.show()
    return out


def test_that_the_table_has_criterion_theta_and_sds_of_every_evaluation(sleep):
    table = fit_trace(sleep).table()
    assert table.columns == (
        "Evaluation", "REML criterion", "Subject: Intercept", "Subject: Days with Intercept", "Subject: Days",
        "Subject: Intercept: SD", "Subject: Days: SD", "Residual: SD", "Start",
    )  # fmt: skip
    assert len(table.rows) == len(sleep.log.objective)
    first, last = table.rows[0], table.rows[-1]
    assert first[2:5] == pytest.approx((1.0, 0.0, 1.0))
    # lme4: criterion 1743.6283, SDs 24.7405 and 5.9221, σ 25.5918
    assert last[1] == pytest.approx(1743.6283, abs=1e-3)
    assert last[5:8] == pytest.approx((24.7405, 5.9221, 25.5918), abs=1e-3)
    assert last[8] == 1


def test_that_steps_are_told_from_trials_within_each_start(dyestuff):
    figure, log = fit_trace(dyestuff), dyestuff.log
    again = int(np.searchsorted(log.start, 1))
    assert figure.lower[0]
    # The first of another start is a step, however high.
    assert figure.lower[again]
    assert not figure.lower[-1]
    assert set(figure.starts.tolist()) == {0, 1}


def test_that_new_starts_are_said(plot, dyestuff):
    plot.set_data(fit_trace(dyestuff))
    assert "2 starts" in plot.findChild(QLabel, "plotCaption").text()


def test_that_lines_are_named_where_the_fit_ended_and_not_where_the_last_search_went(plot, dyestuff):
    figure = fit_trace(dyestuff)
    # The search that begins again away from zero ends far off, on the flat.
    assert figure.objective[-1] - figure.best > 1.0
    plot.set_data(figure)
    ((_, criterion, words, _),) = plot._above.ends
    assert criterion == pytest.approx(0.0, abs=1e-3)
    assert words == "161.83"  # lme4: REML criterion of Dyestuff2
    named = {name: value for _, value, name, _ in plot._below.ends}
    assert named["Batch: Intercept"] == pytest.approx(0.0, abs=0.1)
    assert named["Residual"] == pytest.approx(3.7157, abs=0.01)


def test_that_an_evaluation_can_be_clicked_anywhere_in_its_column(plot, sleep, qtbot):
    plot.set_data(fit_trace(sleep))
    plot.settle()
    settle()
    area = plot._above
    x = area.pixel(3.0, 0.0).x()
    asked = []
    plot.evaluation_clicked.connect(asked.append)
    QTest.mouseClick(
        area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(area.inside().top() + 5))
    )
    settle()
    assert asked == [3]


def test_that_a_tooltip_has_the_numbers_of_an_evaluation(sleep):
    figure = fit_trace(sleep)
    words = evaluation_words(figure, 0)
    assert "Evaluation 1: lower than before" in words
    assert "30.1 above the best" in words
    assert "Residual: SD" in words


def test_that_below_stand_sds_or_theta(plot, sleep):
    plot.set_data(fit_trace(sleep))
    assert plot._below.left.title() == "SD"
    assert [e[2] for e in plot._below.ends] == ["Subject: Intercept", "Subject: Days", "Residual"]
    plot.show_below("theta")
    assert plot._below.left.title() == "θ, relative to σ"
    assert len(plot._below.ends) == 3
    assert plot._below.ends[0][1] == pytest.approx(0.9667, abs=1e-3)


def test_that_the_page_follows_a_film_and_leads_to_evaluations(qtbot, sleep):
    scene = Scene.alone()
    page = TracePage(scene)
    qtbot.addWidget(page)
    page.resize(640, 480)
    page.show()
    scene.play.show(sleep)
    page.show_part(Part.TRACE, fit_trace(sleep))
    page.plot.evaluation_clicked.emit(4)
    moved = scene.play.current
    assert moved is not None
    assert moved.difference == pytest.approx(sleep.log.objective[3] - sleep.objective, abs=1e-8)
    with qtbot.waitSignal(scene.film.opened_changed, timeout=10_000):
        scene.film.open("fit")
    page.plot.evaluation_clicked.emit(5)
    assert scene.film.position == 4.0
    assert page.plot._above._current == 5.0
    page.theta.click()
    assert page.plot._below.left.title() == "θ, relative to σ"
    page.log.click()
    assert page.plot._above.left.title() == "log₁₀ above the best"
    scene.film.close()
    assert page.plot._above._current is None
    scene.film.shutdown()
    scene.play.shutdown()


def test_that_what_lies_beyond_the_picture_is_said(plot, sleep, dyestuff):
    plot.set_data(fit_trace(dyestuff))
    assert plot.notes() == ("7 evaluations far from the best fit lie beyond the picture.",)
    plot.set_data(fit_trace(sleep))
    assert plot.notes() == ("1 evaluation far from the best fit lies beyond the picture.",)
