"""Names of a person's own columns inside menus and buttons."""

from __future__ import annotations

_LONGEST = 48


def menu_text(name: str) -> str:
    """A name short enough for a menu, its ampersands kept as they are."""
    return one_line(name).replace("&", "&&")


def one_line(name: str) -> str:
    """A name short enough for a list, whose texts know no mnemonics."""
    line = " ".join(name.split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]}…{line[-_LONGEST // 2 + 1 :]}"
    return line
