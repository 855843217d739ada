"""What the landscape shows and says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmgui.figures.contours import contours_of, inner_lines, outlines
from mmgui.figures.landscape import landscape_figure
from mmgui.figures.trace import lower_than_before
from mmgui.inference.likelihood.covariance_point import Coordinate, CovarianceSpace

RIS = "Reaction ~ Days + (Days | Subject)"
INTERCEPT, DAYS = "Subject: SD of Intercept", "Subject: SD of Days"
CORRELATION, SIGMA = "Subject: correlation of Intercept and Days", "Residual: SD (σ)"


def area(outline: np.ndarray) -> float:
    x, y = outline.T
    return float(0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def test_outlines_of_a_bowl_are_circles_and_end_at_the_edge_of_the_grid():
    x, y = np.linspace(-2, 2, 81), np.linspace(-1, 3, 81)
    bowl = x[:, None] ** 2 + y[None, :] ** 2
    (whole,) = outlines(x, y, bowl, 0.81)
    assert area(whole) == pytest.approx(np.pi * 0.81, rel=2e-3)
    assert np.hypot(*whole.T) == pytest.approx(np.full(len(whole), 0.9), abs=2e-3)
    assert inner_lines(whole, x, y) == (whole,)
    (cut,) = outlines(x, y, bowl, 2.25)
    # A circle of radius 1.5 without its cap below y = -1: r²(π - acos(2/3)) + sqrt(r² - 1)
    assert area(cut) == pytest.approx(2.25 * (np.pi - np.arccos(2 / 3)) + np.sqrt(1.25), rel=2e-3)
    (line,) = inner_lines(cut, x, y)
    assert line[[0, -1], 1] == pytest.approx([-1.0, -1.0])
    assert np.hypot(*line.T) == pytest.approx(np.full(len(line), 1.5), abs=2e-3)


def test_outlines_of_a_saddle_meet_no_other():
    x = np.linspace(-1, 1, 21)
    saddle = x[:, None] * x[None, :]
    assert len(outlines(x, x, saddle, -0.25)) == 2
    assert len(outlines(x, x, np.abs(x)[:, None] + np.zeros(21), 0.5)) == 1
    assert outlines(x, x, saddle, -2.0) == ()


def test_contours_of_a_steep_bowl_are_smooth_on_a_grid_of_any_spacing():
    x, y = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 25)), np.linspace(0.0, 2.0, 25)
    steep = 40.0 * (x[:, None] ** 2 + (y[None, :] - 1.0) ** 2)
    for contour in contours_of(x, y, steep)[:5]:
        (outline,) = contour.outlines
        radius = np.hypot(outline[:, 0], outline[:, 1] - 1.0)
        assert radius == pytest.approx(np.full(len(radius), np.sqrt(contour.level / 40.0)), rel=0.02)


def test_contours_leave_a_hole_where_nothing_is_known_and_begin_at_the_lowest_value():
    x = np.linspace(-1.0, 1.0, 41)
    bowl = 30.0 + 8.0 * (x[:, None] ** 2 + x[None, :] ** 2)
    assert [c.level for c in contours_of(x, x, bowl)][:3] == [30.5, 31.0, 32.0]
    bowl[:10] = np.nan
    for contour in contours_of(x, x, bowl):
        for outline in contour.outlines:
            assert outline[:, 0].min() > x[9] - 0.03
    assert contours_of(x, x, np.full((41, 41), np.nan)) == ()


def test_the_first_two_standard_deviations_are_shown_unless_others_are_chosen(fitted):
    fit = fitted("sleepstudy", RIS)
    names = [INTERCEPT, DAYS]
    figure = landscape_figure(fit, points=9)
    assert [p.name for p in figure.parameters] == [INTERCEPT, DAYS, CORRELATION, SIGMA]
    assert list(figure.names) == names
    chosen = (CORRELATION, SIGMA)
    figure = landscape_figure(fit, chosen, points=9)
    assert figure.names == chosen
    assert figure.axes[0].bounds == (-1.0, 1.0)
    assert figure.axes[0].edges == ("correlation −1", "correlation 1")
    assert figure.held == ("SD of intercept, Subject", "SD of slope of Days, Subject")
    assert landscape_figure(fit, (DAYS, ""), points=9).names == (DAYS,)
    # What another model had gives way to what this one has.
    assert list(landscape_figure(fit, ("g: SD of x", "no"), points=9).names) == names


def test_contours_surround_the_fit_and_double(fitted):
    figure = landscape_figure(fitted("sleepstudy", RIS))
    assert [c.level for c in figure.contours][:6] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert figure.fit_difference == 0.0
    assert figure.axes[0].edges == ("no variance", "")
    for contour in figure.contours[:4]:
        (outline,) = contour.outlines
        # lme4: SD 24.7405 and 5.9221
        assert outline.min(axis=0)[0] < 24.7405 < outline.max(axis=0)[0]
        assert outline.min(axis=0)[1] < 5.9221 < outline.max(axis=0)[1]


def test_words_say_what_the_others_do(fitted):
    fit = fitted("sleepstudy", RIS)
    held = "correlation of intercept and slope of Days, Subject"
    assert landscape_figure(fit, points=41).notes == (
        f"σ and the fixed effects take their best values at every point; held as in the fit: {held}.",
    )
    profiled = landscape_figure(fit, profiled=True, points=31)
    assert profiled.notes == ("At every point all other parameters take their best values.",)
    assert profiled.held == ()
    everything = landscape_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"), points=41)
    assert everything.notes == ("σ and the fixed effects take their best values at every point.",)
    with_sigma = landscape_figure(fit, sigma_follows=False, points=41)
    assert with_sigma.notes[0].endswith("the other 2 parameters are held as in the fit.")


def test_words_say_how_far_the_plane_of_the_handle_is_from_the_fit(fitted):
    fit = fitted("sleepstudy", RIS)
    space = CovarianceSpace(fit)
    base = space.moved(space.best, Coordinate(0, (0, 1)), -0.9)
    figure = landscape_figure(fit, base=base, points=9)
    assert figure.base[CORRELATION] == -0.9
    lowest = float(figure.difference.min())
    assert lowest > 5.0
    assert f"The lowest point here is {lowest:.1f} above the best fit." in figure.notes
    # Levels are round wherever the lowest point is: a whole number and 0.5, 1, 2, …
    doubling = [0.5 * 2.0**k for k in range(14)]
    assert all(c.level > lowest and c.level - round(lowest) in doubling for c in figure.contours)
    assert len(figure.contours) > 3
    assert "held where the handle is" in figure.notes[0]


def test_a_correlation_that_others_limit_is_shown_whole_with_its_limits_named(fitted):
    fit = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    chosen = ("Worker: SD of Intercept", "Worker: correlation of MachineB and MachineC")
    axis = landscape_figure(fit, chosen, points=9).axes[1]
    assert axis.reach == (-1.0, 1.0)
    assert axis.bounds[1] == pytest.approx(0.638, abs=1e-3)
    assert axis.edges[1] == "limit 0.64"


def test_axes_name_their_grouping_factor_only_where_there_are_several(fitted):
    alone = landscape_figure(fitted("sleepstudy", RIS), points=9)
    assert alone.axis_titles == ("SD of intercept", "SD of slope of Days")
    assert [p.effects for p in alone.parameters] == [(0,), (1,), (0, 1), ()]
    nested = landscape_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"), points=9)
    assert nested.axis_titles == ("SD of intercept, batch", "SD of intercept, batch:cask")


def test_a_coarse_grid_says_so(fitted):
    assert "drawn from 9 × 9 points" in landscape_figure(fitted("sleepstudy", RIS), points=9).notes[-1]


def test_one_parameter_makes_a_curve_and_sigma_can_be_put_beside_it(fitted):
    fit = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    figure = landscape_figure(fit)
    assert len(figure.axes) == 1
    assert figure.contours == ()
    assert figure.difference.shape == (161,)
    # lme4: REML criterion 326.0232 at 0, 319.6543 at the fit
    assert figure.difference[0] == pytest.approx(6.3690, abs=1e-3)
    assert landscape_figure(fit, ("Batch: SD of Intercept", SIGMA), points=9).names[1] == SIGMA


def test_a_fit_that_was_stopped_is_not_called_the_lowest_point(fitted):
    fit = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    assert landscape_figure(fit).reference == "the fit"
    stopped = replace(fit, objective=fit.objective + 1.5)
    figure = landscape_figure(stopped)
    assert figure.reference == "the lowest point"
    assert figure.fit_difference == pytest.approx(1.5, abs=1e-2)
    assert figure.difference.min() == 0.0
    assert any("not at the lowest point" in note for note in figure.notes)


def test_the_ways_down_are_told_apart_by_where_they_began():
    difference = np.array([9.0, 4.0, 5.0, 1.0, 7.0, 8.0, 3.0])
    starts = np.array([0, 0, 0, 0, 1, 1, 1])
    assert lower_than_before(difference, starts).tolist() == [True, True, False, True, True, False, True]


def test_the_table_has_the_fit_every_evaluation_and_the_grid(fitted):
    fit = fitted("sleepstudy", RIS)
    figure = landscape_figure(fit, points=9)
    table = figure.table()
    assert table.columns == ("Point", INTERCEPT, DAYS, "REML criterion: difference")
    assert len(table.rows) == 1 + len(fit.log.objective) + 81
    assert table.rows[0] == ("Fit", pytest.approx(24.7405, abs=1e-3), pytest.approx(5.9221, abs=1e-3), 0.0)
    assert table.rows[1][0] == "Evaluation 1"
    assert table.rows[-1][0] == "Grid"


def test_two_correlations_of_one_term_are_offered_together_where_the_others_follow(fitted):
    fit = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    partners = {p.name: p.partners for p in landscape_figure(fit, points=9).parameters}
    assert len(partners["Worker: SD of Intercept"]) == 6
    assert partners["Worker: correlation of Intercept and MachineB"] == (
        "Worker: SD of Intercept", "Worker: SD of MachineB", "Worker: SD of MachineC", SIGMA,
    )  # fmt: skip
    profiled = {p.name: p.partners for p in landscape_figure(fit, profiled=True, points=9).parameters}
    assert len(profiled["Worker: correlation of Intercept and MachineB"]) == 6
