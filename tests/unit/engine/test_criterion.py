"""The criterion, its gradient and its estimates against the n × n formulas."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dense_likelihood import dense_fit, random_design
from hypothesis import given, settings
from hypothesis import strategies as st

from mmgui.data.samples import load_sample
from mmgui.engine import blocks, trailing
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.spec.formula import parse

# Single factor, several terms of one factor, nested chains, crossed factors, chains crossed with a factor.
STRUCTURES = [
    "g",
    "G",
    "b",
    "gG",
    "gh",
    "Gh",
    "gH",
    "ig",
    "Ig",
    "igc",
    "IGC",
    "ih",
    "igh",
    "IgH",
    "iGCh",
    "ch",
    "GHC",
]
DATA = Path(__file__).parents[2] / "data"


def some_theta(design, seed=1):
    return np.random.default_rng(seed).normal(size=design.theta_count)


def differences(criterion, theta):
    """Central differences of the criterion."""
    out = []
    for k in range(theta.size):
        step = np.zeros_like(theta)
        step[k] = 1e-5 * max(1e-2, abs(theta[k]))
        out.append((criterion.value(theta + step) - criterion.value(theta - step)) / (2 * step[k]))
    return np.array(out)


@settings(max_examples=80, deadline=None)
@given(
    structure=st.sampled_from(STRUCTURES),
    seed=st.integers(0, 10_000),
    n=st.integers(20, 90),
    reml=st.booleans(),
    weighted=st.booleans(),
    p=st.integers(0, 3),
)
def test_criterion_equals_the_dense_likelihood(structure, seed, n, reml, weighted, p):
    design = random_design(structure, seed, n, reml, weighted, p)
    theta = some_theta(design, seed)
    assert Criterion(design).value(theta) == pytest.approx(dense_fit(design, theta, reml).objective, rel=1e-8)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("structure", STRUCTURES)
def test_gradient_equals_differences(structure, reml):
    design = random_design(structure, 3, 90, reml, weighted=True)
    criterion, theta = Criterion(design), some_theta(design)
    expected = differences(criterion, theta)
    assert criterion.value_and_gradient(theta)[1] == pytest.approx(
        expected, rel=1e-5, abs=1e-5 * abs(expected).max()
    )


@pytest.mark.parametrize("products", [8_000_000, 0])
@pytest.mark.parametrize("structure", ["gh", "Gh", "GH", "igh", "IgCH", "gch"])
def test_sparse_couplings_give_what_dense_ones_give(structure, products, monkeypatch):
    design = random_design(structure, 5, 90, True, weighted=True)
    theta = some_theta(design)
    dense = Criterion(design)
    expected, solution = dense.value_and_gradient(theta), dense.solution(theta)
    monkeypatch.setattr(blocks, "SMALL", 0)
    monkeypatch.setattr(blocks, "FILL", 2.0)
    monkeypatch.setattr(blocks, "PRODUCTS", products)
    criterion = Criterion(design)
    assert any(b.sparse is not None for b in criterion.blocks.chain)
    value, slope = criterion.value_and_gradient(theta)
    assert value == pytest.approx(expected[0], rel=1e-12)
    assert slope == pytest.approx(expected[1], rel=1e-9, abs=1e-9)
    for a, b in zip(
        criterion.solution(theta).conditional_covariances, solution.conditional_covariances, strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("structure", ["gh", "gH", "GH", "igh"])
def test_gradient_of_crossed_factors_needs_no_division_by_lambda(structure, monkeypatch):
    design = random_design(structure, 7, 90)
    criterion, theta = Criterion(design), some_theta(design)
    divided = criterion.value_and_gradient(theta)[1]
    monkeypatch.setattr(trailing, "ILL_CONDITIONED", 1e9)
    assert criterion.value_and_gradient(theta)[1] == pytest.approx(divided, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("structure", ["g", "G", "gh", "GH", "igc", "IgCH"])
def test_derivative_in_sigma_gives_the_gradient_and_is_defined_at_zero(structure):
    design = random_design(structure, 11, 90)
    criterion, theta = Criterion(design), some_theta(design)
    flat = criterion.flat(theta)
    expected = criterion.evaluate(flat)[1]
    bars = criterion.covariance_gradient(flat)
    lams = criterion.basis.matrices(flat)
    got = np.concatenate([(2 * bar @ lam).ravel() for bar, lam in zip(bars, lams, strict=True)])
    assert got == pytest.approx(expected, rel=1e-8, abs=1e-8)
    for bar, factor in zip(criterion.covariance_gradient(0 * flat), criterion.blocks.factors, strict=True):
        # d criterion / d Σ_00 at Σ = 0, by a small variance.
        number = criterion.blocks.factors.index(factor)
        small = 0 * flat
        small[criterion.basis.starts[number]] = 1e-3
        rise = criterion.evaluate(small)[0] - criterion.evaluate(0 * flat)[0]
        assert bar[0, 0] == pytest.approx(rise / 1e-6, rel=2e-3, abs=2e-3)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_estimates_equal_the_dense_formulas(structure):
    design = random_design(structure, 13, 90, True, weighted=True)
    theta = some_theta(design)
    solution, expected = Criterion(design).solution(theta), dense_fit(design, theta, True)
    assert solution.objective == pytest.approx(expected.objective, rel=1e-9)
    assert solution.sigma == pytest.approx(expected.sigma, rel=1e-8)
    np.testing.assert_allclose(solution.beta, expected.beta, rtol=1e-7)
    np.testing.assert_allclose(solution.vcov, expected.vcov, rtol=1e-6)
    for got, want in zip(solution.modes, expected.modes, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-7 * np.abs(want).max())
    for got, want in zip(solution.conditional_covariances, expected.conditional, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-7 * np.abs(want).max())


def test_plain_linear_model_has_the_closed_form():
    design = random_design("", 17, 60, reml=False)
    beta, rss = np.linalg.lstsq(design.x, design.y, rcond=None)[:2]
    solution = Criterion(design).solution(np.empty(0))
    assert solution.objective == pytest.approx(60 * (1 + np.log(2 * np.pi * rss[0] / 60)), rel=1e-12)
    np.testing.assert_allclose(solution.beta, beta, rtol=1e-10)


def test_theta_may_have_any_sign():
    criterion = Criterion(random_design("Gh", 19))
    theta = some_theta(criterion.design)
    # The second column of the three of g's factor: entries (1, 1) and (2, 1).
    flipped = theta * np.array([1, 1, 1, -1, -1, 1, -1])
    assert criterion.value(flipped) == pytest.approx(criterion.value(theta), rel=1e-12)


def test_deviance_of_sleepstudy_at_given_theta():
    # lme4 1.1-31, devfun(theta), ML.
    reference = json.loads((DATA / "lme4_structures.json").read_text())["deviance_at_theta"]
    spec = replace(parse("Reaction ~ Days + (Days | Subject)"), reml=False)
    criterion = Criterion(build_design(spec, load_sample("sleepstudy")))
    for theta, deviance in zip(reference["theta"], reference["deviance"], strict=True):
        assert criterion.value(np.array(theta)) == pytest.approx(deviance, abs=1e-8)


def test_far_origins_and_units_of_slopes_leave_the_criterion_accurate():
    design = build_design(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"))
    criterion = Criterion(design)
    theta = np.array([0.9667417739674, 0.01516905889604, 0.2309099532078])
    lam = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    # Days in other units c, counted from -2000: b0 + b1 Days = (b0 - 2000 c b1) + c b1 (Days / c + 2000).
    unit = 1e-3
    columns = design.random[0].columns.copy()
    columns[:, 1] = columns[:, 1] / unit + 2000.0
    back = np.array([[1.0, -2000.0 * unit], [0.0, unit]]) @ lam
    moved = np.linalg.cholesky(back @ back.T)
    far = Criterion(replace(design, random=(replace(design.random[0], columns=columns),)))
    got = far.value(moved[[0, 1, 1], [0, 0, 1]])
    assert got == pytest.approx(criterion.value(theta), abs=1e-7)


def test_the_gradient_stays_exact_where_variances_are_large():
    """As all standard deviations grow alike, REML's criterion grows by 2 (36 - 2) a factor of e.

    The difference of two numbers near 1, in place of (I + C Σ)⁻¹, gave 67.99995 and 67.9951.
    """
    criterion = Criterion(
        build_design(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"))
    )
    for size, tolerance in ((1e4, 1e-5), (1e5, 1e-3)):
        theta = size * np.array([1.0, 0.1, 0.3])
        _, gradient = criterion.value_and_gradient(theta)
        assert gradient @ theta == pytest.approx(68.0, abs=tolerance)
