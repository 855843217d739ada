"""Files that are no table: one sentence each, with a code."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from mmgui.data import source
from mmgui.data.read import read_table, read_text
from mmgui.errors import DataError

DATA = Path(__file__).parents[2] / "data"


def refusal(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read_table(path)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("\ufeff \n\n", "empty_file"),
        ("# only\n# comments\n", "empty_file"),
        ("a,b\n", "no_rows"),
        ("a,b", "no_rows"),
        ("a,b\n,\n,\n", "no_rows"),
        ("a\n1\n2\n", "one_column"),
        ('"",a\n1,5\n2,6\n', "one_column"),
        ("a,b\n1,2\n3\n", "ragged"),
        ("y,x,g\n1,2,a\n3,4\n5,6,b,7\n", "ragged"),
        ("y,x,g\n1,2\n3,4\n", "ragged"),
        ("y x g\n1 2 a\n3 4\n5 6 b\n", "ragged"),
        ("Results of May\ny,x,g\n1,2,a\n3,4,b\n", "ragged"),
        ("Wert\n1,5\n2,5\n-0,5\n", "one_column"),
        ("remark\nNo, thanks\nYes\nWell, yes, no\n", "one_column"),
        ('a,b\n1,"2\n3,4\n', "unclosed_quote"),
        ('a,b\n1,"x\n2,y\n3,"z"\n4,w\n', "unclosed_quote"),
        ("a,b\n1,2\0\n", "binary"),
    ],
)
def test_text_that_is_no_table_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_text(text, "pasted")
    assert caught.value.code == code
    assert caught.value.where.part == "file"


def test_a_ragged_row_is_named_by_line_and_counts() -> None:
    error = refusal(DATA / "ragged.csv")
    assert error.message == (
        "“ragged.csv”: line 4 has 2 fields where 3 are expected; correct that line, or quote entries that "
        "contain the separator."
    )


def test_the_first_uneven_row_of_a_short_file_is_named() -> None:
    with pytest.raises(DataError, match="line 3 has 2 fields where 3 are expected"):
        read_text("y,x,g\n1,2,a\n3,4\n5,6,b,7\n", "t")


def test_a_title_above_the_column_names_is_told() -> None:
    with pytest.raises(DataError, match="line 2 has 3 fields, but the line above it names one column"):
        read_text("Results of May\ny,x,g\n1,2,a\n3,4,b\n", "t")


def test_line_numbers_count_comments_and_quoted_line_ends() -> None:
    with pytest.raises(DataError, match="line 6 has 3 fields where 2"):
        read_text('# note\na,b\n1,"x\ny"\n2,z\n3,4,5\n', "t")


def test_the_line_of_an_open_quote_is_named() -> None:
    with pytest.raises(DataError, match="line 3"):
        read_text('a,b\n1,x\n2,"y\n3,z\n4,w\n', "t")


def test_the_sentence_about_one_column_says_what_a_model_needs() -> None:
    with pytest.raises(DataError) as caught:
        read_text("score\n1\n2\n", "marks.txt")
    assert caught.value.message == (
        "“marks.txt” has only one column (“score”); a model needs a response and a grouping column. "
        "If the columns are separated by something other than commas, semicolons, tabs, bars or spaces, "
        "save it as CSV."
    )


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").code == "missing_file"
    assert refusal(tmp_path).code == "folder"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    path.touch()
    assert refusal(path).code == "empty_file"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n....", "a PNG picture"),
        (b"PK\x03\x04abcdefgh", "an Excel workbook or a zip archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel or Office file"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (b"\xff\xfea,b", "not a text file"),
        (bytes(range(1, 256)) * 8, "not a text file"),
    ],
)
def test_a_binary_file_is_refused_by_what_it_is(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    error = refusal(path)
    assert error.code == "binary"
    assert what in error.message


def test_a_damaged_archive_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n" * 1000)[:40])
    assert refusal(path).code == "unreadable"


def test_a_file_beyond_the_memory_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "size_limit", lambda: 10)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    assert refusal(path).code == "too_large"
    packed = tmp_path / "p.csv"
    packed.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1000, mtime=0))
    monkeypatch.setattr(source, "size_limit", lambda: 1000)
    assert refusal(packed).code == "too_large"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of another kind")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        assert refusal(path).code == "no_permission"
    finally:
        os.seteuid(user)


def test_a_device_is_refused_without_reading_it() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no devices here")
    assert refusal(Path("/dev/zero")).code == "unreadable"


@pytest.mark.parametrize("suffix", [".xlsx", ".sav", ".dta", ".parquet", ".feather"])
def test_text_under_the_ending_of_another_program_is_refused(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip(
        {".xlsx": "openpyxl", ".sav": "pyreadstat", ".dta": "pyreadstat"}.get(suffix, "pyarrow")
    )
    path = tmp_path / f"table{suffix}"
    path.write_text("a,b\n1,2\n")
    error = refusal(path)
    assert error.code == "not_this_format"
    assert "rename it to end in .csv" in error.message
