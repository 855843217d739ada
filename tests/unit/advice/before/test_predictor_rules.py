"""What a coefficient means: two questions in one (E4), and differences at a far zero (E5)."""

from __future__ import annotations

import numpy as np
import pytest
from effect_runs import fixes, say
from forum_story import story

from mmgui.advice.finding import Severity
from mmgui.data.read import read_text
from mmgui.data.table import Table


def test_e4_the_contextual_effect_of_the_sample() -> None:
    """Simulated with -0.8 within groups and 1.5 between (sample_data/SOURCES.md)."""
    (finding,) = say("E4", "y ~ x + (x | g)", "sim_within_between")
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("x", "g"), (0,))
    assert finding.text == (
        "x differs between groups of g (92% of its variation) and within them, but has one coefficient for "
        "two questions: what it does within a group of g, and how groups of g with more of it differ from "
        "others."
    )
    assert fixes(finding) == [
        ("Split x into x_within_g and x_mean_g", "y ~ x_within_g + x_mean_g + (x_within_g | g)")
    ]
    assert [d.definition for d in finding.fixes[0].derived] == ["center(x, g)", "mean(x, g)"]


def test_e4_says_it_once_for_all_quantities_of_a_unit() -> None:
    (finding,) = say("E4", "y ~ motion + age + quantity + (1 | Subj)", story())
    assert finding.about == ("motion", "age", "Subj")
    assert finding.text.startswith("motion and age differ between groups of Subj (")
    assert " of their variation) and within them, but each has one coefficient" in finding.text
    assert [label for label, _ in fixes(finding)] == [
        "Split motion and age into what lies within and between",
        "Split motion into motion_within_Subj and motion_mean_Subj",
        "Split age into age_within_Subj and age_mean_Subj",
    ]
    assert [d.name for d in finding.fixes[0].derived] == [
        "motion_within_Subj",
        "motion_mean_Subj",
        "age_within_Subj",
        "age_mean_Subj",
    ]


def test_e4_the_schools() -> None:
    (finding,) = say("E4", "mAch ~ ses + (1 | school)", "Hsb82")
    assert "(27% of its variation)" in finding.text


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("distance ~ age + (1 | Subject)", "Orthodont"),
        ("mAch ~ ses + meanses + (1 | school)", "Hsb82"),
        ("mAch ~ cses + meanses + (1 | school)", "Hsb82"),
        ("rt ~ cond + (1 | subj) + (1 | item)", "sim_subjects_items"),
        ("y ~ A * rating + (1 | Subj) + (1 | A:Subj)", "sim_within_subject_factors"),
    ],
)
def test_e4_is_quiet_for_balance_group_means_and_divided_units(formula: str, sample: str) -> None:
    assert not say("E4", formula, sample)


def _dealt(seed: int) -> Table:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=60)
    return read_text("y,x,g\n" + "\n".join(f"{k % 7},{x[k]:.4f},g{k // 5}" for k in range(60)), "dealt")


def test_e4_is_quiet_for_most_covariates_dealt_out_at_random() -> None:
    """The F test at .01 speaks once in a hundred tables."""
    spoke = sum(bool(say("E4", "y ~ x + (1 | g)", _dealt(seed))) for seed in range(200))
    assert spoke <= 6


def test_e5_differences_at_age_zero() -> None:
    (finding,) = say("E5", "distance ~ age * Sex + (age | Subject)", "Orthodont")
    assert (finding.severity, finding.about) == (Severity.INFO, ("Sex", "age"))
    assert finding.text == (
        "Differences between levels of Sex are those where age = 0, which is outside its range (8 to 14)."
    )
    assert fixes(finding) == [
        ("Centre age", "distance ~ age_centered * Sex + (age_centered | Subject)"),
        ("Centre age within each Sex", "distance ~ age_within_Sex * Sex + (age_within_Sex | Subject)"),
    ]
    assert [d.definition for x in finding.fixes for d in x.derived] == ["center(age)", "center(age, Sex)"]


def test_e5_says_it_once_for_several_quantities() -> None:
    (finding,) = say("E5", "y ~ age * format * quantity + (1 | Subj)", story())
    assert finding.fixes[0].label == "Centre age and quantity"


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("mAch ~ cses * sector + (1 | school)", "Hsb82"),
        ("distance ~ age + Sex + (1 | Subject)", "Orthodont"),
        ("distance ~ age:Sex + (1 | Subject)", "Orthodont"),
        ("yield ~ nitro * Variety + (1 | Block/Variety)", "Oats"),
    ],
)
def test_e5_is_quiet_at_a_natural_zero_and_without_an_interaction(formula: str, sample: str) -> None:
    assert not say("E5", formula, sample)
