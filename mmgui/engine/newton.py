"""The last steps: the Hessian by differences of the gradient, Newton's method, and escape from saddles.

Everything is measured in the units of ``Point.units``, so that relative standard deviations of a
thousand, where the criterion depends on their logarithm, pose the same problem as those of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.bfgs import LONGEST, Pairs, line_search, secant_hessian
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free
from mmgui.engine.search import Point, Search

# Relative steps of the differences; the longer ones where rounding hides the curvature.
STEP, LONGER = 1e-4, (1e-3, 1e-2)
# Uncertainty of a scaled curvature that changes no verdict.
NEGLIGIBLE = 1e-9
# Scaled gradient at which a fit is finished.
FINISHED = 1e-8
# Below this ratio of the Hessian's eigenvalues forward differences do not tell its smallest one.
DOUBTFUL = 1e-2
# Below this one the Hessian is taken again where Newton's method ends.
NARROW = 1e-4
# An eigenvalue this far below zero, relative to the largest, is no rounding.
SADDLE = 1e-6
NEWTON_STEPS, HESSIANS = 6, 12
# Evaluations per parameter after which Newton's method that has not arrived is left off.
PER_PARAMETER = 15
# A fall by less than so many times what rounding may do is none.
PROGRESS = 10.0


@dataclass(eq=False, slots=True)
class Polished:
    """Where Newton's method ended.

    Attributes
    ----------
    point
        The point.
    eigenvalues
        (m,) ascending, of the Hessian of criterion / rows there, in the point's units.
    rounding
        What differences of the gradient leave uncertain about them.
    decrement
        What Newton's method expects the criterion still to fall.
    escaped
        Whether it was a saddle; the point is then beside it, and lower.
    """

    point: Point
    eigenvalues: FloatArray
    rounding: float
    decrement: float
    escaped: bool


@dataclass(eq=False, slots=True)
class Curvature:
    """Eigenvalues and vectors of the Hessian in the units of a point, and how uncertain it is."""

    values: FloatArray
    vectors: FloatArray
    rounding: float

    @property
    def largest(self) -> float:
        """The largest absolute eigenvalue."""
        return max(float(np.abs(self.values).max()), 1e-300)

    def newton(self, gradient: FloatArray) -> FloatArray:
        """The Newton step, downhill also where the curvature is negative."""
        sizes = np.maximum(np.abs(self.values), 1e-10 * self.largest)
        step: FloatArray = -(self.vectors / sizes) @ (self.vectors.T @ gradient)
        return step


def curvature_at(search: Search, free: Free, point: Point) -> Curvature:
    """The Hessian by forward differences of the gradient; by central ones where they tell too little.

    Where rounding of the gradient hides the smallest eigenvalue, longer steps are tried.
    """
    rows = _differences(search, free, point, STEP)
    best = _decomposed(rows, point.units)
    if float(best.values[0]) >= DOUBTFUL * best.largest:
        return best
    best = _decomposed(0.5 * (rows + _differences(search, free, point, -STEP)), point.units)
    for step in LONGER:
        if best.rounding <= max(0.1 * abs(float(best.values[0])), NEGLIGIBLE * search.scale):
            break
        rows = 0.5 * (_differences(search, free, point, step) + _differences(search, free, point, -step))
        other = _decomposed(rows, point.units)
        best = min(best, other, key=lambda c: c.rounding)
    return best


def _differences(search: Search, free: Free, point: Point, relative: float) -> FloatArray:
    """(m, m) changes of the gradient along each coordinate, divided by the steps."""
    steps = relative * np.maximum(0.3, np.abs(point.x))
    moved = [
        search(free, point.x + step * unit) for step, unit in zip(steps, np.eye(steps.size), strict=True)
    ]
    return np.array([(p.gradient - point.gradient) / step for p, step in zip(moved, steps, strict=True)])


def _decomposed(rows: FloatArray, units: FloatArray) -> Curvature:
    """A Hessian is symmetric: what is not is rounding."""
    scaled = rows * np.outer(units, units)
    values, vectors = np.linalg.eigh(0.5 * (scaled + scaled.T))
    return Curvature(values, vectors, float(np.abs(scaled - scaled.T).max()))


def polish(search: Search, free: Free, point: Point, pairs: Pairs | None = None) -> Polished:
    """Newton steps until the scaled gradient is finished, or one step out of a saddle.

    Where evaluations are costly, ``pairs`` (the steps of the search) stand in for the Hessian, and the
    point is left as it is.
    """
    if not point.x.size:
        return Polished(point, np.empty(0), 0.0, 0.0, escaped=False)
    if pairs is not None:
        scaled = secant_hessian(search, free, point, pairs) * np.outer(point.units, point.units)
        curvature = Curvature(*np.linalg.eigh(scaled), 0.0)
        lower = _escape(search, free, point, curvature)
        return _polished(search, lower or point, curvature, escaped=lower is not None)
    last = search.count + PER_PARAMETER * point.x.size
    for _ in range(HESSIANS):
        curvature = curvature_at(search, free, point)
        lower = _escape(search, free, point, curvature)
        if lower is not None:
            return _polished(search, lower, curvature, escaped=True)
        before = point
        point, moving = _steps(search, free, point, curvature)
        # Beside the optimum of a bent valley its floor seems curved.
        if not moving and (point is before or float(curvature.values[0]) > NARROW * curvature.largest):
            break
        if search.count > last:
            # Quasi-Newton steps lead on for less.
            break
    return _polished(search, point, curvature, escaped=False)


def _polished(search: Search, point: Point, curvature: Curvature, *, escaped: bool) -> Polished:
    gradient = point.gradient * point.units
    decrement = -0.5 * float(gradient @ curvature.newton(gradient))
    n = search.scale
    return Polished(point, curvature.values / n, curvature.rounding / n, decrement, escaped)


def _steps(search: Search, free: Free, point: Point, curvature: Curvature) -> tuple[Point, bool]:
    """Newton steps with one Hessian; whether another Hessian may lead further."""
    units = point.units
    for _ in range(NEWTON_STEPS):
        if point.norm(search.scale) <= FINISHED:
            return point, False
        step = units * curvature.newton(units * point.gradient)
        trial = search(free, point.x + step)
        better = trial.norm(search.scale) < 0.5 * point.norm(search.scale)
        if not np.isfinite(trial.value) or not better or trial.value > point.value + 1e-7 + point.noise:
            break
        point = trial
    if point.norm(search.scale) <= FINISHED:
        return point, False
    step = units * curvature.newton(units * point.gradient)
    expected = -0.5 * float(step @ point.gradient)
    if not expected > point.noise:
        return point, False
    step *= min(1.0, LONGEST / float(np.abs(step / units).max()))
    lower = line_search(search, free, point, step)
    if lower is None:
        return point, False
    return lower, lower.value < point.value - PROGRESS * point.noise


def _escape(search: Search, free: Free, point: Point, curvature: Curvature) -> Point | None:
    """A point along ± the direction of most negative curvature where the criterion is lower."""
    if float(curvature.values[0]) >= -max(SADDLE * curvature.largest, curvature.rounding):
        return None
    direction = curvature.vectors[:, 0] * point.units
    best: Point | None = None
    for sign in (1.0, -1.0):
        for length in (0.3, 0.03, 0.003):
            trial = search(free, point.x + sign * length * direction)
            if trial.value < point.value - 1e-9 * max(1.0, abs(point.value)) - PROGRESS * point.noise:
                if best is None or trial.value < best.value:
                    best = trial
                break
    return best
