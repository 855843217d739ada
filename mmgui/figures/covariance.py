"""The covariance of one term's effects: as covariances, as correlations, and as an ellipse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.shared_parameters import structure_sentence
from mmgui.figures.singularity import flat_direction
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_titles

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class CovarianceFigure:
    """One random-effects term.

    Attributes
    ----------
    term, grouping, effects
        As in the shrinkage figure.
    covariance, correlation
        (s, s); correlations are NaN where an effect has no variance.
    free
        (s, s) True on the diagonal and where the covariance is a parameter, False where the model
        fixes it at 0.
    modes
        (L, s) conditional modes, drawn inside the ellipse.
    levels
        The L groups.
    relative_singular_values
        (s,) share of the largest direction's spread each direction has, descending.
    rank
        How many directions have variance.
    direction
        What combination of effects has no variance, in words; empty if there is none.
    titles
        The s effects as axis titles; empty to use the effects' names.
    structure
        How the effects vary together, in a sentence; empty for a single effect.
    """

    term: int
    grouping: str
    effects: tuple[str, ...]
    covariance: FloatArray
    correlation: FloatArray
    free: NDArray[np.bool_]
    modes: FloatArray
    levels: tuple[str, ...]
    relative_singular_values: FloatArray
    rank: int
    direction: str = ""
    titles: tuple[str, ...] = ()
    structure: str = ""

    def table(self) -> FigureTable:
        """One line a pair of effects: covariance and correlation."""
        names = self.effects
        rows = tuple(
            (names[i], names[j], float(self.covariance[i, j]), float(self.correlation[i, j]))
            for i in range(len(names))
            for j in range(i + 1)
        )
        return FigureTable(("Effect", "Other", "Covariance", "Correlation"), rows)


def ellipse(covariance: FloatArray, centre: FloatArray, probability: float, points: int = 73) -> FloatArray:
    """Outline of the region that holds ``probability`` of a bivariate normal, as (points, 2).

    A singular covariance gives a line, a zero covariance a point. Radius² is the χ²(2) quantile
    −2 log(1 − probability).
    """
    values, vectors = np.linalg.eigh(covariance)
    half_axes = vectors * np.sqrt(np.maximum(values, 0.0)) * np.sqrt(-2.0 * np.log1p(-probability))
    angle = np.linspace(0.0, 2.0 * np.pi, points)
    return np.asarray(centre + np.column_stack([np.cos(angle), np.sin(angle)]) @ half_axes.T)


def covariance_figures(fit: Fit) -> tuple[CovarianceFigure, ...]:
    """One figure for each random-effects term."""
    figures = []
    for k, term in enumerate(fit.terms):
        free = np.eye(len(term.effects), dtype=np.bool_)
        for i, j in term.free_pairs:
            free[i, j] = free[j, i] = True
        figures.append(
            CovarianceFigure(
                term=k,
                grouping=term.grouping,
                effects=term.effects,
                covariance=term.covariance,
                correlation=term.correlation,
                free=free,
                modes=term.modes,
                levels=term.levels,
                relative_singular_values=term.singular_values,
                rank=term.rank,
                direction=flat_direction(fit, k),
                titles=effect_titles(fit.design, k),
                structure=structure_sentence(fit.design.random[k]),
            )
        )
    return tuple(figures)
