"""Rules about pairs of grouping factors: labels that recur, nesting, the same groups twice (N1, N2, N5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from mmgui.advice.before import remedies
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import usable_terms
from mmgui.advice.relations import relation_of
from mmgui.advice.rule import Rule
from mmgui.data.kinds import names_units
from mmgui.data.relation import Relation, RelationKind
from mmgui.data.settings import apply_settings
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError
from mmgui.spec.document import ColumnSetting
from mmgui.spec.edit import nest, remove_random, set_grouping
from mmgui.spec.expression import quote
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import GroupingFactor, RandomTerm


def recycled_labels(facts: DesignFacts, a: int, b: int) -> Iterator[Finding]:
    """N1: labels of one grouping factor recur under several groups of the other and may name other things.

    Both readings are offered; choosing that they are the same leaves the model as it is. A model that has a
    term of the combinations as well has answered: it says what the two share and what they do not.
    """
    spec = facts.spec
    first, second = spec.random[a].grouping, spec.random[b].grouping
    if set(first.columns) & set(second.columns):
        return
    together = GroupingFactor((*first.columns, *second.columns))
    if any(remedies.same_groups(t.grouping, together) for t in spec.random):
        return
    try:
        found = relation_of(_as_labels(facts, together.columns), first.columns, second.columns)
    except DataError:
        return
    if not found.may_be_nested or found.example is None:
        return
    inner, outer = (b, a) if found.inner == second.label else (a, b)
    nested = _nested(spec, outer, inner)
    fix = Fix(f"No, each {found.outer} has its own: {found.outer}/{found.inner}", nested)
    yield _asked(found, found.example, fix, spec, (a, b))


def labels_that_start_anew(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """N1 with a column that is no grouping factor yet: ``(1 | cask)`` where each batch has casks of its own.

    It asks where something says so (:class:`mmgui.data.relation.RelationKind`, implicitly nested), and no
    term of the model has the combinations. Times and other quantities are no units that belong to others.
    """
    spec = facts.spec
    columns = spec.random[index].grouping.columns
    if len(columns) > 1 or any(
        len(t.grouping.columns) > 1 and columns[0] in t.grouping.columns for t in spec.random
    ):
        return
    name, groups = columns[0], facts.groups(columns).count
    if facts.table[name].is_number and not names_units(name):
        return
    grouping = {c for t in spec.random for c in t.grouping.columns}
    for other in facts.table.columns:
        if other.name in grouping or not 1 < len(other.levels) < facts.rows.count / groups:
            continue
        if other.is_number and not names_units(other.name):
            continue
        try:
            found = relation_of(_as_labels(facts, (name, other.name)), (other.name,), columns)
        except DataError:
            continue
        if found.kind is not RelationKind.IMPLICITLY_NESTED or found.inner != name or found.example is None:
            continue
        yield _asked(found, found.example, _grouped_within(spec, index, other.name), spec, (index,))
        return


def _grouped_within(spec: ModelSpec, index: int, outer: str) -> Fix:
    """``(1 | b)`` as ``(1 | a:b)``."""
    columns = (outer, *spec.random[index].grouping.columns)
    within = set_grouping(spec, index, columns)
    return Fix(f"No, each {outer} has its own: {print_random(within.random[index])}", within)


def _asked(
    found: Relation, example: tuple[str, str, str], nested: Fix, spec: ModelSpec, terms: tuple[int, ...]
) -> Finding:
    label, one, other = example
    why = f" {found.evidence}" if found.evidence else ""
    return Finding(
        "N1",
        Severity.QUESTION,
        f"Is {found.inner} “{label}” in {found.outer} “{one}” the same as {found.inner} “{label}” in "
        f"{found.outer} “{other}”?{why}",
        (found.inner, found.outer),
        (nested, Fix("Yes, the same: leave them crossed", spec, reply="same")),
        terms,
    )


def _as_labels(facts: DesignFacts, columns: tuple[str, ...]) -> Table:
    """The table with these columns as what they are here, labels: wafer 1, 2 and 3 of each lot may recur."""
    numbers = tuple(c for c in columns if facts.table[c].is_number)
    return _with_labels(facts.table, numbers) if numbers else facts.table


@lru_cache(maxsize=8)
def _with_labels(table: Table, numbers: tuple[str, ...]) -> Table:
    return apply_settings(table, tuple(ColumnSetting(c, Kind.ID) for c in numbers))


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
    """N5: two grouping factors make the same groups under two names, in the rows used."""
    spec = facts.spec
    first, second = spec.random[a].grouping, spec.random[b].grouping
    if set(first.columns) == set(second.columns) or not facts.same_partition(first.columns, second.columns):
        return
    count = facts.groups(first.columns).count
    if count < 2:
        return
    yield Finding(
        "N5",
        Severity.WARNING,
        f"“{first.label}” and “{second.label}” are the same {count:,} groups under two names.",
        (first.label, second.label),
        (remedies.removed(spec, b), remedies.removed(spec, a)),
        (a, b),
    )


def nested_by_labels(facts: DesignFacts, a: int, b: int) -> Iterator[Finding]:
    """N2: each group of one factor lies in one group of the other, so two ways to write it are one model.

    It speaks where a person may wonder: of ``(1 | a) + (1 | b)`` and of ``(1 | a/b)`` with labels of b of
    their own, each of one column and with the same effects. Labels that recur are N1's.
    """
    spec = facts.spec
    for outer, inner in ((a, b), (b, a)):
        big, small = spec.random[outer], spec.random[inner]
        if replace(small, grouping=big.grouping) != big or len(big.grouping.columns) > 1:
            continue
        one = big.grouping.columns[0]
        own = tuple(c for c in small.grouping.columns if c != one)
        if len(own) != 1 or facts.same_partition(own, (one,)) or not facts.inside(own, (one,)):
            continue
        apart = f"{print_random(big)} + {print_random(replace(small, grouping=GroupingFactor(own)))}"
        divided = _divided(big, own[0])
        written, other = (divided, apart) if len(small.grouping.columns) > 1 else (apart, divided)
        yield Finding(
            "N2",
            Severity.INFO,
            f"Each {own[0]} lies in one {one} and has a label of its own, so {written} and {other} are the "
            "same model.",
            (own[0], one),
            (),
            (outer, inner),
        )
        return


def _divided(outer: RandomTerm, inner: str) -> str:
    """``(1 | a/b)`` for ``(1 | a)`` and b."""
    before, _, after = print_random(outer).rpartition(outer.grouping.formula)
    return f"{before}{outer.grouping.formula}/{quote(inner)}{after}"


def _pairs(facts: DesignFacts) -> Iterator[tuple[int, int]]:
    return combinations(range(len(facts.spec.random)), 2)


def _recycled_labels(facts: DesignFacts) -> Iterator[Finding]:
    """N1, for every pair of terms and for terms beside columns that are none; each question once."""
    asked: set[str] = set()
    found = [f for a, b in _pairs(facts) for f in recycled_labels(facts, a, b)]
    found += [f for k in usable_terms(facts) for f in labels_that_start_anew(facts, k)]
    for finding in found:
        if finding.text not in asked:
            asked.add(finding.text)
            yield finding


def _nested_by_labels(facts: DesignFacts) -> Iterator[Finding]:
    """N2, for every pair of terms."""
    for a, b in _pairs(facts):
        yield from nested_by_labels(facts, a, b)


def _same_groups(facts: DesignFacts) -> Iterator[Finding]:
    """N5, for every pair of terms."""
    for a, b in _pairs(facts):
        yield from same_groups(facts, a, b)


RULES: dict[str, Rule] = {"N1": _recycled_labels, "N2": _nested_by_labels, "N5": _same_groups}
