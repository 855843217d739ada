"""What ``mmgui.fit`` is asked with: a formula, a table in any form, weights, codings of factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mmgui.data.derive import with_derived
from mmgui.data.settings import apply_settings
from mmgui.data.table import Kind, Table, no_such_column
from mmgui.errors import DataError, FormulaError, ModelError, Where
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.derived import read_derived
from mmgui.spec.document import ColumnSetting
from mmgui.spec.expression import Name
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec

WEIGHTS_COLUMN = "(weights)"


def requested(
    formula: str,
    data: Any,
    *,
    reml: bool = True,
    weights: str | ArrayLike | None = None,
    contrasts: Mapping[str, str] | None = None,
    reference: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    derive: Mapping[str, str] | None = None,
) -> tuple[ModelSpec, Table]:
    """The model and the table that a call of ``mmgui.fit`` asks for; parameters and errors as there."""
    if not isinstance(formula, str):
        raise FormulaError(
            "not_text",
            f"The formula is a {type(formula).__name__}; give it as text, as in 'y ~ x + (1 | group)'.",
        )
    table = derived(typed(as_table(data), types or {}), derive or {})
    spec = replace(parse(formula), reml=reml, codings=codings(contrasts or {}, reference or {}))
    if weights is not None:
        name = weights if isinstance(weights, str) else WEIGHTS_COLUMN
        if not isinstance(weights, str):
            table = _with_weights(table, weights)
        spec = replace(spec, weights=name)
    return spec, with_numeric_response(table, spec)


def with_numeric_response(table: Table, spec: ModelSpec) -> Table:
    """The table with the response as a quantity where the import took its numbers for ids.

    Whole numbers that are all different look like ids; a formula that explains them says otherwise.
    """
    if not isinstance(spec.response, Name) or spec.response.name not in table:
        return table
    column = table[spec.response.name]
    if column.kind is not Kind.ID or column.values is None:
        return table
    return apply_settings(table, (ColumnSetting(column.name, Kind.NUMBER),))


def typed(table: Table, types: Mapping[str, str]) -> Table:
    """The table with columns of the types asked for: ``"number"``, ``"category"`` or ``"id"``.

    Raises
    ------
    ModelError
        ``unknown_column``.
    DataError
        ``unknown_kind``; ``not_numbers`` for text that is to be a number.
    """
    for name in types:
        if name not in table:
            raise ModelError("unknown_column", no_such_column(table, name), Where("column", name))
    return apply_settings(table, tuple(ColumnSetting(name, kind) for name, kind in types.items()))


def derived(table: Table, definitions: Mapping[str, str]) -> Table:
    """The table with derived columns, each defined like ``center(x, group)`` by its name, in their order.

    Raises
    ------
    FormulaError
        ``not_derived``.
    DataError
        As ``mmgui.data.derive.with_derived`` does.
    """
    return with_derived(table, [read_derived(name, text) for name, text in definitions.items()])


def codings(contrasts: Mapping[str, str], reference: Mapping[str, str]) -> tuple[Coding, ...]:
    """Codings of factors from the contrasts and the reference levels asked for, by column.

    Raises
    ------
    ModelError
        ``unknown_contrast``.
    """
    out = []
    for column in dict.fromkeys([*contrasts, *reference]):
        word = contrasts.get(column, Contrast.TREATMENT)
        if word not in set(Contrast):
            raise ModelError(
                "unknown_contrast",
                f"There are no contrasts {word!r} for {column}; choose one of {', '.join(Contrast)}.",
                Where("column", column),
            )
        out.append(Coding(column, Contrast(word), reference.get(column)))
    return tuple(out)


def as_table(data: Any) -> Table:
    """A table from a Table, a file's path, a sample's key, a pandas DataFrame or a mapping of columns."""
    if isinstance(data, Table):
        return data
    if isinstance(data, (str, Path)):
        return table_at(data)
    from mmgui.data.frame import from_frame

    name = "data" if isinstance(data, Mapping) else getattr(data, "name", None)
    return from_frame(data, name if isinstance(name, str) else "data")


def table_at(place: str | Path) -> Table:
    """The table in a file; where there is no such file, the sample of that name."""
    from mmgui.data.read import read_table
    from mmgui.data.samples import load_sample, samples

    path = Path(place)
    if not str(place).strip():
        raise DataError("missing_file", "No file is named; give a file with a table or the name of a sample.")
    if not path.exists():
        key = next((s.key for s in samples() if s.key.casefold() == str(place).casefold()), None)
        if key is not None:
            return load_sample(key)
    return read_table(path)


def _with_weights(table: Table, weights: ArrayLike) -> Table:
    from mmgui.data.assemble import make_table, number_column

    try:
        values = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise DataError(
            "weights_not_numbers", "The weights are no numbers; give one positive number per row."
        ) from problem
    if values.shape != (table.nrows,):
        raise DataError(
            "weights_length",
            f"There are {values.size} weights for {table.nrows} rows; give one positive number per row.",
        )
    columns = [*table.columns, number_column(WEIGHTS_COLUMN, values)]
    return make_table(table.name, columns, table.notes, table.file)
