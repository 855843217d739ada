"""Names and strings as other programs write them."""

from __future__ import annotations


def string(text: str) -> str:
    """A text in double quotes, as R and Python read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for raw, written in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(raw, written)
    return f'"{escaped}"'


def julia_string(text: str) -> str:
    """A text in double quotes as Julia reads it: a dollar sign would begin an interpolation."""
    return string(text).replace("$", "\\$")


def one_line(text: str) -> str:
    """A text that is to stand in a comment, where a line break would end it."""
    return " ".join(text.split())
