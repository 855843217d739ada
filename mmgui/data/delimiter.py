"""Which character separates the columns of a text, and which columns are written in quotes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

SPACE = " "
_CANDIDATES = "\t;,|"  # in order of trust where several fit equally well
CALLED = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "vertical bars", SPACE: "spaces"}
_SAMPLE_LINES = 300
_LEAST_SHARE = 0.5
_LEAST_SHARE_SURE = 0.8  # where words, too, could explain it
_SPACED = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def split_on_space(line: str) -> list[str]:
    """The fields of a line whose columns are separated by white space, quotes honoured."""
    return [m[1].replace('""', '"') if m[1] is not None else m[2] for m in _SPACED.finditer(line)]


def sample_of(text: str) -> str:
    """The first lines of the text."""
    lines = io.StringIO(text, newline="")
    return "".join(line for _, line in zip(range(_SAMPLE_LINES), lines, strict=False))


def find_delimiter(sample: str) -> str | None:
    """The delimiter of a text, from the field counts of its first lines; None where there is one column.

    A delimiter fits where it splits the header into two fields or more and the rows into as many, or
    into one more (row names without a heading). The one that fits most rows is taken; white space only
    where no other fits.
    """
    best: tuple[float, str] | None = None
    for delimiter in _CANDIDATES:
        share = _share_fitting(_field_counts(sample, delimiter))
        if share >= _LEAST_SHARE and (best is None or share > best[0]):
            best = share, delimiter
    if best is not None:
        return best[1]
    return SPACE if _share_fitting(_field_counts(sample, SPACE)) >= _LEAST_SHARE_SURE else None


def find_uneven_delimiter(sample: str) -> str | None:
    """The delimiter of a text whose rows it splits unevenly; None where there is one column.

    For a text in which :func:`find_delimiter` finds none, so that its rows can be told to be uneven: the
    delimiter that splits the header and most rows, or that splits most rows alike below a line without any.
    """
    best: tuple[float, str] | None = None
    for delimiter in _CANDIDATES:
        counts = _field_counts(sample, delimiter)
        # Three fields or more: two may be the halves of a number with a decimal comma.
        titled = len(counts) > 2 and counts[1] > 2 and _share_fitting(counts[1:]) >= _LEAST_SHARE_SURE
        share = 1.0 if titled else _share_split(counts)
        if share >= _LEAST_SHARE and (best is None or share > best[0]):
            best = share, delimiter
    if best is not None:
        return best[1]
    return SPACE if _share_fitting(_field_counts(sample, SPACE)) >= _LEAST_SHARE else None


def _field_counts(sample: str, delimiter: str) -> list[int]:
    if delimiter == SPACE:
        return [len(split_on_space(line)) for line in io.StringIO(sample, newline="") if line.strip()]
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return [len(row) for row in reader if row and (len(row) > 1 or row[0].strip())]
    except csv.Error:
        return []


def _share_fitting(counts: list[int]) -> float:
    """Share of rows that have the header's number of fields, or all one more; 0 for fewer than two fields."""
    if not counts or counts[0] < 2:
        return 0.0
    header, rows = counts[0], counts[1:]
    if not rows:
        return 1.0
    tally = Counter(rows)
    return max(tally[header], tally[header + 1]) / len(rows)


def _share_split(counts: list[int]) -> float:
    """Share of rows of two fields or more, 0 where the header has fewer."""
    if len(counts) < 2 or counts[0] < 2:
        return 0.0
    return sum(count > 1 for count in counts[1:]) / (len(counts) - 1)


def quoted_fields(sample: str, delimiter: str, width: int) -> tuple[bool, ...]:
    """Which columns have every non-empty entry in quotes, from the first rows below the header."""
    quoted, bare = [0] * width, [0] * width
    for record in _marked_records(sample, delimiter):
        if len(record) != width:
            continue
        for column, mark in enumerate(record):
            quoted[column] += mark == '"'
            bare[column] += mark == "x"
    return tuple(q > 0 and b == 0 for q, b in zip(quoted, bare, strict=True))


def _marked_records(sample: str, delimiter: str) -> Iterator[list[str]]:
    """For each record below the header: ``"`` for a field in quotes, ``x`` for a bare one, empty for none."""
    space = delimiter == SPACE
    stop = r"\s" if space else re.escape(delimiter) + r"\r\n"
    field = re.compile(rf'[ ]*"(?:[^"]|"")*"[^{stop}]*|[^{stop}]*')
    position, record, header = 0, list[str](), True
    while position < len(sample):
        match = field.match(sample, position)
        text = match[0].strip() if match else ""
        position = match.end() if match else position + 1
        mark = (
            '"' if text.startswith('"') else "x" if text and text.upper() not in ("NA", "NULL", "NAN") else ""
        )
        if not space or text:
            record.append(mark)
        if position >= len(sample) or sample[position] in "\r\n":
            if not header and len(record) > 1:
                yield record
            header = header and len(record) <= 1
            record = []
        position += 1
