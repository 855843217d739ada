"""Derived columns against sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.derive import derivations, with_derived
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError
from mmgui.spec.derived import read_derived


@pytest.fixture
def table() -> Table:
    columns = {
        "x": np.array([1.0, 3.0, 4.0, np.nan, 8.0]),
        "g": np.array(["a", "a", "b", "b", "b"], dtype=object),
        "k": np.array([7.0, 7.0, 7.0, 7.0, 7.0]),
    }
    return from_frame(columns, "made")


def made(table: Table, definition: str) -> list[float | None]:
    values = with_derived(table, [read_derived("new", definition)])["new"].values
    assert values is not None
    return [None if np.isnan(v) else round(float(v), 6) for v in values]


def test_centred_on_the_mean_of_all_rows(table: Table) -> None:
    assert made(table, "center(x)") == [-3.0, -1.0, 0.0, None, 4.0]


def test_centred_within_each_group_and_the_groups_means(table: Table) -> None:
    assert made(table, "center(x, g)") == [-1.0, 1.0, -2.0, None, 2.0]
    assert made(table, "mean(x, g)") == [2.0, 2.0, 6.0, None, 6.0]


def test_scaled_by_the_standard_deviation_of_the_sample(table: Table) -> None:
    # 1, 3, 4, 8: mean 4, variance (9 + 1 + 0 + 16) / 3.
    assert made(table, "scale(x)")[0] == round(-3.0 / (26 / 3) ** 0.5, 6)


def test_logarithm_and_square(table: Table) -> None:
    assert made(table, "square(x)") == [1.0, 9.0, 16.0, None, 64.0]
    assert made(table, "log(x)")[1] == round(float(np.log(3.0)), 6)


def test_combined_labels_name_each_cask_of_pastes() -> None:
    combined = with_derived(load_sample("Pastes"), [read_derived("sample2", "combine(batch, cask)")])
    assert len(combined["sample2"].levels) == 30
    assert combined["sample2"].levels[:4] == ("A:a", "A:b", "A:c", "B:a")
    assert combined["sample2"].kind is Kind.ID


def test_one_derived_column_may_be_made_from_another(table: Table) -> None:
    twice = with_derived(table, [read_derived("c", "center(x)"), read_derived("s", "square(c)")])
    assert twice["s"].values is not None
    assert twice["s"].values[0] == 9.0


@pytest.mark.parametrize(
    ("name", "definition", "code"),
    [
        ("x", "center(x)", "name_taken"),
        ("new", "center(y)", "unknown_column"),
        ("new", "center(g)", "not_numbers"),
        ("new", "scale(k)", "is_constant"),
    ],
)
def test_what_cannot_be_made_is_refused(table: Table, name: str, definition: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        with_derived(table, [read_derived(name, definition)])
    assert caught.value.code == code


def test_zero_has_no_logarithm() -> None:
    with pytest.raises(DataError) as caught:
        with_derived(load_sample("sleepstudy"), [read_derived("new", "log(Days)")])
    assert caught.value.code == "not_positive"
    assert caught.value.message == (
        "“Days” is zero or less in 18 rows, where it has no logarithm; choose another column."
    )


def test_combined_labels_that_read_alike_stay_two_groups() -> None:
    table = from_frame(
        {
            "a": np.array(["x:y", "x", "x:y", "p"], dtype=object),
            "b": np.array(["z", "y:z", "z", "q"], dtype=object),
        },
        "made",
    )
    column = with_derived(table, [read_derived("ab", "combine(a, b)")])["ab"]
    assert sorted(column.levels) == ["p:q", "x:y:z", "x:y:z (2)"]
    assert column.codes[0] == column.codes[2] != column.codes[1]


def test_a_column_with_an_infinite_entry_is_said_to_be_so() -> None:
    table = from_frame({"x": np.array([1.0, np.inf, 3.0])}, "made")
    with pytest.raises(DataError, match="“x” is infinite in some row"):
        with_derived(table, [read_derived("s", "scale(x)")])


def test_a_model_names_the_columns_made_for_it_and_those_they_are_made_from() -> None:
    columns = {"x": "center(Days)", "y": "square(x)", "z": "mean(Days, Subject)"}
    derived = [read_derived(name, text) for name, text in columns.items()]
    table = with_derived(load_sample("sleepstudy"), derived)
    assert [d.name for d in derivations(table, ("Reaction", "y"))] == ["x", "y"]
    assert derivations(table, ("Reaction", "Days")) == ()
