"""What advice offers in place of a random term: centred predictors, no correlations, fewer effects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Fix
from mmgui.advice.predictor_facts import cells, labels, numbers, origin
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.coding import Coding, Contrast, coded_column
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column
from mmgui.spec.edit import remove_random, remove_slope, set_coding, set_covariance, with_random_terms
from mmgui.spec.edit_fixed import replace_column, replace_factor
from mmgui.spec.expression import Call, Expression, Name
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, Term

UNCORRELATED = (Covariance.DIAGONAL, Covariance.INDEPENDENT, Covariance.IDENTITY)
"""Structures under which an intercept and a slope are unrelated."""


def centred(
    facts: DesignFacts, spec: ModelSpec, quantities: Iterable[Expression], by: tuple[str, ...] = ()
) -> tuple[ModelSpec, tuple[DerivedColumn, ...]]:
    """The model with quantities centred wherever its effects read them, and the columns this takes.

    A column is replaced by a derived one; what is no single column by ``center()`` of it.
    """
    derived: list[DerivedColumn] = []
    taken = set(facts.table.names)
    for quantity in quantities:
        if isinstance(quantity, Name):
            made = derived_column(Derivation.CENTER, quantity.name, by, taken)
            derived.append(made)
            taken.add(made.name)
            spec = replace_column(spec, quantity.name, made.name)
        else:
            spec = replace_factor(spec, quantity, Call("center", (quantity,)))
    return spec, tuple(derived)


def far_quantities(facts: DesignFacts, terms: Iterable[Term]) -> tuple[Expression, ...]:
    """The quantities in these effects whose zero is no natural origin."""
    found = []
    for factor in dict.fromkeys(f for term in terms for f in term.factors):
        where = origin(facts, factor)
        if where is not None and where.far:
            found.append(factor)
    return tuple(found)


def by_reference(facts: DesignFacts, terms: Iterable[Term]) -> dict[str, str]:
    """The factors in these effects that are coded against a reference level, and that level."""
    coded = {c.column: c for c in facts.spec.codings}
    found: dict[str, str] = {}
    for factor in dict.fromkeys(f for term in terms for f in term.factors):
        column, value = coded_column(factor), labels(facts, factor)
        if column is None or value is None:
            continue
        coding = coded.get(column, Coding(column))
        if coding.contrast is Contrast.TREATMENT:
            found[column] = coding.reference or value.levels[0]
    return found


def with_sum_contrasts(spec: ModelSpec, columns: Iterable[str]) -> ModelSpec:
    """The model with these factors coded against the mean of their levels."""
    for column in columns:
        spec = set_coding(spec, Coding(column, Contrast.SUM))
    return spec


def uncorrelated(facts: DesignFacts, index: int) -> Fix:
    """A term's columns each on its own, around origins at which that can be meant."""
    term = facts.spec.random[index]
    # After || the columns of a factor or of poly(x, 2) stay correlated.
    single = all(numbers(facts, f) is not None for t in term.slopes for f in t.factors)
    covariance = Covariance.DIAGONAL if single else Covariance.INDEPENDENT
    spec = set_covariance(facts.spec, index, covariance)
    coded = by_reference(facts, term.slopes) if term.intercept else {}
    spec = with_sum_contrasts(spec, coded)
    far = far_quantities(facts, term.slopes) if term.intercept else ()
    spec, derived = centred(facts, spec, far)
    extra = " with sum contrasts" if coded else ""
    return Fix(f"Use {print_random(spec.random[index])}{extra}", spec, derived)


def without_slopes(facts: DesignFacts, index: int, slopes: Sequence[Term]) -> Iterator[Fix]:
    """The term without one of these slopes, where something is left of it."""
    for slope in slopes:
        if remove_slope(facts.spec, index, slope).random[index].has_effects:
            yield without_slope(facts.spec, index, slope)


def without_slope(spec: ModelSpec, index: int, slope: Term) -> Fix:
    """The term without a slope, or none where what that leaves is nothing, or there already."""
    without = remove_slope(spec, index, slope)
    term = without.random[index]
    others = [t for k, t in enumerate(without.random) if k != index]
    same = any(set(t.grouping.columns) == set(term.grouping.columns) and t.intercept for t in others)
    if not term.has_effects or (same and not term.slopes):
        without = remove_random(spec, index)
    return Fix(f"Drop the slope of {slope.label}", without)


def only_factor(facts: DesignFacts, term: RandomTerm) -> str | None:
    """The factor f of ``(f | g)``: the column of the only slope."""
    if len(term.slopes) != 1 or term.slopes[0].order != 1:
        return None
    factor = term.slopes[0].factors[0]
    return coded_column(factor) if labels(facts, factor) is not None else None


def nested_instead(facts: DesignFacts, index: int) -> Fix | None:
    """``(1 | g) + (1 | f:g)`` for ``(f | g)``, where rows of f repeat within the groups."""
    term = facts.spec.random[index]
    column = only_factor(facts, term)
    if column is None or column in term.grouping.columns:
        return None
    if cells(facts, (column,), term.grouping.columns).replicated < THRESHOLDS.replicated_share:
        return None
    level = RandomTerm(term.grouping, joined=term.joined)
    crossed = RandomTerm(GroupingFactor((column, *term.grouping.columns)))
    random = facts.spec.random
    others = {frozenset(t.grouping.columns) for k, t in enumerate(random) if k != index}
    # What another term has already is not added again.
    added = tuple(t for t in (level, crossed) if frozenset(t.grouping.columns) not in others)
    if not added:
        return None
    spec = with_random_terms(facts.spec, (*random[:index], *added, *random[index + 1 :]))
    return Fix(f"Use {' + '.join(print_random(t) for t in added)}", spec)


def symmetric_instead(facts: DesignFacts, index: int) -> Fix | None:
    """``cs(0 + f | g)`` for ``(f | g)``."""
    term = facts.spec.random[index]
    if only_factor(facts, term) is None:
        return None
    symmetric = replace(term, intercept=False, covariance=Covariance.COMPOUND_SYMMETRY)
    random = facts.spec.random
    spec = with_random_terms(facts.spec, (*random[:index], symmetric, *random[index + 1 :]))
    return Fix(f"Use {print_random(symmetric)}", spec)
