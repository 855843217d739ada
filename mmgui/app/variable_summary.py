"""What a variable looks like at a glance: its glyph, a line about its values, a spark-histogram."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from mmgui.app.counted import counted, short_number, value_range
from mmgui.data.facts import VariableFacts, describe_column
from mmgui.data.table import Column, Kind
from mmgui.spec.derived import DerivedColumn

GLYPHS = {Kind.NUMBER: "#", Kind.CATEGORY: "A", Kind.ID: "◎"}
KIND_WORDS = {Kind.NUMBER: "number", Kind.CATEGORY: "category", Kind.ID: "id"}

DERIVED = "ƒ"
"""The mark of a column made from others."""

_FEW = 12


@dataclass(frozen=True, slots=True)
class VariableSummary:
    """One variable; ``bars`` are heights between 0 and 1, in order of the values or levels.

    ``definition`` says how a derived column is made, empty for a column of the file.
    """

    name: str
    kind: Kind
    detail: str
    bars: tuple[float, ...]
    definition: str = ""


def summarise(column: Column, derived: DerivedColumn | None = None) -> VariableSummary:
    """The summary of a column; a derived one is marked and tells how it is made."""
    summary = _summarised(column)
    if derived is None:
        return summary
    definition = derived.definition
    return replace(summary, detail=f"{DERIVED} {definition} · {summary.detail}", definition=definition)


@lru_cache(maxsize=4096)
def _summarised(column: Column) -> VariableSummary:
    facts = describe_column(column)
    detail = _number_line(facts) if column.is_number else _label_line(column, facts)
    if facts.missing:
        # Before the rows per level, which a narrow pane may cut off.
        first, comma, rest = detail.partition(", ")
        detail = f"{first} · {facts.missing:,} missing"
        if comma:
            detail = f"{detail} · {rest}"
    top = max(facts.histogram, default=0)
    bars = tuple(count / top for count in facts.histogram) if top else ()
    return VariableSummary(column.name, column.kind, detail, bars)


def _number_line(facts: VariableFacts) -> str:
    if facts.minimum is None or facts.maximum is None:
        return "no values"
    if facts.minimum == facts.maximum:
        return f"{short_number(facts.minimum)} in every row"
    span = value_range(facts.minimum, facts.maximum)
    return f"{facts.distinct} values, {span}" if facts.distinct <= _FEW else span


def _label_line(column: Column, facts: VariableFacts) -> str:
    if facts.distinct == 0:
        return "no values"
    counts = np.bincount(column.codes[~column.missing], minlength=len(column.levels))
    counts = counts[counts > 0]
    text = counted(facts.distinct, "group" if column.kind is Kind.ID else "level")
    low, high = int(counts.min()), int(counts.max())
    if high == 1 and facts.distinct > 1:
        return f"{text}, one row each"
    return f"{text} × {low:,} rows" if low == high else f"{text}, {low:,}–{high:,} rows"
