"""Results as text for people who read lme4's: one module a kind of result."""

from mmgui.printed.comparison import comparison_text
from mmgui.printed.summary import summary_text

__all__ = ["comparison_text", "summary_text"]
