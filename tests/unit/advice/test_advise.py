"""Advice before the fit: each rule fires where it should, with names and counts, and is quiet elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmgui.advice import Finding, Severity, advise
from mmgui.advice.facts import DesignFacts
from mmgui.data.grouping import groups_of, varies
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.coding import Coding
from mmgui.spec.formula import parse, print_model


def _advise(formula: str, table: Table) -> tuple[Finding, ...]:
    return advise(parse(formula, partial=True), table)


def _ids(formula: str, sample: str) -> list[str]:
    return [f.id for f in _advise(formula, load_sample(sample))]


def _only(rule: str, formula: str, table: Table) -> Finding:
    """The one finding of a rule."""
    (found,) = [f for f in _advise(formula, table) if f.id == rule]
    return found


def _table(text: str) -> Table:
    return read_text(text, "made")


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("strength ~ 1 + (1 | batch) + (1 | sample)", "Pastes"),
        ("yield ~ nitro * Variety + (1 | Block) + (1 | Block:Variety)", "Oats"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats"),
        ("score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", "Machines"),
    ],
)
def test_a_sound_model_gets_one_calm_line(formula: str, sample: str) -> None:
    found = _advise(formula, load_sample(sample))
    assert {f.severity for f in found} == {Severity.INFO}
    assert [f.id for f in found].count("ready") == 1


def test_the_calm_line_says_what_the_variances_rest_on() -> None:
    (line,) = _advise("Reaction ~ Days + (Days | Subject)", load_sample("sleepstudy"))
    assert line.title == "This design can carry this model"
    assert line.text == (
        "All four variance parameters can be told apart; the slopes of Days rest on 18 groups of Subject. "
        "180 rows are used."
    )


def test_a_model_without_a_response_is_asked_for_one() -> None:
    finding = _only("no_response", "~ Days + (Days | Subject)", load_sample("sleepstudy"))
    assert finding.severity is Severity.INFO


def test_an_unknown_column_stops_all_else() -> None:
    (finding,) = _advise("Reaction ~ Dayz + (1 | Subject)", load_sample("sleepstudy"))
    assert finding.text == "sleepstudy has no column Dayz; did you mean Days?"


def test_g1_one_group() -> None:
    (finding,) = _advise("y ~ 1 + (1 | g)", _table("y,g\n1,a\n2,a\n4,a\n"))
    assert (finding.id, finding.severity, finding.about) == ("G1", Severity.ERROR, ("g",))
    assert finding.text.startswith("g has only one group in the rows used, so there is nothing to vary")
    assert [(x.label, print_model(x.spec)) for x in finding.fixes] == [("Remove (1 | g)", "y ~ 1")]


def test_g1_counts_the_rows_used_alone() -> None:
    assert _only("G1", "y ~ x + (1 | g)", _table("y,x,g\n1,1,a\n2,3,a\n7,4,a\n4,,b\n5,,b\n"))


def test_g2_a_group_for_every_row() -> None:
    (finding,) = _advise("y ~ 1 + (1 | g)", _table("y,g\n1,a\n2,b\n4,c\n"))
    assert finding.id == "G2"
    assert finding.text.startswith("Every row is its own group of g, so its variation cannot be told apart")


def test_g3_more_effects_than_rows() -> None:
    found = _advise("yield ~ nitro + (factor(nitro) | Block:Variety)", load_sample("Oats"))
    (finding,) = [f for f in found if f.id == "G3"]
    assert finding.text == (
        "4 effects for each of 18 groups of Block:Variety are 72 random effects, but there are only 72 rows, "
        "so they cannot be told apart from the residuals; take slopes out."
    )
    assert [print_model(x.spec) for x in finding.fixes] == ["yield ~ nitro + (1 | Block:Variety)"]


def test_n1_asks_whether_labels_that_recur_name_the_same_thing() -> None:
    finding = _only("N1", "strength ~ 1 + (1 | batch) + (1 | cask)", load_sample("Pastes"))
    assert finding.severity is Severity.QUESTION
    assert finding.text.startswith("Is cask “a” in batch “A” the same as cask “a” in batch “B”?")
    no, yes = finding.fixes
    assert (no.label, print_model(no.spec)) == (
        "No, each batch has its own: batch/cask",
        "strength ~ 1 + (1 | batch/cask)",
    )
    assert print_model(yes.spec) == "strength ~ 1 + (1 | batch) + (1 | cask)"


def test_n1_keeps_other_terms_and_their_order() -> None:
    (finding,) = [
        f for f in _advise("strength ~ 1 + (1 | cask) + (1 | batch)", load_sample("Pastes")) if f.id == "N1"
    ]
    assert print_model(finding.fixes[0].spec) == "strength ~ 1 + (1 | batch/cask)"


def test_n5_the_same_groups_under_two_names() -> None:
    (finding,) = _advise("strength ~ 1 + (1 | batch:cask) + (1 | sample)", load_sample("Pastes"))
    assert (finding.id, finding.severity) == ("N5", Severity.WARNING)
    assert finding.text == "“batch:cask” and “sample” are the same 30 groups under two names."
    assert [print_model(x.spec) for x in finding.fixes] == [
        "strength ~ 1 + (1 | batch:cask)",
        "strength ~ 1 + (1 | sample)",
    ]


def test_t1_the_intercept_twice() -> None:
    (finding,) = _advise("Reaction ~ Days + (1 | Subject) + (Days | Subject)", load_sample("sleepstudy"))
    assert finding.id == "T1"
    assert "again in (1 | Subject)" in finding.text
    assert [print_model(x.spec) for x in finding.fixes] == ["Reaction ~ Days + (Days | Subject)"]


def test_e1_a_slope_that_is_constant_within_every_group() -> None:
    finding = _only("E1", "distance ~ age * Sex + (Sex | Subject)", load_sample("Orthodont"))
    assert (finding.severity, finding.about) == (Severity.ERROR, ("Sex", "Subject"))
    assert [print_model(x.spec) for x in finding.fixes] == ["distance ~ age * Sex + (1 | Subject)"]


def test_d1_rows_left_out_are_counted_and_the_columns_named() -> None:
    found = _advise("y ~ x + (1 | g)", _table("y,x,g\n1,1,a\n2,,a\n4,2,b\n5,3,b\n6,5,a\n"))
    assert [f.text for f in found if f.id == "D1"] == [
        "1 of 5 rows will be left out because x is missing in it."
    ]


def test_y1_a_response_of_labels_or_without_variation() -> None:
    assert "Y1" in _ids("cask ~ 1 + (1 | batch)", "Pastes")
    finding = _only("Y1", "y ~ 1 + (1 | g)", _table("y,g\n2,a\n2,a\n2,b\n2,b\n"))
    assert finding.text == (
        "y is 2 in every row used, so there is nothing to explain; choose another response."
    )


def test_an_expression_that_cannot_be_worked_out_is_an_error() -> None:
    (finding,) = _advise("log(y) ~ 1 + (1 | g)", _table("y,g\n-1,a\n2,a\n3,b\n4,b\n"))
    assert finding.severity is Severity.ERROR
    assert finding.text.startswith("y is zero or negative in 1 row, where it has no logarithm")
    assert finding.about == ("log(y)",)


def test_an_empty_table_is_said_once() -> None:
    made = _table("y,x,g\n1,,a\n,2,b\n")
    (finding,) = _advise("y ~ x + (1 | g)", made)
    assert finding.id == "no_complete_rows"


def test_the_root_cause_alone_speaks() -> None:
    # One group: that its slope cannot be told apart either follows.
    found = _advise("y ~ x + (x | g)", _table("y,x,g\n1,1,a\n2,2,a\n4,4,a\n"))
    assert [f.id for f in found] == ["G1"]


@pytest.mark.parametrize("sample", ["sleepstudy", "Pastes", "Orthodont", "Oats", "Machines", "Penicillin"])
def test_facts_agree_with_the_table_s_own(sample: str) -> None:
    table = load_sample(sample)
    facts = DesignFacts(parse("~ 1", partial=True), table)
    for group in table.columns:
        assert facts.groups((group.name,)).count == groups_of(table, group.name).count
        for predictor in table.columns:
            own = facts.varies((predictor.name,), (group.name,))
            other = varies(table, predictor.name, group.name)
            assert (own.within, own.groups) == (other.varying, other.groups)


def test_uncorrelated_effects_of_a_factor_count_as_lme4_expands_them() -> None:
    # lme4 1.1: (Machine || Worker) has 7 parameters, (Machine | Worker) 6.
    table = load_sample("Machines")
    for formula, parameters in (
        ("(Machine | Worker)", 6),
        ("(Machine || Worker)", 7),
        ("(0 + Machine | Worker)", 6),
    ):
        spec = parse(f"score ~ Machine + {formula}")
        blocks = DesignFacts(spec, table).effect_blocks(spec.random[0])
        assert sum(b * (b + 1) // 2 for b in blocks) == parameters


def test_a_factor_before_the_double_bar_is_said_as_that_not_as_a_trade_off() -> None:
    """The columns of || are those of every machine and their sum, which the certificate finds, too."""
    ids = _ids("score ~ Machine + (Machine || Worker)", "Machines")
    assert ids[0] == "T2"
    assert "G4" not in ids


def test_g4_variances_that_trade_off_are_named_before_the_fit() -> None:
    # Full covariance of the machines already holds what the combinations of worker and machine add.
    formula = "score ~ Machine + (Machine | Worker) + (1 | Worker:Machine)"
    finding = _only("G4", formula, load_sample("Machines"))
    assert finding.severity is Severity.ERROR
    assert finding.terms == (0, 1)
    assert finding.text.endswith("Any split of it gives the same fit.")
    assert "score ~ Machine + (Machine | Worker)" in [print_model(f.spec) for f in finding.fixes]


def test_a_coding_against_a_level_that_is_not_there_is_said_before_the_fit() -> None:
    spec = parse("score ~ Machine + (1 | Worker)")
    spec = replace(spec, codings=(Coding("Machine", reference="Z"),))
    (finding,) = advise(spec, load_sample("Machines"))
    assert (finding.id, finding.severity) == ("unknown_reference", Severity.ERROR)


def test_as_many_effects_as_rows_are_sound_where_their_pattern_marks_them() -> None:
    """Six days of one row each: AR(1) is told apart from the residuals, one free variance a day is not."""
    lines = [f"{(3 * s + 5 * t) % 11},d{t},s{s}" for s in range(8) for t in range(6)]
    table = _table("y,day,s\n" + "\n".join(lines))
    ids = {
        text: [f.id for f in _advise(f"y ~ day + {text}", table) if f.severity is Severity.ERROR]
        for text in ("ar1(0 + day | s)", "(0 + day | s)")
    }
    assert ids == {"ar1(0 + day | s)": [], "(0 + day | s)": ["G3"]}


def test_weights_that_are_not_positive_are_said_before_the_fit() -> None:
    table = _table("y,w,g\n1,1,a\n2,0,a\n4,2,b\n3,1,b\n5,1,c\n2,2,c")
    (finding,) = advise(replace(parse("y ~ 1 + (1 | g)"), weights="w"), table)
    assert (finding.id, finding.severity) == ("weights_not_positive", Severity.ERROR)
    assert finding.text.startswith("Weights must be positive, but w is zero or negative in 1 row")
