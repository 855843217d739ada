"""How much of a group's own estimate a model keeps: the weights of partial pooling.

With M = Z_i' W_i Z_i the information of group i on its s effects (W_i prior weights), β the common
coefficients and no other random-effects term, the conditional modes are

    b_i = K_i (own_i - β),   K_i = Σ (Σ + σ² M⁻¹)⁻¹ = λ (λ' M λ + I)⁻¹ λ' M,   Σ = σ² λ λ',

which for one effect with n rows is nτ²/(nτ²+σ²). The second form needs no inverse of M or Σ: it holds for
groups without an estimate of their own and for singular Σ. Robinson, G. K. (1991). That BLUP is a good
thing: the estimation of random effects. Statistical Science 6, 15-32; Laird & Ware (1982), Biometrics 38.

With other random-effects terms a group's mode also rests on theirs, and no matrix of its own tells it from
the group's rows alone. What is told instead is K_i = (Σ - C_i) Σ⁺ with C_i the conditional covariance of b_i:
the part of the variance of the effects that the data resolve (reliability). Without other terms it is the
same matrix, as Σ - C_i = K_i Σ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.result import Fit, FittedTerm
from mmgui.inference.variance.separate import reason_without_estimate, rows_of_groups

FloatArray = NDArray[np.float64]

_FLAT = 1e-9
"""Below this share of the largest a direction of a group's information, or of Σ, is none."""


def group_information(random: RandomDesign, weights: FloatArray | None = None) -> FloatArray:
    """(L, s, s) Z_i' W_i Z_i of every group; for an intercept alone without prior weights its rows.

    Parameters
    ----------
    random
        A random-effects term of the design.
    weights
        (n,) prior weights of the rows; None for ones.
    """
    return _grouped_products(random, random.columns, random.columns, weights)


@dataclass(frozen=True, eq=False)
class OwnEstimates:
    """What each group says alone, as ``mmgui.inference.variance.separate.separate_fits`` says it, for all
    at once.

    Attributes
    ----------
    estimates
        (L, s) least-squares coefficients; NaN where the group's rows cannot give them.
    sizes
        (L,) rows per group.
    reasons
        A sentence for every group without an estimate, in the groups' order.
    removed
        Fixed effects that were taken off the response before.
    taken
        (L, s, p) by how much the estimates fall for a unit of each fixed effect; None where none is taken
        off.
    """

    estimates: FloatArray
    sizes: NDArray[np.int64]
    reasons: tuple[str, ...]
    removed: tuple[str, ...]
    taken: FloatArray | None


def own_estimates(
    design: Design, term_index: int, beta: FloatArray, inside: NDArray[np.bool_]
) -> OwnEstimates:
    """Each group's own coefficients of a term's effects, after the other fixed effects are taken off.

    Parameters
    ----------
    design
        The model's matrices.
    term_index
        The random-effects term.
    beta
        (p,) the fixed effects taken off.
    inside
        (p,) True for those that the term's effects span, which are not taken off
        (``mmgui.inference.variance.separate.counterpart``).

    Returns
    -------
    OwnEstimates
        From the normal equations of every group in columns that are orthonormal over all rows, so that
        large offsets of a slope's variable (years) cost no digits.
    """
    term = design.random[term_index]
    response = design.y if design.offset is None else design.y - design.offset
    x = np.where(inside, 0.0, design.x)
    solved = _group_coefficients(term, np.column_stack([response, x]), design.weights)
    taken = solved[:, :, 1:]
    estimates = solved[:, :, 0] - taken @ beta
    sizes = np.bincount(term.codes, minlength=len(term.levels)).astype(np.int64)
    unknown = np.flatnonzero(~np.isfinite(estimates).all(axis=1))
    rows = rows_of_groups(term) if len(unknown) else []
    return OwnEstimates(
        estimates=estimates,
        sizes=sizes,
        reasons=tuple(_reason(term, g, term.columns[rows[g]]) for g in unknown.tolist()),
        removed=tuple(n for n, keep in zip(design.fixed_names, inside, strict=True) if not keep),
        taken=None if inside.all() else taken,
    )


def _reason(term: RandomDesign, g: int, columns: FloatArray) -> str:
    told = reason_without_estimate(term, g, term.effects, columns)
    return told or f"The effects can hardly be told apart within {term.grouping} {term.levels[g]}."


def _group_coefficients(term: RandomDesign, y: FloatArray, weights: FloatArray | None) -> FloatArray:
    """(L, s, q) coefficients of columns y (n, q) on the term's effects, group by group; NaN where unknown."""
    size = term.columns.shape[1]
    q, r = np.linalg.qr(term.columns)
    if np.abs(np.diag(r)).min(initial=np.inf) <= _FLAT * np.abs(r).max(initial=0.0):
        # Effects alike on all rows are told apart in no group.
        return np.full((len(term.levels), size, y.shape[1]), np.nan)
    gram, cross = _grouped_products(term, q, q, weights), _grouped_products(term, q, y, weights)
    scale = np.sqrt(np.einsum("gii->gi", gram))
    scale = np.where(scale > 0.0, scale, 1.0)
    correlated = gram / scale[:, :, None] / scale[:, None, :]
    known = np.linalg.eigvalsh(correlated)[:, 0] > _FLAT
    out = np.full(cross.shape, np.nan)
    within = np.linalg.solve(correlated[known], cross[known] / scale[known][:, :, None])
    out[known] = np.linalg.solve(r, within / scale[known][:, :, None])
    return out


def shrinkage_weights(fit: Fit, term_index: int, information: FloatArray) -> FloatArray:
    """(L, s, s) the matrix K of every group: its mode is K (own - common) when no other term is there.

    Parameters
    ----------
    fit
        The fitted model, or the same model moved.
    term_index
        The random-effects term.
    information
        (L, s, s) of ``group_information`` for this term.

    Returns
    -------
    NDArray
        Zero without variance. With other terms the reliability (see the module); NaN where the fit comes
        without conditional covariances.
    """
    term = fit.terms[term_index]
    if len(fit.terms) == 1:
        return kept_alone(term.relative_factor, information)
    return _reliability(term)


def kept_alone(factor: FloatArray, information: FloatArray) -> FloatArray:
    """(L, s, s) the matrix K of groups from λ (s, s) and their information (L, s, s), other terms known."""
    size = factor.shape[0]
    same = len(information) > 1 and bool(np.all(information == information[0]))
    used = information[:1] if same else information
    through = factor.T @ used
    kept = factor @ np.linalg.solve(through @ factor + np.eye(size), through)
    return np.broadcast_to(kept, information.shape) if same else kept


def _reliability(term: FittedTerm) -> FloatArray:
    sigma, conditional = term.covariance, term.conditional_covariance
    if not sigma.any():
        return np.zeros_like(conditional)
    if not conditional.any():
        return np.full_like(conditional, np.nan)
    sd = np.where(term.sd > 0.0, term.sd, 1.0)
    outer = np.outer(sd, sd)
    inverse = np.linalg.pinv(sigma / outer, rcond=_FLAT, hermitian=True) / outer
    return np.asarray((sigma - conditional) @ inverse)


def _grouped_products(
    random: RandomDesign, z: FloatArray, x: FloatArray, weights: FloatArray | None
) -> FloatArray:
    """(L, s, q) z' W x of each group."""
    count = len(random.levels)
    out = np.empty((count, z.shape[1], x.shape[1]))
    for i in range(z.shape[1]):
        column = z[:, i] if weights is None else z[:, i] * weights
        for j in range(x.shape[1]):
            out[:, i, j] = np.bincount(random.codes, column * x[:, j], count)
    return out
