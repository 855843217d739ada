"""Single and joint contrasts against lmerTest 3.1-3 and pbkrtest 0.5.2 (R 4.2.2) on a thinned Oats."""

from __future__ import annotations

import numpy as np
import pytest
from thinned import thinned_fit

from mmgui.engine.result import Fit
from mmgui.errors import FitError, ModelError
from mmgui.inference.degrees_of_freedom.approximation import approximation, joint_df
from mmgui.inference.degrees_of_freedom.kenward_roger import scale_and_df
from mmgui.inference.degrees_of_freedom.satterthwaite import (
    CovarianceInformation,
    fixed_effect_tests,
    satterthwaite_df,
)
from mmgui.inference.fixed_effects.contrasts import contrast, contrasts, joint_test

# Varieties against Golden Rain at 0.3 of nitrogen.
ROWS = [[0, 0, 1, 0, 0.3, 0], [0, 0, 0, 1, 0, 0.3]]


@pytest.fixture
def oats() -> Fit:
    return thinned_fit("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)")


def test_a_single_contrast_is_lmertests(oats: Fit) -> None:
    # contest1D(m, L[1, ], confint = TRUE)
    found = contrast(oats, ROWS[0])
    assert found.estimate == pytest.approx(5.378194642, rel=1e-6)
    assert found.se == pytest.approx(6.930849575, rel=1e-6)
    assert found.df == pytest.approx(9.284124155, rel=1e-5)
    assert found.t == pytest.approx(0.7759791327, rel=1e-6)
    assert found.p == pytest.approx(0.4570728413, rel=1e-5)
    assert found.interval == pytest.approx((-10.22763898, 20.98402826), rel=1e-5)


def test_by_kenward_roger_it_is_pbkrtests(oats: Fit) -> None:
    # contest1D(m, L[1, ], ddf = "Kenward-Roger", confint = TRUE)
    found = contrast(oats, ROWS[0], "kenward-roger")
    assert (found.se, found.df) == pytest.approx((6.953860773, 9.817644778), rel=1e-6)
    assert found.interval == pytest.approx((-10.15507127, 20.91146055), rel=1e-6)


def test_a_value_other_than_zero_can_be_tested(oats: Fit) -> None:
    # contest1D(m, L[1, ], rhs = 5)
    found = contrast(oats, ROWS[0], null=5.0)
    assert (found.t, found.p) == pytest.approx((0.0545668518, 0.9576397942), rel=1e-4)


def test_weights_by_name_are_the_same(oats: Fit) -> None:
    named = contrast(oats, {"VarietyMarvellous": 1.0, "nitro:VarietyMarvellous": 0.3})
    assert named.t == contrast(oats, ROWS[0]).t


def test_single_effects_are_those_of_the_summary(oats: Fit) -> None:
    summary = fixed_effect_tests(oats)
    found = contrasts(oats, np.eye(6))
    np.testing.assert_allclose(found.df, summary.df, rtol=1e-9)
    np.testing.assert_allclose(found.p, summary.p, rtol=1e-9)


def test_a_joint_test_is_lmertests(oats: Fit) -> None:
    # contestMD(m, L)
    found = joint_test(oats, ROWS)
    assert found.num_df == 2
    assert found.den_df == pytest.approx(9.35395293, rel=1e-5)
    assert (found.f, found.p) == pytest.approx((1.079798691, 0.3785043345), rel=1e-5)


def test_a_joint_test_by_kenward_roger_is_pbkrtests(oats: Fit) -> None:
    # KRmodcomp(m, L)
    found = joint_test(oats, ROWS, "kenward-roger")
    assert found.den_df == pytest.approx(9.8913579445, rel=1e-6)
    assert found.scale == pytest.approx(0.9999971912, rel=1e-8)
    assert (found.f, found.p) == pytest.approx((1.0729287766, 0.3786878520), rel=1e-5)


def test_five_effects_at_once(oats: Fit) -> None:
    # contestMD(m, diag(6)[2:6, ]) by both methods
    found = joint_test(oats, np.eye(6)[1:])
    assert (found.f, found.den_df) == pytest.approx((16.22413858, 20.42765317), rel=1e-5)
    found = joint_test(oats, np.eye(6)[1:], "kenward-roger")
    assert (found.f, found.den_df, found.p) == pytest.approx(
        (15.36115224, 25.55205275, 5.309767782e-07), rel=1e-5
    )


def test_joint_values_other_than_zero_can_be_tested(oats: Fit) -> None:
    # contestMD(m, L, rhs = c(5, -5))
    found = joint_test(oats, ROWS, null=[5.0, -5.0])
    assert (found.f, found.p) == pytest.approx((0.001497534455, 0.9985038256), rel=1e-4)


def test_a_combination_that_follows_from_the_others_adds_nothing(oats: Fit) -> None:
    # contestMD(m, rbind(L, L[1, ] + 2 * L[2, ]))
    rows = np.array([*ROWS, np.array(ROWS[0]) + 2 * np.array(ROWS[1])])
    found = joint_test(oats, rows)
    assert (found.num_df, found.den_df) == (2, pytest.approx(9.354099592, rel=1e-5))
    by_kr = joint_test(oats, rows, "kenward-roger")
    assert (by_kr.num_df, by_kr.den_df) == (2, pytest.approx(9.8913579445, rel=1e-6))


def test_wald_is_chi_square(oats: Fit) -> None:
    # In R: t(L b) (L V t(L))⁻¹ (L b) = 2.159597382.
    found = joint_test(oats, ROWS, "wald")
    assert (found.chi2, found.num_df) == (pytest.approx(2.159597382, rel=1e-6), 2)
    assert found.p == pytest.approx(np.exp(-0.5 * 2.159597382), rel=1e-6)
    single = contrast(oats, ROWS[0], "wald")
    # 5.378194642 ± 1.959963984540054 × 6.930849575
    assert single.interval == pytest.approx((-8.20602091, 18.96241019), rel=1e-6)


def test_an_approximation_is_made_once_for_all(oats: Fit) -> None:
    by = approximation(oats, "satterthwaite")
    assert contrast(oats, ROWS[0], by).df == contrast(oats, ROWS[0]).df
    information = CovarianceInformation.of(oats)
    np.testing.assert_array_equal(satterthwaite_df(oats, information), satterthwaite_df(oats))


def test_effects_that_were_left_out_cannot_be_combined() -> None:
    model = thinned_fit("Oats", "yield ~ factor(nitro) * Variety + (1 | Block)", missing_cell=True)
    with pytest.raises(ModelError, match="left out of the model because it depends linearly") as caught:
        contrast(model, {"factor(nitro)0.6:VarietyVictory": 1.0})
    assert caught.value.code == "not_estimable"
    assert caught.value.where.name == "factor(nitro)0.6:VarietyVictory"


@pytest.mark.parametrize(
    ("weights", "code", "sentence"),
    [
        ({"Variety": 1.0}, "unknown_effect", "no fixed effect “Variety”; its fixed effects are"),
        ([1.0, 2.0], "wrong_length", "one weight for each of the 6 fixed effects .* this one has 2"),
        ([np.nan, 0, 0, 0, 0, 0], "not_finite", "not finite"),
    ],
)
def test_weights_that_cannot_be_are_refused(oats: Fit, weights, code: str, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence) as caught:
        contrast(oats, weights)
    assert caught.value.code == code


def test_a_joint_test_of_nothing_or_of_contradictions_is_refused(oats: Fit) -> None:
    for rows in ([], np.zeros((2, 6))):
        with pytest.raises(ModelError) as caught:
            joint_test(oats, rows)
        assert caught.value.code == "nothing_to_test"
    with pytest.raises(ModelError, match="contradict each other"):
        joint_test(oats, [ROWS[0], ROWS[0]], null=[0.0, 1.0])


def test_a_level_and_a_method_that_are_none_are_refused(oats: Fit) -> None:
    with pytest.raises(ModelError, match="between 0 and 1"):
        contrast(oats, ROWS[0], level=95)
    with pytest.raises(FitError, match="satterthwaite, kenward-roger, wald"):
        contrast(oats, ROWS[0], "guess")


@pytest.mark.parametrize(
    ("nu", "expected"),
    [
        # lmerTest:::get_Fstat_ddf
        ([7.3], 7.3),
        ([5.0, 5.0, 5.0], 5.0),
        ([5.0, 10.0], 6.363636363636),
        ([3.0, 4.5, 100.0], 4.127351664255),
        ([1.5, 10.0], 2.0),
        ([2.0, 2.5], 2.0),
    ],
)
def test_joint_df_are_lmertests(nu: list[float], expected: float) -> None:
    assert joint_df(np.array(nu)) == pytest.approx(expected, rel=1e-10)


def test_df_that_are_infinite_leave_the_others_to_decide() -> None:
    # The limit of ν → ∞ for the first: (q + 2 Σ) / Σ with Σ = 1 / (6 - 2).
    assert joint_df(np.array([np.inf, 6.0])) == pytest.approx((2 + 2 * 0.25) / 0.25)
    assert joint_df(np.array([np.inf, np.inf])) == np.inf


def test_the_scale_of_one_contrast_is_one_and_its_df_two_over_a() -> None:
    """Kenward & Roger (1997), section 5: for q = 1, A₁ = A₂ = A, λ = 1 and m = 2 / A."""
    assert scale_and_df(0.3, 0.3, 1) == pytest.approx((1.0, 2.0 / 0.3))
