"""A table from a pandas DataFrame or from a dict of arrays, for the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mmgui.data.assemble import (
    clean,
    labelled_column,
    make_table,
    number_column,
    parse_numbers,
    text_column,
    unique_names,
)
from mmgui.data.table import Column, Kind, Table
from mmgui.errors import DataError, Where


def from_frame(frame: Any, name: str) -> Table:
    """A table from data in memory.

    Parameters
    ----------
    frame
        A pandas DataFrame, a numpy structured array, or a mapping from column names to one-dimensional
        arrays or lists of equal length. The order of a categorical's categories gives the levels (unused
        ones are left out). Booleans become the labels False and True; durations become numbers, in
        seconds; dates, times, complex numbers and other objects become labels. None, NaN, NaT, masked
        entries and empty text are missing; other text, also "NA", is a label. The index is not read.
    name
        What to call the table.

    Returns
    -------
    Table
        With a kind detected for each column.

    Raises
    ------
    DataError
        ``no_rows``, ``no_columns``, ``unequal_lengths``, ``not_a_table``.
    """
    import pandas as pd

    from mmgui.data.read import infinite_notes

    if isinstance(frame, np.ndarray) and frame.dtype.names is not None and frame.ndim == 1:
        frame = {field: frame[field] for field in frame.dtype.names}
    if isinstance(frame, Mapping):
        frame = _frame_of(frame, name)
    if not isinstance(frame, pd.DataFrame):
        raise _error(
            "not_a_table",
            f"The data are a {type(frame).__name__}; give a pandas DataFrame or a dict of columns.",
            name,
        )
    if frame.shape[1] == 0:
        raise _error("no_columns", "The table has no columns; give at least a response and a group.", name)
    if frame.shape[0] == 0:
        raise _error("no_rows", "The table has column names but no rows; give data.", name)
    names, notes = unique_names([_title(c) for c in frame.columns])
    columns = [_column(n, frame.iloc[:, i]) for i, n in enumerate(names)]
    notes += [note for i, n in enumerate(names) if (note := _note(n, frame.dtypes.iloc[i]))]
    notes += _index_notes(frame)
    return make_table(name, columns, (*notes, *infinite_notes(columns)))


def _note(name: str, dtype: Any) -> str:
    """What is to be known about how a column of this type was read; empty for most."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(dtype):
        return f"The dates in “{name}” are read as labels; give elapsed time as a number to use it as one."
    if pd.api.types.is_timedelta64_dtype(dtype):
        return f"The durations in “{name}” are read as numbers of seconds."
    if pd.api.types.is_complex_dtype(dtype):
        return f"The complex numbers in “{name}” are read as labels; give their real parts to use them."
    return ""


def _index_notes(frame: Any) -> list[str]:
    names = [str(n) for n in frame.index.names if n is not None and n not in frame.columns]
    if not names:
        return []
    which = f"“{names[0]}”" if len(names) == 1 else f"({', '.join(names)})"
    return [f"The table's index {which} is not read; reset_index() makes columns of it."]


def _title(title: object) -> str:
    return ".".join(map(str, title)) if isinstance(title, tuple) else str(title)


def _frame_of(columns: Mapping[Any, Any], name: str) -> Any:
    import pandas as pd

    series = {}
    for key, given in columns.items():
        # As a plain array, a masked one would show what lies under the mask; as a list it has None there.
        entries = given.tolist() if isinstance(given, np.ma.MaskedArray) else given
        if isinstance(entries, (pd.Series, pd.Categorical)):
            series[key] = pd.Series(entries).reset_index(drop=True)
            continue
        array = np.asarray(entries)
        if array.ndim != 1:
            raise _error(
                "not_a_table", f"“{key}” has {array.ndim} dimensions; each column needs exactly one.", name
            )
        # A list that mixes text and None or NaN would become text "None", "nan".
        series[key] = pd.Series(entries if isinstance(entries, (list, tuple)) else _native(array))
    lengths = {len(s) for s in series.values()}
    if len(lengths) > 1:
        raise _error(
            "unequal_lengths",
            f"The columns have different lengths ({', '.join(map(str, sorted(lengths)))}); "
            "give each one entry per row.",
            name,
        )
    return pd.DataFrame(series)


def _native(array: Any) -> Any:
    """The array in the machine's byte order, which pandas needs."""
    return array.astype(array.dtype.newbyteorder("=")) if array.dtype.byteorder in "<>" else array


def _column(name: str, series: Any) -> Column:
    import pandas as pd

    if pd.api.types.is_timedelta64_dtype(series.dtype):
        return number_column(name, series.dt.total_seconds().to_numpy(dtype=np.float64))
    if isinstance(series.dtype, pd.CategoricalDtype):
        return _categorical(name, series.array)
    if pd.api.types.is_bool_dtype(series.dtype):
        return _categorical(name, pd.Categorical(series.astype(object), categories=[False, True]))
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_complex_dtype(series.dtype):
        return number_column(name, series.to_numpy(dtype=np.float64, na_value=np.nan))
    missing = series.isna().to_numpy()
    entries = ["" if gone else _text(v) for v, gone in zip(series.tolist(), missing.tolist(), strict=True)]
    plain = all(
        gone or isinstance(v, (int, float)) for v, gone in zip(series.tolist(), missing.tolist(), strict=True)
    )
    return text_column(name, entries, quoted=not plain, missing_words=frozenset({""})).column


def _text(value: object) -> str:
    import pandas as pd

    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _categorical(name: str, array: Any) -> Column:
    used = array.remove_unused_categories()
    labels = [clean(str(c)) for c in used.categories]
    order = list(dict.fromkeys(labels))
    position = {label: i for i, label in enumerate(order)}
    place = np.array([position[label] for label in labels] or [0], dtype=np.int32)
    codes = np.asarray(used.codes, dtype=np.int32)
    merged = np.where(codes >= 0, place[codes], np.int32(-1)).astype(np.int32)
    numbers = parse_numbers(order) if order else None
    if numbers is None:
        return labelled_column(name, merged, tuple(order), None)
    values = np.where(merged >= 0, np.array(numbers)[merged], np.nan)
    column = labelled_column(name, merged, tuple(order), values, quoted=True)
    # A categorical was made one on purpose, also where its categories are numbers.
    return replace(column, kind=Kind.CATEGORY) if column.is_number else column


def _error(code: str, message: str, name: str) -> DataError:
    return DataError(code, message, Where("file", name))
