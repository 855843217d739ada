"""Does each random effect matter? The model against the one without it, one effect at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.errors import MmguiError
from mmgui.inference.comparison.lrt import NestedTest, Refit, compare
from mmgui.spec.edit import remove_random, remove_slope, set_random_intercept
from mmgui.spec.formula import print_model, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, INTERCEPT_NAME, Covariance, RandomTerm, Term


@dataclass(frozen=True, slots=True)
class Reduction:
    """A model with one random effect less.

    Attributes
    ----------
    term
        Position of the random-effects term.
    effect
        The effect that is dropped, ``""`` where the whole term is.
    name
        As lmerTest names it: ``Days in (Days | Subject)``, ``(1 | plate)``.
    spec
        The smaller model.
    """

    term: int
    effect: str
    name: str
    spec: ModelSpec


@dataclass(frozen=True, slots=True)
class RandomEffectTest:
    """One row of the table.

    Attributes
    ----------
    term, effect, name
        What is dropped, as in ``Reduction``.
    formula
        The smaller model.
    npar, loglik, aic
        Of the smaller model, by the same criterion (REML or ML) as the whole one; NaN and 0 where it
        could not be fitted.
    test
        The likelihood-ratio test, with the boundary mixture and the naive p-value; None where refused.
    refused
        Why there is no test, as a sentence; empty if there is one.
    """

    term: int
    effect: str
    name: str
    formula: str
    npar: int
    loglik: float
    aic: float
    test: NestedTest | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class RandomEffectTests:
    """The table of single deletions.

    Attributes
    ----------
    formula, npar, loglik, aic
        The whole model.
    rows
        One for each effect that can be dropped.
    """

    formula: str
    npar: int
    loglik: float
    aic: float
    rows: tuple[RandomEffectTest, ...]


def random_effect_tests(
    fit: Fit,
    refit: Refit,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RandomEffectTests:
    """Test every random effect by likelihood ratio, as lmerTest's ``ranova`` with the right distribution.

    The statistic is that of ``ranova``, and so is ``test.p_naive``; ``test.p`` takes into account that a
    variance of zero lies on the boundary. Where ``ranova`` would compare models that are not nested
    (``(0 + x | g)`` against ``(1 | g)``), the term is removed instead.

    Parameters
    ----------
    fit
        The fitted model; the smaller ones are fitted by the same criterion.
    refit
        Fits a model specification on the same table.
    on_progress
        Called with the number of smaller models fitted and the number to fit.
    should_stop
        Asked before each; the rows that are done are returned.

    References
    ----------
    Kuznetsova, A., Brockhoff, P. B. & Christensen, R. H. B. (2017). lmerTest package. Journal of
    Statistical Software 82(13). Stram, D. O. & Lee, J. W. (1994). Biometrics 50, 1171-1177.
    """
    smaller = reductions(fit.design)
    rows: list[RandomEffectTest] = []
    for reduction in smaller:
        if should_stop is not None and should_stop():
            break
        rows.append(_tested(fit, reduction, refit))
        if on_progress is not None:
            on_progress(len(rows), len(smaller))
    return RandomEffectTests(print_model(fit.design.spec), fit.npar, fit.loglik, fit.aic, tuple(rows))


def reductions(design: Design) -> tuple[Reduction, ...]:
    """The models with one random effect less.

    Of ``(a + b | g)`` each slope is dropped that is not part of an interaction which stays; the intercept
    stays with correlated slopes, because without it the model would depend on where they are zero. Of
    ``(a || g)`` and ``diag(a | g)`` the intercept can be dropped as well. A term of one effect is removed,
    but ``(0 + f | g)`` with a factor f first becomes ``(1 | g)``. Of a term whose effects share a variance
    or a correlation nothing but all can be dropped.
    """
    spec = design.spec
    out = []
    for k, term in enumerate(spec.random):
        text = print_random(term)
        if term.covariance.patterned or not term.slopes:
            out.append(Reduction(k, "", text, remove_random(spec, k)))
        elif len(term.effects) == 1:
            slope = term.slopes[0]
            smaller = remove_random(spec, k)
            if term.covariance is Covariance.UNSTRUCTURED and _has_constant(design, k):
                smaller = _to_intercept(spec, k)
            out.append(Reduction(k, slope.label, f"{slope.label} in {text}", smaller))
        else:
            out += _one_less(spec, k, term, text)
    return tuple(out)


def _one_less(spec: ModelSpec, k: int, term: RandomTerm, text: str) -> list[Reduction]:
    out = []
    if term.intercept and term.covariance is not Covariance.UNSTRUCTURED:
        smaller = set_random_intercept(spec, k, False)
        out.append(Reduction(k, INTERCEPT_NAME, f"{INTERCEPT_NAME} in {text}", smaller))
    for slope in term.slopes:
        if any(_part_of(slope, other) for other in term.slopes):
            continue
        out.append(Reduction(k, slope.label, f"{slope.label} in {text}", remove_slope(spec, k, slope)))
    return out


def _part_of(slope: Term, other: Term) -> bool:
    return slope != INTERCEPT and frozenset(slope.factors) < frozenset(other.factors)


def _to_intercept(spec: ModelSpec, k: int) -> ModelSpec:
    term = replace(spec.random[k], intercept=True, slopes=())
    return replace(spec, random=(*spec.random[:k], term.settled(), *spec.random[k + 1 :]))


def _has_constant(design: Design, k: int) -> bool:
    """Whether some combination of the term's effects is the same in every row, as a factor's sum is."""
    columns = design.random[k].columns
    if columns.shape[1] < 2:
        return False
    constant = np.ones(len(columns))
    found = np.linalg.lstsq(columns, constant, rcond=None)[0]
    return bool(np.max(np.abs(columns @ found - constant)) < 1e-9)


def _tested(fit: Fit, reduction: Reduction, refit: Refit) -> RandomEffectTest:
    formula = print_model(reduction.spec)
    try:
        small = refit(reduction.spec)
    except MmguiError as error:
        reason = f"The model without it could not be fitted: {error.message}"
        return RandomEffectTest(
            reduction.term, reduction.effect, reduction.name, formula, 0, np.nan, np.nan, None, reason
        )
    found = compare([small, fit], refit)
    test, refused = None, ""
    if found.tests and found.tests[0].big == 1:
        test = found.tests[0]
    elif found.refused:
        refused = found.refused[0].reason
    else:
        refused = "Dropping the effect does not make the model a special case of the whole one."
    return RandomEffectTest(
        reduction.term,
        reduction.effect,
        reduction.name,
        formula,
        small.npar,
        small.loglik,
        small.aic,
        test,
        refused,
    )
