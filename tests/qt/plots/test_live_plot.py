"""A fit under way, as it is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from mmgui.app.theme import DARK, ThemeModel
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.live import LiveFigure, live_figure
from mmgui.plots.live_plot import LivePlot
from mmgui.spec.formula import parse


@pytest.fixture
def live(qtbot):
    plot = LivePlot(ThemeModel())
    qtbot.addWidget(plot)
    plot.resize(700, 420)
    plot.show()
    return plot


def sleep(count: int, *, stopping: bool = False) -> LiveFigure:
    spec, table = parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")
    design = build_design(spec, table)
    log = fit(FitJob(spec, table, np.array([1.0, 0.0, 1.0]))).log
    return live_figure(
        design,
        log.objective[:count].tolist(),
        list(log.theta[:count]),
        log.sigma[:count].tolist(),
        log.start[:count].tolist(),
        running=True,
        stopping=stopping,
    )


def test_that_sds_and_covariance_are_those_of_the_last_evaluation():
    figure = sleep(1)
    # θ = (1, 0, 1): both SDs are σ.
    assert figure.trace.sds is not None
    assert figure.trace.sds.names == ("Subject: Intercept", "Subject: Days", "Residual")
    sigma = figure.trace.sds.values[0, 2]
    assert figure.trace.sds.values[0].tolist() == pytest.approx([sigma] * 3)
    assert figure.covariance is not None
    assert figure.covariance.covariance == pytest.approx(sigma**2 * np.eye(2))
    last = sleep(10_000)
    # lme4: SDs 24.7405 and 5.9221, σ 25.5918; covariance 9.6043
    assert last.trace.sds is not None
    assert last.trace.sds.values[-1].tolist() == pytest.approx([24.7405, 5.9221, 25.5918], abs=1e-2)
    assert last.covariance is not None
    assert last.covariance.covariance[0, 1] == pytest.approx(9.6043, abs=0.05)


def test_that_the_state_and_the_lowest_criterion_are_said(live):
    live.begin("building the matrices")
    assert "Building the matrices" in live.findChild(QLabel, "liveState").text()
    live.set_data(sleep(3))
    words = live.findChild(QLabel, "liveState").text()
    assert "Optimising" in words
    assert "3 evaluations · lowest REML criterion" in words
    live.set_data(sleep(3, stopping=True))
    assert "Stopping" in live.findChild(QLabel, "liveState").text()
    assert len(live.table().rows) == 3


def test_that_what_is_drawn_follows_the_fit(live, qtbot):
    seen = []
    for count in (1, 3, 8):
        live.set_data(sleep(count))
        live.trace.settle()
        seen.append(live.grab().toImage())
    assert seen[0] != seen[1] != seen[2]
    live._themes.set_theme(DARK)
    assert live.grab().toImage() != seen[2]


def test_that_a_narrow_place_leaves_the_path_alone(live):
    live.set_data(sleep(3))
    assert live.now.isVisible()
    live.resize(320, 300)
    assert not live.now.isVisible()


def test_that_stop_is_asked_for(live, qtbot):
    with qtbot.waitSignal(live.stop_wanted):
        live.stop.click()


def test_that_a_search_that_begins_again_says_so():
    spec, table = parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")
    log = fit(FitJob(spec, table)).log
    figure = live_figure(
        build_design(spec, table),
        log.objective.tolist(),
        list(log.theta),
        log.sigma.tolist(),
        log.start.tolist(),
        running=True,
    )
    assert figure.state == "optimising again, from start 2"
    assert figure.covariance is None
