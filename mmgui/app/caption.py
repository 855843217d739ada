"""What a picture is of, in a line: the model, the criterion, the table, and where it was moved to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmgui.app.store import Store
from mmgui.figures.wording import above
from mmgui.numbers import count, number
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import print_model

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved


FEW = 3
"""Up to how many parameters are named that the hand has moved."""


def caption_of(store: Store, model: ShelfModel | None, moved: Moved | None, frame: str = "") -> str:
    """``Reaction ~ Days + (Days | Subject), REML · sleepstudy, 180 rows``; empty without results.

    ``frame`` is what a film says of the point where it has put the model; empty where the hand has.
    """
    record = store.record(model)
    if model is None or record is None or record.fit is None:
        return ""
    parts = [f"{print_model(model.spec)}, {'REML' if model.spec.reml else 'ML'}"]
    table = store.document.table
    rows = count(record.fit.nobs, "row")
    parts.append(f"{table.name}, {rows}" if table is not None and table.name else rows)
    if moved is not None:
        parts.append(frame or f"moved by hand, {difference_words(moved)}{_where(moved)}")
    return " · ".join(parts)


def difference_words(moved: Moved) -> str:
    """``REML criterion 12.3 above the best fit``."""
    return above(moved.criterion, moved.difference)


def _where(moved: Moved) -> str:
    """`` (Subject: SD of Days = 0)``: the parameters that are not as in the fit, where they are few."""
    other = [
        p
        for p in moved.parameters
        if abs(p.value - p.estimate) > 1e-6 * max(1.0, abs(p.estimate))
        and not (p.kind == "sigma" and moved.sigma_follows)
    ]
    words = ", ".join(f"{p.name} = {number(p.value)}" for p in other)
    return f" ({words})" if 0 < len(other) <= FEW else ""
