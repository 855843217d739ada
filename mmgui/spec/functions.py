"""The functions a formula may call, and their options."""

from __future__ import annotations

from collections.abc import Mapping

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "log": ("x", "base"),
    "log2": ("x",),
    "log10": ("x",),
    "log1p": ("x",),
    "exp": ("x",),
    "sqrt": ("x",),
    "abs": ("x",),
    "scale": ("x", "center", "scale"),
    "center": ("x",),
    "poly": ("x", "degree", "raw"),
    "I": ("x",),
    "factor": ("x",),
    "bs": ("x", "df", "knots", "degree"),
    "ns": ("x", "df", "knots"),
}
"""Each function's parameters in R's order. The first is what it is applied to, the others are options."""

MANY_COLUMNS = frozenset({"poly", "bs", "ns", "factor"})
"""Functions whose result is no single column of numbers, so that nothing further can be computed from it."""

WHOLE_OPTIONS = frozenset({"degree", "df"})
"""Options that are whole numbers of at least 1."""

SWITCHES = frozenset({"raw"})
"""Options that are TRUE or FALSE alone."""

SWITCH_OR_NUMBER = frozenset({"center", "scale"})
"""Options that are TRUE, FALSE or a number."""
