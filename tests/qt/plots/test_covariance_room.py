"""Where the pictures of Σ and of the components stand, by the room they have."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.covariance import covariance_figures
from mmgui.plots.singular_values_plot import SingularValuesPlot
from mmgui.plots.variance_bars import VarianceBars
from mmgui.spec.formula import parse
from tests.qt.plots.conftest import variance


@pytest.fixture(scope="module")
def directions():
    model = fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))
    return covariance_figures(model)[0].directions


@pytest.mark.parametrize(
    ("size", "stacked"), [((650, 480), True), ((650, 170), False), ((1100, 480), False), ((420, 480), True)]
)
def test_that_two_scales_stand_where_their_loadings_have_room(
    themes, selection, show, directions, size, stacked
):
    plot = show(SingularValuesPlot(themes, selection), *size)
    plot.set_data(directions)
    plot.grab()
    tops = [round(rect.top()) for rect, _ in plot._heads]
    assert len(tops) == 2
    assert (tops[0] < tops[1]) is stacked


@pytest.mark.parametrize(("width", "said"), [(260, True), (150, False)])
def test_that_bars_say_what_they_measure_where_a_line_has_room(themes, selection, show, width, said):
    bars = show(VarianceBars(themes, selection), width, 90)
    bars.set_data(variance())
    caption = bars.findChild(QLabel, "plotCaption")
    assert caption.text().endswith("SD") is said
