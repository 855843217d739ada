"""The profiled criterion of a design as a function of theta: value, gradient, estimates."""

from __future__ import annotations

import numpy as np

from mmgui.engine.blocks import Blocks, build_blocks
from mmgui.engine.design import Design, FloatArray
from mmgui.engine.elimination import Elimination, eliminate
from mmgui.engine.factor import Poll, no_poll
from mmgui.engine.gradient import Reverse, dense_sigma_bar, relative_gradient, reverse, row_weights
from mmgui.engine.solution import Solution, solve

EMPTY = np.empty(0)


class Criterion:
    """-2 log-likelihood or REML criterion of a design, σ and β profiled out.

    The cross products are computed once, here; evaluations do not depend on the number of rows.
    theta is in the person's order and units: terms in formula order, the lower triangle of each
    block of the relative factor column by column, entries of any sign; of a patterned term its
    standard deviations relative to σ, then its correlation (:mod:`mmgui.engine.patterns`).

    Wrap many calls in ``mmgui.engine.threads.one_blas_thread()``.

    Parameters
    ----------
    design
        The model's matrices.
    reml
        Overrides ``design.spec.reml``.

    Raises
    ------
    FitError
        Where the fixed effects reproduce the response, rows are too few, or the crossed factors too large.
    """

    def __init__(self, design: Design, *, reml: bool | None = None) -> None:
        self.design = design
        self.reml = design.spec.reml if reml is None else reml
        self.blocks: Blocks = build_blocks(design)
        self.basis = self.blocks.basis
        self.weights = row_weights(self.blocks, reml=self.reml)

    @property
    def size(self) -> int:
        """Length of theta."""
        return self.basis.theta_count

    def flat(self, theta: FloatArray) -> FloatArray:
        """theta as the flat relative factors of the engine's coordinates."""
        return self.basis.flat(np.asarray(theta, dtype=float))

    def eliminate(self, flat: FloatArray, poll: Poll = no_poll) -> Elimination:
        """The factorization at flat relative factors."""
        return eliminate(self.blocks, self.basis.matrices(flat), poll)

    def value(self, theta: FloatArray) -> float:
        """The criterion at theta, with lme4's constants.

        Raises
        ------
        FitError
            Where the equations cannot be solved to working precision.
        """
        return self.eliminate(self.flat(theta)).criterion(reml=self.reml)

    def value_and_gradient(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """The criterion and its (m,) derivatives with respect to theta."""
        flat = self.flat(theta)
        state = self.eliminate(flat)
        return state.criterion(reml=self.reml), self.theta_gradient(state, flat, self.weights)

    def theta_gradient(self, state: Elimination, flat: FloatArray, weights: FloatArray) -> FloatArray:
        """(m,) derivatives with respect to theta of the criterion that the row weights ``weights`` make.

        ``self.weights`` make the criterion itself. The parameters of patterned terms enter through Σ, of
        which they are polynomials, so that the derivatives exist at their limits, too.
        """
        run = reverse(state, weights)
        parts = relative_gradient(state, run)
        entries = np.concatenate([g.ravel() for g in parts]) if parts else EMPTY
        out: FloatArray = entries @ self.basis.from_theta[: self.basis.entries]
        if self.basis.patterned:
            by_factor = self._sigma_bars(state, run, weights)
            for block in self.basis.patterned:
                out[block.theta] = block.pattern_gradient(by_factor[block.factor], flat)
        return out

    def evaluate(self, flat: FloatArray, poll: Poll = no_poll) -> tuple[float, FloatArray, Elimination]:
        """The criterion, its derivatives with respect to all entries of λ', the factorization."""
        state = self.eliminate(flat, poll)
        run = reverse(state, self.weights, poll)
        parts = relative_gradient(state, run)
        gradient = (
            parts[0].ravel() if len(parts) == 1 else np.concatenate([g.ravel() for g in (*parts, EMPTY)])
        )
        return state.criterion(reml=self.reml), gradient, state

    def covariance_gradient(self, flat: FloatArray) -> list[FloatArray]:
        """For each grouping factor the derivative with respect to Σ = λ λᵀ, (s, s), λ singular or not.

        At an optimum it vanishes on the range of Σ and is not negative on its null space.
        """
        state = self.eliminate(flat)
        return self._sigma_bars(state, reverse(state, self.weights), self.weights)

    def _sigma_bars(self, state: Elimination, run: Reverse, weights: FloatArray) -> list[FloatArray]:
        out: list[FloatArray] = [EMPTY] * len(self.blocks.factors)
        for block, sigma_bar in zip(self.blocks.chain, run.sigma_bar, strict=True):
            out[block.factor] = sigma_bar
        for d in self.blocks.dense:
            out[d.factor] = dense_sigma_bar(state, weights, d)
        return out

    def solution(self, theta: FloatArray, *, conditional: bool = True) -> Solution:
        """σ, β, vcov(β), conditional modes and (``conditional``) their covariances at theta."""
        return self.solution_at(self.flat(theta), conditional=conditional)

    def solution_at(self, flat: FloatArray, *, conditional: bool = True) -> Solution:
        """As ``solution``, at flat relative factors."""
        return solve(self.eliminate(flat), reml=self.reml, conditional=conditional)
