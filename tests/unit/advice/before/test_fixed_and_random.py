"""G10: groups that the fixed effects already tell apart."""

from __future__ import annotations

import pytest
from rule_runs import fixes, say

from mmgui.advice.finding import Severity


def test_groups_that_are_a_fixed_effect_too_have_nothing_left_to_vary() -> None:
    (finding,) = say("G10", "Reaction ~ Days + Subject + (1 | Subject)", "sleepstudy")
    assert (finding.severity, finding.terms) == (Severity.ERROR, (0,))
    assert finding.text == (
        "Subject, a fixed effect, already gives every Subject a value of its own: nothing is left to vary at "
        "random, so the variance of (1 | Subject) cannot be estimated."
    )
    assert fixes(finding) == [
        ("Remove (1 | Subject)", "Reaction ~ Days + Subject"),
        ("Remove Subject from the fixed effects", "Reaction ~ Days + (1 | Subject)"),
    ]


def test_under_ml_the_variance_is_zero_and_that_is_a_warning() -> None:
    (finding,) = say("G10", "Reaction ~ Days + Subject + (1 | Subject)", "sleepstudy", reml=False)
    assert finding.severity is Severity.WARNING
    assert finding.text.endswith("so ML estimates the variance of (1 | Subject) as zero.")


def test_a_fixed_effect_that_divides_the_groups_further_tells_them_apart_too() -> None:
    (finding,) = say("G10", "strength ~ sample + (1 | batch)", "Pastes")
    assert finding.about == ("batch", "sample")
    assert fixes(finding)[1] == (
        "Remove sample from the fixed effects",
        "strength ~ 1 + (1 | batch)",
    )


def test_interactions_that_go_with_a_fixed_effect_are_named() -> None:
    (finding,) = say("G10", "score ~ Machine * Worker + (1 | Worker)", "Machines")
    assert fixes(finding) == [
        ("Remove (1 | Worker)", "score ~ Machine * Worker"),
        ("Remove Worker and its interactions from the fixed effects", "score ~ Machine + (1 | Worker)"),
    ]


def test_few_conditions_are_not_offered_as_random() -> None:
    (finding,) = say("G10", "distance ~ age + Sex + (1 | Subject) + (1 | Sex)", "Orthodont")
    assert fixes(finding) == [("Remove (1 | Sex)", "distance ~ age + Sex + (1 | Subject)")]


def test_only_the_effects_that_are_fixed_too_are_taken_out() -> None:
    (finding,) = say("G10", "Reaction ~ Days + Subject + (Days | Subject)", "sleepstudy")
    assert " in level: " in finding.text
    assert fixes(finding)[0][1] == "Reaction ~ Days + Subject + (0 + Days | Subject)"


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        # Sex is told by Subject, not the other way round.
        ("distance ~ age + Sex + (1 | Subject)", "Orthodont"),
        ("strength ~ batch + (1 | sample)", "Pastes"),
        ("score ~ Machine + (1 | Worker/Machine)", "Machines"),
    ],
)
def test_groups_with_something_left_are_passed_over(formula: str, sample: str) -> None:
    assert not say("G10", formula, sample)
