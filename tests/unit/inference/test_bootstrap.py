"""The parametric bootstrap of a likelihood-ratio test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.inference.bootstrap import bootstrap_test, simulate

FitOf = Callable[..., Fit]

RI = "Reaction ~ Days + (1 | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
RIS = "Reaction ~ Days + (Days | Subject)"


def test_simulated_responses_have_the_covariance_of_the_model(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RIS)
    generator = np.random.default_rng(3)
    y = np.array([simulate(fit, generator) for _ in range(400)]).reshape(-1, 10)
    # lme4: the covariance of a subject's days has 1267.04 first and 4281 last on its diagonal (REML).
    covariance = np.cov(y.T)
    assert covariance[0, 0] == pytest.approx(1267.04, rel=0.07)
    assert covariance[0, 1] == pytest.approx(621.70, rel=0.12)
    assert y.mean(axis=0) == pytest.approx(251.405 + 10.467 * np.arange(10), abs=2.5)


def test_prior_weights_shrink_the_simulated_noise(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", RI)
    exact = replace(fit, design=replace(fit.design, weights=np.full(180, 1e12)), terms=fit.terms)
    y = simulate(exact, np.random.default_rng(1))
    rest = y - fit.design.x @ fit.beta
    within = rest.reshape(18, 10) - rest.reshape(18, 10).mean(axis=1, keepdims=True)
    assert float(np.abs(within).max()) < 1e-3


def test_a_correlation_has_the_p_value_of_pbkrtest(fitted: FitOf) -> None:
    found = bootstrap_test(fitted("sleepstudy", ZCP, False), fitted("sleepstudy", RIS, False), 300, seed=1)
    # pbkrtest::PBmodcomp with 1,000 simulations: 0.805, whose standard error here is 0.023.
    assert found.statistic == pytest.approx(0.06391065560979, abs=2e-5)
    assert found.p == pytest.approx(0.805, abs=0.08)
    assert found.failed == 0


def test_a_variance_at_its_boundary_is_often_estimated_as_zero(fitted: FitOf) -> None:
    """Dyestuff, ML: 4,000 simulations with lme4 gave 66 % zero statistics and p = 0.0042."""
    found = bootstrap_test(
        fitted("Dyestuff", "Yield ~ 1", False),
        fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)", False),
        400,
        seed=2,
    )
    assert found.statistic == pytest.approx(5.402826093646, abs=2e-5)
    assert float(np.mean(found.replicates < 1e-6)) == pytest.approx(0.661, abs=0.08)
    assert 1 / 401 <= found.p < 0.02


def test_a_seed_repeats_the_simulation_and_it_can_be_stopped(fitted: FitOf) -> None:
    small, big = fitted("sleepstudy", RI, False), fitted("sleepstudy", RIS, False)
    first = bootstrap_test(small, big, 5, seed=9)
    assert bootstrap_test(small, big, 5, seed=9).replicates.tolist() == first.replicates.tolist()
    done: list[int] = []
    stopped = bootstrap_test(
        small, big, 50, seed=9, on_progress=done.append, should_stop=lambda: len(done) >= 3
    )
    assert len(stopped.replicates) == 3
    assert done == [1, 2, 3]
