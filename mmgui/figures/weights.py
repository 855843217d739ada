"""How much of its own estimate a group keeps, against how much it knows: the figure of the weights."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.shrinkage_words import kept_range, kept_words
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class WeightFigure:
    """One effect of a term.

    Attributes
    ----------
    term, grouping, levels, sizes
        As in the shrinkage figure.
    information
        (L,) what a group's rows know of the effect: its rows for an intercept, else Σx².
    unit
        What that is, as an axis title.
    weights
        (L,) what a group keeps of its own distance from the average.
    half
        Information at which half is kept, σ²/τ²; infinite without variance.
    alone
        Whether the curve is the groups' own: no other random effects. Else it says what they would keep
        if the other terms were known.
    best_half
        The same at the fit where the model was moved, else None.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    sizes: NDArray[np.int64]
    information: FloatArray
    unit: str
    weights: FloatArray
    half: float
    alone: bool
    best_half: float | None

    def curve(self, information: FloatArray, half: float | None = None) -> FloatArray:
        """The weight at some information: i/(i + σ²/τ²), that is nτ²/(nτ²+σ²)."""
        middle = self.half if half is None else half
        return np.zeros_like(information) if math.isinf(middle) else information / (information + middle)

    def sentence(self) -> str:
        """What the weights say."""
        if math.isinf(self.half):
            return "No variance: nothing of a group's own estimate is kept."
        low, high = kept_range(self.weights)
        if low != low:
            return ""
        kept = kept_words(low, high)
        if np.ptp(self.information) == 0.0:
            n = count(int(self.sizes[0]), "row")
            words = f"Balanced: all {count(len(self.levels), 'group')} have {n} and keep {kept}."
        else:
            words = f"Small groups are pulled more: groups keep {kept}."
        return words if self.alone else words + " The curve: were the other terms known."

    def table(self) -> FigureTable:
        """One line a group."""
        rows = tuple(
            (level, int(n), float(i), float(w), float(c))
            for level, n, i, w, c in zip(
                self.levels,
                self.sizes,
                self.information,
                self.weights,
                self.curve(self.information),
                strict=True,
            )
        )
        return FigureTable(("Group", "Rows", self.unit, "Weight", "Given the other terms"), rows)


def weight_figure(figure: ShrinkageFigure) -> WeightFigure | None:
    """The weights of a term with one effect; None for several effects, or on another term's axes."""
    if len(figure.effects) != 1 or figure.weights is None or figure.information is None:
        return None
    if figure.information.shape[1] != 1:
        return None
    best = figure.best
    return WeightFigure(
        term=figure.term,
        grouping=figure.grouping,
        levels=figure.levels,
        sizes=figure.sizes,
        information=figure.information[:, 0, 0],
        unit=_unit(figure),
        weights=figure.weights[:, 0, 0],
        half=_half(figure),
        alone=figure.alone,
        best_half=None if best is None else _half(best),
    )


def _half(figure: ShrinkageFigure) -> float:
    variance = float(figure.covariance[0, 0])
    return figure.sigma**2 / variance if variance > 0.0 else math.inf


def _unit(figure: ShrinkageFigure) -> str:
    effect = figure.effects[0]
    if effect == INTERCEPT_NAME:
        return "Weight of the group's rows" if figure.weighted else "Rows in the group"
    return f"Σ {effect}² in the group"


@dataclass(frozen=True, slots=True)
class KeptRow:
    """What groups keep of their own estimate of one effect: the least, the middle and the most of it."""

    title: str
    low: float
    middle: float
    high: float

    @property
    def words(self) -> str:
        """``75 %``, ``60–86 %``."""
        return kept_words(self.low, self.high)


@dataclass(frozen=True, eq=False, slots=True)
class KeptFigure:
    """What groups keep of several effects, and the matrix of a typical group.

    Attributes
    ----------
    term, grouping
        As in the shrinkage figure.
    rows
        One an effect.
    matrix
        (s, s) the matrix W of the group in the middle.
    alone
        Whether b = W (own − common) holds.
    """

    term: int
    grouping: str
    rows: tuple[KeptRow, ...]
    matrix: FloatArray
    alone: bool

    def sentence(self) -> str:
        """``Of its own Intercept a group keeps 75 %, of its Slope of Days 84 %.``"""
        parts = [f"of its {'own ' if k == 0 else ''}{r.title} {r.words}" for k, r in enumerate(self.rows)]
        return f"A group keeps {', '.join(parts)}."

    def across(self) -> str:
        """What an effect adds to another, of two effects."""
        if len(self.rows) != 2 or not self.alone or not np.isfinite(self.matrix).all():
            return ""
        one, other = (r.title for r in self.rows)
        return (
            f"1 more in its own {other} adds {number(float(self.matrix[0, 1]))} to its {one}, "
            f"1 more in {one} adds {number(float(self.matrix[1, 0]))} to its {other}."
        )

    def table(self) -> FigureTable:
        """One line an effect: the least, middle and most that groups keep, and the row of W."""
        head = ("Effect", "Least kept", "Middle", "Most kept", *(f"W {r.title}" for r in self.rows))
        rows: list[tuple[str | float | int | None, ...]] = [
            (r.title, r.low, r.middle, r.high, *(float(v) for v in line))
            for r, line in zip(self.rows, self.matrix, strict=True)
        ]
        return FigureTable(head, tuple(rows))


def kept_figure(figure: ShrinkageFigure) -> KeptFigure | None:
    """What is kept of each of several effects; None for one effect, or on another term's axes."""
    weights = figure.weights
    if len(figure.effects) < 2 or weights is None:
        return None
    # Several times a frame while the model is moved: sorted once for all effects; unknown ones come last.
    kept = np.sort(np.einsum("gii->gi", weights), axis=0)
    known = np.isfinite(kept).sum(axis=0).tolist()
    rows = []
    for title, column, seen in zip(figure.titles or figure.effects, kept.T.tolist(), known, strict=True):
        ends = (column[0], column[seen - 1]) if seen else (math.nan, math.nan)
        middle = 0.5 * (column[(len(column) - 1) // 2] + column[len(column) // 2])
        rows.append(KeptRow(title, ends[0], middle if seen == len(column) else math.nan, ends[1]))
    size = len(figure.sizes)
    typical = int(np.argsort(figure.sizes, kind="stable")[size // 2])
    return KeptFigure(figure.term, figure.grouping, tuple(rows), np.array(weights[typical]), figure.alone)
