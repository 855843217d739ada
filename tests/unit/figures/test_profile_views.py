"""Profiles as densities, in pairs, on other scales, beside Wald, with the moved model on them."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.figures.moved import MovableFit
from mmgui.figures.profile import ProfileFigure, profile_figure
from mmgui.figures.profile_density import density_of, density_table, normal_density
from mmgui.figures.profile_moved import moved_beads
from mmgui.figures.profile_pairs import joint_radius, pairs_table, profile_pair, wald_ellipse, zeta_at
from mmgui.figures.profile_scale import Scale, on_scale, profile_on

RIS = "Reaction ~ Days + (Days | Subject)"


@cache
def profiled(fit: Fit) -> ProfileFigure:
    return profile_figure(fit)


@pytest.fixture
def sleepstudy(fitted):
    return profiled(fitted("sleepstudy", RIS, reml=False))


def test_that_zeta_is_lme4s_along_every_curve(sleepstudy):
    # teaching.json, sleepstudy.profile_ML_ris.zeta: (value, zeta) of lme4's profile
    expected = {
        0: [(11.580165280958, -2.602384227013), (23.779759589458, 0.0), (36.466249613104, 1.820638193887)],
        1: [(-0.4785793033785, -1.947412056252), (0.3378589861724, 0.7950946521408)],
        2: [(4.057993506178, -1.654055876574), (9.4908842465, 2.304880922249)],
        3: [(23.344217124893, -1.609291274102), (30.103147911814, 2.613910419661)],
        4: [(237.46149960337, -1.988087312877), (261.701305509712, 1.503933182641)],
        5: [(7.309004483834, -1.988087350804), (13.622501707142, 1.986354437035)],
    }
    for k, points in expected.items():
        values, zeta = np.array(points).T
        assert zeta_at(sleepstudy.profiles[k], values) == pytest.approx(zeta, abs=2e-3)


def test_that_limits_at_95_and_99_percent_are_lme4s(sleepstudy):
    # teaching.json, sleepstudy.profile_ML_ris.ci95 and .ci99
    expected = [
        ((14.381484399601, 37.71601874028), (11.697964515019, 43.924862873213)),
        ((-0.4815004080572, 0.684985892413), (-0.6111834722016, 0.8620229261822)),
        ((3.801164762383, 8.753386766561), (3.313161322177, 10.130578023176)),
        ((22.898266215013, 28.857997322742), (22.149064366086, 30.028253423997)),
        ((237.680695469373, 265.129514691758), (232.619538530182, 270.19066739621)),
        ((7.358653295307, 13.575918741498), (6.212281309512, 14.72228988876)),
    ]
    for profile, (at_95, at_99) in zip(sleepstudy.profiles, expected, strict=True):
        assert profile.interval(0.95) == pytest.approx(at_95, rel=1e-4, abs=2e-4)
        assert profile.interval(0.99) == pytest.approx(at_99, rel=1e-4, abs=2e-4)


def test_that_a_random_intercept_has_the_intervals_of_lme4(fitted):
    # teaching.json, sleepstudy.profile_ML_ri.ci95_mat
    figure = profile_figure(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)", reml=False))
    expected = [
        (26.007120448066, 52.935983529631),
        (27.81384720813, 34.591049857869),
        (231.992326372124, 270.817883468577),
        (8.88655095805, 12.048020962009),
    ]
    for profile, wanted in zip(figure.profiles, expected, strict=True):
        assert profile.interval() == pytest.approx(wanted, rel=1e-4)


def test_that_densities_are_lme4s(sleepstudy):
    # lme4:::dens(profile(fit, signames = FALSE), npts = 7)
    expected = {
        0: [(16.128175956, 0.026639263206), (22.932482322, 0.072902010014), (36.541095054, 0.00850015696)],
        1: [(0.144959636, 1.206723065367), (0.708137728, 0.176886596199)],
        2: [(5.788595373, 0.330588588237), (8.652502770, 0.032321755591)],
        4: [(251.405110013, 0.060150364623)],
    }
    for k, points in expected.items():
        found = density_of(sleepstudy.profiles[k])
        x, wanted = np.array(points).T
        assert np.interp(x, found.values, found.density) == pytest.approx(wanted, rel=5e-3)


def test_that_what_lies_at_an_end_of_the_range_is_told(fitted, sleepstudy):
    singular = profiled(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml=False))
    # ζ is 0 at the estimate 0: half of the distribution lies there
    assert density_of(singular.profiles[0]).at_ends == (0.5, 0.0)
    shares = [row for row in density_table(singular).rows if row[4] is not None]
    assert shares == [("Batch", "SD of Intercept", 0.0, None, 0.5)]
    # pnorm(2.977583, lower.tail = FALSE): lme4's ζ where ρ is 1
    assert density_of(sleepstudy.profiles[1]).at_ends[1] == pytest.approx(0.00145268, rel=1e-3)


def test_that_traces_of_a_pair_are_lme4s(sleepstudy):
    # lme4: interpSpline of ζ_j on ζ_i along profile i, at ± sqrt(qchisq(c(0.5, 0.95), 2))
    expected = {
        (0, 2): [-0.0316411564, -0.0809157591, 0.0336540008, 0.0942786648],
        (4, 5): [0.164851050, 0.366057413, -0.165056213, -0.366358839],
        (0, 1): [0.340168451, 0.945698845, -0.288513861, -0.611935743],
    }
    radii = np.array([joint_radius(0.5), joint_radius(0.95)])
    for (i, j), wanted in expected.items():
        pair = profile_pair(sleepstudy, i, j, (0.5, 0.95))
        assert pair is not None
        found = np.interp(np.array([*-radii, *radii]), *pair.trace_across.T)
        assert found == pytest.approx(wanted, abs=0.02)


def test_that_contours_reach_as_far_as_lme4s(sleepstudy):
    # lme4:::cont at 95 %, through the backward splines: ranges of the first and of the second parameter
    expected = {
        (0, 2): ((12.2622249, 42.5309995), (3.41234087, 9.82084574)),
        (0, 3): ((12.2622249, 42.5324080), (22.3015363, 29.7773016)),
        (4, 5): ((233.721504, 269.087621), (6.46291509, 14.47244551)),
        (0, 1): ((12.2622249, 42.5308904), (-0.586283861, 0.823546917)),
    }
    for (i, j), ranges in expected.items():
        pair = profile_pair(sleepstudy, i, j, (0.95,))
        assert pair is not None
        for k, wanted in enumerate(ranges):
            found = pair.values[0][:, k]
            assert (found.min(), found.max()) == pytest.approx(wanted, rel=1e-3, abs=1e-3)


def test_that_contours_end_at_the_end_of_a_range(fitted):
    figure = profiled(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml=False))
    pair = profile_pair(figure, 0, 1, (0.95,))
    assert pair is not None
    assert pair.values[0][:, 0].min() == 0.0
    assert pair.values[0][:, 0].max() > 2.0


def test_that_pairs_are_in_the_table_point_by_point(sleepstudy):
    table = pairs_table(sleepstudy, (0.5, 0.95), (0, 1, 2))
    assert table.columns[:3] == ("Across", "Up", "Level")
    assert len(table.rows) == 3 * 2 * 121


def test_that_standard_errors_are_those_of_the_curvature(sleepstudy):
    # lme4: sqrt(diag(vcov(fit))) of the ML fit: 6.632258, 1.502229
    assert [p.se for p in sleepstudy.profiles[4:]] == pytest.approx([6.632258, 1.502229], rel=1e-4)
    low, high = sleepstudy.profiles[5].wald()
    assert (low, high) == pytest.approx(
        (10.467286 - 1.959964 * 1.502229, 10.467286 + 1.959964 * 1.502229), rel=1e-4
    )
    # the peak of a normal density with that standard error
    at = np.array([sleepstudy.profiles[5].estimate])
    assert normal_density(sleepstudy.profiles[5], at) == pytest.approx(0.3989423 / 1.502229, rel=1e-4)


def test_that_a_wald_ellipse_has_the_correlation_of_the_estimates(sleepstudy):
    pair = profile_pair(sleepstudy, 4, 5, (0.95,))
    assert pair is not None
    # lme4: cov2cor(vcov(fit))[1, 2] of the ML fit is -0.1375...: the slope of the traces at the estimate
    assert np.corrcoef(wald_ellipse(pair, 0.95)[:-1].T)[0, 1] == pytest.approx(pair.slopes[0], abs=1e-3)
    assert pair.slopes == pytest.approx((-0.13756, -0.13756), abs=1e-4)


def test_that_zeta_is_the_same_on_every_scale(sleepstudy):
    sd = sleepstudy.profiles[2]
    log, variance = profile_on(sd, Scale.LOG), profile_on(sd, Scale.VARIANCE)
    assert (log.name, variance.name) == ("log SD of Days", "variance of Days")
    assert log.interval() == pytest.approx((math.log(3.801165), math.log(8.753387)), abs=1e-4)
    assert variance.interval() == pytest.approx((3.801165**2, 8.753387**2), rel=1e-4)
    assert (log.zeta == sd.zeta).all()
    assert log.se == pytest.approx(sd.se / sd.estimate)
    assert variance.se == pytest.approx(2.0 * sd.estimate * sd.se)
    assert profile_on(sleepstudy.profiles[1], Scale.LOG) is sleepstudy.profiles[1]
    assert [p.name for p in on_scale(sleepstudy, Scale.VARIANCE).profiles][3] == "variance (σ²)"


def test_that_the_logarithm_of_no_variance_is_minus_infinity(fitted):
    figure = profiled(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml=False))
    log = profile_on(figure.profiles[0], Scale.LOG)
    assert log.estimate == -math.inf
    assert log.interval()[0] == -math.inf
    assert math.isnan(log.se)


def test_that_a_moved_parameter_has_its_zeta_and_others_have_none(fitted, sleepstudy):
    movable = MovableFit(fitted("sleepstudy", RIS, reml=False))
    point = movable.with_values(movable.best, {"Subject: SD of Days": 9.4908842465}, sigma_follows=False)
    beads = moved_beads(sleepstudy, movable.moved(point, sigma_follows=False))
    # teaching.json, sleepstudy.profile_ML_ris.zeta of sd_Days|Subject
    bead = beads[2]
    assert bead is not None
    assert (bead.value, bead.zeta) == pytest.approx((9.4908842465, 2.304880922249), abs=2e-3)
    assert beads[0] is beads[1] is beads[3] is None
    assert moved_beads(sleepstudy, None) == (None,) * 6


def test_that_curves_are_handed_over_as_they_come(fitted):
    seen = []
    figure = profile_figure(fitted("sleepstudy", RIS), partial=seen.append)
    assert [len(f.profiles) for f in seen] == [1, 2, 3, 4, 5, 6]
    assert all(f.under_way for f in seen)
    assert not figure.under_way
    assert not any("Stopped" in note for f in seen for note in f.notes())
    # What was drawn stays as it was drawn.
    assert seen[0].profiles[0] is figure.profiles[0]


def test_that_a_curve_which_stands_still_at_its_end_goes_on_level(fitted):
    figure = profile_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)", reml=False))
    curve = figure.profiles[0]
    still = replace(curve, values=np.append(curve.values, curve.values[-1]), zeta=np.append(curve.zeta, 9.0))
    with np.errstate(all="raise"):
        beyond = zeta_at(still, np.array([curve.values[-1] + 1.0]))
    assert beyond.tolist() == [9.0]
