"""Refuses matrices that no machine at hand can hold, before they are built."""

from __future__ import annotations

from mmgui.engine.memory import available_bytes, in_words
from mmgui.errors import ModelError, Where

# No table needs more, and what is less is refused where the machine has less.
LIMIT_BYTES = 4e9
# A matrix, its orthogonal basis, and one more while that is computed.
COPIES = 3.0


def ensure_size(rows: int, columns: int, what: str, where: Where) -> None:
    """Raise if a matrix of that many float64 entries takes more than 4 GB, or more than is free.

    Raises
    ------
    ModelError
        ``too_large``, with the size.
    """
    size = 8.0 * rows * columns
    if size <= 1e7 or (size <= LIMIT_BYTES and COPIES * size <= available_bytes()):
        return
    raise ModelError(
        "too_large",
        f"{what} would need {columns:,} columns for {rows:,} rows, {in_words(size)} of memory. "
        "Use factors with fewer levels as effects; a factor with so many levels can be a grouping factor.",
        where,
    )
