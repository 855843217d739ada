"""When a factor is coded by contrasts and when by one column for each level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mmgui.spec.expression import Expression
from mmgui.spec.terms import Term


def full_dummies(
    terms: Sequence[Term], intercept: bool, is_factor: Callable[[Expression], bool]
) -> tuple[frozenset[Expression], ...]:
    """For each term, the factors in it that get one column per level rather than treatment contrasts.

    A factor in a term is coded by contrasts where the rest of the term is part of an earlier term, or
    is empty; without an intercept the first factor of the first term that has one gets full dummies.
    This is R's rule as ``TermCode`` and ``modelmatrix`` carry it out (R sources,
    ``src/library/stats/src/model.c``), so that a formula means the same model here as in lme4.

    Parameters
    ----------
    terms
        Terms without the intercept, in model order.
    intercept
        Whether the model has an intercept.
    is_factor
        Tells a factor from a quantity.
    """
    sets = [frozenset(term.factors) for term in terms]
    out: list[set[Expression]] = []
    for k, term in enumerate(terms):
        full: set[Expression] = set()
        for factor in term.factors:
            rest = sets[k] - {factor}
            if rest and is_factor(factor) and not any(rest <= earlier for earlier in sets[:k]):
                full.add(factor)
        out.append(full)
    if not intercept:
        for k, term in enumerate(terms):
            first = next((f for f in term.factors if is_factor(f)), None)
            if first is not None:
                out[k].add(first)
                break
    return tuple(frozenset(full) for full in out)
