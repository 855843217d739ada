"""Refitting a model to many responses of the same rows: the cross products are kept but for y's.

The search begins at the parameters the responses were simulated from, with the Hessian there as the first
metric of BFGS, and ends where the next step would lower the criterion by no more than rounding. Where a
direction of the random effects comes near to having no variance, or the search is in any way not plain,
the full optimiser takes over, so that the boundary is judged exactly as in a fit. Other starts, which a
fit tries where its end is suspicious, are tried only where the one from the truth does not converge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from mmgui.engine.bfgs import line_search, updated
from mmgui.engine.boundary import CANDIDATE
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import Elimination
from mmgui.engine.events import ShouldStop
from mmgui.engine.optimize import CONVERGED, optimise
from mmgui.engine.parameters import Free
from mmgui.engine.response import ResponseMap
from mmgui.engine.result import Fit
from mmgui.engine.search import Point, Search, StopRequested
from mmgui.engine.singularity import root_mean_squares, variance_rank
from mmgui.engine.solution import solve
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError

# A search ends where the next step promises less than this much of the criterion (per 1,000 rows).
PROMISE = 1e-9
STEPS = 30
# Evaluations after which a refit from one start begins again as a fit does.
ONE_START = 500
# Step of the differences that give the first metric; its eigenvalues are at least this share of the largest.
DIFFERENCE, FLATTEST = 1e-4, 1e-3


@dataclass(frozen=True, eq=False, slots=True)
class Refit:
    """A model refitted to another response.

    Attributes
    ----------
    objective
        The criterion at its optimum.
    theta
        As ``Fit.theta``.
    sigma, beta
        Residual standard deviation; (p,) fixed effects.
    covariances
        For each random-effects term the (s, s) covariance of its effects, in the person's units.
    converged, singular
        As ``Fit.convergence.converged`` and ``Fit.singular``.
    modes
        For each term (L, s) conditional modes; empty unless asked for.
    evaluations
        Evaluations of the criterion.
    """

    objective: float
    theta: FloatArray
    sigma: float
    beta: FloatArray
    covariances: tuple[FloatArray, ...]
    converged: bool
    singular: bool
    modes: tuple[FloatArray, ...]
    evaluations: int


@dataclass(frozen=True, eq=False, slots=True)
class _Start:
    """Where searches begin: coordinates and the inverse Hessian there."""

    x: FloatArray
    inverse: FloatArray


class Refitter:
    """Refits one model to responses of the same rows; wrap many calls in ``one_blas_thread()``.

    Parameters
    ----------
    fit
        The model and, in its theta, where searches begin. Its criterion (REML or ML) is used.
    """

    def __init__(self, fit: Fit) -> None:
        self.design = fit.design
        with one_blas_thread(), np.errstate(all="ignore"):
            self._criterion = Criterion(fit.design)
            self._map = ResponseMap(self._criterion)
            self._free = Free.full(self._criterion.basis)
            self._start = self._warm_start(fit.theta)
        self._scales = tuple(root_mean_squares(r.columns) for r in fit.design.random)

    def refit(self, y: FloatArray, *, modes: bool = False, should_stop: ShouldStop | None = None) -> Refit:
        """Fit the model to the response ``y`` (n,).

        Raises
        ------
        FitError
            As ``fit_design``; ``stopped`` where ``should_stop`` said so before the end.
        """
        with np.errstate(all="ignore"):
            criterion = self._map.criterion(y)
            search = Search(criterion, None, should_stop, limit=ONE_START)
            flat, converged = self._optimum(search)
            if not converged:
                search = Search(criterion, None, should_stop)
                flat, converged = _full(search, None, elsewhere=True)
            return self._result(search, flat, converged=converged, modes=modes)

    def criterion_value(self, y: FloatArray, theta: FloatArray) -> float:
        """The criterion of the model on the response ``y`` (n,) at ``theta``."""
        with np.errstate(all="ignore"):
            return self._map.criterion(y).value(theta)

    def _warm_start(self, theta: FloatArray) -> _Start | None:
        """None where there is no parameter, or theta lies too near the boundary to begin there."""
        if not theta.size:
            return None
        flat = self._criterion.flat(theta)
        if self._near_boundary(flat):
            return None
        search = Search(self._criterion)
        point = search(self._free, self._free.coordinates(flat))
        values, vectors = np.linalg.eigh(_hessian(search, self._free, point))
        if not np.isfinite(values).all() or values[-1] <= 0.0:
            return None
        values = np.maximum(np.abs(values), FLATTEST * values[-1])
        return _Start(point.x, (vectors / values) @ vectors.T)

    def _near_boundary(self, flat: FloatArray) -> bool:
        """Whether the optimiser would try a direction of some block at zero."""
        for block in self._criterion.basis.blocks:
            least, largest = _singular_values(flat[block.flat])
            if least < CANDIDATE * max(1.0, largest):
                return True
        return False

    def _optimum(self, search: Search) -> tuple[FloatArray, bool]:
        """Flat relative factors at the optimum, and whether the search converged."""
        begin = None
        if self._start is not None:
            try:
                point = self._descend(search, self._start)
            except StopRequested as reason:
                raise _stopped() from reason
            flat = self._free.flat(point.x)
            if point.norm(search.scale) <= CONVERGED and not self._near_boundary(flat):
                return flat, True
            begin = search.criterion.basis.theta(flat)
        return _full(search, begin, elsewhere=False)

    def _descend(self, search: Search, start: _Start) -> Point:
        """BFGS until the next step promises nothing, the boundary is near, or nothing descends."""
        inverse = start.inverse
        point = search(self._free, start.x)
        promise = PROMISE * max(1.0, search.scale / 1e3)
        for _ in range(STEPS):
            direction = -(inverse @ point.gradient)
            slope = float(direction @ point.gradient)
            if -0.5 * slope <= promise and point.norm(search.scale) <= CONVERGED:
                break
            following = line_search(search, self._free, point, direction) if slope < 0.0 else None
            if following is None:
                break
            inverse = updated(inverse, following.x - point.x, following.gradient - point.gradient)
            point = following
            if self._near_boundary(self._free.flat(point.x)):
                break
        return point

    def _result(self, search: Search, flat: FloatArray, *, converged: bool, modes: bool) -> Refit:
        criterion, state = search.criterion, search.best_state
        if search.best is None or state is None or not np.array_equal(search.best[1], flat):
            state = criterion.eliminate(flat)
        factors = self._relative_factors(flat)
        singular = any(
            variance_rank(factor * scale) < factor.shape[0]
            for factor, scale in zip(factors, self._scales, strict=True)
        )
        blocks = criterion.blocks
        variance = state.pwrss / blocks.freedom(reml=criterion.reml)
        found = solve(state, reml=criterion.reml, conditional=False).modes if modes else ()
        return Refit(
            state.criterion(reml=criterion.reml),
            criterion.basis.theta(flat),
            math.sqrt(variance),
            _fixed_effects(state),
            tuple(variance * (f @ f.T) for f in factors),
            converged,
            singular,
            found,
            search.count,
        )

    def _relative_factors(self, flat: FloatArray) -> list[FloatArray]:
        """For each term an (s, s) relative factor in the person's units (not always triangular)."""
        out = [np.zeros((len(r.effects), len(r.effects))) for r in self.design.random]
        for block in self._criterion.basis.blocks:
            own = np.array(block.effects)
            out[block.term][own[:, None], own] = block.transform @ flat[block.flat]
        return out


def _full(search: Search, begin: FloatArray | None, *, elsewhere: bool) -> tuple[FloatArray, bool]:
    """The full optimiser's flat relative factors, and whether it converged."""
    optimum = optimise(search, begin, elsewhere=elsewhere)
    if optimum is None or optimum.convergence.reason == "stopped":
        raise _stopped()
    return optimum.flat, optimum.convergence.converged


def _singular_values(lam: FloatArray) -> tuple[float, float]:
    """The smallest and the largest singular value."""
    if lam.shape[0] == 1:
        only = abs(float(lam[0, 0]))
        return only, only
    if lam.shape[0] == 2:
        (a, b), (c, d) = lam.tolist()
        # σ₁² + σ₂² = |λ|², σ₁ σ₂ = |det λ|
        size, product = a * a + b * b + c * c + d * d, abs(a * d - b * c)
        largest = math.sqrt(0.5 * (size + math.sqrt(max(size * size - 4.0 * product * product, 0.0))))
        return (product / largest if largest > 0.0 else 0.0), largest
    values = np.linalg.svd(lam, compute_uv=False)
    return float(values[-1]), float(values[0])


def _fixed_effects(state: Elimination) -> FloatArray:
    """(p,) β = (least squares) + R⁻¹ γ with L_XXᵀ γ = (the last row of L under X)."""
    blocks, l = state.blocks, state.l
    if not blocks.p:
        return blocks.fixed.ols
    own = slice(blocks.q, blocks.q + blocks.p)
    gamma = lapack.dtrtrs(l[own, own], l[-1, own], lower=1, trans=1)[0]
    beta: FloatArray = blocks.fixed.ols + lapack.dtrtrs(blocks.fixed.root, gamma)[0]
    return beta


def _hessian(search: Search, free: Free, point: Point) -> FloatArray:
    """(m, m) Hessian of the criterion by forward differences of the analytic gradient."""
    out = np.empty((point.x.size, point.x.size))
    for k in range(point.x.size):
        x = point.x.copy()
        step = DIFFERENCE * max(0.3, abs(x[k]))
        x[k] += step
        out[k] = (search(free, x).gradient - point.gradient) / step
    return 0.5 * (out + out.T)


def _stopped() -> FitError:
    return FitError("stopped", "The fit was stopped before there was anything to show.")
