"""What the labels of a grouping column are: measurements, ordered numbers, conditions, or a series."""

from __future__ import annotations

import re
from enum import IntEnum

import numpy as np

from mmgui.advice.facts import DesignFacts
from mmgui.advice.predictor_facts import numbers
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.kinds import AMOUNTS, names_persons, names_units, words_of
from mmgui.data.table import Column, Kind
from mmgui.engine.build.rows import Rows
from mmgui.spec.expression import columns_of


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that name what an experimenter sets, or what people differ in by kind: conditions, not samples.
_CONDITIONS = _words(
    "cond condition conditions treatment treatments treat trt ttt type format hemisphere side sex "
    "gender modality task manipulation intervention arm drug dose diet congruency congruence valence "
    "difficulty emotion mode method recipe variety prepost phase group genotype strain control "
)
# Words that number occasions: their numbers are labels of what was repeated.
_OCCASIONS = _words(
    "run session visit trial round set block replicate rep repeat occasion lap wave scan batch "
)
# Numbers that code labels.
_CODES = ({0.0, 1.0}, {1.0, 2.0}, {-1.0, 1.0}, {-0.5, 0.5})
_ROMAN = re.compile(r"(?=.)x{0,3}(ix|iv|v?i{0,3})\Z", re.IGNORECASE)
_SERIAL = re.compile(r"\D*\d+\Z")


class Evidence(IntEnum):
    """How much speaks for labels being conditions that an experimenter chose."""

    NONE = 0
    SOME = 1
    """The labels are words, and few."""
    STRONG = 2
    """The name says so."""


def looks_measured(column: Column, rows: Rows) -> bool:
    """Whether a column is a number with fractions, or with more different values than a code repeats."""
    if not column.is_number or column.values is None:
        return False
    values = rows.take(column.values)
    values = values[np.isfinite(values)]
    if values.size == 0:
        return False
    different = np.unique(values)
    # Two values, as of -0.5 and 0.5, code labels.
    fractions = len(different) > 2 and bool(np.any(different != np.floor(different)))
    return fractions or len(different) > THRESHOLDS.measured_share * len(values)


def has_order(column: Column, rows: Rows) -> bool:
    """Whether a column is a number whose order means something.

    A number of three values or more (``THRESHOLDS.ordered_levels``) does, unless its name says that it
    numbers occasions (run, session, visit). With two, as of an age measured twice, it does if the name says
    that it is an amount or the values are no codes such as 0 and 1: a run 1 and 2 has labels.
    """
    if not column.is_number or column.values is None:
        return False
    words = set(words_of(column.name))
    if words & _OCCASIONS:
        return False
    values = rows.take(column.values)
    different = set(np.unique(values[np.isfinite(values)]).tolist())
    if len(different) >= THRESHOLDS.ordered_levels:
        return True
    return len(different) == 2 and (bool(words & AMOUNTS) or different not in _CODES)


def is_quantity(facts: DesignFacts, name: str, others: tuple[str, ...]) -> bool:
    """Whether a grouping column is a quantity that the groups of others have several values of.

    Numbers are no quantity where they name units, as their name says or as they lie in one another: rabbit 3,
    whose runs are its own. Of those that merely count up (wafer 1, 2 and 3) the model tells, where it reads
    them as numbers, or the name, where that is one of an amount (age, day, dose).
    """
    column = facts.table[name]
    if not has_order(column, facts.rows) or names_units(name):
        return False
    if facts.inside((name,), others) or facts.inside(others, (name,)):
        return False
    read = [f for t in facts.spec.effects() for f in t.factors if name in columns_of(f)]
    if read:
        return any(numbers(facts, f) is not None for f in read)
    if set(words_of(name)) & AMOUNTS:
        return True
    alone = any(t.grouping.columns == (name,) for t in facts.spec.random)
    return not alone and not counts_up(column, facts.rows)


def counts_up(column: Column, rows: Rows) -> bool:
    """Whether numbers are 1, 2, 3, … or 0, 1, 2, … without a gap."""
    if column.values is None:
        return False
    values = rows.take(column.values)
    different = np.unique(values[np.isfinite(values)])
    first = different[0] if different.size else -1.0
    return bool(first in (0.0, 1.0) and np.array_equal(different, first + np.arange(different.size)))


def conditions(column: Column, levels: int) -> Evidence:
    """Whether a column's labels are conditions rather than a sample of units.

    No label can say which; this goes by the name (``cond``, ``Hemisphere``, ``treatment2``) and, where that
    says nothing, by whether the labels are words (death, life, neutral) or a series (A to F, 1 to 6, s1 to
    s6), as samples, plates and workers have. Columns with more than ``THRESHOLDS.condition_levels`` labels,
    ids, and names of persons or other units are none.
    """
    if levels > THRESHOLDS.condition_levels or column.kind is Kind.ID:
        return Evidence.NONE
    if set(words_of(column.name)) & _CONDITIONS:
        return Evidence.STRONG
    if names_persons(column.name) or names_units(column.name) or column.is_number:
        return Evidence.NONE
    return Evidence.NONE if _is_series(column.levels) else Evidence.SOME


def _is_series(levels: tuple[str, ...]) -> bool:
    """Whether labels count something up: single letters, numbers, Roman numerals, a stem with numbers."""
    return (
        all(len(level) == 1 for level in levels)
        or all(_ROMAN.match(level) for level in levels)
        or all(_SERIAL.match(level) for level in levels)
    )


def names_units_of_a_sample(column: Column) -> bool:
    """Whether a column's labels tell units of a sample apart: an id, or a series of many labels."""
    if column.kind is Kind.ID:
        return True
    many = len(column.levels) > THRESHOLDS.repeated_levels
    return column.kind is Kind.CATEGORY and many and conditions(column, len(column.levels)) is Evidence.NONE
