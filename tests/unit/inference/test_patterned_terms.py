"""What may be said of patterned terms: tests, profiles, landscapes, and which models contain which."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import compare, describe_reference
from mmgui.inference.comparison.nesting import Embedding, embed
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.inference.intervals import intervals, power_interval
from mmgui.inference.landscape.surface import Others, Surface, landscape
from mmgui.inference.likelihood.covariance_point import SIGMA, Coordinate, CovarianceSpace, coordinates_of
from mmgui.inference.likelihood.deviance import Deviance
from mmgui.inference.likelihood.smooth_theta import SmoothTheta
from mmgui.inference.profile.curves import ProfileCurve, parameters_of, profile
from mmgui.inference.variance.singularity import flatness
from mmgui.spec.model import ModelSpec

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]
RefitOf = Callable[[str], Callable[[ModelSpec], Fit]]


def model(bars: str) -> str:
    return f"score ~ Machine + {bars}"


def by_name(fit: Fit, *names: str) -> dict[str, ProfileCurve]:
    chosen = tuple(p for p in parameters_of(fit.design) if p.name in names)
    return {curve.parameter.name: curve for curve in profile(fit, chosen)}


TWICE = [
    ("homcs(0 + Machine | Worker)", "(1 | Worker) + (1 | Worker:Machine)"),
    ("homdiag(0 + Machine | Worker)", "(1 | Worker:Machine)"),
]


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger"])
@pytest.mark.parametrize(("pattern", "plain"), TWICE)
def test_degrees_of_freedom_do_not_depend_on_how_a_model_is_written(
    fitted: FitOf, pattern: str, plain: str, method: str
) -> None:
    one, two = (fixed_effect_tests(fitted("Machines", model(b)), method) for b in (pattern, plain))
    assert one.df == pytest.approx(two.df, rel=1e-4)
    assert one.se == pytest.approx(two.se, rel=1e-5)


def test_satterthwaite_of_two_patterned_columns_is_that_of_unstructured_ones(fitted: FitOf) -> None:
    pattern = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + cs(Days | Subject)"))
    # lmerTest 3.1: 17 and 17 degrees of freedom.
    assert pattern.df == pytest.approx([17.0, 17.0], abs=2e-3)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("Orthodont", "distance ~ age + cs(0 + factor(age) | Subject)"),
        ("Machines", "score ~ Machine + ar1(0 + Machine | Worker)"),
        ("Machines", "score ~ Machine + hetar1(0 + Machine | Worker)"),
    ],
)
def test_degrees_of_freedom_are_finite_also_at_the_limit_of_a_correlation(
    fitted: FitOf, name: str, formula: str
) -> None:
    fit = fitted(name, formula)
    df = fixed_effect_tests(fit).df
    assert np.isfinite(df).all()
    assert (df > 1.0).all()
    assert (df < fit.nobs).all()


def test_profiles_do_not_depend_on_how_a_model_is_written(fitted: FitOf) -> None:
    names = ("sigma", "MachineB")
    one, two = (by_name(fitted("Machines", model(b)), *names) for b in TWICE[0])
    for name in names:
        assert one[name].interval() == pytest.approx(two[name].interval(), rel=1e-4)
    names = ("sd|Worker", "sd_(Intercept)|Worker:Machine")
    alone, combined = (by_name(fitted("Machines", model(b)), *names) for b in TWICE[1])
    # lme4 1.1-31's confint of (1 | Worker:Machine): 4.1024, 7.9995.
    assert alone["sd|Worker"].interval() == pytest.approx([4.1024, 7.9995], abs=1e-3)
    plain = combined["sd_(Intercept)|Worker:Machine"]
    assert alone["sd|Worker"].interval() == pytest.approx(plain.interval(), rel=1e-4)


@pytest.mark.parametrize("bar", ["cs", "hetar1"])
def test_profiles_of_two_patterned_columns_are_those_of_unstructured_ones(fitted: FitOf, bar: str) -> None:
    names = ("sd_(Intercept)|Subject", "cor|Subject", "sd_Days|Subject")
    curves = by_name(fitted("sleepstudy", f"Reaction ~ Days + {bar}(Days | Subject)"), *names)
    # lme4 1.1-31, confint(fm1): .sig01, .sig02, .sig03.
    assert curves["sd_(Intercept)|Subject"].interval() == pytest.approx([14.3814, 37.7160], abs=5e-3)
    assert curves["cor|Subject"].interval() == pytest.approx([-0.4815, 0.6850], abs=5e-4)
    assert curves["sd_Days|Subject"].interval() == pytest.approx([3.8012, 8.7534], abs=5e-3)


def test_a_profile_passes_through_points_where_the_deviance_is_that_much_higher(fitted: FitOf) -> None:
    fit = fitted("Machines", model("ar1(0 + Machine | Worker)"), reml=False)
    curve = by_name(fit, "cor|Worker")["cor|Worker"]
    low, high = curve.interval()
    grid = np.linspace(2.0, 25.0, 800)
    deviance = Deviance(fit.design)
    for end in (low, high):
        smallest = min(deviance.at(np.array([sd, end])).objective for sd in grid)
        assert smallest - fit.objective == pytest.approx(3.8415, abs=2e-3)


def test_parameters_of_a_pattern_are_its_standard_deviations_and_one_correlation(design: DesignOf) -> None:
    names = [p.name for p in parameters_of(design("Machines", model("homcs(0 + Machine | Worker)")))]
    assert names[:2] == ["sd|Worker", "cor|Worker"]
    names = [p.name for p in parameters_of(design("Machines", model("cs(0 + Machine | Worker)")))]
    sds = [f"sd_Machine{m}|Worker" for m in "ABC"]
    assert names[:4] == [*sds, "cor|Worker"]
    assert [p.kind for p in parameters_of(design("Machines", model("homdiag(0 + Machine | Worker)")))][
        :2
    ] == [
        "sd",
        "sigma",
    ]


def test_profile_intervals_of_what_is_shared_stand_beside_every_effect(fitted: FitOf) -> None:
    found = intervals(fitted("Machines", model("ar1(0 + Machine | Worker)")), "profile")
    sd, correlation = found.sd[0], found.correlation[0]
    assert sd is not None
    assert (sd == sd[0]).all()
    assert correlation[0, 1] == correlation[1, 2]
    assert correlation[0, 2] == pytest.approx([end**2 for end in correlation[0, 1]])


@pytest.mark.parametrize(
    ("ends", "power", "expected"),
    [
        ((0.2, 0.5), 2, (0.04, 0.25)),
        ((-0.5, -0.2), 2, (0.04, 0.25)),
        ((-0.5, 0.2), 2, (0.0, 0.25)),
        ((-0.5, 0.2), 3, (-0.125, 0.008)),
    ],
)
def test_powers_of_a_correlation_have_the_powers_of_its_interval(
    ends: tuple[float, float], power: int, expected: tuple[float, float]
) -> None:
    assert power_interval(ends, power) == pytest.approx(expected)


def test_a_landscape_moves_what_the_effects_share(fitted: FitOf) -> None:
    fit = fitted("Machines", model("homcs(0 + Machine | Worker)"))
    assert coordinates_of(fit) == (Coordinate(0, (0,)), Coordinate(0, (0, 1)), SIGMA)
    sd, rho, _ = coordinates_of(fit)
    surface = Surface(CovarianceSpace(fit), (sd, rho), Others())
    at_fit = (fit.theta[0] * fit.sigma, fit.theta[1])
    assert surface.at(at_fit)[0] == pytest.approx(fit.objective, abs=1e-8)
    assert surface.bounds(rho) == pytest.approx((-0.5, 1.0))
    point = surface.at((2.0, -0.25))[1]
    assert surface.space.theta(point) == pytest.approx([2.0 / point.sigma, -0.25])
    found = landscape(fit, sd, rho, points=9)
    assert np.isfinite(found.criterion).all()
    assert found.criterion.min() >= fit.objective
    assert found.trail[np.argmin(found.trail_criterion)] == pytest.approx(at_fit, rel=1e-3)


def test_a_correlation_at_its_limit_leaves_one_direction(fitted: FitOf) -> None:
    fit = fitted("Orthodont", "distance ~ age + cs(0 + factor(age) | Subject)")
    flat = flatness(fit, 0)
    assert flat.zero == ()
    assert len(flat.directions) == 3


def test_smooth_coordinates_lead_to_theta_and_back(fitted: FitOf) -> None:
    for name, formula in (
        ("Orthodont", "distance ~ age + cs(0 + factor(age) | Subject)"),
        ("Machines", model("ar1(0 + Machine | Worker) + (1 | Worker:Machine)")),
    ):
        fit = fitted(name, formula)
        smooth = SmoothTheta.of(fit.design)
        x = smooth.x(fit.theta)
        assert smooth.theta(x) == pytest.approx(fit.theta, abs=1e-12)
        away = smooth.off_edges(x)
        slopes = [smooth.slopes(away)[k] for k in range(len(x))]
        step = 1e-6
        for k, slope in enumerate(slopes):
            up, down = (away + s * step * np.eye(len(x))[k] for s in (1, -1))
            quotient = (smooth.theta(up) - smooth.theta(down))[k] / (2 * step)
            assert slope == pytest.approx(quotient, rel=1e-6)
            assert slope != 0.0


NESTED = [
    ("homdiag(0 + Machine | Worker)", "diag(0 + Machine | Worker)", Embedding(0, 2, ())),
    ("homdiag(0 + Machine | Worker)", "homcs(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("homdiag(0 + Machine | Worker)", "ar1(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("homcs(0 + Machine | Worker)", "cs(0 + Machine | Worker)", Embedding(0, 2, ())),
    ("homcs(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 4, ())),
    ("cs(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 2, ())),
    ("cs(Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 2, ())),
    ("diag(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 3, ())),
    ("diag(0 + Machine | Worker)", "cs(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("diag(0 + Machine | Worker)", "hetar1(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("ar1(0 + Machine | Worker)", "hetar1(0 + Machine | Worker)", Embedding(0, 2, ())),
    ("ar1(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 4, ())),
    ("hetar1(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 2, ())),
    # A correlation of 1: the one more parameter begins at its limit.
    ("(1 | Worker)", "homcs(0 + Machine | Worker)", Embedding(0, 1, (1,))),
    ("(1 | Worker)", "cs(0 + Machine | Worker)", Embedding(0, 3, (1,))),
    ("(1 | Worker)", "ar1(0 + Machine | Worker)", Embedding(0, 1, (1,))),
    ("(1 | Worker:Machine)", "ar1(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("(1 | Worker:Machine)", "homdiag(0 + Machine | Worker)", Embedding(0, 0, ())),
    ("(1 | Worker) + (1 | Worker:Machine)", "homcs(0 + Machine | Worker)", Embedding(0, 0, ())),
    ("(1 | Worker) + (1 | Worker:Machine)", "cs(0 + Machine | Worker)", Embedding(0, 2, ())),
    # No variance: the correlation means nothing there, and the linear hull has one parameter more, or two.
    ("(1 | Worker)", "(1 | Worker) + ar1(0 + Machine | Worker)", Embedding(0, 2, (), True, 1)),
    ("(1 | Worker)", "(1 | Worker) + cs(0 + Machine | Worker)", Embedding(0, 4, (3,), True, 2)),
    ("(1 | Worker) + cs(0 + Machine | Worker)", "us(0 + Machine | Worker)", Embedding(0, 1, ())),
    ("ar1(0 + Machine | Worker)", "(1 | Worker) + ar1(0 + Machine | Worker)", Embedding(0, 1, (1,))),
]


@pytest.mark.parametrize(("small", "big", "expected"), NESTED)
def test_a_special_case_of_a_pattern_is_found(
    design: DesignOf, small: str, big: str, expected: Embedding
) -> None:
    assert embed(design("Machines", model(small)), design("Machines", model(big))) == expected


@pytest.mark.parametrize(
    ("small", "big"),
    [
        ("us(0 + Machine | Worker)", "cs(0 + Machine | Worker)"),
        ("cs(0 + Machine | Worker)", "homcs(0 + Machine | Worker)"),
        ("cs(0 + Machine | Worker)", "cs(Machine | Worker)"),
        ("homcs(0 + Machine | Worker)", "ar1(0 + Machine | Worker)"),
        ("ar1(0 + Machine | Worker)", "cs(0 + Machine | Worker)"),
        ("ar1(0 + Machine | Worker)", "homcs(0 + Machine | Worker)"),
        ("diag(0 + Machine | Worker)", "homdiag(0 + Machine | Worker)"),
        ("diag(0 + Machine | Worker)", "ar1(0 + Machine | Worker)"),
        # Its correlation may be negative, which two variances cannot make.
        ("homcs(0 + Machine | Worker)", "(1 | Worker) + (1 | Worker:Machine)"),
        ("(1 | Worker) + (1 | Worker:Machine)", "ar1(0 + Machine | Worker)"),
        ("(1 | Worker)", "diag(0 + Machine | Worker)"),
    ],
)
def test_what_is_no_special_case_of_a_pattern_is_refused(design: DesignOf, small: str, big: str) -> None:
    assert embed(design("Machines", model(small)), design("Machines", model(big))) is None


def test_patterns_are_tested_against_each_other(fitted: FitOf, refit: RefitOf) -> None:
    bars = ["(1 | Worker)", *(f"{s}(0 + Machine | Worker)" for s in ("homcs", "cs", "us"))]
    found = compare([fitted("Machines", model(b)) for b in bars], refit("Machines"))
    tests = {(t.small, t.big): t for t in found.tests}
    # nlme 3.1: REML criteria 286.8782, 215.6876, -, 208.3112; glmmTMB 1.1.5: 209.2204.
    assert tests[0, 1].statistic == pytest.approx(286.8782 - 215.6876, abs=2e-4)
    assert describe_reference(tests[0, 1]) == "½ χ²(0) + ½ χ²(1)"
    assert tests[1, 2].statistic == pytest.approx(215.6876 - 209.2204, abs=2e-4)
    assert describe_reference(tests[1, 2]) == "χ²(2)"
    assert tests[1, 3].statistic == pytest.approx(215.6876 - 208.3112, abs=2e-4)
    assert describe_reference(tests[1, 3]) == "χ²(4)"
    assert tests[2, 3].df == 2


def test_a_bound_is_used_and_said_where_the_correlation_means_nothing(fitted: FitOf, refit: RefitOf) -> None:
    bars = ["(1 | Worker)", "(1 | Worker) + ar1(0 + Machine | Worker)"]
    (test,) = compare([fitted("Machines", model(b)) for b in bars], refit("Machines")).tests
    assert test.df == 2
    assert describe_reference(test) == "χ²(3)"
    assert test.p > test.p_naive
    assert "never too optimistic" in test.note
