"""From a model and its table to the views of its grouping structure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from mmgui.advice.facts import DesignFacts
from mmgui.advice.relations import relation_of
from mmgui.data.combinations import cells_of
from mmgui.data.table import Table
from mmgui.errors import DataError, ModelError
from mmgui.figures.grouping import FactorGroups, GroupingFigure, IntArray, StructureView
from mmgui.figures.picked_rows import RowGroups
from mmgui.spec.model import ModelSpec

_MOST_FACTORS = 8
_MOST_VIEWS = 12
_NO_CELLS = np.empty((0, 3), dtype=np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class _Coded:
    columns: tuple[str, ...]
    groups: FactorGroups


def grouping_figure(spec: ModelSpec, table: Table) -> GroupingFigure | None:
    """The picture of a model's grouping factors; None where there are none, or no rows for them."""
    if not spec.random or any(c not in table for c in spec.columns()):
        return None
    try:
        facts = DesignFacts(spec, table)
    except ModelError:
        return None
    terms: dict[tuple[str, ...], int] = {}
    for index, term in enumerate(spec.random):
        terms.setdefault(term.grouping.columns, index)
    coded = [_coded(facts, names, index) for names, index in list(terms.items())[:_MOST_FACTORS]]
    if any(not len(c.groups.levels) for c in coded):
        return None
    views = list(_views(facts, coded))
    return GroupingFigure(
        views=tuple(views[:_MOST_VIEWS]),
        members=RowGroups(
            facts.rows.positions, {c.groups.label: (c.groups.levels, c.groups.codes) for c in coded}
        ),
        left_out=(*(v.title for v in views[_MOST_VIEWS:]), *map(":".join, list(terms)[_MOST_FACTORS:])),
    )


def _coded(facts: DesignFacts, names: tuple[str, ...], index: int) -> _Coded:
    groups = facts.groups(names)
    codes = groups.codes.astype(np.int64)
    parts = _labels(facts, codes, groups.count, names)
    levels = tuple(":".join(level) for level in zip(*parts, strict=True))
    none = np.empty(0, dtype=np.int64)
    label = ":".join(names)
    return _Coded(names, FactorGroups(label, index, levels, groups.sizes, none, codes, levels, name=label))


def _labels(
    facts: DesignFacts, codes: IntArray, count: int, names: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """For each column the label that each group has in it."""
    known = np.flatnonzero(codes >= 0)
    first = np.full(count, -1, dtype=np.int64)
    first[codes[known[::-1]]] = known[::-1]
    columns = [facts.table[name] for name in names]
    return tuple(tuple(c.levels[k] for k in facts.rows.take(c.codes)[first].tolist()) for c in columns)


def _cells(a: FactorGroups, b: FactorGroups) -> IntArray:
    known = (a.codes >= 0) & (b.codes >= 0)
    found = cells_of(a.codes[known], b.codes[known], len(a.levels), len(b.levels))
    return np.column_stack([found.left, found.right, found.sizes])


def _views(facts: DesignFacts, coded: list[_Coded]) -> Iterator[StructureView]:
    if len(coded) == 1:
        yield StructureView(coded[0].groups.label, "single", (coded[0].groups,), _NO_CELLS)
        return
    # A finer factor has more groups; of two that make the same groups the first is the outer one.
    rank = sorted(range(len(coded)), key=lambda k: len(coded[k].groups.levels))
    met = {(i, j): _cells(coded[i].groups, coded[j].groups) for i, j in combinations(rank, 2)}
    inside = {pair: len(cells) == len(coded[pair[1]].groups.levels) for pair, cells in met.items()}
    lines = [line for k in rank for line in _lines(k, rank, inside)]
    lines = [line for line in lines if not any(set(line) < set(other) for other in lines)]
    joined = {pair for line in lines for pair in combinations(line, 2)}
    views: list[tuple[tuple[int, ...], list[StructureView]]] = [
        (tuple(sorted(line)), [_nested(facts, [coded[k] for k in line])]) for line in lines
    ]
    for i, j in combinations(range(len(coded)), 2):
        if (i, j) not in joined and (j, i) not in joined:
            cells = met[i, j] if (i, j) in met else met[j, i][:, [1, 0, 2]]
            views.append(((i, j), list(_crossed(facts, coded[i], coded[j], cells))))
    for _, found in sorted(views, key=lambda v: v[0]):
        yield from found


def _lines(top: int, rank: list[int], inside: dict[tuple[int, int], bool]) -> list[tuple[int, ...]]:
    """The longest lines of factors, each nested in the one before, that start at ``top``."""
    below = [k for k in rank if inside.get((top, k))]
    next_ones = [k for k in below if not any(inside.get((top, m)) and inside.get((m, k)) for m in below)]
    return [(top, *line) for k in next_ones for line in (_lines(k, rank, inside) or [(k,)])]


def _crossed(facts: DesignFacts, a: _Coded, b: _Coded, cells: IntArray) -> Iterator[StructureView]:
    inner = _inner(facts, a, b)
    title = f"{a.groups.label} × {b.groups.label}"
    by_first = cells[np.lexsort((cells[:, 1], cells[:, 0]))]
    crossed = StructureView(title, "crossed", (a.groups, b.groups), by_first)
    if inner is None:
        yield crossed
        return
    yield replace(crossed, reading="crossed")
    outer = b if inner is a else a
    yield replace(
        _nested(facts, [outer, _joined(facts, outer, inner)]),
        title=f"{outer.groups.label} / {inner.groups.label}",
        reading="nested",
    )


def _inner(facts: DesignFacts, a: _Coded, b: _Coded) -> _Coded | None:
    """Which of two factors may be nested in the other behind labels that recur; None for neither."""
    if set(a.columns) & set(b.columns):
        return None
    try:
        found = relation_of(facts.table, a.columns, b.columns)
    except DataError:
        return None
    if not found.may_be_nested or found.example is None:
        return None
    return a if found.inner == a.groups.label else b


def _joined(facts: DesignFacts, outer: _Coded, inner: _Coded) -> _Coded:
    """The factor outer:inner that a model of crossed factors does not have."""
    names = (*outer.columns, *inner.columns)
    both = _coded(facts, names, inner.groups.term)
    parts = _labels(facts, both.groups.codes, len(both.groups.levels), names)
    cut = len(outer.columns)
    halves = (
        (outer.groups.label, tuple(":".join(p) for p in zip(*parts[:cut], strict=True))),
        (inner.groups.label, tuple(":".join(p) for p in zip(*parts[cut:], strict=True))),
    )
    return _Coded(names, replace(both.groups, halves=halves))


def _nested(facts: DesignFacts, line: Sequence[_Coded]) -> StructureView:
    """A line of factors from coarse to fine, groups beside those of their parent."""
    out = [line[0].groups]
    for outer, inner in pairwise(line):
        out.append(_inside(facts, out[-1], outer, inner))
    title = " / ".join(f.name or f.label for f in out)
    return StructureView(title, "nested", tuple(out), _NO_CELLS)


def _inside(facts: DesignFacts, parent: FactorGroups, outer: _Coded, inner: _Coded) -> FactorGroups:
    factor = inner.groups
    of = _cells(factor, parent)[:, 1]
    order = np.argsort(of, kind="stable")
    place = np.argsort(order)
    codes = np.where(factor.codes >= 0, place[factor.codes], -1)
    levels = tuple(factor.levels[k] for k in order.tolist())
    rest = [c for c in inner.columns if c not in outer.columns]
    own = levels
    if len(rest) < len(inner.columns) and rest:
        own = tuple(":".join(p) for p in zip(*_labels(facts, codes, len(levels), rest), strict=True))
    seen: dict[str, int] = {}
    recycled = any(seen.setdefault(n, p) != p for n, p in zip(own, of[order].tolist(), strict=True))
    halves = tuple((label, tuple(half[k] for k in order.tolist())) for label, half in factor.halves)
    return replace(
        factor,
        levels=levels,
        sizes=factor.sizes[order],
        parent=of[order],
        codes=codes,
        names=own,
        recycled=recycled,
        name=":".join(rest) if own is not levels else factor.label,
        halves=halves,
    )
