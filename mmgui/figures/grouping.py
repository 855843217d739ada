"""The grouping structure of a model being built: one factor, nested factors, or two factors that meet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.picked_rows import Key, Mask, RowGroups
from mmgui.figures.tabular import FigureTable

IntArray = NDArray[np.int64]
Layout = Literal["single", "nested", "crossed"]
Reading = Literal["", "crossed", "nested"]


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring groups ``start`` … ``end - 1`` of the ``factor``-th factor of a view: one mark drawn."""

    factor: int
    start: int
    end: int


@dataclass(frozen=True, eq=False, slots=True)
class FactorGroups:
    """The groups of one grouping factor in the rows the model uses.

    Attributes
    ----------
    label, term
        Its name, and the first random-effects term that groups by it.
    levels
        (L,) names of the groups, as a fit names them: ``A:a`` for a group of batch:cask.
    sizes
        (L,) rows of each.
    parent
        (L,) in a nested view, the group of the factor before in which each lies, ascending; else empty.
    codes
        (n,) the group of each row, -1 where it has none.
    names
        (L,) what to call each inside its parent: ``a`` for the cask a of batch A; else the level.
    recycled
        Whether some name stands in several parents for different groups.
    name
        What ``names`` are names of: ``cask`` for batch:cask inside batch.
    halves
        Where the model does not group by this factor but by two crossed ones, the label and the (L,)
        levels of each of these; else empty.
    """

    label: str
    term: int
    levels: tuple[str, ...]
    sizes: IntArray
    parent: IntArray
    codes: IntArray
    names: tuple[str, ...]
    recycled: bool = False
    name: str = ""
    halves: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def keys(self, groups: Collection[int]) -> frozenset[Key]:
        """(grouping factor, level) of groups, by the factors that the model has."""
        if self.halves:
            return frozenset((label, levels[g]) for label, levels in self.halves for g in groups)
        return frozenset((self.label, self.levels[g]) for g in groups)


@dataclass(frozen=True, eq=False, slots=True)
class StructureView:
    """One drawing of factors.

    Attributes
    ----------
    title
        ``batch / sample`` for nested factors, ``plate × sample`` for crossed ones, else the factor.
    layout
        ``single``; ``nested``: each factor lies within the one before; ``crossed``: two factors that meet.
    factors
        The factors drawn, the coarsest first where they are nested.
    cells
        (m, 3) for two crossed factors the groups of the first and of the second that meet, and in how
        many rows; else (0, 3).
    reading
        Where labels leave open whether two factors are crossed or nested, which reading this is.
    """

    title: str
    layout: Layout
    factors: tuple[FactorGroups, ...]
    cells: IntArray
    reading: Reading = ""

    def mask(self, parts: Collection[Part]) -> Mask:
        """(n,) the rows that lie in every one of the parts."""
        out = np.ones(len(self.factors[0].codes), dtype=np.bool_)
        for part in parts:
            codes = self.factors[part.factor].codes
            out &= (codes >= part.start) & (codes < part.end)
        return out

    def keys(self, parts: Collection[Part]) -> frozenset[Key]:
        """The groups that parts stand for; a branch's with all groups inside it."""
        found: frozenset[Key] = frozenset()
        for part in parts:
            found |= self.factors[part.factor].keys(range(part.start, part.end))
            start, end = part.start, part.end
            inside = self.factors[part.factor + 1 :] if self.layout == "nested" else ()
            for factor in inside:
                start, end = (int(k) for k in np.searchsorted(factor.parent, (start, end)))
                found |= factor.keys(range(start, end))
        return found

    def is_cell(self, parts: Collection[Part]) -> bool:
        """Whether parts stand for fewer rows than those of their groups."""
        return len(parts) > 1 or any(self.factors[p.factor].halves for p in parts)

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
class GroupingFigure:
    """How the grouping factors of a model lie in its rows.

    Attributes
    ----------
    views
        At least one: lines of nested factors, and pairs of others, in the order of the formula. A pair
        whose labels leave open how it lies has two views in a row, as crossed and as nested.
    members
        The rows the model uses, and their groups in each of its grouping factors.
    left_out
        Titles of views that are not drawn.
    """

    views: tuple[StructureView, ...]
    members: RowGroups
    left_out: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """The first view's table; each view has its own."""
        return self.views[0].table()
