"""Residuals against lme4, nlme and V written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dense_covariance
import numpy as np
import pytest

from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.rows import scaled_residuals as pieces
from mmgui.inference.rows.residuals import residuals
from mmgui.inference.rows.scaled_residuals import connected_rows, scaled_residuals

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]

RIS = "Reaction ~ Days + (Days | Subject)"
CAKE = "angle ~ recipe * temp + (1 | replicate) + (temp | recipe:replicate) + (1 | recipe:temp)"


@pytest.fixture(scope="module")
def weighted(design: DesignOf) -> Fit:
    return fit_design(replace(design("sleepstudy", RIS), weights=np.tile([1.0, 2.0, 4.0], 60)))


def test_raw_and_pearson_residuals_agree_with_nlme_and_lme4(fitted: FitOf, weighted: Fit) -> None:
    found = residuals(fitted("sleepstudy", RIS))
    # nlme 3.1-162: resid(type = "pearson") and resid(level = 0).
    assert found.scaled_pearson[:3] == pytest.approx([-0.1603580925, -0.5714860753, -1.6487950877], rel=1e-4)
    assert found.marginal[:3] == pytest.approx([-1.845104848, -3.167690808, -21.539076768], rel=1e-6)
    assert found.conditional == pytest.approx(found.scaled_pearson * fitted("sleepstudy", RIS).sigma)
    # lme4 1.1-31: residuals(type = "pearson") with weights.
    expected = [-4.71708825943, -21.93632425387, -86.70871801711, 7.34590561620]
    assert residuals(weighted).pearson[:4] == pytest.approx(expected, rel=1e-5)


def test_scaled_conditional_residuals_spread_less_than_sigma(fitted: FitOf) -> None:
    # teaching.json, sleepstudy.residuals.sd_conditional_over_sigma.
    spread = residuals(fitted("sleepstudy", RIS)).scaled_pearson.std(ddof=1)
    assert spread == pytest.approx(0.918396874995, rel=1e-5)


def test_standardised_residuals_agree_with_r_matrices(fitted: FitOf, weighted: Fit) -> None:
    found = residuals(fitted("sleepstudy", RIS))
    # R, from lme4's matrices: r / sqrt(diag(V - X vcov X')).
    expected = [-0.0528153237397, -0.0887044156798, -0.5766027041322, 0.9716290166975]
    assert found.standardised_marginal[:4] == pytest.approx(expected, rel=1e-5)
    found = residuals(weighted)
    expected = [-0.0469353450216, -0.0942807437386, -0.6575175515364, 0.7401120022309]
    assert found.standardised_marginal[:4] == pytest.approx(expected, rel=1e-5)
    # R: e over the root of diag(R P R), R = sigma² / w.
    expected = [-0.117048660671, -0.558387569141, -2.302980603662, 0.177348187050]
    assert found.standardised_conditional[:4] == pytest.approx(expected, rel=1e-5)


def test_probabilities_agree_with_the_reference(fitted: FitOf) -> None:
    found = residuals(fitted("sleepstudy", RIS))
    # teaching.json, sleepstudy.residuals: pit_unconditional and pit_conditional, rows 1 to 4 and 8.
    rows = [0, 1, 2, 3, 7]
    marginal = [0.4793299524821, 0.465278432054, 0.2855352232255, 0.8299275968637, 0.2682415448255]
    conditional = [0.4363025123053, 0.2838369171838, 0.04959500231771, 0.6341915555304, 3.849728986826e-05]
    assert found.pit_marginal[rows] == pytest.approx(marginal, abs=2e-6)
    assert found.pit_conditional[rows] == pytest.approx(conditional, abs=3e-6)


@pytest.mark.parametrize("formula", [RIS, "Reaction ~ Days + (1 | Subject)"])
def test_the_leave_one_out_probability_is_that_of_the_other_rows_prediction(
    fitted: FitOf, formula: str
) -> None:
    """Worked out afresh without the row: GLS of β, mean and variance of the row given the rest."""
    result = fitted("sleepstudy", formula)
    found, v, design = residuals(result), dense_covariance.covariance(result), result.design
    for i in (0, 7, 100):
        rest = np.arange(design.nobs) != i
        inverse = np.linalg.inv(v[np.ix_(rest, rest)])
        x = design.x[rest]
        vcov = np.linalg.inv(x.T @ inverse @ x)
        beta = vcov @ x.T @ inverse @ design.y[rest]
        pull = v[i, rest] @ inverse
        own = design.x[i] - pull @ x
        mean = design.x[i] @ beta + pull @ (design.y[rest] - x @ beta)
        variance = v[i, i] - pull @ v[rest, i] + own @ vcov @ own
        distance = (design.y[i] - mean) / np.sqrt(variance)
        assert found.standardised_conditional[i] == pytest.approx(distance, rel=1e-8)


@pytest.mark.parametrize(
    ("dataset", "formula"),
    [
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("cake", CAKE),
        ("Oats", "yield ~ nitro + (nitro | Block/Variety)"),
    ],
)
def test_variances_of_residuals_are_those_of_the_matrices_written_out(
    fitted: FitOf, dataset: str, formula: str
) -> None:
    result = fitted(dataset, formula)
    found, truth, x = residuals(result), dense_covariance.Dense.of(result), result.design.x
    marginal = np.sqrt(np.diag(truth.v - x @ result.vcov_beta @ x.T))
    assert found.standardised_marginal * marginal == pytest.approx(found.marginal, abs=1e-9)
    distance = (truth.p @ result.design.y) / np.sqrt(np.diag(truth.p))
    assert found.standardised_conditional == pytest.approx(distance, abs=1e-8)
    scaled = np.linalg.solve(np.linalg.cholesky(truth.v), found.marginal)
    assert scaled_residuals(result) == pytest.approx(scaled, abs=1e-9)


def test_decorrelated_residuals_agree_with_r(fitted: FitOf, weighted: Fit) -> None:
    # R: solve(t(chol(V)), y - X beta) with V from lme4's matrices, rows 1 to 4 and the last.
    rows = [0, 1, 2, 3, 179]
    expected = [-0.0518355207464, -0.0709670938260, -0.6324860422925, 1.5407102219724, -0.2484816378795]
    assert scaled_residuals(fitted("sleepstudy", RIS))[rows] == pytest.approx(expected, rel=1e-5)
    expected = [-0.0465057395213, -0.0833700900283, -0.6942904039535, 1.1186294531364, -0.3747604663920]
    assert scaled_residuals(weighted)[rows] == pytest.approx(expected, rel=1e-5)
    crossed = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    expected = [1.84802395473, -0.26924337542, -1.51340637203]
    assert scaled_residuals(crossed)[[0, 1, 143]] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("dataset", "formula"), [("cake", CAKE), ("sleepstudy", "Reaction ~ Days + (1 | Subject)")]
)
def test_large_parts_taken_in_pieces_give_the_same(
    fitted: FitOf, monkeypatch: pytest.MonkeyPatch, dataset: str, formula: str
) -> None:
    result = fitted(dataset, formula)
    whole = scaled_residuals(result)
    monkeypatch.setattr(pieces, "_WHOLE", 0)
    monkeypatch.setattr(pieces, "_PIECE", 7)
    assert scaled_residuals(result) == pytest.approx(whole, abs=1e-10)


def test_rows_that_share_no_group_are_independent_parts(fitted: FitOf) -> None:
    parts = connected_rows(fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"))
    assert [p.tolist() for p in parts[:2]] == [list(range(6)), list(range(6, 12))]
    assert len(connected_rows(fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"))) == 1
    assert len(connected_rows(fitted("sleepstudy", "Reaction ~ Days"))) == 180


def test_decorrelating_tells_of_rows_and_answers_stop(fitted: FitOf, monkeypatch: pytest.MonkeyPatch) -> None:
    result = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    monkeypatch.setattr(pieces, "_WHOLE", 0)
    monkeypatch.setattr(pieces, "_PIECE", 100)
    told: list[tuple[int, int]] = []
    scaled_residuals(result, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 144), (144, 144)]
    with pytest.raises(FitError) as stopped:
        scaled_residuals(result, should_stop=lambda: True)
    assert stopped.value.code == "stopped"


def test_what_would_take_too_long_is_refused(fitted: FitOf, monkeypatch: pytest.MonkeyPatch) -> None:
    result = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    monkeypatch.setattr(pieces, "_WHOLE", 0)
    monkeypatch.setattr(pieces, "MOST_WORK", 1e4)
    with pytest.raises(FitError, match=r"144 rows and 30 random effects together") as refused:
        scaled_residuals(result)
    assert refused.value.code == "too_large"


def test_an_offset_is_taken_off(design: DesignOf) -> None:
    plain = design("sleepstudy", RIS)
    moved = replace(plain, y=plain.y + 10.0 * np.arange(180), offset=10.0 * np.arange(180))
    a, b = residuals(fit_design(plain)), residuals(fit_design(moved))
    assert b.marginal == pytest.approx(a.marginal, abs=1e-4)
    assert b.pit_leave_one_out == pytest.approx(a.pit_leave_one_out, abs=1e-5)


def test_a_model_without_random_effects_has_the_residuals_of_least_squares(fitted: FitOf) -> None:
    found = residuals(fitted("sleepstudy", "Reaction ~ Days"))
    # R: rstandard(lm(Reaction ~ Days, sleepstudy)), hatvalues().
    assert found.leverage[:2] == pytest.approx([0.0191919192, 0.0138047138], rel=1e-7)
    assert found.standardised_conditional == pytest.approx(found.standardised_marginal, rel=1e-9)
    assert scaled_residuals(fitted("sleepstudy", "Reaction ~ Days")) == pytest.approx(found.scaled_pearson)
