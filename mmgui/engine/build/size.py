"""Refuses matrices that no machine at hand can hold, before they are built."""

from __future__ import annotations

from mmgui.errors import ModelError, Where

LIMIT_BYTES = 4e9


def ensure_size(rows: int, columns: int, what: str, where: Where) -> None:
    """Raise if a matrix of that many float64 entries would take more than 4 GB.

    Raises
    ------
    ModelError
        ``too_large``, with the size.
    """
    size = 8.0 * rows * columns
    if size <= LIMIT_BYTES:
        return
    raise ModelError(
        "too_large",
        f"{what} would need {columns:,} columns for {rows:,} rows, {_in_words(size)} of memory. "
        "Use factors with fewer levels as effects; a factor with so many levels can be a grouping factor.",
        where,
    )


def _in_words(size: float) -> str:
    if size < 1e12:
        return f"{size / 1e9:,.1f} GB"
    return f"{size / 1e12:,.1f} TB"
