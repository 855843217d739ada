"""Cuts a formula into tokens, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmgui.errors import FormulaError, Where

MAX_LENGTH = 200_000

NAME = "name"
NUMBER = "number"
SIGN = "sign"
END = "end"

# Signs that word processors and PDF files put in place of the typed ones.
_LOOKALIKES = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{TILDE OPERATOR}": "~",
    "\N{SMALL TILDE}": "~",
    "\N{DIVIDES}": "|",
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{ASTERISK OPERATOR}": "*",
}

_PLAIN = re.compile(r"(?:[^\W\d_]|\.(?!\d))[\w.]*")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SIGNS = ("%in%", "**", "||", "~", "+", "-", "*", "/", "^", ":", "(", ")", "|", ",", "=")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the formula: ``text`` is the name without backticks, the digits, or the sign."""

    kind: str
    text: str
    position: int
    length: int
    quoted: bool = False

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.position + self.length

    def is_sign(self, *signs: str) -> bool:
        """Whether this is one of these signs."""
        return self.kind == SIGN and self.text in signs


def fault(code: str, message: str, position: int, length: int = 1, name: str = "") -> FormulaError:
    """The error for a place in the formula."""
    return FormulaError(code, message, Where("formula", name, position, max(length, 1)))


def fault_at(token: Token, code: str, message: str) -> FormulaError:
    """The error for a token of the formula."""
    return fault(code, message, token.position, token.length, token.text if token.kind == NAME else "")


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a formula; the last one is the end, which lies on the last token's last character.

    Raises
    ------
    FormulaError
        At the first character that belongs in no formula.
    """
    if len(text) > MAX_LENGTH:
        raise fault("too_long", f"The formula is longer than {MAX_LENGTH:,} characters; shorten it.", 0)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        tokens.append(token)
        at = token.end
    last = max(tokens[-1].end - 1, 0) if tokens else 0
    tokens.append(Token(END, "", last, 1))
    return tuple(tokens)


def _token(text: str, at: int) -> Token:
    if text[at] == "`":
        return _quoted_name(text, at)
    if plain := _PLAIN.match(text, at):
        return Token(NAME, plain.group(), at, len(plain.group()))
    if number := _NUMBER.match(text, at):
        return _number(text, at, number.group())
    for sign in _SIGNS:
        if text.startswith(sign, at):
            return Token(SIGN, "^" if sign == "**" else sign, at, len(sign))
    if text[at] in _LOOKALIKES:
        return Token(SIGN, _LOOKALIKES[text[at]], at, 1)
    raise _stray(text, at)


def _quoted_name(text: str, start: int) -> Token:
    name: list[str] = []
    at = start + 1
    while at < len(text) and text[at] != "`":
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
            if text[at] in _ESCAPED:
                name.append(_ESCAPED[text[at]])
            else:
                name.append(text[at] if text[at] in "\\`'\"" else "\\" + text[at])
        else:
            name.append(text[at])
        at += 1
    if at >= len(text):
        raise fault(
            "unclosed_backtick",
            "This backtick is not closed; put another one after the column's name.",
            start,
        )
    if not name:
        raise fault(
            "empty_name", "There is no name between these backticks; write the column's name.", start, 2
        )
    return Token(NAME, "".join(name), start, at + 1 - start, quoted=True)


def _number(text: str, at: int, digits: str) -> Token:
    end = at + len(digits)
    # R's 2L is the whole number 2.
    if text.startswith("L", end) and digits.isdigit():
        end += 1
    if end < len(text) and (text[end].isalnum() or text[end] in "_."):
        stop = end
        while stop < len(text) and (text[stop].isalnum() or text[stop] in "_."):
            stop += 1
        word = text[at:stop]
        raise fault(
            "bad_name",
            f"A name cannot start with a digit; if {_short(word)} is a column, write it in backticks.",
            at,
            stop - at,
        )
    if float(digits) == float("inf"):
        raise fault("number_too_large", "This number is too large to compute with.", at, len(digits))
    return Token(NUMBER, digits, at, end - at)


def _short(word: str) -> str:
    return word if len(word) <= 40 else word[:39] + "…"


def _stray(text: str, at: int) -> FormulaError:
    sign = text[at]
    if sign in "\"'“”‘’„«»":
        message = "Column names are not written in quotation marks; use backticks (`) or nothing."
    elif sign == "_":
        message = "A name cannot start with an underscore; if this is a column, write its name in backticks."
    elif sign in "<>!&":
        message = f"Comparisons such as {sign} are not possible in a formula; make a column of it first."
    elif sign in "$@[]":
        message = f"The sign {sign} is not needed; write the column's name alone."
    elif sign == "%":
        message = "Of the signs between % only %in% is known."
    elif sign in "{}":
        message = "Use round parentheses."
    elif sign == "\N{FULLWIDTH TILDE}":
        message = "Write ~ between the response and what explains it."
    elif sign.isprintable():
        message = (
            f"The sign {sign} has no meaning in a formula; if it is part of a "
            "column's name, write the name in backticks."
        )
    else:
        message = "There is an invisible character here that belongs in no formula; delete it."
    return fault("unknown_sign", message, at)
