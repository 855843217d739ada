"""The criterion over standard deviations and correlations, against lme4's deviance function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.landscape import Coordinate, Surface, can_share, coordinates_of, landscape, project

FitOf = Callable[..., Fit]

RIS = "Reaction ~ Days + (Days | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
FIRST, SECOND = Coordinate(0, (0,)), Coordinate(0, (1,))
CORRELATION = Coordinate(0, (0, 1))


# lme4: lmer(Reaction ~ Days + (Days | Subject), REML = FALSE, devFunOnly = TRUE)(theta)
@pytest.mark.parametrize(
    ("relative", "deviance"),
    [((1.0, 1.0), 1784.64229619245), ((0.0, 0.0), 1900.29305635636), ((0.5, 0.5), 1770.17560648536)],
)
def test_uncorrelated_intercepts_and_slopes_have_lme4s_deviance(
    fitted: FitOf, relative: tuple[float, float], deviance: float
) -> None:
    apart, together = fitted("sleepstudy", ZCP, False), fitted("sleepstudy", RIS, False)
    sds = tuple(r * apart.sigma for r in relative)
    assert Surface(apart).at((FIRST, SECOND), sds) == pytest.approx(deviance, abs=1e-7)
    sds = tuple(r * together.sigma for r in relative)
    found = Surface(together).at((FIRST, SECOND, CORRELATION), (*sds, 0.0))
    assert found == pytest.approx(deviance, abs=1e-7)


# lme4: the criterion of Yield ~ 1 + (1 | Batch) at theta = 0, 0.5, 1, 2, 3.
@pytest.mark.parametrize(
    ("dataset", "reml", "expected"),
    [
        ("Dyestuff", True, (326.02323216, 320.87906808, 319.79238904, 323.05410154, 326.27880550)),
        ("Dyestuff", False, (332.72988597, 328.07945159, 327.76702162, 332.17797632, 336.16280301)),
        ("Dyestuff2", True, (161.82827781, 164.15523404, 168.15533601, 174.02290613, 177.85663963)),
        ("Dyestuff2", False, (162.87303665, 165.95134742, 170.90110469, 178.00777417, 182.62263142)),
    ],
)
def test_one_standard_deviation_has_lme4s_curve(
    fitted: FitOf, dataset: str, reml: bool, expected: tuple[float, ...]
) -> None:
    fit = fitted(dataset, "Yield ~ 1 + (1 | Batch)", reml)
    surface = Surface(fit)
    found = [surface.at((FIRST,), (t * fit.sigma,)) for t in (0.0, 0.5, 1.0, 2.0, 3.0)]
    assert found == pytest.approx(expected, abs=2e-8)


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [
        ("sleepstudy", RIS),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Machines", "score ~ Machine + (Machine | Worker)"),
        ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    ],
)
def test_at_the_estimates_the_criterion_is_the_fits(fitted: FitOf, dataset: str, formula: str) -> None:
    fit = fitted(dataset, formula)
    surface = Surface(fit)
    for coordinate in coordinates_of(fit):
        at = surface.at((coordinate,), (surface.estimate(coordinate),))
        assert at == pytest.approx(fit.objective, abs=1e-6), coordinate


def test_correlations_stay_where_a_standard_deviation_moves(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    surface = Surface(fit)
    theta = surface.theta((SECOND,), (12.0,))[None, :]
    assert project(fit, SECOND, theta)[0] == pytest.approx(12.0)
    # lme4: 24.7405, 0.0656
    assert project(fit, FIRST, theta)[0] == pytest.approx(24.7405, abs=1e-3)
    assert project(fit, CORRELATION, theta)[0] == pytest.approx(0.0656, abs=1e-3)


def test_other_correlations_and_standard_deviations_stay_where_a_correlation_moves(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    surface, moved = Surface(fit), Coordinate(0, (0, 2))
    low, high = surface.bounds(moved)
    for value in (low, 0.5 * (low + high), high):
        theta = surface.theta((moved,), (value,))[None, :]
        assert project(fit, moved, theta)[0] == pytest.approx(value, abs=1e-7)
        for other in set(coordinates_of(fit)) - {moved}:
            assert project(fit, other, theta)[0] == pytest.approx(surface.estimate(other), abs=1e-7)


def test_a_correlation_ends_where_the_covariance_becomes_singular(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    correlation = fit.terms[0].correlation.copy()
    for bound in Surface(fit).bounds(Coordinate(0, (0, 2))):
        correlation[0, 2] = correlation[2, 0] = bound
        assert np.linalg.eigvalsh(correlation)[0] == pytest.approx(0.0, abs=1e-9)


def test_the_grid_reaches_from_the_boundary_past_the_fit(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    found = landscape(fit, FIRST, SECOND, points=15)
    assert found.criterion.shape == (15, 15)
    assert (found.criterion >= fit.objective - 1e-7).all()
    for axis, sd in zip(found.axes, (24.7405, 5.9221), strict=True):
        assert axis.values[0] == 0.0
        assert axis.estimate == pytest.approx(sd, abs=1e-3)
        assert axis.values[-1] > 1.5 * sd
    # The edges lie 8 above the fit, or a little further.
    edge = Surface(fit).at((FIRST,), (found.axes[0].values[-1],)) - fit.objective
    assert 8.0 <= edge < 10.0


def test_a_sharp_landscape_leaves_a_far_boundary_out(fitted: FitOf) -> None:
    school = landscape(fitted("Hsb82", "mAch ~ cses * sector + meanses + (cses | school)"), FIRST).axes[0]
    # lme4: school SD 1.5430
    assert 0.0 < school.values[0] < 1.5430 < school.values[-1]
    assert school.bounds == (0.0, np.inf)


def test_the_optimisers_way_ends_at_the_fit(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    found = landscape(fit, FIRST, CORRELATION, points=9)
    assert len(found.trail) == len(fit.log.objective) == len(found.trail_criterion)
    best = found.trail[np.argmin(found.trail_criterion)]
    assert best == pytest.approx([24.7405, 0.0656], abs=2e-3)
    assert found.trail_criterion.min() == pytest.approx(1743.62827, abs=1e-4)


def test_at_a_boundary_the_landscape_rises_from_zero(fitted: FitOf) -> None:
    found = landscape(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), FIRST, points=21)
    assert found.axes[0].estimate == 0.0
    assert found.axes[0].values[0] == 0.0
    assert (np.diff(found.criterion) > 0.0).all()


def test_an_effect_without_variance_has_no_correlation_to_show(fitted: FitOf) -> None:
    fit = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    assert coordinates_of(fit) == (FIRST,)
    two = fitted("sleepstudy", RIS)
    theta = np.array([[0.0, 0.5, 1.0]])
    assert np.isnan(project(two, CORRELATION, theta)[0])


def test_two_correlations_of_one_block_do_not_share_a_landscape(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    one, other = Coordinate(0, (0, 1)), Coordinate(0, (0, 2))
    assert not can_share(one, other, fit.design)
    assert not can_share(one, one, fit.design)
    assert can_share(one, FIRST, fit.design)
    with pytest.raises(FitError, match="depends on the other"):
        landscape(fit, one, other)


def test_a_slow_criterion_gets_a_coarse_grid(fitted: FitOf) -> None:
    found = landscape(fitted("sleepstudy", RIS), FIRST, SECOND, seconds=0.0)
    assert found.criterion.shape == (9, 9)
