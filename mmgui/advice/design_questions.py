"""The questions of a design: what is the unit, what varies within it, what repeats. Answers are guesses
from the table, each with its reason, and each for the person to change.

Source: G. Chen, “How to specify individual-level (random) effects in hierarchical modeling” (AFNI, 3dLMEr).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from mmgui.advice.response_guess import numbers_repeats, response_choices
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.advice.unit_guess import NONE, UnitChoice, is_unit, other_units, unit_choices
from mmgui.data.grouping import Variation
from mmgui.data.structure import ColumnInUnit, cells_in_unit, unit_facts
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError

Columns = tuple[str, ...]

_MOST_GUESSED = 4
"""Factors that are ticked without being asked for: five would make 31 random terms."""

_LAID_OUT = 0.9
"""Share of the units that must meet several levels of a factor that was laid out within them."""


class Role(StrEnum):
    """What a column is in the design."""

    FACTOR = "factor"
    """Labels that vary within the unit."""

    QUANTITY = "quantity"
    """Numbers that vary within the unit."""

    BETWEEN = "between"
    """One value for each unit."""

    REPEATS = "repeats"
    """Only numbers the repeated rows."""

    UNIT = "unit"
    """Another unit: larger, smaller, or crossed with the unit."""


@dataclass(frozen=True, slots=True)
class ColumnAnswer:
    """One column, what it is taken for, and why.

    Attributes
    ----------
    columns
        The column; several for a unit that is made of several.
    role
        What it is taken for.
    ticked
        Whether it is part of the design as guessed.
    reason
        A sentence with the counts it rests on.
    """

    columns: Columns
    role: Role
    ticked: bool
    reason: str

    @property
    def label(self) -> str:
        """``"A"`` or ``"batch:cask"``."""
        return ":".join(self.columns)


@dataclass(frozen=True, slots=True)
class Design:
    """What was said about how the rows came about.

    Attributes
    ----------
    response
        The column to be explained; empty if none is chosen.
    unit
        The columns of the unit; empty if none is chosen.
    within_factors, within_quantities
        What varies within the unit: labels, numbers.
    between
        Variables with one value for each unit that the model is to hold.
    interactions
        Pairs of a variable between units and one within them whose interaction is wanted.
    others
        The other units, larger ones first.
    replicated
        Whether a unit has several rows under one combination of the factors.
    centred
        Whether quantities are centred within each level of the factors.
    """

    response: str = ""
    unit: Columns = ()
    within_factors: Columns = ()
    within_quantities: Columns = ()
    between: Columns = ()
    interactions: tuple[tuple[str, str], ...] = ()
    others: tuple[Columns, ...] = ()
    replicated: bool = False
    centred: bool = False

    @property
    def unit_label(self) -> str:
        """``"Subj"`` or ``"batch:cask"``."""
        return ":".join(self.unit)


@dataclass(frozen=True, slots=True)
class Guess:
    """A design as guessed from a table, with everything that could have been said instead.

    Attributes
    ----------
    design
        The guess.
    units
        What could be the unit, the likeliest first.
    responses
        What could be the response, the likeliest first.
    unit_reason, response_reason
        Why this unit and this response, as sentences.
    columns
        Every other column, what it is taken for, and why.
    missing
        Why no structure can be suggested, as one sentence; empty if one can.
    """

    design: Design
    units: tuple[UnitChoice, ...]
    responses: Columns
    unit_reason: str
    response_reason: str
    columns: tuple[ColumnAnswer, ...]
    missing: str = ""

    def of(self, role: Role) -> tuple[ColumnAnswer, ...]:
        """The columns that are taken for this."""
        return tuple(c for c in self.columns if c.role is role)


def guess_design(
    table: Table,
    response: str | None = None,
    unit: Columns | None = None,
    derived: Columns = (),
    same: frozenset[Columns] = NONE,
) -> Guess:
    """What the table lets us guess about its design.

    Parameters
    ----------
    table
        The table with its column settings applied.
    response, unit
        What the person chose; None to guess.
    derived
        Columns that were made from others: offered, but never guessed.
    same
        Pairs of grouping factors whose recurring labels the person said to mean the same.

    Returns
    -------
    Guess
        With a sentence in ``missing`` instead of a full design where the table has no column of numbers
        or none that could be a unit.
    """
    choices = unit_choices(table, () if response is None else (response,), same)
    likeliest = next((c.columns for c in choices if c.plausible), ())
    chosen = likeliest if unit is None else unit
    responses = response_choices(table, chosen, derived)
    y = response if response is not None else next(iter(responses), "")
    missing = _missing(table, y, chosen, choices)
    design = Design(response=y, unit=chosen)
    columns: tuple[ColumnAnswer, ...] = ()
    if chosen and not missing:
        columns = tuple(_answers(table, y, chosen, derived, same))
        design = with_replicates(_ticked(design, columns), table)
    return Guess(
        design=design,
        units=choices,
        responses=responses,
        unit_reason=_unit_reason(choices, chosen),
        response_reason=_response_reason(table, y, response),
        columns=columns,
        missing=missing,
    )


def _missing(table: Table, response: str, unit: Columns, choices: tuple[UnitChoice, ...]) -> str:
    if not response:
        return (
            "No column holds numbers that could be the response; open a table with a measurement, or set "
            "the type of a column to number."
        )
    if unit:
        return ""
    if choices:
        names = " or ".join(c.label for c in choices[:3])
        return (
            f"No column clearly names the units on which {response} was measured; choose one if the labels "
            f"of {names} do, or set the type of the column that does to id."
        )
    return (
        f"No column says which rows belong together: {table.name} needs one whose labels recur over several "
        "rows, such as the person, the batch or the school that each row comes from."
    )


def _unit_reason(choices: tuple[UnitChoice, ...], unit: Columns) -> str:
    return next((c.reason for c in choices if c.columns == unit), "")


def _response_reason(table: Table, response: str, chosen: str | None) -> str:
    if not response:
        return ""
    distinct = len(table[response].levels) if response in table else 0
    why = "as chosen" if chosen is not None else "the likeliest measurement"
    return f"{response} takes {distinct:,} values in {table.nrows:,} rows: {why}."


def _ticked(design: Design, columns: tuple[ColumnAnswer, ...]) -> Design:
    def names(role: Role) -> Columns:
        return tuple(c.columns[0] for c in columns if c.role is role and c.ticked)

    return replace(
        design,
        within_factors=names(Role.FACTOR),
        within_quantities=names(Role.QUANTITY),
        between=names(Role.BETWEEN),
        others=tuple(c.columns for c in columns if c.role is Role.UNIT and c.ticked),
    )


def with_replicates(design: Design, table: Table) -> Design:
    """The design with ``replicated`` as the table has it."""
    return replace(design, replicated=replicates(design, table)[0])


def replicates(design: Design, table: Table) -> tuple[bool, str]:
    """Whether the cells of unit and factors are replicated in the table, and the sentence that says so."""
    if not design.unit or not design.within_factors:
        return False, "No factor varies within the unit, so there are no cells to repeat."
    try:
        cells = cells_in_unit(table, design.unit, design.within_factors)
    except DataError as error:
        return False, error.message
    name = " × ".join((design.unit_label, *design.within_factors))
    rows = f"{cells.minimum:,}" if cells.balanced else f"{cells.minimum:,} to {cells.maximum:,}"
    many = cells.replicated >= THRESHOLDS.replicated_share * cells.groups
    words = f"{rows} {'row' if rows == '1' else 'rows'} per cell of {name}"
    if not many and not cells.unreplicated:
        words += f", several in {cells.replicated:,} of {cells.groups:,} {design.unit_label}"
    return many, f"{words}."


def _answers(
    table: Table, response: str, unit: Columns, derived: Columns, same: frozenset[Columns]
) -> Iterator[ColumnAnswer]:
    """Every column beside response and unit, what it is taken for, and why."""
    facts = unit_facts(table, unit)
    others = tuple(other_units(table, unit, (response,), same))
    units = {columns[-1] for columns, _, likely in others if likely}
    columns = [c for c in facts.columns if c.name != response and not c.is_constant]
    twins = _twins(table, columns)
    within = [c for c in columns if c.varies_within and c.kind is not Kind.ID]
    factors = _guessed_factors(table, [c for c in within if c.kind is Kind.CATEGORY], {*units, *derived})
    numbers = [c for c in within if c.kind is Kind.NUMBER and c.name not in {*twins, *derived}]
    quantities = _guessed_quantities(table, numbers, len(factors))
    for column in columns:
        if column.kind is Kind.ID:
            continue
        if not column.varies_within:
            yield ColumnAnswer((column.name,), Role.BETWEEN, False, _between_words(column, facts.label))
        elif numbers_repeats(table[column.name]):
            yield ColumnAnswer((column.name,), Role.REPEATS, False, f"{column.name} numbers repeated rows.")
        elif column.kind is Kind.CATEGORY:
            ticked = column.name in factors
            words = _factor_words(column, facts.label, taken=column.name in units, ticked=ticked)
            yield ColumnAnswer((column.name,), Role.FACTOR, ticked, words)
        else:
            ticked = column.name in quantities
            words = _quantity_words(column, facts.label, twins.get(column.name, ""))
            yield ColumnAnswer((column.name,), Role.QUANTITY, ticked, words)
    for name in unit:
        if not is_unit(table[name]):
            words = f"Each {facts.label} belongs to one {name}."
            yield ColumnAnswer((name,), Role.BETWEEN, False, words)
    for names, words, likely in others:
        yield ColumnAnswer(names, Role.UNIT, likely, words)


def _guessed_factors(table: Table, factors: list[ColumnInUnit], taken: set[str]) -> Columns:
    """The factors that were laid out within the unit, four at most."""
    laid_out = [
        c.name for c in factors
        if c.name not in taken and not numbers_repeats(table[c.name]) and _is_laid_out(c)
    ]  # fmt: skip
    return tuple(laid_out[:_MOST_GUESSED])


def _is_laid_out(column: ColumnInUnit) -> bool:
    """Whether somebody gave each unit its levels, rather than found them there."""
    if column.varying < _LAID_OUT * column.groups:
        return False
    return column.variation is Variation.WITHIN or column.cells.maximum <= 2 * column.cells.median


def _guessed_quantities(table: Table, numbers: list[ColumnInUnit], factors: int) -> Columns:
    """Quantities laid out alike in every unit, or else the only one beside two factors at most."""
    able = [c for c in numbers if not numbers_repeats(table[c.name])]
    alike = [c.name for c in able if c.variation is Variation.WITHIN]
    if alike:
        return tuple(alike)
    only = len(able) == 1 and factors <= 2 and able[0].varying >= THRESHOLDS.slope_groups * able[0].groups
    return (able[0].name,) if only else ()


def _twins(table: Table, columns: list[ColumnInUnit]) -> dict[str, str]:
    """Numbers that say the same as another before them: temp and temperature."""
    out: dict[str, str] = {}
    seen: dict[bytes, str] = {}
    for column in columns:
        if column.kind is Kind.NUMBER:
            key = table[column.name].codes.tobytes()
            if key in seen and column.distinct < table.nrows:
                out[column.name] = seen[key]
            seen.setdefault(key, column.name)
    return out


def _factor_words(column: ColumnInUnit, unit: str, *, taken: bool, ticked: bool) -> str:
    cells = column.cells
    rows = f"{cells.minimum:,}" if cells.balanced else f"{cells.minimum:,} to {cells.maximum:,}"
    words = f"varies within {column.varying:,} of {column.groups:,} {unit}"
    words += f", all {column.distinct} levels in each" if column.complete else ""
    words += f", {rows} {'row' if rows == '1' else 'rows'} per cell"
    if taken:
        return f"{column.name} {words}; taken as a unit of its own below."
    if not ticked and not _is_laid_out(column):
        return f"{column.name} {words}; it was hardly laid out within {unit}. Tick it if it is of interest."
    return f"{column.name} {words}."


def _quantity_words(column: ColumnInUnit, unit: str, twin: str) -> str:
    low, high = column.distinct_minimum, column.distinct_maximum
    values = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    words = (
        f"{column.name} varies within {column.varying:,} of {column.groups:,} {unit}, {values} values in each"
    )
    if twin:
        return f"{words}; it says the same as {twin}."
    if column.variation is Variation.BOTH:
        return f"{words}; it also differs between {unit}."
    return f"{words}, alike in all." if low == high else f"{words}."


def _between_words(column: ColumnInUnit, unit: str) -> str:
    return f"{column.name} has one value for each {unit}; {column.distinct:,} values in all."
