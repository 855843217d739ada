"""The groups of a grouping factor in the rows used, and which of them other rows belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.combinations import combined
from mmgui.data.table import Table
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.variable import IntArray, Labels, drop_unused_levels
from mmgui.spec.terms import GroupingFactor


@dataclass(frozen=True, eq=False, slots=True)
class KnownGroups:
    """Which groups there are, in terms of the columns that make them.

    Attributes
    ----------
    columns
        For each column of the grouping factor, the levels used.
    present
        For each column after the first, the combinations with those before it that occur, ascending, as
        ``before * len(levels of the column) + level``.
    """

    columns: tuple[tuple[str, ...], ...]
    present: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """The groups of a grouping factor.

    Attributes
    ----------
    codes
        (n,) the group of each row used.
    levels
        Labels of the groups; every one occurs.
    known
        What other rows are matched with.
    """

    codes: IntArray
    levels: tuple[str, ...]
    known: KnownGroups


def groups_of(grouping: GroupingFactor, table: Table, rows: Rows) -> Groups:
    """The grouping factor as codes and levels; every level occurs.

    Of several columns the levels are the combinations that occur, sorted by the first column's order,
    then the second's; their labels are joined by ``:``.
    """
    factors = [_column_levels(table, name, rows) for name in grouping.columns]
    out = factors[0]
    occurring = []
    for factor in factors[1:]:
        width = len(factor.levels)
        present, codes = combined(out.codes, factor.codes, width)
        levels = tuple(f"{out.levels[i // width]}:{factor.levels[i % width]}" for i in present.tolist())
        out = Labels(codes, levels)
        occurring.append(present)
    known = KnownGroups(tuple(f.levels for f in factors), tuple(occurring))
    return Groups(out.codes, out.levels, known)


def _column_levels(table: Table, name: str, rows: Rows) -> Labels:
    column = table[name]
    return drop_unused_levels(Labels(rows.take(column.codes), column.levels))


def codes_in(known: KnownGroups, grouping: GroupingFactor, table: Table) -> tuple[IntArray, IntArray]:
    """Which group each row of another table belongs to.

    Returns
    -------
    codes
        (m,) the group, -1 where it is none of the known ones or an entry is missing.
    others
        (m,) 0, 1, … for groups that are none of the known ones, -1 elsewhere; rows of one new group
        have one number.
    """
    columns = [table[name] for name in grouping.columns]
    missing = np.zeros(table.nrows, dtype=np.bool_)
    codes = np.zeros(table.nrows, dtype=np.int64)
    named = np.zeros(table.nrows, dtype=np.int32)
    for k, (column, levels) in enumerate(zip(columns, known.columns, strict=True)):
        missing |= column.missing
        own = positions_of(column.levels, levels)[column.codes]
        named = combined(named, column.codes, len(column.levels))[1]
        if k == 0:
            codes = own
            continue
        present = known.present[k - 1]
        pair = np.where((codes < 0) | (own < 0), -1, codes * len(levels) + own)
        place = np.minimum(np.searchsorted(present, pair), len(present) - 1)
        codes = np.where(present[place] == pair, place, -1)
    codes = np.where(missing, -1, codes)
    new = np.where((codes < 0) & ~missing, named, -1)
    others = np.full(table.nrows, -1, dtype=np.int32)
    others[new >= 0] = np.unique(new[new >= 0], return_inverse=True)[1]
    return codes.astype(np.int32), others


def positions_of(labels: tuple[str, ...], levels: tuple[str, ...]) -> NDArray[np.int64]:
    """(len(labels) + 1,) where each label stands among the levels, -1 where it is none; -1 at the end.

    The last entry is what the code of a missing entry, -1, picks.
    """
    place = {level: i for i, level in enumerate(levels)}
    return np.array([*(place.get(label, -1) for label in labels), -1], dtype=np.int64)
