"""Fixed effects: estimate, standard error, df, t, p, interval."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.engine.result import Fit
from mmgui.figures.tabular import FigureTable
from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
from mmgui.inference.intervals import wald

METHODS = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward–Roger"}


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


def fixed_figure(fit: Fit, inference: FixedEffectTests | None = None, level: float = 0.95) -> FixedFigure:
    """Coefficients with intervals of the given level.

    With ``inference``, standard errors, t, df and p are its own and intervals use its t
    distributions. Without it, intervals are Wald's with the normal distribution, and there are no df
    and no p.
    """
    se = fit.se if inference is None else inference.se
    limits = wald(fit, level, inference)
    rows = []
    for k, name in enumerate(fit.design.fixed_names):
        rows.append(
            FixedRow(
                name=name,
                estimate=float(fit.beta[k]),
                se=float(se[k]),
                df=None if inference is None else float(inference.df[k]),
                t=float(fit.beta[k] / se[k]) if inference is None else float(inference.t[k]),
                p=None if inference is None else float(inference.p[k]),
                interval=(float(limits[k, 0]), float(limits[k, 1])),
            )
        )
    method = "Wald z" if inference is None else METHODS.get(inference.method, inference.method)
    return FixedFigure(tuple(rows), method, level)
