"""The fit without one group behind the pictures of the whole fit, against lme4's refit without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmgui.figures.ghosts import groups_ghost, shrinkage_ghost
from mmgui.figures.groups import groups_figure
from mmgui.figures.influence import deletion_ghost, influence_figure
from mmgui.figures.shrinkage import shrinkage_figure

SLOPES = "Reaction ~ Days + (Days | Subject)"
# teaching.json, sleepstudy.influence, without 335: fixef_minus; varcomp_minus, whose optimiser stops 1e-3
# short.
INTERCEPT, SLOPE = 250.72101144385, 11.252481247772
VARIANCE, COVARIANCE, SLOPE_VARIANCE = 644.867801292536, 19.935779016021, 25.596527574322


@pytest.fixture
def without_335(fitted):
    ghost = deletion_ghost(fitted("sleepstudy", SLOPES), "Subject", "335")
    assert ghost is not None
    return ghost


def test_that_one_refit_is_the_one_of_leaving_out_all_groups_in_turn(fitted, without_335):
    of_all = influence_figure(fitted("sleepstudy", SLOPES), "Subject").ghost("335")
    assert of_all is not None
    np.testing.assert_allclose(without_335.beta, of_all.beta, rtol=1e-9)
    np.testing.assert_allclose(without_335.covariances[0], of_all.covariances[0], rtol=1e-9)
    assert without_335.table().rows[1] == ("Days", pytest.approx(10.46728596), pytest.approx(SLOPE))


def test_that_the_line_of_groups_is_the_fixed_effects_without_the_group(fitted, without_335):
    figure = groups_figure(fitted("sleepstudy", SLOPES), 0)
    ghost = groups_ghost(figure, without_335)
    assert ghost is not None
    assert (ghost.name, figure.levels[ghost.group]) == ("without 335", "335")
    np.testing.assert_allclose(ghost.without, INTERCEPT + SLOPE * figure.x, rtol=1e-8)
    # lme4: fixef of the whole fit.
    np.testing.assert_allclose(ghost.average, 251.405104848 + 10.467285959 * figure.x, rtol=1e-8)
    table = ghost.beside(figure.table())
    assert table.columns[-2:] == ("Average", "Average without 335")
    assert table.rows[0][-2:] == (pytest.approx(251.405104848), pytest.approx(INTERCEPT, rel=1e-8))
    assert len(table.rows) == 180


def test_that_shrinkage_has_the_centre_and_the_covariance_without_the_group(fitted, without_335):
    figure = shrinkage_figure(fitted("sleepstudy", SLOPES), 0)
    ghost = shrinkage_ghost(figure, without_335)
    assert ghost is not None
    np.testing.assert_allclose(ghost.centre, [INTERCEPT, SLOPE], rtol=1e-8)
    expected = [[VARIANCE, COVARIANCE], [COVARIANCE, SLOPE_VARIANCE]]
    np.testing.assert_allclose(ghost.covariance, expected, rtol=1e-3)
    table = ghost.beside(figure.table(), figure.effects)
    assert table.columns[-5:] == (
        "(Intercept) common without 335",
        "Days common without 335",
        "(Intercept) SD without 335",
        "Days SD without 335",
        "Correlation (Intercept), Days without 335",
    )
    correlation = COVARIANCE / np.sqrt(VARIANCE * SLOPE_VARIANCE)
    expected = [INTERCEPT, SLOPE, np.sqrt(VARIANCE), np.sqrt(SLOPE_VARIANCE), correlation]
    np.testing.assert_allclose(table.rows[0][-5:], expected, rtol=1e-3)
    slopes = shrinkage_ghost(figure.with_effects((1,)), without_335)
    assert slopes is not None
    np.testing.assert_allclose(slopes.centre, [SLOPE], rtol=1e-8)
    np.testing.assert_allclose(slopes.covariance, [[SLOPE_VARIANCE]], rtol=1e-3)


def test_that_other_terms_show_the_ghost_of_a_group_that_is_not_theirs(fitted):
    fit = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    ghost = deletion_ghost(fit, "batch", "E")
    casks = next(k for k, t in enumerate(fit.terms) if t.grouping != "batch")
    assert groups_ghost(groups_figure(fit, casks), ghost) is None
    shown = shrinkage_ghost(shrinkage_figure(fit, casks), ghost)
    assert shown is not None
    # lmer on Pastes without batch E.
    assert shown.centre[0] == pytest.approx(60.5148148148, rel=1e-8)


def test_that_nothing_is_shown_of_another_fit(fitted, without_335):
    other = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    assert groups_ghost(groups_figure(other, 0), without_335) is None
    assert shrinkage_ghost(shrinkage_figure(other, 0), without_335) is None
    assert groups_ghost(groups_figure(without_335.fit, 0), None) is None


def test_that_a_ghost_without_all_fixed_effects_is_not_drawn(fitted, without_335):
    unknown = replace(without_335, beta=np.array([250.0, np.nan]))
    fit = fitted("sleepstudy", SLOPES)
    assert groups_ghost(groups_figure(fit, 0), unknown) is None
    assert shrinkage_ghost(shrinkage_figure(fit, 0), unknown) is None
