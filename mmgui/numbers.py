"""Numbers as people read them: a few digits, a true minus sign, powers of ten spelled out."""

from __future__ import annotations

import math

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−,", "-0123456789-.")


def number(value: float, digits: int = 3) -> str:
    """``value`` with at least so many significant digits: ``24.7``, ``−0.0152``, ``1744``, ``3.2 × 10⁻⁶``."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if exponent < -4 or exponent > 6:
        return scientific(value, digits)
    return decimal(value, max(0, digits - 1 - exponent))


def scientific(value: float, digits: int) -> str:
    """``value`` with exactly so many significant digits and a power of ten: ``3.2 × 10⁻⁶``."""
    mantissa, power = f"{value:.{max(digits - 1, 0)}e}".split("e")
    return f"{mantissa.replace('-', '−')} × 10{str(int(power)).translate(_SUPERSCRIPT)}"


def read(text: str) -> float:
    """The number that a person wrote, also as written here: ``4.5``, ``−3,2``, ``8.24 × 10⁻⁶``.

    NaN for what is none.
    """
    try:
        return float("".join(text.split()).translate(_PLAIN).replace("×10", "e"))
    except ValueError:
        return math.nan


def decimal(value: float, places: int) -> str:
    """``value`` with exactly so many decimal places; never ``−0``."""
    if math.isnan(value):
        return "–"
    text = f"{value:.{places}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def probability(p: float) -> str:
    """``0.84``, ``0.003``, ``< 0.0001``."""
    if math.isnan(p):
        return "–"
    if p < 1e-4:
        return "< 0.0001"
    return decimal(p, 4 if p < 0.001 else 3 if p < 0.1 else 2)


def p_value(p: float) -> str:
    """``p = 0.84``, ``p < 0.0001``."""
    if math.isnan(p):
        return "p unknown"
    words = probability(p)
    return f"p {words}" if words.startswith("<") else f"p = {words}"


def count(n: int, one: str, many: str | None = None) -> str:
    """``1 group``, ``18 groups``, ``2,972 groups``.

    What is counted has its thousands apart everywhere; what is measured has them nowhere.
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
