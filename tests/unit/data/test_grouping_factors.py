"""Groups, their sizes, and whether a predictor varies within or between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.data.frame import from_frame
from mmgui.data.grouping import Variation, group_sizes, groups_of, varies
from mmgui.data.samples import load_sample
from mmgui.errors import DataError
from mmgui.spec.terms import GroupingFactor


@pytest.mark.parametrize(
    ("key", "predictor", "group", "kind", "varying", "groups"),
    [
        ("sleepstudy", "Days", "Subject", "within", 18, 18),
        ("Orthodont", "Sex", "Subject", "between", 0, 27),
        ("Orthodont", "age", "Subject", "within", 27, 27),
        ("Machines", "Machine", "Worker", "within", 6, 6),
        ("Hsb82", "ses", "school", "both", 160, 160),
        ("Hsb82", "cses", "school", "within", 160, 160),
        ("Hsb82", "meanses", "school", "between", 0, 160),
        ("Hsb82", "sector", "school", "between", 0, 160),
        ("sim_within_between", "x", "g", "both", 8, 8),
        ("sim_subjects_items", "cond", "subj", "within", 24, 24),
        ("sim_subjects_items", "cond", "item", "within", 16, 16),
        ("Oats", "Variety", "Block", "within", 6, 6),
        # tapply(InstEval$service, InstEval$s, function(v) length(unique(v)) > 1) in R
        ("InstEval", "service", "s", "both", 2880, 2972),
    ],
)
def test_where_a_predictor_varies(
    key: str, predictor: str, group: str, kind: str, varying: int, groups: int
) -> None:
    found = varies(load_sample(key), predictor, group)
    assert (found.kind, found.varying, found.groups) == (kind, varying, groups)


def test_a_few_missing_rows_leave_a_predictor_within() -> None:
    sleep = load_sample("sleepstudy")
    days, subject = sleep["Days"].values, sleep["Subject"].values
    assert days is not None
    assert subject is not None
    kept = np.setdiff1d(np.arange(180), [3, 47, 48, 101, 179])
    table = from_frame({"Days": days[kept], "Subject": subject[kept]}, "t")
    assert varies(table, "Days", "Subject").kind is Variation.WITHIN


def test_values_dealt_out_at_random_vary_both_ways() -> None:
    found = varies(load_sample("sim_hidden_singular"), "x1", "g")
    assert found.kind is Variation.BOTH
    assert 0.02 < found.between_share < 0.3


def test_the_share_between_groups_is_that_of_an_analysis_of_variance() -> None:
    table = from_frame({"x": [1.0, 3, 5, 7], "g": ["a", "a", "b", "b"]}, "t")
    # Means 2 and 6 about 4: 16 between, 20 in total.
    assert varies(table, "x", "g").between_share == pytest.approx(16 / 20)
    labels = from_frame({"x": ["p", "p", "p", "q"], "g": ["a", "a", "b", "b"]}, "t")
    # For each indicator: 0.25 between, 0.75 in total.
    assert varies(labels, "x", "g").between_share == pytest.approx(1 / 3)


def test_infinite_and_missing_entries_do_not_count() -> None:
    table = from_frame({"x": [1.0, np.inf, 2.0, np.nan], "g": ["a", "a", "b", "b"]}, "t")
    found = varies(table, "x", "g")
    assert (found.kind, found.varying, found.groups) == (Variation.BETWEEN, 0, 2)
    assert varies(from_frame({"x": [2.0, 2.0], "g": ["a", "b"]}, "t"), "x", "g").is_constant


def test_groups_of_several_columns_are_the_combinations_that_occur() -> None:
    groups = groups_of(load_sample("Pastes"), GroupingFactor(("batch", "cask")))
    assert (groups.label, groups.count) == ("batch:cask", 30)
    assert groups.codes[:6].tolist() == [0, 0, 1, 1, 2, 2]


def test_sizes_of_groups() -> None:
    sizes = group_sizes(load_sample("InstEval"), "s")
    # summary(as.vector(table(InstEval$s))) in R: 1, 22 (median), 92.
    assert (sizes.groups, sizes.rows, sizes.minimum, sizes.median, sizes.maximum) == (
        2972,
        73421,
        1,
        22.0,
        92,
    )
    assert not sizes.balanced
    assert group_sizes(load_sample("sleepstudy"), "Subject").balanced


def test_a_row_without_a_group_belongs_to_none() -> None:
    groups = groups_of(from_frame({"g": ["b", None, "a"], "h": ["x", "x", None]}, "t"), ("g", "h"))
    assert groups.codes.tolist() == [0, -1, -1]


def test_unknown_columns_and_empty_factors_are_refused() -> None:
    table = from_frame({"g": [None, None], "y": [1.0, 2.0]}, "t")
    for call, code in (
        (lambda: groups_of(table, "nowhere"), "unknown_column"),
        (lambda: group_sizes(table, "g"), "no_rows"),
        (lambda: varies(table, "y", "g"), "no_rows"),
    ):
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.code == code


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.sampled_from("abcd")), min_size=1, max_size=30))
def test_the_counts_agree_with_counting_row_by_row(rows: list[tuple[str, str]]) -> None:
    table = from_frame({"x": [x for x, _ in rows], "g": [g for _, g in rows]}, "t")
    by_group: dict[str, set[str]] = {}
    for x, g in rows:
        by_group.setdefault(g, set()).add(x)
    found = varies(table, "x", "g")
    assert found.groups == len(by_group)
    assert found.varying == sum(len(entries) > 1 for entries in by_group.values())
    assert 0.0 <= found.between_share <= 1.0
