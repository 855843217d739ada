"""What can be made of a variable, and why not where it cannot: what menus of chips and variables offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from mmgui.advice.facts import DesignFacts, Groups
from mmgui.app.model_outline import facts_of, groupings_offered
from mmgui.data.derive import with_derived
from mmgui.data.table import Table
from mmgui.engine.build.variable import Labels
from mmgui.errors import DataError, ModelError
from mmgui.spec.derived import Derivation, derived_column
from mmgui.spec.edit_fixed import applied, polynomial, power
from mmgui.spec.expression import Expression, show
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import variable

TRANSFORMS = ("log", "log2", "log10", "log1p", "exp", "sqrt", "abs", "scale", "center")
DEGREES = (2, 3)
MOST_LEVELS = 100
"""Different values above which nobody wants one coefficient for each."""

_MOST_GROUPINGS = 12
_ROUNDING = 1e-9
_NOTHING_YET = "There is no table yet."

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """An entry of a menu: what it reads, what it stands for, and why it cannot be chosen, if so."""

    text: str
    value: Value
    reason: str = ""


def choice_facts(spec: ModelSpec, table: Table | None, column: str) -> DesignFacts | None:
    """The facts on which choices for a column rest, even where the model cannot be worked out as a whole."""
    if table is None or column not in table:
        return None
    return facts_of(spec, table) or facts_of(ModelSpec(fixed=(variable(column),)), table)


def transforms(column: str, facts: DesignFacts | None) -> tuple[Choice[Expression], ...]:
    """The functions of the formula language on a column."""
    calls = [applied(function, column) for function in TRANSFORMS]
    calls += [power(column, 2), applied("factor", column)]
    return tuple(Choice(show(call), call, _refusal(call, facts)) for call in calls)


def polynomials(column: str, facts: DesignFacts | None) -> tuple[Choice[Expression], ...]:
    """Orthogonal polynomials of a column."""
    calls = [(degree, polynomial(column, degree)) for degree in DEGREES]
    return tuple(
        Choice(f"Degree {d}: {show(call)}", call, _too_few_values(column, d, facts)) for d, call in calls
    )


def powers(column: str, facts: DesignFacts | None) -> tuple[Choice[int], ...]:
    """Powers of a column to stand beside it: the degree up to which."""
    return tuple(
        Choice(
            "Add " + " and ".join(show(power(column, k)) for k in range(2, degree + 1)),
            degree,
            _too_few_values(column, degree, facts),
        )
        for degree in DEGREES
    )


def centrings(column: str, spec: ModelSpec, facts: DesignFacts | None) -> tuple[Choice[tuple[str, ...]], ...]:
    """The groups within which a column can be centred; no group first, for all rows."""
    reason = _no_number(column, facts)
    within = (
        Choice(f"Within each {':'.join(by)}", by, reason or _constant_within(column, by, facts))
        for by in groupings(spec, facts, column)
    )
    return (Choice("On the mean of all rows", (), reason), *within)


def splits(column: str, spec: ModelSpec, facts: DesignFacts | None) -> tuple[Choice[tuple[str, ...]], ...]:
    """The groups by which a column can be split into a part within them and their means."""
    reason = _no_number(column, facts)
    return tuple(
        Choice(
            ":".join(by),
            by,
            reason or _constant_within(column, by, facts) or _same_means(column, by, facts),
        )
        for by in groupings(spec, facts, column)
    )


def group_means(
    column: str, spec: ModelSpec, facts: DesignFacts | None
) -> tuple[Choice[tuple[str, ...]], ...]:
    """The groups of which a column's means can be taken."""
    reason = _no_number(column, facts)
    return tuple(
        Choice(":".join(by), by, reason or _same_means(column, by, facts))
        for by in groupings(spec, facts, column)
    )


def derivations(column: str, facts: DesignFacts | None) -> tuple[Choice[Derivation], ...]:
    """What can be made of a column on its own."""
    words = {
        Derivation.CENTER: "Centred on the mean of all rows",
        Derivation.SCALE: "Scaled: centred, in standard deviations",
        Derivation.LOG: "Logarithm",
        Derivation.SQUARE: "Squared",
    }
    return tuple(Choice(text, d, _underivable(column, d, facts)) for d, text in words.items())


def combinations(column: str, facts: DesignFacts | None) -> tuple[Choice[str], ...]:
    """The columns of labels with which a column of labels can be combined under names of their own."""
    if facts is None:
        return ()
    table = facts.table
    reason = f"{column} is a number; only labels are combined." if table[column].is_number else ""
    others = [c.name for c in table.columns if not c.is_number and c.name != column]
    return tuple(Choice(name, name, reason) for name in others[:_MOST_GROUPINGS])


def groupings(spec: ModelSpec, facts: DesignFacts | None, column: str) -> tuple[tuple[str, ...], ...]:
    """The grouping factors of the model, then the columns of labels that could be."""
    if facts is None:
        return ()
    table = facts.table
    used = [card.grouping.columns for card in spec.random if card.grouping.columns]
    others = [(n,) for n in groupings_offered(table, spec, (column,)) if not table[n].is_number]
    every = dict.fromkeys([*used, *others])
    return tuple(by for by in every if column not in by and set(by) <= set(table.names))[:_MOST_GROUPINGS]


def _refusal(call: Expression, facts: DesignFacts | None) -> str:
    if facts is None:
        return _NOTHING_YET
    try:
        value = facts.evaluator.variable(call)
    except ModelError as error:
        return error.message
    if isinstance(value, Labels) and len(value.levels) > MOST_LEVELS:
        return f"{show(call)} would have {len(value.levels):,} levels, with a coefficient for each."
    return ""


def _too_few_values(column: str, degree: int, facts: DesignFacts | None) -> str:
    """Why there is no polynomial; worked out only where there may be a reason, since it takes a while."""
    if facts is not None and facts.groups((column,)).count > degree and facts.table[column].is_number:
        return ""
    return _refusal(polynomial(column, degree), facts)


def _no_number(column: str, facts: DesignFacts | None) -> str:
    if facts is None:
        return _NOTHING_YET
    if facts.table[column].is_number:
        return ""
    return f"{column} holds labels; only numbers have a mean."


def _constant_within(column: str, by: tuple[str, ...], facts: DesignFacts | None) -> str:
    if facts is None or facts.varies((column,), by).within:
        return ""
    return f"Each {':'.join(by)} has one value of {column}, so less its mean it would be 0 everywhere."


def _same_means(column: str, by: tuple[str, ...], facts: DesignFacts | None) -> str:
    if facts is None:
        return ""
    means = _means(column, facts.groups(by), facts)
    if not len(means) or np.ptp(means) > _ROUNDING * max(float(np.abs(means).max()), 1e-300):
        return ""
    return f"The mean of {column} is the same in every {':'.join(by)}, so it would be one number throughout."


def _means(column: str, groups: Groups, facts: DesignFacts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = facts.table[column].values
    if values is None:
        return np.empty(0)
    x = facts.rows.take(values)
    used = np.isfinite(x) & (groups.codes >= 0)
    counts = np.bincount(groups.codes[used], minlength=groups.count)
    sums = np.bincount(groups.codes[used], x[used], minlength=groups.count)
    return np.asarray(sums[counts > 0] / counts[counts > 0])


def _underivable(column: str, derivation: Derivation, facts: DesignFacts | None) -> str:
    if facts is None:
        return _NOTHING_YET
    proposed = derived_column(derivation, column, (), facts.table.names)
    try:
        with_derived(facts.table, (proposed,))
    except DataError as error:
        return error.message
    return ""
