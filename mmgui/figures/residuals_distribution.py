"""How residuals are distributed: against the normal, and as probabilities, which ought to be even."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.moved import Moved
from mmgui.figures.residual_rows import KEPT, ResidualKind, ResidualRows, moved_rows
from mmgui.figures.residuals_quantiles import NormalQuantiles, moved_quantiles, quantiles_of
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]

LEAST_IN_BIN, MOST_BINS = 10, 20


@dataclass(frozen=True, eq=False, slots=True)
class ProbabilityHistogram:
    """Probability integral transform (PIT): where each row lies in the distribution that the model gives it.

    Attributes
    ----------
    title
        Which distribution: of the row's own group (conditional), of a row of a new group (marginal), or of
        the row as all others predict it.
    values
        (n,) probabilities; even between 0 and 1 if the model is right.
    counts
        (b,) rows in each of b equal parts of 0 to 1.
    expected, low, high
        Rows expected in a part, and the central 95 % of the binomial distribution, each part by itself.
    ks
        Largest distance of the values' distribution from the even one (Kolmogorov-Smirnov), and its p value
        were they independent.
    """

    title: str
    values: FloatArray
    counts: NDArray[np.intp]
    expected: float
    low: float
    high: float
    ks: tuple[float, float]

    def table(self) -> FigureTable:
        """One line a part."""
        edges = np.linspace(0.0, 1.0, len(self.counts) + 1).tolist()
        rows = tuple(
            (edges[k], edges[k + 1], int(c), self.expected, self.low, self.high)
            for k, c in enumerate(self.counts)
        )
        return FigureTable(("From", "To", "Rows", "Expected", "Band from", "Band to"), rows)


@dataclass(frozen=True, eq=False, slots=True)
class DistributionFigure:
    """Residuals against the normal beside their probabilities."""

    rows: ResidualRows
    quantiles: NormalQuantiles
    probabilities: ProbabilityHistogram

    def table(self) -> FigureTable:
        """The quantiles; the histogram has a table of its own."""
        return self.quantiles.table()

    def moved(self, moved: Moved) -> DistributionFigure:
        """The same where the model has been moved to; the p value is left out."""
        rows = moved_rows(self.rows, moved.fit)
        return replace(
            self,
            rows=rows,
            quantiles=moved_quantiles(self.quantiles, rows.values),
            probabilities=_counted(self.probabilities, rows.pit),
        )

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the bands."""
        n, shown = len(self.rows.values), len(self.quantiles.observed)
        band = (
            "Bands: 95 % for each point and each bar by itself, so one in twenty may lie outside by chance; "
            "residuals of a mixed model are slightly correlated, which the bands leave out."
        )
        notes = [band]
        if shown < n:
            notes.append(f"The normal plot shows {shown:,} of the {n:,} residuals, the extremes among them.")
        if self.rows.kind in (ResidualKind.CONDITIONAL, ResidualKind.PEARSON):
            notes.append("The model has followed these rows, which draws their probabilities to the middle.")
        if self.rows.kept and self.rows.kind is ResidualKind.STANDARDISED:
            notes.append(KEPT)
        return tuple(notes)


_TITLES = {
    ResidualKind.CONDITIONAL: "Chance of a lower value in its group",
    ResidualKind.PEARSON: "Chance of a lower value in its group",
    ResidualKind.STANDARDISED: "Chance of a lower value, given all others",
    ResidualKind.MARGINAL: "Chance of a lower value in a new group",
}


def distribution_figure(rows: ResidualRows) -> DistributionFigure:
    """Quantiles and probabilities of residuals."""
    return DistributionFigure(rows, quantiles_of(rows.name, rows.values), _histogram(rows))


def _histogram(rows: ResidualRows) -> ProbabilityHistogram:
    from scipy.stats import binom, kstwo

    n = int(np.isfinite(rows.pit).sum())
    bins = int(np.clip(n // LEAST_IN_BIN, 2, MOST_BINS)) if n else 2
    even = binom(n, 1.0 / bins)
    empty = np.zeros(bins, dtype=np.intp)
    drawn = ProbabilityHistogram(
        _TITLES[rows.kind], rows.pit, empty, n / bins, float(even.ppf(0.025)), float(even.ppf(0.975)), (0, 0)
    )
    counted = _counted(drawn, rows.pit)
    p = float(kstwo.sf(counted.ks[0], n)) if n else np.nan
    return replace(counted, ks=(counted.ks[0], p))


def _counted(histogram: ProbabilityHistogram, values: FloatArray) -> ProbabilityHistogram:
    """The histogram of other values; without a p value."""
    bins = len(histogram.counts)
    known = np.sort(values[np.isfinite(values)])
    counts = np.bincount((known * bins).astype(np.intp).clip(0, bins - 1), minlength=bins)
    n = len(known)
    step = np.arange(n + 1) / max(n, 1)
    ks = float(max(np.max(step[1:] - known), np.max(known - step[:-1]))) if n else np.nan
    return replace(histogram, values=values, counts=counts, ks=(ks, np.nan))
