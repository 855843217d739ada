"""Residuals group by group: where a group lies, and how far its rows spread."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.moved import Moved
from mmgui.figures.residual_rows import KEPT, ResidualKind, ResidualRows, moved_rows
from mmgui.figures.residuals_trend import five_numbers
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class GroupResidualsFigure:
    """Residuals by the groups of one grouping factor.

    Attributes
    ----------
    rows
        The residuals.
    grouping, levels
        The factor and its L groups.
    codes
        (n,) the group of each row.
    boxes
        (L, 5) minimum, quartiles and maximum of each group.
    sizes
        (L,) rows of each group.
    by_median, by_spread
        (L,) the groups from the smallest median, or spread (between the quartiles), to the largest; they
        stay while the model is moved.
    """

    rows: ResidualRows
    grouping: str
    levels: tuple[str, ...]
    codes: NDArray[np.integer]
    boxes: FloatArray
    sizes: IntArray
    by_median: IntArray
    by_spread: IntArray

    def table(self) -> FigureTable:
        """One line a group."""
        head = (self.grouping, "Rows", "Minimum", "Lower quartile", "Median", "Upper quartile", "Maximum")
        lines = zip(self.levels, self.sizes.tolist(), self.boxes.tolist(), strict=True)
        return FigureTable(head, tuple((name, size, *box) for name, size, box in lines))

    def moved(self, moved: Moved) -> GroupResidualsFigure:
        """The same where the model has been moved to, in the same order."""
        rows = moved_rows(self.rows, moved.fit)
        boxes = five_numbers(rows.values, self.codes.astype(np.float64), len(self.levels))
        return replace(self, rows=rows, boxes=boxes)

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the picture."""
        if bool(np.all(self.sizes == 1)):
            return ("Every group has one row, so there is no spread within groups to be seen.",)
        return (KEPT,) if self.rows.kept and self.rows.kind is ResidualKind.STANDARDISED else ()


def group_residuals_figure(rows: ResidualRows, grouping: str) -> GroupResidualsFigure:
    """Residuals by the groups of a factor."""
    levels, codes = rows.members.factors[grouping]
    boxes = five_numbers(rows.values, codes.astype(np.float64), len(levels))
    spread = boxes[:, 3] - boxes[:, 1]
    return GroupResidualsFigure(
        rows=rows,
        grouping=grouping,
        levels=levels,
        codes=codes,
        boxes=boxes,
        sizes=np.bincount(codes, minlength=len(levels)),
        by_median=np.argsort(boxes[:, 2], kind="stable"),
        by_spread=np.argsort(spread, kind="stable"),
    )
