"""A fitted model at other covariance parameters than the best: what every estimate would be there."""

from __future__ import annotations

import math
from dataclasses import replace
from time import perf_counter

import numpy as np

from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import Elimination
from mmgui.engine.fit import fitted_term, fitted_values
from mmgui.engine.result import Convergence, Fit
from mmgui.engine.solution import Solution, solve
from mmgui.engine.threads import one_blas_thread

QUICK, AGAIN = 5e-3, 4
"""An evaluation of fewer seconds is timed again: the machine may have been busy with something else."""


class MovingModel:
    """The model of a fit at any θ and σ; the fixed effects and modes are the best ones given these.

    With ν = n - p under REML, n under ML, s² = pwrss/ν the residual variance that is best at θ and D(θ)
    the profiled criterion, the criterion at θ and σ is

        D(θ, σ) = D(θ) + ν (log(σ²/s²) + s²/σ² - 1).

    β̂ and b̂ depend on θ alone; their covariances are proportional to σ².

    Parameters
    ----------
    fit
        The fitted model; its cross products are built anew (milliseconds on class data, a third of a
        second on 70,000 rows with crossed factors).

    Attributes
    ----------
    seconds
        What one evaluation takes, the least of some.

    Raises
    ------
    FitError
        As ``mmgui.engine.criterion.Criterion``.
    """

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        with one_blas_thread(), np.errstate(all="ignore"):
            self._criterion = Criterion(fit.design)
            self._state(fit.theta)
            self.seconds = self._timed()
            if self.seconds < QUICK:
                self.seconds = min(self.seconds, *(self._timed() for _ in range(AGAIN)))
        self._nu = self._criterion.blocks.freedom(reml=fit.reml)

    def criterion(self, theta: FloatArray, sigma: float | None = None) -> float:
        """The criterion at θ (m,) and σ, in the response's units; at the best σ where none is given.

        Raises
        ------
        FitError
            Where the equations cannot be solved to working precision.
        """
        with one_blas_thread(), np.errstate(all="ignore"):
            state = self._state(theta)
        return self._at_sigma(state.criterion(reml=self._criterion.reml), self._best(state), sigma)

    def best_sigma(self, theta: FloatArray) -> float:
        """The residual standard deviation that is best at θ; errors as in ``criterion``."""
        with one_blas_thread(), np.errstate(all="ignore"):
            return self._best(self._state(theta))

    def at(self, theta: FloatArray, sigma: float | None = None, *, conditional: bool = True) -> Fit:
        """The model at θ (m,) and σ, as a fit whose ``convergence.reason`` is ``"moved"``.

        Without ``conditional`` the conditional covariances of the modes are zero, which is faster; other
        parameters and errors as in ``criterion``. The log is that of the fit.
        """
        fit, design = self.fit, self.fit.design
        with one_blas_thread(), np.errstate(all="ignore"):
            found = solve(self._state(theta), reml=self._criterion.reml, conditional=conditional)
            best = found.sigma
            solution = _with_sigma(found, best if sigma is None else sigma)
            if not conditional:
                solution = replace(solution, conditional_covariances=_zeros(found))
            terms = tuple(
                fitted_term(random, theta[design.theta_slice(k)], solution, k)
                for k, random in enumerate(design.random)
            )
        return replace(
            fit,
            objective=self._at_sigma(found.objective, best, sigma),
            theta=np.array(theta, dtype=float),
            sigma=solution.sigma,
            beta=solution.beta,
            vcov_beta=solution.vcov,
            terms=terms,
            fitted=fitted_values(design, solution),
            convergence=Convergence(False, math.nan, math.nan, "moved"),
        )

    def _timed(self) -> float:
        began = perf_counter()
        self._state(self.fit.theta)
        return perf_counter() - began

    def _state(self, theta: FloatArray) -> Elimination:
        return self._criterion.eliminate(self._criterion.flat(theta))

    def _best(self, state: Elimination) -> float:
        return math.sqrt(state.pwrss / self._nu)

    def _at_sigma(self, profiled: float, best: float, sigma: float | None) -> float:
        if sigma is None:
            return profiled
        ratio = (best / sigma) ** 2
        return profiled + self._nu * (ratio - 1.0 - math.log(ratio))


def _with_sigma(found: Solution, sigma: float) -> Solution:
    scale = (sigma / found.sigma) ** 2
    return replace(
        found,
        sigma=sigma,
        vcov=scale * found.vcov,
        conditional_covariances=tuple(scale * c for c in found.conditional_covariances),
    )


def _zeros(found: Solution) -> tuple[FloatArray, ...]:
    return tuple(np.zeros((*m.shape, m.shape[1])) for m in found.modes)
