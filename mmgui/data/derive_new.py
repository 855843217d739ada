"""Derived columns of rows that a model has not seen, by the means of the table it was fitted to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from mmgui.data.assemble import make_table, number_column
from mmgui.data.derive import group_means, with_derived
from mmgui.data.table import Column, FloatArray, Kind, Table
from mmgui.spec.derived import Derivation, DerivedColumn


def derived_like(rows: Table, fitted: Table, derived: Iterable[DerivedColumn]) -> Table:
    """New rows with the derived columns of a model, made as they were where it was fitted.

    Parameters
    ----------
    rows
        The new rows, with the columns that the derived ones are made from. A derived column that they have
        under its name already is taken as it is.
    fitted
        The table the model was fitted to, its derived columns in it.
    derived
        What the model reads that was derived, in an order that can be followed.

    Returns
    -------
    Table
        Means and standard deviations are those of the fitted table, of each group where the column was made
        by group; a group that is not in the fitted table has the mean of its new rows. Combined labels are
        those of the fitted table where it has the combination.

    Raises
    ------
    DataError
        As :func:`mmgui.data.derive.with_derived` does.
    """
    for one in derived:
        if one.name in rows:
            continue
        made = with_derived(rows, [one])
        column = made[one.name]
        if one.derivation in (Derivation.CENTER, Derivation.MEAN, Derivation.SCALE):
            values = _by_the_fitted(rows, fitted, one)
            column = replace(number_column(one.name, values), kind=Kind.NUMBER, derived=one)
        elif one.derivation is Derivation.COMBINE:
            column = _with_fitted_labels(rows, fitted, one, column)
        rows = make_table(rows.name, (*rows.columns, column), rows.notes)
    return rows


def _by_the_fitted(rows: Table, fitted: Table, derived: DerivedColumn) -> FloatArray:
    x, seen = rows[derived.column].values, fitted[derived.column].values
    assert x is not None
    assert seen is not None
    if derived.derivation is Derivation.SCALE:
        return np.asarray((x - np.nanmean(seen)) / np.nanstd(seen, ddof=1))
    means = _means(rows, fitted, derived, x, seen)
    if derived.derivation is Derivation.MEAN:
        return np.where(np.isnan(x), np.nan, means)
    return np.asarray(x - means)


def _means(rows: Table, fitted: Table, derived: DerivedColumn, x: FloatArray, seen: FloatArray) -> FloatArray:
    """(n,) the mean that each new row is held against, NaN where it has no group."""
    if not derived.by:
        return np.full(x.shape, float(np.nanmean(seen)))
    known = _means_of_groups(fitted, derived, seen)
    # Where a group was not seen, what its new rows say is all that is known of it.
    means = _means_of_groups(rows, derived, x) | known
    return np.array([means.get(label, np.nan) for label in _labels(rows, derived.by)])


def _means_of_groups(
    table: Table, derived: DerivedColumn, x: FloatArray
) -> dict[tuple[str, ...] | None, float]:
    groups, means = group_means(table, derived.by, x)
    codes = groups.codes.tolist()
    first = {code: label for code, label in zip(codes, _labels(table, derived.by), strict=True) if code >= 0}
    return {label: float(means[code]) for code, label in first.items() if not np.isnan(means[code])}


def _labels(table: Table, names: tuple[str, ...]) -> list[tuple[str, ...] | None]:
    """The labels that make each row's group, None where one is missing."""
    columns = [table[name] for name in names]
    entries = [[None if k < 0 else c.levels[k] for k in c.codes.tolist()] for c in columns]
    return [None if None in row else tuple(str(e) for e in row) for row in zip(*entries, strict=True)]


def _with_fitted_labels(rows: Table, fitted: Table, derived: DerivedColumn, made: Column) -> Column:
    """A combined column whose combinations are called as where the model was fitted."""
    called = fitted[derived.name]
    names = {
        label: called.levels[code]
        for label, code in zip(_labels(fitted, derived.reads), called.codes.tolist(), strict=True)
        if label is not None
    }
    own = {
        made.levels[code]: names.get(label, made.levels[code])
        for label, code in zip(_labels(rows, derived.reads), made.codes.tolist(), strict=True)
        if label is not None
    }
    return replace(made, levels=tuple(own[level] for level in made.levels), derived=derived)
