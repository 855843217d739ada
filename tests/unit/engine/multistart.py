"""The lowest criterion that general-purpose optimisers find from many starts: what a fit must not exceed."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from mmgui.engine.criterion import Criterion
from mmgui.errors import FitError


def theta_scales(criterion: Criterion) -> np.ndarray:
    """(m,) for each entry of theta the reciprocal root mean square of its row's column."""
    scales = []
    for random in criterion.design.random:
        rms = np.sqrt((random.columns**2).mean(axis=0))
        scales += [1.0 / rms[i] if rms[i] > 0 else 1.0 for i, _ in random.parameter_positions]
    return np.array(scales)


def best_of(
    criterion: Criterion, starts: int, seed: int = 0, near: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """The lowest value, and theta, that L-BFGS-B, BFGS and (up to 4 parameters) Nelder-Mead come to.

    They search theta with its entries scaled by the columns' root mean squares, from λ = I, random λ of
    sizes 0.01 to 100, and around ``near``.
    """
    scale, rng = theta_scales(criterion), np.random.default_rng(seed)
    diagonal = np.array([i == j for r in criterion.design.random for i, j in r.parameter_positions])

    def value(t: np.ndarray) -> tuple[float, np.ndarray]:
        try:
            v, g = criterion.value_and_gradient(t * scale)
        except FitError:
            return 1e10, np.zeros_like(t)
        g = g * scale
        return (v, g) if np.isfinite(v) and np.isfinite(g).all() else (1e10, np.zeros_like(t))

    points = [np.where(diagonal, 1.0, 0.0)]
    if near is not None:
        points.append(near / scale + 0.1 * rng.normal(size=near.size))
    while len(points) < starts:
        size = 10.0 ** rng.uniform(-2, 2, scale.size)
        points.append(size * rng.normal(size=scale.size) * np.where(diagonal, 1.0, rng.integers(0, 2)))
    best, where = np.inf, points[0]
    for k, start in enumerate(points[:starts]):
        end = minimize(
            value, start, jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-15, "gtol": 1e-9}
        )
        if k < 2 or end.fun < best + 1.0:
            end = minimize(value, end.x, jac=True, method="BFGS", options={"maxiter": 200, "gtol": 1e-8})
        if k == 0 and scale.size <= 4:
            end = min(end, minimize(lambda t: value(t)[0], end.x, method="Nelder-Mead"), key=lambda e: e.fun)
        if end.fun < best:
            best, where = float(end.fun), end.x
    return best, where * scale
