"""Which columns of a table can define groups."""

from __future__ import annotations

import numpy as np

from mmgui.data.table import Column, Table

# A design repeats the values of a number about equally often; measurements pile up in the middle.
_MOST_UNEVEN = 1.5
# Numbers that are no whole numbers and take more values than this are measured, not designed.
_FEW_VALUES = 12


def grouping_candidates(table: Table, besides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The columns that can define groups, in the order of the table.

    Parameters
    ----------
    table
        The table.
    besides
        Columns to leave out: the response, and what is taken already.

    Returns
    -------
    tuple of str
        Ids and categories of at least two levels, some with several rows; and of the numbers those that
        repeat by design: each value at least twice and about equally often (days, doses, runs), or whole
        numbers counted up from 0 or 1 with several rows each (units under a number). A measurement is none.
    """
    return tuple(c.name for c in table.columns if c.name not in besides and defines_groups(c))


def defines_groups(column: Column) -> bool:
    """Whether a column is a candidate by itself; see :func:`grouping_candidates`."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    counts = counts[counts > 0]
    if len(counts) < 2 or int(counts.max()) < 2:
        return False
    if not column.is_number:
        return True
    values = column.values
    if values is None or not bool(np.isfinite(values[~column.missing]).all()):
        return False
    present = np.unique(values[~column.missing])
    whole = bool(np.all(present == np.floor(present)))
    if int(counts.min()) > 1 and int(counts.max()) <= _MOST_UNEVEN * int(counts.min()):
        return whole or len(present) <= _FEW_VALUES
    counted_up = whole and present[0] in (0.0, 1.0) and present[-1] - present[0] == len(present) - 1
    return counted_up and len(present) > _FEW_VALUES and int(counts.sum()) >= 2 * len(present)
