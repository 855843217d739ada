"""Shrinkage: each group's own estimate (no pooling), the model's (partial pooling), and everyone's (complete)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ShrinkageFigure:
    """One random-effects term.

    Attributes
    ----------
    term
        Position of the term in the model (its colour).
    grouping, levels, effects
        The grouping factor, its L groups, the s effects.
    sizes
        (L,) rows per group.
    own
        (L, s) coefficients of a separate regression in each group; NaN where the group's rows cannot give it.
    model
        (L, s) the model's coefficients for each group: fixed effect plus conditional mode.
    complete
        (s,) the coefficients of one regression that ignores the groups; NaN for an effect that has no
        fixed counterpart.
    centre
        (s,) the model's fixed effects, to which estimates are pulled; 0 for an effect without fixed counterpart.
    covariance
        (s, s) estimated covariance of the effects, from which the ellipses are drawn.
    notes
        Sentences about what could not be shown (groups too small for an own estimate, …).
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    sizes: NDArray[np.int64]
    own: FloatArray
    model: FloatArray
    complete: FloatArray
    centre: FloatArray
    covariance: FloatArray
    notes: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """One line a group: rows, own and model estimate of each effect."""
        head = ["Group", "Rows"]
        for effect in self.effects:
            head += [f"{effect} own", f"{effect} model"]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level, int(self.sizes[k])]
            for j in range(len(self.effects)):
                line += [float(self.own[k, j]), float(self.model[k, j])]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))


@dataclass(frozen=True, eq=False, slots=True)
class CaterpillarFigure:
    """Conditional modes of one term with their conditional standard deviations, (L, s) each."""

    term: int
    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    modes: FloatArray
    sd: FloatArray

    def table(self) -> FigureTable:
        """One line a group: mode and conditional SD of each effect."""
        head = ["Group"]
        for effect in self.effects:
            head += [effect, f"{effect} SD"]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level]
            for j in range(len(self.effects)):
                line += [float(self.modes[k, j]), float(self.sd[k, j])]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))
