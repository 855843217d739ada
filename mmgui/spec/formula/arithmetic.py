"""Parses what stands inside I() and inside a transformation: numbers, columns, + - * / ^ and calls."""

from __future__ import annotations

from mmgui.errors import FormulaError
from mmgui.spec.expression import (
    CONSTANTS,
    RESERVED,
    Binary,
    Call,
    Expression,
    Name,
    Negate,
    Number,
    columns_of,
)
from mmgui.spec.formula.cursor import Cursor
from mmgui.spec.formula.structures import STRUCTURES
from mmgui.spec.formula.tokens import NAME, NUMBER, Token, fault, fault_at
from mmgui.spec.functions import MANY_COLUMNS, PARAMETERS, SWITCH_OR_NUMBER, SWITCHES, WHOLE_OPTIONS

MAX_OPERATORS = 100

_OTHER_STRUCTURES = frozenset({"toep", "homtoep", "ou", "mat", "gau", "rr", "propto"})
_INSTEAD = {"as.factor": "factor", "ln": "log", "square": "I"}
_LETTERS = {"T": "TRUE", "F": "FALSE"}
_NOT_COLUMNS = frozenset(name for name in RESERVED if name[0] in "TFNI")


def parse_column_or_call(cursor: Cursor, *, inside: bool = False) -> Expression:
    """The column or the call that comes next; ``inside`` where its values are computed with further."""
    token = cursor.token
    if cursor.following.is_sign("(") and not token.quoted:
        return _Arithmetic(cursor).call(inside=inside)
    cursor.advance()
    return column(token)


def parse_argument(cursor: Cursor) -> Expression:
    """The arithmetic that comes next, as in the argument of offset()."""
    return _Arithmetic(cursor).sum()


def column(token: Token) -> Name:
    """The column a name stands for."""
    if not token.quoted and token.text == ".":
        raise fault_at(
            token,
            "dot",
            "The dot for all other columns is not available; write the columns' names, joined by +.",
        )
    if not token.quoted and token.text in _NOT_COLUMNS:
        raise fault_at(
            token,
            "number_for_column",
            f"{token.text} is a constant, not a column; if a column has this name, write it in backticks.",
        )
    return Name(token.text)


class _Arithmetic:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._operators = 0

    def sum(self) -> Expression:
        left = self._product()
        while sign := self._cursor.accept("+", "-"):
            left = self._binary(sign, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while sign := self._cursor.accept("*", "/"):
            left = self._binary(sign, left, self._signed())
        return left

    def _signed(self) -> Expression:
        sign = self._cursor.accept("+", "-")
        if sign is None:
            return self._power()
        with self._cursor.nested():
            operand = self._signed()
        return Negate(operand) if sign.text == "-" else operand

    def _power(self) -> Expression:
        base = self._atom()
        sign = self._cursor.accept("^")
        if sign is None:
            return base
        with self._cursor.nested():
            return self._binary(sign, base, self._signed())

    def _binary(self, sign: Token, left: Expression, right: Expression) -> Binary:
        self._operators += 1
        if self._operators > MAX_OPERATORS:
            raise fault_at(
                sign,
                "too_deep",
                f"This expression has more than {MAX_OPERATORS} signs; make a "
                "column of it in the table first.",
            )
        return Binary(sign.text, left, right)

    def _atom(self) -> Expression:
        cursor = self._cursor
        token = cursor.token
        if token.kind == NUMBER:
            cursor.advance()
            return _number(token)
        if token.kind == NAME and cursor.following.is_sign("(") and not token.quoted:
            return self.call(inside=True)
        if token.kind == NAME:
            cursor.advance()
            return column(token)
        if opening := cursor.accept("("):
            with cursor.nested():
                inner = self.sum()
            self._close(opening)
            return inner
        if token.is_sign(":", "%in%", "|", "||", "~"):
            raise self._foreign(token)
        raise cursor.missing_operand("a column or a number")

    def _close(self, opening: Token) -> None:
        if self._cursor.token.is_sign(":", "%in%", "|", "||", "~"):
            raise self._foreign(self._cursor.token)
        self._cursor.close(opening)

    @staticmethod
    def _foreign(token: Token) -> FormulaError:
        return fault_at(
            token, "not_arithmetic", f"Inside these parentheses only + - * / ^ can be used, not {token.text}."
        )

    def call(self, *, inside: bool) -> Call:
        """A call of a listed function, its options checked."""
        cursor = self._cursor
        name = cursor.advance()
        _check_known(name)
        if inside and name.text in MANY_COLUMNS:
            raise fault_at(
                name,
                "several_columns",
                f"{name.text}() does not give one column of numbers, so nothing can be computed from it; "
                "use it on its own.",
            )
        opening = cursor.advance()
        with cursor.nested():
            bound = _Arguments(self, cursor, name, opening)
            bound.read()
        call = bound.call()
        if next(columns_of(call), None) is None:
            raise fault(
                "no_column",
                f"There is no column in this {name.text}(); write one, as in {name.text}(x).",
                name.position,
                cursor.previous.end - name.position,
                name.text,
            )
        return call

    def close(self, opening: Token) -> None:
        """Reads the parenthesis that ends a call."""
        self._close(opening)


class _Arguments:
    """The arguments of one call: what it is applied to, then its options."""

    def __init__(self, arithmetic: _Arithmetic, cursor: Cursor, name: Token, opening: Token) -> None:
        self._arithmetic = arithmetic
        self._cursor = cursor
        self._name = name
        self._opening = opening
        self._parameters = PARAMETERS[name.text]
        self._subject: Expression | None = None
        self._positional: list[tuple[Token, Expression]] = []
        self._keywords: dict[str, Expression] = {}

    def read(self) -> None:
        cursor = self._cursor
        if cursor.token.is_sign(")"):
            raise fault_at(
                cursor.token, "no_column", f"{self._name.text}() needs a column, as in {self._name.text}(x)."
            )
        self._one()
        while cursor.accept(","):
            self._one()
        self._arithmetic.close(self._opening)

    def _one(self) -> None:
        cursor = self._cursor
        token = cursor.token
        if token.kind == NAME and cursor.following.is_sign("="):
            self._keyword(token)
        elif self._subject is None:
            self._subject = self._arithmetic.sum()
        else:
            self._positional.append((token, self._option()))

    def _keyword(self, key: Token) -> None:
        self._cursor.advance()
        self._cursor.advance()
        if key.text not in self._parameters:
            raise fault_at(
                key, "unknown_option", f"{self._name.text}() has no option {key.text}; {self._takes()}."
            )
        if key.text in self._keywords or (key.text == self._parameters[0] and self._subject is not None):
            raise fault_at(key, "option_twice", f"{key.text} is given twice here; keep one.")
        if key.text == self._parameters[0]:
            self._subject = self._arithmetic.sum()
            return
        start = self._cursor.token
        value = self._option()
        self._check(key.text, value, start)
        self._keywords[key.text] = value

    def _option(self) -> Expression:
        """A number, or TRUE or FALSE."""
        cursor = self._cursor
        token = cursor.token
        if token.kind == NAME and not token.quoted and _LETTERS.get(token.text, token.text) in CONSTANTS:
            cursor.advance()
            return Name(_LETTERS.get(token.text, token.text))
        minus = cursor.accept("-")
        number = cursor.token
        if number.kind != NUMBER:
            if cursor.at_end or number.is_sign(",", ")"):
                raise cursor.missing_operand("a number")
            raise fault_at(
                number, "bad_option", f"An option of {self._name.text}() must be a number, TRUE or FALSE."
            )
        cursor.advance()
        return Negate(_number(number)) if minus else _number(number)

    def call(self) -> Call:
        """The call, its positional options checked against the parameters they are meant for."""
        free = [p for p in self._parameters[1:] if p not in self._keywords]
        if len(self._positional) > len(free):
            token = self._positional[len(free)][0]
            raise fault_at(
                token, "too_many_arguments", f"This is too much for {self._name.text}(); {self._takes()}."
            )
        for parameter, (token, value) in zip(free, self._positional, strict=False):
            self._check(parameter, value, token)
        if self._subject is None:
            raise fault_at(
                self._name, "no_column", f"{self._name.text}() needs a column, as in {self._name.text}(x)."
            )
        values = tuple(value for _, value in self._positional)
        return Call(self._name.text, (self._subject, *values), tuple(self._keywords.items()))

    def _check(self, parameter: str, value: Expression, token: Token) -> None:
        switch = isinstance(value, Name)
        if parameter in SWITCHES:
            if not switch and value not in (Number(0.0), Number(1.0)):
                raise fault_at(token, "bad_option", f"{parameter} must be TRUE or FALSE.")
            return
        if switch and parameter not in SWITCH_OR_NUMBER:
            raise fault_at(token, "bad_option", f"{parameter} must be a number, as in {parameter} = 3.")
        if parameter in WHOLE_OPTIONS and not (
            isinstance(value, Number) and value.value >= 1 and value.value.is_integer()
        ):
            raise fault_at(token, "bad_option", f"{parameter} must be a whole number of at least 1.")

    def _takes(self) -> str:
        if len(self._parameters) == 1:
            return "it takes one column"
        options = ", ".join(self._parameters[1:])
        return f"after the column it takes {options}"


def _number(token: Token) -> Number:
    return Number(float(token.text))


def _check_known(name: Token) -> None:
    if name.text in PARAMETERS:
        return
    known = " ".join(PARAMETERS)
    if name.text in STRUCTURES:
        message = f"{name.text}() can only be a term of its own, as in {name.text}(x | group)."
    elif name.text in _OTHER_STRUCTURES:
        message = (
            f"There is no covariance structure {name.text}() here; the structures are {' '.join(STRUCTURES)}."
        )
    elif name.text == "offset":
        message = "offset() can only be a term of its own, added with +."
    elif name.text in _INSTEAD:
        message = f"{name.text}() is not known here; use {_INSTEAD[name.text]}(). The functions are {known}."
    else:
        message = f"{name.text}() is not known here; the functions are {known}."
    raise fault_at(name, "unknown_function", message)
