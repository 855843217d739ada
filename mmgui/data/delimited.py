"""Delimited text as a grid of entries: header, rows of equal length, line numbers for what is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmgui.data.assemble import clean, parse_numbers, unique_names
from mmgui.data.delimiter import (
    CALLED,
    SPACE,
    find_delimiter,
    find_uneven_delimiter,
    quoted_fields,
    sample_of,
    split_on_space,
)
from mmgui.data.source import error

_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_COMMENT = "#"
_UNNAMED = re.compile(r"(?:unnamed(?:: \d+)?)?\Z", re.IGNORECASE)
# Longer than any entry of a table, so that a quote that is never closed is reported as that.
_LONGEST_FIELD = 1 << 30

Record = tuple[int, list[str]]  # the line a record begins on, and its fields


@dataclass(frozen=True, eq=False)
class Grid:
    """A table of text: a name, the entries and the quoting of each column, and what was found on the way."""

    header: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    quoted: tuple[bool, ...]
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False
    delimiter: str = ","


def read_grid(text: str, name: str) -> Grid:
    """Split delimited text into columns.

    Parameters
    ----------
    text
        The text of the file or of the clipboard.
    name
        What to call it in a message.

    Raises
    ------
    DataError
        ``empty_file``, ``no_rows``, ``one_column``, ``ragged``, ``unclosed_quote``.
    """
    text = text.removeprefix("\ufeff").replace("\x1a", "")
    if not text.strip():
        raise error("empty_file", f"“{name}” is empty; choose a file with a table.", name)
    told = _SEPARATOR_LINE.match(text)
    skipped, body = _leading_comments(text[told.end() :] if told else text)
    skipped += bool(told)
    if not body.strip():
        raise error("empty_file", f"“{name}” holds nothing but comments; choose a file with a table.", name)
    sample = sample_of(body)
    delimiter = told[1] if told and told[1] in CALLED else find_delimiter(sample)
    delimiter = delimiter or find_uneven_delimiter(sample)
    records = _records(body, delimiter or ",", name, skipped) if delimiter else _lines(body, skipped)
    header, rows, notes = _rectangle(records, name)
    if len(header) == 1:
        raise _one_column(header[0], delimiter, name)
    if delimiter not in (",", None):
        notes.insert(0, f"The columns are separated by {CALLED[delimiter]}.")
    quoted = quoted_fields(sample, delimiter or ",", len(header))
    columns: list[Sequence[str]] = list(zip(*rows, strict=True))
    return _named(
        Grid(tuple(header), tuple(columns), quoted, tuple(notes), delimiter != ",", delimiter or ","),
        name,
        delimiter,
    )


def _leading_comments(text: str) -> tuple[int, str]:
    """How many lines of comment and blank lines stand above the table, and the text below them."""
    end, count, comments = 0, 0, 0
    for line in io.StringIO(text, newline=""):
        if line.strip() and not line.lstrip().startswith(_COMMENT):
            break
        comments += bool(line.strip())
        end, count = end + len(line), count + 1
    if comments == 1 and _is_marked_header(text):
        start = text.index(_COMMENT) + 1
        return text[:start].count("\n"), text[start:]
    return count, text[end:]


def _is_marked_header(text: str) -> bool:
    """Whether a single line beginning with # names the columns of the numbers below it."""
    lines = [line for _, line in zip(range(50), io.StringIO(text, newline=""), strict=False) if line.strip()]
    sample = "".join([lines[0].lstrip()[1:], *lines[1:]])
    delimiter = find_delimiter(sample)
    if delimiter is None or len(lines) < 2:
        return False
    first, second = (_fields(line, delimiter) for line in sample.splitlines()[:2])
    numbers = parse_numbers([f for f in map(clean, second) if f])
    return len(first) == len(second) and numbers is not None and not any(parse_numbers([f]) for f in first)


def _lines(text: str, skipped: int) -> list[Record]:
    """A text of one column."""
    lines = io.StringIO(text, newline="")
    return [(i, [line.strip().strip('"')]) for i, line in enumerate(lines, skipped + 1) if line.strip()]


def _records(text: str, delimiter: str, name: str, skipped: int) -> list[Record]:
    """Each record with the line it begins on; blank lines left out."""
    if delimiter == SPACE:
        spaced = enumerate(io.StringIO(text, newline=""), skipped + 1)
        return [(i, split_on_space(line)) for i, line in spaced if line.strip()]
    lines = list(io.StringIO(text, newline=""))
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        try:
            return list(_numbered(lines, delimiter, skipped, strict=True))
        except csv.Error:
            # A quote inside a field ("5" long") is let pass as long as it stays within its line.
            records = list(_numbered(lines, delimiter, skipped, strict=False))
            _refuse_open_quotes(records, lines, delimiter, name, skipped)
            return records
    except csv.Error as problem:
        raise error(
            "unreadable", f"“{name}” cannot be split into columns ({problem}); save it as CSV.", name
        ) from None
    finally:
        csv.field_size_limit(limit)


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields of one line."""
    if delimiter == SPACE:
        return split_on_space(line)
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=delimiter != "\t"), [])


def _numbered(lines: Sequence[str], delimiter: str, skipped: int, *, strict: bool) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict)
    start = skipped + 1
    for fields in reader:
        if len(fields) > 1 or (fields and fields[0].strip()):
            yield start, fields
        start = skipped + 1 + reader.line_num


def _refuse_open_quotes(
    records: Sequence[Record], lines: Sequence[str], delimiter: str, name: str, skipped: int
) -> None:
    """Raise if a record swallowed the lines below it because a quote in it is never closed."""
    ends = [start for start, _ in records[1:]] + [skipped + 1 + len(lines)]
    for (start, fields), end in zip(records, ends, strict=True):
        if not any("\n" in f or "\r" in f for f in fields):
            continue
        own = lines[start - skipped - 1 : end - skipped - 1]
        try:
            list(_numbered(own, delimiter, 0, strict=True))
        except csv.Error:
            raise error(
                "unclosed_quote",
                f"“{name}” has a quote in line {start} that is never closed; close or remove it.",
                name,
            ) from None


def _rectangle(records: list[Record], name: str) -> tuple[list[str], list[list[str]], list[str]]:
    """Header and rows of equal length, with row names and trailing delimiters settled, and notes."""
    notes: list[str] = []
    header = records[0][1]
    body = records[1:]
    while body and not any(f.strip() for f in body[-1][1]):
        body.pop()
    widths = Counter(len(fields) for _, fields in body)
    width = len(header)
    numbers = parse_numbers([clean(f) for f in header]) if len(header) > 1 else None
    if numbers is not None and widths[width] == len(body):
        body = records[: len(body) + 1]
        header = [f"column {i}" for i in range(1, width + 1)]
        notes.append(
            "The first line holds numbers, not names; the columns were called column 1, column 2, …."
        )
    if not body:
        raise error("no_rows", f"“{name}” has column names but no rows; choose a file with data.", name)
    if width > 1 and widths[width + 1] > widths[width]:
        width += 1
        trailing = all(len(fields) < width or not fields[-1].strip() for _, fields in body)
        header = [*header, ""] if trailing else ["", *header]
    if set(widths) != {width}:
        body, comments = _evened(body, width, name)
        if comments:
            notes.append(f"{_count(comments, 'comment line')} beginning with # left out.")
        if not body:
            raise error("no_rows", f"“{name}” has column names but no rows; choose a file with data.", name)
    return header, [fields for _, fields in body], notes


def _evened(body: list[Record], width: int, name: str) -> tuple[list[Record], int]:
    """The rows at equal length: comments left out, empty fields beyond the last column cut."""
    kept: list[Record] = []
    for line, fields in body:
        if len(fields) == width:
            kept.append((line, fields))
        elif fields[0].lstrip().startswith(_COMMENT):
            continue
        elif len(fields) > width and not any(f.strip() for f in fields[width:]):
            kept.append((line, fields[:width]))
        else:
            raise _ragged(line, len(fields), width, name)
    return kept, len(body) - len(kept)


def _ragged(line: int, fields: int, width: int, name: str) -> Exception:
    if width == 1:
        return error(
            "ragged",
            f"“{name}”: line {line} has {_count(fields, 'field')}, but the line above it names one column; "
            "let the file begin with a line of column names, one for each column.",
            name,
        )
    return error(
        "ragged",
        f"“{name}”: line {line} has {_count(fields, 'field')} where {width} are expected; correct that line, "
        "or quote entries that contain the separator.",
        name,
    )


def _named(grid: Grid, name: str, delimiter: str | None) -> Grid:
    """The grid with unnamed columns settled: row numbers and empty columns dropped, others named."""
    keep: list[int] = []
    notes = list(grid.notes)
    header = list(grid.header)
    for i, title in enumerate(header):
        if not _UNNAMED.match(clean(title)):
            keep.append(i)
        elif not any(f.strip() for f in grid.columns[i]):
            continue
        elif i == 0 and _counts_rows(grid.columns[i]):
            notes.append("The first column only numbers the rows and was left out.")
        else:
            header[i] = "row name" if i == 0 else ""
            if i == 0:
                notes.append("The first column has no name and was called “row name”.")
            keep.append(i)
    if len(keep) < 2:
        raise _one_column(header[keep[0]] if keep else header[0], delimiter, name)
    names, renamed = unique_names([header[i] for i in keep])
    return Grid(
        tuple(names),
        tuple(grid.columns[i] for i in keep),
        tuple(grid.quoted[i] for i in keep),
        (*notes, *renamed),
        grid.decimal_comma,
        grid.delimiter,
    )


def _counts_rows(entries: Sequence[str]) -> bool:
    """Whether the entries are 1, 2, 3, … or 0, 1, 2, …."""
    first = entries[0].strip()
    if first not in ("0", "1"):
        return False
    return all(entry.strip() == str(i) for i, entry in enumerate(entries, int(first)))


def _one_column(title: str, delimiter: str | None, name: str) -> Exception:
    title = clean(title)
    shown = title if len(title) <= 40 else title[:40] + "…"
    tried = CALLED[delimiter] if delimiter else "commas, semicolons, tabs, bars or spaces"
    return error(
        "one_column",
        f"“{name}” has only one column (“{shown}”); a model needs a response and a grouping column. "
        f"If the columns are separated by something other than {tried}, save it as CSV.",
        name,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
