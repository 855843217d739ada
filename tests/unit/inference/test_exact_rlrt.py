"""The exact test of a single variance, against RLRsim, closed forms and brute force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from mmgui.data.frame import from_frame
from mmgui.engine.build import build_design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.comparison.exact_null import Simulator, spectrum, zero_probability
from mmgui.inference.comparison.exact_rlrt import exact_lrt, term_spectrum
from mmgui.inference.simulation.bootstrap import bootstrap_test
from mmgui.spec.formula import parse

FitOf = Callable[..., Fit]

RI = "Reaction ~ Days + (1 | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
RIS = "Reaction ~ Days + (Days | Subject)"
LM = "Reaction ~ Days"


def test_dyestuff_has_the_p_value_and_null_distribution_of_rlrsim(fitted: FitOf) -> None:
    """RLRsim, 100,000 draws: p 0.00463, 95 % quantile 2.3321, P(0) 0.55944, analytic 0.5610892301448."""
    found = exact_lrt(
        fitted("Dyestuff", "Yield ~ 1"), fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), 100_000, seed=1
    )
    assert found.kind == "RLRT"
    assert found.statistic == pytest.approx(6.368955313621, abs=1e-5)
    assert found.p == pytest.approx(0.00463, abs=0.0009)
    # Standard error 0.00157.
    assert found.zero_simulated == pytest.approx(0.5610892, abs=0.005)
    assert found.zero_analytic == pytest.approx(0.5610892301448, abs=1e-7)
    assert found.quantiles[0.95] == pytest.approx(2.332134657681, abs=0.06)
    assert found.quantiles[0.5] == 0.0
    assert not found.approximate
    assert found.note == ""


def test_a_statistic_of_zero_has_a_p_value_of_one(fitted: FitOf) -> None:
    """Dyestuff2. (RLRsim gives P(statistic > 0) = 0.44059 there.)"""
    found = exact_lrt(
        fitted("Dyestuff2", "Yield ~ 1"), fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), 20_000, seed=2
    )
    assert found.p == 1.0
    assert float(np.mean(found.replicates > 0.0)) == pytest.approx(0.44059, abs=0.012)


def test_sleepstudy_has_the_null_quantiles_of_rlrsim(fitted: FitOf) -> None:
    """RLRsim, 100,000 draws: 90 % 1.3959, 95 % 2.3881, 99 % 4.957, P(0) 0.54171; p 0."""
    found = exact_lrt(fitted("sleepstudy", LM), fitted("sleepstudy", RI), 100_000, seed=3)
    assert found.statistic == pytest.approx(107.198578077187, abs=1e-5)
    assert found.p == pytest.approx(1 / 100_001)
    assert found.quantiles[0.9] == pytest.approx(1.395906029122, abs=0.05)
    assert found.quantiles[0.95] == pytest.approx(2.388140011754, abs=0.08)
    assert found.quantiles[0.99] == pytest.approx(4.956952405078, abs=0.2)
    assert found.zero_simulated == pytest.approx(0.54171, abs=0.006)


def test_a_variance_beside_another_is_approximate_and_says_so(fitted: FitOf) -> None:
    """Pastes, batch beside batch:cask; RLRsim: statistic 0.6576559, p 0.17828."""
    found = exact_lrt(
        fitted("Pastes", "strength ~ 1 + (1 | batch:cask)"),
        fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        100_000,
        seed=4,
    )
    assert found.statistic == pytest.approx(0.6576559268732, abs=1e-5)
    assert found.p == pytest.approx(0.17828, abs=0.005)
    assert found.approximate
    assert "approximation" in found.note
    assert found.tested == "1 | batch"


def test_the_quantiles_of_a_balanced_design_are_those_of_f(fitted: FitOf) -> None:
    """With one distinct eigenvalue the statistic is a function of F(17, 161), as in sleepstudy."""
    found = exact_lrt(fitted("sleepstudy", LM), fitted("sleepstudy", RI), 200_000, seed=5)
    for p in (0.75, 0.9, 0.95, 0.99):
        f = stats.f.ppf(p, 17, 161)
        within = 17 * f / 161
        statistic = 178 * np.log((within + 1) / (17 / 161 + 1)) - 17 * np.log(f)
        spread = np.quantile(found.replicates, [p - 0.003, p + 0.003])
        assert spread[0] < statistic < spread[1]


def test_the_ml_statistic_has_its_own_distribution(fitted: FitOf) -> None:
    """Dyestuff, ML: 4,000 simulations with lme4 gave 66 % zero statistics and p = 0.0042."""
    found = exact_lrt(
        fitted("Dyestuff", "Yield ~ 1", False), fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)", False), seed=6
    )
    assert found.kind == "LRT"
    assert found.statistic == pytest.approx(5.402826093646, abs=2e-5)
    assert found.p == pytest.approx(0.0042, abs=0.003)
    assert found.zero_analytic == pytest.approx(float(stats.f.cdf(1.2, 5, 24)), abs=1e-7)
    assert found.zero_simulated == pytest.approx(found.zero_analytic, abs=0.02)


def test_fixed_effects_left_out_as_well_add_to_the_ml_statistic(fitted: FitOf) -> None:
    small, big = fitted("sleepstudy", "Reaction ~ 1", False), fitted("sleepstudy", RI, False)
    exact = exact_lrt(small, big, 20_000, seed=7)
    simulated = bootstrap_test(small, big, 500, seed=8, workers=1)
    assert exact.extra_fixed == 1
    for p in (0.25, 0.5, 0.75, 0.9):
        value = np.quantile(exact.replicates, p)
        # Standard error of the share at most 0.022.
        assert float(np.mean(simulated.replicates <= value)) == pytest.approx(p, abs=0.075)


@cache
def unbalanced() -> tuple[Fit, Fit]:
    generator = np.random.default_rng(11)
    group = np.repeat(np.arange(9), [1, 2, 2, 3, 5, 8, 8, 13, 21])
    x = generator.standard_normal(group.size)
    y = generator.standard_normal(group.size) + x
    table = from_frame({"y": y, "x": x, "g": group.astype(str)}, "table")
    small, big = (fit_design(build_design(parse(f), table)) for f in ("y ~ x", "y ~ x + (0 + x | g)"))
    return small, big


def test_refits_of_simulated_responses_of_an_unbalanced_design_follow_it() -> None:
    small, big = unbalanced()
    exact = exact_lrt(small, big, 50_000, seed=9)
    simulated = bootstrap_test(small, big, 1500, seed=10, workers=1)
    for p in (0.7, 0.8, 0.9, 0.95):
        value = np.quantile(exact.replicates, p)
        assert float(np.mean(simulated.replicates <= value)) == pytest.approx(p, abs=0.045)
    assert float(np.mean(simulated.replicates < 1e-6)) == pytest.approx(exact.zero_simulated, abs=0.05)
    assert exact.tested == "x | g"


def test_the_spectrum_is_that_of_the_dense_matrices() -> None:
    _, big = unbalanced()
    term, x = big.design.random[0], big.design.x
    z = np.zeros((big.nobs, len(term.levels)))
    z[np.arange(big.nobs), term.codes] = term.columns[:, 0] / np.sqrt(np.mean(term.columns**2))
    projector = np.eye(big.nobs) - x @ np.linalg.inv(x.T @ x) @ x.T
    expected = np.linalg.eigvalsh(z.T @ projector @ z)
    found = term_spectrum(big.design, term)
    # The fixed slope is the sum of the groups' slopes, so one direction of the nine is gone.
    assert abs(expected[0]) < 1e-12
    assert np.repeat(found.values, found.multiplicities.astype(int)) == pytest.approx(expected[1:], rel=1e-9)
    assert found.plain.sum() == pytest.approx(np.trace(z.T @ z))
    assert found.freedom == big.nobs - 2


def test_equal_groups_need_no_large_decomposition() -> None:
    """40,000 groups of five: the intercept moves one direction, the others keep their eigenvalue."""
    levels = 40_000
    found = spectrum(
        np.full((levels, 1, 1), 5.0), np.full((levels, 1), 5.0 / np.sqrt(5 * levels)), 5 * levels
    )
    assert found.values == pytest.approx([5.0])
    assert found.multiplicities.tolist() == [levels - 1]
    assert found.rest == 4 * levels
    # Balanced: P(F(39999, 160000) <= 1).
    assert zero_probability(found, reml=True) == pytest.approx(
        float(stats.f.cdf(1.0, 39_999, 160_000)), abs=1e-6
    )


def test_prior_weights_change_the_distribution(fitted: FitOf) -> None:
    """Batches with summed weights 5, 5, 5, 20, 20, 20: directions 5, 20 twice each, and one between."""
    design = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)").design
    term = design.random[0]
    assert term_spectrum(design, term).values == pytest.approx([5.0])
    assert term_spectrum(design, term).multiplicities == pytest.approx([5.0])
    weighted = replace(design, weights=np.where(term.codes < 3, 1.0, 4.0))
    found = term_spectrum(weighted, term)
    # The scale of Z is taken out: sums of weights, divided by their mean of 2.5. Between lies
    # the secular equation's root 5 * 20 * 2 / (5 + 20) = 8.
    assert found.values == pytest.approx([5 / 2.5, 8 / 2.5, 20 / 2.5])
    assert found.multiplicities == pytest.approx([2.0, 1.0, 2.0])


def test_a_seed_repeats_the_test_and_a_stop_keeps_what_is_done(fitted: FitOf) -> None:
    small, big = fitted("Dyestuff", "Yield ~ 1"), fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    first, again = exact_lrt(small, big, 2500, seed=3), exact_lrt(small, big, 2500, seed=3)
    assert first.replicates.tolist() == again.replicates.tolist()
    told: list[tuple[int, int]] = []
    stopped = exact_lrt(
        small,
        big,
        5000,
        seed=3,
        on_progress=lambda k, n: told.append((k, n)),
        should_stop=lambda: len(told) == 2,
    )
    assert told == [(1000, 5000), (2000, 5000)]
    assert stopped.replicates.tolist() == first.replicates[:2000].tolist()


@pytest.mark.parametrize(
    ("small", "big", "reml", "code"),
    [
        (RI, RIS, True, "not_one_variance"),
        (LM, RIS, True, "not_one_variance"),
        (LM, ZCP, True, "not_one_variance"),
        (RI, "Reaction ~ Days + (0 + Days | Subject)", True, "not_one_variance"),
        (RI, ZCP, False, "not_exact"),
        ("Reaction ~ 1", RI, True, "not_exact"),
    ],
)
def test_what_the_exact_test_is_not_for_is_refused(
    fitted: FitOf, small: str, big: str, reml: bool, code: str
) -> None:
    with pytest.raises(FitError) as raised:
        exact_lrt(fitted("sleepstudy", small, reml), fitted("sleepstudy", big, reml), 100, seed=1)
    assert raised.value.code == code


def test_a_design_without_residual_or_without_the_effect_is_refused() -> None:
    with pytest.raises(FitError) as raised:
        spectrum(np.ones((6, 1, 1)), np.full((6, 1), 1 / np.sqrt(6)), 6)
    assert raised.value.code == "too_few_rows"
    with pytest.raises(FitError) as raised:
        spectrum(np.full((2, 1, 1), 3.0), np.diag([np.sqrt(3.0), np.sqrt(3.0)]), 6)
    assert raised.value.code == "no_variance"


def test_the_simulated_zero_share_is_the_analytic_one_for_unequal_groups() -> None:
    _, big = unbalanced()
    given = term_spectrum(big.design, big.design.random[0])
    zero = Simulator(given, reml=True).draw(40_000, np.random.default_rng(12))[1]
    # The derivative at 0 decides nearly always; a second maximum is rare.
    assert float(np.mean(zero)) == pytest.approx(zero_probability(given, reml=True), abs=0.012)
