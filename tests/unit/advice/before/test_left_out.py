"""G12: a column that is not in the model and groups what it leaves unexplained."""

from __future__ import annotations

import numpy as np
import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.finding import Severity


@pytest.mark.parametrize(
    ("formula", "sample", "label", "share"),
    [
        # lme4 1.1, fits.json, variances of the model with the term: in balanced tables those of the analysis
        # of variance. 1378.2 / (1378.2 + 960.5)
        ("Reaction ~ Days", "sleepstudy", "Subject", 59),
        # 3.7309 / (3.7309 + 0.3024), plates aside
        ("diameter ~ 1 + (1 | plate)", "Penicillin", "sample", 93),
        # 8.4337 / (8.4337 + 0.6780), batches aside
        ("strength ~ 1 + (1 | batch)", "Pastes", "batch:cask", 93),
    ],
)
def test_the_share_is_that_of_the_variances_of_the_model_with_the_term(
    formula: str, sample: str, label: str, share: int
) -> None:
    (finding,) = say("G12", formula, sample)
    assert finding.severity is Severity.INFO
    assert finding.about[0] == label
    assert f"about {share}% of what the model leaves unexplained" in finding.text


def test_the_column_is_named_with_its_groups_and_added_by_one_click() -> None:
    (finding,) = say("G12", "rt ~ cond + (1 | subj)", "sim_subjects_items")
    assert finding.text.startswith("Rows that share item (16 groups) are alike: about ")
    assert finding.text.endswith(" Without a term for item they count as independent.")
    assert fixes(finding) == [("Add (1 | item)", "rt ~ cond + (1 | subj) + (1 | item)")]


def test_labels_that_start_anew_in_each_group_are_added_inside_it() -> None:
    (finding,) = say("G12", "strength ~ 1 + (1 | batch)", "Pastes")
    assert fixes(finding) == [("Add (1 | batch:cask)", "strength ~ 1 + (1 | batch/cask)")]


def test_larger_units_are_found_from_the_means_of_the_smaller() -> None:
    rng = np.random.default_rng(5)
    schools = rng.normal(0, 3, 12)
    lines = [
        f"{schools[s] + pupil + rng.normal():.4f},school{s},{s}-{p}"
        for s in range(12)
        for p, pupil in enumerate(rng.normal(0, 1, 6))
        for _ in range(3)
    ]
    table = table_of("y,school,pupil\n" + "\n".join(lines))
    (finding,) = say("G12", "y ~ 1 + (1 | pupil)", table)
    assert finding.about == ("school",)
    assert not say("G12", "y ~ 1 + (1 | school/pupil)", table)


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        # Ten batches of three casks: the means of the casks do not tell the batches apart (lme4: LRT p 0.5).
        ("strength ~ 1 + (1 | sample)", "Pastes"),
        # N1 asks whether casks of the same name are one; a sample is such a cask of a batch.
        ("strength ~ 1 + (1 | batch) + (1 | cask)", "Pastes"),
        ("score ~ Machine + (1 | Worker/Machine)", "Machines"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats"),
        ("y ~ service + (1 | s) + (1 | d)", "InstEval"),
    ],
)
def test_nothing_is_said_where_nothing_is_left_out(formula: str, sample: str) -> None:
    assert not say("G12", formula, sample)


def test_noise_does_not_make_it_speak() -> None:
    """At 1 in 100 over both columns: of 60 tables of noise it speaks of at most 3 (chance of more: 0.003)."""
    spoke = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        lines = [f"{rng.normal():.4f},g{rng.integers(8)},h{rng.integers(8)}" for _ in range(120)]
        spoke += bool(say("G12", "y ~ 1", table_of("y,g,h\n" + "\n".join(lines))))
    assert spoke <= 3


def test_a_response_that_the_model_explains_in_full_leaves_nothing_to_group() -> None:
    lines = [f"{2 * k + 1},{k},g{k % 7}" for k in range(42)]
    assert not say("G12", "y ~ x", table_of("y,x,g\n" + "\n".join(lines)))
