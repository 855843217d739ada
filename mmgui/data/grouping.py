"""How grouping factors and predictors lie in the rows: groups, their sizes, within and between."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from mmgui.data.combinations import Cells, cells_of, combined, median_of
from mmgui.data.table import Column, Table, no_such_column
from mmgui.errors import DataError, Where
from mmgui.spec.terms import GroupingFactor

IntArray = NDArray[np.int64]
Factor = str | tuple[str, ...] | GroupingFactor

# A predictor whose group means differ by less than this share of what chance would make them differ was
# laid out within the groups; the rest comes from a few missing rows.
_WITHIN_SHARE = 0.1
_ROUNDING = 1e-12


class Variation(StrEnum):
    """Where a predictor varies."""

    WITHIN = "within"
    """Within groups, alike in every group: days of a balanced study."""

    BETWEEN = "between"
    """Constant within each group: the sex of a child."""

    BOTH = "both"
    """Within groups and between them: hours of sleep in the night before."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by group.

    Attributes
    ----------
    label
        ``"Subject"`` or ``"batch:cask"``.
    codes
        (n,) int64, 0 … count - 1, every group occurring; -1 where a column of the factor is missing.
    count
        Number of groups.
    """

    label: str
    codes: IntArray
    count: int

    @cached_property
    def has_gaps(self) -> bool:
        """Whether a row belongs to no group."""
        return bool(self.codes.min(initial=0) < 0)

    @cached_property
    def changes(self) -> int:
        """How often the group changes from one row to the next."""
        return int(np.count_nonzero(self.codes[1:] != self.codes[:-1]))


@dataclass(frozen=True, eq=False, slots=True)
class Joint:
    """Two groupings of the rows together.

    Attributes
    ----------
    first, second
        The two.
    used
        (n,) rows that have both; None where all have.
    left, right
        (m,) the groups of those rows in ``first`` and in ``second``.
    cells
        The combinations that occur, by their codes in ``first`` and ``second``.
    """

    first: Groups
    second: Groups
    used: NDArray[np.bool_] | None
    left: IntArray
    right: IntArray
    cells: Cells

    def take(self, codes: IntArray) -> IntArray:
        """The entries of the rows that have both."""
        return codes if self.used is None else codes[self.used]


@dataclass(frozen=True, slots=True)
class GroupSizes:
    """Rows per group of a grouping factor; ``singles`` counts the groups of one row."""

    label: str
    groups: int
    rows: int
    minimum: int
    median: float
    maximum: int
    singles: int

    @property
    def balanced(self) -> bool:
        """Whether all groups have equally many rows."""
        return self.minimum == self.maximum


@dataclass(frozen=True, slots=True)
class PredictorVariation:
    """Where a predictor varies with respect to a grouping factor.

    Attributes
    ----------
    predictor, group
        Their names.
    kind
        Within, between, or both.
    varying
        In how many groups the predictor takes at least two values: a slope draws on these.
    groups
        Number of groups with an entry.
    between_share
        Share of the predictor's variation that lies between groups, 0 … 1 (1 where it is constant within
        each). For labels the variation is that of their indicator columns.
    is_constant
        Whether the predictor takes a single value altogether.
    """

    predictor: str
    group: str
    kind: Variation
    varying: int
    groups: int
    between_share: float
    is_constant: bool


def columns_of_factor(factor: Factor) -> tuple[str, ...]:
    """The columns of a grouping factor given as a name, several names, or from a model."""
    if isinstance(factor, GroupingFactor):
        return factor.columns
    return (factor,) if isinstance(factor, str) else tuple(factor)


def groups_of(table: Table, factor: Factor) -> Groups:
    """The groups of one column, or of the combinations of several that occur.

    Parameters
    ----------
    table
        The table.
    factor
        A column, several columns, or a model's grouping factor.

    Returns
    -------
    Groups
        Numbered in the order of the levels, the last column running fastest.

    Raises
    ------
    DataError
        ``unknown_column``.
    """
    names = columns_of_factor(factor)
    kept = _known.setdefault(table, {})
    if names not in kept:
        codes = np.zeros(table.nrows, dtype=np.int32)
        for name in names:
            column = _column(table, name)
            # Renumbered after each column, so that the product of many levels cannot overflow.
            codes = combined(codes, column.codes, len(column.levels))[1]
        kept[names] = Groups(":".join(names), codes.astype(np.int64), int(codes.max(initial=-1)) + 1)
    return kept[names]


_known: WeakKeyDictionary[Table, dict[tuple[str, ...], Groups]] = WeakKeyDictionary()


def joint(table: Table, first: Factor, second: Factor, *, finite: bool = True) -> Joint:
    """Two groupings of the rows together.

    Parameters
    ----------
    table
        The table; the rows count that have an entry of both.
    first, second
        Each a column, several columns, or a model's grouping factor.
    finite
        Leave out rows in which the second is a single column of numbers and infinite.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where no row has both.
    """
    one, two = groups_of(table, first), groups_of(table, second)
    used: NDArray[np.bool_] | None = None
    if one.has_gaps or two.has_gaps:
        used = (one.codes >= 0) & (two.codes >= 0)
    values = _values_of(table, second) if finite else None
    if values is not None:
        known = np.isfinite(values)
        if not known.all():
            used = known if used is None else used & known
    if not one.count or not two.count or (used is not None and not used.any()):
        raise no_rows(f"{one.label} and {two.label}")
    left, right = (g.codes if used is None else g.codes[used] for g in (one, two))
    return Joint(one, two, used, left, right, cells_of(left, right, one.count, two.count))


def _column(table: Table, name: str) -> Column:
    if name not in table:
        raise DataError("unknown_column", no_such_column(table, name), Where("column", name))
    return table[name]


def group_sizes(table: Table, group: Factor) -> GroupSizes:
    """Rows per group.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where every entry is missing.
    """
    groups = groups_of(table, group)
    if groups.count == 0:
        raise no_rows(groups.label)
    sizes = np.bincount(groups.codes[groups.codes >= 0], minlength=groups.count)
    return GroupSizes(
        groups.label,
        groups.count,
        int(sizes.sum()),
        int(sizes.min()),
        median_of(sizes),
        int(sizes.max()),
        int(np.count_nonzero(sizes == 1)),
    )


def no_rows(label: str) -> DataError:
    """The error for a factor without a single complete row."""
    return DataError(
        "no_rows", f"No row has an entry in “{label}”; choose another column.", Where("column", label)
    )


def varies(table: Table, predictor: Factor, group: Factor) -> PredictorVariation:
    """Whether a predictor varies within groups, between them, or both, and in how many groups.

    Parameters
    ----------
    table
        The table.
    predictor
        A column, or several whose combinations are meant.
    group
        The grouping factor.

    Returns
    -------
    PredictorVariation
        *Between* where the predictor is constant in each group. *Within* where it is not and the
        group means (for labels: their shares) differ by less than a tenth of what they would if the
        entries were dealt out at random, (G - 1) / (n - 1) of the total sum of squares. Else *both*.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where no row has both.
    """
    return variation(table, joint(table, group, predictor), predictor)


def variation(table: Table, both: Joint, predictor: Factor) -> PredictorVariation:
    """As :func:`varies`, from the cells of the groups (first) with the predictor (second)."""
    cells = both.cells
    pair_group = renumbered(cells.left, both.first.count)
    sizes: NDArray[np.float64] = np.bincount(pair_group, cells.sizes).astype(np.float64)
    varying = int(np.count_nonzero(np.bincount(pair_group) > 1))
    constant = int(cells.right.min()) == int(cells.right.max())
    values = _values_of(table, predictor)
    if varying == 0:
        kind, share = Variation.BETWEEN, 1.0
    else:
        if values is not None:
            value = np.zeros(both.second.count)
            value[both.right] = values if both.used is None else values[both.used]
            share = _share_of_means(value[cells.right], cells.sizes, pair_group, sizes)
        else:
            pair_entry = renumbered(cells.right, both.second.count)
            share = _share_of_shares(cells.sizes, pair_group, pair_entry, sizes)
        chance = (len(sizes) - 1) / (int(cells.sizes.sum()) - 1)
        # A single group leaves nothing between but rounding.
        kind = Variation.WITHIN if share <= _WITHIN_SHARE * chance + _ROUNDING else Variation.BOTH
    return PredictorVariation(both.second.label, both.first.label, kind, varying, len(sizes), share, constant)


def renumbered(codes: IntArray, count: int) -> IntArray:
    """Codes without those that do not occur."""
    seen = np.bincount(codes, minlength=count) > 0
    return codes if seen.all() else (np.cumsum(seen) - 1)[codes]


def _values_of(table: Table, predictor: Factor) -> NDArray[np.float64] | None:
    """The values of a predictor that is a single column of numbers."""
    names = columns_of_factor(predictor)
    column = table[names[0]]
    return column.values if len(names) == 1 and column.is_number else None


def _share_of_means(
    values: NDArray[np.float64], rows: IntArray, groups: IntArray, sizes: NDArray[np.float64]
) -> float:
    """Between-group share of the sum of squares of a number, each value with the rows that have it."""
    scaled = values / (np.abs(values).max() or 1.0)
    centred = scaled - float(scaled @ rows) / float(sizes.sum())
    total = float(centred**2 @ rows)
    means = np.bincount(groups, centred * rows, minlength=len(sizes)) / sizes
    return min(1.0, float(sizes @ means**2) / total) if total > 0 else 0.0


def _share_of_shares(
    cells: IntArray, cell_group: IntArray, cell_label: IntArray, sizes: NDArray[np.float64]
) -> float:
    """Between-group share of the sum of squares of the indicator columns of labels.

    With n_gl rows of label l in group g, the sum of squares between groups is
    Σ_g Σ_l n_gl² / n_g - Σ_l n_l² / n and the total n - Σ_l n_l² / n.
    """
    n = float(cells.sum())
    labels = np.bincount(cell_label, cells)
    common = float(labels @ labels) / n
    between = float(np.sum(cells.astype(np.float64) ** 2 / sizes[cell_group])) - common
    total = n - common
    return min(1.0, max(0.0, between / total)) if total > 0 else 0.0
