"""Picking a group with the mouse or the keys picks it in every plot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt

from mmgui.app.selection import Selection
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.groups import groups_figure
from mmgui.figures.residuals_modes import modes_figure
from mmgui.plots.caterpillar_plot import CaterpillarPlot
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.plots.marks import band_of_rows
from mmgui.plots.residual_modes_plot import ModesPlot
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.spec.formula import parse
from tests.qt.plots.conftest import LEVELS, MODEL, OWN, caterpillar, covariance, shrinkage


def _click(qtbot, panel, x, y, modifier=Qt.KeyboardModifier.NoModifier):
    at = panel.pixel(x, y)
    qtbot.mouseClick(
        panel.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(round(at.x()), round(at.y()))
    )


@pytest.mark.parametrize("point", [MODEL[4], OWN[4]], ids=["model's estimate", "own estimate"])
def test_that_clicking_either_end_of_an_arrow_picks_the_group(qtbot, themes, selection, show, point):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    _click(qtbot, plot.panels()[0], *point)
    assert selection.selection.groups == {("Subject", "335")}
    assert plot.picked() == (LEVELS.index("335"),)


def test_that_clicking_the_picked_group_again_lets_go(qtbot, themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    for expected in ({("Subject", "308")}, set()):
        _click(qtbot, plot.panels()[0], *MODEL[0])
        assert selection.selection.groups == expected
        qtbot.wait(qtbot_double_click() + 50)


def qtbot_double_click() -> int:
    from PySide6.QtWidgets import QApplication

    return QApplication.doubleClickInterval()


def test_that_shift_picks_several(qtbot, themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    _click(qtbot, plot.panels()[0], *MODEL[0])
    _click(qtbot, plot.panels()[0], *MODEL[3], Qt.KeyboardModifier.ShiftModifier)
    assert selection.selection.groups == {("Subject", "308"), ("Subject", "330")}


def test_that_clicking_where_no_group_is_changes_nothing(qtbot, themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    _click(qtbot, plot.panels()[0], 300.0, 20.0)
    assert selection.selection == Selection()


def test_that_rows_are_clicked_where_they_stand(qtbot, themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage(1))
    plot.settle()
    # Own intercepts ascend 310, 309, 308, 335, 330 from bottom to top.
    _click(qtbot, plot.panels()[0], OWN[4, 0], 3.0)
    assert selection.selection.groups == {("Subject", "335")}


def test_that_every_panel_of_the_matrix_picks(qtbot, themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    figure = shrinkage(3)
    plot.set_data(figure)
    plot.settle()
    # Three planes below the diagonal, three names on it.
    assert len(plot.panels()) == 6
    panel = plot.panels()[2]
    _click(qtbot, panel, figure.model[2, panel.across], figure.model[2, panel.up])
    assert selection.selection.groups == {("Subject", "310")}


def test_that_a_group_picked_in_one_plot_is_emphasised_in_all(qtbot, themes, selection, show):
    plots = [
        (show(CaterpillarPlot(themes, selection)), caterpillar()),
        (show(EllipsePlot(themes, selection)), covariance()),
        (show(ShrinkagePlot(themes, selection)), shrinkage()),
    ]
    before = []
    for plot, figure in plots:
        plot.set_data(figure)
        plot.settle()
        before.append(plot.grab().toImage())
    selection.pick("Subject", "309")
    for (plot, _), image in zip(plots, before, strict=True):
        assert plot.picked() == (1,)
        assert plot.grab().toImage() != image


def test_that_a_group_of_another_factor_is_not_picked(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    selection.pick("Item", "309")
    assert plot.picked() == ()


def test_that_arrow_keys_walk_through_the_groups_and_escape_lets_go(qtbot, themes, selection, show):
    plot = show(CaterpillarPlot(themes, selection))
    plot.set_data(caterpillar())
    order = [LEVELS[k] for k in np.argsort(MODEL[:, 0])]
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert selection.selection.groups == {("Subject", order[0])}
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert selection.selection.groups == {("Subject", order[1])}
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert not selection.selection.groups


def test_that_the_caterpillar_shows_all_effects_in_the_same_rows(themes, selection, show):
    plot = show(CaterpillarPlot(themes, selection))
    plot.set_data(caterpillar())
    assert [p.bottom.title() for p in plot.panels()] == ["Intercept", "Days"]
    assert plot.sorts() == ("Intercept", "Days", "Name")
    by_intercept = [LEVELS[k] for k in np.argsort(MODEL[:, 0])]
    assert [[LEVELS[k] for k in np.argsort(p.rows)] for p in plot.panels()] == [by_intercept] * 2
    plot.set_sort("Days")
    by_slope = [LEVELS[k] for k in np.argsort(MODEL[:, 1])]
    assert [[LEVELS[k] for k in np.argsort(p.rows)] for p in plot.panels()] == [by_slope] * 2
    assert [row[0] for row in plot.table().rows] == by_slope[::-1]
    one = replace(caterpillar(), effects=("(Intercept)",), modes=MODEL[:, :1], sd=MODEL[:, :1])
    plot.set_data(one)
    assert plot.sort() == "Intercept"


def test_that_hovering_tells_the_groups_numbers(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    assert plot.tip(4) == (
        "<b>335</b> · 10 rows<br>Intercept: own 263.0 → model 251.1, common 251.4<br>"
        "Slope of Days: own −2.900 → model −0.3000, common 10.50"
    )


def test_that_linked_plots_show_one_range_and_move_together(themes, selection, show):
    one, other = show(ShrinkagePlot(themes, selection)), show(ShrinkagePlot(themes, selection))
    wide = replace(shrinkage(), own=OWN * 1.5)
    one.set_data(shrinkage())
    other.set_data(wide)
    one.link_axes(other)
    assert one.panels()[0].shown() == other.panels()[0].shown()
    one.panels()[0].view.translateBy(x=20.0, y=2.0)
    assert one.panels()[0].shown() == other.panels()[0].shown()
    other.set_data(replace(shrinkage(), own=OWN * 2.0))
    assert one.panels()[0].shown() == other.panels()[0].shown()


def test_that_a_deleted_plot_leaves_its_link(themes, selection, show):
    stays, goes = show(ShrinkagePlot(themes, selection)), ShrinkagePlot(themes, selection)
    stays.set_data(shrinkage())
    goes.set_data(replace(shrinkage(), own=OWN * 3.0))
    alone = stays.panels()[0].shown()
    stays.link_axes(goes)
    assert stays.panels()[0].shown() != alone
    shiboken6.delete(goes)
    stays.set_data(shrinkage())
    assert stays.panels()[0].shown() == alone


def test_that_groups_and_modes_pick_with_a_click(qtbot, themes, selection, show):
    model = fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))
    groups = show(GroupsPlot(themes, selection), 900, 700)
    groups.set_data(groups_figure(model, 0))
    groups.grab()
    canvas = groups.findChild(type(groups._canvas))
    first, name = groups._shown[0][0].center(), groups.levels()[groups._shown[0][1]]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=first.toPoint())
    assert selection.selection.groups == {("Subject", name)}
    modes = show(ModesPlot(themes, selection), 900, 700)
    modes.set_data(modes_figure(model))
    modes.settle()
    panel = modes.panels()[0]
    q = panel.quantiles
    _click(qtbot, panel, float(q.theoretical[-1]), float(q.observed[-1]))
    assert selection.selection.groups == {("Subject", q.levels[q.owners[-1]])}


def test_that_pages_follow_the_picked_group(themes, selection, show):
    model = fit(FitJob(parse("diameter ~ 1 + (1 | plate) + (1 | sample)"), load_sample("Penicillin")))
    plot = show(GroupsPlot(themes, selection), 380, 300)
    plot.set_data(groups_figure(model, 0))
    plot.grab()
    assert plot.pages() > 1
    last = plot.levels()[plot.order()[-1]]
    selection.pick("plate", last)
    assert plot.page() == plot.pages() - 1
    plot.set_page(0)
    assert plot.page() == 0


def test_that_thousands_of_groups_are_painted_line_by_line(themes, selection, show):
    rng = np.random.default_rng(5)
    n = 2972
    own = rng.normal(3.2, 0.4, (n, 1))
    figure = replace(
        shrinkage(1),
        levels=tuple(str(k) for k in range(n)),
        sizes=np.full(n, 20),
        own=own,
        model=(own + 3.2) / 2,
    )
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(figure)
    plot.settle()
    panel = plot.panels()[0]
    assert panel.crowded()
    line, low, high = band_of_rows(panel.pixels("own")[:, 1], *(panel.pixels("own")[:, [0, 0]].T))
    # Not one outlier is lost where several rows fall on one line of pixels.
    assert len(line) < panel.inside().height() + 2
    assert low.min() == pytest.approx(panel.pixels("own")[:, 0].min())
    assert high.max() == pytest.approx(panel.pixels("own")[:, 0].max())
    selection.pick("Subject", "77")
    assert plot.picked() == (77,)
