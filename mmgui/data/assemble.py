"""From entries to columns, and from columns to a table with its fingerprint."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mmgui.data.kinds import Evidence, detect_kind
from mmgui.data.levels import number_label, sorted_labels
from mmgui.data.table import NO_FILE, CodeArray, Column, FloatArray, Table, TextFile

MISSING_WORDS = frozenset({"", "na", "n/a", "#n/a", "nan", "-nan", "<na>", "null", ".", "-"})

# A leading zero before another digit, or more digits than a double holds exactly.
_CODED = re.compile(r"[+-]?(?:0\d+|[1-9]\d{15,})\Z")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)


@dataclass(frozen=True, eq=False)
class TextColumn:
    """A column made from text, and what was found on the way.

    ``missing`` counts the missing markers as written; ``decimal_comma`` tells that commas were read as
    decimal points; ``comma_numbers`` that the entries would be numbers if their commas were read so.
    """

    column: Column
    missing: Counter[str]
    decimal_comma: bool = False
    comma_numbers: bool = False


def clean(text: str) -> str:
    """A name or label without surrounding space, in Unicode's composed form."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text).strip()


def parse_numbers(labels: Sequence[str]) -> list[float] | None:
    """The labels as numbers, or None where one of them is no number; ``inf`` counts as a number."""
    joined = "".join(labels)
    if not joined.isascii():
        labels = [label.replace("\N{MINUS SIGN}", "-") for label in labels]
        joined = "".join(labels)
    if not joined.isascii() or "_" in joined:
        return None
    try:
        numbers = [float(label) for label in labels]
    except ValueError:
        return None
    return None if any(map(math.isnan, numbers)) else numbers


def _parse_decimal_commas(labels: Sequence[str]) -> list[float] | None:
    plain = [label.replace("\N{MINUS SIGN}", "-") for label in labels]
    if not any("," in label for label in plain) or not all(map(_DECIMAL_COMMA.match, plain)):
        return None
    return [float(label.replace(",", ".")) for label in plain]


def text_column(
    name: str,
    entries: Iterable[str],
    *,
    quoted: bool = False,
    decimal_comma: bool = False,
    missing_words: frozenset[str] = MISSING_WORDS,
) -> TextColumn:
    """A column, its kind detected, from its entries as text.

    Parameters
    ----------
    name, entries
        The column's name, and one text per row.
    quoted
        Whether the file writes the entries in quotes.
    decimal_comma
        Whether ``1,5`` may be the number 1.5.
    missing_words
        What counts as missing, in lower case: NA, N/A, NaN, NULL, ``.``, ``-`` and no text at all.
        A dash is a label where the column also holds ``+``.
    """
    index: dict[str, int] = {}
    raw = np.array([index.setdefault(entry, len(index)) for entry in entries], dtype=np.int32)
    labels = [clean(text) for text in index]
    if "+" in labels:
        missing_words -= {"-"}
    absent = np.array([label.casefold() in missing_words for label in labels], dtype=bool)
    counts = np.bincount(raw, minlength=len(labels)).tolist()
    missing: Counter[str] = Counter()
    for i in np.flatnonzero(absent).tolist():
        missing[labels[i]] += counts[i]
    present = [label for label, gone in zip(labels, absent.tolist(), strict=True) if not gone]
    numbers = parse_numbers(present)
    commas = _parse_decimal_commas(present) if numbers is None else None
    if numbers is None and decimal_comma:
        numbers = commas
    coded = numbers is not None and any(map(_CODED.match, present))
    positions, levels, found = _positions(present, numbers, coded)
    # From each distinct text of the file to its place among the levels and its number.
    place = np.full(len(labels), -1, dtype=np.int32)
    place[~absent] = positions
    values = None
    if found is not None:
        value = np.full(len(labels), np.nan)
        value[~absent] = found
        values = value[raw]
    column = labelled_column(name, place[raw], levels, values, quoted=quoted, coded=coded)
    with_commas = commas is not None
    return TextColumn(column, missing, decimal_comma and with_commas, not decimal_comma and with_commas)


def _positions(
    labels: list[str], numbers: list[float] | None, coded: bool
) -> tuple[CodeArray, tuple[str, ...], FloatArray | None]:
    """Where each label stands among the levels, the levels, and the labels' numbers."""
    if numbers is None or coded:
        if numbers is None:
            order = sorted_labels(set(labels))
        else:
            number = dict(zip(labels, numbers, strict=True))
            order = sorted(number, key=lambda label: (number[label], label))
        place = {label: i for i, label in enumerate(order)}
        positions = np.array([place[label] for label in labels], dtype=np.int32)
        return positions, tuple(order), None if numbers is None else np.array(numbers, dtype=np.float64)
    values = np.array(numbers, dtype=np.float64) + 0.0
    distinct, inverse = np.unique(values, return_inverse=True)
    return inverse.astype(np.int32), tuple(map(number_label, distinct.tolist())), values


def number_column(name: str, values: FloatArray) -> Column:
    """A column from numbers; NaN is missing. The kind is detected."""
    values = np.asarray(values, dtype=np.float64) + 0.0
    present = ~np.isnan(values)
    distinct, inverse = np.unique(values[present], return_inverse=True)
    codes = np.full(values.shape[0], -1, dtype=np.int32)
    codes[present] = inverse
    return labelled_column(name, codes, tuple(map(number_label, distinct.tolist())), values)


def labelled_column(
    name: str,
    codes: CodeArray,
    levels: tuple[str, ...],
    values: FloatArray | None,
    *,
    quoted: bool = False,
    coded: bool = False,
) -> Column:
    """A column from codes and levels, its kind detected.

    Parameters
    ----------
    name
        The column's name.
    codes, levels
        (n,) positions in ``levels``, -1 where missing; the order of the levels is kept.
    values
        (n,) the entries as numbers, None for text.
    quoted, coded
        As in :class:`mmgui.data.kinds.Evidence`.
    """
    present = codes >= 0
    counts = np.bincount(codes[present], minlength=len(levels))
    numbers = None
    if values is not None:
        numbers = np.full(len(levels), np.nan)
        numbers[codes[present]] = values[present]
        order = np.argsort(numbers, kind="stable")
        numbers, counts = numbers[order], counts[order]
    rows = int(np.count_nonzero(present))
    evidence = Evidence(name, rows, counts[counts > 0], None if numbers is None else numbers[counts > 0],
                        quoted, coded)  # fmt: skip
    return Column(name, detect_kind(evidence), values, codes.astype(np.int32, copy=False), levels)


def make_table(
    name: str, columns: Sequence[Column], notes: Iterable[str] = (), file: TextFile = NO_FILE
) -> Table:
    """A table from columns of equal length, with its fingerprint."""
    nrows = int(columns[0].codes.shape[0]) if columns else 0
    return Table(name, tuple(columns), nrows, fingerprint(columns), tuple(notes), file)


def fingerprint(columns: Sequence[Column]) -> str:
    """SHA-256 (hex) of the columns' names, kinds, levels in their order, and entries."""
    digest = hashlib.sha256()

    def add(part: bytes) -> None:
        # Length first, so that two different sequences of parts never run together into the same bytes.
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)

    for column in columns:
        add(column.name.encode("utf-8", "surrogatepass"))
        add(column.kind.value.encode())
        add(len(column.levels).to_bytes(8, "little"))
        add("\x00".join(column.levels).encode("utf-8", "surrogatepass"))
        add(np.ascontiguousarray(column.codes, dtype="<i4").tobytes())
        if column.values is not None:
            add(np.ascontiguousarray(column.values, dtype="<f8").tobytes())
    return digest.hexdigest()


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names made usable, and sentences about what was changed.

    Empty names become ``column 3``; a name that occurs again becomes ``x.1``, ``x.2``, as in R.
    """
    cleaned = [" ".join(clean(n).splitlines()) if "\n" in n or "\r" in n else clean(n) for n in names]
    taken = {n for n in cleaned if n}
    seen: set[str] = set()
    result: list[str] = []
    notes: list[str] = []
    for position, name in enumerate(cleaned, start=1):
        stem = name or f"column {position}"
        new = stem
        suffix = 0
        while new in seen or (suffix and new in taken) or (not name and new in taken):
            suffix += 1
            new = f"{stem}.{suffix}"
        if not name:
            notes.append(f"Column {position} has no name and was called “{new}”.")
        elif new != name:
            notes.append(f"The name “{name}” occurs more than once; column {position} was renamed “{new}”.")
        seen.add(new)
        result.append(new)
    return result, notes
