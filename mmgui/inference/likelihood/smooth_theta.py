"""θ through coordinates that may take every value and in which all is smooth at the edges of its domain.

Entries of a relative factor are taken in units in which they matter about equally; the parameters of
patterned terms through the coordinates of :mod:`mmgui.engine.patterns`. Each θ depends on its own
coordinate alone, so that one of them can be held while the others move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.patterns import Coordinates, coordinates_of

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

# Coordinates nearer than this to a point where θ does not move with them …
_STUCK = 1e-3
# … are moved this far.
_NUDGE = 0.1
# Other correlations to search from, as parts of their limits.
_ELSEWHERE = 0.5
# Effects that lean on another have this correlation with it.
_LEANING = 0.95


@dataclass(frozen=True, eq=False)
class SmoothTheta:
    """θ(x) of a design, entry by entry.

    Attributes
    ----------
    units
        (m,) for each θ the value at which its effect is about as large as the residual; 1 for correlations.
    patterned
        Where the parameters of each patterned term stand, and their coordinates.
    rows
        Where the entries of each row of λ but the first stand, block by block of effects free to correlate.
    """

    units: FloatArray
    patterned: tuple[tuple[slice, Coordinates], ...]
    rows: tuple[IndexArray, ...] = ()

    @staticmethod
    def of(design: Design) -> SmoothTheta:
        """The coordinates of a design's θ."""
        units: list[float] = []
        patterned = []
        rows: list[IndexArray] = []
        for k, term in enumerate(design.random):
            if term.pattern is not None:
                own = coordinates_of(term.pattern, term.columns)
                patterned.append((design.theta_slice(k), own))
                units += own.units.tolist() + [1.0] * term.pattern.correlated
                continue
            size = np.sqrt(np.mean(term.columns**2, axis=0))
            size = np.where(size > 0.0, size, 1.0)
            positions = np.array([i for i, _ in term.parameter_positions])
            firsts = {b[0] for b in term.blocks}
            rows += [len(units) + np.flatnonzero(positions == i) for i in range(len(size)) if i not in firsts]
            units += (1.0 / size[positions]).tolist()
        return SmoothTheta(np.array(units), tuple(patterned), tuple(rows))

    def theta(self, x: FloatArray) -> FloatArray:
        """θ(x)."""
        out: FloatArray = x * self.units
        for at, own in self.patterned:
            out[at] = own.theta(x[at])
        return out

    def slopes(self, x: FloatArray) -> FloatArray:
        """(m,) dθ/dx."""
        out = self.units.copy()
        for at, own in self.patterned:
            out[at] = own.slopes(x[at])
        return out

    def x(self, theta: FloatArray) -> FloatArray:
        """An x with θ(x) = θ."""
        out: FloatArray = theta / self.units
        for at, own in self.patterned:
            out[at] = own.x(theta[at])
        return out

    def off_edges(self, x: FloatArray) -> FloatArray:
        """x moved off the points at which every criterion is stationary: variances of 0, limits of ρ."""
        out = np.where(np.abs(x) < _STUCK, _NUDGE, x)
        for at, own in self.patterned:
            if own.pattern.correlated:
                rho = at.stop - 1
                stuck = abs(own.pattern.rho_slope(float(x[rho]))) < _STUCK
                out[rho] = x[rho] + _NUDGE if stuck else x[rho]
        return out

    def elsewhere(self, x: FloatArray) -> list[FloatArray]:
        """x with the correlation of each patterned term in turn elsewhere: likelihoods may have two peaks."""
        out = []
        for at, own in self.patterned:
            if not own.pattern.correlated:
                continue
            for limit in own.pattern.limits:
                moved = x.copy()
                moved[at.stop - 1] = own.pattern.angle(_ELSEWHERE * limit)
                out.append(moved)
        return out

    def leaning(self, x: FloatArray) -> list[FloatArray]:
        """x with all effects of a block nearly in lockstep with its first, all along with it or all against.

        Where one variance is held far from its estimate, another often goes with it.
        """
        if not self.rows:
            return []
        out = []
        for correlation in (_LEANING, -_LEANING):
            moved = x.copy()
            for row in self.rows:
                length = max(float(np.linalg.norm(x[row])), 1.0)
                moved[row] = length * np.sqrt((1.0 - _LEANING**2) / max(len(row) - 1, 1))
                moved[row[0]] = length * correlation
            out.append(moved)
        return out
