"""Where one finding implies another the root speaks; what is independent stays."""

from __future__ import annotations

from mmgui.advice.catalogue import CATALOGUE
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.precedence import IMPLIES, settle


def finding(rule: str, *, terms: tuple[int, ...] = (), about: tuple[str, ...] = ()) -> Finding:
    severity = {entry.id: entry.severity for entry in CATALOGUE}[rule]
    return Finding(rule, severity, f"{rule} says so.", about, (), terms)


def said(*findings: Finding) -> list[str]:
    return [f.id for f in settle(findings)]


def test_a_repeated_intercept_is_said_once_not_again_as_a_trade_off() -> None:
    assert said(finding("G4", terms=(0, 1)), finding("T1", terms=(0, 1))) == ["T1"]


def test_the_covariances_of_a_repeated_intercept_are_not_counted() -> None:
    assert said(finding("T6", terms=(1,)), finding("T1", terms=(0, 1))) == ["T1"]


def test_what_is_wrong_with_another_term_is_still_said() -> None:
    assert said(finding("G4", terms=(2, 3)), finding("T1", terms=(0, 1))) == ["G4", "T1"]


def test_a_term_that_cannot_be_fitted_is_not_warned_of_too() -> None:
    assert said(finding("G7", terms=(0,)), finding("G1", terms=(0,)), finding("G7", terms=(1,))) == [
        "G1",
        "G7",
    ]


def test_several_factors_with_an_intercept_alone_are_said_instead_of_each_missing_slope() -> None:
    assert said(finding("E6", about=("A", "Subj")), finding("E8", about=("Subj",)), finding("E7")) == ["E8"]


def test_rows_left_out_are_told_whatever_else_is_wrong() -> None:
    assert said(finding("D1"), finding("Y1", about=("y",))) == ["D1", "Y1"]


def test_the_same_finding_twice_is_said_once() -> None:
    assert said(finding("G7", terms=(0,)), finding("G7", terms=(0,))) == ["G7"]


def test_no_rule_implies_what_implies_it() -> None:
    def implied(rule: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        for other in IMPLIES.get(rule, frozenset()) - seen:
            seen = implied(other, seen | {other})
        return seen

    assert [rule for rule in IMPLIES if rule in implied(rule)] == []


def test_only_rules_of_the_catalogue_are_in_the_table() -> None:
    known = {entry.id for entry in CATALOGUE}
    assert {*IMPLIES, *(r for rules in IMPLIES.values() for r in rules)} <= known


def test_an_error_about_one_term_leaves_questions_alone() -> None:
    question = Finding("N1", Severity.QUESTION, "Is it the same?", ("a", "b"), (), (0, 1))
    assert said(finding("G1", terms=(2,)), question) == ["G1", "N1"]
