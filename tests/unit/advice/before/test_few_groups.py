"""G7: a variance that rests on few groups."""

from __future__ import annotations

import numpy as np
import pytest
from rule_runs import fixes, say

from mmgui.advice.before.few_groups import chance_of_zero, typical_size
from mmgui.advice.finding import Severity


@pytest.mark.parametrize(
    ("groups", "at_none", "at_a_tenth", "at_three_tenths"),
    # SEEDS, facts worth showing: balanced, 5 rows a group, true ICC 0 / .1 / .3.
    [(3, 0.60, 0.46, 0.27), (5, 0.57, 0.36, 0.14), (10, 0.54, 0.25, 0.04), (20, 0.53, 0.14, 0.003)],
)
def test_the_chance_of_a_variance_of_exactly_zero(
    groups: int, at_none: float, at_a_tenth: float, at_three_tenths: float
) -> None:
    assert chance_of_zero(groups, 5, 0.0) == pytest.approx(at_none, abs=0.005)
    assert chance_of_zero(groups, 5, 0.1) == pytest.approx(at_a_tenth, abs=0.005)
    assert chance_of_zero(groups, 5, 0.3) == pytest.approx(at_three_tenths, abs=0.005)


def test_the_size_that_counts_in_an_unbalanced_layout() -> None:
    assert typical_size(np.array([5, 5, 5])) == 5.0
    # (8 - (1 + 9 + 16) / 8) / 2
    assert typical_size(np.array([1, 3, 4])) == pytest.approx(2.375)


def test_fewer_than_five_groups_are_a_warning_with_a_fixed_effect_instead() -> None:
    (finding,) = say("G7", "y ~ ttt + (1 | plot)", "sim_plots_treatments")
    assert finding.severity is Severity.WARNING
    assert finding.text == (
        "Only 4 groups of plot: a spread estimated from 4 numbers is rough. With an intraclass correlation "
        "of 0.3 it would come out as exactly zero in about 3% of such studies."
    )
    assert fixes(finding) == [("Make plot a fixed effect", "y ~ ttt + plot")]


@pytest.mark.parametrize(
    ("formula", "sample", "label"),
    [
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", "sample"),
        ("score ~ Machine + (1 | Worker/Machine)", "Machines", "Worker"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats", "Block"),
    ],
)
def test_five_to_nine_groups_are_information_since_these_models_are_right(
    formula: str, sample: str, label: str
) -> None:
    (finding,) = say("G7", formula, sample)
    assert (finding.severity, finding.about) == (Severity.INFO, (label,))


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        # Ten batches of six rows: a chance of 3 in 100 is not worth a word.
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("mAch ~ ses + (1 | school)", "Hsb82"),
    ],
)
def test_many_groups_are_passed_over(formula: str, sample: str) -> None:
    assert not say("G7", formula, sample)


def test_no_fixed_effect_is_offered_where_other_groups_build_on_these() -> None:
    (finding,) = say("G7", "score ~ Machine + (1 | Worker/Machine)", "Machines")
    assert finding.fixes == ()
    (finding,) = say("G7", "score ~ Machine + (Machine | Worker)", "Machines")
    assert finding.fixes == ()


def test_a_fixed_effect_of_numbers_used_as_labels_is_one_of_labels() -> None:
    (finding,) = say("G7", "yield ~ 1 + (1 | nitro)", "Oats")
    assert fixes(finding) == [("Make nitro a fixed effect", "yield ~ factor(nitro)")]
