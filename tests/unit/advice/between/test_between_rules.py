"""C1 to C9: what must be known of models beside each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mmgui.advice import Finding, Severity, advise_comparison
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import Comparison, NestedTest, compare
from mmgui.spec.model import ModelSpec

FitOf = Callable[..., Fit]


def _compared(fitted: FitOf, sample: str, *formulas: str, reml: bool = True, tried: int = 0) -> list[Finding]:
    fits = [fitted(sample, f, reml) for f in formulas]

    def refit(spec: ModelSpec) -> Fit:
        return fit(FitJob(spec, load_sample(sample)))

    return list(advise_comparison(fits, compare(fits, refit), tried=tried))


def _ids(found: list[Finding]) -> list[str]:
    return [f.id for f in found]


def test_that_reml_fits_with_different_fixed_effects_are_told_with_both_numbers(fitted: FitOf) -> None:
    found = _compared(
        fitted, "sleepstudy", "Reaction ~ 1 + (Days | Subject)", "Reaction ~ Days + (Days | Subject)"
    )
    assert _ids(found) == ["C1", "C7"]
    # teaching.json: the REML gap is 26.2; lme4's anova() after refitting by ML: 23.54
    assert "differ by 26.2" in found[0].text
    assert "the difference is 23.5" in found[0].text
    assert [x.spec.reml for x in found[0].fixes] == [False, False]
    assert found[0].models == (0, 1)


def test_that_ml_fits_with_different_fixed_effects_are_no_c1(fitted: FitOf) -> None:
    formulas = ("Reaction ~ 1 + (Days | Subject)", "Reaction ~ Days + (Days | Subject)")
    assert _ids(_compared(fitted, "sleepstudy", *formulas, reml=False)) == ["C7"]


def test_that_one_by_reml_and_one_by_ml_cannot_be_compared(fitted: FitOf) -> None:
    formula = "Reaction ~ Days + (1 | Subject)"
    fits = [fitted("sleepstudy", formula), fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)", False)]
    found = advise_comparison(fits, compare(fits, lambda s: fit(FitJob(s, load_sample("sleepstudy")))))
    assert found[0].id == "C1"
    assert "One is fitted by REML, the other by ML" in found[0].text


def test_that_different_rows_are_the_refusal_itself(fitted: FitOf) -> None:
    table = load_sample("sleepstudy")
    small = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    design = replace(small.design, rows=small.design.rows + 1)
    fits = [small, replace(small, design=design)]
    found = advise_comparison(fits, compare(fits, lambda s: fit(FitJob(s, table))))
    assert [f.id for f in found] == ["C2"]
    assert "different rows of the table (180 rows each, but not the same ones)" in found[0].text


def test_that_a_variance_at_its_limit_shows_both_p(fitted: FitOf) -> None:
    found = _compared(fitted, "Rail", "travel ~ 1", "travel ~ 1 + (1 | Rail)") + _compared(
        fitted, "Dyestuff", "Yield ~ 1", "Yield ~ 1 + (1 | Batch)"
    )
    boundary = [f for f in found if f.id == "C3"]
    # Both p of Rail are below 0.0001: nothing to read otherwise. Dyestuff: lmerTest's ranova has 0.01161.
    assert len(boundary) == 1
    assert "the usual χ²(1) gives too large a p: p = 0.012" in boundary[0].text
    assert "p = 0.006, by ½ χ²(0) + ½ χ²(1)" in boundary[0].text


def test_that_models_neither_of_which_contains_the_other_are_not_nested(fitted: FitOf) -> None:
    found = _compared(fitted, "Pastes", "strength ~ 1 + (1 | cask)", "strength ~ 1 + (1 | batch)")
    assert _ids(found) == ["C4"]
    assert found[0].text.startswith("Neither model is a special case of the other")


def test_that_one_model_in_two_ways_is_the_same(fitted: FitOf) -> None:
    found = _compared(
        fitted,
        "Machines",
        "score ~ Machine + (Machine | Worker)",
        "score ~ Machine + (0 + Machine | Worker)",
    )
    assert _ids(found) == ["C5"]
    assert found[0].title == "Same model"


def test_that_dropping_a_zero_variance_changes_aic_alone(fitted: FitOf) -> None:
    found = _compared(fitted, "Dyestuff2", "Yield ~ 1", "Yield ~ 1 + (1 | Batch)")
    # teaching.json: AIC 167.83 with it; REML criteria equal
    assert _ids(found) == ["C8"]
    assert "by 2 per parameter, here 2" in found[0].text


def test_that_a_variance_that_matters_is_not_dropped_for_nothing(fitted: FitOf) -> None:
    formulas = ("strength ~ 1 + (1 | sample)", "strength ~ 1 + (1 | batch) + (1 | sample)")
    assert "C8" not in _ids(_compared(fitted, "Pastes", *formulas))


def _worse(difference: float) -> Comparison:
    test = NestedTest(
        small=0,
        big=1,
        statistic=max(difference, 0.0),
        df=2,
        p=1.0,
        reference="mixture",
        weights={1: 0.5, 2: 0.5},
        p_naive=0.9,
        refitted=False,
        difference=difference,
    )
    return Comparison((test,))


@pytest.mark.parametrize(("difference", "ids"), [(-0.5, ["C6"]), (-1e-6, ["C5"]), (2.0, ["C3"])])
def test_that_a_larger_model_cannot_fit_worse(fitted: FitOf, difference: float, ids: list[str]) -> None:
    formulas = ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)")
    fits = [fitted("sleepstudy", f) for f in formulas]
    found = advise_comparison(fits, _worse(difference))
    assert [f.id for f in found] == ids


def test_that_many_groups_make_a_likelihood_ratio_test_of_fixed_effects_good(fitted: FitOf) -> None:
    formulas = ("mAch ~ 1 + (1 | school)", "mAch ~ cses + (1 | school)")
    # 160 schools
    assert _ids(_compared(fitted, "Hsb82", *formulas, reml=False)) == []


def test_that_few_groups_make_it_optimistic(fitted: FitOf) -> None:
    formulas = ("score ~ 1 + (Machine | Worker)", "score ~ Machine + (Machine | Worker)")
    (found,) = _compared(fitted, "Machines", *formulas, reml=False)
    assert (found.id, found.severity) == ("C7", Severity.WARNING)
    assert "(MachineB and MachineC) is optimistic with 6 groups of Worker" in found.text


@pytest.mark.parametrize(("tried", "said"), [(0, False), (3, False), (4, True), (9, True)])
def test_that_a_long_walk_is_to_be_reported(fitted: FitOf, tried: int, said: bool) -> None:
    formulas = ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)")
    found = _compared(fitted, "sleepstudy", *formulas, tried=tried)
    walk = [f for f in found if f.id == "C9"]
    assert bool(walk) is said
    assert all(f.text.startswith(f"{tried} models of this response") for f in walk)
