"""Likelihood-ratio tests between fitted models: which pairs may be tested, and against what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mmgui.engine.design import Design, FloatArray
from mmgui.engine.result import Fit
from mmgui.errors import MmguiError
from mmgui.inference.comparison.mixture import (
    boundary_weights,
    chi_squared_tail,
    describe_mixture,
    mixture_tail,
)
from mmgui.inference.comparison.nesting import Embedding, covariance_within, embed, same_columns, spans
from mmgui.spec.model import ModelSpec

Refit = Callable[[ModelSpec], Fit]

WORSE = 1e-4
"""A larger model whose criterion is higher by more than this did not reach the optimum."""

_SIMULATED = {"bootstrap": "bootstrap", "exact": "exact, simulated"}


@dataclass(frozen=True, slots=True)
class NestedTest:
    """The test of a small model against a big one that contains it.

    Attributes
    ----------
    small, big
        Positions of the two models.
    statistic
        Difference of the criterion, never below 0.
    df
        Parameters that the big model adds.
    p
        Probability under ``weights``.
    reference
        ``"chi2"`` (plain), ``"mixture"`` (variances begin at 0, on their boundary), ``"bootstrap"`` or
        ``"exact"`` (the finite-sample distribution, simulated).
    weights
        Weight of each χ² distribution by its degrees of freedom.
    p_naive
        Probability under the plain χ² with ``df`` degrees of freedom.
    refitted
        Whether REML fits were refitted by ML because their fixed effects differ.
    note
        What else must be said, in sentences; empty if nothing.
    difference
        The difference of the criterion as it is; below 0 where the larger model fits worse.
    """

    small: int
    big: int
    statistic: float
    df: int
    p: float
    reference: str
    weights: dict[int, float]
    p_naive: float
    refitted: bool
    note: str = ""
    difference: float = float("nan")


@dataclass(frozen=True, slots=True)
class Refused:
    """A pair that is no valid test, with the reason as a sentence; ``code`` as in the advice catalogue."""

    small: int
    big: int
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every pair of the models: tested, or refused with the reason."""

    tests: tuple[NestedTest, ...] = field(default=())
    refused: tuple[Refused, ...] = field(default=())


def compare(fits: Sequence[Fit], refit: Refit) -> Comparison:
    """Test every nested pair of fitted models by likelihood ratio.

    Parameters
    ----------
    fits
        The models, in any order.
    refit
        Fits a model specification on the same table; called for REML fits whose fixed effects
        differ, with ``reml=False``. Each model is refitted at most once.

    Returns
    -------
    Comparison
        Tests in the order of the pairs, and the pairs that cannot be tested.
    """
    by_ml: dict[int, Fit] = {}

    def ml(k: int) -> Fit:
        if not fits[k].reml:
            return fits[k]
        if k not in by_ml:
            by_ml[k] = refit(replace(fits[k].design.spec, reml=False))
        return by_ml[k]

    tests: list[NestedTest] = []
    refused: list[Refused] = []
    for a in range(len(fits)):
        for b in range(a + 1, len(fits)):
            pair = _pair(fits, a, b)
            if isinstance(pair, Refused):
                refused.append(pair)
                continue
            small, big, embedding = pair
            same_x = same_columns(fits[small].design.x, fits[big].design.x)
            restricted = fits[small].reml and fits[big].reml and same_x
            refitted = not restricted and (fits[small].reml or fits[big].reml)
            try:
                first, second = (fits[small], fits[big]) if restricted else (ml(small), ml(big))
            except MmguiError as error:
                reason = f"The test needs fits by maximum likelihood, and one failed: {error.message}"
                refused.append(Refused(small, big, reason, "C1"))
                continue
            tests.append(_test(small, big, first, second, embedding, refitted))
    return Comparison(tuple(tests), tuple(refused))


def describe_reference(test: NestedTest) -> str:
    """The null distribution of a test in words: ``½ χ²(1) + ½ χ²(2)``, ``χ²(2)`` or ``bootstrap``."""
    if test.reference in _SIMULATED:
        return _SIMULATED[test.reference]
    return describe_mixture(test.weights)


def tested_fits(fits: Sequence[Fit], test: NestedTest, refit: Refit) -> tuple[Fit, Fit]:
    """The two fits that a test compared: as given, or refitted by ML."""
    first, second = fits[test.small], fits[test.big]
    if first.reml and second.reml and not test.refitted:
        return first, second
    by_ml = [f if not f.reml else refit(replace(f.design.spec, reml=False)) for f in (first, second)]
    return by_ml[0], by_ml[1]


def different_data(a: Design, b: Design) -> tuple[str, str] | None:
    """Why two designs cannot be compared at all, as (code, sentence); None where they can."""
    if not np.array_equal(a.rows, b.rows):
        if a.nobs != b.nobs:
            counts = f"{a.nobs} and {b.nobs} rows"
        else:
            counts = f"{a.nobs} rows each, but not the same ones"
        return "C2", (
            f"The two models use different rows of the table ({counts}), because different columns have "
            "missing values; fit both on the rows they share."
        )
    if not np.allclose(a.y, b.y, rtol=1e-12, atol=0.0):
        return "C2", "The two models have different responses, so their likelihoods cannot be compared."
    if not _same_or_none(a.weights, b.weights):
        return "C2", "The two models weight the rows differently, so their likelihoods cannot be compared."
    if not _same_or_none(a.offset, b.offset):
        return "C4", "The two models have different offsets, so neither is a special case of the other."
    return None


def _same_or_none(a: FloatArray | None, b: FloatArray | None) -> bool:
    if a is None or b is None:
        return a is b
    return np.allclose(a, b, rtol=1e-12, atol=0.0)


def _pair(fits: Sequence[Fit], a: int, b: int) -> tuple[int, int, Embedding] | Refused:
    first, second = fits[a].design, fits[b].design
    differs = different_data(first, second)
    if differs is not None:
        return Refused(a, b, differs[1], differs[0])
    forward, backward = embed(first, second), embed(second, first)
    if forward is not None and (backward is not None or forward.df == 0):
        return Refused(
            a, b, "The two are the same model written in two ways: there is nothing to test.", "C5"
        )
    if forward is not None:
        return a, b, forward
    if backward is not None:
        return b, a, backward
    return Refused(a, b, _not_nested(first, second), "C4")


def _not_nested(a: Design, b: Design) -> str:
    if not (spans(a.x, b.x) or spans(b.x, a.x)):
        where = "each has fixed effects that the other lacks"
    elif covariance_within(a, b) or covariance_within(b, a):
        where = "one has the larger fixed effects, the other the larger random effects"
    else:
        where = "their random effects allow different covariances"
    return (
        f"Neither model is a special case of the other ({where}), so there is no likelihood-ratio test; "
        "compare AIC or BIC."
    )


def _test(small: int, big: int, first: Fit, second: Fit, embedding: Embedding, refitted: bool) -> NestedTest:
    difference = first.objective - second.objective
    statistic = max(difference, 0.0)
    added = sum(q * (q + 1) // 2 for q in embedding.boundary)
    weights = boundary_weights(embedding.df - added + embedding.bound, embedding.boundary)
    boundary = bool(embedding.boundary)
    return NestedTest(
        small=small,
        big=big,
        statistic=statistic,
        df=embedding.df,
        p=mixture_tail(statistic, weights),
        reference="mixture" if boundary or embedding.bound else "chi2",
        weights=weights,
        p_naive=chi_squared_tail(statistic, embedding.df),
        refitted=refitted,
        note=" ".join(_notes(difference, first, second, embedding)),
        difference=difference,
    )


def _notes(difference: float, first: Fit, second: Fit, embedding: Embedding) -> list[str]:
    notes = []
    if difference < -WORSE:
        notes.append(
            "The larger model fits worse than the smaller one, which cannot be: its fit did not reach "
            "the optimum, and the test says nothing."
        )
    if embedding.bound:
        notes.append(
            "Where a term has no variance, the correlation of its effects means nothing, and the exact "
            "distribution is not known. The one used belongs to a larger model and is never too optimistic; "
            "a bootstrap gives the p-value itself."
        )
    elif any(q > 1 for q in embedding.boundary):
        notes.append(
            "Several variances with their covariances begin at 0 together; the exact mixture depends on "
            "the design. The distribution used is never too optimistic; a bootstrap gives the p-value itself."
        )
    elif len(embedding.boundary) > 1:
        notes.append(
            "The weights take the new variances as independent; a bootstrap needs no such assumption."
        )
    if not embedding.identified:
        notes.append(
            "The larger model's variances cannot be told apart on these data, so the plain χ² is used, "
            "which is never too optimistic."
        )
    elif first.singular and embedding.extra_covariance:
        notes.append("The smaller model is itself singular, so the distribution is only approximate.")
    if not (first.convergence.converged and second.convergence.converged):
        notes.append("One of the two fits did not converge.")
    return notes
