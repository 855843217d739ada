"""The units of a model: what is measured repeatedly, and which effects a model lets differ between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Fix
from mmgui.advice.predictor_facts import Columns, cells, labels, refines, usable_terms
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.coding import coded_column
from mmgui.spec.edit import add_slope, with_random_terms
from mmgui.spec.expression import Expression
from mmgui.spec.formula import print_random
from mmgui.spec.products import product_of
from mmgui.spec.terms import GroupingFactor, RandomTerm, Term
from mmgui.words import listed


@dataclass(frozen=True, slots=True)
class Unit:
    """A grouping factor whose groups are measured repeatedly.

    Attributes
    ----------
    columns, label
        What defines it.
    terms
        Positions of its random terms.
    finer
        Positions of the random terms whose groups divide its own: ``(1 | A:Subj)`` for Subj.
    """

    columns: Columns
    label: str
    terms: tuple[int, ...]
    finer: tuple[int, ...]


def units(facts: DesignFacts) -> tuple[Unit, ...]:
    """The units of a model, in the order of the formula.

    A grouping factor that divides another one by a fixed effect, as ``A:Subj`` divides Subj where A is a
    fixed effect, is no unit but what lets the effect of A differ between units.
    """
    spec, random = facts.spec, facts.spec.random
    fixed = {c for term in spec.fixed for c in term.columns()}
    usable = [k for k in usable_terms(facts) if _repeats(facts, random[k].grouping.columns)]
    sets = {frozenset(random[k].grouping.columns) for k in usable}
    found: dict[frozenset[str], Unit] = {}
    for k in usable:
        columns = random[k].grouping.columns
        key = frozenset(columns)
        if key in found or any(other < key and key - other <= fixed for other in sets):
            continue
        same = tuple(i for i in usable if frozenset(random[i].grouping.columns) == key)
        finer = tuple(
            i
            for i in usable
            if i not in same
            and refines(facts, random[i].grouping.columns, columns)
            and not refines(facts, columns, random[i].grouping.columns)
        )
        found[key] = Unit(columns, random[k].grouping.label, same, finer)
    return tuple(found.values())


def _repeats(facts: DesignFacts, columns: Columns) -> bool:
    return 1 < facts.groups(columns).count < facts.rows.count


def covered(facts: DesignFacts, unit: Unit, effect: Columns) -> bool:
    """Whether the model lets an effect differ between units: by a slope, or by groups that divide them.

    ``(1 | A:Subj)`` lets the effect of A differ between groups of Subj, as does any random term whose groups
    lie in the unit's and in which A has one value.
    """
    random = facts.spec.random
    for index in (*unit.terms, *unit.finer):
        if any(set(effect) <= set(slope.columns()) for slope in random[index].slopes):
            return True
    return any(
        random[k].intercept and not facts.varies(effect, random[k].grouping.columns).within
        for k in unit.finer
    )


def varying(facts: DesignFacts, unit: Unit, factors: Sequence[Expression]) -> tuple[Expression, ...]:
    """Those of the expressions that vary within units."""
    return tuple(
        f for f in factors if (columns := read((f,))) and facts.varies(columns, unit.columns).within > 0
    )


def read(factors: Sequence[Expression]) -> Columns:
    """The columns that expressions read, each once."""
    return tuple(dict.fromkeys(Term(tuple(factors)).columns()))


def separable(facts: DesignFacts, unit: Unit, factors: Sequence[Expression]) -> bool:
    """Whether what differs between units in these effects can be told from what is left over in each row.

    In half of the units at least, a combination of the factors must occur more than once; for a single
    quantity there must be two values and three rows.
    """
    found = cells(facts, read(factors), unit.columns)
    if len(factors) == 1 and labels(facts, factors[0]) is None:
        return found.lines() >= THRESHOLDS.replicated_share
    return found.replicated >= THRESHOLDS.replicated_share


def crossing(facts: DesignFacts, unit: Unit, factors: Sequence[Expression]) -> RandomTerm | None:
    """``(1 | A:B:Subj)`` for factors A and B; None where one of them is no factor of the table."""
    columns = []
    for factor in factors:
        column = coded_column(factor)
        if column is None or labels(facts, factor) is None or column in unit.columns:
            return None
        columns.append(column)
    return RandomTerm(GroupingFactor((*columns, *unit.columns)))


def let_differ(facts: DesignFacts, unit: Unit, wanted: Sequence[Sequence[Expression]]) -> Fix:
    """The model in which these effects differ between units: of factors by crossings, else by slopes."""
    spec = facts.spec
    added: list[RandomTerm] = []
    names: list[str] = []
    home = next((k for k in unit.terms if spec.random[k].intercept), unit.terms[0])
    for factors in wanted:
        term = crossing(facts, unit, factors)
        if term is not None:
            added.append(term)
            continue
        slope = Term(tuple(factors))
        for part in product_of(slope).terms:
            spec = add_slope(spec, home, part)
        names.append(slope.label)
    spec = with_random_terms(spec, (*spec.random, *added))
    written = [print_random(t) for t in added]
    if len(written) > 3:
        written = [f"{len(written)} terms, {written[0]} to {written[-1]}"]
    says = [f"add {' + '.join(written)}"] if written else []
    if names:
        says.append(f"let the effect of {listed(names)} differ by {unit.label}")
    label = " and ".join(says)
    return Fix(label[0].upper() + label[1:], spec)


def as_slopes(facts: DesignFacts, unit: Unit, wanted: Sequence[Sequence[Expression]]) -> Fix | None:
    """The same by slopes alone; None where these need as many (co)variances as there are units."""
    spec = facts.spec
    home = next((k for k in unit.terms if spec.random[k].intercept), unit.terms[0])
    for factors in wanted:
        for part in product_of(Term(tuple(factors))).terms:
            spec = add_slope(spec, home, part)
    term = spec.random[home]
    if facts.parameter_count(term) >= facts.groups(unit.columns).count:
        return None
    return Fix(f"Make it {print_random(term)}", spec)
