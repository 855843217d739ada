"""The grouping structure of a model being built: one factor, a nested chain, or two crossed factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.figures.tabular import FigureTable
from mmgui.spec.model import ModelSpec

IntArray = NDArray[np.int64]
Layout = Literal["single", "nested", "crossed"]


@dataclass(frozen=True, eq=False, slots=True)
class FactorGroups:
    """The groups of one grouping factor in the rows the model uses.

    Attributes
    ----------
    label, term
        Its name, and the first random-effects term that groups by it.
    levels
        (L,) names of the groups.
    sizes
        (L,) rows of each.
    parent
        (L,) for a nested chain, the group of the factor before in which each lies, ascending; else empty.
    """

    label: str
    term: int
    levels: tuple[str, ...]
    sizes: IntArray
    parent: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class GroupingFigure:
    """How grouping factors lie in the rows.

    Attributes
    ----------
    layout
        ``single``; ``nested``: each factor lies within the one before; ``crossed``: two factors that meet.
    factors
        The factors drawn, the coarsest first where they are nested.
    cells
        (m, 3) for two crossed factors the groups of the first and of the second that meet, and in how
        many rows; else (0, 3).
    others
        Grouping factors of the model that the picture leaves out.
    """

    layout: Layout
    factors: tuple[FactorGroups, ...]
    cells: IntArray
    others: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """One line a group, or a combination of groups, with its rows."""
        if self.layout == "crossed":
            a, b = self.factors
            return FigureTable(
                (a.label, b.label, "Rows"),
                tuple((a.levels[i], b.levels[j], n) for i, j, n in self.cells.tolist()),
            )
        return FigureTable(
            ("Factor", "Group", "Rows"),
            tuple(
                (factor.label, level, size)
                for factor in self.factors
                for level, size in zip(factor.levels, factor.sizes.tolist(), strict=True)
            ),
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Coded:
    factor: FactorGroups
    codes: IntArray


def grouping_figure(spec: ModelSpec, table: Table) -> GroupingFigure | None:
    """The picture of a model's grouping factors; None where there are none, or no rows for them.

    Of several factors that are no chain, the two that stand first in the formula are drawn.
    """
    if not spec.random or any(c not in table for c in spec.columns()):
        return None
    try:
        facts = DesignFacts(spec, table)
    except ModelError:
        return None
    columns: dict[tuple[str, ...], int] = {}
    for index, term in enumerate(spec.random):
        columns.setdefault(term.grouping.columns, index)
    coded = [_coded(facts, names, index) for names, index in columns.items()]
    if any(not len(c.factor.levels) for c in coded):
        return None
    chain = _chain(coded)
    if chain is not None:
        layout: Layout = "single" if len(chain) == 1 else "nested"
        return GroupingFigure(layout, chain, np.empty((0, 3), dtype=np.int64))
    first, second = coded[:2]
    others = tuple(c.factor.label for c in coded[2:])
    pair = _chain([first, second])
    if pair is not None:
        return GroupingFigure("nested", pair, np.empty((0, 3), dtype=np.int64), others)
    return GroupingFigure("crossed", (first.factor, second.factor), _cells(first, second), others)


def _coded(facts: DesignFacts, names: tuple[str, ...], index: int) -> _Coded:
    groups = facts.groups(names)
    codes = groups.codes.astype(np.int64)
    known = np.flatnonzero(codes >= 0)
    first = np.full(groups.count, -1, dtype=np.int64)
    first[codes[known[::-1]]] = known[::-1]
    columns = [facts.table[name] for name in names]
    parts = [[c.levels[k] for k in facts.rows.take(c.codes)[first].tolist()] for c in columns]
    levels = tuple(":".join(level) for level in zip(*parts, strict=True))
    none = np.empty(0, dtype=np.int64)
    return _Coded(FactorGroups(":".join(names), index, levels, groups.sizes, none), codes)


def _cells(a: _Coded, b: _Coded) -> IntArray:
    known = (a.codes >= 0) & (b.codes >= 0)
    width = len(b.factor.levels)
    cells, sizes = np.unique(a.codes[known] * width + b.codes[known], return_counts=True)
    return np.column_stack([cells // width, cells % width, sizes])


def _chain(coded: Sequence[_Coded]) -> tuple[FactorGroups, ...] | None:
    """The factors from coarse to fine, groups beside those of their parent; None if one is not nested."""
    ranked = sorted(coded, key=lambda c: len(c.factor.levels))
    out = [ranked[0].factor]
    order = np.arange(len(out[0].levels))
    for outer, inner in pairwise(ranked):
        cells = _cells(inner, outer)
        if len(cells) != len(inner.factor.levels):
            return None
        place = np.argsort(order)
        parent = place[cells[:, 1]]
        order = np.argsort(parent, kind="stable")
        factor = inner.factor
        levels = tuple(factor.levels[k] for k in order.tolist())
        out.append(replace(factor, levels=levels, sizes=factor.sizes[order], parent=parent[order]))
    return tuple(out)
