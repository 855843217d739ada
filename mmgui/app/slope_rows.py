"""The slopes a card has or could have, and what the data can tell about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mmgui.advice.facts import DesignFacts
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.app.counted import counted
from mmgui.data.table import Column, Kind, Table
from mmgui.errors import ModelError
from mmgui.spec.edit import add_slope
from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm, Term, variable

_MOST_LEVELS_OFFERED = 20


@dataclass(frozen=True, slots=True)
class SlopeRow:
    """One slope that a card has or could have.

    ``badge`` says what the data can tell about it, ``reason`` why it cannot be ticked (empty if it
    can), ``offered`` is False for a variable that is in the model nowhere else. ``warning`` says why the
    data can hardly carry it, ``effects`` how many effects it adds (0 where that is not known).
    """

    term: Term
    checked: bool
    badge: str
    reason: str
    offered: bool
    warning: str = ""
    effects: int = 0

    @property
    def enabled(self) -> bool:
        """Whether it can be ticked or unticked."""
        return self.checked or not self.reason


def slope_rows(
    spec: ModelSpec, index: int, table: Table | None, facts: DesignFacts | None
) -> tuple[SlopeRow, ...]:
    """The rows of a card: those in the model first, and of each sort those that can be estimated first."""
    random = spec.random[index]
    seen: list[Term] = []
    for term in _in_model(spec, random):
        if not any(term.same_effect(other) for other in seen):
            seen.append(term)
    now = _effects(random, facts)
    rows = [slope_row(term, random, facts, offered=True, now=now) for term in seen]
    if table is not None and facts is not None:
        folded = (variable(c.name) for c in _others(spec, random, table))
        rows += [
            slope_row(term, random, facts, offered=False, now=now) for term in folded if term not in seen
        ]
    # Whether it varies does not depend on a tick, so that a tick moves no row.
    return tuple(sorted(rows, key=lambda row: (not row.offered, bool(row.reason))))


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


def _others(spec: ModelSpec, random: RandomTerm, table: Table) -> Iterator[Column]:
    """Columns that could be slopes although the model does not have them."""
    taken = {*random.grouping.columns, *(() if spec.response is None else columns_of(spec.response))}
    for column in table.columns:
        many = column.kind is Kind.CATEGORY and len(column.levels) > _MOST_LEVELS_OFFERED
        if column.name not in taken and column.kind is not Kind.ID and not many:
            yield column


def slope_row(
    term: Term, random: RandomTerm, facts: DesignFacts | None, *, offered: bool, now: int | None = None
) -> SlopeRow:
    """Whether a slope is ticked and what the data can tell about it.

    ``now`` is the number of effects that the card has, if that is known already.
    """
    checked = any(term.same_effect(other) for other in random.slopes)
    columns = tuple(dict.fromkeys(term.columns()))
    if facts is None or not columns or any(c not in facts.table for c in columns):
        return SlopeRow(term, checked, "", "", offered)
    label = random.grouping.label
    varies = facts.varies(columns, random.grouping.columns)
    if varies.within == 0:
        reason = f"Each {label} has one value of {term.label}, so how its effect differs cannot be learned."
        return SlopeRow(term, checked, f"constant within {label}", reason, offered)
    row = SlopeRow(term, checked, f"varies within {varies.within:,} of {varies.groups:,}", "", offered)
    if varies.within < THRESHOLDS.slope_groups * varies.groups:
        informed = f"only {varies.within:,} of {varies.groups:,} groups of {label} inform this slope"
        row = replace(row, warning=f"{term.label} varies in few groups: {informed}.")
    now = _effects(random, facts) if now is None else now
    after = now if checked else _effects_with(term, random, facts, now)
    return _with_rows_needed(row, after, after - now, random, facts)


def _with_rows_needed(
    row: SlopeRow, effects: int, added: int, random: RandomTerm, facts: DesignFacts
) -> SlopeRow:
    """The row, with a warning where most groups have too few rows for that many effects."""
    sizes = facts.groups(random.grouping.columns).sizes
    needed = effects + 1
    short = int((sizes < needed).sum())
    # A pattern has few parameters however many effects there are.
    if (
        random.covariance.patterned
        or not effects
        or not len(sizes)
        or short <= THRESHOLDS.short_groups * len(sizes)
    ):
        return replace(row, effects=max(added, 0))
    same = int(sizes.min()) == int(sizes.max())
    have = f"groups have {int(sizes[0]):,}" if same else f"{short:,} of {len(sizes):,} groups have fewer"
    many = "With it" if added > 0 else "As it is,"
    warning = (
        f"{many} {counted(effects, 'effect varies', 'effects vary')} by {random.grouping.label}: "
        f"a group needs {needed:,} rows to tell them from noise, and {have}."
    )
    return replace(row, badge=f"needs {needed:,} rows, {have}", warning=warning, effects=max(added, 0))


def _effects(random: RandomTerm, facts: DesignFacts | None) -> int:
    """Number of effect columns a card has, 0 where that cannot be told."""
    if facts is None:
        return 0
    try:
        return sum(facts.effect_blocks(random))
    except ModelError:
        return 0


def _effects_with(term: Term, random: RandomTerm, facts: DesignFacts, now: int) -> int:
    """Number of effect columns with one more slope, 0 where that cannot be told."""
    if random.has_effects and not now:
        return 0
    if term.order == 1 and term.label in facts.table and facts.table[term.label].is_number:
        # Plain numbers need no evaluation, and a table may have many.
        return now + 1
    card = add_slope(replace(facts.spec, random=(random,)), 0, term).random[0]
    return _effects(card, _facts_with(card, facts))


def _facts_with(card: RandomTerm, facts: DesignFacts) -> DesignFacts | None:
    """The facts on the rows in which a slope from outside the model is there, too; None if there is none."""
    known = set(facts.spec.columns())
    new = {c for slope in card.slopes for c in slope.columns() if c not in known}
    if not any(facts.table[c].missing.any() for c in new):
        return facts
    try:
        return DesignFacts(replace(facts.spec, random=(*facts.spec.random, card)), facts.table)
    except ModelError:
        return None
