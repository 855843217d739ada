"""The models that fixes lead to, with what their buttons say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mmgui.advice.finding import Fix
from mmgui.data.table import Column, Table
from mmgui.spec import edit
from mmgui.spec.expression import Call, Name
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import GroupingFactor, RandomTerm, Term


def removed(spec: ModelSpec, index: int) -> Fix:
    """The model without a random term."""
    return Fix(f"Remove {print_random(spec.random[index])}", edit.remove_random(spec, index))


def without_slope(spec: ModelSpec, index: int, slope: Term) -> Fix:
    """The model in which an effect is the same in all groups; without the term if nothing is left of it."""
    without = edit.remove_slope(spec, index, slope)
    if not without.random[index].has_effects:
        return removed(spec, index)
    return Fix(f"Drop the slope of {slope.label}", without)


def intercept_only(spec: ModelSpec, index: int) -> Fix:
    """The model in which the groups of a term differ in their level alone.

    The term goes if another one of the same groups lets the level differ.
    """
    term = spec.random[index]
    others = [t for k, t in enumerate(spec.random) if k != index and same_columns(t, term)]
    if any(t.intercept for t in others):
        return removed(spec, index)
    plain = RandomTerm(term.grouping)
    random = (*spec.random[:index], plain, *spec.random[index + 1 :])
    # Effects leave the model with their codings, as when a person takes them out one by one.
    without = edit.remove_random(spec, index)
    return Fix(f"Make it {print_random(plain)}", replace(spec, random=random, codings=without.codings))


def moved_left(spec: ModelSpec, index: int, number: str, onto: tuple[str, ...]) -> Fix:
    """The model in which a number, taken out of a term's groups, is a slope over the groups of ``onto``."""
    slope = Term((Name(number),))
    there = [k for k, t in enumerate(spec.random) if k != index and set(t.grouping.columns) == set(onto)]
    if there:
        moved = edit.add_slope(spec, there[0], slope)
        shown = moved.random[there[0]]
        return Fix(f"Make it {print_random(shown)}", edit.remove_random(moved, index))
    moved = edit.add_slope(edit.set_grouping(spec, index, onto), index, slope)
    return Fix(f"Make it {print_random(moved.random[index])}", moved)


def made_fixed(spec: ModelSpec, table: Table, index: int) -> Fix:
    """The model in which the groups of a term, of one column, have fixed effects instead.

    Every term of these groups goes; what varied over them becomes an interaction.
    """
    (name,) = spec.random[index].grouping.columns
    factor = as_factor(table[name])
    terms: list[Term] = [factor]
    kept = spec
    for k in reversed(range(len(spec.random))):
        if spec.random[k].grouping.columns == (name,):
            terms += [Term((*s.factors, *factor.factors)) for s in spec.random[k].slopes]
            kept = edit.remove_random(kept, k)
    return Fix(f"Make {name} a fixed effect", edit.add_fixed(kept, *terms))


def with_grouping(spec: ModelSpec, columns: Iterable[str]) -> Fix:
    """The model with one more random intercept."""
    added = edit.add_grouping(spec, columns)
    return Fix(f"Add {print_random(added.random[-1])}", added)


def as_factor(column: Column) -> Term:
    """The main effect of a column's labels: a number goes through ``factor()``."""
    name = Name(column.name)
    return Term((Call("factor", (name,)),)) if column.is_number else Term((name,))


def same_columns(a: RandomTerm, b: RandomTerm) -> bool:
    """Whether two terms have the same groups, in whatever order they name the columns."""
    return same_groups(a.grouping, b.grouping)


def same_groups(a: GroupingFactor, b: GroupingFactor) -> bool:
    """Whether two grouping factors are made of the same columns."""
    return set(a.columns) == set(b.columns)
