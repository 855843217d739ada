"""Pairs of grouping factors: the question of recurring labels, nesting by labels, one partition twice."""

from __future__ import annotations

import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.finding import Severity


def test_n1_asks_in_the_data_s_own_words() -> None:
    (finding,) = say("N1", "strength ~ 1 + (1 | batch) + (1 | cask)", "Pastes")
    assert (finding.severity, finding.terms) == (Severity.QUESTION, (0, 1))
    assert finding.text == (
        "Is cask “a” in batch “A” the same as cask “a” in batch “B”? “sample” has a label of its own for "
        "each combination of batch and cask."
    )
    assert fixes(finding) == [
        ("No, each batch has its own: batch/cask", "strength ~ 1 + (1 | batch/cask)"),
        ("Yes, the same: leave them crossed", "strength ~ 1 + (1 | batch) + (1 | cask)"),
    ]
    assert [fix.reply for fix in finding.fixes] == ["", "same"]


def test_n1_asks_of_the_smaller_units_also_where_their_labels_are_numbers() -> None:
    """As in Pinheiro and Bates's Oxide: wafers 1 to 3 of eight lots, not lots of three wafers."""
    oxide = "lot,wafer,y\n" + "\n".join(
        f"{lot},{wafer},{(lot * 7 + wafer * 5 + again * 3) % 11}"
        for lot in range(1, 9)
        for wafer in range(1, 4)
        for again in range(3)
    )
    (finding,) = say("N1", "y ~ 1 + (1 | lot) + (1 | wafer)", table_of(oxide))
    assert finding.text == "Is wafer “1” in lot “1” the same as wafer “1” in lot “2”?"
    assert fixes(finding)[0][1] == "y ~ 1 + (1 | lot/wafer)"


@pytest.mark.parametrize(
    "formula",
    [
        "strength ~ 1 + (1 | batch/cask)",
        # What casks of a batch share and what casks of a name share are both in the model.
        "strength ~ 1 + (1 | batch) + (1 | cask) + (1 | batch:cask)",
        "strength ~ 1 + (1 | batch) + (1 | sample)",
    ],
)
def test_n1_does_not_ask_what_the_model_answers(formula: str) -> None:
    assert not say("N1", formula, "Pastes")


def test_n1_asks_of_a_column_that_is_no_grouping_factor_yet() -> None:
    """``(1 | cask)`` alone takes the casks “a” of ten batches for one cask."""
    (finding,) = say("N1", "strength ~ 1 + (1 | cask)", "Pastes")
    assert (finding.severity, finding.about, finding.terms) == (Severity.QUESTION, ("cask", "batch"), (0,))
    assert finding.text.startswith("Is cask “a” in batch “A” the same as cask “a” in batch “B”?")
    assert fixes(finding) == [
        ("No, each batch has its own: (1 | batch:cask)", "strength ~ 1 + (1 | batch:cask)"),
        ("Yes, the same: leave them crossed", "strength ~ 1 + (1 | cask)"),
    ]


def test_n1_asks_of_replicates_of_a_recipe() -> None:
    """The cakes of a replicate are of one batch of batter for each recipe (cake: 45 of them, not 15)."""
    (finding,) = say("N1", "angle ~ recipe * temp + (1 | replicate)", "cake")
    assert finding.text.endswith("Replicates are usually numbered anew in each recipe.")
    assert fixes(finding)[0][1] == "angle ~ recipe * temp + (1 | recipe:replicate)"


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (1 | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate)", "Penicillin"),
        ("score ~ Machine + (1 | Worker)", "Machines"),
        ("angle ~ recipe * temp + (1 | recipe:replicate)", "cake"),
        ("rt ~ cond + (1 | subj)", "sim_subjects_items"),
        ("y ~ 1 + (1 | s)", "InstEval"),
    ],
)
def test_n1_asks_of_no_column_without_a_reason(formula: str, sample: str) -> None:
    assert not say("N1", formula, sample)


def test_n1_asks_once_however_many_terms_have_the_labels() -> None:
    text = "strength ~ 1 + (1 | batch) + (1 | cask) + (0 + strength | cask)"
    assert len(say("N1", text, "Pastes")) == 1


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        ("(1 | batch) + (1 | sample)", "(1 | batch) + (1 | sample) and (1 | batch/sample)"),
        ("(1 | batch/sample)", "(1 | batch/sample) and (1 | batch) + (1 | sample)"),
    ],
)
def test_n2_says_that_two_ways_to_write_it_are_one_model(formula: str, same: str) -> None:
    (finding,) = say("N2", f"strength ~ 1 + {formula}", "Pastes")
    assert (finding.severity, finding.fixes, finding.terms) == (Severity.INFO, (), (0, 1))
    assert finding.text == (
        f"Each sample lies in one batch and has a label of its own, so {same} are the same model."
    )


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | sample)", "Pastes"),
    ],
)
def test_n2_is_quiet_for_labels_that_recur_and_for_crossed_factors(formula: str, sample: str) -> None:
    assert not say("N2", formula, sample)


def test_n5_counts_the_groups_with_two_names() -> None:
    (finding,) = say("N5", "strength ~ 1 + (1 | batch:cask) + (1 | sample)", "Pastes")
    assert (finding.severity, finding.terms) == (Severity.WARNING, (0, 1))
    assert finding.text == "“batch:cask” and “sample” are the same 30 groups under two names."


def test_n5_looks_at_the_rows_used() -> None:
    table = table_of("y,g,h\n1,a,u\n2,a,u\n3,b,v\n4,b,v\n,b,w\n")
    assert len(say("N5", "y ~ 1 + (1 | g) + (1 | h)", table)) == 1
    assert not say("N5", "~ 1 + (1 | g) + (1 | h)", table)
