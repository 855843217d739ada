"""Whatever the file holds: a table or one sentence; and a table that is written out comes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmgui.data.facts import describe
from mmgui.data.read import read_table, read_text
from mmgui.data.table import Table
from mmgui.errors import DataError

SUFFIXES = st.sampled_from([".csv", ".txt", ".tsv", ".xlsx", ".sav", ".dta", ".parquet", ".feather", ""])
TABLE_LIKE = st.text(alphabet='ab1.,;|\t\n\r" #-e0+NA_', max_size=120).map(lambda t: t.encode())
MAGIC = st.sampled_from(
    [b"", b"PK\x03\x04", b"PAR1", b"$FL2", b"\x1f\x8b", b"ARROW1", b"\xff\xfe", b"\xef\xbb\xbf"]
)
# Letters and marks that need quoting, but no surrounding space and no word that means missing.
LABELS = st.text(alphabet='abcXYZäé ,;"\t\n:|+`', min_size=1, max_size=8).map(lambda t: f"l{t}l")
NUMBERS = st.floats(allow_nan=False, width=64)


def sound(table: Table) -> bool:
    for column in table.columns:
        assert column.codes.shape == (table.nrows,)
        assert len(set(column.levels)) == len(column.levels)
        assert set(np.unique(column.codes[column.codes >= 0])) == set(range(len(column.levels)))
        if column.values is not None:
            np.testing.assert_array_equal(np.isnan(column.values), column.missing)
    assert len(set(table.names)) == len(table.names) >= 2
    assert len(describe(table)) == len(table.columns)
    return True


def one_sentence_or_sound(read: Callable[[], Table]) -> bool:
    try:
        table = read()
    except DataError as error:
        return bool(error.code) and error.message.endswith(".") and "\n" not in error.message
    return sound(table)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(magic=MAGIC, body=st.one_of(st.binary(max_size=200), TABLE_LIKE), suffix=SUFFIXES)
def test_any_bytes_give_a_table_or_one_sentence(
    tmp_path: Path, magic: bytes, body: bytes, suffix: str
) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(magic + body)
    assert one_sentence_or_sound(lambda: read_table(path))


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='ab1.,;|\t\n\r" #-e0+NA_', max_size=150))
def test_any_text_gives_a_table_or_one_sentence(text: str) -> None:
    assert one_sentence_or_sound(lambda: read_text(text, "pasted"))


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(LABELS, NUMBERS, st.one_of(st.none(), NUMBERS)), min_size=1, max_size=20),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_written_out_comes_back(
    rows: list[tuple[str, float, float | None]], delimiter: str, end: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow(["label", "x", "y"])
    writer.writerows([(label, repr(x), "" if y is None else repr(y)) for label, x, y in rows])
    table = read_text(stream.getvalue(), "t")
    assert table.nrows == len(rows)
    labels, x, y = table["label"], table["x"], table["y"]
    assert [labels.levels[c] for c in labels.codes] == [label for label, _, _ in rows]
    assert x.values is not None
    np.testing.assert_array_equal(x.values, [v for _, v, _ in rows])
    assert y.values is not None
    np.testing.assert_array_equal(y.values, [np.nan if v is None else v for _, _, v in rows])
