"""Numbers as people read them (``mmgui.numbers``), under the name by which figures know them."""

from __future__ import annotations

from mmgui.numbers import count, decimal, number, p_value, probability

__all__ = ["count", "decimal", "number", "p_value", "probability"]
