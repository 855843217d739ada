"""Writes a model as the canonical lme4 formula that ``parse`` reads back to the same model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mmgui.spec.expression import quote, show
from mmgui.spec.formula.terms_algebra import arrange, writing_order
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term


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
    """One random term: ``(Days | Subject)``, ``(0 + Machine || Worker)``."""
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
    bar = "||" if term.settled().covariance is Covariance.DIAGONAL else "|"
    return f"({print_effects(term.intercept, term.slopes)} {bar} {groups})"


@dataclass(frozen=True, slots=True)
class _Product:
    """Terms that are written together: one term, or ``a * b`` for a, b and a:b."""

    text: str
    terms: tuple[Term, ...]


def _fold(terms: Sequence[Term]) -> list[str]:
    """The terms as text, ``a + b + a:b`` as ``a * b`` where that is read back to the same order."""
    products = [_Product(term.label, (term,)) for term in writing_order(terms)]
    wanted = tuple(terms)
    for term in sorted(terms, key=lambda t: -t.order):
        folded = _with_product(products, term)
        if folded is not None and arrange(t for p in folded for t in p.terms) == wanted:
            products = folded
    return [product.text for product in products]


def _with_product(products: list[_Product], term: Term) -> list[_Product] | None:
    """The products with ``term`` and all effects below it written as one; None if some of them is missing."""
    if term.order < 2 or 2**term.order - 1 > len(products):
        return None
    # In the order in which a * b * c stands for them: a, b, a:b, c, a:c, b:c, a:b:c.
    below: list[Term] = []
    for factor in term.factors:
        below += [Term((factor,)), *(Term((*earlier.factors, factor)) for earlier in below)]
    covered = frozenset(below)
    single = {p.terms[0] for p in products if len(p.terms) == 1}
    if not covered <= single:
        return None
    product = _Product(" * ".join(show(factor) for factor in term.factors), tuple(below))
    out: list[_Product] = []
    placed = False
    for other in products:
        if other.terms[0] not in covered or len(other.terms) > 1:
            out.append(other)
        elif not placed:
            out.append(product)
            placed = True
    return out
