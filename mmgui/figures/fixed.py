"""Fixed effects: estimate, standard error, df, t, p, interval."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.figures.tabular import FigureTable


@dataclass(frozen=True, slots=True)
class FixedRow:
    """One coefficient; ``df`` and ``p`` are None where no degrees of freedom were computed."""

    name: str
    estimate: float
    se: float
    df: float | None
    t: float
    p: float | None
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FixedFigure:
    """All coefficients in model-matrix order; ``method`` says where df come from."""

    rows: tuple[FixedRow, ...]
    method: str
    level: float = 0.95

    def table(self) -> FigureTable:
        """One line a coefficient."""
        return FigureTable(
            ("Effect", "Estimate", "SE", "df", "t", "p", "Lower", "Upper"),
            tuple((r.name, r.estimate, r.se, r.df, r.t, r.p, *r.interval) for r in self.rows),
        )
