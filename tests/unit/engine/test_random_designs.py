"""Designs at random: the criterion is the textbook's, and where a fit ends nothing goes lower."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dense_likelihood import dense_fit, random_design
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from multistart import best_of, theta_scales
from random_designs import Effects, Grouping, Plan, draw_plan
from scipy.optimize import minimize

from mmgui.engine.criterion import Criterion
from mmgui.engine.fit import fit_design

LIMITED = settings(
    derandomize=True, deadline=None, max_examples=12, suppress_health_check=list(HealthCheck), database=None
)


@st.composite
def plans(draw, rows=60, parameters=6):
    plan = draw_plan(lambda options: draw(st.sampled_from(options)))
    assume(plan.n <= rows)
    design = plan.design()
    assume(0 < design.theta_count <= parameters)
    return plan


def residual_share(design, theta):
    """The residual standard deviation at theta, in those of what least squares leaves."""
    at = dense_fit(design, theta, design.spec.reml)
    none = dense_fit(design, np.zeros_like(theta), design.spec.reml)
    return at.sigma / none.sigma


@LIMITED
@given(plan=plans(), seed=st.integers(0, 1000))
def test_the_criterion_is_that_of_the_dense_likelihood(plan, seed):
    design = plan.design()
    criterion = Criterion(design)
    theta = theta_scales(criterion) * np.random.default_rng(seed).normal(size=criterion.size)
    expected = dense_fit(design, theta, design.spec.reml).objective
    assert criterion.value(theta) == pytest.approx(expected, rel=1e-9, abs=1e-7)


@LIMITED
@given(plan=plans(), seed=st.integers(0, 1000))
def test_the_gradient_is_that_of_differences(plan, seed):
    criterion = Criterion(plan.design())
    scale = theta_scales(criterion)
    rng = np.random.default_rng(seed)
    point, direction = rng.normal(size=scale.size), rng.normal(size=scale.size)
    ahead, behind = (criterion.value((point + step * direction) * scale) for step in (1e-4, -1e-4))
    _, gradient = criterion.value_and_gradient(point * scale)
    slope = float(gradient @ (direction * scale))
    assert slope == pytest.approx((ahead - behind) / 2e-4, rel=1e-4, abs=1e-4)


@LIMITED
@given(plan=plans())
def test_no_optimiser_goes_below_a_fit(plan):
    design = plan.design()
    fit = fit_design(design)
    criterion = Criterion(design)
    best, theta = best_of(criterion, 3, plan.seed, near=fit.theta)
    if criterion.size <= 2:
        scale = theta_scales(criterion)
        dense = minimize(
            lambda t: dense_fit(design, t * scale, design.spec.reml).objective,
            theta / scale,
            method="Nelder-Mead",
        )
        best = min(best, float(dense.fun))
    # Where random effects can take up everything, the criterion falls for ever as σ goes to 0; a fit
    # then ends somewhere on the way, and says so.
    vanishing = residual_share(design, theta) < 1e-3
    assert fit.objective <= best + 1e-5 or (vanishing and not fit.convergence.converged)


@LIMITED
@given(plan=plans())
def test_where_a_fit_converged_the_gradient_vanishes_and_no_variance_of_zero_wants_to_grow(plan):
    fit = fit_design(plan.design())
    assume(fit.convergence.converged)
    criterion = Criterion(fit.design)
    flat = criterion.flat(fit.theta)
    n = criterion.blocks.n
    gradients = criterion.covariance_gradient(flat)
    for block in criterion.basis.blocks:
        lam = flat[block.flat]
        bar = gradients[block.factor][np.ix_(block.rows, block.rows)]
        size = max(1.0, np.abs(lam).max())
        # Zero on the range of Σ, not negative on its null space.
        assert np.abs(bar @ lam).max() * size < 1e-5 * n
        assert np.linalg.eigvalsh(bar)[0] > -1e-6 * n


# Found by a search over seeds: what descents from moment estimates alone ended in, and the lowest value
# of 12 starts of L-BFGS-B and BFGS, checked by the dense likelihood there.
SECOND_VALLEYS = [
    (
        # 457.187: weighted, outliers, three fixed effects that all but explain a slope.
        Plan(
            seed=339167, n=48,
            groupings=(Grouping("nested", 4), Grouping("mostly_single", 10), Grouping("crossed", 4)),
            effects=(
                Effects(1, False, ("repeated", "huge"), "full", "moderate"),
                Effects(2, True, ("far",), "each", "none"),
            ),
            fixed=3, reml=True, weighted=True, offset=True, noise="outliers",
        ),
        451.21435988,
    ),
    (
        # 172.556
        Plan(
            seed=180062, n=20, groupings=(Grouping("crossed", 4), Grouping("unbalanced", 15)),
            effects=(
                Effects(0, False, ("repeated", "huge", "unit"), "full", "large"),
                Effects(1, True, (), "full", "near"),
            ),
            fixed=2, reml=True, weighted=False, offset=True, noise="normal",
        ),
        167.95959342,
    ),
    (
        # 180.055, not singular
        Plan(
            seed=337551, n=20,
            groupings=(Grouping("nested", 2), Grouping("crossed", 4), Grouping("random", 15)),
            effects=(
                Effects(1, False, ("tiny",), "full", "none"),
                Effects(1, True, ("huge",), "each", "singular"),
            ),
            fixed=3, reml=True, weighted=True, offset=True, noise="normal",
        ),
        176.12016469,
    ),
    (
        # 479.393
        Plan(
            seed=104069, n=60, groupings=(Grouping("mostly_single", 2),),
            effects=(
                Effects(0, True, ("tiny", "six"), "full", "large"),
                Effects(0, True, ("three",), "each", "none"),
                Effects(0, True, ("hundreds", "cubed", "six"), "full", "singular"),
            ),
            fixed=2, reml=False, weighted=True, offset=False, noise="outliers",
        ),
        474.42795509,
    ),
    (
        # 373.229: a single variance; weights over four orders of magnitude, and outliers
        Plan(
            seed=119320, n=60, groupings=(Grouping("balanced", 10), Grouping("mostly_single", 3)),
            effects=(Effects(1, True, ("tiny", "binary"), "full", "moderate"),),
            fixed=2, reml=True, weighted=True, offset=False, noise="outliers",
        ),
        340.54756950,
    ),
    (
        # 418.72960692: 28 parameters, a second direction of one term's variance beside the best end so far
        Plan(
            seed=690222, n=80, groupings=(Grouping("unbalanced", 10),),
            effects=(
                Effects(0, False, ("huge",), "full", "large"),
                Effects(0, False, ("tiny", "six"), "each", "small"),
                Effects(0, True, ("squared", "between"), "full", "singular"),
                Effects(0, False, ("six",), "full", "small"),
            ),
            fixed=3, reml=True, weighted=True, offset=False, noise="normal",
        ),
        418.71306009,
    ),
    (
        # 29.71747006: 33 parameters on 20 rows, relative standard deviations from 0.8 to 64
        Plan(
            seed=733808, n=20, groupings=(Grouping("nested", 2),),
            effects=(
                Effects(0, True, ("huge", "tiny", "three"), "each", "singular"),
                Effects(0, True, ("six", "tiny"), "full", "small"),
            ),
            fixed=2, reml=True, weighted=True, offset=False, noise="normal",
        ),
        28.34733204,
    ),
    (
        # 309.28061918: 40 parameters on 60 rows; six starts of L-BFGS-B and BFGS came no lower either
        Plan(
            seed=970607, n=60, groupings=(Grouping("unbalanced", 25), Grouping("crossed", 25)),
            effects=(
                Effects(0, True, ("six", "unit", "six"), "kept", "small"),
                Effects(0, True, ("huge",), "kept", "near"),
                Effects(0, True, ("tiny", "three", "interaction"), "full", "large"),
            ),
            fixed=2, reml=True, weighted=False, offset=False, noise="symmetric",
        ),
        308.96340711,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "objective"), SECOND_VALLEYS)
def test_the_deeper_of_two_valleys_is_found(plan, objective):
    fit = fit_design(plan.design())
    assert fit.objective <= objective + 1e-6
    assert fit.convergence.converged


# Two terms that say the same of one factor: their variances trade off along a curve.
TRADE_OFFS = [
    Plan(
        seed=125436, n=30, groupings=(Grouping("random", 25),),
        effects=(
            Effects(0, True, (), "full", "none"),
            Effects(0, True, (), "full", "large"),
        ),
        fixed=2, reml=False, weighted=False, offset=False,
    ),
    Plan(
        seed=331949, n=60, groupings=(Grouping("mostly_single", 3), Grouping("balanced", 6)),
        effects=(Effects(1, True, (), "full", "moderate"), Effects(1, True, ("unit",), "full", "moderate")),
        fixed=2, reml=True, weighted=False, offset=False,
    ),
]  # fmt: skip


@pytest.mark.parametrize("plan", TRADE_OFFS)
def test_a_direction_in_which_the_criterion_is_flat_shows_as_no_curvature(plan):
    # Forward differences beside the end of the search gave curvatures up to 1e-5 of either sign.
    fit = fit_design(plan.design())
    assert not fit.convergence.converged
    assert abs(fit.convergence.curvature) < 1e-8
    assert fit.convergence.reason == "gradient"


def test_a_flat_criterion_is_followed_to_its_floor():
    # 1915.07803547 where the full 20 parameters were kept; the terms trade off, and no optimum is certified.
    plan = Plan(
        seed=929145, n=200, groupings=(Grouping("mostly_single", 3), Grouping("unbalanced", 6)),
        effects=(
            Effects(0, True, (), "each", "moderate"),
            Effects(0, True, (), "kept", "moderate"),
            Effects(1, True, ("six", "far", "squared"), "kept", "moderate"),
        ),
        fixed=1, reml=True, weighted=True, offset=True, noise="outliers",
    )  # fmt: skip
    fit = fit_design(plan.design())
    assert fit.objective == pytest.approx(1915.07762288, abs=1e-5)
    assert not fit.convergence.converged


def test_relative_standard_deviations_near_a_thousand_are_reached():
    # The scaled gradient alone called 28 evaluations enough at -474.76594720, with curvature 1e-7 of θ.
    plan = Plan(
        seed=5, n=200, groupings=(Grouping("balanced", 10),),
        effects=(Effects(0, True, ("unit",), "full", "large"),),
        fixed=2, reml=True, weighted=False, offset=False, noise="tiny",
    )  # fmt: skip
    fit = fit_design(plan.design())
    assert fit.objective == pytest.approx(-474.76594731, abs=3e-8)
    assert fit.terms[0].relative_factor[0, 0] == pytest.approx(985.2, abs=0.1)
    assert fit.convergence.converged
    assert fit.convergence.curvature > 1e-4


def test_a_variance_of_zero_that_another_term_makes_up_for_is_no_optimum_of_its_own():
    # Begun with one of two equal terms at zero, the search has nothing to gain by leaving, nor by staying.
    design = TRADE_OFFS[0].design()
    fit = fit_design(design, start=np.array([0.0, 30.0]))
    assert fit.theta[0] == 0.0
    assert fit.objective == pytest.approx(209.86032605, abs=1e-6)
    assert not fit.convergence.converged
    assert fit.convergence.curvature == 0.0


@pytest.mark.parametrize(("noise", "certain"), [(1e-3, True), (1e-6, False)])
def test_next_to_no_residual_variation_certifies_no_optimum(noise, certain):
    # The sum of squares that is left comes of cancellation: 1e12 times less than there was keeps 4 digits.
    design = random_design("g", 3, 80)
    rng = np.random.default_rng(1)
    y = rng.normal(size=10)[design.random[0].codes] + noise * rng.normal(size=80)
    fit = fit_design(replace(design, y=y))
    assert fit.sigma == pytest.approx(noise, rel=0.2)
    assert fit.convergence.converged == certain
