"""Tables of other programs: Excel, SPSS, Stata; and Parquet, Feather, whose reader is an optional package."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from mmgui.data.assemble import unique_names
from mmgui.data.delimited import Grid
from mmgui.data.frame import from_frame
from mmgui.data.levels import number_label
from mmgui.data.source import error, size_limit
from mmgui.data.table import Table


def _package(module: str, package: str, kind: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise error(
            "missing_package",
            f"“{name}” is {kind}; to read it install the package {package}, or save the table as CSV.",
            name,
        ) from None


def _not_this(kind: str, name: str) -> Exception:
    return error(
        "not_this_format",
        f"“{name}” is named like {kind} but is none, or is damaged; if it is text, rename it to end in .csv.",
        name,
    )


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_label(float(cell)) if abs(cell) < 2**53 else str(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.datetime, dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def _refuse_huge(workbook: bytes) -> None:
    """Raise MemoryError for a workbook that unpacks to more than can be read."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > size_limit():
        raise MemoryError


def _even(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The rows at one length, empty cells at the end of shorter ones."""
    found = [tuple(row) for row in rows]
    width = max(map(len, found), default=0)
    return [row + (None,) * (width - len(row)) for row in found]


def read_excel(content: bytes, name: str) -> Grid:
    """The first sheet with cells in it of an Excel workbook."""
    kind = "an Excel workbook"
    if not content.startswith(b"PK"):
        raise _not_this(kind, name)
    openpyxl = _package("openpyxl", "openpyxl", kind, name)
    try:
        _refuse_huge(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows: list[tuple[object, ...]] = []
        title, titles = "", [sheet.title for sheet in book.worksheets]
        for sheet in book.worksheets:
            # Some programs write that a sheet reaches from A1 to A1; what it holds is read instead.
            sheet.reset_dimensions()
            rows = _even(row for row in sheet.iter_rows(values_only=True) if any(c is not None for c in row))
            title = sheet.title
            if rows:
                break
    except MemoryError:
        raise
    except Exception as problem:  # openpyxl raises many kinds on a damaged workbook
        raise _not_this(kind, name) from problem
    if not rows:
        raise error("empty_file", f"“{name}” has no filled cells; choose a file with a table.", name)
    return _excel_grid(rows, name, title, titles)


def _excel_grid(rows: list[tuple[object, ...]], name: str, title: str, titles: list[str]) -> Grid:
    if len(rows) == 1:
        raise error("no_rows", f"“{name}” has column names but no rows; choose a file with data.", name)
    width = max(map(len, rows))
    padded = [(*row, *[None] * (width - len(row))) for row in rows]
    cells: list[tuple[object, ...]] = list(zip(*padded, strict=True))
    used = [column for column in cells if any(c is not None for c in column)]
    names, notes = unique_names([_cell_text(column[0]) for column in used])
    if len(titles) > 1:
        notes.insert(0, f"The sheet “{title}” was read; the workbook has {len(titles)} sheets.")
    columns = [[_cell_text(c) for c in column[1:]] for column in used]
    quoted = [all(isinstance(c, str) for c in column[1:] if c is not None) for column in used]
    return Grid(tuple(names), tuple(columns), tuple(quoted), tuple(notes))


def _labelled_table(frame: Any, meta: Any, name: str) -> Table:
    """SPSS and Stata: where every value of a column has a label, the labels in the order of their codes."""
    import pandas as pd

    for column, labels in meta.variable_value_labels.items():
        present = frame[column].dropna() if column in frame else pd.Series()
        if len(present) and present.isin(list(labels)).all():
            texts = [str(labels[code]) for code in sorted(labels)]
            if len(set(texts)) == len(texts):
                frame[column] = pd.Categorical(frame[column].map(labels), categories=texts)
    return from_frame(frame, Path(name).stem)


def _with_pyreadstat(content: bytes, name: str, kind: str, function: str) -> Table:
    pyreadstat = _package("pyreadstat", "pyreadstat", kind, name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / ("table" + Path(name).suffix.lower())
        copy.write_bytes(content)
        try:
            frame, meta = getattr(pyreadstat, function)(str(copy), apply_value_formats=False)
        except MemoryError:
            raise
        except Exception as problem:  # pyreadstat raises its own errors and plain ones
            raise _not_this(kind, name) from problem
    return _labelled_table(frame, meta, name)


def read_spss(content: bytes, name: str) -> Table:
    """An SPSS file."""
    return _with_pyreadstat(content, name, "an SPSS file", "read_sav")


def read_stata(content: bytes, name: str) -> Table:
    """A Stata file."""
    return _with_pyreadstat(content, name, "a Stata file", "read_dta")


def _from_arrow(content: bytes, name: str, kind: str, module: str, magic: Iterable[bytes]) -> Table:
    if not content.startswith(tuple(magic)):
        raise _not_this(kind, name)
    reader = _package(module, "pyarrow", kind, name)
    try:
        arrow = reader.read_table(io.BytesIO(content))
        # Without the metadata that pandas wrote, which could ask for arbitrary index types.
        frame = arrow.to_pandas(ignore_metadata=True)
    except MemoryError:
        raise
    except Exception as problem:  # pyarrow raises its own errors and plain ones
        raise _not_this(kind, name) from problem
    index = [c for c in frame.columns if str(c).startswith("__index_level_")]
    return from_frame(frame.drop(columns=index), Path(name).stem)


def read_parquet(content: bytes, name: str) -> Table:
    """A Parquet file."""
    return _from_arrow(content, name, "a Parquet file", "pyarrow.parquet", [b"PAR1"])


def read_feather(content: bytes, name: str) -> Table:
    """A Feather (Arrow) file."""
    return _from_arrow(content, name, "a Feather file", "pyarrow.feather", [b"ARROW1", b"FEA1"])


READERS: dict[str, Callable[[bytes, str], Grid | Table]] = {
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".sav": read_spss,
    ".zsav": read_spss,
    ".dta": read_stata,
    ".parquet": read_parquet,
    ".feather": read_feather,
    ".arrow": read_feather,
}
