"""The coordinates in which degrees of freedom are worked out, and the way back to the person's.

Satterthwaite's and Kenward and Roger's degrees of freedom depend on the distribution of the response
alone, not on the columns that span the effects: in an invertible change of basis X → XA, Z → ZB the
directions in which the covariance of the response can move remain the same. In columns of very different
units, or far from their origin, though, they drown in rounding. So both are computed as the engine
computes its fits: for X in the orthonormal Q of sqrt(w) X = Q R, and for the effects of each block that
are free to correlate in columns that are orthonormal on average (:mod:`mmgui.engine.basis`). Hypotheses
about β are hypotheses about Rβ:  Lβ = (L R⁻¹) Rβ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.basis import whitening
from mmgui.engine.design import Design

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FixedCoordinates:
    """The fixed effects as Rβ.

    Attributes
    ----------
    root
        (p, p) upper-triangular R.
    """

    root: FloatArray

    def rows(self, matrix: FloatArray) -> FloatArray:
        """(m, p) combinations L of β as combinations L R⁻¹ of Rβ."""
        from scipy.linalg import solve_triangular

        if not matrix.size:
            return matrix
        out: FloatArray = solve_triangular(self.root, matrix.T, trans=1, check_finite=False).T
        return out

    def covariance(self, inner: FloatArray) -> FloatArray:
        """(p, p) covariance of β, of that of Rβ."""
        inverse = self.rows(np.eye(len(self.root)))
        out: FloatArray = inverse @ inner @ inverse.T
        return out


@dataclass(frozen=True, eq=False)
class WhitenedDesign:
    """The columns of a design in these coordinates.

    Attributes
    ----------
    fixed
        The way to β.
    x
        (n, p) Q / sqrt(w).
    columns
        For each random-effects term (n, s), its columns times T.
    inverses
        For each term (s, s) T⁻¹: a relative factor λ, of the person's columns, is T⁻¹λ of these.
    """

    fixed: FixedCoordinates
    x: FloatArray
    columns: tuple[FloatArray, ...]
    inverses: tuple[FloatArray, ...]

    @staticmethod
    def of(design: Design) -> WhitenedDesign:
        """The columns of a design, fixed effects present or not."""
        roots = np.sqrt(design.row_weights)[:, None]
        q, r = np.linalg.qr(design.x * roots) if design.x.shape[1] else (design.x, np.empty((0, 0)))
        transforms = [whitening(term.columns * roots, term.blocks) for term in design.random]
        return WhitenedDesign(
            FixedCoordinates(r),
            q / roots,
            tuple(term.columns @ t for term, t in zip(design.random, transforms, strict=True)),
            tuple(np.asarray(np.linalg.inv(t), dtype=np.float64) for t in transforms),
        )

    def direction(self, term: int, direction: FloatArray) -> FloatArray:
        """(s, s) a symmetric direction of a term's covariance, given in the person's units."""
        inverse = self.inverses[term]
        out: FloatArray = inverse @ direction @ inverse.T
        return out
