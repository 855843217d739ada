"""What a picture is of, in a line: the model, the criterion, the table, and whether it was moved by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmgui.app.store import Store
from mmgui.numbers import count, number
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import print_model

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved


def caption_of(store: Store, model: ShelfModel | None, moved: Moved | None) -> str:
    """``Reaction ~ Days + (Days | Subject), REML · sleepstudy, 180 rows``; empty without results."""
    record = store.record(model)
    if model is None or record is None or record.fit is None:
        return ""
    parts = [f"{print_model(model.spec)}, {'REML' if model.spec.reml else 'ML'}"]
    table = store.document.table
    rows = count(record.fit.nobs, "row")
    parts.append(f"{table.name}, {rows}" if table is not None and table.name else rows)
    if moved is not None:
        parts.append(f"moved by hand, {difference_words(moved)}")
    return " · ".join(parts)


def difference_words(moved: Moved) -> str:
    """``REML criterion 12.3 above the best fit``."""
    if abs(moved.difference) < 5e-4:
        return f"{moved.criterion} as at the best fit"
    side = "above" if moved.difference > 0.0 else "below"
    return f"{moved.criterion} {number(abs(moved.difference))} {side} the best fit"
