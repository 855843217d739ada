"""Excel, SPSS, Stata, Parquet and Feather, where the packages that know them are installed."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmgui.data.read import read_table
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind
from mmgui.errors import DataError

FRAME = pd.DataFrame({"y": [1.5, 2.5, None], "Subject": [308, 309, 310], "cond": ["b", "a", None]})


def test_an_excel_workbook_is_read_with_its_text_numbers_and_gaps(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "ratings"
    sheet.append(["Subject", "y", "when", "code", None])
    sheet.append(["308", 1.5, dt.datetime(2024, 1, 2), 7, None])  # noqa: DTZ001
    sheet.append([None, None, None, None, None])
    sheet.append(["309", None, dt.datetime(2024, 1, 3), 8.25, None])  # noqa: DTZ001
    sheet.append(["310", 4, None, True, None])
    book.create_sheet("empty")
    path = tmp_path / "t.xlsx"
    book.save(path)
    table = read_table(path)
    assert table.names == ("Subject", "y", "when", "code")
    assert table["Subject"].kind is Kind.ID
    np.testing.assert_array_equal(table["y"].values, [1.5, np.nan, 4.0])
    assert table["when"].levels == ("2024-01-02", "2024-01-03")
    assert table["code"].levels == ("7", "8.25", "TRUE")
    assert table.notes[0] == "The sheet “ratings” was read; the workbook has 2 sheets."


@pytest.mark.parametrize(
    ("cells", "code"), [([], "empty_file"), ([["a", "b"]], "no_rows"), ([["a"], [1]], "one_column")]
)
def test_a_workbook_without_a_table_is_refused(tmp_path: Path, cells: list[list[object]], code: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)
    with pytest.raises(DataError) as caught:
        read_table(path)
    assert caught.value.code == code


def test_the_same_numbers_come_from_excel_and_from_csv(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    csv = load_sample("sim_within_between")
    values = {c.name: [c.levels[i] for i in c.codes] if c.values is None else c.values for c in csv.columns}
    pd.DataFrame(values).to_excel(tmp_path / "t.xlsx", index=False)
    assert read_table(tmp_path / "t.xlsx").fingerprint == csv.fingerprint


def test_a_workbook_that_misstates_how_far_it_reaches_is_read_whole(tmp_path: Path) -> None:
    """As openxlsx for R writes it: the sheet is said to reach from A1 to A1."""
    pytest.importorskip("openpyxl")
    FRAME.to_excel(tmp_path / "told.xlsx", index=False)
    with zipfile.ZipFile(tmp_path / "told.xlsx") as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert b'<dimension ref="A1:C4"' in content
                content = content.replace(b'<dimension ref="A1:C4"', b'<dimension ref="A1"')
            new.writestr(entry, content)
    table = read_table(tmp_path / "t.xlsx")
    assert (table.nrows, table.names) == (3, ("y", "Subject", "cond"))
    assert table.fingerprint == read_table(tmp_path / "told.xlsx").fingerprint


def test_value_labels_of_spss_become_levels_in_the_order_of_their_codes(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"sex": [2.0, 1.0, 2.0], "likert": [1.0, 4.0, 5.0], "y": [1.5, np.nan, 3.0]})
    labels = {"sex": {1: "male", 2: "female"}, "likert": {1: "never", 5: "always"}}
    pyreadstat.write_sav(frame, str(tmp_path / "t.sav"), variable_value_labels=labels)
    table = read_table(tmp_path / "t.sav")
    assert table["sex"].levels == ("male", "female")
    assert table["sex"].codes.tolist() == [1, 0, 1]
    # A scale with only its ends labelled stays a number.
    assert table["likert"].is_number
    assert table["y"].missing.tolist() == [False, True, False]


def test_a_stata_file_is_read(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pyreadstat.write_dta(FRAME[["y", "Subject"]], str(tmp_path / "t.dta"))
    table = read_table(tmp_path / "t.dta")
    np.testing.assert_array_equal(table["y"].values, [1.5, 2.5, np.nan])
    assert table["Subject"].kind is Kind.ID


@pytest.mark.parametrize("suffix", ["parquet", "feather"])
def test_arrow_files_are_read_without_their_row_index(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / f"t.{suffix}"
    getattr(FRAME if suffix == "feather" else FRAME.set_index(pd.Index([5, 6, 7])), f"to_{suffix}")(path)
    table = read_table(path)
    assert table.names == ("y", "Subject", "cond")
    assert table["cond"].levels == ("a", "b")
    assert table["cond"].codes.tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("module", "package", "suffix", "magic"),
    [
        ("openpyxl", "openpyxl", ".xlsx", b"PK\x03\x04"),
        ("pyreadstat", "pyreadstat", ".sav", b"$FL2"),
        ("pyarrow.parquet", "pyarrow", ".parquet", b"PAR1"),
    ],
)
def test_a_package_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, package: str, suffix: str, magic: bytes
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # what Python itself does to block an import
    path = tmp_path / f"t{suffix}"
    path.write_bytes(magic)
    with pytest.raises(DataError) as caught:
        read_table(path)
    assert caught.value.code == "missing_package"
    assert f"install the package {package}" in caught.value.message
