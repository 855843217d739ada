from __future__ import annotations

import numpy as np

from mmgui.figures.covariance import covariance_figures, ellipse, moved_covariance
from mmgui.figures.moved import MovableFit
from mmgui.figures.singularity import combination


def test_that_free_tells_parameters_from_fixed_zeros(fitted):
    (figure,) = covariance_figures(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)"))
    assert figure.free.tolist() == [[True, False], [False, True]]


def test_that_undefined_correlations_are_missing_in_the_table(fitted):
    (figure,) = covariance_figures(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    assert figure.rank == 0
    assert figure.direction == "Intercept has no variance between the groups of Batch."
    assert figure.table().rows == (("(Intercept)", "(Intercept)", 0.0, 1.0, 0.0),)


def test_that_ninety_percent_ellipse_reaches_two_point_one_four_six_sd():
    # sqrt(qchisq(.9, 2)) = 2.145966
    outline = ellipse(np.diag([4.0, 1.0]), np.array([1.0, 0.0]), 0.9)
    np.testing.assert_allclose(outline[:, 0].max(), 1 + 2 * 2.145966, atol=1e-5)


def test_that_singular_covariance_collapses_to_a_line():
    outline = ellipse(np.array([[4.0, 2.0], [2.0, 1.0]]), np.zeros(2), 0.5)
    np.testing.assert_allclose(outline[:, 0], 2 * outline[:, 1], atol=1e-6)


def test_that_directions_lead_with_a_positive_largest_part_and_drop_what_is_tiny():
    assert combination(np.array([-0.6, 0.8, 0.01]), ("a", "b", "c")) == "−0.60 × a + 0.80 × b"
    assert combination(np.array([-0.8, 0.6, 0.0]), ("a", "b", "c")) == "0.80 × a − 0.60 × b"


def test_that_entries_of_the_factor_are_named_as_in_the_trace(fitted):
    (figure,) = covariance_figures(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"))
    # lme4: theta 0.9667, 0.0152, 0.2309.
    assert [(n, round(v, 4)) for n, v in figure.parameters] == [
        ("Intercept", 0.9667),
        ("Days with Intercept", 0.0152),
        ("Days", 0.2309),
    ]
    assert figure.factor_name(1, 0) == "Days with Intercept"
    assert figure.factor_is_zero(0, 1)
    assert not figure.factor_is_zero(1, 0)
    assert figure.labels == ("1", "Days")


def test_that_levels_of_a_factor_belong_to_its_slope(fitted):
    (figure,) = covariance_figures(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    assert figure.labels == ("1", "Machine", "Machine")


def test_that_a_patterned_term_says_what_its_factor_follows_from(fitted):
    (figure,) = covariance_figures(fitted("Machines", "score ~ Machine + homcs(0 + Machine | Worker)"))
    assert [n for n, _ in figure.parameters] == ["all effects", "cor. of all pairs"]
    assert figure.factor_name(1, 0) == ""


def test_that_the_line_of_regression_is_covariance_over_variance(fitted):
    (figure,) = covariance_figures(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"))
    # lme4: covariance 9.6044, variances 612.10 and 35.07.
    np.testing.assert_allclose(figure.slope_on(0, 1), 9.6044 / 612.10, rtol=2e-3)


def test_that_sigma_follows_the_hand_to_the_boundary(fitted):
    fit = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    (figure,) = covariance_figures(fit)
    movable = MovableFit(fit)
    name = "Subject: correlation of Intercept and Days"
    point = movable.with_values(movable.best, {name: 1.0}, sigma_follows=False)
    moved = moved_covariance(figure, movable.moved(point, sigma_follows=False))
    assert moved.rank == 1
    np.testing.assert_allclose(moved.correlation, 1.0)
    assert moved.directions.verdict.startswith("2 effects vary in 1 direction: singular.")
    assert moved.direction.startswith(
        "Across the groups of Subject, Intercept and Days rise and fall together"
    )
    # The slope of a group is then its intercept times the ratio of the SDs.
    ratio = moved.sd[1] / moved.sd[0]
    np.testing.assert_allclose(moved.modes[:, 1], ratio * moved.modes[:, 0], atol=1e-6)
