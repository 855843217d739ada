"""Makes a model of a parsed formula: splits off the random terms and works out what they stand for."""

from __future__ import annotations

from itertools import pairwise

from mmgui.errors import FormulaError
from mmgui.spec.expression import Call, Expression, Name, columns_of
from mmgui.spec.formula.terms_algebra import Expansion
from mmgui.spec.formula.tokens import fault
from mmgui.spec.formula.tree import Bar, Chain, Leaf, Literal, Node, Step
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, GroupingFactor, RandomTerm, Term


def assemble_model(response: Expression | None, side: Node, *, partial: bool) -> ModelSpec:
    """The model that the response and the right side of the ~ describe."""
    fixed, bars = _separate(side)
    expansion = Expansion()
    terms = expansion.terms(fixed) if fixed is not None else ()
    for expression, offset in expansion.offsets.items():
        if next(columns_of(expression), None) is None:
            raise fault(
                "no_column", "There is no column in this offset(); write one.", offset.position, offset.length
            )
    return ModelSpec(
        response=response,
        intercept=expansion.intercept,
        fixed=terms,
        random=tuple(term for bar in bars for term in _random_terms(bar, partial=partial)),
        offset=tuple(expansion.offsets),
    )


def assemble_effects(side: Node) -> tuple[Term, ...]:
    """The effects of a text without response and random terms."""
    _, bars = _separate(side)
    if bars:
        raise fault("bar_not_added", "Only fixed effects can stand here.", bars[0].position, bars[0].length)
    expansion = Expansion()
    expansion.intercept = False
    terms = expansion.terms(side)
    _no_offset(expansion)
    effects = ((INTERCEPT,) if expansion.intercept else ()) + terms
    if not effects:
        raise fault("no_term", "There is no effect here; write a column.", side.position, side.length)
    return effects


def assemble_random(side: Node, *, partial: bool) -> tuple[RandomTerm, ...]:
    """The random terms of a text that holds nothing else."""
    fixed, bars = _separate(side)
    if fixed is not None:
        raise fault(
            "not_random", "Only random terms such as (1 | group) can stand here.", side.position, side.length
        )
    return tuple(term for bar in bars for term in _random_terms(bar, partial=partial))


def _is_sum(node: Node) -> bool:
    return isinstance(node, Chain) and node.steps[0].operator in "+-"


def _separate(side: Node) -> tuple[Node | None, list[Bar]]:
    """The fixed effects, None if there are none, and the random terms in their order."""
    if isinstance(side, Bar):
        return None, [side]
    if not isinstance(side, Chain) or not _is_sum(side):
        return side, []
    bars: list[Bar] = []
    first: Node | None = None
    if side.first is not None:
        first, bars = _separate(side.first)
    steps: list[Step] = []
    for step in side.steps:
        rest, more = _separate(step.right)
        if more and step.operator == "-":
            raise fault(
                "bar_not_added",
                "A random term can only be added, with + before it; delete it to take it out.",
                step.sign.position,
            )
        bars += more
        if rest is not None:
            steps.append(Step(step.operator, step.sign, rest))
    if not steps:
        return first, bars
    return Chain(first, tuple(steps), side.position, side.length), bars


def _random_terms(bar: Bar, *, partial: bool) -> list[RandomTerm]:
    expansion = Expansion()
    slopes = expansion.terms(bar.effects)
    _no_offset(expansion)
    if not (slopes or expansion.intercept or partial):
        raise fault(
            "no_effect",
            "Nothing varies between the groups here; write 1 for the intercept "
            "or the columns whose effects vary.",
            bar.effects.position,
            bar.effects.length,
        )
    groups = _groupings(bar.groups)
    nested = isinstance(bar.groups, Chain) and all(step.operator == "/" for step in bar.groups.steps)
    out = [RandomTerm(g, expansion.intercept, slopes, bar.covariance).settled() for g in groups]
    if not nested:
        return out
    return out[:1] + [term.joined_to(before) for before, term in pairwise(out)]


def _no_offset(expansion: Expansion) -> None:
    for offset in expansion.offsets.values():
        raise fault("offset_not_added", "An offset cannot stand here.", offset.position, offset.length)


def _groupings(node: Node) -> list[GroupingFactor]:
    terms = Expansion().terms(_group_names(node))
    return [GroupingFactor(tuple(name for factor in t.factors for name in columns_of(factor))) for t in terms]


def _group_names(node: Node) -> Node:
    """The right side of a bar, checked; ``factor(g)`` is g, as groups are always labels."""
    match node:
        case Leaf(Name()):
            return node
        case Leaf(Call("factor", (Name() as name,), ())):
            return Leaf(name, node.position, node.length)
        case Leaf():
            raise _bad_groups(node, "Groups are made by a column as it is; make a column of this first.")
        case Literal():
            raise _bad_groups(node, "A grouping column is expected here, not a number.")
        case Chain(first, steps) if first is not None and steps[0].operator in (":", "*", "/"):
            checked = tuple(Step(s.operator, s.sign, _group_names(s.right)) for s in steps)
            return Chain(_group_names(first), checked, node.position, node.length)
        case Chain(_, steps) if steps[0].operator == "+":
            raise _bad_groups(node, "Two grouping factors need two random terms; write (1 | a) + (1 | b).")
        case Chain(_, steps) if steps[0].operator == "%in%":
            raise _bad_groups(node, "Write the combinations of two grouping columns as a:b.")
        case _:
            raise _bad_groups(node, "Groups are made by columns, joined by : / or * only.")


def _bad_groups(node: Node, message: str) -> FormulaError:
    return fault("bad_grouping", message, node.position, node.length)
