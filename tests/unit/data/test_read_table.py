"""Reading delimited text: encoding, delimiter, decimal sign, quoting, names, missing markers."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.read import read_table, read_text
from mmgui.data.table import Kind
from mmgui.errors import DataError

DATA = Path(__file__).parents[2] / "data"


def test_semicolons_decimal_commas_and_windows_1252_are_recognised() -> None:
    table = read_table(DATA / "semicolon_cp1252.csv")
    assert table.names == ("Schüler", "Größe", "Note")
    np.testing.assert_array_equal(table["Größe"].values, [1.52, 1.61, 1.48, np.nan])
    assert table["Note"].levels == ("gut", "mäßig")
    assert table.notes == (
        "The text is not UTF-8; it was read as Windows-1252.",
        "The columns are separated by semicolons.",
        "1 entry was read as missing: empty (1).",
        "Commas were read as decimal points in “Größe”.",
    )


def test_utf16_with_tabs_and_decimal_commas_is_read() -> None:
    table = read_table(DATA / "utf16_tabs.txt")
    assert table["rt"].values is not None
    assert table["rt"].values.tolist() == [512.5, 498.25, 601.0, 587.5, 455.0]
    assert table["subject"].kind is Kind.ID


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("é,b\n1,2\n".encode(encoding))
    assert read_table(path).names == ("é", "b")


def test_row_numbers_that_r_writes_are_left_out() -> None:
    spaced = read_table(DATA / "row_names_r.txt")
    assert spaced.names == ("mpg", "cyl", "model")
    assert spaced["model"].levels == ("Datsun 710", "Hornet 4", "Mazda RX4")
    comma = read_table(DATA / "row_names_r.csv")
    assert comma.names == ("dose", "len")
    assert "The first column only numbers the rows and was left out." in comma.notes


def test_row_names_that_say_something_are_kept() -> None:
    table = read_text("mpg\tcyl\nMazda\t21\t6\nFord\t18\t8\n", "cars")
    assert table.names == ("row name", "mpg", "cyl")
    assert table["row name"].levels == ("Ford", "Mazda")


def test_the_row_index_that_pandas_writes_is_left_out() -> None:
    assert read_text("Unnamed: 0,a,b\n0,5,6\n1,7,8\n", "t").names == ("a", "b")
    assert read_text(",a,b\n0,5,6\n1,7,8\n", "t").names == ("a", "b")


def test_awkward_names_are_kept_and_only_doubles_and_gaps_are_changed() -> None:
    table = read_table(DATA / "awkward_names.csv")
    assert table.names == (
        "a b", 'say "hi"', "x:y", "p|q", "u+v", "`tick`", "naïve", "x:y.1", "column 9",
    )  # fmt: skip
    assert table.notes == (
        "The name “x:y” occurs more than once; column 8 was renamed “x:y.1”.",
        "Column 9 has no name and was called “column 9”.",
    )


def test_a_new_name_never_meets_one_that_is_there() -> None:
    assert read_text("x,x,x.1\n1,2,3\n4,5,6\n", "t").names == ("x", "x.2", "x.1")


def test_names_are_stripped_and_composed() -> None:
    table = read_text(" re\u0301sume\u0301 ,b\n1,2\n", "t")
    assert table.names == ("r\u00e9sum\u00e9", "b")


def test_quoted_line_ends_commas_and_quotes_stay_in_the_entry() -> None:
    table = read_table(DATA / "quoted_newlines.csv")
    assert table.nrows == 3
    assert table["remark"].levels == (
        "first line\r\nsecond line",
        "plain, with comma",
        'said "no"',
    )


def test_every_missing_marker_is_missing_and_counted() -> None:
    table = read_table(DATA / "missing_markers.csv")
    assert table["y"].missing.tolist() == [False, True, True, True, False, False]
    assert table["x"].missing.tolist() == [True, False, False, True, True, False]
    assert table["g"].levels == ("a", "b")
    assert table["g"].codes.tolist() == [0, 1, -1, 1, -1, 0]
    assert table.notes[0].startswith("8 entries were read as missing: ")


def test_a_dash_is_a_label_beside_a_plus() -> None:
    table = read_text("culture,y\n+,1\n-,2\n+,3\n", "t")
    assert set(table["culture"].levels) == {"+", "-"}
    assert not table["culture"].missing.any()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(end: str) -> None:
    table = read_text(end.join(["a,b", "1,2", "3,4", "", "", ""]), "t")
    assert table.nrows == 2


@pytest.mark.parametrize(
    "text", ["a,b,\n1,2,\n3,4,\n", "a,b\n1,2,\n3,4,\n", "a,b,,\n1,2,,\n3,4,,\n,,,\n,,,\n"]
)
def test_trailing_delimiters_and_empty_rows_of_a_spreadsheet_make_nothing(text: str) -> None:
    table = read_text(text, "t")
    assert table.names == ("a", "b")
    assert table.nrows == 2


def test_comment_lines_are_left_out() -> None:
    table = read_text("# made by a logger\n# 2024\na,b\n1,2\n# pause\n3,4\n", "t")
    assert table.names == ("a", "b")
    assert table.nrows == 2


def test_a_header_marked_as_a_comment_is_still_the_header() -> None:
    assert read_text("#a,b\n1,2\n3,4\n", "t").names == ("a", "b")


def test_a_first_line_of_numbers_is_a_row() -> None:
    table = read_text("1,2\n3,4\n", "t")
    assert table.names == ("column 1", "column 2")
    assert table.nrows == 2


def test_the_separator_line_of_excel_is_obeyed() -> None:
    table = read_text("sep=;\na,b;c\n1,5;2\n", "t")
    assert table.names == ("a,b", "c")
    assert table["a,b"].values is not None
    assert table["a,b"].values.tolist() == [1.5]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b;c\n1,2\n", ("a", "b;c")),
        ("a|b\n1|2\n", ("a", "b")),
        ('a,b\n"1;2",x\n"3;4",y\n', ("a", "b")),
        ("date time,y\n2020-01-01 10:00,5\n2020-01-02 11:00,6\n", ("date time", "y")),
        ("a   b\n1   2\n3 4\n", ("a", "b")),
        ("a;b\n1;2,5\n2;3,5\n", ("a", "b")),
    ],
)
def test_the_delimiter_is_the_one_that_splits_evenly(text: str, names: tuple[str, ...]) -> None:
    assert read_text(text, "t").names == names


def test_numbers_with_thousands_separators_are_not_guessed() -> None:
    table = read_text('a,b\n"1,234",1\n"2,500",2\n', "t")
    assert table["a"].values is None
    assert "“a” kept as text" in table.notes[0]
    assert read_text("a;b\n1.234,5;1\n2,5;2\n", "t")["a"].values is None


@pytest.mark.parametrize("word", ["1_000", "0x1A", "1e", "١٢", "--1", "1 000"])
def test_what_only_looks_like_a_number_is_text(word: str) -> None:
    assert read_text(f"a\tb\n{word}\t1\n2\t2\n", "t")["a"].values is None


def test_infinite_values_are_kept_and_counted() -> None:
    table = read_text("a,b\ninf,1\n-Inf,2\n3,3\n", "t")
    assert table["a"].values is not None
    assert table["a"].values.tolist() == [-np.inf if i == 1 else np.inf if i == 0 else 3.0 for i in range(3)]
    assert table.notes == ("“a” holds 2 infinite values; a model cannot use such rows.",)


def test_numbers_written_differently_are_one_level() -> None:
    table = read_text("a,b\n1,x\n1.0,y\n1e0,z\n0.20,x\n.2,y\n-0,z\n0,z\n", "t")
    assert table["a"].levels == ("0", "0.2", "1")
    assert table["a"].codes.tolist() == [2, 2, 2, 1, 1, 0, 0]


def test_a_minus_sign_of_typography_is_a_minus() -> None:
    table = read_text("a,b\n\N{MINUS SIGN}5,x\n3,y\n", "t")
    assert table["a"].values is not None
    assert table["a"].values.tolist() == [-5.0, 3.0]


def test_an_inch_mark_in_an_entry_does_no_harm() -> None:
    table = read_text('pipe,y\n5" steel,1\n"6" lead,2\nplain,3\n', "t")
    assert table.nrows == 3


def test_gzip_is_transparent(tmp_path: Path) -> None:
    path = tmp_path / "small.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n3,4\n"))
    table = read_table(path)
    assert (table.name, table.names, table.nrows) == ("small", ("a", "b"), 2)


def test_the_fingerprint_follows_the_content_and_not_the_way_it_is_written() -> None:
    comma = read_text("a,b\n1,x\n2,y\n", "t")
    assert comma.fingerprint == read_text("a;b\r\n1.0;x\r\n2;y\r\n", "other").fingerprint
    assert comma.fingerprint != read_text("a,b\n1,x\n3,y\n", "t").fingerprint
    assert comma.fingerprint != read_text("a,c\n1,x\n2,y\n", "t").fingerprint


@pytest.mark.skipif(os.name != "posix", reason="only there a file's name is bytes")
def test_a_file_whose_name_is_no_utf_8_has_a_name_that_can_be_written(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    try:
        path.write_text("y,g\n1,a\n2,b\n")
    except OSError:
        pytest.skip("this file system has no such names")
    table = read_table(path)
    assert (table.name, table.file.name) == ("caf\ufffd", "caf\ufffd.csv")
    path.unlink()
    with pytest.raises(DataError) as caught:
        read_table(path)
    assert "caf\ufffd.csv" in caught.value.message
    caught.value.message.encode("utf-8")
