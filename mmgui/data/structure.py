"""The grouping structure of a whole table: how all its grouping factors lie, and what a unit holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from weakref import WeakKeyDictionary

from mmgui.data.candidates import grouping_candidates
from mmgui.data.grouping import GroupSizes, group_sizes
from mmgui.data.relation import Relation, RelationKind, relation
from mmgui.data.table import Table
from mmgui.data.unit import ColumnInUnit, UnitFacts, WithinCells, cells_in_unit, unit_facts
from mmgui.errors import DataError

__all__ = [
    "ColumnInUnit", "GroupingFacts", "UnitFacts", "WithinCells", "cells_in_unit", "grouping_candidates",
    "grouping_facts", "unit_facts",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class GroupingFacts:
    """How the grouping factors of a table lie in its rows and to each other.

    Attributes
    ----------
    factors
        The candidates in the order of the table, each with its number of groups and their sizes.
    pairs
        How each two of them lie to each other, in the order of ``factors``; a pair that shares no row is
        left out. Counts, empty combinations, replicates and balance stand in each :class:`Relation`.
    """

    factors: tuple[GroupSizes, ...]
    pairs: tuple[Relation, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the candidates."""
        return tuple(f.label for f in self.factors)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Relation]:
        return {(r.a, r.b): r for r in self.pairs}

    def pair(self, a: str, b: str) -> Relation | None:
        """How two candidates lie to each other, whichever stands first; None where they share no row."""
        return self._by_name.get((a, b)) or self._by_name.get((b, a))

    def sizes(self, name: str) -> GroupSizes | None:
        """Groups and rows of one candidate; None where it is none."""
        return next((f for f in self.factors if f.label == name), None)

    def inside(self, outer: str, inner: str) -> bool:
        """Whether each group of ``inner`` lies in one group of ``outer`` by its labels."""
        found = self.pair(outer, inner)
        return found is not None and found.kind is RelationKind.NESTED and found.inner == inner

    def chains(self) -> tuple[tuple[str, ...], ...]:
        """The longest lines of factors each nested in the one before, coarsest first; two factors at least.

        Only nesting that the labels themselves show counts.
        """
        below = {
            a: [b for b in self.names if self.inside(a, b) and not self._between(a, b)] for a in self.names
        }
        tops = [a for a in self.names if not any(self.inside(b, a) for b in self.names)]
        return tuple(line for top in tops for line in _lines(top, below) if len(line) > 1)

    def _between(self, outer: str, inner: str) -> bool:
        """Whether some factor lies between the two."""
        return any(self.inside(outer, m) and self.inside(m, inner) for m in self.names)


def _lines(top: str, below: dict[str, list[str]]) -> list[tuple[str, ...]]:
    rest = [line for name in below[top] for line in _lines(name, below)]
    return [(top, *line) for line in rest] or [(top,)]


_known: WeakKeyDictionary[Table, dict[tuple[str, ...], GroupingFacts]] = WeakKeyDictionary()


def grouping_facts(table: Table, factors: tuple[str, ...] | None = None) -> GroupingFacts:
    """How every two candidate grouping factors of a table lie to each other; remembered for the table.

    Parameters
    ----------
    table
        The table; a row in which one of two factors is missing does not count for the two.
    factors
        The columns to look at; by default :func:`grouping_candidates`.

    Returns
    -------
    GroupingFacts
        Without factors or pairs where the table has no column that could define groups.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where a column has no entry.
    """
    names = grouping_candidates(table) if factors is None else factors
    kept = _known.setdefault(table, {})
    if names not in kept:
        pairs = []
        for a, b in combinations(names, 2):
            try:
                pairs.append(relation(table, a, b))
            except DataError as error:
                if error.code != "no_rows":
                    raise
        kept[names] = GroupingFacts(tuple(group_sizes(table, n) for n in names), tuple(pairs))
    return kept[names]
