"""Which column is the response, and which merely number the repeated rows."""

from __future__ import annotations

import numpy as np

from mmgui.data.candidates import defines_groups
from mmgui.data.grouping import Variation, varies
from mmgui.data.kinds import ROW_NUMBERS, words_of
from mmgui.data.table import Column, Table
from mmgui.errors import DataError

_RESPONSES = frozenset({"y", "response", "resp", "outcome", "dv", "dependent", "rt", "reaction", "bold"})
_REPEATS = ROW_NUMBERS | {
    *("run", "runs", "trial", "trials", "rep", "reps", "repl", "replicate", "replicates"),
    *("repetition", "repeat", "scan", "take", "try"),
}


def numbers_repeats(column: Column) -> bool:
    """Whether a column, by its name and entries 1, 2, 3, … or labels, only numbers the repeated rows."""
    if words_of(column.name)[-1:] not in ([w] for w in _REPEATS):
        return False
    values = column.values
    if values is None:
        return True
    present = np.unique(values[~column.missing])
    if not present.size or present[0] not in (0.0, 1.0):
        return False
    return bool(np.array_equal(present, present[0] + np.arange(present.size)))


def response_choices(
    table: Table, unit: tuple[str, ...] = (), derived: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The columns of numbers, the likeliest response first.

    A name such as ``y`` speaks for a column, many different values do, and standing first or last in the
    table. Values that repeat evenly, as a design lays them out, speak against it, and so does a column
    that is the same throughout each unit or has the same mean in all.
    """
    able = [c for c in table.columns if c.is_number and len(c.levels) > 1]
    scores = {c.name: _score(table, c, unit) - (5.0 if c.name in derived else 0.0) for c in able}
    return tuple(sorted(scores, key=lambda name: -scores[name]))


def _score(table: Table, column: Column, unit: tuple[str, ...]) -> float:
    words = words_of(column.name)
    known = int(np.count_nonzero(~column.missing))
    score = len(column.levels) / max(known, 1)
    score += 4.0 if _RESPONSES & set(words) else 0.0
    score -= 4.0 if numbers_repeats(column) else 0.0
    score -= 3.0 if defines_groups(column) else 0.0
    score += 0.5 if column.name in (table.names[0], table.names[-1]) else 0.0
    if unit and column.name not in unit:
        try:
            found = varies(table, column.name, unit)
        except DataError:
            return score - 3.0
        score -= {Variation.BETWEEN: 2.0, Variation.WITHIN: 1.0, Variation.BOTH: 0.0}[found.kind]
    return score
