"""Many minimisations of one function in a row, each near the last: its curvature is carried along."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], tuple[float, FloatArray]]

STEPS, HALVINGS = 60, 25
"""Steps of a search, and shortenings of a step, at the most."""
ARMIJO = 1e-4
"""Share of the fall that the slope promises with which a step is content."""
LONGEST = 1.5
"""The longest step in any coordinate; each is about 1 where an effect is as large as the residual."""


class Descent:
    """BFGS that begins with the inverse Hessian that the last search arrived with."""

    def __init__(self) -> None:
        self._inverse = np.empty((0, 0))
        self.evaluations = 0

    def minimise(
        self, function: Function, start: FloatArray, tolerance: float, scale: float
    ) -> tuple[FloatArray, float]:
        """The minimum near ``start`` and its value.

        Parameters
        ----------
        function
            Value and gradient; infinite where it cannot be evaluated.
        start
            (m,) where to begin.
        tolerance
            Largest entry of the gradient over ``scale`` at which the search ends.
        scale
            About the function's curvature.
        """
        m = len(start)
        if self._inverse.shape != (m, m):
            self._inverse = np.eye(m) / scale
        inverse, x = self._inverse, start
        value, gradient = function(x)
        self.evaluations += 1
        if not math.isfinite(value) or not m:
            return x, value
        for _ in range(STEPS):
            if float(np.abs(gradient).max()) <= tolerance * scale:
                self._inverse = inverse
                return x, value
            step = -inverse @ gradient
            slope = float(step @ gradient)
            if not slope < 0.0:
                inverse = np.eye(m) / scale
                step = -gradient / scale
                slope = float(step @ gradient)
            step *= min(1.0, LONGEST / max(float(np.abs(step).max()), 1e-300))
            found = self._along(function, x, value, step, float(step @ gradient))
            if found is None:
                if inverse is not self._inverse:
                    break
                inverse = np.eye(m) / scale
                self._inverse = inverse.copy()
                continue
            new_x, new_value, new_gradient = found
            inverse = _updated(inverse, new_x - x, new_gradient - gradient)
            x, value, gradient = new_x, new_value, new_gradient
        # What was learnt on a way that did not arrive is no help to the next.
        self._inverse = np.eye(m) / scale
        return x, value

    def _along(
        self, function: Function, x: FloatArray, value: float, step: FloatArray, slope: float
    ) -> tuple[FloatArray, float, FloatArray] | None:
        """A lower point along the step; None where none is."""
        t = 1.0
        noise = 1e-12 * max(1.0, abs(value))
        for _ in range(HALVINGS):
            there = x + t * step
            new, gradient = function(there)
            self.evaluations += 1
            if new <= value + ARMIJO * t * slope + noise:
                return there, new, gradient
            if math.isfinite(new):
                # The minimum of the parabola through both values and the slope.
                t *= min(max(-0.5 * t * slope / (new - value - t * slope), 0.1), 0.5)
            else:
                t *= 0.25
        return None


def _updated(inverse: FloatArray, step: FloatArray, change: FloatArray) -> FloatArray:
    curvature = float(step @ change)
    if curvature <= 1e-10 * float(np.linalg.norm(step) * np.linalg.norm(change)):
        return inverse
    hy = inverse @ change
    cross = np.outer(step, hy)
    return np.asarray(
        inverse
        + np.outer(step, step) * ((1.0 + float(change @ hy) / curvature) / curvature)
        - (cross + cross.T) / curvature
    )
