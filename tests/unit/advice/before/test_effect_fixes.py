"""What the advice offers is a model, and not one of which the same is said again."""

from __future__ import annotations

import pytest
from effect_runs import RULES, ids, say, table_of, with_fix
from forum_story import FORMULAS, story

from mmgui.advice.finding import Severity
from mmgui.data.read import read_text
from mmgui.data.table import Table
from mmgui.engine.build import build_design

LINES = read_text(
    "y,x,twice,large,f,seldom,g\n"
    + "\n".join(
        f"{(k * 7) % 23 / 3:.3f},{k % 7},{2 * (k % 7)},{1e6 * (k * 7 % 11)},{'abc'[k % 3]},"
        f"{k % 4 if k < 20 else 1},g{k // 10}"
        for k in range(60)
    ),
    "lines",
)

FIRING: list[tuple[str, str, str | Table]] = [
    ("T1", "Reaction ~ Days + (1 | Subject) + (Days | Subject)", "sleepstudy"),
    ("T1", "score ~ Machine + (1 | Worker) + (0 + Machine | Worker)", "Machines"),
    ("T1", "y ~ " + FORMULAS[3], story()),
    ("T2", "score ~ Machine + (Machine || Worker)", "Machines"),
    ("T3", "distance ~ age + Sex + (age || Subject)", "Orthodont"),
    ("T3", "distance ~ age + (1 | Subject) + (0 + age | Subject)", "Orthodont"),
    ("T3", "log(distance) ~ log(age) + (log(age) || Subject)", "Orthodont"),
    ("T3", "score ~ Machine + diag(Machine | Worker)", "Machines"),
    ("T4", "Reaction ~ 1 + (Days | Subject)", "sleepstudy"),
    ("T4", "y ~ motion + (quantity * age | Subj)", story()),
    ("T4", "distance ~ age * Sex + (poly(age, 2) | Subject)", "Orthodont"),
    ("T5", "Reaction ~ Days + (0 + Days | Subject)", "sleepstudy"),
    ("T6", "score ~ Machine + (Machine | Worker)", "Machines"),
    ("T6", "y ~ ttt + (ttt | plot)", "sim_plots_treatments"),
    ("T6", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", "sim_hidden_singular"),
    ("T6", "y ~ x + f + (x + f | g)", LINES),
    ("E1", "distance ~ age * Sex + (age * Sex | Subject)", "Orthodont"),
    ("E1", "distance ~ age * Sex + (0 + Sex | Subject)", "Orthodont"),
    ("E2", "y ~ seldom + (seldom | g)", LINES),
    ("E3", "y ~ " + FORMULAS[4], story()),
    ("E3", "y ~ " + FORMULAS[3], story()),
    ("E4", "y ~ x + (x | g)", "sim_within_between"),
    ("E4", "mAch ~ ses * sector + (ses | school)", "Hsb82"),
    ("E5", "distance ~ age * Sex + (age | Subject)", "Orthodont"),
    ("E5", "y ~ A * B * rating + (1 + rating | Subj)", "sim_within_subject_factors"),
    ("E6", "Reaction ~ Days + (1 | Subject)", "sleepstudy"),
    ("E6", "score ~ Machine + (1 | Worker)", "Machines"),
    ("E7", "distance ~ age * Sex + (1 | Subject)", "Orthodont"),
    ("E7", "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)", "sim_within_subject_factors"),
    ("E7", "y ~ " + FORMULAS[1], story()),
    ("E8", "y ~ A * B * C + (1 | Subj)", "sim_within_subject_factors"),
    ("E9", "effort ~ Type + (1 | Subject/Type)", "ergoStool"),
    ("X1", "y ~ x + twice + (1 | g)", LINES),
    ("X2", "y ~ x + large + I(large^2) + (1 | g)", LINES),
]


@pytest.mark.parametrize(("rule", "formula", "table"), FIRING)
def test_each_fix_leads_to_a_model_of_which_the_same_is_not_said_again(
    rule: str, formula: str, table: str | Table
) -> None:
    found = say(rule, formula, table)
    assert found
    for finding in found:
        assert finding.fixes
        for fix in finding.fixes:
            after = with_fix(fix, table_of(table))
            assert build_design(after.spec, after.table).nobs > 0
            again = [other.about for other in RULES[rule](after)]
            assert finding.about not in again, fix.label


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("Reaction ~ Days + (Days || Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("strength ~ 1 + (1 | batch) + (1 | sample)", "Pastes"),
        ("score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", "Machines"),
        ("yield ~ nitro * Variety + (1 | Block/Variety)", "Oats"),
        ("yield ~ factor(nitro) * Variety + (1 | Block/Variety)", "Oats"),
        ("mAch ~ cses * sector + meanses + (cses | school)", "Hsb82"),
        ("rt ~ cond + (cond | subj) + (cond | item)", "sim_subjects_items"),
        ("effort ~ Type + (1 | Subject)", "ergoStool"),
        ("Yield ~ 1 + (1 | Batch)", "Dyestuff"),
        ("travel ~ 1 + (1 | Rail)", "Rail"),
    ],
)
def test_nothing_is_said_of_a_good_model(formula: str, sample: str) -> None:
    assert ids(formula, sample) == []


def test_a_growth_model_has_no_more_than_information() -> None:
    formula = "distance ~ age * Sex + (age | Subject)"
    found = [f for rule in RULES for f in say(rule, formula, "Orthodont")]
    assert [(f.id, f.severity) for f in found] == [("E5", Severity.INFO)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    list(
        zip(
            FORMULAS,
            (
                ["E4", "E5", "E7"],
                ["E4", "E5", "E6", "E7"],
                ["E4", "E5", "E7"],
                ["T1", "E3", "E4", "E5", "E6", "E7"],
                ["E3", "T6", "E4", "E5", "E6", "E7"],
                ["E3", "T6", "E4", "E5", "E6", "E7"],
            ),
            strict=True,
        )
    ),
)
def test_what_is_said_of_the_formulas_of_the_forum(formula: str, expected: list[str]) -> None:
    """Seed 000: a repeated intercept, two ages a child, centres, slopes of what varies within children."""
    assert ids("y ~ " + formula, story()) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    list(
        zip(
            FORMULAS,
            (
                ["E5", "E7"],
                ["E5", "E7"],
                ["E5", "E7"],
                ["T1", "E5", "E7"],
                ["T6", "E5", "E7"],
                ["T6", "E5", "E7"],
            ),
            strict=True,
        )
    ),
)
def test_the_same_formulas_on_the_sample_of_the_same_design(formula: str, expected: list[str]) -> None:
    """Run stands for age, A for format, rating for quantity; motion has no counterpart."""
    names = {"age": "run", "format": "A", "quantity": "rating", " + motion": ""}
    for old, new in names.items():
        formula = formula.replace(old, new)
    assert ids("y ~ " + formula, "sim_within_subject_factors") == expected
