"""Which rows of a figure are picked: those of the table that were named, or those of picked groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design

Mask = NDArray[np.bool_]
Key = tuple[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class RowGroups:
    """The rows that a figure shows, and their groups.

    Attributes
    ----------
    rows
        (n,) positions in the table.
    factors
        By grouping factor its levels and the (n,) group of each row, negative where it has none.
    """

    rows: NDArray[np.integer] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    factors: dict[str, tuple[tuple[str, ...], NDArray[np.integer]]] = field(default_factory=dict)

    def picked(self, groups: Collection[Key], rows: Collection[int] = ()) -> Mask | None:
        """(n,) the rows named, or, where none is, those of the groups; None where nothing is picked here."""
        if rows:
            mask = np.isin(self.rows, np.fromiter(rows, dtype=np.int64, count=len(rows)))
        else:
            mask = np.zeros(len(self.rows), dtype=np.bool_)
            for label, (levels, codes) in self.factors.items():
                names = {level for factor, level in groups if factor == label}
                wanted = [k for k, level in enumerate(levels) if level in names] if names else []
                if wanted:
                    mask |= np.isin(codes, wanted)
        return mask if mask.any() else None

    def taken(self, order: NDArray[np.integer]) -> RowGroups:
        """Some of the rows, in another order."""
        factors = {label: (levels, codes[order]) for label, (levels, codes) in self.factors.items()}
        return RowGroups(self.rows[order], factors)


def row_groups(design: Design) -> RowGroups:
    """The rows that a model uses, with the groups of its random-effects terms."""
    return RowGroups(design.rows, {r.grouping: (r.levels, r.codes) for r in design.random})
