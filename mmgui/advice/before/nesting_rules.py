"""Rules about pairs of grouping factors: labels that recur, and the same groups twice (N1, N5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.relations import relation_of
from mmgui.data.relation import RelationKind
from mmgui.errors import DataError
from mmgui.spec.edit import nest, remove_random
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import GroupingFactor


def recycled_labels(facts: DesignFacts, a: int, b: int) -> Iterator[Finding]:
    """N1: labels of one grouping factor recur under several groups of the other and may name other things.

    Both readings are offered; choosing that they are the same leaves the model as it is.
    """
    first, second = facts.spec.random[a].grouping, facts.spec.random[b].grouping
    if set(first.columns) & set(second.columns):
        return
    try:
        found = relation_of(facts.table, first.columns, second.columns)
    except DataError:
        return
    if not found.may_be_nested or found.example is None:
        return
    label, one, other = found.example
    inner, outer = (b, a) if found.inner == second.label else (a, b)
    why = f" {found.evidence}" if found.evidence else ""
    nested = _nested(facts.spec, outer, inner)
    yield Finding(
        "N1",
        Severity.QUESTION,
        f"Is {found.inner} “{label}” in {found.outer} “{one}” the same as {found.inner} “{label}” in "
        f"{found.outer} “{other}”?{why}",
        (found.inner, found.outer),
        (
            Fix(f"No, each {found.outer} has its own: {found.outer}/{found.inner}", nested),
            Fix("Yes, the same: leave them crossed", facts.spec, reply="same"),
        ),
    )


def _nested(spec: ModelSpec, outer: int, inner: int) -> ModelSpec:
    """``(1 | a) + (x | b)`` as ``(1 | a) + (x | a:b)``, written a/b where the effects are the same."""
    big, small = spec.random[outer], spec.random[inner]
    if len(small.grouping.columns) == 1 and replace(small, grouping=big.grouping) == big:
        nested = nest(spec, outer, small.grouping.columns[0])
        return remove_random(nested, inner + (inner > outer))
    columns = (*big.grouping.columns, *small.grouping.columns)
    own = replace(small, grouping=GroupingFactor(columns), joined=False)
    return replace(spec, random=(*spec.random[:inner], own, *spec.random[inner + 1 :]))


def same_groups(facts: DesignFacts, a: int, b: int) -> Iterator[Finding]:
    """N5: two grouping factors make the same groups under two names."""
    first, second = facts.spec.random[a].grouping, facts.spec.random[b].grouping
    if set(first.columns) == set(second.columns):
        return
    try:
        found = relation_of(facts.table, first.columns, second.columns)
    except DataError:
        return
    if found.kind is RelationKind.IDENTICAL:
        terms = facts.spec.random
        yield Finding(
            "N5",
            Severity.WARNING,
            f"“{first.label}” and “{second.label}” are the same {found.levels_a:,} groups under two names.",
            (first.label, second.label),
            tuple(Fix(f"Remove {print_random(terms[i])}", remove_random(facts.spec, i)) for i in (b, a)),
        )
