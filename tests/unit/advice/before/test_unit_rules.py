"""Effects that vary within units and may not differ between them (E6, E7, E8, E9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from effect_runs import fixes, say

from mmgui.advice.finding import Severity
from mmgui.data.assemble import make_table
from mmgui.data.samples import load_sample
from mmgui.data.table import Table

FACTORS = "sim_within_subject_factors"


def _first_run() -> Table:
    table = load_sample(FACTORS)
    rows = table["run"].codes == 0
    return make_table(
        "first run",
        [
            replace(c, codes=c.codes[rows], values=None if c.values is None else c.values[rows])
            for c in table.columns
        ],
    )


def test_e6_an_effect_alike_in_every_subject() -> None:
    (finding,) = say("E6", "Reaction ~ Days + (1 | Subject)", "sleepstudy")
    assert (finding.severity, finding.about, finding.terms) == (Severity.INFO, ("Days", "Subject"), (0,))
    assert finding.text == (
        "Days varies within groups of Subject, and the model takes its effect to be alike in all of them: "
        "standard errors and degrees of freedom rest on that."
    )
    assert fixes(finding) == [
        ("Let the effect of Days differ by Subject", "Reaction ~ Days + (Days | Subject)")
    ]


def test_e6_speaks_of_subjects_and_of_items() -> None:
    (finding,) = say("E6", "rt ~ cond + (1 | subj) + (1 | item)", "sim_subjects_items")
    assert (finding.about, finding.terms) == (("cond", "subj", "item"), (0, 1))
    assert finding.text.startswith(
        "cond varies within groups of subj and item, and the model takes its effect"
    )
    assert fixes(finding) == [
        ("Let the effect of cond differ by subj", "rt ~ cond + (cond | subj) + (1 | item)"),
        ("Let the effect of cond differ by item", "rt ~ cond + (1 | subj) + (cond | item)"),
    ]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", "Machines"),
        ("yield ~ nitro * Variety + (1 | Block) + (1 | Block:Variety)", "Oats"),
        ("effort ~ Type + (1 | Subject)", "ergoStool"),
        ("distance ~ Sex + (1 | Subject)", "Orthodont"),
        ("y ~ A * B + (1 | Subj)", FACTORS),
    ],
)
def test_e6_is_quiet_for_slopes_split_plots_single_rows_and_where_e8_speaks(
    formula: str, sample: str
) -> None:
    assert not say("E6", formula, sample)


def test_e7_the_part_of_an_interaction_within_subjects() -> None:
    (finding,) = say("E7", "distance ~ age * Sex + (1 | Subject)", "Orthodont")
    assert (finding.severity, finding.terms) == (Severity.WARNING, (0,))
    assert finding.about == ("age:Sex", "Subject")
    assert finding.text == (
        "The test of age:Sex takes the effect of age, which varies within groups of Subject, to be alike in "
        "all of them: where it is not, the test is too optimistic."
    )
    assert fixes(finding) == [
        ("Let the effect of age differ by Subject", "distance ~ age * Sex + (age | Subject)")
    ]


def test_e7_asks_for_the_full_set_where_its_cells_are_replicated() -> None:
    """Seed 000, 1.B and 2: with several runs the unit is crossed with all the factors of the test."""
    template = "y ~ A * B * C + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj)"
    pairs = " + (1 | A:B:Subj) + (1 | A:C:Subj) + (1 | B:C:Subj)"
    (finding,) = say("E7", template + pairs, FACTORS)
    assert finding.about == ("A:B:C", "Subj")
    assert fixes(finding)[0] == ("Add (1 | A:B:C:Subj)", template + pairs + " + (1 | A:B:C:Subj)")
    assert not say("E7", template + pairs, _first_run())


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("distance ~ age * Sex + (age | Subject)", "Orthodont"),
        ("yield ~ nitro * Variety + (1 | Block) + (1 | Block:Variety)", "Oats"),
        ("mAch ~ cses * sector + (cses | school)", "Hsb82"),
        ("y ~ A * B + (1 | Subj) + (1 | A:B:Subj)", FACTORS),
        ("y ~ A * B + (A * B | Subj)", FACTORS),
    ],
)
def test_e7_is_quiet_where_a_slope_or_a_crossing_is_there(formula: str, sample: str) -> None:
    assert not say("E7", formula, sample)


def test_e8_two_factors_and_an_intercept() -> None:
    """Seed 000, template 2: “a random-intercept model would not be appropriate”."""
    (finding,) = say("E8", "y ~ A * B + (1 | Subj)", _first_run())
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("A", "B", "Subj"), (0,))
    assert finding.text == (
        "A and B both vary within each Subj, and (1 | Subj) lets only the level differ: every Subj would "
        "respond to them alike."
    )
    # The rows of C make the cells of A and B replicated.
    assert fixes(finding) == [
        (
            "Add (1 | A:Subj) + (1 | B:Subj) + (1 | A:B:Subj)",
            "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | A:B:Subj)",
        )
    ]


def test_e8_leads_to_template_3_where_each_cell_has_one_row() -> None:
    template = (
        "y ~ A * B * C + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj)"
        " + (1 | A:B:Subj) + (1 | A:C:Subj) + (1 | B:C:Subj)"
    )
    (finding,) = say("E8", "y ~ A * B * C + (1 | Subj)", _first_run())
    assert fixes(finding) == [
        (
            "Add 6 terms, (1 | A:Subj) to (1 | B:C:Subj)",
            template,
        )
    ]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("y ~ A + (1 | Subj)", FACTORS),
        ("y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)", FACTORS),
        ("y ~ A * B + (A + B | Subj)", FACTORS),
        ("yield ~ nitro * Variety + (1 | Block)", "Oats"),
        ("y ~ factor(service) + factor(lectage) + (1 | s) + (1 | d)", "InstEval"),
    ],
)
def test_e8_is_quiet_for_one_factor_for_crossings_and_where_few_units_meet_all_levels(
    formula: str, sample: str
) -> None:
    assert not say("E8", formula, sample)


def test_e9_a_term_that_is_the_residual() -> None:
    (finding,) = say("E9", "effort ~ Type + (1 | Subject/Type)", "ergoStool")
    assert (finding.severity, finding.terms) == (Severity.ERROR, (1,))
    assert finding.text == (
        "Each combination of Subject and Type has one row, so what (1 | Subject:Type) would tell is the "
        "residual itself."
    )
    assert fixes(finding) == [("Remove (1 | Subject:Type)", "effort ~ Type + (1 | Subject)")]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("score ~ Machine + (1 | Worker/Machine)", "Machines"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample) + (1 | plate:sample)", "Penicillin"),
    ],
)
def test_e9_is_quiet_with_replicates_and_leaves_random_factors_to_n4(formula: str, sample: str) -> None:
    assert not say("E9", formula, sample)
