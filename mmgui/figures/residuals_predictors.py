"""What residuals can be held against: the predictors of the model, and the other columns of its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Column, Table
from mmgui.engine.design import Design
from mmgui.numbers import decimal, number
from mmgui.spec.expression import columns_of

FloatArray = NDArray[np.float64]

MOST_LEVELS = 40
"""Columns of more labels are groups rather than predictors."""


@dataclass(frozen=True, eq=False, slots=True)
class Predictor:
    """A column on the rows of a model.

    ``values`` are (n,) numbers, or positions in ``levels`` where it has labels; NaN where missing.
    ``in_model`` says whether the model reads it.
    """

    name: str
    values: FloatArray
    levels: tuple[str, ...]
    in_model: bool

    def text(self, row: int) -> str:
        """What it is in a row, for people."""
        value = float(self.values[row])
        if np.isnan(value):
            return "–"
        if self.levels:
            return self.levels[int(value)]
        # Counts and codes as they were written.
        return decimal(value, 0) if value == round(value) and abs(value) < 1e7 else number(value, 4)


def predictors_of(design: Design, table: Table | None) -> tuple[Predictor, ...]:
    """The model's predictors first, then what the table has besides; none without the table."""
    if table is None or (len(design.rows) and int(design.rows.max()) >= table.nrows):
        return ()
    spec = design.spec
    own = list(dict.fromkeys(name for term in spec.effects() for name in term.columns()))
    own += [name for o in spec.offset for name in columns_of(o) if name not in own]
    groups = {name for term in spec.random for name in term.grouping.columns}
    response = set() if spec.response is None else set(columns_of(spec.response))
    left_out = response | (groups - set(own)) | {spec.weights}
    others = [name for name in table.names if name not in own and name not in left_out]
    return tuple(_predictors(design, table, own, others))


def _predictors(design: Design, table: Table, own: list[str], others: list[str]) -> Iterator[Predictor]:
    for name in (*own, *others):
        if name in table:
            column = table[name]
            labelled = name in design.labelled or not column.is_number
            made = _labels(column, design, name in own) if labelled else _numbers(column, design, name in own)
            if made is not None:
                yield made


def _numbers(column: Column, design: Design, in_model: bool) -> Predictor | None:
    if column.values is None:
        return None
    values = column.values[design.rows]
    known = values[np.isfinite(values)]
    if not len(known) or np.ptp(known) == 0.0:
        return None
    return Predictor(column.name, values, (), in_model)


def _labels(column: Column, design: Design, in_model: bool) -> Predictor | None:
    codes = column.codes[design.rows]
    used = np.unique(codes[codes >= 0])
    if not 2 <= len(used) <= MOST_LEVELS:
        return None
    values = np.where(codes >= 0, np.searchsorted(used, codes), np.nan)
    return Predictor(column.name, values, tuple(column.levels[k] for k in used.tolist()), in_model)
