"""How the effects of a term vary together, and what the fixed effects owe them (T2 to T6)."""

from __future__ import annotations

import pytest
from effect_runs import fixes, say
from forum_story import story

from mmgui.advice.finding import Severity
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import print_model


def test_t2_counts_what_a_factor_after_two_bars_asks_for() -> None:
    """lme4 1.1: 7 variances and covariances for (Machine || Worker), 6 for (Machine | Worker)."""
    (finding,) = say("T2", "score ~ Machine + (Machine || Worker)", "Machines")
    assert (finding.severity, finding.terms) == (Severity.WARNING, (0,))
    assert finding.about == ("Machine", "Worker")
    assert finding.text == (
        "After || the columns of Machine stay correlated, and the intercept is there again as their sum: 7 "
        "variances and covariances, where (Machine | Worker) has 6, so that they cannot all be told apart."
    )
    assert fixes(finding) == [
        (
            "Use (1 | Worker) + (1 | Machine:Worker)",
            "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)",
        ),
        ("Use cs(0 + Machine | Worker)", "score ~ Machine + cs(0 + Machine | Worker)"),
        ("Use diag(Machine | Worker) with sum contrasts", "score ~ Machine + diag(Machine | Worker)"),
        ("Let them correlate: (Machine | Worker)", "score ~ Machine + (Machine | Worker)"),
    ]
    assert finding.fixes[2].spec.codings == (Coding("Machine", Contrast.SUM),)


def test_t2_offers_no_crossing_without_replicates() -> None:
    (finding,) = say("T2", "effort ~ Type + (Type || Subject)", "ergoStool")
    assert "Use (1 | Subject) + (1 | Type:Subject)" not in [label for label, _ in fixes(finding)]


@pytest.mark.parametrize("term", ["(Machine | Worker)", "diag(Machine | Worker)", "cs(0 + Machine | Worker)"])
def test_t2_is_quiet_without_two_bars(term: str) -> None:
    assert not say("T2", f"score ~ Machine + {term}", "Machines")


def test_t3_a_zero_outside_the_range() -> None:
    (finding,) = say("T3", "distance ~ age + (age || Subject)", "Orthodont")
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("age", "Subject"), (0,))
    assert finding.text == (
        "Without a correlation, level and slopes of Subject are taken to be unrelated where age = 0, which "
        "is outside its range (8 to 14). With another zero it is another model."
    )
    assert fixes(finding) == [
        ("Centre age", "distance ~ age_centered + (age_centered || Subject)"),
        ("Let them correlate: (age | Subject)", "distance ~ age + (age | Subject)"),
    ]
    assert [d.definition for d in finding.fixes[0].derived] == ["center(age)"]


def test_t3_sees_the_same_model_written_as_two_terms() -> None:
    (finding,) = say("T3", "distance ~ age + (1 | Subject) + (0 + age | Subject)", "Orthodont")
    assert finding.terms == (0, 1)
    assert fixes(finding)[1] == ("Let them correlate: (age | Subject)", "distance ~ age + (age | Subject)")


def test_t3_centres_an_expression_in_the_formula() -> None:
    (finding,) = say("T3", "distance ~ log(age) + (log(age) || Subject)", "Orthodont")
    assert fixes(finding)[0][1] == "distance ~ center(log(age)) + (center(log(age)) || Subject)"


def test_t3_a_reference_level_is_a_zero_too() -> None:
    (finding,) = say("T3", "score ~ Machine + diag(Machine | Worker)", "Machines")
    assert finding.text == (
        "Without a correlation, level and slopes of Worker are taken to be unrelated where Machine is A, by "
        "the choice of the reference level. With another reference it is another model."
    )
    coded = (Coding("Machine", reference="C"),)
    (finding,) = say("T3", "score ~ Machine + diag(Machine | Worker)", "Machines", coded)
    assert "where Machine is C" in finding.text


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days || Subject)", "sleepstudy"),
        ("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "sleepstudy"),
        ("rt ~ cond + (cond || subj)", "sim_subjects_items"),
        ("distance ~ age + (age | Subject)", "Orthodont"),
        ("score ~ Machine + diag(0 + Machine | Worker)", "Machines"),
    ],
)
def test_t3_is_quiet_at_a_natural_zero_and_beside_a_correlation(formula: str, sample: str) -> None:
    assert not say("T3", formula, sample)


def test_t3_is_quiet_for_sum_contrasts() -> None:
    coded = (Coding("Machine", Contrast.SUM),)
    assert not say("T3", "score ~ Machine + diag(Machine | Worker)", "Machines", coded)


def test_t4_the_average_slope_forced_to_zero() -> None:
    (finding,) = say("T4", "Reaction ~ 1 + (Days | Subject)", "sleepstudy")
    assert (finding.severity, finding.about, finding.terms) == (
        Severity.WARNING,
        ("Days", "Subject"),
        (0,),
    )
    assert finding.text == (
        "The effect of Days may differ between groups of Subject, but it is no fixed effect, so the average "
        "slope is forced to be 0."
    )
    assert fixes(finding) == [("Add Days to the fixed effects", "Reaction ~ Days + (Days | Subject)")]


def test_t4_adds_the_main_effects_of_an_interaction() -> None:
    (finding,) = say("T4", "y ~ motion + (quantity * age | Subj)", story())
    assert fixes(finding)[0][1] == "y ~ motion + quantity * age + (quantity * age | Subj)"


@pytest.mark.parametrize(
    "fixed", ["Days", "poly(Days, 2)", "factor(Days)", "Days + I(Days^2)", "I(Days - 4)", "scale(Days)"]
)
def test_t4_is_quiet_where_the_average_is_in_the_span_of_the_fixed_effects(fixed: str) -> None:
    assert not say("T4", f"Reaction ~ {fixed} + (Days | Subject)", "sleepstudy")


def test_t4_leaves_a_constant_predictor_to_e1() -> None:
    assert not say("T4", "distance ~ age + (Sex | Subject)", "Orthodont")


def test_t5_all_groups_share_a_value_at_zero() -> None:
    (finding,) = say("T5", "Reaction ~ Days + (0 + Days | Subject)", "sleepstudy")
    assert (finding.severity, finding.terms) == (Severity.INFO, (0,))
    assert finding.text == "In (0 + Days | Subject) all groups of Subject share one value where Days = 0."
    assert fixes(finding) == [
        ("Let the level differ too: (Days | Subject)", "Reaction ~ Days + (Days | Subject)")
    ]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "sleepstudy"),
        ("score ~ Machine + (0 + Machine | Worker)", "Machines"),
        ("rt ~ cond + (0 + I(0.5 - cond) + I(cond + 0.5) | subj)", "sim_subjects_items"),
    ],
)
def test_t5_is_quiet_where_the_level_differs_all_the_same(formula: str, sample: str) -> None:
    assert not say("T5", formula, sample)


def test_t6_as_many_covariances_as_groups() -> None:
    (finding,) = say("T6", "y ~ ttt + (ttt | plot)", "sim_plots_treatments")
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("plot",), (0,))
    assert (
        finding.text == "5 effects that vary by plot need 15 variances and covariances, from only 4 groups."
    )
    assert fixes(finding) == [("Use (1 | plot) + (1 | ttt:plot)", "y ~ ttt + (1 | plot) + (1 | ttt:plot)")]


def test_t6_tells_how_covariances_grow() -> None:
    (finding,) = say("T6", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", "sim_hidden_singular")
    assert finding.severity is Severity.INFO
    assert finding.text == "4 effects that vary by g need 10 variances and covariances, from 12 groups."


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("y ~ x1 + x2 + x3 + (x1 + x2 + x3 || g)", "sim_hidden_singular"),
        ("score ~ Machine + (Machine || Worker)", "Machines"),
    ],
)
def test_t6_is_quiet_for_few_covariances_and_where_t2_counts_them(formula: str, sample: str) -> None:
    assert not say("T6", formula, sample)


def test_t2_s_model_with_sum_contrasts_is_written_as_it_is_said() -> None:
    (finding,) = say("T2", "score ~ Machine + (Machine || Worker)", "Machines")
    for fix in finding.fixes:
        said = fix.label.removeprefix("Use ").removeprefix("Let them correlate: ").split(" with ")[0]
        assert print_model(fix.spec) == f"score ~ Machine + {said}"


def test_t4_a_curve_takes_the_place_of_the_straight_line_that_lies_in_it() -> None:
    (finding,) = say("T4", "distance ~ age * Sex + (poly(age, 2) | Subject)", "Orthodont")
    assert fixes(finding) == [
        (
            "Add poly(age, 2) to the fixed effects in place of age",
            "distance ~ Sex * poly(age, 2) + (poly(age, 2) | Subject)",
        )
    ]
