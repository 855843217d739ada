"""Ordered values against the normal quantiles expected of them, with the band of chance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.tabular import FigureTable
from mmgui.inference.normal import normal_quantile

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

QUANTILES = 2_000
"""Values that are drawn of many residuals."""


@dataclass(frozen=True, eq=False, slots=True)
class NormalQuantiles:
    """Ordered values against the normal quantiles expected of them.

    ``theoretical`` and ``observed`` are (k,); ``line`` is (intercept, slope) through the quartiles;
    ``band`` is (2, k): between these normal quantiles each order statistic of a normal sample lies with
    probability 95 %, exactly (its uniform value has a beta distribution), each by itself;
    ``owners`` are the groups (positions in ``levels``), empty for residuals; ``entries`` are the positions
    of the values shown among those given: for residuals, their places among the model's rows; ``places``
    are those of the values shown among all of them in order.
    """

    title: str
    term: int
    grouping: str
    levels: tuple[str, ...]
    theoretical: FloatArray
    observed: FloatArray
    owners: IntArray
    line: tuple[float, float]
    entries: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    band: FloatArray = field(default_factory=lambda: np.empty((2, 0)))
    places: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    @property
    def low(self) -> FloatArray:
        """(k,) lower end of the band, on the scale of the values."""
        return np.asarray(self.line[0] + self.line[1] * self.band[0])

    @property
    def high(self) -> FloatArray:
        """(k,) upper end of the band, on the scale of the values."""
        return np.asarray(self.line[0] + self.line[1] * self.band[1])

    @property
    def outside(self) -> NDArray[np.bool_]:
        """(k,) which values lie outside the band."""
        return (self.observed < self.low) | (self.observed > self.high)

    def table(self) -> FigureTable:
        """One line a value: normal quantile, value, band."""
        names = [self.levels[o] for o in self.owners.tolist()] or [int(e) + 1 for e in self.entries.tolist()]
        first = self.grouping if self.levels else "Row of the model"
        numbers = np.column_stack([self.theoretical, self.observed, self.low, self.high]).tolist()
        rows: list[tuple[str | float | int | None, ...]] = [
            (name, *line) for name, line in zip(names, numbers, strict=True)
        ]
        return FigureTable((first, "Normal", self.title, "Band from", "Band to"), tuple(rows))


def quantiles_of(
    title: str, values: FloatArray, *, term: int = -1, grouping: str = "", levels: tuple[str, ...] = ()
) -> NormalQuantiles:
    """Values in order against the normal; of thousands of residuals some two thousand, the tails whole."""
    order = np.argsort(values, kind="stable")
    n = len(order) - int(np.isnan(values).sum())
    order = order[:n]
    theoretical, places, band = _expected(n, bool(levels))
    shown = order[places]
    return NormalQuantiles(
        title=title,
        term=term,
        grouping=grouping,
        levels=levels,
        theoretical=theoretical,
        observed=values[shown],
        owners=shown if levels else np.empty(0, dtype=np.intp),
        line=_line(values[order]),
        entries=shown,
        band=band,
        places=places,
    )


def moved_quantiles(figure: NormalQuantiles, values: FloatArray) -> NormalQuantiles:
    """The same picture of other values of the same things."""
    order = np.argsort(values, kind="stable")
    shown = order[figure.places]
    observed = values[shown]
    return replace(
        figure,
        observed=observed,
        owners=shown if figure.levels else figure.owners,
        entries=shown,
        line=_line(values[order[: len(order) - int(np.isnan(values).sum())]]),
    )


def _line(ordered: FloatArray) -> tuple[float, float]:
    """Intercept and slope through the quartiles of ordered values."""
    n = len(ordered)
    if not n:
        return (0.0, 0.0)
    at = np.array([0.25, 0.75]) * (n - 1)
    below = at.astype(np.intp)
    above = np.minimum(below + 1, n - 1)
    low, high = ordered[below] + (at - below) * (ordered[above] - ordered[below])
    return (float(low + high) / 2.0, float(high - low) / (2.0 * normal_quantile(0.5)))


@lru_cache(maxsize=16)
def _expected(n: int, whole: bool) -> tuple[FloatArray, IntArray, FloatArray]:
    """Normal quantiles, the places shown, and the band (2, k) in normal quantiles."""
    from scipy.special import betaincinv, ndtri

    rank = np.arange(1, n + 1)
    theoretical = np.asarray(ndtri((rank - 0.5) / n))
    places = np.arange(n, dtype=np.intp)
    if n > QUANTILES and not whole:
        # Evenly spaced along the normal axis, so that the tails are kept whole.
        wanted = np.linspace(theoretical[0], theoretical[-1], QUANTILES)
        places = np.unique(np.searchsorted(theoretical, wanted).clip(0, n - 1)).astype(np.intp)
    k = rank[places]
    band = np.array([ndtri(betaincinv(k, n + 1 - k, tail)) for tail in (0.025, 0.975)])
    return theoretical[places], places, band
