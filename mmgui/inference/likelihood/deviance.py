"""The criterion as a function of θ in the person's units, with the derivatives that inference needs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.elimination import Elimination
from mmgui.engine.solution import Solution, solve

FloatArray = NDArray[np.float64]


class Point:
    """The criterion at one θ; what costs more is worked out when it is asked for."""

    def __init__(self, criterion: Criterion, theta: FloatArray, nu: int) -> None:
        self._criterion = criterion
        self._flat = criterion.flat(theta)
        self._state: Elimination = criterion.eliminate(self._flat)
        self._nu = nu

    @property
    def objective(self) -> float:
        """The profiled criterion: -2 log-likelihood, or the REML criterion."""
        return self._state.criterion(reml=self._criterion.reml)

    @cached_property
    def gradient(self) -> FloatArray:
        """(m,) its derivatives."""
        return self._derivatives(self._criterion.weights)

    def gradient_at(self, sigma: float) -> FloatArray:
        """(m,) derivatives by θ of the criterion at θ and a σ that is held.

        That criterion is D(θ) + ν (log(σ²/s²) + s²/σ² - 1): it has the determinants of D, and the derivatives
        of log pwrss with s²/σ² times their weight.
        """
        weights = self._criterion.weights.copy()
        weights[-1] *= self.variance / sigma**2
        return self._derivatives(weights)

    @property
    def variance(self) -> float:
        """The residual variance that is best at this θ: pwrss / ν."""
        return float(self._state.pwrss) / self._nu

    @cached_property
    def variance_gradient(self) -> FloatArray:
        """(m,) derivatives of the logarithm of ``variance``.

        The criterion is a sum of log-determinants and ν log pwrss; without its last weight only the
        determinants remain.
        """
        determinants = self._criterion.weights.copy()
        determinants[-1] = 0.0
        return (self.gradient - self._derivatives(determinants)) / self._nu

    @property
    def beta(self) -> FloatArray:
        """(p,) fixed effects."""
        return self._solution.beta

    @property
    def inverse(self) -> FloatArray:
        """(p, p) covariance of the fixed effects over the residual variance."""
        return self._solution.vcov / self.variance

    @cached_property
    def _solution(self) -> Solution:
        return solve(self._state, reml=self._criterion.reml, conditional=False)

    def _derivatives(self, weights: FloatArray) -> FloatArray:
        return self._criterion.theta_gradient(self._state, self._flat, weights)


class Deviance:
    """The criterion of a design, REML or ML as its specification says.

    Attributes
    ----------
    nu
        n - p under REML, n under ML.
    """

    def __init__(self, design: Design) -> None:
        self._criterion = Criterion(design)
        self.nu = self._criterion.blocks.freedom(reml=design.spec.reml)

    def at(self, theta: FloatArray) -> Point:
        """The criterion at θ; entries of λ of any sign, a patterned term's ρ within its limits."""
        return Point(self._criterion, theta, self.nu)
