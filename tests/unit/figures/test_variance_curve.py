"""The variance along a predictor: numbers of teaching.json, its minimum, and models without slopes."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.moved import MovableFit
from mmgui.figures.variance_curve import lowest_of, moved_variance_curve, variance_curve_figure

SLEEP = ("sleepstudy", "Reaction ~ Days + (Days | Subject)")
# teaching.json sleepstudy.icc_by_day (REML).
ICC = (0.4830945176897, 0.5043292601599, 0.5469877728558, 0.6007223087583, 0.6562035979304,
       0.7076000271315, 0.752373908299, 0.7900844004277, 0.8213134175524, 0.8470026716536)  # fmt: skip


def test_that_days_have_the_variances_and_iccs_of_lme4(fitted):
    figure = variance_curve_figure(fitted(*SLEEP))
    table = figure.table()
    assert table.columns == ("Days", "Subject", "Residual", "Total variance", "Total SD", "ICC of Subject")
    assert [row[0] for row in table.rows] == list(range(10))
    np.testing.assert_allclose([row[5] for row in table.rows], ICC, rtol=2e-5)
    # teaching.json sleepstudy.V_block.V, first and last diagonal entry.
    assert table.rows[0][3] == pytest.approx(1267.04016628473, rel=2e-5)
    assert table.rows[9][3] == pytest.approx(4280.72839793162, rel=2e-5)


def test_that_the_variance_is_smallest_before_the_first_day(fitted):
    (curve,) = variance_curve_figure(fitted(*SLEEP)).curves
    # teaching.json sleepstudy.icc_by_day.min_var_at.
    assert curve.lowest == pytest.approx(-0.2738505687993, abs=1e-4)
    assert not curve.lowest_in_data
    assert curve.at[0] < -0.2738 < curve.data[0] == 0.0


def test_that_responses_of_one_subject_correlate_as_in_v(fitted):
    figure = variance_curve_figure(fitted(*SLEEP))
    (curve,) = figure.curves
    first, *_, eighth, last = curve.marks
    # teaching.json sleepstudy.V_block.corr.
    assert figure.correlation(curve, "Subject", first, last) == pytest.approx(0.299941909054, abs=2e-5)
    assert figure.correlation(curve, "Subject", eighth, last) == pytest.approx(0.8332420595041, abs=2e-5)
    assert figure.sentences(curve) == (
        "The variance is smallest at Days −0.27, outside the data.",
        "Two responses of one Subject at Days 0 and 9 correlate by 0.30.",
    )


def test_that_a_factor_has_a_variance_for_each_level(fitted):
    figure = variance_curve_figure(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    (curve,) = figure.curves
    assert curve.labels == ("A", "B", "C")
    # lme4: Σ of Machine | Worker seen at each machine, the intercept with its own effect.
    sigma = np.array([16.640048669188, 34.548172928139, 13.614856214497])
    with_intercept = np.array([0.0, 11.604155836236, -5.493671228952])
    expected = sigma[0] + np.array([0.0, 1.0, 1.0]) * sigma + 2.0 * with_intercept
    np.testing.assert_allclose(curve.terms[0], [sigma[0], expected[1], expected[2]], rtol=2e-4)
    assert figure.sentences(curve)[0] == "score varies most at Machine B (SD 8.68), least at A (SD 4.19)."


def test_that_without_slopes_the_variance_is_said_to_be_the_same_everywhere(fitted):
    figure = variance_curve_figure(fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"))
    (curve,) = figure.curves
    assert figure.sentences(curve) == (
        "No effect varies between groups but the intercept, so the variance is the same everywhere.",
    )
    # lme4: 0.7169, 3.7311, 0.3024.
    (row,) = figure.table().rows
    np.testing.assert_allclose(row[1:4], [0.71691, 3.73097, 0.30241], rtol=1e-3)


def test_that_what_else_is_read_is_held(fitted):
    figure = variance_curve_figure(fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"))
    assert [c.variable for c in figure.curves] == ["x1", "x2", "x3"]
    assert figure.curves[0].others == ("x2 at −0.133", "x3 at 0.136")


def test_that_the_curve_follows_the_hand(fitted):
    fit = fitted(*SLEEP)
    figure = variance_curve_figure(fit)
    movable = MovableFit(fit)
    point = movable.with_values(movable.best, {"Subject: SD of Days": 0.0}, sigma_follows=False)
    moved = moved_variance_curve(figure, movable.moved(point, sigma_follows=False))
    (curve,) = moved.curves
    np.testing.assert_allclose(curve.total, fit.terms[0].covariance[0, 0] + fit.sigma**2, rtol=1e-9)
    assert np.isnan(curve.lowest)
    back = moved_variance_curve(figure, movable.moved(movable.best, sigma_follows=False))
    np.testing.assert_allclose(back.curves[0].total, figure.curves[0].total, rtol=1e-9)


def test_that_a_parabola_has_its_vertex_and_other_curves_their_smallest_point():
    x = np.linspace(0.0, 4.0, 41)
    assert lowest_of(x, (x + 1.5) ** 2 + 3.0) == pytest.approx(-1.5)
    assert lowest_of(x, np.abs(x - 2.0)) == pytest.approx(2.0)
    assert np.isnan(lowest_of(x, np.full_like(x, 2.0)))
