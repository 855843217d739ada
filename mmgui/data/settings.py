"""What a person decided about columns, applied to the table: kinds, reference level, order of levels."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable

import numpy as np

from mmgui.data.assemble import make_table, parse_numbers
from mmgui.data.table import Column, Kind, Table
from mmgui.errors import DataError, Where
from mmgui.spec.document import ColumnSetting


def apply_settings(table: Table, settings: tuple[ColumnSetting, ...]) -> Table:
    """The table with the settings applied.

    Parameters
    ----------
    table
        As imported.
    settings
        For each column concerned its kind, and its levels in the order wanted, the reference level first.
        Levels that the setting does not name follow in the order they had.

    Returns
    -------
    Table
        With a fingerprint of its own; the table itself where there are no settings.

    Raises
    ------
    DataError
        ``unknown_column``, ``unknown_kind``, ``not_numbers`` for text that is to be a number,
        ``unknown_level``, ``repeated_level``.
    """
    if not settings:
        return table
    columns = {c.name: c for c in table.columns}
    for setting in settings:
        if setting.name not in columns:
            raise _error(
                "unknown_column",
                f"The table has no column “{setting.name}”; remove its setting.",
                setting.name,
            )
        columns[setting.name] = _applied(columns[setting.name], setting)
    return make_table(table.name, tuple(columns.values()), table.notes, table.file)


def data_key(table: Table, names: Iterable[str]) -> str:
    """What identifies the data of a fit that reads these columns: equal keys give equal fits.

    Columns that the fit does not read may change or be added without a change of the key. A name that the
    table does not have counts as absent.
    """
    digest = hashlib.sha256(str(table.nrows).encode())
    for name in sorted(set(names)):
        digest.update((table[name].digest if name in table else "absent").encode())
    return digest.hexdigest()


def _applied(column: Column, setting: ColumnSetting) -> Column:
    if setting.levels:
        column = _reordered(column, setting.levels)
    if setting.kind is None:
        return column
    try:
        kind = Kind(setting.kind)
    except ValueError:
        raise _error(
            "unknown_kind",
            f"“{column.name}” cannot be a “{setting.kind}”; choose number, category or id.",
            column.name,
        ) from None
    if kind is Kind.NUMBER and column.values is None:
        raise _not_numbers(column)
    return dataclasses.replace(column, kind=kind)


def _not_numbers(column: Column) -> DataError:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    wrong = [i for i, level in enumerate(column.levels) if parse_numbers([level]) is None]
    entries = int(counts[wrong].sum())
    total = int(counts.sum())
    example = column.levels[wrong[0]] if wrong else column.levels[0]
    are = "is no number" if entries == 1 else "are not numbers"
    return _error(
        "not_numbers",
        f"“{column.name}” cannot be a number: {entries} of {total} entries {are} (for example “{example}”); "
        "correct them in the file or keep the column as a category.",
        column.name,
    )


def _reordered(column: Column, wanted: tuple[str, ...]) -> Column:
    unknown = [level for level in wanted if level not in set(column.levels)]
    if unknown:
        raise _error(
            "unknown_level",
            f"“{column.name}” has no level “{unknown[0]}”; choose among its levels.",
            column.name,
        )
    twice = [level for level, count in Counter(wanted).items() if count > 1]
    if twice:
        raise _error(
            "repeated_level",
            f"The level “{twice[0]}” of “{column.name}” is named twice; name it once.",
            column.name,
        )
    named = set(wanted)
    levels = (*wanted, *(level for level in column.levels if level not in named))
    place = {level: i for i, level in enumerate(levels)}
    moved = np.array([*(place[level] for level in column.levels), -1], dtype=np.int32)
    # The code -1 of a missing entry picks the last element, -1 again.
    return dataclasses.replace(column, codes=moved[column.codes], levels=levels)


def _error(code: str, message: str, name: str) -> DataError:
    return DataError(code, message, Where("column", name))
