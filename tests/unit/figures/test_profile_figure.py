"""Profiles as figures: the intervals are lme4's, ends of the range are said, a stop keeps what is done."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.profile import FIXED, LEVELS, parameter_profile, profile_figure, profile_outline
from mmgui.inference.profile.curves import Parameter, ProfileCurve

RIS = "Reaction ~ Days + (Days | Subject)"


def test_that_the_table_gives_the_intervals_of_lme4(fitted):
    table = profile_figure(fitted("sleepstudy", RIS)).interval_table()
    assert table.columns == ("Group", "Parameter", "ML estimate", "2.5 %", "97.5 %")
    assert [row[:2] for row in table.rows] == [
        ("Subject", "SD of Intercept"),
        ("Subject", "cor. Intercept, Days"),
        ("Subject", "SD of Days"),
        ("Residual", "SD (σ)"),
        ("Fixed", "Intercept"),
        ("Fixed", "Days"),
    ]
    # lme4: VarCorr and fixef of lmer(..., REML = FALSE), and its confint(profile(fit))
    expected = [
        [23.7798, 14.381481, 37.716019],
        [0.0813, -0.481500, 0.684986],
        [5.7168, 3.801165, 8.753367],
        [25.5919, 22.898266, 28.857997],
        [251.4051, 237.680696, 265.129515],
        [10.4673, 7.358653, 13.575919],
    ]
    for row, wanted in zip(table.rows, expected, strict=True):
        assert row[2:] == pytest.approx(wanted, rel=1e-4, abs=5e-5)


def test_that_every_level_is_in_the_table_of_the_picture(fitted):
    figure = profile_figure(fitted("sleepstudy", RIS, reml=False))
    table = figure.table()
    assert table.columns[3:] == (
        "0.5 %", "2.5 %", "5 %", "10 %", "25 %", "75 %", "90 %", "95 %", "97.5 %", "99.5 %",
    )  # fmt: skip
    # lme4: confint(profile(fit), "sd_Days|Subject", level = ...) at 0.99, 0.95, 0.9, 0.8 and 0.5
    expected = [3.31316, 3.80116, 4.06590, 4.38753, 4.97378, 6.58678, 7.51153, 8.14534, 8.75337, 10.13084]
    assert table.rows[2][3:] == pytest.approx(expected, rel=5e-5)
    assert figure.notes() == ()


def test_that_a_reml_fit_is_said_to_be_profiled_by_ml(fitted):
    figure = profile_figure(fitted("sleepstudy", RIS))
    assert figure.reml
    assert figure.notes() == (
        "Profiles are by maximum likelihood, so estimates differ a little from REML's.",
    )


def test_that_a_variance_that_may_be_none_reaches_zero(fitted):
    figure = profile_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml=False))
    batch, sigma, intercept = figure.profiles
    assert batch.reached() == (0.0,)
    # lme4: confint(profile(fit)): 0 to 2.084043, and 2.892831 to 4.815833
    assert batch.interval() == pytest.approx((0.0, 2.084043), abs=2e-4)
    assert batch.interval()[0] == 0.0
    assert sigma.reached() == ()
    assert sigma.interval() == pytest.approx((2.892831, 4.815833), abs=2e-4)
    assert intercept.reached() == ()
    assert figure.notes() == (
        "Batch: SD of Intercept reaches 0: the data do not rule out that nothing varies there.",
    )
    assert figure.interval_table().rows[0][2:4] == (0, 0)


def test_that_a_positive_estimate_may_reach_zero_and_its_curve_runs_flat_into_it(fitted):
    figure = profile_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"))
    batch, cask = figure.profiles[:2]
    # lme4 on Pastes by ML: 1.09507 and 2.90407; confint: 0 to 2.946591 and 2.157934 to 4.053589
    assert (batch.estimate, cask.estimate) == pytest.approx((1.09507, 2.90407), abs=1e-4)
    assert batch.interval() == pytest.approx((0.0, 2.946591), abs=2e-4)
    assert cask.interval() == pytest.approx((2.157934, 4.053589), abs=4e-4)
    assert batch.values[0] == 0.0
    slopes = np.diff(batch.zeta) / np.diff(batch.values)
    assert slopes[0] < 0.1 * slopes[len(slopes) // 4]
    assert (np.diff(batch.zeta) > 0).all()
    assert (np.diff(batch.values) > 0).all()
    assert (batch.title, cask.title) == ("batch: SD of Intercept", "batch:cask: SD of Intercept")


def test_that_parameters_know_the_term_that_colours_them(fitted):
    figure = profile_figure(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"))
    assert [p.term for p in figure.profiles] == [0, 1, -1, FIXED]
    assert [p.kind for p in figure.profiles] == ["sd", "sd", "sigma", "fixed"]


def test_that_a_correlation_with_an_effect_that_does_not_vary_has_no_interval():
    curve = ProfileCurve(
        Parameter("correlation", 0, (0, 1), "cor"), np.nan, np.empty(0), np.empty(0), (-1.0, 1.0)
    )
    profile = parameter_profile(curve, ("Batch", "correlation of Intercept and x", "cor. Intercept, x"))
    assert np.isnan(profile.interval()).all()
    assert profile.reached() == ()


@pytest.mark.parametrize(("alone", "middle"), [(True, -0.658), (False, -0.5)])
def test_that_a_curve_is_level_at_zero_only_for_an_effect_that_correlates_with_none(alone, middle):
    # ζ of an SD whose effect correlates with another is straight down to zero.
    values = np.arange(9.0)
    curve = ProfileCurve(Parameter("sd", 0, (0,), "sd"), 1.0, values, values - 1.0, (0.0, np.inf))
    profile = parameter_profile(curve, ("Lot", "SD of Intercept", "SD of Intercept"), alone=alone)
    assert np.interp(0.5, profile.values, profile.zeta) == pytest.approx(middle, abs=1e-3)


def test_that_a_stop_keeps_the_profiles_that_are_complete(fitted):
    told: list[tuple[int, int]] = []

    def stop_after_two() -> bool:
        return len(told) == 2

    figure = profile_figure(
        fitted("Pastes", "strength ~ 1 + (1 | batch/cask)", reml=False),
        should_stop=stop_after_two,
        progress=lambda *news: told.append(news),
    )
    assert told == [(0, 4), (1, 4)]
    assert [p.title for p in figure.profiles] == ["batch: SD of Intercept"]
    assert figure.wanted == 4
    assert figure.notes()[0] == "Stopped: 1 of 4 parameters are profiled."


def test_that_only_small_fits_are_quick(fitted):
    small = profile_outline(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    assert small.quick
    assert len(small.names) == 10
    assert small.names[1] == "Worker: correlation of Intercept and MachineB"
    many = profile_outline(fitted("Machines", "score ~ Machine + (Machine | Worker) + (1 | Machine:Worker)"))
    assert len(many.names) == 11
    assert not many.quick


def test_that_levels_and_limits_go_together(fitted):
    profile = profile_figure(fitted("sleepstudy", RIS)).profiles[3]
    assert LEVELS == (0.5, 0.8, 0.9, 0.95, 0.99)
    assert (np.diff(profile.limits[:, 0]) < 0).all()
    assert (np.diff(profile.limits[:, 1]) > 0).all()
    with pytest.raises(ValueError, match="not in tuple"):
        profile.interval(0.93)
