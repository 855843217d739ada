"""R's contrast matrices, and what can be wrong with the coding chosen for a factor."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table, no_such_column
from mmgui.engine.build.polynomials import orthogonal_polynomials
from mmgui.errors import ModelError, Where
from mmgui.spec.coding import Coding, Contrast

FloatArray = NDArray[np.float64]

_POLYNOMIAL_NAMES = (".L", ".Q", ".C")


def contrast_names(levels: tuple[str, ...], coding: Coding) -> list[str]:
    """What stands behind the factor's name in the names of its L - 1 columns, as in R.

    Treatment contrasts are named after the level, sum and Helmert contrasts are numbered, polynomials
    are ``.L``, ``.Q``, ``.C``, ``^4``, …
    """
    columns = range(1, len(levels))
    match coding.contrast:
        case Contrast.TREATMENT:
            base = reference_position(levels, coding)
            return [level for k, level in enumerate(levels) if k != base]
        case Contrast.POLYNOMIAL:
            return [_POLYNOMIAL_NAMES[k - 1] if k <= 3 else f"^{k}" for k in columns]
        case Contrast.SUM | Contrast.HELMERT:
            return [str(k) for k in columns]


def contrast_matrix(levels: tuple[str, ...], coding: Coding) -> FloatArray:
    """(L, L - 1) what each level has in each column.

    They are R's ``contr.treatment``, ``contr.sum``, ``contr.helmert`` and ``contr.poly``; a reference
    level chosen for sum contrasts is the one with -1 in every column, in R always the last.
    """
    count = len(levels)
    match coding.contrast:
        case Contrast.TREATMENT:
            return np.delete(np.eye(count), reference_position(levels, coding), axis=1)
        case Contrast.SUM:
            base = reference_position(levels, coding)
            out = np.delete(np.eye(count), base, axis=1)
            out[base] = -1.0
            return out
        case Contrast.HELMERT:
            column = np.arange(1.0, count)
            out = np.where(np.arange(count)[:, None] <= np.arange(count - 1), -1.0, 0.0)
            out[np.arange(1, count), np.arange(count - 1)] = column
            return out
        case Contrast.POLYNOMIAL:
            return orthogonal_polynomials(np.arange(1.0, count + 1.0), count - 1)


def reference_position(levels: tuple[str, ...], coding: Coding) -> int:
    """Where the reference level stands among the levels used.

    Raises
    ------
    ModelError
        ``unknown_reference`` where it is none of them.
    """
    if coding.reference is None:
        return len(levels) - 1 if coding.contrast is Contrast.SUM else 0
    if coding.reference not in levels:
        raise _unknown_reference(coding, levels, " in the rows used")
    return levels.index(coding.reference)


def check_codings(codings: Iterable[Coding], table: Table, as_factor: frozenset[str]) -> None:
    """Raise for a coding of something that is no factor of the table.

    A coding of a factor that is in no effect of the model changes nothing and is let pass, as in R.

    Parameters
    ----------
    codings
        At most one for a column.
    table
        The table.
    as_factor
        Columns of numbers that the formula makes factors of by ``factor()``.

    Raises
    ------
    ModelError
        ``unknown_column``, ``coding_twice``, ``coding_of_numbers`` or ``unknown_reference``.
    """
    seen: set[str] = set()
    for coding in codings:
        name = coding.column
        where = Where("column", name)
        if name not in table:
            raise ModelError("unknown_column", no_such_column(table, name), where)
        if name in seen:
            raise ModelError(
                "coding_twice", f"Two kinds of contrasts are chosen for {name}; keep one of them.", where
            )
        seen.add(name)
        column = table[name]
        if column.is_number and name not in as_factor:
            raise ModelError(
                "coding_of_numbers",
                f"{name} is a number, so it has no contrasts; change its type to category first, or leave "
                "its contrasts out.",
                where,
            )
        if coding.reference is not None and coding.reference not in column.levels:
            raise _unknown_reference(coding, column.levels, "")


def _unknown_reference(coding: Coding, levels: tuple[str, ...], where: str) -> ModelError:
    known = ", ".join(levels[:8]) + (", …" if len(levels) > 8 else "")
    return ModelError(
        "unknown_reference",
        f"{coding.column} has no level “{coding.reference}”{where} to be the reference; choose one of "
        f"{known}.",
        Where("column", coding.column),
    )
