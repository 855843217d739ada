"""A place among the tokens of a formula, moving forward."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mmgui.errors import FormulaError
from mmgui.spec.formula.tokens import END, NAME, Token, fault_at, tokenize

MAX_DEPTH = 60


class Cursor:
    """Reads tokens one after the other, and counts how deeply parentheses and signs are nested."""

    def __init__(self, text: str) -> None:
        self._tokens = tokenize(text)
        self._next = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        """The token that is next."""
        return self._tokens[self._next]

    @property
    def following(self) -> Token:
        """The token after the next one."""
        return self._tokens[min(self._next + 1, len(self._tokens) - 1)]

    @property
    def previous(self) -> Token:
        """The token read last."""
        return self._tokens[max(self._next - 1, 0)]

    @property
    def at_end(self) -> bool:
        """Whether every token has been read."""
        return self.token.kind == END

    def has_sign(self, sign: str) -> bool:
        """Whether the sign stands anywhere in the formula."""
        return any(token.is_sign(sign) for token in self._tokens)

    def advance(self) -> Token:
        """Reads the next token."""
        token = self.token
        if token.kind != END:
            self._next += 1
        return token

    def accept(self, *signs: str) -> Token | None:
        """Reads the next token if it is one of these signs."""
        return self.advance() if self.token.is_sign(*signs) else None

    def close(self, opening: Token) -> Token:
        """Reads the parenthesis that closes ``opening``."""
        if closing := self.accept(")"):
            return closing
        if self.at_end:
            raise fault_at(
                opening, "unclosed_parenthesis", "This parenthesis is never closed; add the missing )."
            )
        raise self.unexpected()

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper in parentheses or signs."""
        if self._depth >= MAX_DEPTH:
            raise fault_at(self.token, "too_deep", "The formula is nested too deeply here; simplify it.")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def unexpected(self) -> FormulaError:
        """The error for a token that cannot stand where it stands."""
        token, previous = self.token, self.previous
        if self.at_end:
            return fault_at(
                previous, "incomplete", "The formula ends too early; something is missing after this."
            )
        if token.is_sign(")"):
            return fault_at(
                token, "unopened_parenthesis", "This closing parenthesis has no opening one; remove it."
            )
        if token.is_sign("~"):
            return fault_at(token, "two_tildes", "There is a second ~ here; a formula has one.")
        if token.is_sign("|", "||"):
            return fault_at(
                token,
                "bar_outside",
                "Put what varies between groups in parentheses, as in (1 | group); there is one bar in each.",
            )
        if token.is_sign("="):
            return fault_at(
                token, "stray_equals", "A = has no place here; between response and predictors write ~."
            )
        if token.is_sign(","):
            return fault_at(token, "stray_comma", "A comma has no place here; terms are added with +.")
        if token.is_sign("("):
            return fault_at(
                token, "missing_operator", "There is no + or other sign before this parenthesis; add it."
            )
        if token.kind == NAME:
            return fault_at(
                token,
                "missing_operator",
                f"There is no + or other sign before {token.text}; add it, or "
                "write a name with spaces in backticks.",
            )
        return fault_at(
            token, "unexpected", f"The {token.text} cannot stand here; put a sign such as + before it."
        )

    def missing_operand(self, wanted: str) -> FormulaError:
        """The error for a place where something should stand but does not."""
        token, previous = self.token, self.previous
        if self.at_end and self._next == 0:
            return fault_at(token, "empty", "The formula is empty; write one such as y ~ x + (1 | group).")
        if self.at_end:
            return fault_at(previous, "incomplete", f"After this {previous.text} {wanted} is missing.")
        if token.is_sign(")") and previous.is_sign("("):
            return fault_at(
                token,
                "empty_parentheses",
                f"There is nothing between these parentheses; {wanted} is missing.",
            )
        if token.is_sign("~") and self._next > 0 and previous.is_sign("~"):
            return fault_at(token, "two_tildes", "There is a second ~ here; a formula has one.")
        return fault_at(token, "missing_operand", f"Before this {token.text} {wanted} is missing.")
