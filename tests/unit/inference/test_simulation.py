"""Simulated responses have the model's mean and covariance, and share what rows of one group share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.simulation.responses import simulate

Fitted = Callable[..., Fit]

SLEEP = ("sleepstudy", "Reaction ~ Days + (Days | Subject)")


def test_draws_have_the_mean_and_covariance_of_the_model(fitted: Fitted) -> None:
    """Of 20,000 draws; four standard errors of a mean and of a (co)variance."""
    m = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    draws = simulate(m, 20_000, seed=3)

    assert draws.shape == (20_000, 60)
    covariance = m.sigma**2 * np.eye(60)
    for term, random in zip(m.terms, m.design.random, strict=True):
        covariance += term.covariance[0, 0] * (random.codes[:, None] == random.codes)
    sd = np.sqrt(np.diag(covariance))
    assert np.abs(draws.mean(axis=0) - m.beta[0]).max() < 4 * sd.max() / np.sqrt(20_000)
    largest = np.abs(np.cov(draws.T) - covariance).max()
    assert largest < 5 * sd.max() ** 2 * np.sqrt(2 / 20_000)


def test_kept_groups_have_their_modes_and_only_residuals_differ(fitted: Fitted) -> None:
    m = fitted(*SLEEP)
    draws = simulate(m, 4000, seed=5, groups="kept")

    residuals = (draws - m.fitted) / m.sigma
    assert np.abs(residuals.mean(axis=0)).max() < 4.5 / np.sqrt(4000)
    assert residuals.std() == pytest.approx(1.0, abs=0.003)
    assert np.abs(np.corrcoef(residuals.T) - np.eye(180)).max() < 5.5 / np.sqrt(4000)


def test_a_seed_gives_the_same_draws_and_fewer_are_the_first_of_more(fitted: Fitted) -> None:
    m = fitted(*SLEEP)
    assert simulate(m, 3, seed=1).tolist() == simulate(m, 5, seed=1)[:3].tolist()
    assert (simulate(m, 1, seed=1) != simulate(m, 1, seed=2)).all()


def test_rows_of_a_new_group_share_its_effects(fitted: Fitted) -> None:
    m = fitted(*SLEEP)
    table = from_frame({"Days": [0.0, 0.0, 0.0, 0.0, None], "Subject": [998, 999, 998, 308, 308]}, "new rows")
    draws = simulate(m, 20_000, seed=7, groups="kept", table=table)

    assert np.isnan(draws[:, 4]).all()
    covariance = np.cov(draws[:, :4].T)
    shared, residual = m.terms[0].covariance[0, 0], m.sigma**2
    np.testing.assert_allclose(np.diag(covariance)[:3], shared + residual, rtol=0.05)
    assert covariance[3, 3] == pytest.approx(residual, rel=0.05)
    assert covariance[0, 2] == pytest.approx(shared, rel=0.08)
    assert np.abs(covariance[[0, 0, 2], [1, 3, 1]]).max() < 0.04 * (shared + residual)


def test_residuals_of_heavy_rows_vary_less(fitted: Fitted) -> None:
    design = fitted(*SLEEP).design
    weights = np.where(np.arange(180) % 2 == 0, 4.0, 1.0)
    m = fit_design(replace(design, weights=weights))

    noise = simulate(m, 2000, seed=1, groups="kept") - m.fitted

    np.testing.assert_allclose(noise[:, ::2].std(), m.sigma / 2, rtol=0.01)
    np.testing.assert_allclose(noise[:, 1::2].std(), m.sigma, rtol=0.01)


@pytest.mark.parametrize(
    ("count", "groups", "code"),
    [(0, "new", "bad_count"), (1, "old", "unknown_choice"), (10_000_000, "new", "too_large")],
)
def test_what_cannot_be_simulated_is_refused(count: int, groups: str, code: str, fitted: Fitted) -> None:
    with pytest.raises(FitError) as caught:
        simulate(fitted(*SLEEP), count, 1, groups=groups)  # type: ignore[arg-type]
    assert caught.value.code == code


@pytest.mark.parametrize("seed", [-1, 1.5, "a", True])
def test_what_is_no_seed_is_refused_in_a_sentence(fitted: Fitted, seed: object) -> None:
    """numpy's own ValueError ("expected non-negative integer") speaks to programmers."""
    with pytest.raises(FitError, match="cannot seed random numbers; give a whole number") as refused:
        simulate(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), 1, seed=seed)  # type: ignore[arg-type]
    assert refused.value.code == "bad_seed"


def test_numpys_whole_numbers_are_seeds(fitted: Fitted) -> None:
    m = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")
    assert np.array_equal(simulate(m, 1, np.int64(3)), simulate(m, 1, 3))  # type: ignore[arg-type]
