"""A fitted model: frozen, complete, free of anything that draws or decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FitLog:
    """Every evaluation of the criterion, in order.

    Attributes
    ----------
    objective
        (k,) criterion.
    theta
        (k, m) relative covariance parameters.
    gradient_norm
        (k,) scaled gradient norm, NaN where no gradient was computed.
    sigma
        (k,) residual standard deviation that is best there; empty where it was not recorded.
    start
        (k,) which of the places at which the search began, 0 the first, the evaluation descends from; empty
        where it was not recorded.
    """

    objective: FloatArray
    theta: FloatArray
    gradient_norm: FloatArray
    sigma: FloatArray = field(default_factory=lambda: np.empty(0))
    start: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Convergence:
    """Whether the optimiser arrived, apart from whether the fit is singular.

    Attributes
    ----------
    converged
        The scaled gradient is small in every free direction, no boundary parameter wants to leave
        its boundary, and the curvature in the free directions is positive.
    gradient_norm
        Largest absolute scaled gradient over the free directions.
    curvature
        Smallest eigenvalue of the scaled Hessian over the free directions; NaN without free directions.
    reason
        Why it ended: ``"gradient"``, ``"evaluations"``, ``"stopped"``, ``"no parameters"``, ``"rounding"``
        (so little residual variation is left that rounding hides the optimum).
    """

    converged: bool
    gradient_norm: float
    curvature: float
    reason: str


@dataclass(frozen=True, eq=False)
class FittedTerm:
    """One random-effects term after the fit, in the person's units.

    Attributes
    ----------
    grouping, levels, effects
        As in the design.
    relative_factor
        (s, s) lower-triangular λ with covariance = σ² λ λᵀ; its diagonal is not negative.
    covariance
        (s, s) covariance of the effects.
    modes
        (L, s) conditional modes b̂ of the groups.
    conditional_covariance
        (L, s, s) conditional covariance of the modes given θ, σ, β (as lme4's ``condVar``).
    singular_values
        (s,) singular values of λ relative to the largest, descending; zeros where λ is zero.
    rank
        How many directions have variance.
    blocks
        As in the design: which effects are free to correlate.
    structure
        How the effects vary together.
    """

    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    relative_factor: FloatArray
    covariance: FloatArray
    modes: FloatArray
    conditional_covariance: FloatArray
    singular_values: FloatArray
    rank: int
    blocks: tuple[tuple[int, ...], ...]
    structure: Covariance = Covariance.UNSTRUCTURED

    @cached_property
    def sd(self) -> FloatArray:
        """(s,) standard deviations of the effects."""
        sd: FloatArray = np.sqrt(np.diag(self.covariance))
        return sd

    @cached_property
    def correlation(self) -> FloatArray:
        """(s, s) correlations, NaN where one of the two has no variance; ones on the diagonal."""
        sd = self.sd
        with np.errstate(invalid="ignore", divide="ignore"):
            out = self.covariance / np.outer(sd, sd)
        np.fill_diagonal(out, 1.0)
        return out

    @property
    def conditional_sd(self) -> FloatArray:
        """(L, s) conditional standard deviations of the modes."""
        diagonal = np.einsum("lii->li", self.conditional_covariance)
        conditional: FloatArray = np.sqrt(np.maximum(diagonal, 0.0))
        return conditional

    @property
    def singular(self) -> bool:
        """Whether some direction of the effects has no variance."""
        return self.rank < len(self.effects)

    @property
    def free_pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs (i, j), i < j, of effects whose correlation is a parameter of the model, or follows from one.

        None for a term whose effects share one variance and nothing else.
        """
        if self.structure is Covariance.IDENTITY:
            return ()
        return tuple((i, j) for b in self.blocks for k, i in enumerate(b) for j in b[k + 1 :])


@dataclass(frozen=True, eq=False)
class Fit:
    """A linear mixed model fitted to a table.

    Attributes
    ----------
    design
        The matrices that were fitted; ``design.spec`` is the model.
    formula
        The model as text.
    objective
        -2 log-likelihood (ML) or the REML criterion, lme4's constants included.
    theta
        Relative covariance parameters: terms in formula order, column-major within each term's blocks; of
        a patterned term the standard deviations relative to σ, then the correlation.
    sigma
        Residual standard deviation.
    beta, vcov_beta
        (p,), (p, p) fixed effects and their covariance.
    terms
        One entry per random-effects term.
    fitted
        (n,) conditional fitted values Xβ + Zb + offset.
    log, convergence, seconds
        What the optimiser did.
    """

    design: Design
    formula: str
    objective: float
    theta: FloatArray
    sigma: float
    beta: FloatArray
    vcov_beta: FloatArray
    terms: tuple[FittedTerm, ...]
    fitted: FloatArray
    log: FitLog
    convergence: Convergence
    seconds: float

    @property
    def reml(self) -> bool:
        """Whether the criterion is REML."""
        return self.design.spec.reml

    @property
    def nobs(self) -> int:
        """Rows used."""
        return self.design.nobs

    @property
    def npar(self) -> int:
        """Parameters: fixed effects, covariance parameters and σ, as lme4 counts them."""
        return len(self.beta) + len(self.theta) + 1

    @property
    def loglik(self) -> float:
        """Log-likelihood (restricted log-likelihood under REML)."""
        return -0.5 * self.objective

    @property
    def aic(self) -> float:
        """Akaike's criterion, from the criterion that was optimised."""
        return self.objective + 2 * self.npar

    @property
    def bic(self) -> float:
        """Schwarz's criterion with n the number of rows, as lme4."""
        return self.objective + float(np.log(self.nobs)) * self.npar

    @property
    def singular(self) -> bool:
        """Whether some direction of some term has no variance."""
        return any(t.singular for t in self.terms)

    @property
    def se(self) -> FloatArray:
        """(p,) standard errors of the fixed effects."""
        return np.sqrt(np.diag(self.vcov_beta))
