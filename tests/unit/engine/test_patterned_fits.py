"""Fits of patterned terms: against nlme and glmmTMB, each other, and general-purpose optimisers."""

from dataclasses import replace

import numpy as np
import pytest
from dense_likelihood import dense_fit
from hypothesis import example, given, settings
from hypothesis import strategies as st
from patterned_designs import PATTERNED, patterned_design
from scipy.optimize import minimize

from mmgui.data.samples import load_sample
from mmgui.engine.events import Started
from mmgui.engine.fit import FitJob, fit, fit_design, parameter_names
from mmgui.spec.formula import parse
from mmgui.spec.terms import Covariance


def fitted(sample, formula, reml=True):
    return fit(FitJob(replace(parse(formula), reml=reml), load_sample(sample)))


def machines(bars, reml=True):
    return fitted("Machines", f"score ~ Machine + {bars}", reml)


# nlme 3.1, lme(score ~ Machine, random = list(Worker = pd…(~ Machine - 1))); cs and ar1: glmmTMB 1.1.5.
MACHINES = [
    ("homcs", True, 215.687568008, 0.9615766, [6.0636542, 6.0636542, 6.0636542], 0.621696),
    ("homcs", False, 225.26944694, 0.9615766, [5.5306916, 5.5306916, 5.5306916], 0.622740),
    ("homdiag", True, 221.25559005, 0.9615766, [6.0636541, 6.0636541, 6.0636541], 0.0),
    ("homdiag", False, 231.951073389, 0.9615766, [5.5306917, 5.5306917, 5.5306917], 0.0),
    ("diag", True, 217.651078576, 0.9615766, [4.0792807, 8.6252909, 4.3894796], 0.0),
    ("diag", False, 227.625659621, 0.9615766, [3.7169532, 7.8705147, 4.0006134], 0.0),
    ("cs", True, 209.2204423, 0.9621486, [4.1144850, 8.4197423, 4.4618003], 0.7357101),
    ("cs", False, 217.4985949, 0.9624045, [3.7481651, 7.6863591, 4.0653035], 0.7380865),
    ("ar1", True, 216.2391108, 0.9616146, [5.7322092, 5.7322092, 5.7322092], 0.5383894),
    ("ar1", False, 225.9306132, 0.9616324, [5.2281427, 5.2281427, 5.2281427], 0.5395892),
]


@pytest.mark.parametrize(("bar", "reml", "objective", "sigma", "sd", "rho"), MACHINES)
def test_machines_agrees_with_nlme_and_glmmtmb(bar, reml, objective, sigma, sd, rho):
    found = machines(f"{bar}(0 + Machine | Worker)", reml)
    assert found.objective == pytest.approx(objective, abs=2e-7)
    assert found.sigma == pytest.approx(sigma, rel=2e-6)
    assert found.terms[0].sd == pytest.approx(sd, rel=2e-6)
    assert found.terms[0].correlation[0, 1] == pytest.approx(rho, abs=2e-6)
    assert found.convergence.converged
    assert not found.singular


def test_an_autoregression_agrees_with_a_residual_one_that_has_a_nugget():
    # nlme 3.1, gls(distance ~ age, correlation = corExp(form = ~ t | Subject, nugget = TRUE)), t = 1 … 4;
    # 2.56090838605² = sd² + sigma², nugget 0.25192330114 = sigma² / (sd² + sigma²), ρ = exp(-1 / 19.9128).
    found = fitted("Orthodont", "distance ~ age + ar1(0 + factor(age) | Subject)")
    assert found.objective == pytest.approx(446.030798671, abs=1e-7)
    total = found.terms[0].sd[0] ** 2 + found.sigma**2
    assert np.sqrt(total) == pytest.approx(2.56090838605, rel=1e-5)
    assert found.sigma**2 / total == pytest.approx(0.25192330114, rel=1e-4)
    assert found.theta[-1] == pytest.approx(np.exp(-1 / 19.9128058597), rel=1e-5)
    assert found.se == pytest.approx([0.8545753519354, 0.0670753853012], rel=1e-5)


def test_a_correlation_at_its_limit_is_singular_and_converged():
    # glmmTMB 1.1.5: 441.9004213, sd 1.896012 1.704830 2.463495 2.418565, correlation 0.99999994.
    found = fitted("Orthodont", "distance ~ age + cs(0 + factor(age) | Subject)")
    assert found.objective == pytest.approx(441.9004213, abs=3e-7)
    assert found.theta[-1] == 1.0
    assert found.convergence.converged
    assert found.singular
    assert found.terms[0].rank == 1
    assert found.terms[0].sd == pytest.approx([1.8960120, 1.7048304, 2.4634945, 2.4185651], rel=1e-5)


@pytest.mark.parametrize("reml", [True, False])
def test_homogeneous_compound_symmetry_is_two_nested_intercepts(reml):
    one = machines("homcs(0 + Machine | Worker)", reml)
    two = machines("(1 | Worker) + (1 | Worker:Machine)", reml)
    assert one.objective == pytest.approx(two.objective, abs=1e-8)
    assert one.fitted == pytest.approx(two.fitted, abs=1e-4)
    assert one.se == pytest.approx(two.se, rel=1e-6)
    between, within = two.terms[0].covariance[0, 0], two.terms[1].covariance[0, 0]
    assert one.theta[0] * one.sigma == pytest.approx(np.sqrt(between + within), rel=1e-5)
    assert one.theta[1] == pytest.approx(between / (between + within), rel=1e-5)


def test_one_variance_for_all_levels_is_an_intercept_of_their_combinations():
    one, two = machines("homdiag(0 + Machine | Worker)"), machines("(1 | Worker:Machine)")
    assert one.objective == pytest.approx(two.objective, abs=1e-8)
    assert one.theta == pytest.approx(two.theta, rel=1e-6)
    assert one.npar == two.npar == 5


@pytest.mark.parametrize("bar", ["cs", "hetar1"])
def test_two_columns_with_a_pattern_are_unstructured(bar):
    pattern = fitted("sleepstudy", f"Reaction ~ Days + {bar}(Days | Subject)")
    free = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    # lme4 1.1-31: REML criterion 1743.6283.
    assert pattern.objective == pytest.approx(1743.6283, abs=1e-4)
    assert pattern.objective == pytest.approx(free.objective, abs=1e-7)
    assert pattern.terms[0].covariance == pytest.approx(free.terms[0].covariance, rel=1e-4)
    assert pattern.npar == free.npar


def test_the_result_says_its_structure_and_theta_is_standard_deviations_then_rho():
    found = machines("cs(0 + Machine | Worker)")
    term = found.terms[0]
    assert term.structure is Covariance.COMPOUND_SYMMETRY
    assert found.theta[:3] * found.sigma == pytest.approx(term.sd)
    assert found.theta[3] == pytest.approx(term.correlation[2, 0])
    assert np.array_equal(term.relative_factor, np.tril(term.relative_factor))
    assert (np.diag(term.relative_factor) >= 0.0).all()
    assert found.npar == 8
    assert found.log.theta.shape == (len(found.log.objective), 4)
    assert found.log.theta[np.argmin(found.log.objective)] == pytest.approx(found.theta, abs=1e-4)
    assert term.free_pairs == ((0, 1), (0, 2), (1, 2))
    assert machines("homdiag(0 + Machine | Worker)").terms[0].free_pairs == ()


def test_parameters_are_named_by_effect_or_as_shared():
    events = []
    spec = parse("score ~ Machine + hetar1(0 + Machine | Worker)")
    found = fit(FitJob(spec, load_sample("Machines")), events.append)
    started = next(e for e in events if isinstance(e, Started))
    assert started.parameters == ("Worker.MachineA", "Worker.MachineB", "Worker.MachineC", "Worker.rho")
    assert parameter_names(found.design) == started.parameters
    alike = machines("ar1(0 + Machine | Worker) + (1 | Machine:Worker)")
    assert parameter_names(alike.design) == ("Worker.sd", "Worker.rho", "Machine:Worker.(Intercept)")


@pytest.mark.parametrize("structure", PATTERNED)
def test_a_fit_begins_where_it_is_told_to(structure):
    design = patterned_design(structure, 8, groups=12, n=120)
    cold = fit_design(design)
    warm = fit_design(design, start=cold.theta)
    assert warm.objective == pytest.approx(cold.objective, abs=1e-6)


@pytest.mark.parametrize("structure", PATTERNED)
def test_no_variance_at_all_is_found_to_be_zero(structure):
    design = patterned_design(structure, 0, truth="none", n=200, groups=8)
    # Every cell of a group and a column has the same mean.
    cell = (design.random[0].codes * 3 + design.random[0].columns @ [0, 1, 2]).astype(int)
    means = np.bincount(cell, design.y) / np.maximum(np.bincount(cell), 1)
    only_mean = {"x": design.x[:, :1], "fixed_names": ("x0",), "assign": np.zeros(1, dtype=int)}
    found = fit_design(replace(design, y=design.y - means[cell], **only_mean))
    pattern = design.random[0].pattern
    assert np.array_equal(found.theta[: pattern.sds], np.zeros(pattern.sds))
    assert found.convergence.converged
    assert found.singular
    assert found.terms[0].rank == 0


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_sign_of_an_autoregression_is_found_from_the_data(sign):
    rng = np.random.default_rng(11)
    design = patterned_design(Covariance.AR1, 1, size=6, groups=30, n=360, truth="none")
    lags = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
    effects = rng.multivariate_normal(np.zeros(6), 4.0 * (sign * 0.8) ** lags, size=30)
    random = design.random[0]
    signal = (random.columns * effects[random.codes]).sum(axis=1)
    found = fit_design(replace(design, y=signal + rng.normal(size=360)))
    assert found.theta[-1] == pytest.approx(sign * 0.8, abs=0.15)


def dense_optimum(design, starts, seed):
    """The lowest n × n criterion that L-BFGS-B finds from random points of the domain."""
    rng = np.random.default_rng(seed)
    random = design.random[0]
    pattern, rms = random.pattern, np.sqrt((random.columns**2).mean(axis=0))
    scale = np.append(1.0 / (rms if pattern.sds > 1 else rms.mean()), np.ones(int(pattern.correlated)))
    bounds = [(0.0, None)] * pattern.sds + [pattern.limits] * pattern.correlated

    def value(x):
        return dense_fit(design, x * scale, design.spec.reml).objective

    ends = []
    for _ in range(starts):
        x = rng.uniform(0.1, 2.0, pattern.count)
        if pattern.correlated:
            x[-1] = 0.9 * rng.uniform(*pattern.limits)
        options = {"ftol": 1e-13, "gtol": 1e-7, "maxiter": 100}
        ends.append(minimize(value, x, method="L-BFGS-B", bounds=bounds, options=options).fun)
    return min(ends)


@settings(max_examples=20, deadline=None)
@given(
    structure=st.sampled_from(PATTERNED),
    seed=st.integers(0, 10**6),
    size=st.integers(2, 4),
    quantities=st.booleans(),
    reml=st.booleans(),
    truth=st.sampled_from(["none", "pattern", "free"]),
)
@example(Covariance.COMPOUND_SYMMETRY, 0, 3, False, True, "pattern")
@example(Covariance.HETEROGENEOUS_AR1, 1, 4, True, False, "free")
# At θ = 0 the criterion falls along two unequal standard deviations alone.
@example(Covariance.HETEROGENEOUS_AR1, 496, 3, True, True, "none")
def test_no_optimiser_finds_a_lower_dense_criterion(structure, seed, size, quantities, reml, truth):
    design = patterned_design(
        structure, seed, size=size, groups=8, n=48, reml=reml, quantities=quantities, truth=truth
    )
    found = fit_design(design)
    assert found.objective == pytest.approx(dense_fit(design, found.theta, reml).objective, abs=1e-7)
    assert found.objective <= dense_optimum(design, 3, seed) + 1e-5
    assert found.convergence.converged
