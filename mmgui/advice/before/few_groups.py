"""G7: a variance between groups that rests on few of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.before import remedies
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.terms import RandomTerm

# A smaller chance would be written as 0%.
_SHOWN = 0.005


def chance_of_zero(groups: int, rows_per_group: float, icc: float) -> float:
    """How often REML estimates the variance between groups as exactly 0 in a one-way layout.

    Parameters
    ----------
    groups
        Number of groups G, at least 2.
    rows_per_group
        Rows n of each, more than 1.
    icc
        True intraclass correlation τ² / (τ² + σ²), 0 … 1.

    Returns
    -------
    float
        P(MSB ≤ MSW) = F(G - 1, G (n - 1)) distribution function at 1 / (1 + n τ²/σ²): MSB / MSW is
        (1 + n τ²/σ²) times an F variable (Searle, Casella & McCulloch 1992, section 3.5).
    """
    from scipy.special import fdtr

    ratio = icc / (1.0 - icc)
    within = groups * (rows_per_group - 1.0)
    return float(fdtr(groups - 1, within, 1.0 / (1.0 + rows_per_group * ratio)))


def typical_size(sizes: NDArray[np.int64]) -> float:
    """n₀ = (n - Σ nᵢ²/n) / (G - 1): the rows a group that count in an unbalanced one-way layout."""
    n = float(sizes.sum())
    return (n - float(np.sum(sizes.astype(np.float64) ** 2)) / n) / (len(sizes) - 1)


def few_groups(facts: DesignFacts) -> Iterator[Finding]:
    """G7: few groups (lme4 ``check.nlev.gtreq.5``; Bolker's FAQ), once for a grouping factor.

    Below ``THRESHOLDS.very_few_groups`` a warning: a variance of four numbers is hardly one, and fixed
    effects cost as little. From there to ``few_groups`` information and no warning: 5 to 9 workers, blocks or
    samples are how many such experiments have, the model is the right one for them (Machines, Oats,
    Penicillin), and what a person can use is to know how rough the number will be. Up to ``some_groups``
    information only where the chance of an estimate of exactly 0 at an intraclass correlation of
    ``typical_icc`` is not small (``chance_worth_a_word``). The chance is that of a one-way layout of these
    groups; with other terms in the model it is a rough guide.
    """
    seen: set[frozenset[str]] = set()
    for index, term in enumerate(facts.spec.random):
        key = frozenset(term.grouping.columns)
        if key in seen:
            continue
        seen.add(key)
        sizes = facts.groups(term.grouping.columns).sizes
        if 2 <= len(sizes) < THRESHOLDS.some_groups:
            yield from _finding(facts, index, sizes)


def _finding(facts: DesignFacts, index: int, sizes: NDArray[np.int64]) -> Iterator[Finding]:
    groups, rows = len(sizes), typical_size(sizes)
    chance = chance_of_zero(groups, rows, THRESHOLDS.typical_icc) if rows > 1.0 else None
    if groups >= THRESHOLDS.few_groups and (chance is None or chance < THRESHOLDS.chance_worth_a_word):
        return
    term = facts.spec.random[index]
    label = term.grouping.label
    severity = Severity.WARNING if groups < THRESHOLDS.very_few_groups else Severity.INFO
    zero = ""
    if chance is not None and chance >= _SHOWN:
        zero = (
            f" With an intraclass correlation of {THRESHOLDS.typical_icc:g} it would come out as exactly "
            f"zero in about {chance:.0%} of such studies."
        )
    terms = tuple(k for k, t in enumerate(facts.spec.random) if remedies.same_columns(t, term))
    yield Finding(
        "G7",
        severity,
        f"Only {groups} groups of {label}: a spread estimated from {groups} numbers is rough.{zero}",
        (label,),
        tuple(_fixed(facts, index)),
        terms,
    )


def _fixed(facts: DesignFacts, index: int) -> Iterator[Fix]:
    """Fixed effects instead, where they can be estimated and no other term builds on the groups."""
    spec, term = facts.spec, facts.spec.random[index]
    if len(term.grouping.columns) > 1 or term.slopes:
        return
    (name,) = term.grouping.columns
    if any(_builds_on(facts, term, other) for other in spec.random):
        return
    fixed = {c for t in spec.fixed for c in t.columns()}
    if name in fixed or any(facts.varies((c,), (name,)).within == 0 for c in fixed):
        return
    yield remedies.made_fixed(spec, facts.table, index)


def _builds_on(facts: DesignFacts, term: RandomTerm, other: RandomTerm) -> bool:
    if remedies.same_columns(term, other):
        return bool(other.slopes)
    if set(term.grouping.columns) & set(other.grouping.columns):
        return True
    return facts.inside(other.grouping.columns, term.grouping.columns)


RULES: dict[str, Rule] = {"G7": few_groups}
