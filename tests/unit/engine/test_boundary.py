"""Variances of zero: reached exactly, certified, and left where the criterion falls."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dense_likelihood import random_design

from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.engine.fit import fit_design
from mmgui.engine.singularity import variance_rank
from mmgui.spec.formula import parse

SINGULAR = json.loads((Path(__file__).parents[2] / "data" / "lme4_structures.json").read_text())["singular"]


def design_of(key, formula, reml=True):
    return build_design(replace(parse(formula), reml=reml), load_sample(key))


@pytest.mark.parametrize("reml", [True, False])
def test_dyestuff2_has_no_batch_variance_exactly(reml):
    fit = fit_design(design_of("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml))
    assert fit.theta[0] == 0.0
    assert fit.singular
    assert fit.convergence.converged
    # The derivative with respect to the variance, not to its root, is positive: more variance is worse.
    assert Criterion(fit.design).covariance_gradient(np.zeros(1))[0][0, 0] > 0.0


@pytest.mark.parametrize("case", SINGULAR, ids=[c["formula"] for c in SINGULAR])
def test_overparameterised_models_reach_lme4_or_better(case):
    fit = fit_design(design_of(case["dataset"], case["formula"], case["REML"]))
    assert fit.objective <= case["crit"] + 1e-8
    assert fit.convergence.converged
    assert fit.convergence.curvature > 0.0


@pytest.mark.parametrize(
    ("key", "formula", "most"),
    [
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)", 20),  # 50 from three other starts
        ("sim_hidden_singular", "y ~ x1 + x2 + (x1 + x2 | g)", 80),  # 123
        ("sim_plots_treatments", "y ~ ttt + (ttt | plot)", 200),  # 415
    ],
)
def test_other_starts_of_a_singular_fit_end_in_the_valley_that_is_known(key, formula, most):
    fit = fit_design(build_design(parse(formula), load_sample(key)))
    assert fit.convergence.converged
    assert len(fit.log.objective) <= most


def test_a_hidden_singular_combination_is_found_where_every_sd_and_correlation_looks_innocent():
    fit = fit_design(design_of("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"))
    term = fit.terms[0]
    assert term.rank == 3
    assert fit.singular
    assert term.sd.min() > 0.5
    assert np.abs(term.correlation - np.eye(4)).max() < 0.99
    assert term.singular_values[3] < 1e-8


def test_five_treatments_on_four_plots_have_two_directions_of_variance():
    fit = fit_design(design_of("sim_plots_treatments", "y ~ ttt + (ttt | plot)"))
    # lme4's principal components: 1.26, 0.254, then below 1e-4.
    assert fit.terms[0].rank == 2


@pytest.mark.parametrize(
    ("key", "formula", "objective"),
    [
        ("sleepstudy", "Reaction ~ Days + (Days | Subject)", 1743.6282719585),
        ("sleepstudy", "Reaction ~ Days + (Days || Subject)", 1743.6692935813),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", 330.8605889910),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)", 246.9907458535),
    ],
)
def test_a_start_at_zero_is_left(key, formula, objective):
    # The gradient in theta vanishes at zero; only curvature leads away.
    design = design_of(key, formula)
    fit = fit_design(design, start=np.zeros(design.theta_count))
    assert fit.objective == pytest.approx(objective, abs=1e-6)
    assert fit.convergence.converged


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("structure", ["G", "GH", "igc", "b"])
def test_where_a_fit_ends_no_direction_without_variance_wants_any(structure, seed):
    fit = fit_design(random_design(structure, seed, 60))
    criterion = Criterion(fit.design)
    assert fit.convergence.converged
    flat = criterion.flat(fit.theta)
    for bar, lam in zip(criterion.covariance_gradient(flat), criterion.basis.matrices(flat), strict=True):
        # Optimality: derivative zero on the range of Σ, not negative on its null space (within blocks).
        assert np.abs(bar @ lam)[lam != 0.0].max(initial=0.0) < 1e-4
        assert np.diag(bar).min() > -1e-4
    for direction in np.eye(fit.theta.size):
        for step in (0.05, -0.05):
            assert criterion.value(fit.theta + step * direction) >= fit.objective - 1e-7


def test_columns_on_different_scales_do_not_fake_singularity():
    assert variance_rank(np.diag([1.0, 1e-4 / 2])) == 2
    assert variance_rank(np.array([[1.0, 0.0], [0.5, 0.0]])) == 1
    assert variance_rank(np.zeros((2, 2))) == 0


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_units_of_a_slope_change_neither_the_fit_nor_its_rank(unit):
    design = design_of("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    columns = design.random[0].columns * np.array([1.0, unit])
    scaled = replace(
        design,
        x=design.x * np.array([1.0, unit]),
        random=(replace(design.random[0], columns=columns),),
    )
    fit = fit_design(scaled)
    # REML's constant moves with the units of X: 2 log(unit).
    assert fit.objective == pytest.approx(1743.6282719585 + 2 * np.log(unit), abs=1e-6)
    np.testing.assert_allclose(fit.terms[0].sd * [1.0, unit], [24.74045, 5.922133], rtol=1e-6)
    assert fit.terms[0].rank == 2
