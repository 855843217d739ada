"""The residual standard deviation that is best for standard deviations and correlations as they are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.threads import one_blas_thread
from mmgui.inference.likelihood.covariance_point import CovariancePoint, CovarianceSpace
from mmgui.inference.likelihood.deviance import Deviance

FloatArray = NDArray[np.float64]

CLOSE = 3e-4
"""A step of log σ that is the last: it leaves about 1e-7 of the criterion, far from the last search 4e-6."""
STEPS = 40
SLOW = 5e-3
"""Seconds of an evaluation from which derivatives, three times as dear, are done without …"""
APART = 1e-3
"""… by the parabola through two σ this far apart, whose curvature is known from the first search."""
FAR = 0.02
"""Steps longer than this are too long for a parabola."""


class BestSigma:
    """Finds it by Newton's method with the derivative's slope carried along from search to search.

    With τ in the response's units θ moves with σ, θ = τ/σ: the criterion's derivative by log σ is
    2ν(1 - s²/σ²) - Σ θ_k ∂D/∂θ_k over the θ that are standard deviations.
    """

    def __init__(self, space: CovarianceSpace) -> None:
        self._space = space
        with one_blas_thread(), np.errstate(all="ignore"):
            self._deviance = Deviance(space.design)
        self._scaled = _scaled(space.design)
        self._slope = 4.0 * self._deviance.nu
        self._known = False

    def at(self, point: CovariancePoint) -> tuple[CovariancePoint, float]:
        """The point with the best σ, searched for from its own, and the criterion there.

        Raises
        ------
        FitError
            Where the equations cannot be solved to working precision.
        """
        if self._known and self._space.model.seconds > SLOW:
            found = self._by_parabola(point)
            if found is not None:
                return found
        theta = self._space.theta(point)
        log_sigma, low, high = math.log(point.sigma), -math.inf, math.inf
        last: tuple[float, float] | None = None
        value = math.nan
        with one_blas_thread(), np.errstate(all="ignore"):
            for _ in range(STEPS):
                sigma = math.exp(log_sigma)
                there = theta.copy()
                there[self._scaled] *= point.sigma / sigma
                value, slope = self._slope_at(there, sigma)
                low, high = (log_sigma, high) if slope < 0.0 else (low, log_sigma)
                if last is not None and log_sigma != last[0]:
                    curvature = (slope - last[1]) / (log_sigma - last[0])
                    self._slope = curvature if curvature > 0.0 else self._slope
                last = (log_sigma, slope)
                step = min(max(-slope / self._slope, -0.7), 0.7)
                log_sigma += step
                if abs(step) < CLOSE:
                    value += 0.5 * slope * step
                    break
                if not low < log_sigma < high:
                    log_sigma = 0.5 * (low + high)
        self._known = True
        return replace(point, sigma=math.exp(log_sigma)), value

    def _by_parabola(self, point: CovariancePoint) -> tuple[CovariancePoint, float] | None:
        """From two values of the criterion; None where the best σ is too far away."""
        value = self._space.criterion(point)
        beside = self._space.criterion(replace(point, sigma=point.sigma * math.exp(APART)))
        slope = (beside - value) / APART - 0.5 * self._slope * APART
        step = -slope / self._slope
        if abs(step) > FAR:
            return None
        return replace(point, sigma=point.sigma * math.exp(step)), value - 0.5 * slope * slope / self._slope

    def _slope_at(self, theta: FloatArray, sigma: float) -> tuple[float, float]:
        nu = self._deviance.nu
        there = self._deviance.at(theta)
        ratio = there.variance / sigma**2
        gradient = there.gradient_at(sigma)
        value = there.objective + nu * (ratio - 1.0 - math.log(ratio))
        along = float(theta[self._scaled] @ gradient[self._scaled])
        return value, 2.0 * nu * (1.0 - ratio) - along


def _scaled(design: Design) -> list[int]:
    """Which θ are relative to σ: all but the correlations of patterned terms."""
    out: list[int] = []
    for t, random in enumerate(design.random):
        own = design.theta_slice(t)
        count = random.theta_count if random.pattern is None else random.pattern.sds
        out += range(own.start, own.start + count)
    return out
