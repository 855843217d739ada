"""Simpler random effects for a singular fit: what each would cost on the criterion, and save in parameters.

The fixed effects stay, so the criterion (REML or ML, as the fit's) of both models can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mmgui.engine.design import Design
from mmgui.engine.result import Fit, FittedTerm
from mmgui.errors import MmguiError
from mmgui.inference.comparison.lrt import Refit
from mmgui.inference.variance.singularity import flatness
from mmgui.spec.check import problems
from mmgui.spec.edit import without_codings_of_removed
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT_NAME, Covariance, GroupingFactor, RandomTerm, Term

_Terms = tuple[RandomTerm, ...]

_LESS = {
    Covariance.COMPOUND_SYMMETRY: (Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY,),
    Covariance.HETEROGENEOUS_AR1: (Covariance.AR1,),
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: (Covariance.IDENTITY,),
    Covariance.AR1: (Covariance.IDENTITY,),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model with fewer (co)variances.

    Attributes
    ----------
    terms
        Positions of the random-effects terms that it simplifies.
    becomes
        What stands in their place, as the formula writes it: ``(1 | Subject)``; empty where nothing does.
    instead_of
        The terms as they are.
    spec
        The model.
    free
        Whether it is known without a fit to fit the same: it leaves out nothing but terms without variance.
    """

    terms: tuple[int, ...]
    becomes: str
    instead_of: str
    spec: ModelSpec
    free: bool = False


@dataclass(frozen=True, slots=True)
class SimplerModel:
    """A candidate with its price.

    Attributes
    ----------
    candidate
        The model.
    cost
        How much larger its criterion is (-2 log-likelihood or the REML criterion); NaN where it was not
        fitted.
    saved
        How many parameters fewer it has; 0 where it was not fitted.
    """

    candidate: Candidate
    cost: float
    saved: int


def simpler_candidates(fit: Fit) -> tuple[Candidate, ...]:
    """Models with simpler random effects than a singular fit; nothing is fitted.

    A term without any variance is left out. Of one that lacks variance in some direction each slope, the
    correlations, or the intercept; of a factor's effects the unequal variances and covariances, as
    ``cs()``, ``homcs()``, or an intercept that varies over its levels within groups.

    Parameters
    ----------
    fit
        The fit; no candidate where it is not singular.

    Returns
    -------
    tuple of Candidate
        Each model once; those known to fit the same first.
    """
    spec = fit.design.spec
    empty = tuple(k for k, term in enumerate(fit.terms) if term.rank == 0)
    partly = [k for k, term in enumerate(fit.terms) if term.singular and term.rank]
    found = [_candidate(spec, (k,), terms) for k in partly for terms in _simpler(fit, k)]
    removals = [_candidate(spec, (k,), (), free=True) for k in empty]
    if len(empty) > 1:
        removals.insert(0, _candidate(spec, empty, (), free=True))
    once = {c.spec: c for c in reversed([*removals, *found])}
    return tuple(c for c in reversed(once.values()) if c.spec != spec and not problems(c.spec))


def simpler_models(
    fit: Fit,
    refit: Refit,
    *,
    most_seconds: float = math.inf,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[SimplerModel, ...]:
    """What the simpler models of a singular fit cost, by fitting them.

    Parameters
    ----------
    fit
        The fit.
    refit
        Fits a model specification on the same table.
    most_seconds
        Where the fits would take longer, judged by how long this one took, none is made; those that are
        known to fit the same are still said to.
    on_progress
        Called with the number of models fitted and the number to fit.
    should_stop
        Asked before each; what is done is returned. A refit that is itself stopped counts as not done.

    Returns
    -------
    tuple of SimplerModel
        The cheapest first, of equals the one with fewer parameters; those not fitted last. Models that save
        nothing, or cannot be fitted, are left out.
    """
    candidates = simpler_candidates(fit)
    affordable = fit.seconds * len(candidates) <= most_seconds
    found: list[SimplerModel] = []
    for done, candidate in enumerate(candidates):
        if should_stop is not None and should_stop():
            break
        if on_progress is not None:
            on_progress(done, len(candidates))
        priced = _priced(fit, candidate, refit) if affordable else _unpriced(fit, candidate)
        if priced is not None:
            found.append(priced)
    return tuple(sorted(found, key=_order))


def _order(model: SimplerModel) -> tuple[float, int]:
    cost = math.inf if math.isnan(model.cost) else round(max(model.cost, 0.0), 3)
    return cost, -model.saved


def _priced(fit: Fit, candidate: Candidate, refit: Refit) -> SimplerModel | None:
    try:
        small = refit(candidate.spec)
    except MmguiError:
        # A model that cannot be fitted is none to propose.
        return None
    if small.convergence.reason == "stopped":
        # Where it was stopped says nothing of what it costs.
        return None
    saved = fit.npar - small.npar
    if saved <= 0 or len(small.beta) != len(fit.beta) or small.nobs != fit.nobs:
        return None
    return SimplerModel(candidate, small.objective - fit.objective, saved)


def _unpriced(fit: Fit, candidate: Candidate) -> SimplerModel:
    if candidate.free and fit.convergence.converged:
        return SimplerModel(candidate, 0.0, sum(fit.design.random[k].theta_count for k in candidate.terms))
    return SimplerModel(candidate, math.nan, 0)


def _candidate(spec: ModelSpec, which: tuple[int, ...], terms: _Terms, *, free: bool = False) -> Candidate:
    """The model with ``terms`` in place of those at the first of ``which``, and without the others."""
    cards: list[RandomTerm] = []
    for k, card in enumerate(spec.random):
        new = terms if k == which[0] else () if k in which else (card,)
        for one in new:
            joined = one.joined and bool(cards) and one.divides(cards[-1])
            cards.append(replace(one.settled(), joined=joined))
    before = " + ".join(print_random(replace(spec.random[k], joined=False)) for k in which)
    becomes = " + ".join(print_random(replace(t.settled(), joined=False)) for t in terms)
    smaller = without_codings_of_removed(spec, replace(spec, random=tuple(cards)))
    return Candidate(which, becomes, before, smaller, free)


def _simpler(fit: Fit, k: int) -> Iterator[_Terms]:
    """What may stand in place of a term that lacks variance in some direction, but not in all."""
    term = fit.design.spec.random[k]
    if term.covariance.patterned:
        yield from ((replace(term, covariance=less),) for less in _LESS.get(term.covariance, ()))
        yield (_intercept_alone(term),)
        return
    without = _without(term, _still(fit.terms[k], flatness(fit, k).zero))
    if without is not None:
        yield (without,)
    yield from _fewer_effects(fit.design, term)
    if term.covariance is Covariance.UNSTRUCTURED:
        yield from _fewer_covariances(fit.design, term, len(fit.terms[k].effects))


def _still(term: FittedTerm, zero: tuple[int, ...]) -> frozenset[str]:
    return frozenset(term.effects[i] for i in zero)


def _without(term: RandomTerm, effects: frozenset[str]) -> RandomTerm | None:
    """The term without effects that are columns of their own; None where none of them is."""
    slopes = tuple(s for s in term.slopes if s.label not in effects)
    intercept = term.intercept and INTERCEPT_NAME not in effects
    smaller = replace(term, intercept=intercept, slopes=slopes)
    return smaller if smaller.has_effects and smaller != term else None


def _fewer_effects(design: Design, term: RandomTerm) -> Iterator[_Terms]:
    for slope in term.slopes:
        marginal = any(frozenset(slope.factors) < frozenset(other.factors) for other in term.slopes)
        if not marginal and len(term.effects) > 1:
            yield (replace(term, slopes=tuple(s for s in term.slopes if s != slope)),)
    if len(term.slopes) > 1 or not term.intercept:
        yield (_intercept_alone(term),)
    if term.intercept and term.slopes and not any(_of_labels(design, s) for s in term.slopes):
        yield (replace(term, intercept=False),)


def _fewer_covariances(design: Design, term: RandomTerm, columns: int) -> Iterator[_Terms]:
    labelled = [s for s in term.slopes if _of_labels(design, s)]
    if not labelled and len(term.effects) > 1:
        yield (replace(term, covariance=Covariance.DIAGONAL),)
    if labelled and columns > 2:
        yield (replace(term, covariance=Covariance.INDEPENDENT),)
    if len(term.slopes) != 1 or len(labelled) != 1:
        return
    means = replace(term, intercept=False)
    if columns > 2:
        yield (replace(means, covariance=Covariance.COMPOUND_SYMMETRY),)
    yield (replace(means, covariance=Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY),)
    levels = tuple(dict.fromkeys(labelled[0].columns()))
    within = GroupingFactor((*term.grouping.columns, *levels))
    yield (_intercept_alone(term), RandomTerm(within))


def _intercept_alone(term: RandomTerm) -> RandomTerm:
    return RandomTerm(term.grouping)


def _of_labels(design: Design, slope: Term) -> bool:
    return any(column in design.labelled for column in slope.columns())
