"""The parametric bootstrap: replicates, intervals, and a test's null distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.engine.fit import FitJob, fit_design
from mmgui.engine.fit import fit as fit_job
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.refits.replicates import Replicates
from mmgui.inference.simulation.bootstrap import Bootstrap, bootstrap, bootstrap_test, simulate
from mmgui.spec.formula import parse

TABLES = Path(__file__).resolve().parents[2] / "data" / "lme4"


@cache
def fit_of(name: str, formula: str) -> Fit:
    return fit_job(FitJob(parse(formula), read_table(TABLES / f"{name}.csv")))


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
    done: list[tuple[int, int]] = []
    stopped = bootstrap_test(
        small,
        big,
        50,
        seed=9,
        on_progress=lambda k, n: done.append((k, n)),
        should_stop=lambda: len(done) >= 3,
        workers=1,
    )
    assert len(stopped.replicates) == 3
    assert stopped.requested == 50
    assert done == [(1, 50), (2, 50), (3, 50)]


def test_both_models_are_refitted_to_the_same_response(fitted: FitOf) -> None:
    small, big = fitted("sleepstudy", RI, False), fitted("sleepstudy", RIS, False)
    found = bootstrap_test(small, big, 4, seed=13)
    for k in range(4):
        generator = np.random.default_rng(np.random.SeedSequence(13, spawn_key=(k,)))
        y = simulate(small, generator)
        fits = [fit_design(replace(f.design, y=y)) for f in (small, big)]
        expected = max(fits[0].objective - fits[1].objective, 0.0)
        assert found.replicates[k] == pytest.approx(expected, abs=1e-6)


def test_a_statistic_of_zero_has_a_p_value_of_one(fitted: FitOf) -> None:
    small, big = (
        fitted("Dyestuff2", "Yield ~ 1", False),
        fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", False),
    )
    assert bootstrap_test(small, big, 30, seed=2).p == 1.0


@cache
def of_sleepstudy() -> Bootstrap:
    return bootstrap(fit_of("sleepstudy", RIS), 1500, seed=21, workers=1)


def test_replicates_spread_as_those_of_bootmer() -> None:
    """lme4 1.1-31, bootMer, 2,000 simulations, seed 7; both have Monte-Carlo error."""
    found = of_sleepstudy()
    names = [p.name for p in found.parameters]
    assert names == [
        "sd_(Intercept)|Subject",
        "cor_Days.(Intercept)|Subject",
        "sd_Days|Subject",
        "sigma",
        "(Intercept)",
        "Days",
    ]
    spread = dict(zip(names, found.standard_errors(), strict=True))
    assert spread["sd_(Intercept)|Subject"] == pytest.approx(5.96137305, rel=0.09)
    assert spread["sd_Days|Subject"] == pytest.approx(1.25765685, rel=0.09)
    assert spread["sigma"] == pytest.approx(1.52402520, rel=0.09)
    assert spread["(Intercept)"] == pytest.approx(6.76586786, rel=0.09)
    assert spread["Days"] == pytest.approx(1.56828700, rel=0.09)
    mean = dict(zip(names, found.estimates + found.bias(), strict=True))
    # Four standard errors of the difference of two means.
    assert mean["sd_(Intercept)|Subject"] == pytest.approx(23.97395201, abs=4 * 6.0 * 0.034)
    assert mean["sd_Days|Subject"] == pytest.approx(5.81135688, abs=4 * 1.26 * 0.034)
    assert mean["Days"] == pytest.approx(10.50576743, abs=4 * 1.57 * 0.034)
    theta = found.theta.std(axis=0, ddof=1)
    assert theta == pytest.approx([0.24598207, 0.08109204, 0.06199083], rel=0.09)
    assert found.failed == 0
    assert bool(found.converged.all())


def test_percentile_limits_are_those_of_bootmer() -> None:
    """lme4 1.1-31, bootMer, 2,000 simulations, seed 7: 2.5 % and 97.5 % quantiles."""
    limits = of_sleepstudy().limits()
    assert limits[0] == pytest.approx([12.02364370, 35.35050441], abs=1.4)
    assert limits[1] == pytest.approx([-0.52230520, 0.92071090], abs=0.12)
    assert limits[2] == pytest.approx([3.33998202, 8.23822890], abs=0.35)
    assert limits[3] == pytest.approx([22.57926651, 28.62933660], abs=0.4)
    assert limits[4] == pytest.approx([237.85453367, 264.5953973], abs=1.7)
    assert limits[5] == pytest.approx([7.55692907, 13.4889085], abs=0.4)


def test_basic_limits_mirror_the_percentiles_within_the_parameter_range() -> None:
    found = of_sleepstudy()
    percentile, basic = found.limits(0.9), found.limits(0.9, "basic")
    mirrored = 2.0 * found.estimates[:, None] - percentile[:, ::-1]
    assert basic[[0, 2, 3, 4, 5]] == pytest.approx(mirrored[[0, 2, 3, 4, 5]])
    assert np.all(np.abs(basic[1]) <= 1.0)
    with pytest.raises(FitError) as raised:
        found.limits(kind="bca")
    assert raised.value.code == "unknown_method"


def test_intervals_stand_in_the_order_of_the_results() -> None:
    found = of_sleepstudy()
    limits, intervals = found.limits(0.8), found.intervals(0.8)
    assert intervals.method == "bootstrap percentile"
    assert intervals.level == 0.8
    assert intervals.fixed == pytest.approx(limits[4:])
    assert intervals.sd[0] == pytest.approx(limits[[0, 2]])
    assert intervals.correlation[0][0, 1] == pytest.approx(tuple(limits[1]))
    assert intervals.sigma == pytest.approx(tuple(limits[3]))


def test_kept_random_effects_leave_the_noise_alone(fitted: FitOf) -> None:
    """lme4 1.1-31, bootMer with use.u = TRUE, 500 simulations: SDs of the fixed effects 3.468, 0.674."""
    found = bootstrap(fitted("sleepstudy", RIS), 800, seed=4, random_effects="kept", workers=1)
    assert found.standard_errors()[4:] == pytest.approx([3.46752089, 0.67413494], rel=0.13)
    assert found.random_effects == "kept"
    with pytest.raises(FitError):
        bootstrap(fitted("sleepstudy", RIS), 5, random_effects="some")


def test_correlations_beside_a_variance_of_zero_are_left_out_and_counted() -> None:
    """Without variance of subjects, often none is estimated, and then there is no correlation."""
    found = bootstrap(with_small_sds(fit_of("sleepstudy", RIS)), 200, seed=5, workers=1)
    correlation = found.of_kind("correlation")[:, 0]
    sds = found.of_kind("sd")
    none = np.any(sds == 0.0, axis=1)
    assert np.array_equal(np.isnan(correlation), none)
    assert found.undefined.tolist() == [0, int(np.sum(none)), 0, 0, 0, 0]
    assert 10 < int(np.sum(none)) < 190
    assert np.isfinite(found.limits()).all()
    assert found.singular_share > 0.5
    assert bool(np.all(np.abs(correlation[~none]) <= 1.0 + 1e-12))


def with_small_sds(fit: Fit) -> Fit:
    """The fit with SDs of 0.5 and 0.1 ms (residual 25.6 ms), to simulate from."""
    factor = np.diag([0.5, 0.1]) / fit.sigma
    term = replace(fit.terms[0], relative_factor=factor, covariance=fit.sigma**2 * factor @ factor.T)
    return replace(fit, terms=(term,), theta=factor[[0, 1, 1], [0, 0, 1]])


@pytest.mark.parametrize("workers", [2, None])
def test_the_number_of_workers_does_not_change_the_result(workers: int | None) -> None:
    fit = fit_of("Pastes", "strength ~ 1 + (1 | batch/cask)")
    one = bootstrap(fit, 40, seed=17, workers=1)
    other = bootstrap(fit, 40, seed=17, workers=workers)
    assert other.values.tolist() == one.values.tolist()
    assert other.theta.tolist() == one.theta.tolist()
    assert other.objective.tolist() == one.objective.tolist()


def test_a_stop_in_worker_processes_keeps_what_is_done() -> None:
    fit = fit_of("sleepstudy", RIS)
    done: list[int] = []
    found = bootstrap(
        fit,
        100_000,
        seed=21,
        workers=2,
        on_progress=lambda k, n: done.append(k),
        should_stop=lambda: len(done) >= 2,
    )
    assert 0 < found.count < 20_000
    assert found.requested == 100_000
    # Each process begins a share of its own, the second at 100,000 / (4 * 2); however many each has done,
    # they are the seed's, in order.
    replicate = Replicates(fit, (fit,), 21).prepare()

    def in_a_row(first: int, values: list[float]) -> int:
        """How many of the values are the replicates from this number on."""
        for done_here, value in enumerate(values):
            (refit,) = replicate(first + done_here, lambda: False) or (None,)
            if refit is None or refit.objective != value:
                return done_here
        return len(values)

    values = found.objective.tolist()
    one = in_a_row(0, values)
    other = in_a_row(12_500, values[one:])
    assert one + other == found.count


def test_a_bootstrap_stopped_before_its_first_replicate_says_so(fitted: FitOf) -> None:
    with pytest.raises(FitError) as raised:
        bootstrap(fitted("sleepstudy", RIS), 10, should_stop=lambda: True, workers=1)
    assert raised.value.code == "stopped"


def test_a_seed_is_drawn_and_repeats_the_simulation(fitted: FitOf) -> None:
    first = bootstrap(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), 6)
    again = bootstrap(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), 6, seed=first.seed)
    assert again.values.tolist() == first.values.tolist()
