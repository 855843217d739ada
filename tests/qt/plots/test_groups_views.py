"""The views of the groups: they pick, follow the hand, and leave no outlier out."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.group_intervals import intervals_figure, moved_intervals
from mmgui.figures.groups import groups_figure, moved_groups
from mmgui.figures.moved import MovableFit
from mmgui.plots.group_range import SteadyRange
from mmgui.plots.group_strokes import paint_dots
from mmgui.plots.groups_intervals import GroupsIntervals
from mmgui.plots.groups_overlay import GroupsOverlay
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.spec.formula import parse

SLOPES = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture(scope="module")
def sleepstudy():
    return fit(FitJob(parse(SLOPES), load_sample("sleepstudy")))


@pytest.fixture(scope="module")
def moved(sleepstudy):
    movable = MovableFit(sleepstudy)
    point = movable.with_values(movable.best, {"Subject: SD of Days": 0.0}, sigma_follows=True)
    return movable.moved(point, sigma_follows=True)


def _click(qtbot, panel, x, y):
    at = panel.pixel(x, y)
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()), round(at.y())))


def test_that_clicking_a_line_of_the_overlay_picks_its_group(qtbot, themes, selection, show, sleepstudy):
    plot = show(GroupsOverlay(themes, selection), 800, 520)
    figure = groups_figure(sleepstudy, 0)
    plot.set_data(figure)
    plot.settle()
    group = figure.levels.index("309")
    last = figure.rows_of(group).stop - 1
    _click(qtbot, plot.panels()[0], figure.x[last], figure.partial[last])
    assert selection.selection.groups == {("Subject", "309")}


def test_that_clicking_a_row_of_dots_picks_its_group(qtbot, themes, selection, show):
    figure = groups_figure(fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff"))), 0)
    plot = show(GroupsOverlay(themes, selection), 800, 420)
    plot.set_data(figure)
    plot.settle()
    # The lowest batch, F, is the lowest row.
    lowest = figure.order[0]
    assert figure.levels[lowest] == "F"
    _click(qtbot, plot.panels()[0], float(figure.y[figure.rows_of(int(lowest))][0]), 0.0)
    assert selection.selection.groups == {("Batch", "F")}


def test_that_clicking_an_interval_picks_its_group(qtbot, themes, selection, show, sleepstudy):
    figure = intervals_figure(sleepstudy, 0)
    plot = show(GroupsIntervals(themes, selection), 800, 520)
    plot.set_data(figure, next(o for o in groups_figure(sleepstudy, 0).orders if o.key == "name"))
    plot.settle()
    # By name the first subject is the highest row.
    _click(qtbot, plot.panels()[1], float(figure.coefficients[1].estimate[0]), 17.0)
    assert selection.selection.groups == {("Subject", "308")}


def test_that_each_coefficient_has_its_sentence(themes, selection, show, sleepstudy):
    plot = show(GroupsIntervals(themes, selection), 800, 520)
    plot.set_data(intervals_figure(sleepstudy, 0))
    words = [label.text() for label in plot._sentences]
    assert words[1].startswith("7 of 18 intervals exclude the common slope of Days (10.47)")


@pytest.mark.parametrize("view", [GroupsPlot, GroupsOverlay])
def test_that_views_follow_the_hand_and_come_back(themes, selection, show, sleepstudy, moved, view):
    plot = show(view(themes, selection), 800, 520)
    figure = groups_figure(sleepstudy, 0)
    plot.set_data(figure)
    plot.settle()
    selection.pick("Subject", "308")
    before = plot.grab().toImage()
    plot.show_moved(moved_groups(figure, moved))
    assert plot.grab().toImage() != before
    slope = float(
        re.search(r"model&#x27;s, moved: .*? \+ ([\d.]+)|model's, moved: .*? \+ ([\d.]+)", plot.tip(0))[2]
    )
    # Without a slope variance every subject has the slope of all, 10.467.
    assert slope == pytest.approx(10.47)
    assert plot.table().rows[9][5] - plot.table().rows[0][5] == pytest.approx(9 * 10.467285959596)
    plot.show_moved(None)
    assert plot.grab().toImage() == before


def test_that_intervals_follow_the_hand_where_the_model_is_shown(themes, selection, show, sleepstudy, moved):
    figure = intervals_figure(sleepstudy, 0)
    plot = show(GroupsIntervals(themes, selection), 800, 520)
    plot.set_data(figure, None, frozenset({"own", "complete", "partial"}))
    plot.settle()
    before = plot.grab().toImage()
    plot.show_moved(moved_intervals(figure, moved))
    assert plot.grab().toImage() != before
    assert "Slope of Days: own 21.76 (16.20 to 27.33), model's 10.47" in plot.tip(0)
    plot.show_moved(None)
    assert plot.grab().toImage() == before


def test_that_tiles_keep_their_places_while_the_model_is_moved(themes, selection, show, sleepstudy, moved):
    plot = show(GroupsPlot(themes, selection), 800, 520)
    figure = groups_figure(sleepstudy, 0)
    plot.set_data(figure)
    before = plot.order()
    plot.show_moved(moved_groups(figure, moved))
    assert plot.order() == before


def test_that_an_order_puts_the_groups_in_it(themes, selection, show, sleepstudy):
    plot = show(GroupsPlot(themes, selection), 800, 520)
    figure = groups_figure(sleepstudy, 0)
    plot.set_data(figure)
    by_slope = next(o for o in figure.orders if o.key == "effect:0:Days")
    plot.set_order(by_slope)
    # teaching.json: subject 335 has the smallest slope, −0.285, subject 308 the largest, 19.666.
    assert figure.levels[plot.order()[0]] == "335"
    assert figure.levels[plot.order()[-1]] == "308"
    plot.grab()
    assert figure.levels[plot._shown[0][1]] == "335"


def test_that_lines_can_be_switched_off(themes, selection, show, sleepstudy):
    plot = show(GroupsOverlay(themes, selection), 800, 520)
    plot.set_data(groups_figure(sleepstudy, 0))
    plot.settle()
    hue = QColor(themes.theme.no_pooling)

    def orange() -> int:
        image = plot.grab().toImage()
        points = ((x, y) for x in range(0, image.width(), 2) for y in range(image.height()))
        return sum(image.pixelColor(x, y).hue() in range(hue.hue() - 6, hue.hue() + 7) for x, y in points)

    without = orange()
    plot.set_lines(frozenset({"own", "complete", "partial"}))
    assert orange() > without + 200


def test_that_everyones_lines_that_differ_have_their_mean_in_dashes(themes, selection, show):
    model = fit(FitJob(parse("y ~ x1 + x2 + x3 + (1 | g)"), load_sample("sim_hidden_singular")))
    plot = show(GroupsOverlay(themes, selection), 800, 520)
    plot.set_data(groups_figure(model, 0), None, frozenset({"complete"}))
    plot.settle()
    image, panel = plot.grab().toImage(), plot.panels()[0]
    # Everyone's lines are 0.2001 · x1 + 1.97 at the means of the others.
    ends = [panel.viewport().mapTo(plot, panel.pixel(x, 0.2001 * x + 1.97).toPoint()) for x in (-1.5, 1.5)]
    along = range(ends[0].x(), ends[1].x())
    darkest = [
        min(
            image.pixelColor(x, round(ends[0].y() + (x - along[0]) * slope) + k).lightness()
            for k in (-1, 0, 1)
        )
        for slope in ((ends[1].y() - ends[0].y()) / len(along),)
        for x in along
    ]
    dark = np.array(darkest) < 190
    gaps = np.flatnonzero(np.diff(dark.astype(int)) == 1)
    assert 10 < len(gaps) < 100


def test_that_a_tooltip_tells_the_three_lines(themes, selection, show, sleepstudy):
    plot = show(GroupsPlot(themes, selection), 800, 520)
    plot.set_data(groups_figure(sleepstudy, 0))
    # teaching.json, sleepstudy.pooling, subject 308
    assert plot.tip(0) == (
        "<b>308</b> · 10 rows<br>own: 244.2 + 21.76 · Days<br>model's: 253.7 + 19.67 · Days<br>"
        "everyone's: 251.4 + 10.47 · Days"
    )


def test_that_a_crowd_of_dots_is_gathered_and_outliers_stay(qtbot):
    rng = np.random.default_rng(4)
    x, y = rng.normal(150.0, 8.0, 100_000), rng.normal(100.0, 8.0, 100_000)
    x[:3], y[:3] = (5.0, 290.0, 290.0), (5.0, 5.0, 190.0)
    image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("white"))
    painter = QPainter(image)
    marks = paint_dots(painter, x, y, QColor(0, 0, 0, 60), 1.5, QRectF(0, 0, 300, 200))
    painter.end()
    assert marks < 6000
    for outlier in ((5, 5), (290, 5), (290, 190)):
        assert image.pixelColor(*outlier).lightness() < 250
    assert image.pixelColor(150, 100).lightness() < 40
    assert image.pixelColor(40, 150).lightness() == 255


def test_that_a_range_widens_in_steps_and_only_where_it_must():
    steady = SteadyRange()
    steady.reset((0.0, 8.0))
    assert not steady.include(np.array([1.0, 7.9]))
    assert steady.include(np.array([-0.1, 11.0]))
    assert steady.shown == (-2.0, 12.0)
    assert not steady.include(np.array([3.0]))
    steady.reset()
    assert steady.shown == (0.0, 8.0)


def test_that_everyones_line_is_seen_where_the_models_lies_on_it(themes, selection, show):
    # lme4: Dyestuff2 has no variance between batches, so that every estimate is the common mean.
    fitted = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")))
    plot = show(GroupsPlot(themes, selection), 800, 420)
    plot.set_data(groups_figure(fitted, 0))
    plot.settle()
    image = plot.grab().toImage()
    dashes = QColor(themes.theme.complete_pooling).rgb()
    seen = sum(image.pixel(x, y) == dashes for x in range(image.width()) for y in range(image.height()))
    assert seen > 6 * 20
