"""Which rows of a table are complete for a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.errors import ModelError, Where

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """The rows used.

    Attributes
    ----------
    positions
        (n,) positions in the table, ascending.
    mask
        (table rows,) True for the rows used; None where every row is used.
    dropped
        Number of rows left out.
    """

    positions: NDArray[np.intp]
    mask: NDArray[np.bool_] | None
    dropped: int

    @property
    def count(self) -> int:
        """Rows used."""
        return len(self.positions)

    def take(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """The entries of the rows used."""
        return values if self.mask is None else values[self.positions]


def complete_rows(table: Table, names: Iterable[str]) -> Rows:
    """The rows in which every one of the columns has an entry.

    Raises
    ------
    ModelError
        ``no_rows`` if the table is empty, ``no_complete_rows`` if no row is complete.
    """
    if table.nrows == 0:
        raise ModelError("no_rows", "The table has no rows, so there is nothing to fit.", Where("column"))
    missing: NDArray[np.bool_] | None = None
    for name in names:
        here = table[name].missing
        if here.any():
            missing = here if missing is None else missing | here
    if missing is None:
        return Rows(np.arange(table.nrows), None, 0)
    mask = ~missing
    positions = np.flatnonzero(mask)
    if len(positions) == 0:
        raise _no_complete_rows(table, names)
    return Rows(positions, mask, table.nrows - len(positions))


def _no_complete_rows(table: Table, names: Iterable[str]) -> ModelError:
    counts = sorted(
        ((int(table[name].missing.sum()), name) for name in dict.fromkeys(names)),
        key=lambda pair: -pair[0],
    )
    counts = [(count, name) for count, name in counts if count]
    parts = [
        f"{name} is missing in {'all' if count == table.nrows else f'{count:,}'} of {table.nrows:,} rows"
        for count, name in counts[:4]
    ]
    more = f", and {len(counts) - 4} more columns have gaps" if len(counts) > 4 else ""
    return ModelError(
        "no_complete_rows",
        f"No row has a value in every column the model uses: {', '.join(parts)}{more}. "
        "Take such a column out of the model or fill in its values.",
        Where("column", counts[0][1]),
    )
