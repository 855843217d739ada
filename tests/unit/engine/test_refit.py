"""Refits in place: the same blocks and the same optimum as a fit of the new response from the start."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design
from mmgui.engine.refit import Refitter
from mmgui.engine.response import ResponseMap
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.refits.replicates import simulate
from mmgui.spec.formula import parse

TABLES = Path(__file__).resolve().parents[2] / "data" / "lme4"

MODELS = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)", True),
    ("sleepstudy", "Reaction ~ Days + (Days || Subject)", False),
    ("sleepstudy", "Reaction ~ Days + offset(3 * Days) + (1 | Subject)", True),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)", True),
    ("Dyestuff2", "Yield ~ 1 + (1 | Batch)", False),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)", True),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", True),
    ("Machines", "score ~ Machine + (Machine | Worker)", False),
    ("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", True),
    ("Machines", "score ~ Machine + cs(0 + Machine | Worker)", True),
    ("Machines", "score ~ Machine + ar1(0 + Machine | Worker)", True),
    ("Machines", "score ~ Machine + homdiag(0 + Machine | Worker)", False),
]


@cache
def table_of(name: str) -> Table:
    return read_table(TABLES / f"{name}.csv")


@cache
def fit_of(name: str, formula: str, reml: bool) -> Fit:
    return fit_design(build_design(replace(parse(formula), reml=reml), table_of(name)))


def weighted(design: Design) -> Design:
    weights = np.random.default_rng(4).uniform(0.3, 3.0, design.nobs)
    return replace(design, weights=weights)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m[1])
def test_the_criterion_of_a_new_response_is_that_of_new_cross_products(model: tuple[str, str, bool]) -> None:
    fit = fit_of(*model)
    generator = np.random.default_rng(1)
    refitter = Refitter(fit)
    for scale in (0.3, 1.0, 2.0):
        y = simulate(fit, generator)
        theta = np.abs(fit.theta) * scale + 0.1
        expected = Criterion(replace(fit.design, y=y)).value(theta)
        assert refitter.criterion_value(y, theta) == pytest.approx(expected, rel=1e-11)


def test_prior_weights_enter_the_new_cross_products() -> None:
    design = weighted(fit_of("sleepstudy", "Reaction ~ Days + (Days | Subject)", True).design)
    y = np.random.default_rng(2).standard_normal(180) * 50.0 + 300.0
    made = ResponseMap(Criterion(design)).criterion(y)
    theta = np.array([0.9, 0.1, 0.3])
    assert made.value(theta) == pytest.approx(Criterion(replace(design, y=y)).value(theta), rel=1e-12)


def test_sparse_couplings_of_crossed_factors_keep_their_pattern() -> None:
    """1,500 persons of whom each rates 3 of 250 items: too many cells for a dense coupling."""
    generator = np.random.default_rng(3)
    person = np.repeat(np.arange(1500), 3)
    item = generator.integers(0, 250, person.size)
    x = generator.standard_normal(person.size)
    columns = {"y": x, "x": x**2, "person": person.astype(str), "item": item.astype(str)}
    design = build_design(parse("y ~ x + (1 | person) + (1 | item)"), from_frame(columns, "ratings"))
    criterion = Criterion(design)
    assert criterion.blocks.chain[0].sparse is not None
    y = generator.standard_normal(person.size)
    theta = np.array([0.7, 0.4])
    expected = Criterion(replace(design, y=y)).value(theta)
    assert ResponseMap(criterion).criterion(y).value(theta) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m[1])
def test_a_refit_ends_where_a_fit_from_the_start_ends(model: tuple[str, str, bool]) -> None:
    fit = fit_of(*model)
    generator = np.random.default_rng(5)
    refitter = Refitter(fit)
    for _ in range(25):
        y = simulate(fit, generator)
        ours, full = refitter.refit(y, modes=True), fit_design(replace(fit.design, y=y))
        assert ours.objective == pytest.approx(full.objective, abs=1e-7)
        assert ours.theta == pytest.approx(full.theta, abs=3e-4)
        assert ours.sigma == pytest.approx(full.sigma, rel=1e-5)
        assert ours.beta == pytest.approx(full.beta, abs=1e-4 * float(np.max(full.se)))
        assert ours.singular == full.singular
        assert ours.converged == full.convergence.converged
        for k, term in enumerate(full.terms):
            size = full.sigma**2 * 1e-3 + float(np.abs(term.covariance).max()) * 1e-3
            assert ours.covariances[k] == pytest.approx(term.covariance, abs=size)
            assert ours.modes[k] == pytest.approx(term.modes, abs=1e-3 * full.sigma)


def test_half_of_the_responses_without_group_effects_are_fitted_as_singular() -> None:
    """Dyestuff under the hypothesis of no batch variance: P(estimate 0) = P(F(5, 24) <= 1) = 0.5610892."""
    truth = fit_of("Dyestuff", "Yield ~ 1", True)
    refitter = Refitter(fit_of("Dyestuff", "Yield ~ 1 + (1 | Batch)", True))
    generator = np.random.default_rng(6)
    refits = [refitter.refit(simulate(truth, generator)) for _ in range(600)]
    share = float(np.mean([r.singular for r in refits]))
    # Standard error 0.020.
    assert share == pytest.approx(0.5610892, abs=0.06)
    assert all(r.converged for r in refits)
    assert {float(r.theta[0]) for r in refits if r.singular} == {0.0}


def test_a_fit_at_the_boundary_is_no_trap_for_responses_with_variance() -> None:
    """Dyestuff2's batch variance is 0; a response with large batch effects must leave it."""
    refitter = Refitter(fit_of("Dyestuff2", "Yield ~ 1 + (1 | Batch)", True))
    y = fit_of("Dyestuff", "Yield ~ 1 + (1 | Batch)", True).design.y
    # lme4 on Dyestuff, REML: criterion 319.6542768422, sigma 49.5101.
    found = refitter.refit(y)
    assert found.objective == pytest.approx(319.6542768422, abs=1e-6)
    assert found.sigma == pytest.approx(49.5101, abs=1e-4)
    assert not found.singular


def test_a_response_that_the_fixed_effects_reproduce_is_a_typed_error() -> None:
    fit = fit_of("sleepstudy", "Reaction ~ Days + (Days | Subject)", True)
    with pytest.raises(FitError) as raised:
        Refitter(fit).refit(fit.design.x @ np.array([2.0, 3.0]))
    assert raised.value.code == "perfect_fit"


def test_a_refit_hears_the_question_to_stop() -> None:
    fit = fit_of("sleepstudy", "Reaction ~ Days + (Days | Subject)", True)
    with pytest.raises(FitError) as raised:
        Refitter(fit).refit(simulate(fit, np.random.default_rng(1)), should_stop=lambda: True)
    assert raised.value.code == "stopped"
