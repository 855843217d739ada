"""Residuals against the fitted values or a predictor, and their size against the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.moved import Moved
from mmgui.figures.residual_rows import KEPT, ResidualKind, ResidualRows, moved_rows
from mmgui.figures.residuals_smooth import Smooth, smooth_of
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class TrendFigure:
    """Residuals over x on one side, the root of their size over the same x on the other.

    Attributes
    ----------
    rows
        The residuals.
    against
        The predictor on the horizontal axis, empty for fitted values.
    x_name, levels
        Title of the axis; labels at 0, 1, … where the predictor has labels.
    x
        (n,) numbers, or positions in ``levels``.
    size
        (n,) √|residual in its standard deviations|.
    smooth, size_smooth
        Lines through both; none where there are labels.
    boxes
        (levels, 5) minimum, quartiles and maximum of the residuals by label; none without.
    size_boxes
        The same of their size.
    """

    rows: ResidualRows
    against: str
    x_name: str
    levels: tuple[str, ...]
    x: FloatArray
    size: FloatArray
    smooth: Smooth
    size_smooth: Smooth
    boxes: FloatArray
    size_boxes: FloatArray

    def table(self) -> FigureTable:
        """One line a row: what is across, residual, residual in its standard deviations."""
        rows = self.rows
        across = [self.levels[int(v)] for v in self.x] if self.levels else self.x.tolist()
        numbers = (rows.fitted.tolist(), rows.values.tolist(), rows.scaled.tolist())
        number = [int(r) + 1 for r in rows.members.rows]
        if not self.against:
            lines = tuple(zip(number, *numbers, strict=True))
            return FigureTable(("Row", rows.fitted_name, rows.name, "In its SDs"), lines)
        head = ("Row", self.x_name, rows.fitted_name, rows.name, "In its SDs")
        return FigureTable(head, tuple(zip(number, across, *numbers, strict=True)))

    def moved(self, moved: Moved) -> TrendFigure:
        """The same where the model has been moved to."""
        rows = moved_rows(self.rows, moved.fit)
        return _filled(replace(self, rows=rows, x=self.x if self.against else rows.fitted))

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the picture."""
        notes = []
        if not len(self.smooth.x) and not self.against and np.ptp(self.x) == 0.0:
            notes.append("All rows have the same fitted value.")
        elif not self.against and self.rows.kind is not ResidualKind.MARGINAL and self.rows.members.factors:
            notes.append(
                "A slight rise is no fault of the model: it shrinks groups, so high rows stay above their "
                "fitted values."
            )
        if len(self.smooth.x):
            notes.append("Line with its pointwise 95 % band, as if residuals were independent.")
        if self.rows.kept:
            notes.append(KEPT)
        return tuple(notes)


def trend_figure(rows: ResidualRows, against: str) -> TrendFigure:
    """Residuals against a predictor by name, or against the fitted values."""
    predictor = rows.predictor(against)
    x = rows.fitted if predictor is None else predictor.values
    levels = () if predictor is None else predictor.levels
    name = rows.fitted_name if predictor is None else predictor.name
    none, boxes = np.empty(0), (np.empty((0, 5)), np.empty((0, 5)))
    chosen = "" if predictor is None else predictor.name
    return _filled(TrendFigure(rows, chosen, name, levels, x, none, Smooth(), Smooth(), *boxes))


def _filled(figure: TrendFigure) -> TrendFigure:
    x, values = figure.x, figure.rows.values
    size = np.sqrt(np.abs(figure.rows.scaled))
    if figure.levels:
        boxes, sizes = (five_numbers(v, x, len(figure.levels)) for v in (values, size))
        return replace(figure, size=size, boxes=boxes, size_boxes=sizes)
    return replace(figure, size=size, smooth=smooth_of(x, values), size_smooth=smooth_of(x, size))


def five_numbers(values: FloatArray, codes: FloatArray, count: int) -> FloatArray:
    """(count, 5) minimum, quartiles and maximum of the values of each code; NaN where there are none."""
    known = np.isfinite(values) & np.isfinite(codes)
    own = codes[known].astype(np.intp)
    order = np.lexsort((values[known], own))
    ordered, sizes = values[known][order], np.bincount(own, minlength=count)
    starts = np.cumsum(sizes) - sizes
    out = np.full((count, 5), np.nan)
    some = sizes > 0
    at = starts[some, None] + (sizes[some, None] - 1) * np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    below = np.floor(at + 1e-9).astype(np.intp)
    above = np.minimum(below + 1, starts[some, None] + sizes[some, None] - 1)
    out[some] = ordered[below] + (at - below) * (ordered[above] - ordered[below])
    return out
