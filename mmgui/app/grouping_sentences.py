"""The grouping structure of the model being built, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from mmgui.advice.facts import DesignFacts
from mmgui.advice.relations import relation_of
from mmgui.app.counted import counted
from mmgui.app.model_outline import facts_of
from mmgui.data.combinations import IntArray, cells_of
from mmgui.data.relation import Relation, RelationKind
from mmgui.data.table import Table
from mmgui.errors import DataError
from mmgui.spec.model import ModelSpec

_MOST_PAIRS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence; ``term`` is the random-effects term whose colour it wears, or -1."""

    text: str
    term: int = -1


Sentence = tuple[Part, ...]
Columns = tuple[str, ...]


def grouping_sentences(spec: ModelSpec, table: Table | None) -> tuple[Sentence, ...]:
    """How the grouping factors lie in the rows and to each other; empty without grouping factors."""
    facts = facts_of(spec, table)
    if facts is None:
        return ()
    factors: dict[Columns, int] = {}
    for index, term in enumerate(spec.random):
        factors.setdefault(term.grouping.columns, index)
    if len(factors) == 1:
        columns, index = next(iter(factors.items()))
        return (_single(facts, columns, index),)
    pairs = list(combinations(factors, 2))
    sentences = [s for a, b in pairs[:_MOST_PAIRS] for s in _pair(facts, factors, a, b)]
    if len(pairs) > _MOST_PAIRS:
        sentences.append((Part(f"And {len(pairs) - _MOST_PAIRS} more pairs of grouping factors."),))
    return tuple(sentences)


def sentence_text(sentence: Sentence) -> str:
    """A sentence without its colours."""
    return "".join(part.text for part in sentence)


def _single(facts: DesignFacts, columns: Columns, index: int) -> Sentence:
    groups = facts.groups(columns)
    name = Part(":".join(columns), index)
    low, high = (int(groups.sizes.min()), int(groups.sizes.max())) if groups.count else (0, 0)
    if low == high:
        return (
            Part("One grouping factor. Each "), name,
            Part(f" has {counted(low, 'row')}: {counted(groups.count, 'group')}, balanced."),
        )  # fmt: skip
    return (
        Part("One grouping factor. "), name,
        Part(f" makes {counted(groups.count, 'group')} of {low:,} to {high:,} rows."),
    )  # fmt: skip


def _pair(facts: DesignFacts, factors: dict[Columns, int], a: Columns, b: Columns) -> Iterator[Sentence]:
    if len(b) < len(a):
        a, b = b, a
    if set(a) < set(b):
        yield _inside(facts, factors, a, b)
        return
    try:
        found = relation_of(facts.table, a, b)
    except DataError:
        return
    colors = {":".join(columns): index for columns, index in factors.items()}
    if found.kind is not RelationKind.IMPLICITLY_NESTED:
        yield _relation(found, colors, _cells(facts, a, b))
    if found.may_be_nested and found.example is not None:
        yield _recycled(found, colors)


def _inside(facts: DesignFacts, factors: dict[Columns, int], outer: Columns, inner: Columns) -> Sentence:
    rest = ":".join(c for c in inner if c not in outer)
    groups = facts.groups(inner)
    rows = _each(int(groups.sizes.min()), int(groups.sizes.max())) if groups.count else "no rows"
    outer_part = Part(":".join(outer), factors[outer])
    return (
        Part(":".join(inner), factors[inner]), Part(" is nested in "), outer_part,
        Part(": each "), outer_part, Part(f" has {rest} of its own, "),
        Part(f"{counted(groups.count, 'group')} in all, {rows}."),
    )  # fmt: skip


def _relation(found: Relation, colors: dict[str, int], sizes: IntArray) -> Sentence:
    a, b = Part(found.a, colors[found.a]), Part(found.b, colors[found.b])
    low, high = int(sizes.min(initial=found.rows)), int(sizes.max(initial=0))
    rows = _each(low, high) + (", no replicates" if high == 1 else "")
    match found.kind:
        case RelationKind.IDENTICAL:
            return (a, Part(" and "), b, Part(f" make the same {counted(found.levels_a, 'group')}."))
        case RelationKind.NESTED:
            inner = Part(found.inner, colors[found.inner])
            outer = Part(found.outer, colors[found.outer])
            nested, each, lies = Part(" is nested in "), Part(": each "), Part(" lies in one ")
            return (inner, nested, outer, each, inner, lies, outer, Part(f", {_each(low, high)}."))
        case RelationKind.PARTIALLY_CROSSED:
            share = (
                f"{100 * found.filled:.0f}\N{NO-BREAK SPACE}%"
                if found.filled >= 0.01
                else "under 1\N{NO-BREAK SPACE}%"
            )
            verdict = f" are partially crossed: {len(sizes):,} combinations occur, {share} of all, {rows}."
            return (a, Part(" and "), b, Part(verdict))
        case _:
            how = "crossed by their labels" if found.may_be_nested else "crossed"
            return (a, Part(" and "), b, Part(f" are {how}: every "), a, Part(" meets every "), b,
                    Part(f", {counted(len(sizes), 'cell')}, {rows}."))  # fmt: skip


def _cells(facts: DesignFacts, a: Columns, b: Columns) -> IntArray:
    """Rows of each combination that occurs, counted like those per group in the rows that the model uses."""
    first, second = facts.groups(a), facts.groups(b)
    known = (first.codes >= 0) & (second.codes >= 0)
    return cells_of(first.codes[known], second.codes[known], first.count, second.count).sizes


def _each(low: int, high: int) -> str:
    return f"{counted(low, 'row')} each" if low == high else f"{low:,} to {high:,} rows each"


def _recycled(found: Relation, colors: dict[str, int]) -> Sentence:
    label, first, second = found.example or ("", "", "")
    inner, outer = Part(found.inner, colors[found.inner]), Part(found.outer, colors[found.outer])
    example = Part(f": {label} in {first}, {label} in {second}. ")
    if found.kind is RelationKind.IMPLICITLY_NESTED:
        verdict = (Part(f"{found.evidence} So "), inner, Part(" is probably nested in "), outer, Part("."))
    else:
        verdict = (Part("If they name different things, "), inner, Part(" is nested in "), outer, Part("."))
    return (Part("Labels of "), inner, Part(" recur in several "), outer, example, *verdict)
