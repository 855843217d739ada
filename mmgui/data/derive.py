"""Derived columns: made from other columns of the table, by row or by group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from mmgui.data.assemble import make_table, number_column
from mmgui.data.grouping import Groups, groups_of
from mmgui.data.settings import apply_settings
from mmgui.data.table import Column, FloatArray, Kind, Table, no_such_column
from mmgui.errors import DataError, Where
from mmgui.spec.derived import Derivation, DerivedColumn
from mmgui.spec.document import ColumnSetting


def prepared(
    table: Table, settings: tuple[ColumnSetting, ...], derived: tuple[DerivedColumn, ...] = ()
) -> Table:
    """The table as a model sees it: settings applied, then derived columns made.

    Raises
    ------
    DataError
        As ``apply_settings`` and ``with_derived`` do.
    """
    return with_derived(apply_settings(table, settings), derived)


def with_derived(table: Table, derived: Iterable[DerivedColumn]) -> Table:
    """The table with derived columns behind its own, each made from those before it.

    Parameters
    ----------
    table
        The table, its column settings applied.
    derived
        What to make. Means and standard deviations (divisor n - 1) are those of all rows in which the
        column and the groups have an entry, whichever rows a model uses; a row that misses one of them is
        missing in the new column.

    Returns
    -------
    Table
        With a fingerprint of its own; the table itself where nothing is derived.

    Raises
    ------
    DataError
        ``unknown_column``; ``name_taken``; ``not_numbers`` where labels are to be centred or the like;
        ``not_positive`` for the logarithm of zero or less; ``is_constant`` or ``is_infinite`` where such
        a column is to be scaled.
    """
    for one in derived:
        if one.name in table:
            raise DataError(
                "name_taken",
                f"There is a column “{one.name}” already; give the derived column another name.",
                Where("column", one.name),
            )
        for name in one.reads:
            if name not in table:
                raise DataError("unknown_column", no_such_column(table, name), Where("column", name))
        made = _combined(table, one) if one.derivation is Derivation.COMBINE else _computed(table, one)
        column = replace(made, derived=one)
        table = make_table(table.name, (*table.columns, column), table.notes, table.file)
    return table


def derivations(table: Table, names: Iterable[str]) -> tuple[DerivedColumn, ...]:
    """How those of the named columns are made that are derived, and what they are made from in turn.

    Returns
    -------
    tuple of DerivedColumn
        In an order in which they can be made from the columns of the file.
    """
    needed = set(names)
    found = []
    for column in reversed(table.columns):
        if column.derived is not None and column.name in needed:
            found.append(column.derived)
            needed.update(column.derived.reads)
    return tuple(reversed(found))


def _computed(table: Table, derived: DerivedColumn) -> Column:
    source = table[derived.column]
    if source.values is None or not source.is_number:
        raise DataError(
            "not_numbers",
            f"“{source.name}” holds labels, so there is no {derived.words}; choose a column of numbers.",
            Where("column", source.name),
        )
    values = _values(table, derived, source.values)
    # A quantity remains one, however few its values are.
    return replace(number_column(derived.name, values), kind=Kind.NUMBER)


def _values(table: Table, derived: DerivedColumn, x: FloatArray) -> FloatArray:
    match derived.derivation:
        case Derivation.CENTER:
            # Infinite less infinite is no number, and counts as missing.
            with np.errstate(invalid="ignore"):
                return x - _means(table, derived, x)
        case Derivation.MEAN:
            return np.where(np.isnan(x), np.nan, _means(table, derived, x))
        case Derivation.SCALE:
            if np.isinf(x).any():
                raise DataError(
                    "is_infinite",
                    f"“{derived.column}” is infinite in some row, so it cannot be scaled; correct the file.",
                    Where("column", derived.column),
                )
            spread = float(np.nanstd(x, ddof=1)) if np.count_nonzero(~np.isnan(x)) > 1 else 0.0
            if not spread > 0.0:
                raise DataError(
                    "is_constant",
                    f"“{derived.column}” has one value throughout, so it cannot be scaled; "
                    "choose another column.",
                    Where("column", derived.column),
                )
            return (x - float(np.nanmean(x))) / spread
        case Derivation.SHIFT:
            return x - derived.constant
        case Derivation.LOG:
            bad = int(np.count_nonzero(x <= 0.0))
            if bad:
                rows = "1 row" if bad == 1 else f"{bad:,} rows"
                raise DataError(
                    "not_positive",
                    f"“{derived.column}” is zero or less in {rows}, where it has no logarithm; "
                    "choose another column.",
                    Where("column", derived.column),
                )
            return np.log(x)
        case _:
            # What is too large becomes infinite, which a model that reads it says.
            with np.errstate(over="ignore"):
                return x**2


def _means(table: Table, derived: DerivedColumn, x: FloatArray) -> FloatArray:
    """(n,) the mean of each row's group, NaN where the row has none."""
    known = ~np.isnan(x)
    if not derived.by:
        return np.full(x.shape, float(x[known].mean()) if known.any() else np.nan)
    groups, means = group_means(table, derived.by, x)
    # The code -1 of a row without a group picks the last entry.
    return np.asarray(np.append(means, np.nan)[groups.codes])


def group_means(table: Table, by: tuple[str, ...], x: FloatArray) -> tuple[Groups, FloatArray]:
    """The groups that some columns make, and (count,) the mean of each; NaN where x has no entry in it."""
    groups = groups_of(table, by)
    used = ~np.isnan(x) & (groups.codes >= 0)
    counts = np.bincount(groups.codes[used], minlength=groups.count)
    sums = np.bincount(groups.codes[used], x[used], minlength=groups.count)
    return groups, np.divide(sums, counts, out=np.full(groups.count, np.nan), where=counts > 0)


def _combined(table: Table, derived: DerivedColumn) -> Column:
    groups = groups_of(table, derived.reads)
    first = np.full(groups.count, -1, dtype=np.int64)
    known = np.flatnonzero(groups.codes >= 0)
    first[groups.codes[known[::-1]]] = known[::-1]
    columns = [table[name] for name in derived.reads]
    labels = [[c.levels[k] for k in c.codes[first].tolist()] for c in columns]
    levels = _told_apart([":".join(parts) for parts in zip(*labels, strict=True)])
    return Column(derived.name, Kind.ID, None, groups.codes.astype(np.int32), levels)


def _told_apart(labels: list[str]) -> tuple[str, ...]:
    """Each label once: ``x:y`` with ``z`` and ``x`` with ``y:z`` are two groups."""
    known = set(labels)
    met: set[str] = set()
    out = []
    for label in labels:
        name, k = label, 1
        while name in met or (k > 1 and name in known):
            k += 1
            name = f"{label} ({k})"
        met.add(name)
        out.append(name)
    return tuple(out)
