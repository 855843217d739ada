"""Fixed effects: estimate, standard error, df, t, p, interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from mmgui.engine.result import Fit
from mmgui.figures.tabular import FigureTable
from mmgui.inference.satterthwaite import FixedEffectTests

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
    upper = 0.5 + level / 2.0
    se = fit.se if inference is None else inference.se
    if inference is None:
        quantile = np.full(len(fit.beta), stats.norm.ppf(upper))
    else:
        quantile = np.asarray(stats.t.ppf(upper, inference.df))
    rows = []
    for k, name in enumerate(fit.design.fixed_names):
        estimate, half = float(fit.beta[k]), float(quantile[k] * se[k])
        rows.append(
            FixedRow(
                name=name,
                estimate=estimate,
                se=float(se[k]),
                df=None if inference is None else float(inference.df[k]),
                t=float(fit.beta[k] / se[k]) if inference is None else float(inference.t[k]),
                p=None if inference is None else float(inference.p[k]),
                interval=(estimate - half, estimate + half),
            )
        )
    method = "Wald z" if inference is None else METHODS.get(inference.method, inference.method)
    return FixedFigure(tuple(rows), method, level)
