"""The model being built as the window lays it out: one outline a random-effects card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mmgui.advice.facts import DesignFacts, Groups
from mmgui.app.counted import counted
from mmgui.app.slope_rows import SlopeRow, slope_row, slope_rows
from mmgui.app.structure_choices import unsuited
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.figures.covariance_pattern import CovariancePattern, covariance_pattern
from mmgui.spec.edit_random import blocks_of
from mmgui.spec.expression import columns_of
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm

__all__ = ["CardOutline", "SlopeRow", "facts_of", "group_size", "groupings_offered", "outline", "slope_row"]


@dataclass(frozen=True, slots=True)
class CardOutline:
    """One card.

    ``pattern`` is the picture of its covariance matrix (None where that cannot be told), ``too_many`` says
    that it has many parameters for its groups (empty where it has not), ``unsuited`` which structures make
    no sense here and why, ``blocks`` the positions of the other cards of the same groups.
    """

    index: int
    label: str
    size: str
    intercept: bool
    slopes: tuple[SlopeRow, ...]
    covariance: Covariance
    structured: bool
    parameters: str
    can_nest: tuple[str, ...]
    columns: tuple[str, ...] = ()
    formula: str = ""
    effects: int = 0
    pattern: CovariancePattern | None = None
    too_many: str = ""
    unsuited: dict[Covariance, str] = field(default_factory=dict)
    blocks: tuple[int, ...] = ()


def facts_of(spec: ModelSpec, table: Table | None) -> DesignFacts | None:
    """The facts of a model on a table; None where there is no table, column or row for it."""
    if table is None or any(c not in table for c in spec.columns()):
        return None
    try:
        return DesignFacts(spec, table)
    except ModelError:
        return None


def outline(spec: ModelSpec, table: Table | None) -> tuple[CardOutline, ...]:
    """The cards of a model, in the order of the formula."""
    facts = facts_of(spec, table)
    return tuple(_card(spec, i, term, table, facts) for i, term in enumerate(spec.random))


def _card(
    spec: ModelSpec, index: int, term: RandomTerm, table: Table | None, facts: DesignFacts | None
) -> CardOutline:
    pattern = _pattern(term, facts)
    groups = None if facts is None else facts.groups(term.grouping.columns)
    return CardOutline(
        index=index,
        label=term.grouping.label,
        size="" if groups is None else group_size(groups),
        intercept=term.intercept,
        slopes=slope_rows(spec, index, table, facts),
        covariance=term.covariance,
        structured=len(term.effects) > 1 or (pattern is not None and pattern.size > 1),
        parameters=_counts(term, pattern),
        can_nest=tuple(groupings_offered(table, spec, term.grouping.columns)),
        columns=term.grouping.columns,
        formula=print_random(term),
        effects=len(term.effects),
        pattern=pattern,
        too_many=_too_many(pattern, groups),
        unsuited=unsuited(term, facts),
        blocks=tuple(k for k in blocks_of(spec, index) if k != index),
    )


def group_size(groups: Groups) -> str:
    """``18 groups · 10 rows each``."""
    if groups.count == 0:
        return "no groups"
    low, high = int(groups.sizes.min()), int(groups.sizes.max())
    if low == high:
        rows = f"{counted(low, 'row')} each"
    else:
        rows = f"{low:,}–{high:,} rows"
    return f"{counted(groups.count, 'group')} · {rows}"


def _pattern(term: RandomTerm, facts: DesignFacts | None) -> CovariancePattern | None:
    if facts is None or not term.has_effects:
        return None
    try:
        return covariance_pattern(term, facts)
    except ModelError:
        # The advice says what cannot be evaluated.
        return None


def _counts(term: RandomTerm, pattern: CovariancePattern | None) -> str:
    """The counts in words, empty where they cannot be told."""
    if not term.has_effects:
        return "nothing varies yet"
    if pattern is None:
        return ""
    return f"{counted(pattern.size, 'effect')} → {counted(pattern.count, 'parameter')}"


def _too_many(pattern: CovariancePattern | None, groups: Groups | None) -> str:
    """``only 6 groups`` where there are as many parameters as groups, or more (rule T6)."""
    if pattern is None or groups is None or not groups.count or pattern.size < 2:
        return ""
    few = max(pattern.count, pattern.size) >= groups.count
    return f"only {counted(groups.count, 'group')}" if few else ""


def groupings_offered(table: Table | None, spec: ModelSpec, besides: tuple[str, ...] = ()) -> Iterator[str]:
    """Columns that a person may group by: ids and categories first, then any number that repeats.

    More than those that look like groups (``mmgui.data.candidates``): the person may know better.
    """
    if table is None:
        return
    taken = {*besides, *(() if spec.response is None else columns_of(spec.response))}
    labels = [c for c in table.columns if not c.is_number and c.name not in taken]
    numbers = [c for c in table.columns if c.is_number and c.name not in taken]
    yield from (c.name for c in labels if len(c.levels) > 1)
    yield from (c.name for c in numbers if 1 < len(c.levels) <= max(table.nrows // 2, 2))
