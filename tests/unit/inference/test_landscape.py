"""The criterion over standard deviations, correlations and σ, against lme4's deviance and profiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.landscape.others import BestOthers, can_hold
from mmgui.inference.landscape.surface import Others, Surface, can_share, landscape
from mmgui.inference.likelihood.covariance_point import SIGMA, Coordinate, CovarianceSpace, coordinates_of

FitOf = Callable[..., Fit]

RIS = "Reaction ~ Days + (Days | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
MACHINES = "score ~ Machine + (Machine | Worker)"
FIRST, SECOND = Coordinate(0, (0,)), Coordinate(0, (1,))
CORRELATION = Coordinate(0, (0, 1))
PROFILED = Others(profiled=True)


def surface(fit: Fit, *chosen: Coordinate, others: Others | None = None) -> Surface:
    return Surface(CovarianceSpace(fit), chosen, Others() if others is None else others)


# teaching.json sleepstudy.deviance_at_theta: θ = (1, 0, 1), (0, 0, 0), (0.5, 0, 0.5)
@pytest.mark.parametrize(
    ("relative", "deviance"), [(1.0, 1784.64229619245), (0.0, 1900.29305635636), (0.5, 1770.17560648536)]
)
def test_uncorrelated_intercepts_and_slopes_have_lme4s_deviance(
    fitted: FitOf, relative: float, deviance: float
) -> None:
    space = CovarianceSpace(fitted("sleepstudy", RIS, False))
    point = space.point(np.array([relative, 0.0, relative]))
    assert space.criterion(point) == pytest.approx(deviance, abs=1e-7)
    values = tuple(point.value(c) for c in (FIRST, SIGMA))
    # With σ on an axis the landscape is the same at that point.
    there = Surface(space, (FIRST, SIGMA), Others(), point)
    assert there.at(values)[0] == pytest.approx(deviance, abs=1e-7)


# teaching.json sleepstudy.profile_ML_ris.zeta: lme4's profile, ζ² = deviance held there - deviance.
@pytest.mark.parametrize(
    ("coordinate", "value", "zeta"),
    [
        (SECOND, 2.009355472291, -4.290832373802),
        (SECOND, 3.596767488679, -2.212764244983),
        (SECOND, 8.550475907658, 1.85813571707),
        (SECOND, 14.958527960524, 4.061461392781),
        (FIRST, 11.580165280958, -2.602384227013),
        (FIRST, 40.690990675958, 2.269835687341),
        (CORRELATION, -0.4785793033785, -1.947412056252),
        (CORRELATION, 0.8097000725883, 2.400261246359),
        (SIGMA, 22.664591589405, -2.148300730091),
        (SIGMA, 29.167847652074, 2.126957615536),
    ],
)
def test_profiled_over_one_parameter_it_is_the_square_of_lme4s_zeta(
    fitted: FitOf, coordinate: Coordinate, value: float, zeta: float
) -> None:
    fit = fitted("sleepstudy", RIS, False)
    found, _ = surface(fit, coordinate, others=PROFILED).at((value,))
    # lme4 stops 2e-4 from the lowest deviance at the smaller σ.
    assert found - fit.objective == pytest.approx(zeta**2, abs=3e-4)


def test_profiled_over_two_parameters_its_lowest_row_is_the_profile_over_one(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS, False)
    found = landscape(fit, SECOND, FIRST, others=PROFILED, points=15)
    alone = surface(fit, SECOND, others=PROFILED)
    for value, row in zip(found.axes[0].values[1::3], found.criterion[1::3], strict=True):
        one = alone.at((float(value),))[0]
        assert row.min() >= one - 1e-6
        assert row.min() - one < 1.0


def test_profiled_it_is_never_above_the_landscape_with_the_others_held(fitted: FitOf) -> None:
    fit = fitted("Machines", MACHINES)
    for pair in ((FIRST, SECOND), (SECOND, CORRELATION), (FIRST, SIGMA)):
        profiled, held = surface(fit, *pair, others=PROFILED), surface(fit, *pair)
        for scale in (0.5, 0.9, 1.4):
            values = tuple(scale * held.estimate(c) for c in pair)
            assert profiled.at(values)[0] <= held.at(values)[0] + 1e-6


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [
        ("sleepstudy", RIS),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Machines", MACHINES),
        ("Machines", "score ~ Machine + cs(0 + Machine | Worker)"),
        ("Machines", "score ~ Machine + ar1(0 + Machine | Worker)"),
        ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
    ],
)
def test_the_best_others_keep_what_is_held_and_have_the_criterion_said(
    fitted: FitOf, dataset: str, formula: str
) -> None:
    fit = fitted(dataset, formula)
    space = CovarianceSpace(fit)
    for one, other in combinations(space.coordinates, 2):
        if not can_hold(one, other, fit.design):
            continue
        start = space.best
        for c in (one, other):
            start = space.moved(start, c, 0.8 * start.value(c) + 0.05)
        found, value = BestOthers(fit.design, (one, other)).at(start)
        assert found.value(one) == start.value(one)
        assert found.value(other) == start.value(other)
        assert space.criterion(found) == pytest.approx(value, abs=1e-8)
        assert value <= space.criterion(start) + 1e-5
        assert value >= fit.objective - 1e-6


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
def test_a_standard_deviation_and_sigma_have_lme4s_criterion(
    fitted: FitOf, dataset: str, reml: bool, expected: tuple[float, ...]
) -> None:
    space = CovarianceSpace(fitted(dataset, "Yield ~ 1 + (1 | Batch)", reml))
    plane = Surface(space, (FIRST, SIGMA), Others())
    line = Surface(space, (FIRST,), Others())
    for theta, criterion in zip((0.0, 0.5, 1.0, 2.0, 3.0), expected, strict=True):
        point = space.point(np.array([theta]))
        sd = point.value(FIRST)
        assert plane.at((sd, point.sigma))[0] == pytest.approx(criterion, abs=2e-8)
        # The best σ at this SD is lower still: at θ it is best for SD / σ.
        assert line.at((sd,))[0] <= criterion + 2e-8


def test_the_best_sigma_is_the_lowest_of_all(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    space = CovarianceSpace(fit)
    value, point = Surface(space, (FIRST, SECOND), Others()).at((10.0, 9.0))
    for factor in (0.98, 1.02):
        beside = space.moved(point, SIGMA, factor * point.sigma)
        assert space.criterion(beside) > value

    def at(log_sigma: float) -> float:
        return space.criterion(replace(point, sigma=math.exp(log_sigma)))

    # Brent's method, which knows no derivative; near a minimum it cannot tell nearer than 1e-6.
    found = minimize_scalar(at, bracket=(3.0, 3.5), tol=1e-9)
    assert point.sigma == pytest.approx(math.exp(float(found.x)), rel=1e-5)


def test_sigma_stays_where_it_is_held(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    space = CovarianceSpace(fit)
    base = space.moved(space.best, SIGMA, 40.0)
    held = Surface(space, (FIRST, SECOND), Others(sigma_follows=False), base)
    value, point = held.at((10.0, 9.0))
    assert point.sigma == 40.0
    assert value == pytest.approx(space.criterion(point))


def test_the_others_stay_where_the_base_is(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    space = CovarianceSpace(fit)
    base = space.moved(space.best, CORRELATION, -0.5)
    found = landscape(fit, FIRST, SECOND, base=base, points=9)
    _, point = Surface(space, (FIRST, SECOND), Others(), base).at((10.0, 9.0))
    assert point.value(CORRELATION) == -0.5
    # The lowest point on this plane is above the fit, as far as the correlation is from its estimate.
    assert found.criterion.min() > fit.objective + 1.0


def test_the_grid_reaches_from_the_boundary_past_the_fit(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    found = landscape(fit, FIRST, SECOND, points=15)
    assert found.criterion.shape == (15, 15)
    assert (found.criterion >= fit.objective - 1e-7).all()
    for axis, sd in zip(found.axes, (24.7405, 5.9221), strict=True):
        assert axis.values[0] == 0.0
        assert axis.estimate == pytest.approx(sd, abs=1e-3)
        assert axis.values[-1] > 1.5 * sd


def test_the_axes_stay_where_the_base_moves_and_hold_it(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    space = CovarianceSpace(fit)
    home = landscape(fit, FIRST, SECOND, points=9)
    near = landscape(fit, FIRST, SECOND, base=space.moved(space.best, CORRELATION, 0.5), points=9)
    assert near.axes[0].values == pytest.approx(home.axes[0].values)
    far = landscape(fit, FIRST, SECOND, base=space.moved(space.best, FIRST, 90.0), points=9)
    assert far.axes[0].values[-1] == pytest.approx(99.0)


def test_a_part_of_the_axes_is_worked_out_within_what_parameters_can_be(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    found = landscape(fit, FIRST, CORRELATION, points=9, window=((-20.0, 100.0), (0.5, 3.0)))
    assert (found.axes[0].values[0], found.axes[0].values[-1]) == (0.0, 100.0)
    assert (found.axes[1].values[0], found.axes[1].values[-1]) == (0.5, 1.0)
    assert np.isfinite(found.criterion).all()
    space = CovarianceSpace(fit)
    point = space.moved(space.moved(space.best, FIRST, 100.0), CORRELATION, 0.5)
    # At the σ that is best there the criterion is no higher than at the fit's σ.
    assert fit.objective < found.criterion[-1, 0] <= space.criterion(point)


def test_a_sharp_landscape_leaves_a_far_boundary_out(fitted: FitOf) -> None:
    school = landscape(
        fitted("Hsb82", "mAch ~ cses * sector + meanses + (cses | school)"), FIRST, points=21
    ).axes[0]
    # lme4: school SD 1.5430
    assert 0.0 < school.values[0] < 1.5430 < school.values[-1]
    assert school.bounds == (0.0, np.inf)


def test_the_optimisers_way_ends_at_the_fit_in_its_own_units(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    found = landscape(fit, FIRST, CORRELATION, points=9)
    assert len(found.trail) == len(fit.log.objective) == len(found.trail_criterion)
    best = found.trail[np.argmin(found.trail_criterion)]
    assert best == pytest.approx([24.7405, 0.0656], abs=2e-3)
    space = CovarianceSpace(fit)
    # At the σ that is best there, not the fit's.
    first = space.point(fit.log.theta[0])
    assert found.trail[0] == pytest.approx([first.value(FIRST), first.value(CORRELATION)])


def test_at_a_boundary_the_landscape_rises_from_zero(fitted: FitOf) -> None:
    found = landscape(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), FIRST, points=21)
    assert found.axes[0].estimate == 0.0
    assert found.axes[0].values[0] == 0.0
    assert (np.diff(found.criterion) > 0.0).all()


def test_correlations_are_spaced_by_equal_angles_up_to_their_limits(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + ar1(0 + Machine | Worker)")
    found = landscape(fit, FIRST, CORRELATION, points=9)
    assert found.axes[1].values == pytest.approx(np.sin(np.linspace(-np.pi / 2, np.pi / 2, 9)))
    assert np.isfinite(found.criterion).all()
    held = landscape(fitted("Machines", MACHINES), FIRST, Coordinate(0, (0, 2)), points=9).axes[1]
    assert (held.values[0], held.values[-1]) == pytest.approx(held.bounds)
    assert -1.0 < held.bounds[0] < held.bounds[1] < 1.0


def test_two_correlations_of_one_block_share_a_landscape_only_where_the_others_follow(fitted: FitOf) -> None:
    fit = fitted("Machines", MACHINES)
    one, other = Coordinate(0, (0, 1)), Coordinate(0, (0, 2))
    assert not can_share(one, other, fit.design)
    assert not can_share(one, one, fit.design)
    assert can_share(one, FIRST, fit.design)
    assert can_share(one, SIGMA, fit.design)
    with pytest.raises(FitError, match="depends on the other"):
        landscape(fit, one, other)
    assert can_share(one, other, fit.design, profiled=True)
    found = landscape(fit, one, other, others=PROFILED, points=9)
    assert np.isfinite(found.criterion).all()
    assert found.axes[0].bounds == found.axes[1].bounds == (-1.0, 1.0)
    four = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)").design
    assert not can_share(Coordinate(0, (0, 1)), Coordinate(0, (2, 3)), four, profiled=True)


def test_a_slow_criterion_gets_a_coarse_grid(fitted: FitOf) -> None:
    found = landscape(fitted("sleepstudy", RIS), FIRST, SECOND, seconds=0.0)
    assert found.criterion.shape == (9, 9)


def test_it_tells_how_far_it_has_come_and_stops_with_what_is_done(fitted: FitOf) -> None:
    told: list[tuple[int, int]] = []
    found = landscape(
        fitted("sleepstudy", RIS), FIRST, SECOND, points=9, on_progress=lambda *a: told.append(a),
        should_stop=lambda: bool(told),
    )  # fmt: skip
    assert told == [(32, 81)]
    assert int(np.isfinite(found.criterion).sum()) == 32


def test_every_parameter_can_be_on_an_axis(fitted: FitOf) -> None:
    fit = fitted("Machines", MACHINES)
    assert coordinates_of(fit)[-1] == SIGMA
    for c in coordinates_of(fit):
        found = landscape(fit, c, points=9)
        assert np.isfinite(found.criterion).all()
        assert found.axes[0].values[0] <= found.axes[0].estimate <= found.axes[0].values[-1]
