"""Writes a model as the canonical lme4 formula that ``parse`` reads back to the same model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmgui.spec.expression import quote, show
from mmgui.spec.formula.structures import WRITTEN
from mmgui.spec.formula.term_order import Numbering, Row, arrange_rows, writing_rows
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

# a * b * … of more stands for over 2,000 terms, more than a model can have.
_MOST_FACTORS = 10


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part of the model stands in its formula.

    Attributes
    ----------
    start, end
        Characters ``start`` … ``end - 1`` of ``print_model``'s text.
    kind
        ``"response"``, ``"fixed"`` (everything fixed, offsets included) or ``"random"``.
    index
        Which random term; the first of those that are written together as ``a/b``. 0 for the others.
    """

    start: int
    end: int
    kind: str
    index: int = 0


def print_model(spec: ModelSpec) -> str:
    """The model as a formula: ``Reaction ~ Days + (Days | Subject)``.

    Without a response it begins with ``~``; a random term in which nothing varies is ``(0 | g)``.
    ``parse(print_model(spec), partial=True)`` is ``spec`` again, but for ``reml`` and ``weights``.
    """
    return "".join(text for text, _ in _pieces(spec))


def formula_spans(spec: ModelSpec) -> tuple[Span, ...]:
    """Where response, fixed effects and random terms stand in ``print_model(spec)``, from left to right."""
    spans: list[Span] = []
    at = 0
    for text, part in _pieces(spec):
        if part is not None:
            spans.append(Span(at, at + len(text), *part))
        at += len(text)
    return tuple(spans)


def print_random(term: RandomTerm) -> str:
    """One random term: ``(Days | Subject)``, ``(0 + Machine || Worker)``, ``cs(0 + Machine | Worker)``."""
    return _bar(term, term.grouping.formula)


def print_effects(intercept: bool, terms: Sequence[Term]) -> str:
    """Effects as one side of a formula or of a bar writes them: ``1``, ``Days``, ``0 + a * b``.

    The intercept is written out only where nothing else stands.
    """
    products = _fold(terms)
    if intercept:
        return " + ".join(products) or "1"
    return " + ".join(["0", *products])


def _pieces(spec: ModelSpec) -> Iterator[tuple[str, tuple[str, int] | None]]:
    """The formula cut into parts and what stands between them."""
    if spec.response is not None:
        yield show(spec.response), ("response", 0)
        yield " ", None
    yield "~ ", None
    fixed = print_effects(spec.intercept, spec.fixed)
    offsets = [f"offset({show(expression)})" for expression in spec.offset]
    yield " + ".join([fixed, *offsets]), ("fixed", 0)
    for index, text in _random_texts(spec.random):
        yield " + ", None
        yield text, ("random", index)


def _random_texts(terms: Sequence[RandomTerm]) -> Iterator[tuple[int, str]]:
    """The random terms as written, each with the index of its first term."""
    start = 0
    while start < len(terms):
        stop = start + 1
        # lme4 misreads a:b/c, so a chain begins with a single column.
        if len(terms[start].grouping.columns) == 1:
            while stop < len(terms) and terms[stop].joined and terms[stop].continues(terms[stop - 1]):
                stop += 1
        yield start, _bar(terms[start], _nesting([t.grouping.columns for t in terms[start:stop]]))
        start = stop


def _nesting(groupings: Sequence[tuple[str, ...]]) -> str:
    """``a/b`` for the groupings a and a:b."""
    written = 0
    levels: list[str] = []
    for columns in groupings:
        levels.append(":".join(quote(name) for name in columns[written:]))
        written = len(columns)
    return "/".join(levels)


def _bar(term: RandomTerm, groups: str) -> str:
    covariance = term.settled().covariance
    bar = "||" if covariance is Covariance.DIAGONAL else "|"
    name, option = WRITTEN.get(covariance, ("", ""))
    return f"{name}({print_effects(term.intercept, term.slopes)} {bar} {groups}{option})"


@dataclass(frozen=True, slots=True)
class _Product:
    """Terms that are written together: one term, or ``a * b`` for a, b and a:b."""

    text: str
    rows: tuple[Row, ...]


def _fold(terms: Sequence[Term]) -> list[str]:
    """The terms as text, ``a + b + a:b`` as ``a * b`` where that is read back to the same order."""
    numbering = Numbering()
    wanted = [numbering.row(term) for term in terms]
    labels = {row: term.label for row, term in zip(wanted, terms, strict=True)}
    products = [_Product(labels[row], (row,)) for row in writing_rows(wanted)]
    place = {row[0]: i for i, row in enumerate(r for r in wanted if len(r) == 1)}
    for row in sorted(wanted, key=len, reverse=True):
        if not 2 <= len(row) <= _MOST_FACTORS or not _stand_together(row, place):
            continue
        text = " * ".join(labels[number,] for number in row)
        folded = _with_product(products, _Product(text, _below(row)))
        if folded is not None and arrange_rows([r for p in folded for r in p.rows]) == wanted:
            products = folded
    return [product.text for product in products]


def _stand_together(row: Row, place: dict[int, int]) -> bool:
    """Whether the main effects follow one another in the interaction's order, as ``a * b`` would put them."""
    first = place.get(row[0])
    return first is not None and all(place.get(number) == first + k for k, number in enumerate(row))


def _below(row: Row) -> tuple[Row, ...]:
    """What ``a * b * c`` stands for, in R's order: a, b, a:b, c, a:c, b:c, a:b:c."""
    below: list[Row] = []
    for number in row:
        below += [(number,), *((*earlier, number) for earlier in below)]
    return tuple(below)


def _with_product(products: Sequence[_Product], product: _Product) -> list[_Product] | None:
    """The products with the terms of ``product`` written as that; None if some are missing or taken."""
    covered = frozenset(product.rows)
    if not covered <= {p.rows[0] for p in products if len(p.rows) == 1}:
        return None
    out: list[_Product] = []
    placed = False
    for other in products:
        if other.rows[0] not in covered:
            out.append(other)
        elif not placed:
            out.append(product)
            placed = True
    return out
