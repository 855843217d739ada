"""Counts and numbers in words, as the panes write them."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``180 rows``, ``73,421 rows``."""
    return f"{count:,} {one if count == 1 else (many or one + 's')}"


def short_number(value: float) -> str:
    """A number as short as it can be while still telling values of its size apart."""
    text = f"{value:.4g}"
    if "e" in text and abs(value) < 1e9 and abs(value) >= 1:
        text = f"{value:,.0f}"
    return text.replace("-", "−")


def value_range(low: float, high: float) -> str:
    """``194 – 466``."""
    return f"{_rounded(low, high - low)} – {_rounded(high, high - low)}"


def _rounded(value: float, span: float) -> str:
    if float(value).is_integer() and abs(value) < 1e7:
        return f"{value:.0f}".replace("-", "−")
    if span >= 100 and abs(value) < 1e7:
        return f"{value:.0f}".replace("-", "−")
    return short_number(value)
