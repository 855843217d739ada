"""Expressions inside a formula: a column, a number, arithmetic, a call of a listed function.

They are parsed from text and walked; nothing here is ever evaluated as Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# R's names: letters, digits, dots, underscores, not starting with a digit or an underscore.
PLAIN_NAME = re.compile(r"(?:[^\W\d_]|\.(?!\d))[\w.]*\Z")

# What R keeps for itself, so that a column of that name needs backticks.
RESERVED = frozenset(
    {"if", "else", "repeat", "while", "function", "for", "in", "next", "break", ".", "..."}
    | {"TRUE", "FALSE", "NULL", "Inf", "NaN", "NA", "NA_integer_", "NA_real_", "NA_character_"}
)
_DOTS = re.compile(r"\.\.\d+\Z")

# The constants of options, as in ``poly(x, 2, raw = TRUE)``; there they are Names and read no column.
CONSTANTS = ("TRUE", "FALSE")

_ESCAPES = str.maketrans({"\\": "\\\\", "`": "\\`", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the table."""

    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Negate:
    """``-operand``."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right`` with operator one of ``+ - * / ^``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a listed function: ``poly(x, 2)``, ``ns(x, df = 3)``.

    The first argument is what the function is applied to. The others and the keywords are options:
    numbers, or ``Name("TRUE")`` and ``Name("FALSE")``, which there are constants and read no column.
    """

    function: str
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...] = ()


Expression = Name | Number | Negate | Binary | Call

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_UNARY_PRECEDENCE = 3


def quote(name: str) -> str:
    """A column name as a formula writes it: in backticks where it is not a plain name."""
    if PLAIN_NAME.match(name) and name not in RESERVED and not _DOTS.match(name):
        return name
    return "`" + name.translate(_ESCAPES) + "`"


def show(expression: Expression, *, quoted: bool = True) -> str:
    """The expression as R's ``deparse`` writes it: ``I(age^2)``, ``log(count + 1)``.

    With ``quoted=False`` awkward names stand without backticks, as in names of coefficients.
    """
    return _show(expression, 0, quoted)


def _show(expression: Expression, outer: int, quoted: bool) -> str:
    match expression:
        case Name(name):
            return quote(name) if quoted else name
        case Number(value):
            return _show_number(value)
        case Negate(operand):
            text = "-" + _show(operand, _UNARY_PRECEDENCE, quoted)
            return f"({text})" if outer > _UNARY_PRECEDENCE else text
        case Binary(operator, left, right):
            own = _PRECEDENCE[operator]
            # ^ binds to the right, the others to the left.
            left_text = _show(left, own + (operator == "^"), quoted)
            right_text = _show(right, own + (operator != "^"), quoted)
            gap = "" if operator in "^/" else " "
            text = f"{left_text}{gap}{operator}{gap}{right_text}"
            return f"({text})" if own < outer else text
        case Call(function, arguments, keywords):
            parts = [_show(a, 0, quoted) for a in arguments[:1]]
            parts += [_show_option(a, quoted) for a in arguments[1:]]
            parts += [f"{key} = {_show_option(value, quoted)}" for key, value in keywords]
            return f"{function}({', '.join(parts)})"


def _show_option(option: Expression, quoted: bool) -> str:
    if is_constant(option):
        return _show(option, 0, False)
    return _show(option, 0, quoted)


def _show_number(value: float) -> str:
    """R's choice: up to fifteen digits, whichever of ``100000`` and ``1e+05`` is shorter, else the first.

    More digits are shown where fifteen would not give the number back.
    """
    mantissa, exponent = format(value, ".14e").split("e")
    decimals = len(mantissa.rstrip("0").rstrip(".").lstrip("-").replace(".", "")) - 1
    scientific = format(value, f".{decimals}e")
    fixed = format(value, f".{max(decimals - int(exponent), 0)}f")
    text = fixed if len(fixed) <= len(scientific) else scientific
    return text if float(text) == value else repr(value)


def is_constant(option: Expression) -> bool:
    """Whether an option of a call is TRUE or FALSE."""
    return isinstance(option, Name) and option.name in CONSTANTS


def columns_of(expression: Expression) -> Iterator[str]:
    """Every column the expression reads, left to right, with repeats."""
    match expression:
        case Name(name):
            yield name
        case Number():
            return
        case Negate(operand):
            yield from columns_of(operand)
        case Binary(_, left, right):
            yield from columns_of(left)
            yield from columns_of(right)
        case Call(_, arguments, keywords):
            for argument in arguments[:1]:
                yield from columns_of(argument)
            for option in (*arguments[1:], *(value for _, value in keywords)):
                if not is_constant(option):
                    yield from columns_of(option)


def calls_of(expression: Expression) -> Iterator[Call]:
    """Every call in the expression, a call before those within what it is applied to."""
    match expression:
        case Call(_, arguments, _):
            yield expression
            yield from calls_of(arguments[0])
        case Negate(operand):
            yield from calls_of(operand)
        case Binary(_, left, right):
            yield from calls_of(left)
            yield from calls_of(right)
