"""A correlation of intercept and slope that turns round when zero is put elsewhere: F9."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.result import FittedTerm
from mmgui.numbers import decimal, number
from mmgui.spec.derived import Derivation, derived_column
from mmgui.spec.edit import rename_column
from mmgui.spec.expression import Name, columns_of
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT_NAME


def about_where_zero_is(facts: FitFacts) -> Iterator[Finding]:
    """F9: the correlation of intercept and slope changes sign when the variable is centred.

    At x = c the intercept is b₀ + c b₁, so that its covariance with b₁ is σ₀₁ + c σ₁₁ (RUN corr_vs_origin,
    Orthodont). Told where the correlation is of some size and the term not singular.
    """
    spec = facts.fit.design.spec
    for k, term in enumerate(facts.fit.terms):
        if term.singular or term.structure.patterned:
            continue
        for j, column in _quantities(facts, k):
            at_zero, at_mean, mean = _correlations(facts, k, j)
            turns = at_zero * at_mean < 0.0 and abs(at_zero) >= THRESHOLDS.some_correlation
            if not turns:
                continue
            yield Finding(
                "F9",
                Severity.INFO,
                f"The correlation {decimal(at_zero, 2)} of Intercept and {column} between the groups of "
                f"{term.grouping} is that at {column} = 0; at its mean, {number(mean)}, it is "
                f"{decimal(at_mean, 2)}. It says where zero is as much as how the groups differ: move the "
                "origin on the Covariance page, or center the column.",
                (term.grouping, column),
                _centred(spec, column),
                (k,),
                "A matter of where zero is",
            )


def _quantities(facts: FitFacts, k: int) -> Iterator[tuple[int, str]]:
    """Positions of effects that are columns of numbers as they are, free to correlate with the intercept."""
    design, term = facts.fit.design, facts.fit.terms[k]
    if INTERCEPT_NAME not in term.effects:
        return
    first = term.effects.index(INTERCEPT_NAME)
    for slope in design.spec.random[k].slopes:
        factor = slope.factors[0] if slope.order == 1 else None
        if not isinstance(factor, Name) or factor.name in design.labelled or slope.label not in term.effects:
            continue
        j = term.effects.index(slope.label)
        if (min(first, j), max(first, j)) in term.free_pairs:
            yield j, factor.name


def _correlations(facts: FitFacts, k: int, j: int) -> tuple[float, float, float]:
    """The correlation at zero, at the mean, and the mean; other effects stay where they are."""
    term: FittedTerm = facts.fit.terms[k]
    i = term.effects.index(INTERCEPT_NAME)
    mean = float(facts.fit.design.random[k].columns[:, j].mean())
    s00, s01, s11 = (float(term.covariance[a, b]) for a, b in ((i, i), (i, j), (j, j)))
    moved = s00 + 2.0 * mean * s01 + mean**2 * s11
    if s00 <= 0.0 or s11 <= 0.0 or moved <= 0.0:
        return 0.0, 0.0, mean
    return s01 / math.sqrt(s00 * s11), (s01 + mean * s11) / math.sqrt(moved * s11), mean


def _centred(spec: ModelSpec, column: str) -> tuple[Fix, ...]:
    response = set() if spec.response is None else set(columns_of(spec.response))
    grouping = {c for r in spec.random for c in r.grouping.columns}
    if column in response | grouping:
        return ()
    derived = derived_column(Derivation.CENTER, column, taken=tuple(spec.columns()))
    return (Fix(f"Center {column}", rename_column(spec, column, derived.name), (derived,)),)


RULES: dict[str, FitRule] = {"F9": about_where_zero_is}
