"""Changes of what an effect reads: transformed, a polynomial, centred, split, and back.

As in ``mmgui.spec.edit`` each function takes a model and gives the changed one, in the order in which its own
formula is read back. What reads the same variable follows: its interactions, and its slopes unless
``in_slopes`` is False. The response, offsets, weights and grouping factors stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from mmgui.spec import edit
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, Number, columns_of
from mmgui.spec.formula.term_order import arrange
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import Product
from mmgui.spec.terms import GroupingFactor, Term

_FOLLOWING = frozenset({"I", "poly", "bs", "ns", "center", "scale", "abs", "exp"})
"""Functions in which a column may be replaced by its centred version; logarithms and roots need its zero."""


def polynomial(column: str, degree: int) -> Expression:
    """``poly(x, 2)``: orthogonal polynomials."""
    return Call("poly", (Name(column), Number(float(degree))))


def power(column: str, exponent: int) -> Expression:
    """``I(x^2)``."""
    return Call("I", (Binary("^", Name(column), Number(float(exponent))),))


def applied(function: str, column: str) -> Expression:
    """``log(x)``."""
    return Call(function, (Name(column),))


def own_column(expression: Expression) -> str | None:
    """The only column that an expression reads, None where it reads several."""
    names = set(columns_of(expression))
    return names.pop() if len(names) == 1 else None


def follows(expression: Expression) -> bool:
    """Whether an expression can read its column centred: ``x`` and ``I(x^2)`` can, ``log(x)`` cannot."""
    column = own_column(expression)
    return column is not None and column not in columns_of(_with_column(expression, column, f"{column} "))


def add_product(spec: ModelSpec, product: Product) -> ModelSpec:
    """The model with ``a * b * c``: every main effect and every interaction of these."""
    # What stands in the model already comes first, so that the formula is written as a product.
    there = dict.fromkeys(f for term in spec.fixed for f in term.factors if f in product.factors)
    return edit.add_fixed(spec, *Product(tuple(dict.fromkeys((*there, *product.factors)))).terms)


def remove_terms(spec: ModelSpec, terms: Collection[Term]) -> ModelSpec:
    """The model without these fixed effects."""
    for term in terms:
        spec = edit.remove_fixed(spec, term)
    return spec


def replace_factor(spec: ModelSpec, old: Expression, new: Expression, *, in_slopes: bool = True) -> ModelSpec:
    """The model with ``new`` wherever ``old`` stands as a whole: alone, or as a part of an interaction.

    Of ``log(x)`` the x is no whole.
    """
    return _replaced(spec, lambda factor: new if factor == old else factor, in_slopes)


def replace_column(spec: ModelSpec, old: str, new: str, *, in_slopes: bool = True) -> ModelSpec:
    """The model with the column ``new`` in place of ``old`` in its effects, also within their polynomials.

    Where ``old`` stands in a logarithm or a root it stays, since these need the numbers as they are.
    """
    return _replaced(spec, lambda factor: _with_column(factor, old, new), in_slopes)


def split_column(
    spec: ModelSpec, column: str, within: str, mean: str, *, in_slopes: bool = True
) -> ModelSpec:
    """The model with a column's effects split into those within groups and those between groups.

    Every fixed effect of the column is there twice: of its part within the groups, and of their means. A
    slope is one of the part within: the mean of a group cannot vary within it.
    """
    moved = replace_column(spec, column, within, in_slopes=in_slopes)
    parts = zip(_read(spec, column, within), _read(spec, column, mean), strict=True)
    return replace(moved, fixed=arrange(term for pair in parts for term in pair))


def join_columns(spec: ModelSpec, made: Collection[str], column: str) -> ModelSpec:
    """The model with ``column`` in place of each of the columns made from it, its effects there once."""
    for name in made:
        spec = replace_column(spec, name, column)
    return spec


def without_column(spec: ModelSpec, name: str) -> ModelSpec:
    """The model without every part that reads a column: effects, grouping factors, offsets, weights."""
    for index in reversed(range(len(spec.random))):
        if name in spec.random[index].grouping.columns:
            spec = edit.remove_random(spec, index)
    for index, card in enumerate(spec.random):
        for slope in card.slopes:
            if name in slope.columns():
                spec = edit.remove_slope(spec, index, slope)
    spec = remove_terms(spec, [term for term in spec.fixed if name in term.columns()])
    for expression in spec.offset:
        if name in columns_of(expression):
            spec = edit.remove_offset(spec, expression)
    if spec.weights == name:
        spec = edit.set_weights(spec, None)
    if spec.response is not None and name in columns_of(spec.response):
        spec = edit.set_response(spec, None)
    return edit.remove_coding(spec, name)


def group_by_parts(spec: ModelSpec, combined: str, parts: Collection[str]) -> ModelSpec:
    """The model grouped by ``a:b`` where it was grouped by the column that combines a and b."""
    for index, card in enumerate(spec.random):
        columns = card.grouping.columns
        if combined in columns:
            places = (parts if name == combined else (name,) for name in columns)
            grouping = GroupingFactor(tuple(name for place in places for name in place))
            spec = edit.set_grouping(spec, index, grouping.columns)
    return spec


def _replaced(spec: ModelSpec, change: Callable[[Expression], Expression], in_slopes: bool) -> ModelSpec:
    def changed(terms: Collection[Term]) -> tuple[Term, ...]:
        return arrange(Term(tuple(change(f) for f in term.factors)) for term in terms)

    random = spec.random
    if in_slopes:
        random = tuple(replace(card, slopes=changed(card.slopes)).settled() for card in random)
    after = replace(spec, fixed=changed(spec.fixed), random=random)
    return edit.without_codings_of_removed(spec, after)


def _read(spec: ModelSpec, old: str, new: str) -> tuple[Term, ...]:
    """The fixed effects one by one with the column replaced, in their order, none left out."""
    return tuple(Term(tuple(_with_column(f, old, new) for f in term.factors)) for term in spec.fixed)


def _with_column(expression: Expression, old: str, new: str) -> Expression:
    match expression:
        case Name(name) if name == old:
            return Name(new)
        case Negate(operand):
            return Negate(_with_column(operand, old, new))
        case Binary(operator, left, right):
            return Binary(operator, _with_column(left, old, new), _with_column(right, old, new))
        case Call(function, arguments, keywords) if function in _FOLLOWING:
            return Call(function, (_with_column(arguments[0], old, new), *arguments[1:]), keywords)
        case _:
            return expression
