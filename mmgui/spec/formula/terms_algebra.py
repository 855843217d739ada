"""R's algebra of model terms: what ``a*b``, ``a/b``, ``(a + b)^2`` and ``- a`` stand for.

A term is kept as the set of bits of its expressions, in the order in which these first appear.
The rules are those of R's ``terms.formula`` (R Core Team, stats/src/model.c).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from mmgui.errors import FormulaError
from mmgui.spec.expression import Expression
from mmgui.spec.formula.tokens import fault
from mmgui.spec.formula.tree import Bar, Chain, Leaf, Literal, Node, Offset, Power, Step
from mmgui.spec.terms import Term

MAX_TERMS = 2_000
_MAX_WORK = 2_000_000


class _Bits:
    """Numbers expressions in the order in which they first appear."""

    def __init__(self) -> None:
        self._numbers: dict[Expression, int] = {}

    def of(self, expression: Expression) -> int:
        return 1 << self._numbers.setdefault(expression, len(self._numbers))

    def of_term(self, term: Term) -> int:
        bits = 0
        for factor in term.factors:
            bits |= self.of(factor)
        return bits

    def sorted_terms(self, masks: Iterable[int]) -> tuple[Term, ...]:
        """The terms by order, in each order as they came, without repeats and without the intercept."""
        known = tuple(self._numbers)
        distinct = [mask for mask in dict.fromkeys(masks) if mask]
        distinct.sort(key=int.bit_count)
        return tuple(Term(tuple(known[i] for i in _ones(mask))) for mask in distinct)


def _ones(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Expansion:
    """Works out one side of a bar or the fixed effects: its terms, its intercept, its offsets."""

    def __init__(self) -> None:
        self.intercept = True
        self.offsets: dict[Expression, Offset] = {}
        self._adding = True
        self._work = 0
        self._bits = _Bits()

    def terms(self, node: Node) -> tuple[Term, ...]:
        """The terms a node stands for; ``intercept`` and ``offsets`` are known afterwards.

        Raises
        ------
        FormulaError
            Where a number, an offset or a random term stands where only effects can.
        """
        terms = self._bits.sorted_terms(self._expand(node))
        # A term taken away again can leave an order of expressions that no sum of the others can show.
        return terms if arrange(writing_order(terms)) == terms else arrange(terms)

    def _expand(self, node: Node) -> list[int]:
        match node:
            case Leaf(expression):
                return [self._bits.of(expression)]
            case Literal(one):
                # A minus before it turns its meaning round, and two leave it as it is.
                self.intercept = one == self._adding
                return []
            case Offset():
                return self._offset(node)
            case Power():
                return self._power(node)
            case Chain():
                return self._chain(node)
            case Bar():
                raise _at(node, "bar_not_added", "A random term can only be added, with + before it.")

    def _offset(self, node: Offset) -> list[int]:
        if not self._adding:
            raise _at(node, "offset_not_added", "An offset can only be added, with + before it.")
        self.offsets.setdefault(node.expression, node)
        return []

    def _chain(self, chain: Chain) -> list[int]:
        out: list[int] = []
        if chain.first is not None:
            out = self._operand(chain.first, chain.steps[0])
        for step in chain.steps:
            right = self._right(step)
            out = self._distinct(self._combine(step.operator, out, right, chain), chain)
        return out

    def _right(self, step: Step) -> list[int]:
        if step.operator != "-":
            return self._operand(step.right, step)
        self._adding = not self._adding
        right = self._operand(step.right, step)
        self._adding = not self._adding
        return right

    def _operand(self, node: Node, step: Step) -> list[int]:
        if step.operator in "+-":
            return self._expand(node)
        if isinstance(node, Literal):
            raise _at(
                node,
                "number_for_column",
                f"{1 if node.one else 0} stands for the intercept and cannot be combined by {step.operator}; "
                "write a column (and arithmetic inside I()).",
            )
        if isinstance(node, Offset):
            raise _at(node, "offset_not_added", "An offset can only be added, with + before it.")
        return self._expand(node)

    def _combine(self, operator: str, left: list[int], right: list[int], node: Node) -> list[int]:
        match operator:
            case "+":
                return left + right
            case "-":
                taken = set(right)
                return [mask for mask in left if mask not in taken]
            case ":":
                return self._products(left, right, node)
            case "*":
                return left + right + self._products(left, right, node)
            case "/":
                return left + self._products([_union(left)], right, node)
            case _:
                return self._products(left, [_union(right)], node)

    def _power(self, power: Power) -> list[int]:
        if isinstance(power.base, Literal | Offset):
            raise _at(power.base, "number_for_column", "Only columns and sums of columns can have a power.")
        base = self._expand(power.base)
        out = base
        for _ in range(power.exponent - 1):
            longer = self._distinct(self._products(out, base, power), power)
            if longer == out:
                break
            out = longer
        return out

    def _products(self, left: Sequence[int], right: Sequence[int], node: Node) -> list[int]:
        self._work += len(left) * len(right)
        if self._work > _MAX_WORK:
            raise self._too_many(node)
        return [a | b for a in left for b in right]

    def _distinct(self, masks: list[int], node: Node) -> list[int]:
        distinct = list(dict.fromkeys(masks))
        if len(distinct) > MAX_TERMS:
            raise self._too_many(node)
        return distinct

    @staticmethod
    def _too_many(node: Node) -> FormulaError:
        return _at(
            node,
            "too_many_terms",
            f"This stands for more than {MAX_TERMS:,} terms; write fewer interactions.",
        )


def _union(masks: Iterable[int]) -> int:
    out = 0
    for mask in masks:
        out |= mask
    return out


def _at(node: Node, code: str, message: str) -> FormulaError:
    return fault(code, message, node.position, node.length)


def arrange(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms as R arranges ``t1 + t2 + …``.

    Sorted by order, in each order as they came; repeats (``a:b`` and ``b:a``) once; the expressions
    of an interaction in the order in which they first appear. The intercept is left out.
    """
    bits = _Bits()
    return bits.sorted_terms([bits.of_term(term) for term in terms])


def writing_order(terms: Sequence[Term]) -> tuple[Term, ...]:
    """An order in which to write the terms so that ``arrange`` gives them back.

    Main effects come first wherever possible. An interaction comes before them only where its
    expressions stand in another order than the main effects, as in R's reading of ``b:a + a + b``.
    """
    before: dict[Expression, set[Expression]] = {}
    for term in terms:
        for k, factor in enumerate(term.factors):
            before.setdefault(factor, set()).update(term.factors[:k])
    queues: dict[int, deque[Term]] = {}
    for term in terms:
        queues.setdefault(term.order, deque()).append(term)
    seen: set[Expression] = set()
    out: list[Term] = []
    while any(queues.values()):
        heads = [queues[order][0] for order in sorted(queues) if queues[order]]
        ready = next((t for t in heads if _keeps_order(t, before, seen)), heads[0])
        queues[ready.order].popleft()
        seen.update(ready.factors)
        out.append(ready)
    return tuple(out)


def _keeps_order(term: Term, before: dict[Expression, set[Expression]], seen: set[Expression]) -> bool:
    """Whether no expression would appear ahead of one that has to appear before it."""
    known = set(seen)
    for factor in term.factors:
        if factor not in known and not before[factor] <= known:
            return False
        known.add(factor)
    return True
