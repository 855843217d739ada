"""Variance components: how much each random effect and the residual vary, and how the effects go together."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.figures.tabular import FigureTable

RESIDUAL = -1


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """One variance component.

    ``term`` is the position of its random-effects term in the model (its colour), ``RESIDUAL`` for
    the residual; ``share`` its part of the total variance averaged over the rows; ``interval`` of
    the SD, None where none was computed.
    """

    term: int
    grouping: str
    effect: str
    variance: float
    sd: float
    share: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CorrelationRow:
    """The estimated correlation of two effects of one term; NaN where one has no variance."""

    term: int
    grouping: str
    effect: str
    other: str
    correlation: float
    covariance: float


@dataclass(frozen=True, slots=True)
class VarianceFigure:
    """Variance components of one model, the residual last."""

    response: str
    rows: tuple[VarianceRow, ...]
    correlations: tuple[CorrelationRow, ...]

    def table(self) -> FigureTable:
        """One line a component."""
        return FigureTable(
            ("Group", "Effect", "Variance", "SD", "Share"),
            tuple((r.grouping, r.effect, r.variance, r.sd, r.share) for r in self.rows),
        )
