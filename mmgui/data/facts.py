"""What the variable table shows of each column: kind, distinct, missing, range, a small histogram."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mmgui.data.table import Column, FloatArray, Kind, Table

MOST_BARS = 16
MOST_FREQUENT = 5


@dataclass(frozen=True, slots=True)
class VariableFacts:
    """One column at a glance.

    Attributes
    ----------
    name, kind
        The column's name and kind.
    rows
        Number of rows of the table.
    distinct
        Number of distinct entries, missing ones not counted.
    missing
        Number of missing entries.
    minimum, maximum, mean, sd
        Of the finite values of a number (``sd`` with n - 1); None for labels and where there are too few.
    frequent
        Up to five labels with how often they occur, most frequent first, ties in the order of the levels.
    histogram
        Counts of at most 16 bars. For a number equal classes from ``edges[i]`` to ``edges[i + 1]``, the
        last one closed. For labels one bar a level in their order, or the 16 most frequent levels.
    edges
        One more than ``histogram`` for a number, empty for labels.
    bar_labels
        The labels of the bars; empty for a number.
    is_constant
        Whether all entries that are not missing are equal, or there are none.
    has_infinite
        Whether a value is infinite.
    """

    name: str
    kind: Kind
    rows: int
    distinct: int
    missing: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    sd: float | None
    frequent: tuple[tuple[str, int], ...]
    histogram: tuple[int, ...]
    edges: tuple[float, ...]
    bar_labels: tuple[str, ...]
    is_constant: bool
    has_infinite: bool


def describe(table: Table) -> tuple[VariableFacts, ...]:
    """The facts of every column, in the order of the table."""
    return tuple(describe_column(column) for column in table.columns)


def describe_column(column: Column) -> VariableFacts:
    """The facts of one column."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    ranked = np.argsort(-counts, kind="stable")
    ranked = ranked[counts[ranked] > 0]
    distinct = int(ranked.size)
    values = np.array([]) if column.values is None else column.values[~column.missing]
    finite = values[np.isfinite(values)] if column.is_number else np.array([])
    if column.is_number:
        histogram, edges = _bars(finite)
        bar_labels: tuple[str, ...] = ()
    else:
        shown = np.flatnonzero(counts) if distinct <= MOST_BARS else ranked[:MOST_BARS]
        histogram, edges = tuple(counts[shown].tolist()), ()
        bar_labels = tuple(column.levels[i] for i in shown)
    return VariableFacts(
        name=column.name,
        kind=column.kind,
        rows=int(column.codes.size),
        distinct=distinct,
        missing=int(np.count_nonzero(column.missing)),
        minimum=float(finite.min()) if finite.size else None,
        maximum=float(finite.max()) if finite.size else None,
        mean=_scaled(finite, 1) if finite.size else None,
        sd=_scaled(finite, 2) if finite.size > 1 else None,
        frequent=tuple((column.levels[i], int(counts[i])) for i in ranked[:MOST_FREQUENT]),
        histogram=histogram,
        edges=edges,
        bar_labels=bar_labels,
        is_constant=distinct <= 1,
        has_infinite=bool(np.isinf(values).any()),
    )


def _scaled(finite: FloatArray, moment: int) -> float:
    """Mean (1) or standard deviation (2), without overflow for values near the largest double."""
    scale = float(np.abs(finite).max()) or 1.0
    shrunk = finite / scale
    return float(shrunk.mean() if moment == 1 else shrunk.std(ddof=1)) * scale


def _bars(finite: FloatArray) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Counts in at most 16 equal classes: one a whole number where they span few, else about √n classes."""
    if finite.size == 0:
        return (), ()
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return (int(finite.size),), (low, high)
    # Beyond 2^52 there are no halves between whole numbers for the edges to lie on.
    whole = bool(np.all(finite == np.floor(finite))) and max(-low, high) < 2.0**52
    if whole and high - low < MOST_BARS:
        edges = np.arange(low - 0.5, high + 1.0)
    else:
        bars = min(MOST_BARS, max(4, math.ceil(math.sqrt(finite.size))))
        # Shares of each end instead of their difference, which may overflow.
        share = np.linspace(0.0, 1.0, bars + 1)
        edges = low * (1 - share) + high * share
        edges[-1] = high
    # Neighbouring doubles can leave classes without width, which belong to no value.
    edges = np.unique(edges)
    place = np.clip(np.searchsorted(edges, finite, side="right") - 1, 0, edges.size - 2)
    counts = np.bincount(place, minlength=edges.size - 1)
    return tuple(counts.tolist()), tuple(edges.tolist())
