"""A table in memory: named columns of numbers or of labels, each with a kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.spec.derived import DerivedColumn

FloatArray = NDArray[np.float64]
CodeArray = NDArray[np.int32]


class Kind(StrEnum):
    """What a column is."""

    NUMBER = "number"
    CATEGORY = "category"
    ID = "id"


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes
    ----------
    name
        As in the file, unique in the table.
    kind
        Number, category, or id (labels that name units, also where they look like numbers).
    values
        (n,) float64, NaN where missing; for every column whose entries can be read as numbers,
        whatever its kind. None for text.
    codes, levels
        (n,) int32 positions in ``levels``, -1 where missing. Levels sort as numbers where all are
        numbers, else alphabetically; the first is the reference level.
    derived
        How the column was made from others of the table; None for one of the file.
    """

    name: str
    kind: Kind
    values: FloatArray | None
    codes: CodeArray
    levels: tuple[str, ...]
    derived: DerivedColumn | None = None

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """(n,) True where the entry is missing."""
        return self.codes < 0

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that a model sees of the column: name, kind, levels, entries."""
        digest = hashlib.sha256()
        for part in (self.name, self.kind.value, "\x00".join(self.levels)):
            text = part.encode("utf-8", "surrogatepass")
            # Length first, so that two different sequences of parts never run together.
            digest.update(len(text).to_bytes(8, "little"))
            digest.update(text)
        digest.update(np.ascontiguousarray(self.codes, dtype="<i4").tobytes())
        if self.values is not None:
            digest.update(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        return digest.hexdigest()

    @property
    def is_number(self) -> bool:
        """Whether the column enters a model as a quantity rather than as labels."""
        return self.kind is Kind.NUMBER


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text file that a table was read from, as another program has to be told of it.

    Attributes
    ----------
    name
        Without folders; empty where the table was not read from a text file.
    delimiter
        Between columns; a space stands for any white space.
    decimal
        The decimal sign.
    missing
        The entries that were read as missing, sorted; an empty text among them where some were empty.
    """

    name: str = ""
    delimiter: str = ","
    decimal: str = "."
    missing: tuple[str, ...] = ()


NO_FILE = TextFile()


@dataclass(frozen=True, eq=False)
class Table:
    """A table as a model sees it.

    Attributes
    ----------
    name
        Short name for people.
    columns
        In file order.
    nrows
        Number of rows, rows with missing entries included.
    fingerprint
        SHA-256 (hex) of names, kinds and content.
    notes
        Sentences about what the import found or changed (renamed columns, detected delimiter, …).
    file
        The text file it was read from.
    """

    name: str
    columns: tuple[Column, ...]
    nrows: int
    fingerprint: str
    notes: tuple[str, ...] = ()
    file: TextFile = NO_FILE

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in file order."""
        return tuple(c.name for c in self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]


def no_such_column(table: Table, name: str) -> str:
    """The sentence for a column that is not there: the names closest to it, or else the first few."""
    import difflib

    folded = {other.casefold(): other for other in table.names}
    close = [folded[name.casefold()]] if name.casefold() in folded else []
    close += [n for n in difflib.get_close_matches(name, table.names, n=3) if n not in close]
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        shown = ", ".join(table.names[:8])
        hint = f"its columns are {shown}{', …' if len(table.names) > 8 else ''}."
    return f"{table.name or 'The table'} has no column {name or '“”'}; {hint}"
