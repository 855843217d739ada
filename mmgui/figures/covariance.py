"""The covariance of one term's effects: as covariances, as correlations, and as an ellipse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import RandomDesign
from mmgui.engine.result import Fit, FittedTerm
from mmgui.figures.covariance_pattern import CovariancePattern
from mmgui.figures.equation_columns import effect_of_columns
from mmgui.figures.shared_parameters import structure_sentence
from mmgui.figures.sigma_directions import DirectionsFigure, directions_figure, moved_directions
from mmgui.figures.singularity import flat_direction
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import parameter_names, parameter_terms
from mmgui.figures.wording import effect_name, effect_titles
from mmgui.inference.normal import joint_radius

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

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
    factor
        (s, s) relative factor λ with Σ = σ² λ λᵀ, lower triangular; None where it is not known.
    parameters
        θ: (name, value) of each entry, named as in the formula and the trace.
    names
        The name of the entry of θ that each entry of λ is, as ((i, j), name) pairs; empty for a patterned
        term, whose λ follows from fewer parameters.
    pattern
        Which entries of Σ are parameters, shared or held at zero; None where it is not known.
    labels
        For each effect its label in the model, ``"1"`` for the intercept, ``"Machine"`` for ``MachineB``.
    directions
        In which directions the groups differ; None where it is not known.
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
    factor: FloatArray | None = None
    parameters: tuple[tuple[str, float], ...] = ()
    names: tuple[tuple[tuple[int, int], str], ...] = ()
    pattern: CovariancePattern | None = None
    labels: tuple[str, ...] = ()
    directions: DirectionsFigure | None = None

    @property
    def sd(self) -> FloatArray:
        """(s,) standard deviations of the effects."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))

    def factor_name(self, i: int, j: int) -> str:
        """Which entry of θ an entry of λ is; empty where it is none."""
        return next((name for at, name in self.names if at == (i, j)), "")

    def factor_is_zero(self, i: int, j: int) -> bool:
        """Whether the model holds an entry of λ at zero."""
        return j > i or not bool(self.free[i, j])

    def slope_on(self, across: int, up: int) -> float:
        """By how much effect ``up`` is expected to differ per unit of effect ``across``; NaN where that
        does not vary."""
        variance = float(self.covariance[across, across])
        return float(self.covariance[up, across]) / variance if variance > 0.0 else float("nan")

    def table(self) -> FigureTable:
        """One line a pair of effects: covariance, correlation, entry of λ."""
        names, factor = self.effects, self.factor
        rows = tuple(
            (
                names[i],
                names[j],
                float(self.covariance[i, j]),
                float(self.correlation[i, j]),
                *(() if factor is None else (float(factor[i, j]),)),
            )
            for i in range(len(names))
            for j in range(i + 1)
        )
        entry = () if factor is None else ("Relative factor",)
        return FigureTable(("Effect", "Other", "Covariance", "Correlation", *entry), rows)


def ellipse(covariance: FloatArray, centre: FloatArray, probability: float, points: int = 73) -> FloatArray:
    """Outline of the region that holds ``probability`` of a bivariate normal, as (points, 2).

    A singular covariance gives a line, a zero covariance a point.
    """
    values, vectors = np.linalg.eigh(covariance)
    half_axes = vectors * np.sqrt(np.maximum(values, 0.0)) * joint_radius(probability)
    angle = np.linspace(0.0, 2.0 * np.pi, points)
    return np.asarray(centre + np.column_stack([np.cos(angle), np.sin(angle)]) @ half_axes.T)


def covariance_figures(fit: Fit) -> tuple[CovarianceFigure, ...]:
    """One figure for each random-effects term."""
    return tuple(_figure(fit, k) for k in range(len(fit.terms)))


def _figure(fit: Fit, k: int) -> CovarianceFigure:
    term, random = fit.terms[k], fit.design.random[k]
    titles = effect_titles(fit.design, k)
    spec = fit.design.spec.random[k]
    owners = effect_of_columns(spec, term.effects)
    return CovarianceFigure(
        term=k,
        grouping=term.grouping,
        effects=term.effects,
        covariance=term.covariance,
        correlation=term.correlation,
        free=_free(term),
        modes=term.modes,
        levels=term.levels,
        relative_singular_values=term.singular_values,
        rank=term.rank,
        direction=flat_direction(fit, k),
        titles=titles,
        structure=structure_sentence(random),
        factor=term.relative_factor,
        parameters=_parameters(fit, k),
        names=_entries(fit, k, random),
        pattern=CovariancePattern(
            tuple(effect_name(e) for e in term.effects),
            tuple(len(b) for b in random.blocks),
            random.structure,
        ),
        labels=tuple(spec.effects[e].label for e in owners),
        directions=directions_figure(fit, k, titles),
    )


def moved_covariance(figure: CovarianceFigure, moved: Moved) -> CovarianceFigure:
    """The figure of the best fit with what follows the hand replaced."""
    fit, k = moved.fit, figure.term
    term = fit.terms[k]
    here = fit.theta[fit.design.theta_slice(k)]
    return replace(
        figure,
        covariance=term.covariance,
        correlation=term.correlation,
        modes=term.modes,
        relative_singular_values=term.singular_values,
        rank=term.rank,
        direction=flat_direction(fit, k) if term.singular else "",
        factor=term.relative_factor,
        parameters=tuple((n, float(v)) for (n, _), v in zip(figure.parameters, here, strict=True)),
        directions=None if figure.directions is None else moved_directions(figure.directions, fit),
    )


def _free(term: FittedTerm) -> NDArray[np.bool_]:
    free = np.eye(len(term.effects), dtype=np.bool_)
    for i, j in term.free_pairs:
        free[i, j] = free[j, i] = True
    return free


def _parameters(fit: Fit, k: int) -> tuple[tuple[str, float], ...]:
    """θ of a term, each entry by its name without the grouping factor."""
    design, start = fit.design, f"{fit.terms[k].grouping}: "
    entries = zip(parameter_names(design), parameter_terms(design), fit.theta, strict=True)
    return tuple((name.removeprefix(start), float(value)) for name, term, value in entries if term == k)


def _entries(fit: Fit, k: int, random: RandomDesign) -> tuple[tuple[tuple[int, int], str], ...]:
    """Which entries of λ are entries of θ, by name."""
    if random.pattern is not None:
        return ()
    names = [name for name, _ in _parameters(fit, k)]
    return tuple(zip(((i, j) for i, j in random.parameter_positions), names, strict=True))
