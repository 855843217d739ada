"""Degrees of freedom depend neither on the units of a predictor nor on where it has its zero."""

from __future__ import annotations

import numpy as np
import pytest

import mmgui
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.approximation import approximation
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.spec.formula import parse

METHODS = ("satterthwaite", "kenward-roger")


def of_sleepstudy(formula: str) -> Fit:
    return fit(FitJob(parse(formula), load_sample("sleepstudy")))


def scales() -> Table:
    """Predictors around 2000, of size 1e-4 and of size 1e5, and the same in units of one."""
    rng = np.random.default_rng(13)
    g = np.repeat(np.arange(20), 12)
    small, big, near, days = *rng.normal(size=(3, 240)), np.tile(np.arange(12.0), 20)
    effects = rng.normal(size=(3, 20))[:, g]
    y = 50 + (2 + effects[1]) * small + (1 + effects[2]) * big + 3 * near + 2 * effects[0]
    columns = {"near": near, "one": small, "other": big, "days": days}
    given = {"far": 2000 + near, "small": 1e-4 * small, "big": 1e5 * big, "years": 1990 + days / 365.25}
    values = {"y": y + rng.normal(size=240), **columns, **given}
    return from_frame({**values, "g": [f"g{k}" for k in g], "f": [f"f{k % 3}" for k in range(240)]}, "scales")


@pytest.fixture(scope="module")
def table() -> Table:
    return scales()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("days", "unit"),
    [
        ("Days", 1.0),
        ("I(Days + 2000)", 1.0),
        ("I(Days * 1000)", 1e3),
        ("I((Days + 2000) / 1e4)", 1e-4),
        ("I(Days - 1e5)", 1.0),
    ],
)
def test_a_slope_over_calendar_years_has_the_17_df_of_one_over_days(
    method: str, days: str, unit: float
) -> None:
    """lmerTest and pbkrtest for Days: SE 1.545790 (here at the optimum), 17 df, t 6.771."""
    model = of_sleepstudy(f"Reaction ~ {days} + ({days} | Subject)")
    tests = fixed_effect_tests(model, method)
    np.testing.assert_allclose(tests.df, [17.0, 17.0], rtol=1e-7)
    assert tests.se[1] * unit == pytest.approx(1.545788896, rel=1e-8)
    assert tests.t[1] == pytest.approx(6.771484764, rel=1e-8)
    joint = approximation(model, method).quotient(np.array([[0.0, unit]]), model.beta[1:] * unit)
    assert joint.f == pytest.approx(45.853005906, rel=1e-8)
    assert joint.den_df == pytest.approx(17.0, rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("days", ["I(Days * 1e4)", "I(Days / 1e6)"])
def test_uncorrelated_slopes_may_be_in_any_unit(method: str, days: str) -> None:
    """lmerTest for Days: 18.156; pbkrtest: 18.187. (With another origin it is another model.)"""
    expected = {"satterthwaite": 18.1562044, "kenward-roger": 18.1874764}[method]
    tests = fixed_effect_tests(of_sleepstudy(f"Reaction ~ {days} + ({days} || Subject)"), method)
    np.testing.assert_allclose(tests.df, expected, rtol=1e-7)
    np.testing.assert_allclose(tests.t, [36.5128806, 6.7116662], rtol=1e-7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("random", ["(Days | Subject)", "(Days || Subject)", "(1 | Subject)"])
def test_another_origin_of_the_fixed_slope_alone_changes_nothing(method: str, random: str) -> None:
    near = fixed_effect_tests(of_sleepstudy(f"Reaction ~ Days + {random}"), method)
    far = fixed_effect_tests(of_sleepstudy(f"Reaction ~ I(Days + 2000) + {random}"), method)
    for quantity in ("df", "se", "t", "p"):
        assert getattr(far, quantity)[1] == pytest.approx(getattr(near, quantity)[1], rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("y ~ far + (far | g)", "y ~ near + (near | g)"),
        ("y ~ small + big + (small + big | g)", "y ~ one + other + (one + other | g)"),
        ("y ~ small + big + (small | g)", "y ~ one + other + (one | g)"),
        ("y ~ big + small + (1 | f) + (big | g)", "y ~ other + one + (1 | f) + (other | g)"),
        ("y ~ small + years + (years | g)", "y ~ one + days + (days | g)"),
        ("y ~ big + (1 | f) + diag(1 + big | g)", "y ~ other + (1 | f) + diag(1 + other | g)"),
        ("y ~ big + hetar1(1 + big | g)", "y ~ other + hetar1(1 + other | g)"),
    ],
)
def test_slopes_have_their_df_t_and_p_whatever_their_units(
    table: Table, method: str, given: str, plain: str
) -> None:
    found, expected = (fixed_effect_tests(fit(FitJob(parse(f), table)), method) for f in (given, plain))
    for quantity in ("df", "t"):
        np.testing.assert_allclose(getattr(found, quantity)[1:], getattr(expected, quantity)[1:], rtol=2e-6)


@pytest.mark.parametrize("method", [*METHODS, "wald"])
def test_a_joint_hypothesis_over_very_different_units_keeps_all_its_parts(table: Table, method: str) -> None:
    given, plain = (
        fit(FitJob(parse(f), table))
        for f in ("y ~ small + big + (small + big | g)", "y ~ one + other + (one + other | g)")
    )
    rows = np.eye(3)[1:]
    found = approximation(given, method).quotient(rows, rows @ given.beta)
    expected = approximation(plain, method).quotient(rows, rows @ plain.beta)
    assert found.num_df == expected.num_df == 2
    assert found.f == pytest.approx(expected.f, rel=1e-6)
    if method == "kenward-roger":
        assert found.den_df == pytest.approx(expected.den_df, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_mean_at_a_day_is_the_same_by_any_calendar(method: str) -> None:
    """lmerTest and pbkrtest, the intercept of Days - 4.5: 298.507892, SE 9.049936, 17 df."""
    rows = [np.array([[1.0, 4.5]]), np.array([[1.0, 2004.5]])]
    models = [of_sleepstudy(f"Reaction ~ {d} + ({d} | Subject)") for d in ("Days", "I(Days + 2000)")]
    near, far = (approximation(m, method) for m in models)
    for by, model, row in zip((near, far), models, rows, strict=True):
        assert float((row @ model.beta)[0]) == pytest.approx(298.507892, rel=1e-8)
        assert float(by.df(row)[0]) == pytest.approx(17.0, rel=1e-6)
        assert float(np.sqrt(row @ by.vcov @ row.T)[0, 0]) == pytest.approx(9.049936, rel=1e-6)


def test_a_table_of_tests_is_the_same_by_any_calendar() -> None:
    for method in METHODS:
        near, far = (
            mmgui.fit(f"Reaction ~ {d} + ({d} | Subject)", "sleepstudy").anova("III", method)
            for d in ("Days", "I(Days + 2000)")
        )
        np.testing.assert_allclose([far.f, far.den_df], [near.f, near.den_df], rtol=1e-7)
