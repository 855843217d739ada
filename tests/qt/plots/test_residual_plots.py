"""Residuals on the screen: crowds lose no outlier, picks go both ways, a moved model moves the points."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from mmgui.app.selection import Selection
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.influence import influence_figure
from mmgui.figures.moved import MovableFit
from mmgui.figures.residuals import residuals_view
from mmgui.plots.area import PlotArea
from mmgui.plots.influence_plot import InfluencePlot
from mmgui.plots.influence_rows_plot import RowInfluencePlot
from mmgui.plots.quantile_plot import DistributionPlot
from mmgui.plots.residual_groups_plot import GroupResidualsPlot
from mmgui.plots.residual_items import BoxItem, CrowdItem, Form
from mmgui.plots.residual_modes_plot import ModesPlot
from mmgui.plots.residuals_plot import ResidualsPlot
from mmgui.plots.style import item_pen
from mmgui.spec.formula import parse

PLOTS = {
    "trend": ResidualsPlot,
    "distribution": DistributionPlot,
    "groups": GroupResidualsPlot,
    "modes": ModesPlot,
    "influence": RowInfluencePlot,
}


@cache
def sleepstudy():
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


def picture(*choice):
    return residuals_view(sleepstudy(), load_sample("sleepstudy"), choice).picture


def _press(qtbot, panel: PlotArea, x: float, y: float, keys=Qt.KeyboardModifier.NoModifier) -> None:
    at: QPointF = panel.pixel(x, y)
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, keys, at.toPoint())


def test_that_a_clicked_point_picks_its_row_and_its_group(qtbot, themes, selection, show):
    plot = show(ResidualsPlot(themes, selection), 900, 600)
    plot.set_data(picture())
    plot.settle()
    rows = plot.rows()
    worst = int(np.argmax(rows.values))
    _press(qtbot, plot.trend, float(rows.fitted[worst]), float(rows.values[worst]))
    assert selection.selection.rows == (worst,)
    assert selection.selection.groups == {("Subject", "332")}
    assert plot.trend.marks.shown() == plot.size_panel.marks.shown() == 1
    lowest = int(np.argmin(rows.values))
    at = (float(rows.fitted[lowest]), float(rows.values[lowest]))
    _press(qtbot, plot.trend, *at, Qt.KeyboardModifier.ControlModifier)
    assert selection.selection.rows == tuple(sorted((worst, lowest)))
    _press(qtbot, plot.trend, *at)
    _press(qtbot, plot.trend, *at)
    assert selection.selection == Selection()


def test_that_arrow_keys_walk_from_left_to_right(qtbot, themes, selection, show):
    plot = show(ResidualsPlot(themes, selection), 900, 600)
    plot.set_data(picture())
    order = np.argsort(plot.rows().fitted, kind="stable")
    for step in range(3):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        assert selection.selection.rows == (int(order[step]),)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert selection.selection.rows == (int(order[1]),)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert selection.selection == Selection()


def test_that_a_tooltip_names_row_group_and_predictor(themes, selection, show):
    plot = show(ResidualsPlot(themes, selection))
    plot.set_data(picture())
    words = plot.tip(7)
    assert all(part in words for part in ("Row: <b>8", "Subject: <b>308", "Days: <b>7", "Residual: <b>−101"))


@pytest.mark.parametrize("name", PLOTS)
def test_that_a_picture_follows_the_hand_without_new_items(themes, selection, show, name):
    kind, figure = PLOTS[name], picture(name)
    plot = show(kind(themes, selection), 900, 600)
    plot.set_data(figure)
    plot.settle()
    before = plot.grab().toImage()
    counts = [panel.items_shown() for panel in plot.findChildren(PlotArea)]
    movable = MovableFit(sleepstudy())
    there = movable.with_values(movable.best, {"Subject: SD of Days": 1.0}, sigma_follows=True)
    plot.follow(figure.moved(movable.moved(there, sigma_follows=True)))
    assert plot.grab().toImage() != before
    assert [panel.items_shown() for panel in plot.findChildren(PlotArea)] == counts
    homes = [panel.home() for panel in plot.findChildren(PlotArea)]
    plot.follow(figure)
    assert plot.table() == figure.table()
    # The way back leaves the range as wide as it was needed.
    assert [panel.home() for panel in plot.findChildren(PlotArea)] == homes


def test_that_no_point_of_a_crowd_is_left_out(themes, show):
    rng = np.random.default_rng(11)
    x, y = rng.normal(size=100_000), rng.normal(size=100_000)
    x[0], y[0] = 30.0, 30.0
    panel = show(PlotArea(), 500, 400)
    panel.add(CrowdItem(x, y, 3, QColor(255, 0, 0, 60)))
    panel.set_home((-5.0, 32.0), (-5.0, 32.0))
    panel.settle()
    image, at = panel.grab().toImage(), panel.pixel(30.0, 30.0).toPoint()
    ground = QColor(image.pixel(at.x() - 12, at.y()))
    assert QColor(image.pixel(at.x(), at.y())) != ground
    assert panel.items_shown() == 1


def test_that_thousands_of_groups_are_drawn_by_the_line_and_keep_their_extremes(themes, show):
    five = np.tile([-1.0, -0.5, 0.0, 0.5, 1.0], (3000, 1))
    five[1234, 4] = 9.0
    panel = show(PlotArea(), 500, 300)
    item = BoxItem(item_pen("#ff0000"), QColor("white"), item_pen("#0000ff"), lying=True)
    panel.add(item)
    item.setData(np.arange(3000.0), five, 0.6, Form.HAIR)
    panel.set_home((-2.0, 10.0), (0.0, 2999.0))
    panel.settle()
    image, at = panel.grab().toImage(), panel.pixel(7.0, 1234.0).toPoint()
    reds = [QColor(image.pixel(at.x(), at.y() + dy)).green() for dy in range(-3, 4)]
    assert min(reds) < 230


def test_that_a_group_is_picked_by_its_box_and_ordered_by_spread(qtbot, themes, selection, show):
    plot = show(GroupResidualsPlot(themes, selection), 800, 700)
    figure = picture("groups")
    plot.set_data(figure)
    plot.settle()
    top = int(figure.by_median[-1])
    own = figure.rows.values[figure.codes == top]
    panel = plot.panel
    places, owners = panel.targets()
    points = places[owners == top]
    _press(qtbot, panel, *points[int(np.argmax(own))].tolist())
    assert selection.selection.groups == {("Subject", figure.levels[top])}
    assert plot.order()[-1] == top
    plot.order_by_spread(True)
    assert plot.order() == tuple(figure.by_spread.tolist())
    assert "spread" in plot.legend(themes.theme)


def test_that_a_picked_group_shows_its_ghost_among_the_estimates(themes, selection, show):
    plot = show(InfluencePlot(themes, selection), 900, 600)
    plot.set_data(influence_figure(sleepstudy(), "Subject"))
    plot.settle()
    assert [e.name for e in plot.shown()] == ["Intercept", "Days"]
    assert plot.levels()[plot.order()[-1]] == "309"
    before = plot.grab().toImage()
    selection.pick("Subject", "335")
    assert "without 335" in plot.legend(themes.theme)
    assert plot.grab().toImage() != before
    plot.show_kinds("sd", "sigma")
    assert [e.name for e in plot.shown()] == ["SD of Intercept", "SD of Days", "σ"]
    # teaching.json, sleepstudy.influence.fixef_minus of 335: 250.7, 11.25.
    plot.show_kinds("fixed")
    tip = plot.tip(plot.levels().index("335"))
    assert "Intercept: 251 (with it 251)" in tip
    assert "Days: 11.3 (with it 10.5)" in tip


def test_that_an_effect_without_variance_is_said_and_not_drawn(themes, selection, show):
    plot = show(ModesPlot(themes, selection))
    singular = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")))
    plot.set_data(residuals_view(singular, None, ("modes",)).picture)
    assert plot._quiet.isVisible()
    assert plot._quiet.text().startswith("Batch: Intercept has no variance")
    plot.set_data(picture("modes"))
    assert len(plot.panels()) == 2


def test_that_a_standard_error_wider_than_the_picture_is_told_in_words(themes, selection, show):
    figure = influence_figure(sleepstudy(), "Subject")
    plot = show(InfluencePlot(themes, selection), 900, 600)
    plot.set_data(figure)
    assert "grey: ± its standard error" in plot.legend(themes.theme)
    assert not any("Standard errors" in note for note in plot.notes())
    wide = tuple(replace(e, se=100.0 * e.se) for e in figure.estimates)
    plot.set_data(replace(figure, estimates=wide))
    assert "grey" not in plot.legend(themes.theme)
    # lme4: standard errors 6.825 and 1.546, here a hundred times that.
    said = "Standard errors wider than the picture: Intercept ± 682 and Days ± 155."
    assert said in plot.notes()
