"""What each row means for the fit, the variances held: leverage, residual, Cook's distance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.moved import Moved
from mmgui.figures.residual_rows import AT_ONCE_ROWS, ResidualRows, moved_rows
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]

COOKS_LINES = (0.5, 1.0)

_KEPT = f"This picture stays at the best fit while the model is moved: it has over {AT_ONCE_ROWS:,} rows."


@dataclass(frozen=True, eq=False, slots=True)
class RowInfluenceFigure:
    """Standardised residual over leverage, with lines of equal Cook's distance.

    Attributes
    ----------
    rows
        The residuals, standardised; ``rows.hat`` are the leverages.
    cooks
        (n,) Cook's distance of the conditional fit (lme4's ``cooks.distance``).
    coefficients
        Fixed effects p, by which the distance is divided; at least 1.
    parameters
        Sum of the leverages: effective parameters of the conditional fit.
    kept
        Whether the model has been moved and this is the best fit still.
    """

    rows: ResidualRows
    cooks: FloatArray
    coefficients: int
    parameters: float
    kept: bool = False

    def height(self, cooks: float, leverage: FloatArray) -> FloatArray:
        """The standardised residual that gives a Cook's distance at these leverages."""
        with np.errstate(divide="ignore", invalid="ignore"):
            out: FloatArray = np.sqrt(cooks * self.coefficients * (1.0 - leverage) / leverage)
        return out

    def table(self) -> FigureTable:
        """One line a row."""
        rows = self.rows
        number = [int(r) + 1 for r in rows.members.rows]
        columns = (rows.hat.tolist(), rows.scaled.tolist(), self.cooks.tolist())
        head = ("Row", "Leverage", "Standardised residual", "Cook's distance")
        return FigureTable(head, tuple(zip(number, *columns, strict=True)))

    def moved(self, moved: Moved) -> RowInfluenceFigure:
        """The same where the model has been moved to; of large tables as at the best fit."""
        if moved.fit.nobs > AT_ONCE_ROWS:
            return replace(self, kept=True)
        return _filled(replace(self, rows=moved_rows(self.rows, moved.fit)))

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the picture."""
        spent = f"The leverages sum to {self.parameters:.1f}, the parameters that the model spends in effect."
        notes = ("Exact for the variances held: nothing is refitted.", spent)
        return (*notes, _KEPT) if self.kept else notes


def row_influence_figure(fit: Fit, rows: ResidualRows) -> RowInfluenceFigure:
    """Leverage and Cook's distance of every row."""
    return _filled(RowInfluenceFigure(rows, np.empty(0), max(1, len(fit.beta)), 0.0))


def _filled(figure: RowInfluenceFigure) -> RowInfluenceFigure:
    rows = figure.rows
    with np.errstate(divide="ignore", invalid="ignore"):
        cooks = rows.scaled**2 * rows.hat / (1.0 - rows.hat) / figure.coefficients
    cooks[~np.isfinite(cooks)] = np.nan
    return replace(figure, cooks=cooks, parameters=float(rows.hat.sum()))
