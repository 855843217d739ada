"""How many groups and effects a term asks for, against its rows."""

from __future__ import annotations

import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.finding import Severity

RAGGED = "y,x,g\n" + "\n".join(f"{k % 7},{k % 5},{g}" for k, g in enumerate("aabbccddeeeeeffff"))


def test_g1_fires_for_one_group_in_the_rows_used() -> None:
    (finding,) = say("G1", "y ~ x + (1 | g)", table_of("y,x,g\n1,1,a\n2,3,a\n4,,b\n5,,b\n"))
    assert (finding.severity, finding.about, finding.terms) == (Severity.ERROR, ("g",), (0,))
    assert fixes(finding) == [("Remove (1 | g)", "y ~ x")]


def test_g1_is_quiet_for_two_groups() -> None:
    assert not say("G1", "y ~ 1 + (1 | g)", table_of("y,g\n1,a\n2,a\n4,b\n5,b\n"))


def test_g2_fires_for_a_group_a_row_and_leaves_combinations_to_n4() -> None:
    table = table_of("y,g,h\n1,a,u\n2,b,u\n4,c,v\n")
    (finding,) = say("G2", "y ~ 1 + (1 | g) + (1 | g:h)", table)
    assert (finding.severity, finding.terms) == (Severity.ERROR, (0,))
    assert not say("G2", "y ~ 1 + (1 | h)", table)


def test_g3_counts_the_effects_of_one_term_as_lme4_does() -> None:
    """ergoStool: (Type | Subject) is 4 effects of 9 subjects for 36 rows; lme4 1.1-31 refuses it."""
    (finding,) = say("G3", "effort ~ Type + (Type | Subject)", "ergoStool")
    assert finding.text.startswith("4 effects for each of 9 groups of Subject are 36 random effects")
    assert (finding.severity, finding.terms) == (Severity.ERROR, (0,))
    assert not say("G3", "effort ~ Type + (1 | Subject)", "ergoStool")


def test_g6_fires_where_most_groups_have_too_few_rows_for_a_slope() -> None:
    (finding,) = say("G6", "y ~ x + (x | g)", table_of(RAGGED))
    assert finding.severity is Severity.WARNING
    assert finding.text == (
        "2 effects for each group of g (with x) need at least 3 rows a group to stand out from noise, but 4 "
        "of 6 groups have at most 2."
    )
    assert (finding.about, finding.terms) == (("g", "x"), (0,))
    assert fixes(finding) == [("Make it (1 | g)", "y ~ x + (1 | g)")]


def test_g6_counts_effects_of_all_terms_of_the_groups_once() -> None:
    """Each of 27 children has 4 rows: enough for level and slope, too few for three powers as well."""
    text = "distance ~ age + (1 | Subject) + (age + I(age^2) + I(age^3) | Subject)"
    (finding,) = say("G6", text, "Orthodont")
    assert finding.text.startswith("4 effects for each group of Subject")
    assert fixes(finding)[0][1] == "distance ~ age + (1 | Subject)"


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("distance ~ age + (age | Subject)", "Orthodont"),
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("effort ~ Type + (1 | Subject)", "ergoStool"),
        # What columns share is told from the rows of all groups.
        ("effort ~ Type + ar1(0 + Type | Subject)", "ergoStool"),
    ],
)
def test_g6_is_quiet_with_enough_rows_or_without_free_slopes(formula: str, sample: str) -> None:
    assert not say("G6", formula, sample)
