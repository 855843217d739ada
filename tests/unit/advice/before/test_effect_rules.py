"""Effects that are there twice, and slopes on which the data are silent or nearly so (T1, E1, E2, E3)."""

from __future__ import annotations

import pytest
from effect_runs import fixes, say
from forum_story import FORMULAS, story

from mmgui.advice.finding import Severity
from mmgui.data.read import read_text


def test_t1_names_every_term_that_has_the_intercept() -> None:
    """Seed 000: “(1|Subj) in your specification is redundant because it is already included in …”."""
    (finding,) = say("T1", "y ~ " + FORMULAS[3], story())
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("Subj",), (0, 1, 2))
    assert finding.text == (
        "The intercept of Subj is in (quantity | Subj) and again in (1 | Subj) and (age | Subj): any split "
        "of its variance between the 3 fits the same."
    )
    assert [label for label, _ in fixes(finding)] == [
        "Remove (1 | Subj) and make (age | Subj) (0 + age | Subj)",
        "Make it one term, (quantity + age | Subj)",
    ]


def test_t1_sees_the_intercept_in_the_columns_of_a_factor() -> None:
    (finding,) = say("T1", "score ~ Machine + (1 | Worker) + (0 + Machine | Worker)", "Machines")
    assert fixes(finding) == [("Remove (1 | Worker)", "score ~ Machine + (0 + Machine | Worker)")]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "sleepstudy"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("score ~ Machine + (1 | Worker) + diag(0 + Machine | Worker)", "Machines"),
    ],
)
def test_t1_is_quiet_where_each_variance_is_there_once(formula: str, sample: str) -> None:
    assert not say("T1", formula, sample)


def test_e1_a_slope_that_no_group_can_show() -> None:
    (finding,) = say("E1", "distance ~ age * Sex + (Sex | Subject)", "Orthodont")
    assert (finding.severity, finding.about, finding.terms) == (Severity.ERROR, ("Sex", "Subject"), (0,))
    assert finding.text == (
        "Each Subject has one value of Sex: how the effect of Sex differs between groups of Subject cannot "
        "be learned."
    )
    assert fixes(finding) == [("Drop the slope of Sex", "distance ~ age * Sex + (1 | Subject)")]


def test_e1_takes_out_what_interacts_with_such_a_slope() -> None:
    (finding,) = say("E1", "distance ~ age * Sex + (age * Sex | Subject)", "Orthodont")
    assert fixes(finding) == [
        ("Drop the slopes of Sex and age:Sex", "distance ~ age * Sex + (age | Subject)")
    ]


def test_e1_is_no_error_where_the_spread_is_made_to_depend_on_the_predictor() -> None:
    """An uncorrelated slope of a constant can be told apart (teaching.json, slope_const_zcp: rank 3 of 3)."""
    (finding,) = say("E1", "distance ~ age * Sex + diag(0 + Sex | Subject)", "Orthodont")
    assert finding.severity is Severity.WARNING
    assert finding.text.endswith("The term lets the spread of Subject depend on Sex instead.")


def test_e1_and_e2_are_quiet_for_days_of_sleepstudy() -> None:
    for rule in ("E1", "E2"):
        assert not say(rule, "Reaction ~ Days + (Days | Subject)", "sleepstudy")


SELDOM = read_text(
    "y,x,g\n" + "\n".join(f"{(7 * k) % 11},{k % 3 if k < 12 else 1},g{k // 4}" for k in range(40)), "seldom"
)


def test_e2_counts_the_groups_that_inform_a_slope() -> None:
    (finding,) = say("E2", "y ~ x + (x | g)", SELDOM)
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("x", "g"), (0,))
    assert finding.text == (
        "Only 3 of 10 groups of g have more than one value of x, so these alone tell how its effect differs "
        "between groups."
    )
    assert fixes(finding) == [("Drop the slope of x", "y ~ x + (1 | g)")]


def test_e3_two_ages_a_child() -> None:
    """Seed 000: “With only two age values per participant, … the correlation estimation could fail”."""
    (finding,) = say("E3", "y ~ " + FORMULAS[4], story())
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("age", "Subj"), (0,))
    assert finding.text == (
        "Each Subj has at most two values of age: how its slope differs can be learned, how that goes with "
        "the level only roughly, and a curve not at all."
    )
    assert [label for label, _ in fixes(finding)] == [
        "Use (age_centered + quantity_centered || Subj)",
        "Drop the slope of age",
    ]


def test_e3_a_curve_through_three_points() -> None:
    lines = [f"{(5 * k) % 13},{k // 3 + 2 * (k % 3)},g{k // 3 % 8}" for k in range(48)]
    found = say("E3", "y ~ poly(x, 2) + (poly(x, 2) | g)", read_text("y,x,g\n" + "\n".join(lines), "curve"))
    assert not found
    lines = [f"{(5 * k) % 13},{k // 6 + 2 * (k % 3)},g{k // 6}" for k in range(48)]
    (finding,) = say(
        "E3", "y ~ x + I(x^2) + (x + I(x^2) | g)", read_text("y,x,g\n" + "\n".join(lines), "curve")
    )
    assert finding.text == (
        "Each g has at most 3 values of x, which 2 slopes and a level fit exactly: how they go together is "
        "poorly known."
    )
    assert fixes(finding) == [("Drop the slope of I(x^2)", "y ~ x + I(x^2) + (x | g)")]


def test_e3_is_quiet_for_a_condition_coded_by_two_numbers() -> None:
    assert not say("E3", "rt ~ cond + (cond | subj) + (cond | item)", "sim_subjects_items")


def test_e3_is_quiet_where_no_correlation_is_estimated() -> None:
    assert not say("E3", "y ~ age + (age || Subj)", story())
