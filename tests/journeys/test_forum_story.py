"""The thread of seed 000 replayed in the window: each formula that was tried, with what the advice says.

The simulated table of within-subject factors has the thread's design; its columns are called as in the
thread (motion is not among them): format is met in both levels by everyone, age has two values a person,
quantity varies within everyone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from mmgui.advice import Finding
from mmgui.ui.advice_list import AdviceList
from tests.journeys.journey import SAMPLES, Journey

NAMES = "Subj,Cond2,format,Cond1,age,quantity,y"


@pytest.fixture
def forum(journey: Journey, tmp_path: Path) -> Journey:
    _, *rows = (SAMPLES / "sim_within_subject_factors.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "forum.csv"
    path.write_text("\n".join([NAMES, *rows]), encoding="utf-8")
    journey.open(path)
    return journey


def advice(journey: Journey) -> tuple[Finding, ...]:
    found = journey.control("adviceList")
    assert isinstance(found, AdviceList)
    return found.all_findings()


def serious(journey: Journey) -> list[str]:
    return [f.id for f in advice(journey) if f.severity in ("error", "warning", "question")]


def text_of(journey: Journey, rule: str) -> str:
    return next(f.text for f in advice(journey) if f.id == rule)


STORY = [
    # The first formula, which was singular in the thread: levels of age right of the bar.
    (
        "y ~ age*format*quantity + (1 | Subj) + (1 + quantity | format:Subj) + (1 + quantity | age:Subj)",
        ["G9", "E7"],
    ),
    # The first answer, given while age was taken to be between subjects.
    ("y ~ age*format*quantity + (1 + quantity | Subj)", ["E7"]),
    # What the asker worked with meanwhile.
    ("y ~ format*quantity*age + (1 | Subj) + (1 | age:Subj)", ["G9", "E7"]),
    # What the asker tried next; the answer was that (1 | Subj) is already inside.
    ("y ~ format*quantity*age + (1 | Subj) + (1 + quantity | Subj) + (1 + age | Subj)", ["T1", "E7"]),
    # The second answer, and what the asker decided on.
    ("y ~ age*format*quantity + (1 + age + quantity | Subj)", ["E7"]),
    ("y ~ format*quantity*age + (quantity*age | Subj)", ["E7"]),
    # The second question of the thread: a condition as a grouping factor.
    ("y ~ Cond2 + (1 | Subj) + (1 | Cond1)", ["G11"]),
    ("y ~ Cond2 + (1 | Subj)", []),
]


@pytest.mark.parametrize(("formula", "expected"), STORY)
def test_that_each_formula_of_the_thread_gets_its_advice(
    forum: Journey, formula: str, expected: list[str]
) -> None:
    forum.type_formula(formula)
    assert serious(forum) == expected


def test_that_an_age_slope_is_offered_instead_of_a_level_for_each_age(forum: Journey) -> None:
    forum.type_formula("y ~ format*quantity*age + (1 | Subj) + (1 | age:Subj)")
    assert text_of(forum, "G9").startswith(
        "(1 | age:Subj) gives each Subj a separate level at each value of age, as if these had no order: it "
        "is no slope of age."
    )
    forum.click("fixButton0", first_card(forum))
    assert forum.formula == "y ~ format * quantity * age + (age | Subj)"
    assert "G9" not in serious(forum)


def test_that_the_redundant_intercept_goes_by_one_click_and_comes_back_by_undo(forum: Journey) -> None:
    formula = "y ~ format * quantity * age + (1 | Subj) + (quantity | Subj) + (age | Subj)"
    forum.type_formula(formula)
    forum.click("fixButton1", first_card(forum))
    assert forum.formula == "y ~ format * quantity * age + (quantity + age | Subj)"
    forum.trigger("undoAction")
    assert forum.formula == formula


def test_that_a_condition_becomes_a_fixed_effect_by_one_click(forum: Journey) -> None:
    forum.type_formula("y ~ Cond2 + (1 | Subj) + (1 | Cond1)")
    forum.click("fixButton0", first_card(forum))
    assert forum.formula == "y ~ Cond2 + Cond1 + (1 | Subj)"


def test_that_the_singular_answer_is_explained_with_the_direction_that_collapsed(forum: Journey) -> None:
    forum.fit_formula("y ~ age*format*quantity + (1 + age + quantity | Subj)")
    said = str(forum.control("fitMessages").property("accessibleDescription"))
    assert "nothing varies along the direction −0.69 × Intercept + 0.72 × age" in said
    assert "Converged" in said


def test_that_the_question_whether_results_differ_is_answered_by_the_comparison(forum: Journey) -> None:
    """“Do the results differ much between the two models?” is one click."""
    forum.fit_formula("y ~ format*quantity*age + (1 + age + quantity | Subj)")
    forum.fit_formula("y ~ format*quantity*age + (1 + quantity | Subj) + (0 + age | Subj)")
    forum.trigger("compareAction")
    forum.wait()
    assert forum.control("comparePane").isVisible()
    assert forum.control("compareTable").isVisible()


def first_card(journey: Journey) -> QWidget:
    cards = journey.control("adviceList").findChildren(QWidget, "findingCard")
    return next(c for c in cards if c.finding is not None and c.finding.fixes)
