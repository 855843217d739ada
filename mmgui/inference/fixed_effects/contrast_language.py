"""The language in which contrasts are named: 3dLMEr's ``-gltCode`` and ``-glfCode``, parsed, never run.

    contrast := part+
    part     := column ":" row ("&" row)*     weights of a factor's levels; several rows are tested jointly
              | column ":" number             a quantity held at a value
              | column ":"                    the slope of a quantity
    row      := (weight "*" level)+           1*A -1*B, or 0.5*A +0.5*B -1*C

Columns and levels with spaces and signs of the language in them go between quotes or backticks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmgui.errors import FormulaError, Where

_WEIGHT = re.compile(r"([+-]?)\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)\s*\*\s*")
_VALUE = re.compile(r"([+-]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?=\s|$)")
_QUOTES = "`'\""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A level with its weight, and where it stands in the text."""

    weight: float
    level: str
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of one column.

    Attributes
    ----------
    column, position, length
        Its name, and where that stands in the text.
    rows
        Weights of levels, one or more rows; empty for a quantity.
    value
        The value a quantity is held at, or None.
    """

    column: str
    position: int
    length: int
    rows: tuple[tuple[Weighted, ...], ...]
    value: float | None

    @property
    def slope(self) -> bool:
        """Whether the slope of a quantity is asked for."""
        return not self.rows and self.value is None


def parse_contrast(text: str) -> tuple[Part, ...]:
    """The parts of a named contrast.

    Raises
    ------
    FormulaError
        ``contrast_syntax``, with the position of what cannot be read.

    References
    ----------
    Chen, G., AFNI's program 3dLMEr, options -gltCode and -glfCode.
    """
    parser = _Parser(text)
    parts = []
    while not parser.at_end:
        parts.append(parser.part())
    if not parts:
        raise parser.expected("something is expected, like “Machine : 1*A -1*B”")
    seen: set[str] = set()
    for part in parts:
        if part.column in seen:
            raise FormulaError(
                "contrast_syntax",
                f"{part.column} is there twice in the contrast; write everything about it in one place.",
                Where("contrast", part.column, part.position, part.length),
            )
        seen.add(part.column)
    return tuple(parts)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def at_end(self) -> bool:
        self._space()
        return self._at >= len(self._text)

    def expected(self, what: str, position: int | None = None) -> FormulaError:
        """The error that something else stands where ``what`` is expected."""
        at = self._at if position is None else position
        word = re.compile(r"\S*").match(self._text, at)
        found = word[0] if word else ""
        said = f"The contrast has “{found}” where" if found else "The contrast ends where"
        return self._error(f"{said} {what}.", at, found)

    def _error(self, sentence: str, at: int, found: str = "") -> FormulaError:
        return FormulaError("contrast_syntax", sentence, Where("contrast", found, at, max(1, len(found))))

    def part(self) -> Part:
        start = self._at
        column = self._quoted() or self._bare(r"[^\s:]+")
        length = self._at - start
        self._space()
        if not column or not self._take(":"):
            at = start if not column or self._at >= len(self._text) else self._at
            raise self.expected("a column and a colon are expected, as in “Machine : 1*A -1*B”", at)
        self._space()
        value = _VALUE.match(self._text, self._at)
        if value:
            self._at = value.end()
            return Part(column, start, length, (), float(re.sub(r"\s", "", value[1])))
        return Part(column, start, length, self._rows(), None)

    def _rows(self) -> tuple[tuple[Weighted, ...], ...]:
        rows: list[tuple[Weighted, ...]] = []
        row: list[Weighted] = []
        while not self.at_end:
            start = self._at
            if self._take("&"):
                if not row:
                    raise self.expected("weights are expected, as in “1*A -1*B & 1*A -1*C”", start)
                rows.append(tuple(row))
                row = []
                continue
            weight = _WEIGHT.match(self._text, self._at)
            if weight is None:
                if self._next_is_column():
                    break
                raise self.expected("a weight and a level are expected, as in 1*A, or a column and a colon")
            self._at = weight.end()
            row.append(self._level(float(f"{weight[1]}{weight[2]}")))
        if rows and not row:
            raise self.expected("weights are expected, as in “1*A -1*B & 1*A -1*C”")
        return (*rows, tuple(row)) if row else ()

    def _level(self, weight: float) -> Weighted:
        start = self._at
        level = self._quoted() or self._bare(r"[^\s&]+")
        if not level:
            raise self.expected("a level is expected, as in 1*A")
        return Weighted(weight, level, start, self._at - start)

    def _next_is_column(self) -> bool:
        """Whether a name with a colon behind it follows; the place is kept."""
        start = self._at
        name = self._quoted() or self._bare(r"[^\s:&]+")
        self._space()
        found = bool(name) and self._text[self._at : self._at + 1] == ":"
        self._at = start
        return found

    def _quoted(self) -> str:
        quote = self._text[self._at : self._at + 1]
        if not quote or quote not in _QUOTES:
            return ""
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise self._error("A quote is opened in the contrast and not closed; close it.", self._at, quote)
        name = self._text[self._at + 1 : end]
        if not name:
            raise self._error("There is nothing between two quotes; write a name there.", self._at, quote * 2)
        self._at = end + 1
        return name

    def _bare(self, pattern: str) -> str:
        match = re.compile(pattern).match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _take(self, sign: str) -> bool:
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _space(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
