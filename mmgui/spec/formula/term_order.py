"""The order in which R keeps the terms of a sum, and the order in which to write them to get it.

Expressions are numbered, so that a term is a row of numbers and comparing terms is cheap.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from mmgui.spec.expression import Expression
from mmgui.spec.terms import Term

Row = tuple[int, ...]


class Numbering:
    """Numbers expressions in the order in which they first appear."""

    def __init__(self) -> None:
        self._numbers: dict[Expression, int] = {}

    def number(self, expression: Expression) -> int:
        """The expression's number."""
        return self._numbers.setdefault(expression, len(self._numbers))

    def row(self, term: Term) -> Row:
        """The numbers of a term's expressions."""
        return tuple(self.number(factor) for factor in term.factors)

    def terms(self, rows: Iterable[Row]) -> tuple[Term, ...]:
        """The terms that these rows of numbers stand for."""
        known = tuple(self._numbers)
        return tuple(Term(tuple(known[number] for number in row)) for row in rows)


def arrange(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms as R arranges ``t1 + t2 + …``.

    Sorted by order, in each order as they came; repeats (``a:b`` and ``b:a``) once; the expressions
    of an interaction in the order in which they first appear. The intercept is left out.
    """
    numbering = Numbering()
    return numbering.terms(arrange_rows([numbering.row(term) for term in terms]))


def arrange_rows(rows: Sequence[Row]) -> list[Row]:
    """``arrange`` for rows of numbers."""
    place: dict[int, int] = {}
    for row in rows:
        for number in row:
            place.setdefault(number, len(place))
    distinct = dict.fromkeys(tuple(sorted(set(row), key=place.__getitem__)) for row in rows if row)
    return sorted(distinct, key=len)


def writing_rows(rows: Sequence[Row]) -> list[Row]:
    """An order in which to write terms so that ``arrange_rows`` gives them back, if there is one.

    Main effects come first wherever possible. An interaction comes before them only where its
    expressions stand in another order than the main effects, as in R's reading of ``b:a + a + b``.
    """
    before: dict[int, int] = {}
    queues: dict[int, deque[Row]] = {}
    for row in rows:
        earlier = 0
        for number in row:
            before[number] = before.get(number, 0) | earlier
            earlier |= 1 << number
        queues.setdefault(len(row), deque()).append(row)
    orders = sorted(queues)
    seen = 0
    out: list[Row] = []
    while len(out) < len(rows):
        heads = [queues[order][0] for order in orders if queues[order]]
        ready = next((row for row in heads if _keeps_order(row, before, seen)), heads[0])
        queues[len(ready)].popleft()
        for number in ready:
            seen |= 1 << number
        out.append(ready)
    return out


def _keeps_order(row: Row, before: dict[int, int], seen: int) -> bool:
    """Whether no expression would appear ahead of one that has to appear before it."""
    for number in row:
        if not seen >> number & 1 and before[number] & ~seen:
            return False
        seen |= 1 << number
    return True
