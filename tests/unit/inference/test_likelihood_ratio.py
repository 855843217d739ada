"""Likelihood-ratio tests: statistics and p-values from lme4's anova and the boundary mixtures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import Comparison, compare, describe_reference
from mmgui.spec.model import ModelSpec

FitOf = Callable[..., Fit]
RefitOf = Callable[[str], Callable[[ModelSpec], Fit]]

RI = "Reaction ~ Days + (1 | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
RIS = "Reaction ~ Days + (Days | Subject)"


@pytest.mark.parametrize(
    ("small", "big", "reml", "statistic", "df", "p_naive", "p", "reference"),
    [
        (RI, ZCP, False, 42.075387860625, 1, 8.782158506476e-11, 4.391079253238e-11, "½ χ²(0) + ½ χ²(1)"),
        (RI, RIS, False, 42.139298516235, 2, 7.072412638399e-10, 3.961195359141e-10, "½ χ²(1) + ½ χ²(2)"),
        (RI, RIS, True, 42.836813434969, 2, 4.990041430607e-10, 2.792529817115e-10, "½ χ²(1) + ½ χ²(2)"),
        (ZCP, RIS, False, 0.06391065560979, 1, 0.8004184641892, 0.8004184641892, "χ²(1)"),
        (ZCP, RIS, True, 0.04102162152913, 1, 0.8394961926583, 0.8394961926583, "χ²(1)"),
    ],
)
def test_tests_on_sleepstudy_agree_with_lme4(
    fitted: FitOf,
    refit: RefitOf,
    small: str,
    big: str,
    reml: bool,
    statistic: float,
    df: int,
    p_naive: float,
    p: float,
    reference: str,
) -> None:
    found = compare([fitted("sleepstudy", f, reml) for f in (small, big)], refit("sleepstudy")).tests[0]
    assert (found.small, found.big, found.df, found.refitted) == (0, 1, df, False)
    assert found.statistic == pytest.approx(statistic, abs=2e-5)
    assert found.p_naive == pytest.approx(p_naive, rel=1e-4)
    assert found.p == pytest.approx(p, rel=1e-4)
    assert describe_reference(found) == reference


def test_the_order_of_the_models_does_not_matter(fitted: FitOf, refit: RefitOf) -> None:
    found = compare([fitted("sleepstudy", f) for f in (RIS, RI)], refit("sleepstudy")).tests[0]
    assert (found.small, found.big) == (1, 0)
    assert found.statistic == pytest.approx(42.836813434969, abs=2e-5)


def test_reml_fits_with_other_fixed_effects_are_refitted_by_ml(fitted: FitOf, refit: RefitOf) -> None:
    null = "Reaction ~ 1 + (Days | Subject)"
    asked: list[ModelSpec] = []

    def counted(spec: ModelSpec) -> Fit:
        asked.append(spec)
        return refit("sleepstudy")(spec)

    found = compare([fitted("sleepstudy", null), fitted("sleepstudy", RIS)], counted).tests[0]
    # lme4: anova() of the two, 23.537 on 1 df, whether Days are counted in days or in weeks.
    assert found.refitted
    assert found.statistic == pytest.approx(23.53653747313, abs=2e-5)
    assert found.p == pytest.approx(1.225639972957e-06, rel=1e-4)
    assert [spec.reml for spec in asked] == [False, False]
    weeks = "Reaction ~ I(Days/7) + (Days | Subject)"
    again = compare([fitted("sleepstudy", f) for f in (null, weeks)], refit("sleepstudy")).tests[0]
    assert again.statistic == pytest.approx(23.53653747313, abs=2e-5)


def test_each_model_is_refitted_once(fitted: FitOf, refit: RefitOf) -> None:
    formulas = [f"Reaction ~ {fixed} + (1 | Subject)" for fixed in ("1", "Days", "Days + I(Days^2)")]
    asked: list[ModelSpec] = []

    def counted(spec: ModelSpec) -> Fit:
        asked.append(spec)
        return refit("sleepstudy")(spec)

    assert len(compare([fitted("sleepstudy", f) for f in formulas], counted).tests) == 3
    assert len(asked) == 3


def test_a_fixed_effect_and_a_variance_together_are_convolved(fitted: FitOf, refit: RefitOf) -> None:
    null = fitted("sleepstudy", "Reaction ~ 1 + (1 | Subject)", False)
    found = compare([null, fitted("sleepstudy", ZCP, False)], refit("sleepstudy")).tests[0]
    assert found.weights == {1: 0.5, 2: 0.5}
    assert found.statistic == pytest.approx(1910.54105807306 - 1752.0032551446, abs=2e-5)


def test_a_variance_of_zero_has_probability_one(fitted: FitOf, refit: RefitOf) -> None:
    # Pastes: batch adds nothing to sample beyond 0.407 on ½χ²(0) + ½χ²(1); lme4, p = 0.2617 (naive 0.5234).
    formulas = ("strength ~ 1 + (1 | sample)", "strength ~ 1 + (1 | batch) + (1 | sample)")
    found = compare([fitted("Pastes", f, False) for f in formulas], refit("Pastes")).tests[0]
    assert found.p == pytest.approx(0.2616883982306, rel=1e-4)
    assert found.p_naive == pytest.approx(0.5233767964613, rel=1e-4)


def test_compound_symmetry_lies_inside_the_full_covariance(fitted: FitOf, refit: RefitOf) -> None:
    formulas = ("score ~ Machine + (1 | Worker/Machine)", "score ~ Machine + (Machine | Worker)")
    found = compare([fitted("Machines", f) for f in formulas], refit("Machines")).tests[0]
    assert (found.df, found.reference) == (4, "chi2")
    assert found.statistic == pytest.approx(7.37634968059, abs=2e-5)
    assert found.p == pytest.approx(0.1172869839285, rel=1e-4)


def test_several_new_variances_are_tested_conservatively_and_it_is_said(
    fitted: FitOf, refit: RefitOf
) -> None:
    formulas = ("score ~ Machine + (1 | Worker)", "score ~ Machine + (Machine | Worker)")
    found = compare([fitted("Machines", f) for f in formulas], refit("Machines")).tests[0]
    assert found.statistic == pytest.approx(78.566983650088, abs=2e-5)
    assert describe_reference(found) == "½ χ²(4) + ½ χ²(5)"
    assert "never too optimistic" in found.note


def _reason(comparison: Comparison) -> tuple[str, str]:
    assert not comparison.tests
    return comparison.refused[0].code, comparison.refused[0].reason


def test_models_that_are_not_nested_are_refused(fitted: FitOf, refit: RefitOf) -> None:
    # lme4's anova prints a χ² of 54.2 on 0 df here.
    formulas = ("strength ~ 1 + (1 | batch)", "strength ~ 1 + (1 | sample)")
    code, reason = _reason(compare([fitted("Pastes", f) for f in formulas], refit("Pastes")))
    assert code == "C4"
    assert "their random effects allow different covariances" in reason
    formulas = ("distance ~ age + (1 | Subject)", "distance ~ Sex + (1 | Subject)")
    _, reason = _reason(compare([fitted("Orthodont", f) for f in formulas], refit("Orthodont")))
    assert "each has fixed effects that the other lacks" in reason
    formulas = (RI, "Reaction ~ 1 + (Days | Subject)")
    _, reason = _reason(compare([fitted("sleepstudy", f) for f in formulas], refit("sleepstudy")))
    assert "one has the larger fixed effects, the other the larger random effects" in reason


def test_the_same_model_written_twice_is_refused(fitted: FitOf, refit: RefitOf) -> None:
    formulas = (RIS, "Reaction ~ Days + (I(Days - 4.5) | Subject)")
    code, reason = _reason(compare([fitted("sleepstudy", f) for f in formulas], refit("sleepstudy")))
    assert code == "C5"
    assert reason == "The two are the same model written in two ways: there is nothing to test."


def test_other_responses_and_other_rows_are_refused(fitted: FitOf, refit: RefitOf) -> None:
    other = fitted("sleepstudy", "log(Reaction) ~ Days + (1 | Subject)", False)
    code, reason = _reason(compare([fitted("sleepstudy", RIS, False), other], refit("sleepstudy")))
    assert (code, "different responses" in reason) == ("C2", True)
    other = fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)", False)
    code, reason = _reason(compare([fitted("sleepstudy", RIS, False), other], refit("sleepstudy")))
    assert (code, "(180 and 30 rows)" in reason) == ("C2", True)
