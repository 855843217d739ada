"""The last steps: the Hessian by differences of the gradient, Newton's method, and escape from saddles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.bfgs import Pairs, secant_hessian
from mmgui.engine.design import FloatArray
from mmgui.engine.parameters import Free
from mmgui.engine.search import Point, Search

STEP = 1e-4
# Scaled gradient at which a fit is finished.
FINISHED = 1e-8


@dataclass(eq=False, slots=True)
class Polished:
    """Where Newton's method ended: the point, eigenvalues of the scaled Hessian, whether it was a saddle."""

    point: Point
    eigenvalues: FloatArray
    escaped: bool


def hessian(search: Search, free: Free, point: Point) -> FloatArray:
    """(m, m) Hessian of the criterion by forward differences of the analytic gradient."""
    m = point.x.size
    out = np.empty((m, m))
    for k in range(m):
        x = point.x.copy()
        step = STEP * max(0.3, abs(x[k]))
        x[k] += step
        out[k] = (search(free, x).gradient - point.gradient) / step
    return 0.5 * (out + out.T)


def polish(search: Search, free: Free, point: Point, pairs: Pairs | None = None) -> Polished:
    """Newton steps until the scaled gradient is finished, or one step out of a saddle.

    Where evaluations are costly, ``pairs`` (the steps of the search) stand in for the Hessian, and the
    point is left as it is.
    """
    if not point.x.size:
        return Polished(point, np.empty(0), escaped=False)
    curvature = hessian(search, free, point) if pairs is None else secant_hessian(search, free, point, pairs)
    values, vectors = np.linalg.eigh(curvature)
    largest = float(np.abs(values).max())
    if values[0] < -1e-6 * largest:
        lower = _escape(search, free, point, vectors[:, 0])
        if lower is not None:
            return Polished(lower, values / search.scale, escaped=True)
    inverse = (vectors / np.maximum(np.abs(values), 1e-10 * max(largest, 1e-300))) @ vectors.T
    for _ in range(6 if pairs is None else 0):
        if point.norm(search.scale) <= FINISHED:
            break
        trial = search(free, point.x - inverse @ point.gradient)
        better = trial.norm(search.scale) < 0.5 * point.norm(search.scale)
        if not np.isfinite(trial.value) or not better or trial.value > point.value + 1e-7:
            break
        point = trial
    return Polished(point, values / search.scale, escaped=False)


def _escape(search: Search, free: Free, point: Point, direction: FloatArray) -> Point | None:
    """A point along ± ``direction`` where the criterion is lower by more than rounding."""
    best: Point | None = None
    for sign in (1.0, -1.0):
        for length in (0.3, 0.03, 0.003):
            trial = search(free, point.x + sign * length * direction)
            if trial.value < point.value - 1e-9 * max(1.0, abs(point.value)):
                if best is None or trial.value < best.value:
                    best = trial
                break
    return best
