"""Crossed grouping factors: one that is missing (N3), one row a combination (N4)."""

from __future__ import annotations

import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.finding import Severity

# Each of 8 subjects answers each of 6 items twice.
REPEATED = "rt,subj,item\n" + "\n".join(
    f"{(5 * s + 3 * i + r) % 11},p{s},word{i}" for s in range(8) for i in range(6) for r in range(2)
)


def test_n3_misses_the_other_of_two_crossed_factors_before_there_is_a_response() -> None:
    (finding,) = say("N3", "~ 1 + (1 | plate)", "Penicillin")
    assert (finding.severity, finding.terms) == (Severity.INFO, (0,))
    assert finding.text == (
        "sample and plate are crossed: each sample meets several plate. The model has (1 | plate), but no "
        "term for what the rows of one sample have in common over all plate."
    )
    assert fixes(finding) == [("Add (1 | sample)", "~ 1 + (1 | plate) + (1 | sample)")]


def test_n3_misses_the_factors_of_a_combination_that_has_no_term_of_theirs() -> None:
    found = say("N3", "rt ~ 1 + (1 | subj) + (1 | subj:item)", table_of(REPEATED))
    assert [fixes(f) for f in found] == [
        [("Add (1 | item)", "rt ~ 1 + (1 | subj) + (1 | subj:item) + (1 | item)")]
    ]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        # With a response, G12 looks at what the rows of a sample share.
        ("diameter ~ 1 + (1 | plate)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats"),
        ("y ~ A + (1 | A:Subj)", "sim_within_subject_factors"),
        ("~ Days + (1 | Subject)", "sleepstudy"),
    ],
)
def test_n3_is_quiet_where_nothing_crossed_is_missing(formula: str, sample: str) -> None:
    assert not say("N3", formula, sample)


def test_n4_wants_more_than_one_row_a_combination() -> None:
    """teaching.json, crossed_norep: 4 parameters, rank 3."""
    (finding,) = say("N4", "diameter ~ 1 + (1 | plate * sample)", "Penicillin")
    assert (finding.severity, finding.about, finding.terms) == (Severity.ERROR, ("plate:sample",), (2,))
    assert finding.text == (
        "There is one row for each combination of plate and sample, so (1 | plate:sample) cannot be told "
        "apart from the residuals; that takes more than one row per combination."
    )
    assert fixes(finding) == [("Remove (1 | plate:sample)", "diameter ~ 1 + (1 | plate) + (1 | sample)")]


def test_n4_offers_the_slope_where_one_of_the_columns_is_a_number_with_an_order() -> None:
    (finding,) = say("N4", "Reaction ~ Days + (1 | Days:Subject)", "sleepstudy")
    assert fixes(finding) == [
        ("Make it (Days | Subject)", "Reaction ~ Days + (Days | Subject)"),
        ("Remove (1 | Days:Subject)", "Reaction ~ Days"),
    ]


def test_n4_is_quiet_with_repeated_combinations() -> None:
    assert not say("N4", "strength ~ 1 + (1 | batch/cask)", "Pastes")
    assert not say("N4", "rt ~ 1 + (1 | subj * item)", table_of(REPEATED))


def test_n3_names_many_columns_in_one_sentence() -> None:
    columns = ",".join(f"unit{k}" for k in range(5))
    rows = "\n".join(
        f"{k}," + ",".join(f"u{(k * (j + 2) + k // 7) % 11}" for j in range(5)) + f",s{k % 12}"
        for k in range(240)
    )
    (finding,) = say("N3", "~ 1 + (1 | subject)", table_of(f"y,{columns},subject\n{rows}\n"))
    assert finding.text.startswith("unit0, unit1 and 3 more are each crossed with subject: ")
    assert len(finding.fixes) == 3
