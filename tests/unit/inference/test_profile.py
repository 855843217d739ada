"""Profile-likelihood intervals against lme4's confint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.inference.intervals import intervals
from mmgui.inference.profile.curves import parameters_of, profile
from mmgui.inference.refits.replicates import simulate

FitOf = Callable[..., Fit]

RIS = "Reaction ~ Days + (Days | Subject)"


@pytest.mark.parametrize("reml", [True, False])
def test_sleepstudy_agrees_with_lme4_whatever_the_criterion(fitted: FitOf, reml: bool) -> None:
    curves = profile(fitted("sleepstudy", RIS, reml))
    # lme4: confint(profile(fit)), 95 %.
    expected = {
        "sd_(Intercept)|Subject": (14.381484399601, 37.71601874028),
        "cor_Days.(Intercept)|Subject": (-0.4815004080572, 0.684985892413),
        "sd_Days|Subject": (3.801164762383, 8.753386766561),
        "sigma": (22.898266215013, 28.857997322742),
        "(Intercept)": (237.680695469373, 265.129514691758),
        "Days": (7.358653295307, 13.575918741498),
    }
    assert [c.parameter.name for c in curves] == list(expected)
    for curve in curves:
        assert curve.interval() == pytest.approx(expected[curve.parameter.name], rel=1e-4)


def test_curves_reach_the_level_asked_for(fitted: FitOf) -> None:
    curves = profile(fitted("sleepstudy", RIS, False), level=0.99)
    # lme4: confint(profile(fit), level = 0.99).
    assert curves[0].interval(0.99) == pytest.approx((11.697964515019, 43.924862873213), rel=1e-4)
    assert curves[1].interval(0.99) == pytest.approx((-0.6111834722016, 0.8620229261822), rel=1e-3)
    assert curves[0].interval(0.95) == pytest.approx((14.381484399601, 37.71601874028), rel=2e-3)


def test_zeta_rises_with_the_parameter_and_is_zero_at_the_estimate(fitted: FitOf) -> None:
    for curve in profile(fitted("sleepstudy", RIS, False)):
        assert (np.diff(curve.values) > 0).all()
        assert (np.diff(curve.zeta) > 0).all()
        assert curve.zeta[np.searchsorted(curve.values, curve.estimate)] == 0.0


@pytest.mark.parametrize(
    ("dataset", "formula", "expected"),
    [
        ("Dyestuff", "Yield ~ 1 + (1 | Batch)", [(12.198535, 84.063047), (38.229985, 67.657696)]),
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)", [(0.0, 2.084043), (2.892831, 4.815833)]),
        (
            "Pastes",
            "strength ~ 1 + (1 | batch/cask)",
            [(0.0, 2.946591), (2.157934, 4.053589), (0.652023, 1.085448)],
        ),
        (
            "Penicillin",
            "diameter ~ 1 + (1 | plate) + (1 | sample)",
            [(0.633566, 1.182104), (1.095789, 3.556292), (0.485845, 0.629453)],
        ),
    ],
)
def test_standard_deviations_of_classic_tables_agree_with_lme4(
    fitted: FitOf, dataset: str, formula: str, expected: list[tuple[float, float]]
) -> None:
    fit = fitted(dataset, formula, False)
    wanted = tuple(p for p in parameters_of(fit.design) if p.kind in ("sd", "sigma"))
    found = [c.interval() for c in profile(fit, wanted)]
    assert np.array(found) == pytest.approx(np.array(expected), rel=3e-4, abs=1e-9)


def test_a_fixed_effect_beside_a_zero_variance_has_its_exact_limit(fitted: FitOf) -> None:
    """lme4 interpolates to (4.3121, 7.0191), where the deviance is 3.847 above its minimum, not 3.841."""
    fit = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", False)
    found = intervals(fit, "profile").fixed[0]
    assert found == pytest.approx([4.312837, 7.018363], rel=1e-5)


def test_three_correlated_effects_are_profiled_together(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (0 + Machine | Worker)", False)
    found = intervals(fit, "profile")
    # lme4: confint() after bobyqa with rhoend = 1e-9.
    expected = [[2.26631609, 7.51551979], [4.86814174, 15.81158209], [2.44555698, 8.07994625]]
    assert found.sd[0] == pytest.approx(np.array(expected), rel=1e-4)
    assert found.sigma == pytest.approx((0.77594896, 1.23496473), rel=1e-5)
    assert found.fixed[1] == pytest.approx([2.84016234, 13.09317889], rel=1e-4)
    # lme4 has (0.2402, 0.9616) for the first, where a search from random starts finds the deviance only
    # 3.817 and 3.705 above its minimum; at these it is 3.841.
    assert found.correlation[0][0, 1] == pytest.approx((0.2374, 0.96286), rel=2e-4)
    assert found.correlation[0][1, 2] == pytest.approx((0.16106, 0.95551), rel=2e-4)


def test_wald_intervals_use_normal_or_t_quantiles(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    # lme4: confint(fit, method = "Wald").
    assert intervals(fit, "wald").fixed == pytest.approx(
        np.array([[238.029141117362, 264.781068579608], [7.437593929865, 13.496977989327]]), rel=1e-6
    )
    by_t = intervals(fit, "wald", tests=fixed_effect_tests(fit)).fixed
    # 10.46729 ± qt(0.975, 17) · 1.545790
    assert by_t[1] == pytest.approx([7.205956, 13.728616], rel=1e-5)


def test_profiling_stops_within_a_parameter_and_keeps_the_complete_curves(fitted: FitOf) -> None:
    result = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    asked = 0

    def after_the_first_curve() -> bool:
        nonlocal asked
        asked += 1
        return asked > 400

    curves = profile(result, should_stop=after_the_first_curve)
    assert 0 < len(curves) < len(parameters_of(result.design))
    # Asked once more and no further: the evaluation after the wish is not made.
    assert asked == 401


def test_a_step_too_far_to_compute_does_not_end_a_profile(fitted: FitOf) -> None:
    """A simulated response whose profile tries variances beyond the range of the equations."""
    fit = fitted("sleepstudy", RIS)
    y = simulate(fit, np.random.default_rng(np.random.SeedSequence(1, spawn_key=(280,))))
    found = intervals(fit_design(replace(fit.design, y=y)), "profile")
    assert found.sd[0] is not None
    # Where the deviance, minimised over the rest by Nelder-Mead from nine starts, is 3.8414 above its
    # minimum. (lme4's confint interpolates to 1.672 … 5.263, where it is 3.46.)
    assert found.sd[0][1] == pytest.approx((1.60186, 5.40827), rel=1e-4)
    assert found.correlation[0][0, 1][1] == 1.0
