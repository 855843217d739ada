"""What a person decided about a column, applied."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.settings import apply_settings, data_key
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError
from mmgui.spec.document import ColumnSetting


@pytest.fixture
def table() -> Table:
    return read_text("g,x,code\nb,1,7\na,2,8\n,3,7\nc,oops,9\nb,,9\n", "t")


def refusal(table: Table, setting: ColumnSetting) -> DataError:
    with pytest.raises(DataError) as caught:
        apply_settings(table, (setting,))
    return caught.value


def test_no_settings_leave_the_table_as_it_is(table: Table) -> None:
    assert apply_settings(table, ()) is table


def test_a_kind_goes_from_number_to_category_and_back(table: Table) -> None:
    changed = apply_settings(table, (ColumnSetting("code", "category"),))
    assert changed["code"].kind is Kind.CATEGORY
    assert changed["code"].levels == ("7", "8", "9")
    back = apply_settings(changed, (ColumnSetting("code", "number"),))
    assert back["code"].is_number
    assert data_key(back, table.names) == data_key(table, table.names)
    assert data_key(changed, table.names) != data_key(table, table.names)


def test_ids_that_are_numerals_can_be_numbers() -> None:
    changed = apply_settings(load_sample("sleepstudy"), (ColumnSetting("Subject", "number"),))
    assert changed["Subject"].is_number
    assert changed["Subject"].values is not None
    assert changed["Subject"].values[0] == 308.0


def test_the_first_level_named_becomes_the_reference_and_missing_stays_missing(table: Table) -> None:
    changed = apply_settings(table, (ColumnSetting("g", levels=("c",)),))
    assert changed["g"].levels == ("c", "a", "b")
    assert changed["g"].codes.tolist() == [2, 1, -1, 0, 2]
    assert data_key(changed, table.names) != data_key(table, table.names)
    assert (
        apply_settings(changed, (ColumnSetting("g", levels=("a", "b", "c")),)).fingerprint
        == table.fingerprint
    )


def test_text_is_refused_as_a_number_with_how_many_entries_are_none(table: Table) -> None:
    error = refusal(table, ColumnSetting("x", "number"))
    assert error.code == "not_numbers"
    assert error.message == (
        "“x” cannot be a number: 1 of 4 entries is no number (for example “oops”); correct them in the file "
        "or keep the column as a category."
    )
    assert (error.where.part, error.where.name) == ("column", "x")
    assert "4 of 4 entries are not numbers" in refusal(table, ColumnSetting("g", "number")).message


def test_settings_that_do_not_fit_the_table_are_refused(table: Table) -> None:
    assert refusal(table, ColumnSetting("nowhere", "id")).code == "unknown_column"
    assert refusal(table, ColumnSetting("g", "ordinal")).code == "unknown_kind"
    assert refusal(table, ColumnSetting("g", levels=("z",))).code == "unknown_level"
    assert refusal(table, ColumnSetting("g", levels=("a", "a"))).code == "repeated_level"


def test_values_follow_their_rows_when_levels_are_reordered(table: Table) -> None:
    changed = apply_settings(table, (ColumnSetting("code", "category", ("9", "8", "7")),))
    column = changed["code"]
    assert column.values is not None
    labels = [column.levels[c] for c in column.codes]
    np.testing.assert_array_equal(column.values, [float(label) for label in labels])


def test_what_a_model_does_not_read_does_not_change_the_key_of_its_data(table: Table) -> None:
    changed = apply_settings(table, (ColumnSetting("g", levels=("c",)),))
    assert data_key(changed, ["code"]) == data_key(table, ["code"])
    assert data_key(changed, ["code", "g"]) != data_key(table, ["code", "g"])
