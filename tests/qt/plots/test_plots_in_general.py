"""What every plot does: names, tables, empty states, themes, its menu, small and large sizes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QLabel

from mmgui.app.theme import make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.fixed import FixedFigure, FixedRow
from mmgui.figures.groups import groups_figure
from mmgui.figures.influence import influence_figure
from mmgui.figures.residuals import residuals_view
from mmgui.figures.residuals_modes import modes_figure
from mmgui.plots.area import PlotArea
from mmgui.plots.axis import Axis, tick_text
from mmgui.plots.caterpillar_plot import CaterpillarPlot
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.plots.forest_plot import ForestPlot
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.plots.influence_plot import InfluencePlot
from mmgui.plots.influence_rows_plot import RowInfluencePlot
from mmgui.plots.quantile_plot import DistributionPlot
from mmgui.plots.residual_groups_plot import GroupResidualsPlot
from mmgui.plots.residual_modes_plot import ModesPlot
from mmgui.plots.residuals_plot import ResidualsPlot
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.style import text_font
from mmgui.plots.trace_plot import TracePlot
from mmgui.plots.variance_bars import VarianceBars
from mmgui.spec.formula import parse
from tests.qt.plots.conftest import caterpillar, covariance, shrinkage, trace, variance


def _sleepstudy():
    return fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")))


def _residuals(view):
    return residuals_view(_sleepstudy(), load_sample("sleepstudy"), (view,)).picture


def _fixed():
    rows = (
        FixedRow("(Intercept)", 251.4, 6.8, 17.0, 36.8, 1e-17, (237.0, 265.8)),
        FixedRow("Days", 10.47, 1.55, 17.0, 6.8, 3e-6, (7.2, 13.7)),
    )
    return (FixedFigure(rows, "Satterthwaite"), FixedFigure(rows, "Satterthwaite"))


PLOTS = {
    "varianceBars": (VarianceBars, variance),
    "shrinkagePlot": (ShrinkagePlot, shrinkage),
    "caterpillarPlot": (CaterpillarPlot, caterpillar),
    "covarianceHeatmap": (CovarianceHeatmap, covariance),
    "ellipsePlot": (EllipsePlot, covariance),
    "tracePlot": (TracePlot, trace),
    "forestPlot": (ForestPlot, _fixed),
    "groupsPlot": (GroupsPlot, lambda: groups_figure(_sleepstudy(), 0)),
    "residualsPlot": (ResidualsPlot, lambda: _residuals("trend")),
    "distributionPlot": (DistributionPlot, lambda: _residuals("distribution")),
    "groupResidualsPlot": (GroupResidualsPlot, lambda: _residuals("groups")),
    "modesPlot": (ModesPlot, lambda: _residuals("modes")),
    "rowInfluencePlot": (RowInfluencePlot, lambda: _residuals("influence")),
    "influencePlot": (InfluencePlot, lambda: influence_figure(_sleepstudy(), "Subject")),
}


@pytest.fixture(params=PLOTS)
def filled(request, themes, selection, show):
    kind, figure = PLOTS[request.param]
    plot = show(kind(themes, selection))
    plot.set_data(figure())
    plot.settle()
    assert plot.objectName() == request.param
    return plot


def _colours(plot) -> int:
    image = plot.grab().toImage()
    width, height = image.width(), image.height()
    return len({image.pixel(x, y) for x in range(0, width, 3) for y in range(0, height, 3)})


def test_that_a_plot_has_a_name_a_table_and_a_picture(filled):
    assert filled.accessibleName()
    table = filled.table()
    assert len(table.columns) >= 2
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert _colours(filled) > 20


def test_that_without_a_figure_a_quiet_sentence_stands_there(filled):
    filled.set_data(None)
    sentence = filled.findChild(QLabel, "plotEmpty")
    assert sentence.isVisible()
    assert sentence.text().endswith(".")
    assert filled.table().rows == ()


def test_that_a_figure_after_the_empty_state_is_shown(filled, request):
    figure = PLOTS[filled.objectName()][1]()
    filled.set_data(None)
    filled.set_data(figure)
    assert not filled.findChild(QLabel, "plotEmpty").isVisible()
    assert filled.table().rows


def test_that_a_plot_follows_the_theme(filled, themes):
    light = filled.grab().toImage()
    themes.set_theme(make_theme(dark=True))
    filled.settle()
    dark = filled.grab().toImage()
    assert light != dark
    assert filled.theme.name == "dark"


@pytest.mark.parametrize("size", [(380, 300), (1600, 1000)])
def test_that_a_plot_draws_at_every_size_and_on_the_projector(filled, themes, size):
    filled.resize(*size)
    for projector in (False, True):
        themes.set_theme(make_theme(projector=projector))
        filled.settle()
        assert _colours(filled) > 5


@pytest.mark.parametrize("width", [240, 380, 700])
def test_that_numbers_along_the_bottom_never_touch(filled, width):
    filled.resize(width, 300)
    filled.settle()
    axes = [item for area in filled.findChildren(PlotArea) for item in area.sceneObj.items()]
    for axis in (a for a in axes if isinstance(a, Axis) and not a.vertical):
        low, high = sorted(axis.range)
        length = axis.linkedView().size().width()
        ticks = axis.ticks()
        room = QFontMetricsF(text_font(filled.theme))
        scale = length / (high - low)
        places = [((value - low) * scale, room.horizontalAdvance(text)) for value, text in ticks]
        for (left, first), (right, second) in pairwise(places):
            assert right - second / 2 > left + first / 2


def test_that_the_menu_copies_the_table_as_text(filled):
    actions = {a.objectName(): a for a in filled.menu().actions()}
    assert {"copyTableAction", "copyPictureAction", "savePictureAction"} <= set(actions)
    actions["copyTableAction"].trigger()
    text = QGuiApplication.clipboard().text()
    assert text == filled.table().to_csv()
    assert text.count("\n") == len(filled.table().rows) + 1


def test_that_the_menu_copies_a_light_picture(filled, themes):
    themes.set_theme(make_theme(dark=True))
    filled.deeds.copy_picture()
    image = QGuiApplication.clipboard().image()
    assert QColor(image.pixel(image.width() - 3, image.height() - 3)).lightness() > 230
    assert filled.theme.name == "dark"


def test_that_names_with_markup_are_shown_as_they_are(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(replace(shrinkage(), grouping="<b>x</b>", levels=("<i>a</i>", "b", "c", "d", "e")))
    assert "&lt;b&gt;x" in plot.findChild(QLabel, "plotCaption").text()
    assert "&lt;i&gt;a" in plot.tip(0)


def test_that_cells_tell_fixed_zeros_from_undefined_correlations(themes, show):
    plot = show(CovarianceHeatmap(themes))
    matrix = np.array([[4.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    free = np.array([[True, False, True], [False, True, True], [True, True, True]])
    plot.set_data(covariance(matrix, free), "correlation")
    assert plot.text_of(0, 1) == "fixed at 0"
    assert plot.text_of(0, 2) == "–"
    assert plot.text_of(0, 0) == "1.00"


def test_that_negative_correlations_are_orange_and_positive_ones_the_terms_colour(themes, show):
    plot = show(CovarianceHeatmap(themes))
    plot.set_data(covariance(np.array([[1.0, -0.9], [-0.9, 1.0]])), "correlation")
    assert plot.fill_of(0, 1).red() > plot.fill_of(0, 1).blue()
    assert plot.fill_of(0, 0).blue() > plot.fill_of(0, 0).red()


def test_that_one_colour_scale_makes_equal_covariances_equal(themes, show):
    small, large = show(CovarianceHeatmap(themes)), show(CovarianceHeatmap(themes))
    small.set_data(covariance(np.array([[2.0]])), limit=8.0)
    large.set_data(covariance(np.array([[8.0, 0.0], [0.0, 2.0]])), limit=8.0)
    assert small.fill_of(0, 0) == large.fill_of(1, 1)
    assert small.fill_of(0, 0) != large.fill_of(0, 0)


def test_that_a_growing_path_is_drawn_on(themes, show):
    plot = show(TracePlot(themes))
    for count in (1, 2, 5):
        plot.set_data(trace(count))
        assert len(plot.table().rows) == count
    assert "5 evaluations" in plot.findChild(QLabel, "plotCaption").text()


def test_that_distance_to_the_best_can_be_shown(themes, show):
    plot = show(TracePlot(themes))
    plot.set_data(trace())
    before = plot.grab().toImage()
    action = next(a for a in plot.menu().actions() if a.objectName() == "logDistanceAction")
    action.setChecked(True)
    plot.settle()
    assert plot.grab().toImage() != before


def test_that_two_heatmaps_in_a_narrow_page_say_which_is_which(themes, show):
    heatmap = show(CovarianceHeatmap(themes), 250, 200)
    heatmap.set_data(covariance(), mode="correlation")
    assert "correlation" in heatmap.findChild(QLabel, "plotCaption").text()


def test_that_every_grouping_factor_has_a_normal_plot_before_any_has_two(themes, selection, show):
    formula = "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"
    figure = modes_figure(fit(FitJob(parse(formula), load_sample("sim_hidden_singular"))))
    first = figure.quantiles[0]
    extra = [
        replace(first, term=t, title=f"{g}: Intercept", grouping=g) for t, g in ((1, "h"), (2, "k"), (3, "m"))
    ]
    plot = show(ModesPlot(themes, selection))
    plot.set_data(
        replace(figure, quantiles=(*figure.quantiles, *extra), places=(*figure.places, *[(0, 0)] * 3))
    )
    titles = [panel.quantiles.title for panel in plot.panels()]
    assert titles == ["g: Intercept", "g: x1", "g: x2", "h: Intercept", "k: Intercept", "m: Intercept"]
    assert any("One more effect is in the table only." in note for note in plot.notes())


def test_that_lines_without_names_have_their_grouping_factor_in_the_legend(themes, show):
    plot = show(TracePlot(themes), 640, 440)
    names = (*(f"Subject: x{k}" for k in range(19)), "Item: Intercept")
    one = trace()
    theta = np.tile(one.theta[:, :1], (1, 20))
    plot.set_data(replace(one, parameters=names, terms=(0,) * 19 + (1,), theta=theta))
    words = plot.findChild(QLabel, "plotCaption").text()
    assert "Subject" in words
    assert "Item" in words


def test_that_notes_give_way_to_the_picture_in_a_low_page(themes, selection, show):
    plot = show(GroupsPlot(themes, selection), 640, 150)
    plot.set_data(replace(groups_figure(_sleepstudy(), 0), notes=("Worth knowing.",)))
    assert not plot.findChild(QLabel, "plotNotes").isVisible()
    assert "Worth knowing." in plot.findChild(QLabel, "plotCaption").toolTip()
    plot.resize(640, 440)
    assert plot.findChild(QLabel, "plotNotes").isVisible()


def test_ticks_of_large_and_small_numbers_tell_each_other_apart() -> None:
    """Three digits made one number of 1.234e9 and 1.235e9."""
    assert [tick_text(v, 1e6) for v in (1.234e9, 1.235e9)] == ["1.234 × 10⁹", "1.235 × 10⁹"]
    assert [tick_text(v, 2e6) for v in (-2e6, 0.0, 4e6)] == ["−2 × 10⁶", "0", "4 × 10⁶"]
    assert tick_text(5e-6, 5e-6) == "5 × 10⁻⁶"
    assert tick_text(2.5e5, 5e4) == "250000"
