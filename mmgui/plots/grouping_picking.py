"""What a click on a cell or a branch of the grouping structure picks."""

from __future__ import annotations

import numpy as np

from mmgui.app.selection import Selection
from mmgui.figures.grouping import GroupingFigure, Part, StructureView
from mmgui.figures.picked_rows import Key, Mask

Parts = tuple[Part, ...]


def picked_by(
    before: Selection, figure: GroupingFigure, view: StructureView, parts: Parts, *, extend: bool
) -> Selection:
    """The selection after a click on ``parts``: they alone, nothing if they were, or more."""
    rows, keys = view.mask(parts), view.keys(parts)
    now = figure.members.picked(before.groups, before.rows)
    if not extend and now is not None and before.groups == keys and bool(np.array_equal(now, rows)):
        return Selection(term=before.term)
    if now is None or not extend:
        return _selection(before, figure, rows, keys, view.is_cell(parts))
    cells = bool(before.rows) or view.is_cell(parts)
    if now[rows].all():
        left = now & ~rows
        gone = frozenset(k for k in keys if not _touches(figure, k, left))
        return _selection(before, figure, left, before.groups - gone, cells)
    return _selection(before, figure, now | rows, before.groups | keys, cells)


def _selection(
    before: Selection, figure: GroupingFigure, rows: Mask, keys: frozenset[Key], cells: bool
) -> Selection:
    if not rows.any():
        return Selection(term=before.term)
    return Selection(keys, before.term, tuple(figure.members.rows[rows].tolist()) if cells else ())


def _touches(figure: GroupingFigure, key: Key, rows: Mask) -> bool:
    """Whether some of the rows lie in a group."""
    levels, codes = figure.members.factors.get(key[0], ((), np.empty(0, dtype=np.int64)))
    return key[1] in levels and bool(np.any(codes[rows] == levels.index(key[1])))
