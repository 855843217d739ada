"""Parses lme4's formula language into a model; nothing is ever evaluated."""

from __future__ import annotations

from collections.abc import Callable

from mmgui.spec.expression import Expression
from mmgui.spec.formula.arithmetic import parse_argument, parse_column_or_call
from mmgui.spec.formula.assemble import assemble_effects, assemble_model, assemble_random
from mmgui.spec.formula.cursor import Cursor
from mmgui.spec.formula.structures import STRUCTURES
from mmgui.spec.formula.tokens import NAME, NUMBER, SIGN, Token, fault, fault_at
from mmgui.spec.formula.tree import Bar, Chain, Leaf, Literal, Node, Offset, Power, Step
from mmgui.spec.functions import MANY_COLUMNS
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

MAX_EXPONENT = 100


def parse(text: str, *, partial: bool = False) -> ModelSpec:
    """Read a formula such as ``y ~ a*b + log(z) + (1 + x | g)``.

    Parameters
    ----------
    text
        The formula.
    partial
        Also accept a model that is still being built: no response (``~ Days``) and random terms in
        which nothing varies (``(0 | Subject)``).

    Returns
    -------
    ModelSpec
        Terms expanded and sorted as R sorts them; ``reml`` and ``weights``, which no formula holds,
        have their defaults.

    Raises
    ------
    FormulaError
        With a sentence for people and the place in the text (``where.position``, ``where.length``),
        which lies within the text unless that is empty.
    """
    parser = _Parser(text)
    response = parser.response(partial=partial)
    return assemble_model(response, parser.whole_side(), partial=partial)


def parse_term(text: str) -> tuple[Term, ...]:
    """Read fixed effects such as ``Days*Sex`` into their terms; a ``1`` gives the intercept.

    Raises
    ------
    FormulaError
        If the text is no sum of effects.
    """
    return assemble_effects(_Parser(text).whole_side())


def parse_random(text: str, *, partial: bool = False) -> tuple[RandomTerm, ...]:
    """Read random terms such as ``(Days | Subject)``; ``(1 | a/b)`` gives two.

    Raises
    ------
    FormulaError
        If the text is no sum of random terms.
    """
    return assemble_random(_Parser(text).whole_side(), partial=partial)


def parse_response(text: str) -> Expression:
    """Read a response such as ``Reaction`` or ``log(count + 1)``.

    Raises
    ------
    FormulaError
        If the text is no column or transformation of one.
    """
    parser = _Parser(text)
    return parser.whole_response()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._cursor = Cursor(text)

    def response(self, *, partial: bool) -> Expression | None:
        """Everything up to the ~; None if there is nothing."""
        cursor = self._cursor
        start = cursor.token
        # Of y = x + z the sign that is wrong is told further down.
        if not (cursor.at_end or cursor.has_sign("~") or cursor.following.is_sign("=")):
            raise fault(
                "no_tilde",
                "There is no ~ in the formula; write the response, ~ and what "
                "explains it, as in y ~ x + (1 | group).",
                start.position,
                len(self._text.rstrip()) - start.position,
            )
        if tilde := cursor.accept("~"):
            if not partial:
                raise fault_at(
                    tilde, "no_response", "Before the ~ the response is missing; write its column."
                )
            return None
        expression = self._response_expression()
        if cursor.accept("~") is None:
            raise cursor.unexpected()
        return expression

    def whole_response(self) -> Expression:
        expression = self._response_expression()
        if not self._cursor.at_end:
            raise self._cursor.unexpected()
        return expression

    def _response_expression(self) -> Expression:
        cursor = self._cursor
        start = cursor.token
        if start.kind == NUMBER:
            raise fault_at(start, "number_for_column", "The response must be a column, not a number.")
        if start.is_sign("(", "-", "+"):
            raise fault_at(start, "response_arithmetic", _COMPUTED_RESPONSE)
        if start.kind != NAME:
            raise cursor.missing_operand("the response")
        if start.text in MANY_COLUMNS and cursor.following.is_sign("(") and not start.quoted:
            raise fault_at(
                start,
                "several_columns",
                f"The response must be one column of numbers, which {start.text}() is not.",
            )
        expression = parse_column_or_call(cursor)
        if cursor.token.is_sign("+", "-", "*", "/", "^", ":", "%in%"):
            raise fault_at(cursor.token, "response_arithmetic", _COMPUTED_RESPONSE)
        return expression

    def whole_side(self) -> Node:
        """Everything that is left."""
        node = self._sum()
        if not self._cursor.at_end:
            raise self._cursor.unexpected()
        return node

    def _sum(self) -> Node:
        cursor = self._cursor
        start = cursor.token
        first = None if start.is_sign("+", "-") else self._product()
        steps: list[Step] = []
        while sign := cursor.accept("+", "-"):
            steps.append(Step(sign.text, sign, self._signed()))
        if first is not None and not steps:
            return first
        return Chain(first, tuple(steps), start.position, cursor.previous.end - start.position)

    def _signed(self) -> Node:
        cursor = self._cursor
        sign = cursor.accept("+", "-")
        if sign is None:
            return self._product()
        with cursor.nested():
            step = Step(sign.text, sign, self._signed())
        return Chain(None, (step,), sign.position, cursor.previous.end - sign.position)

    def _product(self) -> Node:
        return self._chain(self._inside, "*", "/")

    def _inside(self) -> Node:
        return self._chain(self._colon, "%in%")

    def _colon(self) -> Node:
        return self._chain(self._power, ":")

    def _chain(self, part: Callable[[], Node], *signs: str) -> Node:
        cursor = self._cursor
        start = cursor.token
        first = part()
        steps: list[Step] = []
        while sign := cursor.accept(*signs):
            steps.append(Step(sign.text, sign, part()))
        if not steps:
            return first
        return Chain(first, tuple(steps), start.position, cursor.previous.end - start.position)

    def _power(self) -> Node:
        cursor = self._cursor
        start = cursor.token
        base = self._atom()
        sign = cursor.accept("^")
        if sign is None:
            return base
        if isinstance(base, Leaf):
            raise fault_at(
                sign,
                "arithmetic_outside",
                "Here ^ would not compute a power; write it inside I(), as in I(x^2).",
            )
        exponent = cursor.token
        if not _is_exponent(exponent):
            place = sign if cursor.at_end else exponent
            raise fault_at(
                place, "bad_power", f"After ^ there must be a whole number from 1 to {MAX_EXPONENT}."
            )
        cursor.advance()
        length = cursor.previous.end - start.position
        return Power(base, int(float(exponent.text)), start.position, length)

    def _atom(self) -> Node:
        cursor = self._cursor
        token = cursor.token
        if token.kind == NUMBER:
            return self._literal()
        if (
            token.kind == NAME
            and token.text == "offset"
            and not token.quoted
            and cursor.following.is_sign("(")
        ):
            return self._offset()
        if (
            token.kind == NAME
            and token.text in STRUCTURES
            and not token.quoted
            and cursor.following.is_sign("(")
        ):
            return self._structured()
        if token.kind == NAME:
            expression = parse_column_or_call(cursor)
            return Leaf(expression, token.position, cursor.previous.end - token.position)
        if opening := cursor.accept("("):
            with cursor.nested():
                return self._parenthesis(opening)
        if token.kind == SIGN and token.text in ("|", "||") and cursor.previous.is_sign("("):
            raise fault_at(
                token, "no_effect", "Before this bar it must say what varies between groups, as in (1 | g)."
            )
        raise cursor.missing_operand("a column or a term")

    def _literal(self) -> Literal:
        token = self._cursor.advance()
        if float(token.text) not in (0.0, 1.0):
            raise fault_at(
                token,
                "number_for_column",
                f"A column is expected here, not the number {token.text}; write "
                "arithmetic inside I(), as in I(2 * x).",
            )
        return Literal(float(token.text) == 1.0, token.position, token.length)

    def _offset(self) -> Offset:
        cursor = self._cursor
        name, opening = cursor.advance(), cursor.advance()
        with cursor.nested():
            expression = parse_argument(cursor)
        cursor.close(opening)
        return Offset(expression, name.position, cursor.previous.end - name.position)

    def _parenthesis(self, opening: Token) -> Node:
        cursor = self._cursor
        inner = self._sum()
        bar = cursor.accept("|", "||")
        if bar is None:
            cursor.close(opening)
            return inner
        groups = self._groups(bar)
        cursor.close(opening)
        covariance = Covariance.DIAGONAL if bar.text == "||" else Covariance.UNSTRUCTURED
        return Bar(inner, covariance, groups, opening.position, cursor.previous.end - opening.position)

    def _groups(self, bar: Token) -> Node:
        """What stands on the right of a bar."""
        if self._cursor.token.is_sign(")", ","):
            raise fault_at(
                bar, "no_grouping", "After this bar the grouping factor is missing, as in (1 | group)."
            )
        return self._sum()

    def _structured(self) -> Bar:
        """``cs(effects | groups, hom = TRUE)``."""
        cursor = self._cursor
        name, opening = cursor.advance(), cursor.advance()
        with cursor.nested():
            effects = self._sum()
            bar = cursor.accept("|", "||")
            if bar is None or bar.text == "||":
                place = bar or name
                raise fault_at(
                    place,
                    "structure_bar",
                    f"{name.text}() holds a random term with one bar, as in {name.text}(x | group).",
                )
            groups = self._groups(bar)
            covariance = self._homogeneity(name)
        cursor.close(opening)
        return Bar(effects, covariance, groups, name.position, cursor.previous.end - name.position)

    def _homogeneity(self, name: Token) -> Covariance:
        """The structure, by what ``hom`` says if it is there."""
        cursor, structure = self._cursor, STRUCTURES[name.text]
        comma = cursor.accept(",")
        if comma is None:
            return structure.plain
        options = {
            "TRUE": structure.homogeneous,
            "T": structure.homogeneous,
            "FALSE": structure.heterogeneous,
            "F": structure.heterogeneous,
        }
        option = cursor.token
        named = option.text == "hom" and cursor.following.is_sign("=")
        if named:
            cursor.advance()
            cursor.advance()
            covariance = options.get(cursor.token.text)
            if covariance is not None:
                cursor.advance()
                return covariance
        if structure.homogeneous is None:
            message = f"{name.text}() takes no options."
        else:
            message = f"After the groups {name.text}() takes hom = TRUE or hom = FALSE only."
        raise fault_at(comma if cursor.at_end else option, "bad_option", message)


_COMPUTED_RESPONSE = (
    "The response must be one column; to compute it from others, write it inside I(), as in I(a + b)."
)


def _is_exponent(token: Token) -> bool:
    if token.kind != NUMBER:
        return False
    value = float(token.text)
    return value.is_integer() and 1 <= value <= MAX_EXPONENT
