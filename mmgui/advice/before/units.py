"""The units of a model: what is measured repeatedly, and which effects a model lets differ between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmgui.advice.before.simpler_terms import uncorrelated
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Fix
from mmgui.advice.predictor_facts import Columns, cells, labels, refines, usable_terms
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.derive import with_derived
from mmgui.errors import ModelError
from mmgui.spec.coding import coded_column
from mmgui.spec.edit import add_slope, with_random_terms
from mmgui.spec.edit_fixed import own_column
from mmgui.spec.expression import Call, Expression, Name
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import product_of
from mmgui.spec.terms import GroupingFactor, RandomTerm, Term
from mmgui.words import listed

_CURVES = frozenset({"poly", "bs", "ns"})


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
        if any(facts.same_partition(columns, other.columns) for other in found.values()):
            # The same groups under another name, of which N5 speaks.
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


def sampled_units(facts: DesignFacts) -> tuple[Unit, ...]:
    """The units of which there are enough to learn how they differ.

    Of fewer than ``THRESHOLDS.very_few_groups`` G7 says that they be fixed effects: what varies between them
    is then an interaction, and no random effect of theirs is wanted.
    """
    enough = THRESHOLDS.very_few_groups
    return tuple(u for u in units(facts) if facts.groups(u.columns).count >= enough)


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


def settled(facts: DesignFacts, unit: Unit, effect: Columns) -> bool:
    """Whether an effect differs between units, or between larger units in which these lie.

    What differs between larger units carries with it what differs between the smaller ones in each: the test
    of the average effect goes by the larger ones already. An effect whose interaction with the unit itself is
    a fixed effect, as that of Diet where ``Diet * Time`` is and the groups are those of Time, differs too.
    """
    if covered(facts, unit, effect):
        return True
    if any(
        _by_unit(facts, unit, set(t.columns()) - set(effect))
        for t in facts.spec.fixed
        if set(effect) <= set(t.columns())
    ):
        return True
    larger = (
        u
        for u in sampled_units(facts)
        if refines(facts, unit.columns, u.columns) and not refines(facts, u.columns, unit.columns)
    )
    return any(covered(facts, u, effect) for u in larger)


def _by_unit(facts: DesignFacts, unit: Unit, others: set[str]) -> bool:
    """Whether these columns are the unit's own, or a number that says the same: Time centred."""
    if set(unit.columns) <= others:
        return True
    number = all(facts.table[c].is_number for c in unit.columns)
    return number and bool(others) and facts.same_partition(tuple(sorted(others)), unit.columns)


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


def _home(spec: ModelSpec, unit: Unit) -> int:
    return next((k for k in unit.terms if spec.random[k].intercept), unit.terms[0])


def _with_product(spec: ModelSpec, home: int, slope: Term) -> ModelSpec:
    for part in product_of(slope).terms:
        spec = add_slope(spec, home, part)
    return spec


def _straight(expression: Expression) -> Expression:
    """``x`` for ``poly(x, 2)`` and ``ns(x, 3)``."""
    column = own_column(expression) if isinstance(expression, Call) else None
    curved = column is not None and isinstance(expression, Call) and expression.function in _CURVES
    return Name(column) if curved and column is not None else expression


def _carried(facts: DesignFacts, spec: ModelSpec, index: int) -> bool:
    """Whether there are more groups than (co)variances in a term, and more rows than its effects."""
    term = spec.random[index]
    groups = facts.groups(term.grouping.columns).count
    try:
        needed, effects = facts.parameter_count(term), sum(facts.effect_blocks(term))
    except ModelError:
        return False
    return needed < groups and effects * groups < facts.rows.count


def let_differ(facts: DesignFacts, unit: Unit, wanted: Sequence[Sequence[Expression]]) -> Fix | None:
    """The model in which these effects differ between units: of factors by crossings, else by slopes.

    Where the slopes need as many (co)variances as there are units, straight lines take the place of curves,
    or the slopes are uncorrelated; None where that asks for too much, too.
    """
    crossed = [crossing(facts, unit, factors) for factors in wanted]
    sloped = {f for factors, term in zip(wanted, crossed, strict=True) if term is None for f in factors}
    if any(term is not None and sloped & set(f) for f, term in zip(wanted, crossed, strict=True)):
        # The slopes of A * x have that of A, which (1 | A:Subj) would be a second time.
        crossed = [None] * len(crossed)
    added = [term for term in crossed if term is not None]
    rest = [tuple(factors) for factors, term in zip(wanted, crossed, strict=True) if term is None]
    slopes = _slopes(facts, unit, rest)
    if slopes is None:
        return None
    spec = with_random_terms(slopes.spec, (*slopes.spec.random, *added))
    written = [print_random(t) for t in added]
    if len(written) > 3:
        written = [f"{len(written)} terms, {written[0]} to {written[-1]}"]
    says = [f"add {' + '.join(written)}"] if written else []
    says += [slopes.label] if rest else []
    label = " and ".join(says)
    return Fix(label[0].upper() + label[1:], spec, slopes.derived)


def _slopes(facts: DesignFacts, unit: Unit, wanted: Sequence[tuple[Expression, ...]]) -> Fix | None:
    home = _home(facts.spec, unit)
    lines = [tuple(_straight(f) for f in factors) for factors in wanted]
    specs = []
    for chosen in (wanted, lines):
        spec = facts.spec
        for factors in chosen:
            spec = _with_product(spec, home, Term(factors))
        names = listed(list(dict.fromkeys(Term(factors).label for factors in chosen)))
        label = f"let the effect of {names} differ by {unit.label}"
        if not wanted or _carried(facts, spec, home):
            return Fix(label, spec)
        specs.append((label, spec))
    label, spec = specs[0]
    apart = uncorrelated(DesignFacts(spec, facts.table), home)
    alone = DesignFacts(apart.spec, with_derived(facts.table, apart.derived))
    return (
        Fix(f"{label}, uncorrelated", apart.spec, apart.derived)
        if _carried(alone, apart.spec, home)
        else None
    )


def as_slopes(facts: DesignFacts, unit: Unit, wanted: Sequence[Sequence[Expression]]) -> Fix | None:
    """The same by slopes alone; None where these need as many (co)variances as there are units."""
    spec = facts.spec
    home = _home(spec, unit)
    for factors in wanted:
        spec = _with_product(spec, home, Term(tuple(factors)))
    if not _carried(facts, spec, home):
        return None
    return Fix(f"Make it {print_random(spec.random[home])}", spec)
