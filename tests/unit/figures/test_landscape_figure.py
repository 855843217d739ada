"""What the landscape shows and says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmgui.figures.contours import inner_lines, outlines
from mmgui.figures.landscape import landscape_figure

RIS = "Reaction ~ Days + (Days | Subject)"


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


def test_the_first_two_standard_deviations_are_shown_unless_others_are_chosen(fitted):
    fit = fitted("sleepstudy", RIS)
    names = [a.parameter.name for a in landscape_figure(fit, points=9).axes]
    assert names == ["Subject: SD of Intercept", "Subject: SD of Days"]
    chosen = ("Subject: correlation of Intercept and Days", "Subject: SD of Intercept")
    figure = landscape_figure(fit, chosen, points=9)
    assert tuple(a.parameter.name for a in figure.axes) == chosen
    assert figure.axes[0].bounds == (-1.0, 1.0)
    assert figure.held == ("SD of slope of Days, Subject",)
    # What another model had gives way to what this one has.
    assert [a.parameter.name for a in landscape_figure(fit, ("g: SD of x", "no"), points=9).axes] == names


def test_contours_surround_the_fit_and_double(fitted):
    figure = landscape_figure(fitted("sleepstudy", RIS))
    assert [c.level for c in figure.contours][:6] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0]
    assert figure.fit_difference == 0.0
    for contour in figure.contours[:4]:
        (outline,) = contour.outlines
        # lme4: SD 24.7405 and 5.9221
        assert outline.min(axis=0)[0] < 24.7405 < outline.max(axis=0)[0]
        assert outline.min(axis=0)[1] < 5.9221 < outline.max(axis=0)[1]


def test_words_say_what_is_held_and_in_which_units(fitted):
    figure = landscape_figure(fitted("sleepstudy", RIS))
    held = "correlation of intercept and slope of Days, Subject"
    assert figure.notes == (
        f"At every point σ and the fixed effects take their best values; held at its estimate: {held}.",
        "SD is the relative SD times σ̂ = 25.6.",
        "The optimiser's way is projected onto this plane: along it the other parameters differed.",
    )
    everything = landscape_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"))
    assert everything.notes[0] == "At every point σ and the fixed effects take their best values."
    assert len(everything.notes) == 2


def test_a_coarse_grid_says_so(fitted):
    assert "interpolated from 9 × 9 values" in landscape_figure(fitted("sleepstudy", RIS), points=9).notes[-1]


def test_one_parameter_makes_a_curve(fitted):
    figure = landscape_figure(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"))
    assert len(figure.axes) == 1
    assert figure.contours == ()
    assert figure.difference.shape == (161,)
    # lme4: REML criterion 326.0232 at 0, 319.6543 at the fit
    assert figure.difference[0] == pytest.approx(6.3690, abs=1e-3)


def test_a_fit_that_was_stopped_is_not_called_the_lowest_point(fitted):
    fit = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    assert landscape_figure(fit).reference == "the fit"
    stopped = replace(fit, objective=fit.objective + 1.5)
    figure = landscape_figure(stopped)
    assert figure.reference == "the lowest point"
    assert figure.fit_difference == pytest.approx(1.5, abs=1e-2)
    assert figure.difference.min() == 0.0
    assert any("not at the lowest point" in note for note in figure.notes)


def test_the_table_has_the_fit_every_evaluation_and_the_grid(fitted):
    fit = fitted("sleepstudy", RIS)
    figure = landscape_figure(fit, points=9)
    table = figure.table()
    assert table.columns == (
        "Point", "Subject: SD of Intercept", "Subject: SD of Days", "REML criterion: difference",
    )  # fmt: skip
    assert len(table.rows) == 1 + len(fit.log.objective) + 81
    assert table.rows[0] == ("Fit", pytest.approx(24.7405, abs=1e-3), pytest.approx(5.9221, abs=1e-3), 0.0)
    assert table.rows[1][0] == "Evaluation 1"
    assert table.rows[-1][0] == "Grid"


def test_two_correlations_of_one_term_are_not_offered_together(fitted):
    figure = landscape_figure(fitted("Machines", "score ~ Machine + (Machine | Worker)"), points=9)
    partners = {p.name: p.partners for p in figure.parameters}
    assert len(partners["Worker: SD of Intercept"]) == 5
    assert partners["Worker: correlation of Intercept and MachineB"] == (
        "Worker: SD of Intercept", "Worker: SD of MachineB", "Worker: SD of MachineC",
    )  # fmt: skip
