"""What an equation takes from a table: how many rows and groups, which columns, what is constant where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.equation_columns import effect_of_columns
from mmgui.spec.expression import Expression
from mmgui.spec.terms import Covariance

# The equation of a model being built stands in the first window, which does not wait for the engine.
if TYPE_CHECKING:
    from mmgui.engine.design import Design, RandomDesign


@dataclass(frozen=True, slots=True)
class TermFacts:
    """One random-effects term on a table.

    Attributes
    ----------
    groups
        Number of groups.
    columns
        Names of the effect columns.
    effects
        Which effect of the term each column belongs to.
    blocks
        Positions of the columns that are free to correlate.
    structure
        How they vary together.
    """

    groups: int
    columns: tuple[str, ...]
    effects: tuple[int, ...]
    blocks: tuple[tuple[int, ...], ...]
    structure: Covariance


@dataclass(frozen=True, slots=True)
class EquationFacts:
    """A model on a table.

    Attributes
    ----------
    rows
        Rows used.
    fixed
        Names of the columns of X.
    terms
        One entry for each random-effects term.
    constant
        (expression, grouping) pairs: the expression has one value in each group.
    within
        (inner, outer) pairs of groupings: each inner group lies in one outer group.
    first_levels
        (column, level) pairs: the first level of each column that enters an effect as labels.
    """

    rows: int
    fixed: tuple[str, ...]
    terms: tuple[TermFacts, ...]
    constant: frozenset[tuple[Expression, str]]
    within: frozenset[tuple[str, str]]
    first_levels: tuple[tuple[str, str], ...] = ()


def facts_of(design: Design) -> EquationFacts:
    """What the equation of a design's model takes from its matrices."""
    spec = design.spec
    groupings = {r.grouping: r for r in design.random}
    constant = {
        (term.factors[0], label)
        for position, term in enumerate(spec.fixed, start=1)
        if term.order == 1
        for label, random in groupings.items()
        if _constant(design.x[:, design.assign == position], random)
    }
    within = {
        (a.grouping, b.grouping)
        for a in groupings.values()
        for b in groupings.values()
        if a is not b and _lies_in(a, b)
    }
    terms = tuple(
        TermFacts(len(r.levels), r.effects, effect_of_columns(term, r.effects), r.blocks, r.structure)
        for term, r in zip(spec.random, design.random, strict=True)
    )
    factors = {} if design.recipe is None else design.recipe.factors
    first = tuple((column, levels[0]) for column, levels in factors.items() if levels)
    return EquationFacts(
        design.nobs, design.fixed_names, terms, frozenset(constant), frozenset(within), first
    )


def _constant(columns: NDArray[np.float64], random: RandomDesign) -> bool:
    """Whether columns have one value in each group; no columns say nothing."""
    if columns.shape[1] == 0:
        return False
    first = np.zeros(len(random.levels), dtype=np.intp)
    first[random.codes[::-1]] = np.arange(len(random.codes))[::-1]
    return bool(np.array_equal(columns, columns[first[random.codes]]))


def _lies_in(inner: RandomDesign, outer: RandomDesign) -> bool:
    """Whether each group of one lies in one group of the other."""
    if len(inner.levels) < len(outer.levels):
        return False
    parent = np.empty(len(inner.levels), dtype=np.intp)
    parent[inner.codes] = outer.codes
    return bool(np.array_equal(parent[inner.codes], outer.codes))
