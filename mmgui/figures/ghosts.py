"""The fit without one group as the pictures of the whole fit show it: behind, dashed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.groups import GroupsFigure
from mmgui.figures.influence import DeletionGhost
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class GroupsGhost:
    """The model's line for an average group, with all groups and without one.

    Attributes
    ----------
    name
        ``without 335``.
    group
        The position of the group left out among the figure's.
    average, without
        (n,) at the figure's rows: the fixed effects' line of the whole fit and of that without the group,
        which is also what the latter predicts for the group.
    """

    name: str
    group: int
    average: FloatArray
    without: FloatArray

    def beside(self, table: FigureTable) -> FigureTable:
        """The table of the figure with both lines, row by row."""
        columns = (*table.columns, "Average", f"Average {self.name}")
        lines = zip(self.average.tolist(), self.without.tolist(), strict=True)
        rows = tuple((*row, *line) for row, line in zip(table.rows, lines, strict=True))
        return FigureTable(columns, rows)


@dataclass(frozen=True, eq=False, slots=True)
class ShrinkageGhost:
    """To what, and how strongly, a term's effects would be pulled without one group.

    Attributes
    ----------
    name
        ``without 335``.
    centre
        (s,) the fixed effects to which the figure's effects are pulled.
    covariance
        (s, s) Σ of the figure's effects.
    """

    name: str
    centre: FloatArray
    covariance: FloatArray

    def beside(self, table: FigureTable, effects: tuple[str, ...]) -> FigureTable:
        """The table of the figure with these effects' common values, SDs and correlations."""
        sd = np.sqrt(np.diag(self.covariance))
        head = [f"{e} common {self.name}" for e in effects] + [f"{e} SD {self.name}" for e in effects]
        values = [*self.centre.tolist(), *sd.tolist()]
        for i, j in combinations(range(len(effects)), 2):
            head.append(f"Correlation {effects[i]}, {effects[j]} {self.name}")
            both = float(sd[i] * sd[j])
            values.append(float(self.covariance[i, j]) / both if both else float("nan"))
        return FigureTable((*table.columns, *head), tuple((*row, *values) for row in table.rows))


def groups_ghost(figure: GroupsFigure, ghost: DeletionGhost | None) -> GroupsGhost | None:
    """What the groups' figure of the whole fit shows of the fit without one of its groups.

    None where there is no ghost, where it is of another fit or of a group that the figure has not, and
    where a fixed effect could not be estimated without the group.
    """
    lines = figure.lines
    if ghost is None or lines is None or not _is_of(ghost, figure.term, figure.levels):
        return None
    design = ghost.fit.design
    known = len(lines.pure) == len(ghost.beta) and len(figure.y) == design.nobs
    if not known or figure.grouping != ghost.grouping or ghost.level not in figure.levels:
        return None
    if np.isnan(ghost.beta).any():
        return None
    offset = np.zeros(design.nobs) if design.offset is None else design.offset
    average, without = (
        lines.of_coefficients(beta, design.x @ beta + offset) for beta in (ghost.fit.beta, ghost.beta)
    )
    return GroupsGhost(ghost.name, figure.levels.index(ghost.level), average, without)


def shrinkage_ghost(figure: ShrinkageFigure, ghost: DeletionGhost | None) -> ShrinkageGhost | None:
    """What the shrinkage figure of the whole fit shows of the fit without a group, of whichever factor."""
    if ghost is None or figure.link is None or not _is_of(ghost, figure.term, figure.levels):
        return None
    effects = ghost.fit.terms[figure.term].effects
    known = set(figure.effects) <= set(effects) and figure.link.shape[1] == len(ghost.beta)
    if not known or np.isnan(ghost.beta).any():
        return None
    places = [effects.index(e) for e in figure.effects]
    covariance = ghost.covariances[figure.term][np.ix_(places, places)]
    return ShrinkageGhost(ghost.name, figure.link @ ghost.beta, covariance)


def _is_of(ghost: DeletionGhost, term: int, levels: tuple[str, ...]) -> bool:
    """Whether the ghost's fit has the term that a figure shows."""
    return term < len(ghost.fit.terms) and ghost.fit.terms[term].levels == levels
