"""Nested, crossed, partially crossed, identical, implicitly nested."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.data.frame import from_frame
from mmgui.data.grouping import Factor
from mmgui.data.relation import RelationKind, relation
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.errors import DataError


@pytest.mark.parametrize(
    ("key", "a", "b", "kind", "inner"),
    [
        ("Pastes", "batch", "sample", "nested", "sample"),
        ("Pastes", "sample", "batch", "nested", "sample"),
        ("Pastes", ("batch", "cask"), "sample", "identical", ""),
        ("Pastes", "batch", "cask", "implicitly nested", "cask"),
        ("Pastes", "cask", "batch", "implicitly nested", "cask"),
        ("cake", "recipe", "replicate", "implicitly nested", "replicate"),
        ("Penicillin", "plate", "sample", "crossed", ""),
        ("sim_subjects_items", "subj", "item", "crossed", ""),
        ("InstEval", "s", "d", "partially crossed", ""),
        ("InstEval", "d", "dept", "nested", "d"),
        ("Hsb82", "school", "sector", "nested", "school"),
        ("Machines", "Machine", "Worker", "crossed", "Worker"),
    ],
)
def test_how_the_factors_of_a_sample_lie(key: str, a: Factor, b: Factor, kind: str, inner: str) -> None:
    found = relation(load_sample(key), a, b)
    assert (found.kind, found.inner) == (kind, inner)


def test_the_counts_behind_the_verdict() -> None:
    casks = relation(load_sample("Pastes"), "batch", "cask")
    assert (casks.levels_a, casks.levels_b, casks.cells, casks.rows) == (10, 3, 30, 60)
    assert (casks.cell_minimum, casks.cell_median, casks.cell_maximum) == (2, 2.0, 2)
    assert casks.recurring == 3
    assert casks.filled == 1.0
    assert casks.example == ("a", "A", "B")
    assert casks.evidence == "“sample” has a label of its own for each combination of batch and cask."
    ratings = relation(load_sample("InstEval"), "s", "d")
    assert ratings.cells == 73421
    assert ratings.filled == pytest.approx(73421 / (2972 * 1128))


def test_recurring_labels_with_repeats_leave_a_question() -> None:
    machines = relation(load_sample("Machines"), "Machine", "Worker")
    assert machines.may_be_nested
    assert not machines.evidence
    assert machines.example == ("1", "A", "B")


def test_one_row_a_combination_leaves_no_question() -> None:
    assert not relation(load_sample("Penicillin"), "plate", "sample").may_be_nested


def classes(sizes: list[int]) -> Table:
    rows = [(f"s{i:02d}", str(c)) for i, k in enumerate(sizes) for c in range(1, k + 1) for _ in range(2)]
    return from_frame({"school": [r[0] for r in rows], "class": [r[1] for r in rows]}, "t")


def test_units_numbered_from_the_start_but_not_equally_many_are_nested() -> None:
    found = relation(classes([3, 2, 4, 3]), "school", "class")
    assert found.kind is RelationKind.IMPLICITLY_NESTED
    assert (found.inner, found.outer) == ("class", "school")
    assert found.evidence == "Each school numbers its class from the start, but not equally many."


def test_gaps_in_the_numbers_mean_the_same_units_again() -> None:
    rows = [("a", "1"), ("a", "3"), ("b", "1"), ("b", "2"), ("b", "3"), ("c", "2")] * 2
    table = from_frame({"g": [r[0] for r in rows], "h": [r[1] for r in rows]}, "t")
    found = relation(table, "g", "h")
    assert found.kind is RelationKind.PARTIALLY_CROSSED
    assert not found.may_be_nested


def test_rows_where_a_factor_is_missing_do_not_count() -> None:
    table = from_frame({"g": ["a", "a", "b", None], "h": ["x", "y", None, "x"]}, "t")
    found = relation(table, "g", "h")
    assert (found.kind, found.levels_a, found.levels_b, found.rows) == (RelationKind.NESTED, 1, 2, 2)
    with pytest.raises(DataError, match="No row has an entry"):
        relation(from_frame({"g": ["a", None], "h": [None, "x"]}, "t"), "g", "h")


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), min_size=1, max_size=25))
def test_the_verdict_agrees_with_the_definition(rows: list[tuple[str, str]]) -> None:
    table = from_frame({"g": [g for g, _ in rows], "h": [h for _, h in rows]}, "t")
    found = relation(table, "g", "h")
    cells = set(rows)
    h_in_g = all(len({g for g, k in cells if k == h}) == 1 for _, h in cells)
    g_in_h = all(len({h for k, h in cells if k == g}) == 1 for g, _ in cells)
    full = cells == set(itertools.product({g for g, _ in cells}, {h for _, h in cells}))
    if h_in_g and g_in_h:
        assert found.kind is RelationKind.IDENTICAL
    elif h_in_g or g_in_h:
        assert found.kind is RelationKind.NESTED
        assert found.inner == ("h" if h_in_g else "g")
    elif found.kind is not RelationKind.IMPLICITLY_NESTED:
        assert found.kind is (RelationKind.CROSSED if full else RelationKind.PARTIALLY_CROSSED)
    assert found.cells == len(cells)
