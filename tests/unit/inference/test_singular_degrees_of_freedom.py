"""Degrees of freedom of fits on the boundary, beside pbkrtest 0.5.2 and lmerTest 3.1.3.

The reference values are those of the lowest of lme4's optimisers; where that ends short of the optimum, df
agree as far as the fits do.
"""

from __future__ import annotations

import numpy as np
import pytest
from test_kenward_roger import by_definition

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.approximation import approximation
from mmgui.inference.degrees_of_freedom.kenward_roger import kenward_roger
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.spec.formula import parse


def zero() -> Table:
    """12 groups crossed with 10, none of which matters."""
    rng = np.random.default_rng(15)
    g, h = np.divmod(np.arange(120), 10)
    x, f = rng.normal(size=120), rng.integers(0, 3, 120)
    labels = {"f": f, "g": g, "h": h}
    y = 3 + x + rng.normal(size=120)
    return from_frame(
        {"y": y, "x": x, "one": np.ones(120), **{k: [f"{k}{c:02d}" for c in v] for k, v in labels.items()}},
        "zero",
    )


def fitted_to_zero(formula: str) -> Fit:
    return fit(FitJob(parse(formula), zero()))


CROSSED = "y ~ x + (1 | g) + (1 | h)"
CORRELATED = "y ~ x + (x | g)"
FACTOR = "y ~ f + (f | g)"
BOTH = "y ~ x + (x | g) + (1 | h)"
UNCORRELATED = "y ~ x + f + (1 | g) + (x || h)"
BESIDE = "y ~ f + (1 | g) + (f | h)"

# get_Lb_ddf(fit, e_i) and the square roots of diag(vcovAdj(fit)).
PBKRTEST = {
    CROSSED: ([6.02444170, 116.285409], [0.108008674, 0.0929444429]),
    CORRELATED: ([10.7917655, 10.0542894], [0.101244020, 0.103575968]),
    FACTOR: ([9.68806590, 10.2622541, 9.96892065], [0.277919236, 0.361513919, 0.371680814]),
    BOTH: ([6.44373871, 9.91919278], [0.112189791, 0.103170897]),
    UNCORRELATED: (
        [38.7035612, 8.78143575, 115.450426, 113.682781],
        [0.192144051, 0.111932909, 0.247112338, 0.257051897],
    ),
    BESIDE: ([8.39798577, 8.59406130, 8.66841950], [0.375140447, 0.506647363, 0.520900985]),
}

# summary(lmerTest::lmer(...)).
LMERTEST = {
    CROSSED: [9.21316818, 116.308971],
    CORRELATED: [28.8634468, 16.2006419],
    FACTOR: [12.3235792, 12.6485699, 66.9294766],
    BOTH: [8.87435569, 16.8239115],
    UNCORRELATED: [47.0523085, 7.04310276, 115.622578, 115.753461],
    BESIDE: [10.9331020, 9.69376454, 8.75495594],
}


@pytest.mark.parametrize("formula", PBKRTEST)
def test_a_variance_of_zero_is_a_parameter_as_in_pbkrtest(formula: str) -> None:
    model = fitted_to_zero(formula)
    assert model.singular
    df, se = PBKRTEST[formula]
    found = kenward_roger(model)
    np.testing.assert_allclose(found.df, df, rtol=1e-4)
    np.testing.assert_allclose(found.se, se, rtol=2e-5)


@pytest.mark.parametrize(
    ("formula", "first", "f", "df"),
    [
        (FACTOR, 1, 0.243182599, 9.24432372),
        (UNCORRELATED, 1, 29.3347321, 32.2504221),
        (BESIDE, 1, 0.364504733, 7.76656850),
    ],
)
def test_so_it_is_in_joint_tests(formula: str, first: int, f: float, df: float) -> None:
    """KRmodcomp(fit, L)$stats: Fstat and ddf."""
    model = fitted_to_zero(formula)
    rows = np.eye(len(model.beta))[first:]
    found = approximation(model, "kenward-roger").quotient(rows, rows @ model.beta)
    assert (found.f, found.den_df) == pytest.approx((f, df), rel=1e-4)


@pytest.mark.parametrize("formula", [CROSSED, BOTH, "y ~ x + (x | g) + (x | h)"])
def test_crossed_terms_without_variance_are_taken_as_defined(formula: str) -> None:
    """A factor with no variance leaves no trace in ZᵀV⁻¹Z between the groups of the others."""
    model = fitted_to_zero(formula)
    expected, df = by_definition(model)
    found = kenward_roger(model)
    np.testing.assert_allclose(found.vcov, expected, rtol=2e-5, atol=1e-9)
    np.testing.assert_allclose(found.df, df, rtol=2e-5)


def test_a_batch_without_variance_alone() -> None:
    """Dyestuff2 is balanced: pbkrtest has exactly 6 - 1 df, lmerTest 29 (n - 1)."""
    model = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")))
    assert fixed_effect_tests(model, "kenward-roger").df[0] == pytest.approx(5.0, rel=1e-9)
    assert fixed_effect_tests(model).df[0] == pytest.approx(29.0, rel=1e-7)


@pytest.mark.parametrize("formula", LMERTEST)
def test_directions_without_variance_add_nothing_to_satterthwaites(formula: str) -> None:
    np.testing.assert_allclose(fixed_effect_tests(fitted_to_zero(formula)).df, LMERTEST[formula], rtol=2e-4)


def test_satterthwaites_df_on_the_boundary_do_not_depend_on_the_order_of_effects() -> None:
    """The rank of Σ is 1, which of its effects comes first does not matter."""
    first, second = (fitted_to_zero(f"y ~ x + ({effects} | g)") for effects in ("1 + x", "0 + x + one"))
    np.testing.assert_allclose(fixed_effect_tests(first).df, fixed_effect_tests(second).df, rtol=1e-6)
