"""What the columns of a table make of its rows: groups, and what varies within them; kept with the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mmgui.data.combinations import combined, compact
from mmgui.data.table import Column, Table

CodeArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """The groups of a grouping factor in the rows used.

    Attributes
    ----------
    codes
        (n,) int32, the group of each row, 0 … count - 1; every group occurs.
    sizes
        (count,) rows of each group.
    """

    codes: CodeArray
    sizes: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Varies:
    """In how many groups something takes more than one value."""

    within: int
    groups: int


class ColumnFacts:
    """Facts about the columns of one table, each worked out once.

    ``gaps`` are columns whose missing entries leave rows out. Nothing here holds the table itself, so that
    everything goes when the table goes.
    """

    def __init__(self) -> None:
        self.has_gaps = lru_cache(maxsize=4096)(_has_gaps)
        self.groups = lru_cache(maxsize=64)(self._groups)
        self.varies = lru_cache(maxsize=16384)(self._varies)
        self._mask = lru_cache(maxsize=256)(_mask)

    def _groups(self, columns: tuple[Column, ...], gaps: tuple[Column, ...]) -> Groups:
        """The groups that the combinations of the columns make."""
        codes = self._joint(columns, gaps)
        return Groups(codes, np.bincount(codes[codes >= 0]))

    def _varies(
        self, columns: tuple[Column, ...], within: tuple[Column, ...], gaps: tuple[Column, ...]
    ) -> Varies:
        """In how many groups of ``within`` the columns together take more than one value."""
        groups = self.groups(within, gaps)
        codes = self._joint(columns, gaps) if len(columns) > 1 else self._codes(columns[0], gaps)
        known = (codes >= 0) & (groups.codes >= 0)
        group, code = groups.codes[known], codes[known]
        first = np.full(groups.count, -1, dtype=np.int32)
        first[group[::-1]] = code[::-1]
        differs = np.bincount(group[code != first[group]], minlength=groups.count) > 0
        return Varies(int(differs.sum()), groups.count)

    def _joint(self, columns: tuple[Column, ...], gaps: tuple[Column, ...]) -> CodeArray:
        """Codes of the combinations that occur, -1 where one of the columns is missing."""
        first = columns[0]
        out = compact(self._codes(first, gaps).astype(np.int64), len(first.levels))[1]
        for column in columns[1:]:
            out = combined(out, self._codes(column, gaps), len(column.levels))[1]
        return out

    def _codes(self, column: Column, gaps: tuple[Column, ...]) -> CodeArray:
        return column.codes[self._mask(gaps)] if gaps else column.codes


_known: WeakKeyDictionary[Table, ColumnFacts] = WeakKeyDictionary()


def column_facts(table: Table) -> ColumnFacts:
    """What is known of a table's columns."""
    return _known.setdefault(table, ColumnFacts())


def _has_gaps(column: Column) -> bool:
    return bool(column.missing.any())


def _mask(gaps: tuple[Column, ...]) -> NDArray[np.bool_]:
    missing = gaps[0].missing
    for column in gaps[1:]:
        missing = missing | column.missing
    return ~missing
