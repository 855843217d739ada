"""Every profile of the reference (teaching.json, ``profile_ML_*``), and what lme4 only interpolates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator
from scipy.optimize import minimize_scalar

from mmgui.engine.result import Fit
from mmgui.inference.profile.curves import profile

FitOf = Callable[..., Fit]

RIS = "Reaction ~ Days + (Days | Subject)"

# 95 % limits by lme4 1.1-31, confint(profile(fit)), in the order of the formula's terms, σ, then β.
LIMITS = [
    ("sleepstudy", "Reaction ~ Days + (1 | Subject)", [
        (26.007120448066, 52.935983529631), (27.81384720813, 34.591049857869),
        (231.992326372124, 270.817883468577), (8.88655095805, 12.048020962009),
    ]),
    ("sleepstudy", RIS, [
        (14.381484399601, 37.71601874028), (-0.4815004080572, 0.684985892413),
        (3.801164762383, 8.753386766561), (22.898266215013, 28.857997322742),
        (237.680695469373, 265.129514691758), (7.358653295307, 13.575918741498),
    ]),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)", [
        (12.198535214877, 84.063046709422), (38.229984882596, 67.657696244772),
        (1486.45149996883, 1568.54849436812),
    ]),
    ("Dyestuff2", "Yield ~ 1 + (1 | Batch)", [
        (0.0, 2.08404349), (2.892831020102, 4.815832552451), (4.312100216738, 7.019092346837),
    ]),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", [
        (0.633565965962, 1.182103985128), (1.095789396549, 3.556291778066),
        (0.4858454001165, 0.6294534785998), (21.266627383059, 24.677817615755),
    ]),
    ("Pastes", "strength ~ 1 + (1 | sample) + (1 | batch)", [
        (2.157933708644, 4.053588940543), (0.0, 2.946591099858),
        (0.6520233560898, 1.085448103628), (58.663650378658, 61.443016368423),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "formula", "limits"), LIMITS)
def test_limits_agree_with_lme4_up_to_its_interpolation(
    fitted: FitOf, dataset: str, formula: str, limits: list[tuple[float, float]]
) -> None:
    found = [curve.interval() for curve in profile(fitted(dataset, formula, False))]
    assert np.array(found) == pytest.approx(np.array(limits), rel=2e-4, abs=1e-9)


def test_limits_at_99_percent_agree_with_lme4(fitted: FitOf) -> None:
    found = [c.interval(0.99) for c in profile(fitted("sleepstudy", RIS, False), level=0.99)]
    expected = [
        (11.697964515019, 43.924862873213), (-0.6111834722016, 0.8620229261822),
        (3.313161322177, 10.130578023176), (22.149064366086, 30.028253423997),
        (232.619538530182, 270.19066739621), (6.212281309512, 14.72228988876),
    ]  # fmt: skip
    assert np.array(found) == pytest.approx(np.array(expected), rel=2e-4)


def test_the_curves_run_through_those_of_lme4(fitted: FitOf) -> None:
    # teaching.json, sleepstudy.profile_ML_ris.zeta: (value, ζ) far out, near, and beyond the estimate.
    expected = {
        "sd_(Intercept)|Subject": [
            (0.9999100952121, -4.527176806713), (13.818502823556, -2.089808776532),
            (29.406987778322, 0.9110770872102), (64.969342634047, 4.033194526418),
        ],
        "cor_Days.(Intercept)|Subject": [
            (-0.80324783558, -3.86363315285), (-0.3319839784708, -1.365232259537),
            (0.1715875071302, 0.2783153086516), (0.8097000725883, 2.400261246359), (1.0, 2.977583004415),
        ],
        "sd_Days|Subject": [
            (2.009355472291, -4.290832373802), (4.570572205148, -1.084462291963),
            (8.550475907658, 1.85813571707), (14.958527960524, 4.061461392781),
        ],
        "sigma": [
            (20.259328048453, -4.299764148214), (24.059525622176, -1.069805035283),
            (28.278549734014, 1.639637259325), (31.087572644174, 3.100489378058),
        ],
    }  # fmt: skip
    curves = {c.parameter.name: c for c in profile(fitted("sleepstudy", RIS, False), level=0.99999)}
    for name, points in expected.items():
        curve = curves[name]
        at, zeta = np.array(points).T
        # Between its points a curve is interpolated, ours too.
        assert PchipInterpolator(curve.values, curve.zeta)(at) == pytest.approx(zeta, abs=8e-3)


def _one_way_deviance(sd: float, sigma2: float, between: float, within: float) -> float:
    """-2 log-likelihood of 6 groups of 5 at the grand mean, but for the constant."""
    pooled = sigma2 + 5.0 * sd**2
    return 6.0 * np.log(pooled) + 24.0 * np.log(sigma2) + between / pooled + within / sigma2


def test_where_lme4_interpolates_the_limit_is_exact(fitted: FitOf) -> None:
    """Dyestuff, SD between batches: lme4 has 12.1985 where the deviance is 3.8410 above its minimum."""
    result = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)", False)
    y = result.design.y.reshape(6, 5)
    between = 5.0 * float(((y.mean(axis=1) - y.mean()) ** 2).sum())
    within = float(((y - y.mean(axis=1, keepdims=True)) ** 2).sum())

    def least(sd: float) -> float:
        found = minimize_scalar(
            lambda log: _one_way_deviance(sd, np.exp(log), between, within),
            bounds=(5.0, 10.0),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return float(found.fun)

    bottom = least(result.terms[0].sd[0])
    limits = profile(result)[0].interval()
    # qchisq(0.95, 1) = 3.841459.
    assert [least(limit) - bottom for limit in limits] == pytest.approx([3.841459] * 2, abs=2e-4)
    assert least(12.198535214877) - bottom == pytest.approx(3.84099, abs=1e-5)
