"""Random effects dropped one at a time, against lmerTest's ranova."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.comparison.lrt import describe_reference
from mmgui.inference.comparison.ranova import random_effect_tests
from mmgui.spec.model import ModelSpec

FitOf = Callable[..., Fit]
RefitOf = Callable[[str], Callable[[ModelSpec], Fit]]

# lmerTest 3.1-3: ranova() of REML fits: what is dropped, parameters, statistic, df, naive p. The last
# column is the mixture.
RANOVA = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)", [
        ("Days in (Days | Subject)", 4, 42.836813434, 2, 4.99004143061e-10, "½ χ²(1) + ½ χ²(2)"),
    ]),
    ("sleepstudy", "Reaction ~ Days + (Days || Subject)", [
        ("(Intercept) in (Days || Subject)", 4, 22.8557339041, 1, 1.74627589671e-06, "½ χ²(0) + ½ χ²(1)"),
        ("Days in (Days || Subject)", 4, 42.7957918134, 1, 6.07627309943e-11, "½ χ²(0) + ½ χ²(1)"),
    ]),
    ("Machines", "score ~ Machine + (0 + Machine | Worker)", [
        ("Machine in (0 + Machine | Worker)", 5, 78.5669834847, 5, 1.67320949171e-15, "½ χ²(4) + ½ χ²(5)"),
    ]),
    ("Machines", "score ~ Machine + (Machine | Worker)", [
        ("Machine in (Machine | Worker)", 5, 78.5669825607, 5, 1.67321023592e-15, "½ χ²(4) + ½ χ²(5)"),
    ]),
    ("Machines", "score ~ Machine + (1 | Worker/Machine)", [
        ("(1 | Worker)", 5, 5.56802204135, 1, 1.82914118476e-02, "½ χ²(0) + ½ χ²(1)"),
        ("(1 | Worker:Machine)", 5, 71.19063396950, 1, 3.24324044273e-17, "½ χ²(0) + ½ χ²(1)"),
    ]),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", [
        ("(1 | plate)", 3, 105.057272645, 1, 1.18656152763e-24, "½ χ²(0) + ½ χ²(1)"),
        ("(1 | sample)", 3, 282.395435008, 1, 2.25734086708e-63, "½ χ²(0) + ½ χ²(1)"),
    ]),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)", [
        ("(1 | batch)", 3, 0.657655926873, 1, 4.17388710959e-01, "½ χ²(0) + ½ χ²(1)"),
        ("(1 | batch:cask)", 3, 54.604664877496, 1, 1.47385370219e-13, "½ χ²(0) + ½ χ²(1)"),
    ]),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)", [
        ("(1 | Batch)", 2, 6.36895531362, 1, 0.0116133944355, "½ χ²(0) + ½ χ²(1)"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "formula", "expected"), RANOVA)
def test_the_table_is_that_of_ranova_with_the_right_distribution_beside_it(
    fitted: FitOf,
    refit: RefitOf,
    dataset: str,
    formula: str,
    expected: list[tuple[str, int, float, int, float, str]],
) -> None:
    table = random_effect_tests(fitted(dataset, formula), refit(dataset))
    assert [row.name for row in table.rows] == [name for name, *_ in expected]
    for row, (_, npar, statistic, df, p_naive, reference) in zip(table.rows, expected, strict=True):
        assert row.test is not None
        assert (row.npar, row.test.df, row.refused) == (npar, df, "")
        assert row.test.statistic == pytest.approx(statistic, abs=2e-5)
        assert row.test.p_naive == pytest.approx(p_naive, rel=2e-4)
        assert describe_reference(row.test) == reference
        assert row.test.p < p_naive
        assert row.aic == pytest.approx(-2.0 * (row.loglik - row.npar))
        assert table.loglik - row.loglik == pytest.approx(statistic / 2.0, abs=1e-5)


def test_sleepstudy_has_the_log_likelihoods_of_the_reference(fitted: FitOf, refit: RefitOf) -> None:
    table = random_effect_tests(
        fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"), refit("sleepstudy")
    )
    # teaching.json, sleepstudy.ranova_ris.
    assert (table.npar, table.rows[0].npar) == (6, 4)
    assert table.loglik == pytest.approx(-871.814135979976, abs=1e-6)
    assert table.rows[0].loglik == pytest.approx(-893.232542697461, abs=1e-6)
    assert table.aic == pytest.approx(1755.62827195995, abs=1e-6)
    assert table.rows[0].aic == pytest.approx(1794.46508539492, abs=1e-6)
    assert table.rows[0].test is not None
    # sleepstudy.lrt.ri_vs_ris_REML.p_mixture.
    assert table.rows[0].test.p == pytest.approx(2.792529817115e-10, rel=1e-4)


def test_a_lone_slope_is_tested_against_its_absence_not_against_an_intercept(
    fitted: FitOf, refit: RefitOf
) -> None:
    """ranova compares (0 + Days | Subject) with (1 | Subject): 19.94 on 0 df, two models that do not nest."""
    table = random_effect_tests(
        fitted("sleepstudy", "Reaction ~ Days + (0 + Days | Subject)"), refit("sleepstudy")
    )
    (row,) = table.rows
    assert row.formula == "Reaction ~ Days"
    assert row.test is not None
    # lme4, lm: 2 (-883.262513743 + 946.831831769).
    assert row.test.statistic == pytest.approx(127.138636, abs=1e-4)
    assert row.test.weights == {0: 0.5, 1: 0.5}


def test_slopes_within_an_interaction_stay_while_it_does(fitted: FitOf, refit: RefitOf) -> None:
    result = fitted("Oats", "yield ~ nitro * Variety + (nitro * Variety | Block)")
    names = [row.name for row in random_effect_tests(result, refit("Oats")).rows]
    assert names == ["nitro:Variety in (nitro * Variety | Block)"]


def test_two_slopes_are_dropped_in_turn(fitted: FitOf, refit: RefitOf) -> None:
    formula = "Reaction ~ Days + (Days + I(Days^2) | Subject)"
    table = random_effect_tests(fitted("sleepstudy", formula), refit("sleepstudy"))
    assert [row.effect for row in table.rows] == ["Days", "I(Days^2)"]
    # ranova has 18.0704873 and 13.6205495 from fits with gradients of 0.02; lme4 with bobyqa reaches
    # REML criteria of 1730.0076851 (whole), 1748.0779067 and 1743.6282720.
    statistics = [row.test.statistic for row in table.rows if row.test is not None]
    assert statistics == pytest.approx([18.0702215, 13.6205868], abs=2e-4)
    assert all(row.test is not None and row.test.weights == {2: 0.5, 3: 0.5} for row in table.rows)


def test_a_variance_of_zero_has_probability_one(fitted: FitOf, refit: RefitOf) -> None:
    (row,) = random_effect_tests(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), refit("Dyestuff2")).rows
    assert row.test is not None
    # teaching.json, Dyestuff2.lrt_REML.
    assert (row.test.statistic, row.test.p_naive, row.test.p) == (pytest.approx(0.0, abs=1e-7), 1.0, 1.0)


def test_a_smaller_model_that_cannot_be_fitted_is_told(fitted: FitOf) -> None:
    def fails(_spec: ModelSpec) -> Fit:
        raise FitError("numerical", "The equations cannot be solved.")

    (row,) = random_effect_tests(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)"), fails).rows
    assert row.test is None
    assert row.refused == "The model without it could not be fitted: The equations cannot be solved."


def test_tests_report_progress_and_keep_what_is_done(fitted: FitOf, refit: RefitOf) -> None:
    told: list[tuple[int, int]] = []
    table = random_effect_tests(
        fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        refit("Penicillin"),
        on_progress=lambda done, total: told.append((done, total)),
        should_stop=lambda: bool(told),
    )
    assert told == [(1, 2)]
    assert [row.name for row in table.rows] == ["(1 | plate)"]
