"""Principal components of random effects: in how many directions the groups really differ.

Each term's relative factor λ = U D Vᵀ is taken apart: the columns of U are the directions, D σ the
standard deviations along them (lme4's ``rePCA``; Bates, Kliegl, Vasishth & Baayen 2015, arXiv:1506.04967).
On the scale of correlations every effect is first divided by its standard deviation (the default of
MixedModels.jl's ``rePCA``), so that units do not decide what is large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from mmgui.engine.design import FloatArray
from mmgui.engine.result import Fit, FittedTerm
from mmgui.engine.singularity import (
    NO_VARIANCE,
    TOLERANCE,
    relative_singular_values,
    root_mean_squares,
)
from mmgui.inference.variance.singularity import flatness
from mmgui.spec.terms import INTERCEPT_NAME
from mmgui.words import listed_all

# A part of a combination below this, each effect in units of its SD, is not written out.
_SMALL = 0.005
# Effects that are fixed by others and are written out.
_WRITTEN = 3


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components on one scale, the largest first.

    Attributes
    ----------
    effects
        The s effects that were taken apart.
    sdev
        (s,) standard deviations along the components: relative to σ on the scale of covariances, of
        effects with variance 1 each on the scale of correlations.
    proportion, cumulative
        (s,) shares of the total variance; NaN where nothing varies.
    rotation
        (s, s) orthonormal; column k is component k, its largest entry positive.
    loadings
        (s, s) in the user's units: by how much each effect differs in a group that is one standard
        deviation out along component k alone.
    rank
        Number of components with variance.
    """

    effects: tuple[str, ...]
    sdev: FloatArray
    proportion: FloatArray
    cumulative: FloatArray
    rotation: FloatArray
    loadings: FloatArray
    rank: int


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """The components of one term's effects, or of all effects over one grouping factor.

    Attributes
    ----------
    grouping
        The grouping factor.
    terms
        Positions of the random-effects terms, one unless asked for by grouping factor.
    covariance
        On the scale of the effects' covariances.
    correlation
        On the scale of their correlations; effects without variance are left out.
    rank
        How many directions have variance by the engine's judgement, which asks both scales.
    collapsed
        What has no variance, in words; empty where everything varies.
    """

    grouping: str
    terms: tuple[int, ...]
    covariance: Components
    correlation: Components
    rank: int
    collapsed: tuple[str, ...]


def principal_components(fit: Fit, *, by_grouping: bool = False) -> tuple[PrincipalComponents, ...]:
    """The principal components of the random effects.

    Parameters
    ----------
    fit
        The fit.
    by_grouping
        False for one entry per term of the formula; True for one per grouping factor, the factors of
        its terms side by side, as lme4's ``rePCA`` has it.

    Returns
    -------
    tuple of PrincipalComponents
        In the order of the formula.
    """
    members: dict[object, list[int]] = {}
    for k, term in enumerate(fit.terms):
        members.setdefault(term.grouping if by_grouping else k, []).append(k)
    return tuple(_of_terms(fit, tuple(terms)) for terms in members.values())


def term_components(
    fit: Fit, term_index: int, scale: FloatArray | None = None
) -> tuple[Components, Components, Components]:
    """The components of one term on the scales that matter for it, without words.

    Parameters
    ----------
    fit
        The fit.
    term_index
        Which of its random-effects terms.
    scale
        (s,) root mean squares of the term's columns, where they are known already.

    Returns
    -------
    tuple of Components
        First by what the effects do to the response, each times the root mean square of its column, so
        that the loadings are in the response's units; then as correlations: on these two the rank is
        judged (:func:`mmgui.engine.singularity.variance_rank`). Last in the effects' own units, as lme4's
        ``rePCA``.
    """
    term = fit.terms[term_index]
    rms = column_scale(fit, term_index) if scale is None else scale
    factor = term.relative_factor
    scaled = factor * rms[:, None]
    sd = np.linalg.norm(factor, axis=1)
    varying = np.flatnonzero(sd * rms > NO_VARIANCE)
    standardised = factor[varying] / sd[varying, None]
    named = tuple(term.effects[k] for k in varying)
    units = np.full(len(factor), fit.sigma)
    return (
        _components(term.effects, scaled, units, _rank(scaled)),
        _components(named, standardised, fit.sigma * sd[varying], _rank(standardised)),
        _components(term.effects, factor, units, _rank(scaled)),
    )


def column_scale(fit: Fit, term_index: int) -> FloatArray:
    """(s,) root mean squares of a term's effect columns; 1 where a column is zero."""
    return root_mean_squares(fit.design.random[term_index].columns)[:, 0]


def _of_terms(fit: Fit, members: tuple[int, ...]) -> PrincipalComponents:
    terms = [fit.terms[k] for k in members]
    effects = tuple(e for t in terms for e in t.effects)
    factor = np.asarray(block_diag(*(t.relative_factor for t in terms)))
    scale = np.concatenate([np.sqrt(np.mean(fit.design.random[k].columns ** 2, axis=0)) for k in members])
    scaled = factor * np.where(scale > 0.0, scale, 1.0)[:, None]
    start, still = 0, []
    for k, t in zip(members, terms, strict=True):
        still += [start + position for position in flatness(fit, k).zero]
        start += len(t.effects)
    varying = [k for k in range(len(effects)) if k not in still]
    sd = np.sqrt(np.sum(factor**2, axis=1))
    standardised = factor[varying] / sd[varying, None]
    return PrincipalComponents(
        grouping=terms[0].grouping,
        terms=members,
        covariance=_components(effects, factor, np.full(len(effects), fit.sigma), _rank(scaled)),
        correlation=_components(
            tuple(effects[k] for k in varying), standardised, fit.sigma * sd[varying], _rank(standardised)
        ),
        rank=sum(t.rank for t in terms),
        collapsed=tuple(s for k, t in zip(members, terms, strict=True) for s in _in_words(fit, k, t)),
    )


def _rank(factor: FloatArray) -> int:
    if not factor.any():
        return 0
    return int(np.count_nonzero(relative_singular_values(factor) > TOLERANCE))


def _components(effects: tuple[str, ...], factor: FloatArray, units: FloatArray, rank: int) -> Components:
    """Components of a factor (s, t), whose rows are in the given units of the user's."""
    count = len(effects)
    left, values = np.eye(count), np.zeros(count)
    if count:
        left, found, _ = np.linalg.svd(factor)
        values[: found.size] = found
        largest = left[np.argmax(np.abs(left), axis=0), np.arange(count)]
        left = left * np.where(largest < 0.0, -1.0, 1.0)
    total = float(values @ values)
    proportion = values**2 / total if total > 0.0 else np.full(count, np.nan)
    return Components(
        effects=effects,
        sdev=values,
        proportion=proportion,
        cumulative=np.cumsum(proportion),
        rotation=left,
        loadings=units[:, None] * left * values,
        rank=rank,
    )


def _in_words(fit: Fit, index: int, term: FittedTerm) -> list[str]:
    """Which effects have no variance of their own, and which are fixed by the others."""
    flat = flatness(fit, index)
    out = []
    if flat.zero:
        names = listed_all([_name(term.effects[k]) for k in flat.zero])
        verb = "does" if len(flat.zero) == 1 else "do"
        out.append(f"{names} {verb} not differ between the groups of {term.grouping}.")
    if len(flat.directions):
        out += _fixed_by_others(term, flat.varying, flat.directions)
    return out


def _fixed_by_others(term: FittedTerm, varying: tuple[int, ...], directions: FloatArray) -> list[str]:
    """Each direction without variance, solved for one effect, in the user's units."""
    solved, pivots = _solve(directions.copy())
    sd = term.sd[list(varying)]
    out = []
    for row, pivot in list(zip(solved, pivots, strict=True))[:_WRITTEN]:
        parts = [
            (-row[k] * sd[pivot] / sd[k], _name(term.effects[varying[k]]))
            for k in range(len(varying))
            if k != pivot and abs(row[k]) >= _SMALL
        ]
        effect = _name(term.effects[varying[pivot]])
        out.append(
            f"Across the groups of {term.grouping}, {effect} is fixed by the others: a group's deviation in "
            f"{effect} is {_sum(parts)}."
        )
    more = len(solved) - _WRITTEN
    if more > 0:
        out.append(f"{more} more {'effect is' if more == 1 else 'effects are'} fixed by the others.")
    return out


def _solve(rows: FloatArray) -> tuple[FloatArray, list[int]]:
    """The rows after elimination, each with 1 in its own effect and 0 in those of the others."""
    pivots: list[int] = []
    for k in range(len(rows)):
        size = np.abs(rows[k])
        # Of two effects in lockstep the later one, a slope, is said to follow from the earlier.
        pivot = int(np.flatnonzero(size >= (1.0 - 1e-6) * size.max())[-1])
        pivots.append(pivot)
        rows[k] /= rows[k, pivot]
        for other in range(len(rows)):
            if other != k:
                rows[other] -= rows[other, pivot] * rows[k]
    return rows, pivots


def _sum(parts: Sequence[tuple[float, str]]) -> str:
    if not parts:
        return "0"
    text = ""
    for weight, name in parts:
        sign = "−" if weight < 0 else "+" if text else ""
        gap = " " if text else ""
        text += f"{gap}{sign}{gap if sign else ''}{abs(weight):.3g} × {name}"
    return text


def _name(effect: str) -> str:
    return "Intercept" if effect == INTERCEPT_NAME else effect
