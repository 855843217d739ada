"""The optimiser's path: criterion and parameters by evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.tabular import FigureTable

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class TraceFigure:
    """(k,) criterion and (k, m) parameters at each evaluation, live or after the fit.

    ``terms`` gives for each parameter the term it belongs to (its colour); ``running`` is True while
    the fit goes on; ``criterion`` is ``"REML criterion"`` or ``"−2 log-likelihood"``.
    """

    criterion: str
    parameters: tuple[str, ...]
    terms: tuple[int, ...]
    objective: FloatArray
    theta: FloatArray
    running: bool

    def table(self) -> FigureTable:
        """One line an evaluation."""
        rows = tuple(
            (k + 1, float(self.objective[k]), *(float(t) for t in self.theta[k]))
            for k in range(len(self.objective))
        )
        return FigureTable(("Evaluation", self.criterion, *self.parameters), rows)
