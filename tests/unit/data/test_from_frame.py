"""Tables from pandas and from dicts of arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind
from mmgui.errors import DataError


def test_numbers_text_and_missing_entries_come_over() -> None:
    frame = pd.DataFrame({"y": [1.5, None, 3.0], "g": ["b", "a", None], "Subject": [308, 309, 310]})
    table = from_frame(frame, "t")
    np.testing.assert_array_equal(table["y"].values, [1.5, np.nan, 3.0])
    assert table["g"].levels == ("a", "b")
    assert table["g"].codes.tolist() == [1, 0, -1]
    assert table["Subject"].kind is Kind.ID


def test_the_order_of_a_categorical_is_the_order_of_the_levels() -> None:
    dose = pd.Categorical(["low", "high", None, "low"], categories=["low", "mid", "high"], ordered=True)
    column = from_frame(pd.DataFrame({"dose": dose, "y": [1.0, 2, 3, 4]}), "t")["dose"]
    assert column.levels == ("low", "high")
    assert column.codes.tolist() == [0, 1, -1, 0]
    assert column.kind is Kind.CATEGORY


def test_a_categorical_of_numbers_is_no_number() -> None:
    column = from_frame(
        pd.DataFrame({"d": pd.Categorical([3, 1, 3], categories=[3, 1]), "y": [1.0, 2, 3]}), "t"
    )["d"]
    assert column.kind is Kind.CATEGORY
    assert column.levels == ("3", "1")
    assert column.values is not None
    assert column.values.tolist() == [3.0, 1.0, 3.0]


@pytest.mark.parametrize("dtype", [bool, object, "boolean"])
def test_booleans_are_the_labels_false_and_true(dtype: object) -> None:
    column = from_frame(
        pd.DataFrame({"b": pd.Series([True, False, True], dtype=dtype), "y": [1.0, 2, 3]}), "t"
    )["b"]
    assert column.levels == ("False", "True")
    assert column.codes.tolist() == [1, 0, 1]


@pytest.mark.parametrize("dtype", ["Int64", "Float32", "int8", "float16"])
def test_every_numeric_type_is_a_number(dtype: str) -> None:
    column = from_frame(pd.DataFrame({"x": pd.Series([1, 2, 4], dtype=dtype), "y": [1, 2, 3]}), "t")["x"]
    assert column.values is not None
    assert column.values.tolist() == [1.0, 2.0, 4.0]


def test_missing_in_nullable_types_is_missing() -> None:
    column = from_frame(pd.DataFrame({"x": pd.array([1, None], dtype="Int64"), "y": [1, 2]}), "t")["x"]
    assert column.missing.tolist() == [False, True]


def test_dates_are_labels_and_a_note_says_so() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2024-01-02", None, "2024-01-01"]), "y": [1.0, 2, 3]})
    table = from_frame(frame, "t")
    assert table["day"].levels == ("2024-01-01", "2024-01-02")
    assert table["day"].missing.tolist() == [False, True, False]
    assert table.notes == (
        "The dates in “day” are read as labels; give elapsed time as a number to use it as one.",
    )


def test_durations_are_seconds_and_a_note_says_so() -> None:
    frame = pd.DataFrame({"after": pd.to_timedelta([1, None, 36], unit="h"), "y": [1.0, 2, 3]})
    table = from_frame(frame, "t")
    np.testing.assert_array_equal(table["after"].values, [3600.0, np.nan, 129600.0])
    assert table.notes == ("The durations in “after” are read as numbers of seconds.",)


def test_complex_numbers_are_labels_and_a_note_says_so() -> None:
    table = from_frame({"z": np.array([1 + 2j, 3j]), "y": [1.0, 2.0]}, "t")
    assert table["z"].values is None
    assert table.notes == (
        "The complex numbers in “z” are read as labels; give their real parts to use them.",
    )


def test_a_structured_array_is_a_table_whatever_its_byte_order() -> None:
    rows = [(1.5, b"a", "x", 3), (2.5, b"b", "y", 4)]
    table = from_frame(np.array(rows, dtype=[("y", ">f8"), ("g", "S1"), ("h", ">U1"), ("k", ">i4")]), "t")
    assert table.names == ("y", "g", "h", "k")
    assert (table["g"].levels, table["h"].levels) == (("a", "b"), ("x", "y"))
    assert table["k"].values is not None
    assert table["k"].values.tolist() == [3.0, 4.0]


def test_masked_entries_are_missing() -> None:
    columns = {
        "y": np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
        "g": np.ma.masked_array(["a", "b", "c"], mask=[True, False, False]),
    }
    table = from_frame(columns, "t")
    np.testing.assert_array_equal(table["y"].values, [1.0, np.nan, 3.0])
    assert table["g"].codes.tolist() == [-1, 0, 1]
    assert table["g"].levels == ("b", "c")


def test_an_index_with_a_name_is_not_read_and_a_note_says_so() -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0]}, index=pd.Index(["s1", "s2"], name="Subject"))
    assert from_frame(frame, "t").notes == (
        "The table's index “Subject” is not read; reset_index() makes columns of it.",
    )
    both = pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["g", "h"])
    assert from_frame(frame.set_index(both), "t").notes == (
        "The table's index (g, h) is not read; reset_index() makes columns of it.",
    )
    assert from_frame(frame.reset_index(), "t").notes == ()


def test_columns_with_names_in_several_rows_are_joined_by_dots() -> None:
    frame = pd.DataFrame([[1.0, 2.0]] * 2, columns=pd.MultiIndex.from_tuples([("y", "mean"), ("y", "sd")]))
    assert from_frame(frame, "t").names == ("y.mean", "y.sd")


def test_other_arrays_and_lists_of_rows_are_refused() -> None:
    for data in (np.zeros((3, 2)), [{"y": 1.0}], None, pd.Series([1.0, 2.0]), np.zeros(3)):
        with pytest.raises(DataError) as caught:
            from_frame(data, "t")
        assert caught.value.code == "not_a_table"


def test_labels_that_look_like_missing_markers_stay_labels() -> None:
    column = from_frame({"g": ["NA", "-", ".", None], "y": [1, 2, 3, 4]}, "t")["g"]
    assert set(column.levels) == {"NA", "-", "."}
    assert column.missing.tolist() == [False, False, False, True]


def test_a_dict_of_arrays_and_lists_is_a_table() -> None:
    table = from_frame({"y": np.array([1.0, np.nan]), "g": ["a", None], "n": (1, 2)}, "t")
    assert table.names == ("y", "g", "n")
    assert table["y"].missing.tolist() == [False, True]
    assert table["g"].missing.tolist() == [False, True]


def test_names_that_are_no_text_or_doubled_are_made_usable() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=pd.Index([0, "a", "a"], dtype=object))
    assert from_frame(frame, "t").names == ("0", "a", "a.1")


def test_a_frame_read_by_pandas_gives_the_table_that_the_importer_reads() -> None:
    ours = load_sample("sleepstudy")
    frame = pd.DataFrame({c.name: c.values for c in ours.columns})
    assert from_frame(frame, "sleepstudy").fingerprint == ours.fingerprint


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "no_columns"),
        ({"a": [], "b": []}, "no_rows"),
        ({"a": [1, 2], "b": [1]}, "unequal_lengths"),
        ({"a": [[1, 2], [3, 4]]}, "not_a_table"),
        ([1, 2, 3], "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(data: object, code: str) -> None:
    with pytest.raises(DataError) as caught:
        from_frame(data, "t")
    assert caught.value.code == code
