"""R's algebra of model terms: what ``a*b``, ``a/b``, ``(a + b)^2`` and ``- a`` stand for.

A term is kept as the set of bits of its expressions, in the order in which these first appear.
The rules are those of R's ``terms.formula`` (R Core Team, stats/src/model.c).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mmgui.errors import FormulaError
from mmgui.spec.expression import Expression
from mmgui.spec.formula.term_order import Numbering, Row, arrange_rows, writing_rows
from mmgui.spec.formula.tokens import fault
from mmgui.spec.formula.tree import Bar, Chain, Leaf, Literal, Node, Offset, Power, Step
from mmgui.spec.terms import Term

MAX_TERMS = 2_000
_MAX_WORK = 2_000_000


class Expansion:
    """Works out one side of a bar or the fixed effects: its terms, its intercept, its offsets."""

    def __init__(self) -> None:
        self.intercept = True
        self.offsets: dict[Expression, Offset] = {}
        self._adding = True
        self._work = 0
        self._numbering = Numbering()

    def terms(self, node: Node) -> tuple[Term, ...]:
        """The terms a node stands for; ``intercept`` and ``offsets`` are known afterwards.

        Raises
        ------
        FormulaError
            Where a number, an offset or a random term stands where only effects can.
        """
        distinct = dict.fromkeys(mask for mask in self._expand(node) if mask)
        rows = [_row(mask) for mask in sorted(distinct, key=int.bit_count)]
        # A term taken away again can leave an order of expressions that no sum of the others can show.
        if arrange_rows(writing_rows(rows)) != rows:
            rows = arrange_rows(rows)
        return self._numbering.terms(rows)

    def _expand(self, node: Node) -> list[int]:
        match node:
            case Leaf(expression):
                return [1 << self._numbering.number(expression)]
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


def _row(mask: int) -> Row:
    """The numbers of the bits that are set, ascending."""
    row: list[int] = []
    while mask:
        low = mask & -mask
        row.append(low.bit_length() - 1)
        mask ^= low
    return tuple(row)


def _union(masks: Iterable[int]) -> int:
    out = 0
    for mask in masks:
        out |= mask
    return out


def _at(node: Node, code: str, message: str) -> FormulaError:
    return fault(code, message, node.position, node.length)
