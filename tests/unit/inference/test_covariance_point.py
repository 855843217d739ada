"""The criterion and the estimates away from the best fit, against lme4's values in teaching.json."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmgui.engine.build import build_design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.inference.landscape.best_sigma import BestSigma
from mmgui.inference.likelihood.covariance_point import SIGMA, Coordinate, CovarianceSpace
from mmgui.spec.formula import parse
from tests.unit.inference.conftest import design_of, table_of

SLEEP = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture(scope="module")
def ml() -> CovarianceSpace:
    return CovarianceSpace(fit_design(design_of("sleepstudy", SLEEP, reml=False)))


@pytest.fixture(scope="module")
def reml() -> CovarianceSpace:
    return CovarianceSpace(fit_design(design_of("sleepstudy", SLEEP)))


# teaching.json, sleepstudy.deviance_at_theta (lme4 1.1-31, ML)
@pytest.mark.parametrize(
    ("theta", "deviance"),
    [
        ([1.0, 0.0, 1.0], 1784.64229619245),
        ([0.0, 0.0, 0.0], 1900.29305635636),
        ([0.5, 0.0, 0.5], 1770.17560648536),
        ([0.9291906052782, 0.01816575472041, 0.2226432056126], 1751.93934448899),
    ],
)
def test_that_the_criterion_at_theta_is_lme4s(ml, theta, deviance):
    point = ml.point(np.array(theta))
    assert ml.criterion(point) == pytest.approx(deviance, abs=1e-8)
    assert ml.fit_at(point).objective == pytest.approx(deviance, abs=1e-8)
    np.testing.assert_allclose(ml.theta(point), theta, atol=1e-12)


def _density(fit: Fit, sigma: float) -> float:
    """-2 log-likelihood of y ~ N(Xβ, ZΣZᵀ + σ²I), n × n."""
    design = fit.design
    v = sigma**2 * np.eye(design.nobs)
    for random, term in zip(design.random, fit.terms, strict=True):
        z = random.columns
        same = random.codes[:, None] == random.codes[None, :]
        v += same * (z @ term.covariance @ z.T)
    rest = design.y - design.x @ fit.beta
    _, logdet = np.linalg.slogdet(v)
    return float(logdet + rest @ np.linalg.solve(v, rest) + design.nobs * math.log(2 * math.pi))


def test_that_sigma_away_from_its_best_gives_the_likelihood_of_the_normal_distribution(ml):
    point = ml.moved(ml.best, SIGMA, 31.0)
    point = ml.moved(point, Coordinate(0, (0,)), 15.0)
    point = ml.moved(point, Coordinate(0, (0, 1)), -0.4)
    there = ml.fit_at(point)
    assert there.sigma == 31.0
    assert there.objective == pytest.approx(_density(there, 31.0), abs=1e-8)
    np.testing.assert_allclose(there.terms[0].sd, [15.0, ml.best.sds[0][1]])
    assert there.terms[0].correlation[0, 1] == pytest.approx(-0.4)


def test_that_modes_at_a_point_are_those_of_the_shrinkage_formula(reml):
    """One intercept per group: b = nτ²/(nτ²+σ²) (mean residual); Dyestuff, five rows a batch."""
    space = CovarianceSpace(fit_design(design_of("Dyestuff", "Yield ~ 1 + (1 | Batch)")))
    point = space.moved(space.moved(space.best, Coordinate(0, (0,)), 30.0), SIGMA, 60.0)
    there = space.fit_at(point)
    weight = 5 * 30.0**2 / (5 * 30.0**2 + 60.0**2)
    y, codes = space.design.y, space.design.random[0].codes
    means = np.bincount(codes, y) / np.bincount(codes)
    np.testing.assert_allclose(there.terms[0].modes[:, 0], weight * (means - 1527.5), atol=1e-9)
    expected = 30.0 * math.sqrt(1 - weight)
    np.testing.assert_allclose(there.terms[0].conditional_sd[:, 0], expected, rtol=1e-9)


def test_that_the_fit_itself_is_the_best_point(reml):
    assert reml.criterion(reml.best) == pytest.approx(1743.6282719599, abs=1e-6)
    best = BestSigma(reml).at(reml.best)[0]
    assert best.sigma == pytest.approx(25.5918, abs=5e-5)
    assert reml.fit_at(reml.best).convergence.reason == "moved"


def test_that_sigma_takes_up_what_a_variance_gives_away(reml):
    none = reml.moved(reml.best, Coordinate(0, (1,)), 0.0)
    followed = BestSigma(reml).at(none)[0]
    assert followed.sigma > 30.0
    assert reml.criterion(followed) < reml.criterion(none)
    for nearby in (0.99, 1.01):
        other = reml.moved(followed, SIGMA, nearby * followed.sigma)
        assert reml.criterion(other) > reml.criterion(followed)


def test_that_a_variance_comes_back_from_zero_with_its_correlation(reml):
    there = reml.moved(reml.best, Coordinate(0, (1,)), 0.0)
    back = reml.moved(there, Coordinate(0, (1,)), float(reml.best.sds[0][1]))
    assert reml.criterion(back) == pytest.approx(reml.criterion(reml.best), abs=1e-9)


def test_that_correlations_stay_where_the_others_allow_them():
    space = CovarianceSpace(fit_design(design_of("Machines", "score ~ Machine + (0 + Machine | Worker)")))
    pairs = [c for c in space.coordinates if c.correlation]
    assert len(pairs) == 3
    point = space.moved(space.best, pairs[0], 0.9)
    point = space.moved(point, pairs[1], 0.9)
    low, high = space.bounds(point, pairs[2])
    # Partial correlation within ±1: .81 ± (1 - .81) = .62 to 1.
    assert (low, high) == (pytest.approx(0.62), pytest.approx(1.0))
    far = space.moved(point, pairs[2], -1.0)
    assert far.value(pairs[2]) == pytest.approx(0.62)
    assert np.linalg.eigvalsh(far.correlations[0]).min() > -1e-9


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 80.0), st.floats(0.0, 20.0), st.floats(-1.0, 1.0), st.floats(5.0, 80.0))
def test_that_every_point_gives_back_its_parameters(first, second, rho, sigma):
    space = _shared()
    point = space.best
    for c, value in zip(space.coordinates, (first, second, rho, sigma), strict=True):
        point = space.moved(point, c, value)
    there = space.fit_at(point)
    np.testing.assert_allclose(there.terms[0].sd, [first, second], atol=1e-6 * (1 + first + second))
    assert there.sigma == sigma
    assert np.isfinite(there.objective)
    assert there.objective == pytest.approx(space.criterion(point), abs=1e-7)


_KNOWN: list[CovarianceSpace] = []


def _shared() -> CovarianceSpace:
    if not _KNOWN:
        _KNOWN.append(CovarianceSpace(fit_design(design_of("sleepstudy", SLEEP))))
    return _KNOWN[0]


@pytest.mark.parametrize("structure", ["cs", "homcs", "ar1", "hetar1", "homdiag"])
def test_that_patterned_terms_move_within_their_pattern(structure):
    formula = f"score ~ Machine + {structure}(0 + Machine | Worker)"
    space = CovarianceSpace(fit_design(build_design(parse(formula), table_of("Machines"))))
    point = space.best
    for c in space.coordinates:
        if not c.residual:
            point = space.moved(point, c, 0.25 if c.correlation else 4.0)
    there = space.fit_at(point)
    np.testing.assert_allclose(there.terms[0].sd, 4.0)
    expected = {"homdiag": 0.0, "ar1": 0.0625, "hetar1": 0.0625}.get(structure, 0.25)
    assert there.terms[0].correlation[0, 2] == pytest.approx(expected)
    assert there.objective == pytest.approx(space.criterion(point), abs=1e-8)
