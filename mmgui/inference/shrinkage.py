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

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import RandomDesign
from mmgui.engine.result import Fit, FittedTerm

FloatArray = NDArray[np.float64]

_FLAT = 1e-9


def group_information(random: RandomDesign, weights: FloatArray | None = None) -> FloatArray:
    """(L, s, s) Z_i' W_i Z_i of every group; for an intercept alone without prior weights its rows.

    Parameters
    ----------
    random
        A random-effects term of the design.
    weights
        (n,) prior weights of the rows; None for ones.
    """
    return _grouped_products(random, random.columns, weights)


def share_of_fixed(
    random: RandomDesign, x: FloatArray, information: FloatArray, weights: FloatArray | None = None
) -> FloatArray:
    """(L, s, q) least-squares coefficients, group by group, of columns x (n, q) on the term's effects.

    By so much a group's own estimates change for each unit of a fixed effect that is taken off before
    them. NaN where the group's rows cannot give them.
    """
    cross = _grouped_products(random, x, weights)
    scale = np.sqrt(np.einsum("gii->gi", information))
    scale = np.where(scale > 0.0, scale, 1.0)
    correlated = information / scale[:, :, None] / scale[:, None, :]
    out = np.full(cross.shape, np.nan)
    known = np.linalg.eigvalsh(correlated)[:, 0] > _FLAT
    out[known] = (
        np.linalg.solve(correlated[known], cross[known] / scale[known][:, :, None]) / scale[known][:, :, None]
    )
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


def _grouped_products(random: RandomDesign, x: FloatArray, weights: FloatArray | None) -> FloatArray:
    count, z = len(random.levels), random.columns
    out = np.empty((count, z.shape[1], x.shape[1]))
    for i in range(z.shape[1]):
        column = z[:, i] if weights is None else z[:, i] * weights
        for j in range(x.shape[1]):
            out[:, i, j] = np.bincount(random.codes, column * x[:, j], count)
    return out
