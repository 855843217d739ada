"""The rule about rows that a model leaves out (D1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.predictor_facts import Columns, usable_terms
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.grouping import groups_of


def dropped_rows(facts: DesignFacts) -> Iterator[Finding]:
    """D1: rows that the model leaves out, for which variables, and what that leaves of the groups."""
    if not facts.rows.dropped:
        return
    counts = {n: int(facts.table[n].missing.sum()) for n in facts.spec.columns()}
    gaps = sorted(((c, n) for n, c in counts.items() if c), key=lambda pair: (-pair[0], pair[1]))
    named = [n if len(gaps) == 1 else f"{n} ({c:,})" for c, n in gaps[:3]]
    names = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    more = f" or {len(gaps) - 3} others" if len(gaps) > 3 else ""
    dropped, rows = facts.rows.dropped, facts.table.nrows
    them = "it" if dropped == 1 else "them"
    groups: dict[Columns, tuple[int, ...]] = {}
    for k in usable_terms(facts):
        columns = facts.spec.random[k].grouping.columns
        groups[columns] = (*groups.get(columns, ()), k)
    losses = {columns: loss for columns in groups if (loss := _loss(facts, columns))}
    yield Finding(
        "D1",
        Severity.INFO,
        f"{dropped:,} of {rows:,} rows will be left out because {names}{more} is missing in {them}."
        + "".join(f" {loss}" for loss in losses.values()),
        (*(n for _, n in gaps), *(":".join(c) for c in losses)),
        terms=tuple(k for columns in losses for k in groups[columns]),
    )


def _loss(facts: DesignFacts, columns: Columns) -> str:
    """Which groups are lost entirely, or keep few of their rows; nothing where none does."""
    groups = groups_of(facts.table, columns)
    label = ":".join(columns)
    before = np.bincount(groups.codes[groups.codes >= 0], minlength=groups.count)
    used = facts.rows.take(groups.codes)
    after = np.bincount(used[used >= 0], minlength=groups.count)
    lost = np.flatnonzero(after == 0)
    few = np.flatnonzero((after > 0) & (after < THRESHOLDS.kept_share * before))
    says = ""
    if len(lost):
        one = len(lost) == 1
        says = (
            f"{len(lost):,} of {groups.count:,} groups of {label} {'is' if one else 'are'} lost entirely: "
            f"{_names(facts, columns, groups.codes, lost)}."
        )
    if len(few):
        one = len(few) == 1
        says += " " if says else ""
        says += (
            f"{len(few):,} {'group' if one else 'groups'} of {label} {'keeps' if one else 'keep'} less than "
            f"half of {'its' if one else 'their'} rows: {_names(facts, columns, groups.codes, few)}."
        )
    return says


def _names(facts: DesignFacts, columns: Columns, codes: NDArray[np.int64], which: NDArray[np.intp]) -> str:
    first = [int(np.argmax(codes == k)) for k in which[:3].tolist()]
    parts = [facts.table[c] for c in columns]
    names = [":".join(p.levels[p.codes[row]] for p in parts) for row in first]
    return ", ".join(names) + (", …" if len(which) > len(names) else "")


RULES: dict[str, Rule] = {"D1": dropped_rows}
