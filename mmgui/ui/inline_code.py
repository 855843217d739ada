"""Sentences that hold pieces of formulas."""

from __future__ import annotations

import html
import re

from mmgui.ui.stylesheet import FORMULA_FONT


def with_code(text: str) -> str:
    """Rich text in which what stands in backticks is set as a formula."""
    formula = f"<span style='font-family:\"{FORMULA_FONT}\"'>\\1</span>"
    # A name that ends in a full stop, “Nr.”, ends its sentence with it.
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)
    return re.sub("`([^`]+)`", formula, html.escape(text))
