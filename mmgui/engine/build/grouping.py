"""The groups of a grouping factor in the rows used."""

from __future__ import annotations

from mmgui.data.combinations import combined
from mmgui.data.table import Table
from mmgui.engine.build.rows import Rows
from mmgui.engine.build.variable import Labels, drop_unused_levels
from mmgui.spec.terms import GroupingFactor


def groups_of(grouping: GroupingFactor, table: Table, rows: Rows) -> Labels:
    """The grouping factor as codes and levels; every level occurs.

    Of several columns the levels are the combinations that occur, sorted by the first column's order,
    then the second's; their labels are joined by ``:``.
    """
    factors = [_column_levels(table, name, rows) for name in grouping.columns]
    out = factors[0]
    for factor in factors[1:]:
        out = _combined(out, factor)
    return out


def _column_levels(table: Table, name: str, rows: Rows) -> Labels:
    column = table[name]
    return drop_unused_levels(Labels(rows.take(column.codes), column.levels))


def _combined(left: Labels, right: Labels) -> Labels:
    width = len(right.levels)
    present, codes = combined(left.codes, right.codes, width)
    levels = tuple(f"{left.levels[i // width]}:{right.levels[i % width]}" for i in present.tolist())
    return Labels(codes, levels)
