"""The nearest models at which an effect, or a combination of effects, has no variance.

What a singular fit means is seen on the way there: from the best fit to the best one of the models whose
effects have one direction of variance fewer. With λ of rank r = s - 1 in one block and all else free, the
criterion is minimised over the r columns of λ, as the engine does at the boundary; with an effect's variance
at zero the model is the one without the effect, and is fitted as such.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmgui.engine.bfgs import minimise
from mmgui.engine.boundary import without_direction
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray, RandomDesign
from mmgui.engine.fit import fit_design
from mmgui.engine.parameters import Free
from mmgui.engine.result import Fit
from mmgui.engine.search import Search
from mmgui.engine.threads import one_blas_thread
from mmgui.engine.triangular import lower_factor

ARRIVED = 1e-7
"""Scaled gradient at which the search on the boundary ends, as that of a fit."""
LIMIT = 2000
"""Evaluations of that search at the most."""


def without_smallest_direction(fit: Fit, term: int, block: int) -> FloatArray:
    """θ of the best model whose effects in one block have one direction of variance fewer.

    Parameters
    ----------
    fit
        The fitted model.
    term
        Position of the random-effects term, not a patterned one.
    block
        Position of the block of effects that are free to correlate.

    Returns
    -------
    ndarray
        (m,) θ; that of the fit where the block has no direction of variance left.

    Raises
    ------
    FitError
        Where the equations cannot be solved there.
    """
    random = fit.design.random[term]
    with one_blas_thread(), np.errstate(all="ignore"):
        search = Search(Criterion(fit.design), limit=LIMIT)
        basis = search.criterion.basis
        number = next(
            k for k, b in enumerate(basis.blocks) if b.term == term and b.effects == random.blocks[block]
        )
        flat = search.criterion.flat(fit.theta)
        values = np.linalg.svd(flat[basis.blocks[number].flat], compute_uv=False)
        rank = int(np.count_nonzero(values > 1e-9 * max(float(values[0]), 1.0)))
        if rank == 0:
            return fit.theta
        free, x = without_direction(Free.full(basis), flat, number, rank - 1)
        point = minimise(search, free, search(free, x), ARRIVED)
        return basis.theta(free.flat(point.x))


def without_effects(fit: Fit, term: int, effects: tuple[int, ...]) -> FloatArray:
    """θ of the best model in which effects of a term have no variance.

    Parameters
    ----------
    fit
        The fitted model.
    term, effects
        Which effects; of a patterned term all of them.

    Returns
    -------
    ndarray
        (m,) θ, zeros where the effects' parameters stand.

    Raises
    ------
    FitError
        As :func:`mmgui.engine.fit.fit_design`.
    """
    design = fit.design
    left = _without(design.random[term], effects)
    random = tuple(
        r for r in (left if t == term else r for t, r in enumerate(design.random)) if r is not None
    )
    reduced = replace(design, random=random, recipe=None)
    found = fit_design(reduced).theta
    parts, at = [np.empty(0)], 0
    for t, r in enumerate(design.random):
        if t != term:
            parts.append(found[at : at + r.theta_count])
            at += r.theta_count
        elif left is None:
            parts.append(np.zeros(r.theta_count))
        else:
            parts.append(_padded(r, left, effects, found[at : at + left.theta_count]))
            at += left.theta_count
    return np.concatenate(parts)


def _without(random: RandomDesign, effects: tuple[int, ...]) -> RandomDesign | None:
    """A term without some of its effects; None where none is left."""
    kept = [i for i in range(len(random.effects)) if i not in effects]
    if not kept:
        return None
    blocks = [tuple(kept.index(i) for i in b if i in kept) for b in random.blocks]
    return replace(
        random,
        effects=tuple(random.effects[i] for i in kept),
        columns=np.ascontiguousarray(random.columns[:, kept]),
        blocks=tuple(b for b in blocks if b),
    )


def _padded(
    random: RandomDesign, left: RandomDesign, effects: tuple[int, ...], theta: FloatArray
) -> FloatArray:
    """The term's θ with the effects that were left out at zero."""
    kept = [i for i in range(len(random.effects)) if i not in effects]
    lam = np.zeros((len(random.effects),) * 2)
    lam[np.ix_(kept, kept)] = left.relative_factor(theta)
    for block in random.blocks:
        at = np.ix_(block, block)
        lam[at] = lower_factor(lam[at])
    return np.array([lam[i, j] for i, j in random.parameter_positions])
