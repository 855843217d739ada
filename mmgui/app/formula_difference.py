"""What differs between two formulas, so that a card need not repeat what its neighbour says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"`(?:[^`\\]|\\.)*`|[\w.]+|\|\||\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a formula; ``new`` where the formula before does not have it."""

    text: str
    new: bool


def difference(formula: str, before: str | None) -> tuple[Run, ...]:
    """The whole formula in runs; nothing is new without a formula before."""
    if before is None:
        return (Run(formula, False),)
    tokens, other = _TOKEN.findall(formula), _TOKEN.findall(before)
    runs: list[Run] = []
    for tag, _, _, start, end in SequenceMatcher(None, other, tokens, autojunk=False).get_opcodes():
        if end > start:
            runs += _trimmed("".join(tokens[start:end]), tag != "equal")
    return tuple(runs)


def shortened(formula: str, before: str | None) -> tuple[Run, ...]:
    """The same with the leading parts that both formulas share left out: ``… + (Days | Subject)``."""
    if before is None or formula == before:
        return (Run(formula, False),)
    pieces, others = _pieces(formula), _pieces(before)
    shared = 0
    while shared < min(len(pieces), len(others)) - 1 and pieces[shared] == others[shared]:
        shared += 1
    if shared == 0:
        return difference(formula, before)
    rest, other = "".join(pieces[shared:]), "".join(others[shared:])
    # The response alone saves nothing worth an ellipsis.
    if shared == 1:
        return difference(formula, before)
    return (Run("…", False), *difference(rest, other))


def _trimmed(text: str, new: bool) -> list[Run]:
    """Spaces at the ends are never new."""
    if not new:
        return [Run(text, False)]
    core = text.strip()
    if not core:
        return [Run(text, False)]
    start = text.index(core)
    runs = [Run(text[:start], False), Run(core, True), Run(text[start + len(core) :], False)]
    return [r for r in runs if r.text]


def _pieces(formula: str) -> list[str]:
    """The response with its tilde, then each summand with the plus before it."""
    pieces, piece, depth = [], "", 0
    for part in _TOKEN.findall(formula):
        depth += (part == "(") - (part == ")")
        if depth == 0 and part in ("+", "-") and piece.strip() and not piece.rstrip().endswith("~"):
            stripped = piece.rstrip()
            pieces.append(stripped)
            piece = piece[len(stripped) :]
        piece += part
        if depth == 0 and part == "~":
            pieces.append(piece)
            piece = ""
    if piece:
        pieces.append(piece)
    return pieces
