"""Numbers as people read them: as many digits as carry meaning, alike within a column."""

from __future__ import annotations

import math
from collections.abc import Iterable

from mmgui.numbers import decimal, number

MOST_EXTRA_DECIMALS = 2
MOST_DECIMALS = 10


def decimals_for(values: Iterable[float | int | None], digits: int = 4, least: int = 2) -> int:
    """Decimals of a column: ``digits`` significant ones for its largest entry, ``least`` for its smallest.

    An entry more than a few orders of magnitude smaller does not lengthen the others.
    """
    sizes = [abs(float(v)) for v in values if v is not None and math.isfinite(v) and v != 0]
    if not sizes:
        return 1
    for_largest = digits - 1 - math.floor(math.log10(max(sizes)))
    wanted = [least - 1 - math.floor(math.log10(size)) for size in sizes]
    within_reach = [d for d in wanted if d <= for_largest + MOST_EXTRA_DECIMALS]
    return min(max([for_largest, 0, *within_reach]), MOST_DECIMALS)


def fixed(value: float | None, decimals: int) -> str:
    """``value`` with so many decimals; by powers of ten where those would show nothing of it."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value) or (value != 0 and (abs(value) >= 1e9 or abs(value) < 0.5 * 10.0**-decimals)):
        return number(value, 2)
    return decimal(value, decimals)


def p_value(p: float | None) -> str:
    """A p value for a table: ``0.84``, ``0.003``, ``3 × 10⁻¹¹``."""
    if p is None or math.isnan(p):
        return "–"
    if p < 0.0005:
        return "< 10⁻³⁰⁰" if p < 1e-300 else number(p, 1) if p < 1e-4 else decimal(p, 4)
    if p > 0.995:
        return "> 0.99"
    return decimal(p, 2 if p >= 0.0995 else 3)


def degrees_of_freedom(df: float | None) -> str:
    """``17.0``, ``161``, ``37,614``."""
    if df is None or math.isnan(df):
        return "–"
    return f"{df:.1f}" if df < 100 else f"{df:,.0f}"


def percent(share: float | None) -> str:
    """``48 %``."""
    if share is None or math.isnan(share):
        return "–"
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"
