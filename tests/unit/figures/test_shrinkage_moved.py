"""Shrinkage at moved parameters: the same numbers as a figure made anew there."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.covariance import covariance_figures
from mmgui.figures.moved import MovableFit, Moved
from mmgui.figures.shrinkage import caterpillar_figure, shrinkage_figure
from mmgui.figures.shrinkage_moved import (
    fits_the_move,
    moved_caterpillar,
    moved_correlation,
    moved_shrinkage,
    moved_variance,
)
from mmgui.figures.variance import variance_figure
from mmgui.figures.weights import kept_figure, weight_figure

SLOPES = "Reaction ~ Days + (Days | Subject)"
SD, SLOPE_SD = "Subject: SD of Intercept", "Subject: SD of Days"
RHO = "Subject: correlation of Intercept and Days"


def _moved(fit, values: dict[str, float], *, conditional: bool = True) -> Moved:
    movable = MovableFit(fit)
    point = movable.with_values(movable.best, values, sigma_follows=False)
    return movable.moved(point, sigma_follows=False, conditional=conditional)


@pytest.mark.parametrize(
    ("table", "formula", "values"),
    [
        ("sleepstudy", SLOPES, {SD: 9.0, RHO: -0.4}),
        ("sleepstudy", "Reaction ~ Days + (1 | Subject)", {SD: 9.0}),
        # Rows are unbalanced, so β̂ moves, and own estimates from which its slope is taken with it.
        ("Orthodont", "distance ~ age * Sex + (1 | Subject)", {SD: 0.5}),
    ],
)
def test_that_a_moved_figure_is_the_one_made_anew(fitted, table, formula, values):
    fit = fitted(table, formula)
    moved = _moved(fit, values)
    figure = moved_shrinkage(shrinkage_figure(fit, 0), moved)
    anew = shrinkage_figure(moved.fit, 0)
    for name in ("own", "model", "centre", "covariance", "weights"):
        np.testing.assert_allclose(getattr(figure, name), getattr(anew, name), atol=1e-9, err_msg=name)
    assert figure.best is not None
    np.testing.assert_array_equal(figure.best.model, shrinkage_figure(fit, 0).model)


def test_that_without_variance_every_group_slides_to_the_average(fitted):
    fit = fitted("sleepstudy", SLOPES)
    best = shrinkage_figure(fit, 0)
    flat = moved_shrinkage(best, _moved(fit, {SD: 0.0}))
    np.testing.assert_allclose(flat.model[:, 0], flat.centre[0])
    assert flat.collapse == "Intercept does not vary: the ellipses are flat."
    none = moved_shrinkage(best, _moved(fit, {SD: 0.0, SLOPE_SD: 0.0}))
    np.testing.assert_allclose(none.model, np.tile(none.centre, (18, 1)))
    np.testing.assert_array_equal(none.weights, np.zeros((18, 2, 2)))
    assert none.collapse == "No variance: every group stands at the average."


def test_that_a_correlation_of_one_lays_all_groups_on_a_line_that_is_named(fitted):
    fit = fitted("sleepstudy", SLOPES)
    figure = moved_shrinkage(shrinkage_figure(fit, 0), _moved(fit, {RHO: 1.0}))
    off = figure.model - figure.centre
    # The line's slope is the ratio of the SDs, 5.922/24.741 (lme4).
    np.testing.assert_allclose(off[:, 1] / off[:, 0], 0.239369, atol=1e-4)
    assert figure.collapse == (
        "The ellipses are a line: correlation 1. "
        "A group 1 higher in Intercept is 0.239 higher in Slope of Days."
    )
    assert shrinkage_figure(fit, 0).collapse == ""


def test_that_the_caterpillar_has_no_sd_where_none_was_computed(fitted):
    fit = fitted("sleepstudy", SLOPES)
    best = caterpillar_figure(fit, 0)
    moved = moved_caterpillar(best, _moved(fit, {SD: 9.0}))
    np.testing.assert_allclose(moved.sd, _moved(fit, {SD: 9.0}).fit.terms[0].conditional_sd)
    assert np.isnan(moved_caterpillar(best, _moved(fit, {SD: 9.0}, conditional=False)).sd).all()
    nothing = moved_caterpillar(best, _moved(fit, {SD: 0.0, SLOPE_SD: 0.0}))
    np.testing.assert_array_equal(nothing.sd, np.zeros((18, 2)))


def test_that_components_and_correlations_follow(fitted):
    fit = fitted("sleepstudy", SLOPES)
    moved = _moved(fit, {SD: 9.0, RHO: -0.4})
    figure = moved_variance(variance_figure(fit), moved)
    # σ is that of the fit, 25.5918 (lme4).
    assert [round(r.sd, 3) for r in figure.rows] == [9.0, 5.922, 25.592]
    assert [r.share for r in figure.rows] == [r.share for r in variance_figure(moved.fit).rows]
    assert moved_correlation(covariance_figures(fit)[0], moved).correlation[0, 1] == pytest.approx(-0.4)


def test_that_a_figure_of_another_model_does_not_follow(fitted):
    other = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    moved = _moved(fitted("sleepstudy", SLOPES), {SD: 9.0})
    assert not fits_the_move(shrinkage_figure(other, 0), moved)


def test_that_weights_say_what_groups_keep(fitted):
    balanced = weight_figure(shrinkage_figure(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), 0))
    # teaching.json, Dyestuff/shrinkage: 0.78253; σ²/τ² = 2451.25/1764.05.
    assert balanced.sentence() == "Balanced: all 6 groups have 5 rows and keep 78 %."
    assert balanced.half == pytest.approx(1.38956, abs=1e-4)
    assert balanced.curve(np.array([5.0]))[0] == pytest.approx(0.78253, abs=1e-4)
    zero = weight_figure(shrinkage_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), 0))
    assert zero.sentence() == "No variance: nothing of a group's own estimate is kept."
    assert zero.table().rows[0] == ("A", 5, 5.0, 0.0, 0.0)


def test_that_weights_beside_other_terms_are_told_apart_from_the_curve(fitted):
    figure = weight_figure(shrinkage_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"), 0))
    assert not figure.alone
    assert figure.weights[0] < 0.4 < 0.9 < figure.curve(np.array([6.0]))[0]
    assert figure.sentence().endswith("The curve: were the other terms known.")


def test_that_what_is_kept_of_several_effects_is_said_for_each(fitted):
    figure = kept_figure(shrinkage_figure(fitted("sleepstudy", SLOPES), 0))
    # teaching.json: W = [[0.7513, 0.6796], [0.0376, 0.8382]].
    assert figure.sentence() == "A group keeps of its own Intercept 75 %, of its Slope of Days 84 %."
    assert figure.across() == (
        "1 more in its own Slope of Days adds 0.680 to its Intercept, "
        "1 more in Intercept adds 0.0376 to its Slope of Days."
    )
    assert weight_figure(shrinkage_figure(fitted("sleepstudy", SLOPES), 0)) is None


def test_that_some_of_many_effects_can_be_shown(fitted):
    whole = shrinkage_figure(fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"), 0)
    some = whole.with_effects((1, 3))
    assert some.effects == ("x1", "x3")
    np.testing.assert_array_equal(some.model, whole.model[:, [1, 3]])
    np.testing.assert_array_equal(some.weights[0], whole.weights[0][np.ix_([1, 3], [1, 3])])
    assert whole.with_effects((0, 1, 2, 3)) is whole
    # The whole term has a direction without variance; the pair has none.
    assert whole.collapse.startswith("Across the groups of g, nothing varies along")
    assert some.collapse == ""
