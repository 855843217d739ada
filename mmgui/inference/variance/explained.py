"""How much of the response a model explains: R², ICC, and how alike the rows of a group are.

With σ²_f the variance of Xβ̂ over the rows, σ²_r the mean over the rows of zΣzᵀ summed over the
random-effects terms, and σ²_e the residual variance:

    R² marginal = σ²_f / (σ²_f + σ²_r + σ²_e),   R² conditional = (σ²_f + σ²_r) / (σ²_f + σ²_r + σ²_e),
    ICC adjusted = σ²_r / (σ²_r + σ²_e),         ICC conditional = σ²_r / (σ²_f + σ²_r + σ²_e).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.rows.scaled_residuals import covariance_blocks
from mmgui.inference.variance.groups import rows_of_groups
from mmgui.inference.variance.shares import variance_shares

FloatArray = NDArray[np.float64]

# Largest number of rows of a group whose covariance is written out.
LARGEST_GROUP = 2000


@dataclass(frozen=True, slots=True)
class Explained:
    """R² and ICC of a fit.

    Attributes
    ----------
    r2_marginal, r2_conditional
        Share of the variance explained by the fixed effects, and by fixed and random effects together.
    icc_adjusted, icc_conditional
        Share of the random effects in what the fixed effects leave, and in everything (called unadjusted
        by newer versions of the R package performance).
    fixed, random, residual
        The variances σ²_f, σ²_r, σ²_e in squared units of the response.
    terms
        σ²_r of each random-effects term.
    """

    r2_marginal: float
    r2_conditional: float
    icc_adjusted: float
    icc_conditional: float
    fixed: float
    random: float
    residual: float
    terms: tuple[float, ...]


def explained(fit: Fit) -> Explained:
    """R² of Nakagawa & Schielzeth with Johnson's extension to random slopes, and the ICCs.

    A singular term counts with the variance it has, 0 if need be, and Z holds the term's own effects. The
    R package performance (0.10) differs in three places: it gives NA where a variance is 0; it takes the
    columns of X for Z, so that effects that vary but have no fixed counterpart are lost
    (``(0 + f | g)``, ``y ~ 1 + (x | g)``); and of ``(x || g)`` it counts the intercept alone. With prior
    weights σ²_e is the mean of σ²/w here, σ² there.

    Parameters
    ----------
    fit
        The fitted model.

    References
    ----------
    Nakagawa, S. & Schielzeth, H. (2013). Methods in Ecology and Evolution 4, 133-142. Johnson, P. C. D.
    (2014). Methods in Ecology and Evolution 5, 944-946.
    """
    shares = variance_shares(fit)
    fixed = float(np.var(fit.design.x @ fit.beta, ddof=1)) if len(fit.beta) else 0.0
    random, residual = float(shares.variances.sum()), float(shares.residual_variance)
    if len(fit.beta) == 1 and fit.design.fixed_names == ("(Intercept)",):
        # A constant has no variance; rounding must not give it one.
        fixed = 0.0
    whole = fixed + random + residual
    return Explained(
        r2_marginal=_share(fixed, whole),
        r2_conditional=_share(fixed + random, whole),
        icc_adjusted=_share(random, random + residual),
        icc_conditional=_share(random, whole),
        fixed=fixed,
        random=random,
        residual=residual,
        terms=tuple(float(v) for v in shares.variances),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


@dataclass(frozen=True, eq=False)
class GroupCovariance:
    """Covariance of the response among the rows of one group, the fixed effects given.

    Attributes
    ----------
    grouping, level
        The group.
    rows
        (m,) positions in the table of its rows.
    covariance, correlation
        (m, m) its block of V = ZΣZᵀ + σ²W⁻¹, all random-effects terms included.
    """

    grouping: str
    level: str
    rows: NDArray[np.intp]
    covariance: FloatArray
    correlation: FloatArray


def group_covariance(fit: Fit, grouping: str, level: str) -> GroupCovariance:
    """The block of the response's marginal covariance that belongs to one group.

    Raises
    ------
    ModelError
        ``no_such_grouping``, ``no_such_group``.
    FitError
        ``too_large`` where the group has more than 2,000 rows.
    """
    rows = rows_of_groups(fit.design, grouping, (level,))[level]
    if rows.size > LARGEST_GROUP:
        raise FitError(
            "too_large",
            f"The group {level} has {rows.size:,} rows, too many to show their covariance (at most "
            f"{LARGEST_GROUP:,}); choose a smaller group.",
        )
    covariance = covariance_blocks(fit, rows[None, :])[0]
    covariance = 0.5 * (covariance + covariance.T)
    sd = np.sqrt(np.diag(covariance))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = covariance / np.outer(sd, sd)
    return GroupCovariance(grouping, level, fit.design.rows[rows], covariance, correlation)
