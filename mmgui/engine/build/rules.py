"""What a transformation learned from the rows fitted, kept so that new rows are transformed alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.polynomials import ArnoldiRecursion, raw_polynomials
from mmgui.engine.build.splines import bspline_design, natural_spline_design

FloatArray = NDArray[np.float64]


class Rule(Protocol):
    """A transformation with its constants settled."""

    def at(self, x: FloatArray) -> FloatArray:
        """(n,) or (n, k) the transformation of (n,) finite numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Standardization:
    """(x - shift) / divisor: ``center`` and ``scale``."""

    shift: float
    divisor: float

    def at(self, x: FloatArray) -> FloatArray:
        """(n,) standardized."""
        return np.asarray((x - self.shift) / self.divisor)


@dataclass(frozen=True, slots=True)
class RawPolynomial:
    """x, x², …: ``poly(x, raw = TRUE)``."""

    degree: int

    def at(self, x: FloatArray) -> FloatArray:
        """(n, degree) powers."""
        return raw_polynomials(x, self.degree)


@dataclass(frozen=True, eq=False, slots=True)
class OrthogonalPolynomial:
    """The polynomials that are orthonormal on the rows fitted: ``poly``."""

    recursion: ArnoldiRecursion

    def at(self, x: FloatArray) -> FloatArray:
        """(n, degree) the same polynomials at other points."""
        return self.recursion.at(x)


@dataclass(frozen=True, eq=False, slots=True)
class BSpline:
    """``bs``; beyond the boundary knots the outermost pieces go on, as in R."""

    knots: FloatArray
    order: int

    def at(self, x: FloatArray) -> FloatArray:
        """(n, k) basis without its first column."""
        return bspline_design(self.knots, x, self.order)[:, 1:]


@dataclass(frozen=True, eq=False, slots=True)
class NaturalSpline:
    """``ns``; beyond the boundary knots straight lines go on, as in R."""

    knots: FloatArray
    rotation: FloatArray

    def at(self, x: FloatArray) -> FloatArray:
        """(n, k) basis."""
        return natural_spline_design(self.knots, self.rotation, x)
