"""Open a table: text with any usual delimiter and encoding, and the formats of other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mmgui.data.assemble import make_table, text_column
from mmgui.data.delimited import Grid, read_grid
from mmgui.data.formats import READERS
from mmgui.data.source import decode, error, printable, read_bytes, too_large
from mmgui.data.table import Column, Table, TextFile


def read_table(path: Path | str) -> Table:
    """Read a table from a file.

    Text files (CSV, TSV and others, also gzip-compressed) have their encoding, delimiter, decimal sign,
    quoting, row names and missing-value markers detected. Excel (.xlsx), SPSS (.sav), Stata (.dta),
    Parquet and Feather files are read where the package that knows them is installed.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        With a kind detected for each column and notes about what was found or changed.

    Raises
    ------
    DataError
        One sentence with a code: ``missing_file``, ``folder``, ``no_permission``, ``unreadable``,
        ``too_large``, ``binary``, ``empty_file``, ``no_rows``, ``one_column``, ``ragged``,
        ``unclosed_quote``, ``not_this_format``, ``missing_package``.
    """
    path = Path(path)
    content = read_bytes(path)
    name = printable(path.name)
    if not content:
        raise error("empty_file", f"“{name}” is empty; choose a file with a table.", name)
    reader = READERS.get(path.suffix.lower())
    try:
        if reader is not None:
            read = reader(content, name)
            return from_grid(read, _stem(name), name) if isinstance(read, Grid) else read
        text, notes = decode(content, name)
        table = _from_text(text, _stem(name), name, notes)
        return replace(table, file=replace(table.file, name=name))
    except MemoryError:
        raise too_large(name) from None


def read_text(text: str, name: str) -> Table:
    """Read a table from text, as pasted from a spreadsheet.

    Parameters
    ----------
    text
        Delimited text, usually separated by tabs, with a line of column names.
    name
        What to call the table.

    Returns
    -------
    Table
        As :func:`read_table` gives it.

    Raises
    ------
    DataError
        As :func:`read_table`.
    """
    if "\0" in text:
        raise error("binary", "The pasted content is not text; copy the cells of a table.", name)
    return _from_text(text, name, name, [])


def _stem(name: str) -> str:
    """The file's name without its endings: ``ratings`` of ``ratings.csv.gz``."""
    path = Path(name)
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def _from_text(text: str, table_name: str, name: str, notes: list[str]) -> Table:
    grid = read_grid(text, name)
    table = from_grid(grid, table_name, name)
    return replace(table, notes=(*notes, *table.notes)) if notes else table


def from_grid(grid: Grid, table_name: str, name: str) -> Table:
    """A table from a grid of text, with notes on missing markers, decimal commas and infinite values."""
    if len(grid.header) < 2:
        raise error(
            "one_column",
            f"“{name}” has only one column; a model needs a response and a grouping column.",
            name,
        )
    columns: list[Column] = []
    missing: Counter[str] = Counter()
    commas: list[str] = []
    comma_text: list[str] = []
    for title, entries, quoted in zip(grid.header, grid.columns, grid.quoted, strict=True):
        made = text_column(title, entries, quoted=quoted, decimal_comma=grid.decimal_comma)
        columns.append(made.column)
        missing += made.missing
        if made.decimal_comma:
            commas.append(title)
        if made.comma_numbers:
            comma_text.append(title)
    notes = [*grid.notes, *_notes(missing, commas, comma_text), *infinite_notes(columns)]
    file = TextFile("", grid.delimiter, "," if commas else ".", tuple(sorted(missing)))
    return make_table(table_name, columns, notes, file)


def _notes(missing: Counter[str], commas: Sequence[str], comma_text: Sequence[str]) -> list[str]:
    notes: list[str] = []
    if missing:
        total = missing.total()
        marks = ", ".join(f"{mark or 'empty'} ({count})" for mark, count in missing.most_common())
        notes.append(f"{total} {'entry was' if total == 1 else 'entries were'} read as missing: {marks}.")
    if commas:
        notes.append(f"Commas were read as decimal points in {_listed(commas)}.")
    if comma_text:
        notes.append(
            f"{_listed(comma_text)} kept as text: the numbers contain commas, which may be decimal or "
            "thousands separators."
        )
    return notes


def infinite_notes(columns: Sequence[Column]) -> list[str]:
    """A sentence for each column with infinite values."""
    notes: list[str] = []
    for column in columns:
        if column.values is None:
            continue
        count = int(np.count_nonzero(np.isinf(column.values)))
        if count:
            values = "infinite value" if count == 1 else "infinite values"
            notes.append(f"“{column.name}” holds {count} {values}; a model cannot use such rows.")
    return notes


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{n}”" for n in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
