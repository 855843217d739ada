"""Rows picked in one picture are brought out in the pictures that show rows."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.app.selection import Selection
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.grouping_views import grouping_figure
from mmgui.figures.groups import groups_figure
from mmgui.figures.residuals import residuals_view
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.plots.quantile_plot import DistributionPlot
from mmgui.plots.residuals_plot import ResidualsPlot
from mmgui.spec.formula import parse

FORMULA = "diameter ~ 1 + (1 | plate) + (1 | sample)"


@pytest.fixture(scope="module")
def penicillin():
    return fit(FitJob(parse(FORMULA), load_sample("Penicillin")))


def test_that_a_cell_picked_in_the_grid_is_brought_out_among_the_residuals(
    themes, selection, show, penicillin
):
    plot = show(ResidualsPlot(themes, selection), 800, 420)
    plot.set_data(residuals_view(penicillin, None).picture)
    normal = show(DistributionPlot(themes, selection), 800, 420)
    normal.set_data(residuals_view(penicillin, None, ("distribution",)).picture)
    grid = show(GroupingPicture(themes, selection), 700, 300)
    grid.set_data(grouping_figure(parse(FORMULA), load_sample("Penicillin")))
    canvas = grid.canvases()[0]
    grid.pick(canvas, canvas.scene().mark(2, 1).parts)
    assert selection.selection.rows == (8,)
    assert plot.trend.marks.shown() == 1
    assert plot.size_panel.marks.shown() == 1
    assert normal.normal.marks.shown() == 1
    # The ninth row's residual, not another one.
    ninth = pytest.approx([plot.rows().values[8]])
    assert plot.trend.marks._top.data["y"].tolist() == ninth
    assert normal.normal.marks._top.data["y"].tolist() == ninth
    selection.clear()
    assert plot.trend.marks.shown() == 0


def test_that_the_rows_of_a_picked_group_are_brought_out_among_the_residuals(
    themes, selection, show, penicillin
):
    plot = show(ResidualsPlot(themes, selection), 800, 420)
    plot.set_data(residuals_view(penicillin, None).picture)
    selection.pick("plate", "c")
    assert plot.trend.marks.shown() == 6
    assert plot.trend.marks._top.data["x"].tolist() == pytest.approx(penicillin.fitted[12:18].tolist())


def test_that_the_points_of_picked_rows_stand_out_in_their_groups(themes, selection, show, penicillin):
    figure = groups_figure(penicillin, 1)
    plot = show(GroupsPlot(themes, selection), 800, 420)
    plot.set_data(figure)
    selection.set_selection(Selection(frozenset({("plate", "b"), ("sample", "C")}), None, (8,)))
    mask = plot._picked_rows()
    assert figure.members.rows[mask].tolist() == [8]
    owner = np.repeat(np.arange(6), np.diff(figure.starts))
    assert [figure.levels[g] for g in owner[mask]] == ["C"]
    before = plot.grab().toImage()
    # All rows of its own group: the panel is marked as a whole, no points in it.
    selection.set_selection(Selection(frozenset({("sample", "C")})))
    assert plot._picked_rows() is None
    assert plot.grab().toImage() != before


def test_that_a_group_of_another_factor_brings_out_its_rows(themes, selection, show, penicillin):
    figure = groups_figure(penicillin, 1)
    plot = show(GroupsPlot(themes, selection), 800, 420)
    plot.set_data(figure)
    selection.pick("plate", "b")
    assert sorted(figure.members.rows[plot._picked_rows()].tolist()) == [6, 7, 8, 9, 10, 11]
