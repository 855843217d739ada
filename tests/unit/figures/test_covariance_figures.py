from __future__ import annotations

import numpy as np

from mmgui.figures.covariance import covariance_figures, ellipse
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
