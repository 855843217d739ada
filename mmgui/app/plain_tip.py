"""Words with names of the person's own as they stand, where Qt would read ``<b>`` in them as markup."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """A tooltip that shows the text letter by letter, whatever the names in it; lines stay lines."""
    # Qt takes a text without this for a plain one.
    if "<" not in text:
        return text
    return f"<span>{escape(text, quote=False).replace(chr(10), '<br>')}</span>"
