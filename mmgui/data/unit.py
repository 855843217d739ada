"""What a unit holds: for every other column, where it varies, over how many values, with what replicates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np

from mmgui.data.combinations import Cells, median_of
from mmgui.data.grouping import (
    Factor,
    GroupSizes,
    Variation,
    columns_of_factor,
    group_sizes,
    joint,
    variation,
)
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError

_MOST_FACTORS = 4


@dataclass(frozen=True, slots=True)
class WithinCells:
    """The cells that a unit makes with a column, or with the combinations of several.

    Attributes
    ----------
    factors
        The columns.
    label
        ``"A"`` or ``"A:B"``.
    levels
        Number of their levels, or combinations, that occur in the rows used.
    possible
        For several columns, the product of their levels; else ``levels``.
    cells
        Number of (unit, level) cells that occur.
    groups
        Units with a row.
    minimum, median, maximum
        Rows per cell that occurs: the replicates.
    replicated
        Number of units in which some cell has more than one row.
    shared
        Number of levels, or combinations, that occur in more than one unit.
    """

    factors: tuple[str, ...]
    label: str
    levels: int
    possible: int
    cells: int
    groups: int
    minimum: int
    median: float
    maximum: int
    replicated: int
    shared: int

    @property
    def complete(self) -> bool:
        """Whether every unit meets every level, or combination, that occurs."""
        return self.cells == self.levels * self.groups

    @property
    def crossed(self) -> bool:
        """Whether every possible combination of the columns occurs."""
        return self.levels == self.possible

    @property
    def balanced(self) -> bool:
        """Whether the cells that occur have equally many rows."""
        return self.minimum == self.maximum

    @property
    def unreplicated(self) -> bool:
        """Whether no cell has more than one row, so that the cells cannot be told from the residuals."""
        return self.maximum == 1


@dataclass(frozen=True, slots=True)
class ColumnInUnit:
    """One column as the groups of a unit see it.

    Attributes
    ----------
    name, kind
        The column.
    variation
        Within the groups, between them, or both; *between* also for a column that is constant altogether.
    is_constant
        Whether it has a single value in all rows.
    varying, groups
        In how many of the groups with an entry it takes at least two values.
    between_share
        Share of its variation that lies between groups, 0 … 1.
    distinct
        Number of distinct values.
    distinct_minimum, distinct_median, distinct_maximum
        Distinct values per group.
    cells
        The (unit, value) cells: whether every group meets all values (``cells.complete``), rows per cell
        (``cells.minimum``, ``cells.maximum``), values that occur in several groups (``cells.shared``).
    """

    name: str
    kind: Kind
    variation: Variation
    is_constant: bool
    varying: int
    groups: int
    between_share: float
    distinct: int
    distinct_minimum: int
    distinct_median: float
    distinct_maximum: int
    cells: WithinCells

    @property
    def varies_within(self) -> bool:
        """Whether it takes several values in some group, so that a slope could be learned there."""
        return self.varying > 0

    @property
    def complete(self) -> bool:
        """Whether every group meets every value: for a factor, a complete design within the unit."""
        return self.cells.complete

    @property
    def nested(self) -> bool:
        """Whether every value occurs in one group only, as with the labels of smaller units."""
        return self.cells.shared == 0


@dataclass(frozen=True, eq=False)
class UnitFacts:
    """What a unit holds.

    Attributes
    ----------
    unit
        The column of the unit, or the columns whose combinations are it.
    sizes
        Its number of groups and their rows.
    columns
        Every other column with an entry beside the unit, in the order of the table.
    combinations
        For two and more categories that vary within the unit, the cells of their combinations: all subsets
        of up to four, beyond that pairs and the combination of all.
    """

    unit: tuple[str, ...]
    sizes: GroupSizes
    columns: tuple[ColumnInUnit, ...]
    combinations: tuple[WithinCells, ...]

    @property
    def label(self) -> str:
        """``"Subject"`` or ``"A:Subject"``."""
        return ":".join(self.unit)

    @cached_property
    def _by_name(self) -> dict[str, ColumnInUnit]:
        return {c.name: c for c in self.columns}

    def column(self, name: str) -> ColumnInUnit | None:
        """One column; None where it is (part of) the unit or has no entry beside it."""
        return self._by_name.get(name)

    @property
    def within_factors(self) -> tuple[str, ...]:
        """Categories that vary within the unit."""
        return self._names(Kind.CATEGORY)

    @property
    def within_quantities(self) -> tuple[str, ...]:
        """Numbers that vary within the unit."""
        return self._names(Kind.NUMBER)

    @property
    def within_ids(self) -> tuple[str, ...]:
        """Ids that vary within the unit: smaller units, or units crossed with it."""
        return self._names(Kind.ID)

    @property
    def between(self) -> tuple[str, ...]:
        """Columns that are constant within each group of the unit but not altogether."""
        return tuple(c.name for c in self.columns if not c.varies_within and not c.is_constant)

    def cells(self, *factors: str) -> WithinCells | None:
        """The cells of a column, or of a combination that ``combinations`` holds, in any order."""
        if len(factors) == 1:
            column = self.column(factors[0])
            return None if column is None else column.cells
        return next((c for c in self.combinations if set(c.factors) == set(factors)), None)

    def _names(self, kind: Kind) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.kind is kind and c.varies_within)


_known: WeakKeyDictionary[Table, dict[tuple[str, ...], UnitFacts]] = WeakKeyDictionary()


def unit_facts(table: Table, unit: Factor) -> UnitFacts:
    """Where every other column varies with respect to a unit; remembered for the table.

    Parameters
    ----------
    table
        The table; for each column the rows count that have an entry both of it and of the unit.
    unit
        A column, several columns, or a model's grouping factor.

    Returns
    -------
    UnitFacts

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where the unit has no entry.
    """
    names = columns_of_factor(unit)
    kept = _known.setdefault(table, {})
    if names not in kept:
        kept[names] = _unit_facts(table, names)
    return kept[names]


def _unit_facts(table: Table, unit: tuple[str, ...]) -> UnitFacts:
    sizes = group_sizes(table, unit)
    columns = []
    for column in table.columns:
        if column.name in unit:
            continue
        try:
            columns.append(_column(table, column.name, unit))
        except DataError as error:
            if error.code != "no_rows":
                raise
    within = [c.name for c in columns if c.kind is Kind.CATEGORY and c.varies_within]
    lengths = range(2, len(within) + 1) if len(within) <= _MOST_FACTORS else (2, len(within))
    subsets = [names for k in lengths for names in combinations(within, k)]
    found = []
    for names in subsets:
        try:
            found.append(cells_in_unit(table, unit, names))
        except DataError as error:
            if error.code != "no_rows":
                raise
    return UnitFacts(unit, sizes, tuple(columns), tuple(found))


def _column(table: Table, name: str, unit: tuple[str, ...]) -> ColumnInUnit:
    both = joint(table, unit, name)
    found, cells = variation(table, both, name), both.cells
    per_group = np.bincount(cells.left)
    per_group = per_group[per_group > 0]
    summary = _summary(table, (name,), cells)
    return ColumnInUnit(
        name=name,
        kind=table[name].kind,
        variation=found.kind,
        is_constant=found.is_constant,
        varying=found.varying,
        groups=found.groups,
        between_share=found.between_share,
        distinct=summary.levels,
        distinct_minimum=int(per_group.min()),
        distinct_median=median_of(per_group),
        distinct_maximum=int(per_group.max()),
        cells=summary,
    )


def cells_in_unit(table: Table, unit: Factor, factors: Factor) -> WithinCells:
    """The cells that a unit makes with a column, or with the combinations of several columns.

    Parameters
    ----------
    table
        The table; the rows count that have an entry of the unit and of every column.
    unit, factors
        Each a column, several columns, or a model's grouping factor.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where no row has both.
    """
    names = columns_of_factor(factors)
    return _summary(table, names, joint(table, unit, names).cells)


def _summary(table: Table, factors: tuple[str, ...], cells: Cells) -> WithinCells:
    meets = np.bincount(cells.right)
    levels = int(np.count_nonzero(meets))
    possible = levels
    if len(factors) > 1:
        possible = int(np.prod([len(table[name].levels) for name in factors], dtype=object))
    return WithinCells(
        factors=factors,
        label=":".join(factors),
        levels=levels,
        possible=possible,
        cells=cells.count,
        groups=int(np.count_nonzero(np.bincount(cells.left))),
        minimum=int(cells.sizes.min()),
        median=median_of(cells.sizes),
        maximum=int(cells.sizes.max()),
        replicated=int(np.count_nonzero(np.bincount(cells.left[cells.sizes > 1]))),
        shared=int(np.count_nonzero(meets > 1)),
    )
