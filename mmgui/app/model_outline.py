"""The model being built as the window lays it out: one outline a random-effects card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.advice.facts import DesignFacts, Groups
from mmgui.app.counted import counted
from mmgui.data.table import Kind, Table
from mmgui.errors import ModelError
from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term, variable

_MOST_LEVELS_OFFERED = 20


@dataclass(frozen=True, slots=True)
class SlopeRow:
    """One slope that a card has or could have.

    ``badge`` says what the data can tell about it, ``reason`` why it cannot be ticked (empty if it
    can), ``offered`` is False for a variable that is in the model nowhere else.
    """

    term: Term
    checked: bool
    badge: str
    reason: str
    offered: bool

    @property
    def enabled(self) -> bool:
        """Whether it can be ticked or unticked."""
        return self.checked or not self.reason


@dataclass(frozen=True, slots=True)
class CardOutline:
    """One card."""

    index: int
    label: str
    size: str
    intercept: bool
    slopes: tuple[SlopeRow, ...]
    covariance: Covariance
    structured: bool
    parameters: str
    can_nest: tuple[str, ...]


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
    columns, parameters = _counts(term, facts)
    return CardOutline(
        index=index,
        label=term.grouping.label,
        size="" if facts is None else group_size(facts.groups(term.grouping.columns)),
        intercept=term.intercept,
        slopes=tuple(_slopes(spec, term, table, facts)),
        covariance=term.covariance,
        structured=len(term.effects) > 1 or columns > 1,
        parameters=parameters,
        can_nest=tuple(grouping_candidates(table, spec, term.grouping.columns)),
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


def _counts(term: RandomTerm, facts: DesignFacts | None) -> tuple[int, str]:
    """Number of effect columns, 0 where it is not known, and the counts in words."""
    if not term.has_effects:
        return 0, "nothing varies yet"
    if facts is None:
        return 0, ""
    try:
        columns = sum(facts.effect_blocks(term))
        parameters = facts.parameter_count(term)
    except ModelError:
        return 0, ""
    return columns, f"{counted(columns, 'effect')} → {counted(parameters, 'parameter')}"


def _slopes(
    spec: ModelSpec, random: RandomTerm, table: Table | None, facts: DesignFacts | None
) -> Iterator[SlopeRow]:
    seen: list[Term] = []
    for term in _in_model(spec, random):
        if not any(term.same_effect(other) for other in seen):
            seen.append(term)
            yield slope_row(term, random, facts, offered=True)
    if table is None or facts is None:
        return
    taken = {*random.grouping.columns, *(() if spec.response is None else columns_of(spec.response))}
    for column in table.columns:
        term = variable(column.name)
        if column.name in taken or term in seen or column.kind is Kind.ID:
            continue
        if column.kind is Kind.CATEGORY and len(column.levels) > _MOST_LEVELS_OFFERED:
            continue
        row = slope_row(term, random, facts, offered=False)
        if row.enabled:
            yield row


def _in_model(spec: ModelSpec, random: RandomTerm) -> Iterator[Term]:
    """Fixed effects first; a tick changes no row's place."""
    grouping = set(random.grouping.columns)
    for term in spec.fixed:
        if not grouping.issuperset(term.columns()) or term in random.slopes:
            yield term
    for other in spec.random:
        for term in other.slopes:
            if not grouping.issuperset(term.columns()) or term in random.slopes:
                yield term


def slope_row(term: Term, random: RandomTerm, facts: DesignFacts | None, *, offered: bool) -> SlopeRow:
    """Whether a slope is ticked and what the data can tell about it."""
    checked = any(term.same_effect(other) for other in random.slopes)
    columns = tuple(dict.fromkeys(term.columns()))
    if facts is None or not columns or any(c not in facts.table for c in columns):
        return SlopeRow(term, checked, "", "", offered)
    varies = facts.varies(columns, random.grouping.columns)
    label = random.grouping.label
    if varies.within == 0:
        reason = f"Each {label} has one value of {term.label}, so how its effect differs cannot be learned."
        return SlopeRow(term, checked, f"constant within {label}", reason, offered)
    return SlopeRow(term, checked, f"varies within {varies.within:,} of {varies.groups:,}", "", offered)


def grouping_candidates(table: Table | None, spec: ModelSpec, besides: tuple[str, ...] = ()) -> Iterator[str]:
    """Columns that can define groups: ids and categories first, then numbers that repeat."""
    if table is None:
        return
    taken = {*besides, *(() if spec.response is None else columns_of(spec.response))}
    labels = [c for c in table.columns if not c.is_number and c.name not in taken]
    numbers = [c for c in table.columns if c.is_number and c.name not in taken]
    yield from (c.name for c in labels if len(c.levels) > 1)
    yield from (c.name for c in numbers if 1 < len(c.levels) <= max(table.nrows // 2, 2))
