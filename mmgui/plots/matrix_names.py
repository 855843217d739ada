"""What stands beside and above the matrices: names of groups, rows, terms and effects, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mmgui.figures.matrices import MatrixRows
from mmgui.figures.matrix_links import Axis
from mmgui.figures.wording import effect_name

MOST_LEVELS = 2
"""Levels of nested groups that are named; the others are told by the pointer."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name for the entries from ``start`` up to ``stop``.

    ``term`` gives its colour; ``brief`` is for where there is no room for ``text``.
    """

    start: int
    stop: int
    text: str
    term: int | None = None
    brief: str = ""


Level = tuple[Span, ...]
Names = dict[Axis, tuple[Level, ...]]


def names_of(rows: MatrixRows) -> Names:
    """The names along each axis, those of the largest pieces first."""
    by_row = (*_groups(rows), _each_row(rows))
    fixed = tuple(Span(j, j + 1, c.name) for j, c in enumerate(rows.fixed))
    return {Axis.ROWS: by_row, Axis.ACROSS: by_row, Axis.FIXED: (fixed,), Axis.EFFECTS: _effects(rows)}


def _groups(rows: MatrixRows) -> tuple[Level, ...]:
    levels: list[Level] = []
    for term in rows.sorted_by[: min(rows.choice.chain, MOST_LEVELS)]:
        changes = np.flatnonzero(np.diff(term.codes)) + 1
        edges = [0, *changes.tolist(), len(term.codes)]
        levels.append(tuple(Span(a, b, term.levels[int(term.codes[a])]) for a, b in pairwise(edges)))
    return tuple(levels)


def _each_row(rows: MatrixRows) -> Level:
    """By the groups that do not stand in blocks; by its number in the table where all do."""
    crossed = rows.sorted_by[rows.choice.chain :]
    if not crossed:
        return tuple(Span(i, i + 1, name) for i, name in enumerate(rows.names))
    return tuple(
        Span(i, i + 1, " · ".join(t.levels[int(t.codes[i])] for t in crossed))
        for i in range(len(rows.places))
    )


def _effects(rows: MatrixRows) -> tuple[Level, ...]:
    terms, groups, effects = [], [], []
    for k, term in enumerate(rows.terms):
        start, size = rows.starts[k], len(term.effects)
        terms.append(Span(start, rows.starts[k + 1], term.name, term.term, term.grouping))
        for g, level in enumerate(term.levels):
            at = start + g * size
            groups.append(Span(at, at + size, level))
            if size > 1:
                effects += [Span(at + e, at + e + 1, effect_name(n)) for e, n in enumerate(term.effects)]
    return (tuple(terms), tuple(groups), *((tuple(effects),) if effects else ()))
