"""The table behind a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Labelled columns of equal length; entries are text, numbers (NaN where there is none) or None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]

    def to_csv(self) -> str:
        """The table as comma-separated text with a header line."""
        return "\n".join([_line(self.columns), *(_line(r) for r in self.rows)]) + "\n"


def _line(cells: Sequence[str | float | int | None]) -> str:
    return ",".join(_cell(c) for c in cells)


def _cell(value: str | float | None) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    text = repr(value) if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text
