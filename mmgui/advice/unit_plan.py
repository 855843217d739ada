"""What each unit of a design gets: its factors, its quantities, whether its cells are replicated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.advice.design_questions import Design
from mmgui.advice.relations import relation_of
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.grouping import varies
from mmgui.data.relation import RelationKind
from mmgui.data.structure import cells_in_unit
from mmgui.data.table import Table
from mmgui.errors import DataError

Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One unit.

    Attributes
    ----------
    columns
        Its columns.
    factors, quantities
        What varies within it.
    replicated
        Whether it has several rows under one combination of the factors.
    larger
        Whether the unit of the design lies in it: then only its level differs.
    """

    columns: Columns
    factors: Columns = ()
    quantities: Columns = ()
    replicated: bool = False
    larger: bool = False

    @property
    def label(self) -> str:
        """``"Subj"`` or ``"batch:cask"``."""
        return ":".join(self.columns)


def unit_plans(design: Design, table: Table, quantities: Columns) -> tuple[UnitPlan, ...]:
    """Larger units first, then the unit, then those crossed with it or inside it.

    Parameters
    ----------
    design
        The design.
    table
        The table, with the columns that ``quantities`` names.
    quantities
        The quantities as they enter the model, centred or not.
    """
    own = UnitPlan(design.unit, design.within_factors, quantities, design.replicated)
    larger = [c for c in design.others if is_larger(table, c, design.unit)]
    rest = [c for c in design.others if c not in larger]
    return (
        *(UnitPlan(columns, larger=True) for columns in larger),
        own,
        *(_crossed(design, table, columns, quantities) for columns in rest),
    )


def is_larger(table: Table, other: Columns, unit: Columns) -> bool:
    """Whether each unit lies in one of the others."""
    if set(other) < set(unit):
        return True
    try:
        found = relation_of(table, other, unit)
    except DataError:
        return False
    return found.kind is RelationKind.NESTED and found.outer == ":".join(other)


def _crossed(design: Design, table: Table, columns: Columns, quantities: Columns) -> UnitPlan:
    """What varies between units may vary within another one: the group of a reader within the words."""
    labels = [n for n in (*design.within_factors, *design.between) if not table[n].is_number]
    numbers = [*quantities, *(n for n in design.between if table[n].is_number)]
    factors = tuple(_varying(table, labels, columns))
    replicated = False
    if factors:
        cells = cells_in_unit(table, columns, factors)
        replicated = cells.replicated >= THRESHOLDS.replicated_share * cells.groups
    return UnitPlan(columns, factors, tuple(_varying(table, numbers, columns)), replicated)


def _varying(table: Table, names: list[str], columns: Columns) -> Iterator[str]:
    for name in names:
        if name not in columns and can_vary(table, name, columns):
            yield name


def can_vary(table: Table, name: str, columns: Columns) -> bool:
    """Whether a variable takes several values in enough groups of these columns for its slope to differ."""
    try:
        found = varies(table, name, columns)
    except DataError:
        return False
    return found.varying > 0 and found.varying >= THRESHOLDS.slope_groups * found.groups
