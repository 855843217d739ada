"""Tables and paragraphs of text."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence


def wrapped(text: str) -> list[str]:
    """A paragraph in lines, later lines indented."""
    return textwrap.wrap(text, 96, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = ()) -> list[str]:
    """A table of text; the first column and ``words`` start flush left, numbers end flush right."""
    table = [list(head), *(list(r) for r in rows)]
    widths = [max(len(r[k]) for r in table) for k in range(len(head))]
    lines = []
    for row in table:
        cells = [
            c.ljust(w) if k == 0 or k in words else c.rjust(w)
            for k, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def p_text(p: float) -> str:
    """A p-value as R prints it."""
    if math.isnan(p):
        return ""
    return "< 2e-16" if p < 2.2e-16 else f"{p:.3g}" if p < 1e-4 else f"{p:.4f}"


def aligned(values: Sequence[float]) -> list[str]:
    """Numbers with as many decimals as give the smallest four digits; by powers of ten where that is shorter.

    This is how R's ``format`` decides.
    """
    sizes = [abs(v) for v in values if v != 0.0 and math.isfinite(v)]
    if not sizes:
        return [f"{v:.4g}" for v in values]
    places = max(0, 3 - math.floor(math.log10(min(sizes))))
    before = max(0, math.floor(math.log10(max(sizes)))) + 1
    if before + (places > 0) + places > len("1.234e-05"):
        return [f"{v:.3e}" for v in values]
    return [f"{v:.{places}f}" for v in values]
