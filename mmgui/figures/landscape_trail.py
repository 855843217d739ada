"""The way of an optimiser over a landscape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.landscape import LandscapeFigure
from mmgui.figures.moved import MovableFit
from mmgui.figures.trace import lower_than_before, starts_of
from mmgui.inference.landscape.surface import trail_of

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Trail:
    """Evaluations of the criterion on the axes of a landscape.

    Attributes
    ----------
    places
        (e, 1) or (e, 2) where they were.
    difference
        (e,) the criterion less the landscape's best value.
    starts
        (e,) which of the search's starts each descends from.
    """

    places: FloatArray
    difference: FloatArray
    starts: NDArray[np.int64]

    @property
    def improving(self) -> NDArray[np.bool_]:
        """(e,) which were lower than all before them from their start."""
        return lower_than_before(self.difference, self.starts)


def trail(figure: LandscapeFigure) -> Trail:
    """The way to the fit of which the landscape is."""
    return Trail(figure.trail, figure.trail_difference, figure.starts)


def other_trail(figure: LandscapeFigure, movable: MovableFit, fit: Fit) -> Trail:
    """The way to another fit of the same model, on the same landscape."""
    chosen = tuple(movable.coordinates[name] for name in figure.names)
    best = movable.fit.objective - figure.fit_difference
    return Trail(trail_of(movable.space, chosen, fit), fit.log.objective - best, starts_of(fit.log))
