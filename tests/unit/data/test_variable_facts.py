"""What the variable table shows."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.facts import VariableFacts, describe
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample, samples
from mmgui.data.table import Kind


def facts_of(entries: list[object]) -> VariableFacts:
    return describe(from_frame({"x": entries, "other": list(range(len(entries)))}, "t"))[0]


def test_the_facts_of_sleepstudy() -> None:
    reaction, days, subject = describe(load_sample("sleepstudy"))
    # summary(sleepstudy$Reaction), sd(sleepstudy$Reaction) in R.
    assert (reaction.minimum, reaction.maximum) == (194.3322, 466.3535)
    assert reaction.mean == pytest.approx(298.5079, abs=5e-5)
    assert reaction.sd == pytest.approx(56.32876, abs=5e-6)
    assert days.histogram == (18,) * 10
    assert days.edges == tuple(np.arange(-0.5, 10.0))
    assert (subject.kind, subject.distinct, subject.missing) == (Kind.ID, 18, 0)
    assert subject.mean is None
    assert subject.frequent[0] == ("308", 10)


def test_missing_and_infinite_entries_are_told_and_left_out() -> None:
    facts = facts_of([1.5, np.nan, np.inf, 2.5])
    assert (facts.distinct, facts.missing, facts.has_infinite) == (3, 1, True)
    assert (facts.minimum, facts.maximum, facts.mean) == (1.5, 2.5, 2.0)
    assert sum(facts.histogram) == 2


def test_a_constant_is_told() -> None:
    assert facts_of([2.5, 2.5, np.nan]).is_constant
    assert facts_of([np.nan, np.nan]).is_constant
    assert not facts_of([2.5, 2.6]).is_constant


def test_labels_are_counted_in_their_order_and_ranked_by_count() -> None:
    facts = facts_of(["b", "a", "b", "c", "b", "c"])
    assert facts.bar_labels == ("a", "b", "c")
    assert facts.histogram == (1, 3, 2)
    assert facts.frequent == (("b", 3), ("c", 2), ("a", 1))


def test_of_many_levels_the_most_frequent_are_drawn() -> None:
    student = describe(load_sample("InstEval"))[0]
    assert student.distinct == 2972
    assert len(student.histogram) == 16
    assert student.histogram == tuple(sorted(student.histogram, reverse=True))


@pytest.mark.parametrize("key", [s.key for s in samples()])
def test_every_finite_value_is_in_one_bar(key: str) -> None:
    for facts in describe(load_sample(key)):
        assert len(facts.histogram) <= 16
        if facts.kind is Kind.NUMBER:
            assert sum(facts.histogram) == facts.rows - facts.missing
            assert len(facts.edges) == len(facts.histogram) + 1
            assert list(facts.edges) == sorted(facts.edges)


def test_values_at_the_ends_of_the_doubles_have_facts() -> None:
    facts = facts_of([-1.7e308, 1.7e308, 0.5])
    assert facts.mean == pytest.approx(0.0, abs=1e295)
    assert sum(facts.histogram) == 3
    neighbours = facts_of([1.0, np.nextafter(1.0, 2.0)])
    assert sum(neighbours.histogram) == 2
    beyond_halves = facts_of([1e16, 1e16 + 2.0, 1e16 + 4.0])
    assert sum(beyond_halves.histogram) == 3
