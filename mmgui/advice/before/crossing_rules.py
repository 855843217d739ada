"""Rules about crossed grouping factors: one that is missing, combinations of one row each (N3, N4)."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.before import remedies
from mmgui.advice.before.grouping_kind import is_quantity, names_units_of_a_sample
from mmgui.advice.before.left_out import can_judge
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.relations import relation_of
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.relation import RelationKind
from mmgui.errors import DataError
from mmgui.spec.formula import print_random
from mmgui.words import listed

_MOST_OFFERED = 3
_CROSSED = (RelationKind.CROSSED, RelationKind.PARTIALLY_CROSSED)


def missing_crossed(facts: DesignFacts) -> Iterator[Finding]:
    """N3: two crossed factors that tell units of samples apart, of which the model has only one.

    Within a combination: ``(1 | subj:item)`` or ``(1 | subj/item)`` where each item meets several subjects
    has no term for what an item does to all of them. Beside a term: where the response says whether rows of
    a left-out column are alike, G12 speaks or is silent on better grounds; this rule speaks while there is
    no response yet. Nothing is said where labels may recur for different units, which is N1's question.
    """
    spec = facts.spec
    read = {c for t in spec.fixed for c in t.columns()} | set(_others(facts))
    own = {t.grouping.columns[0] for t in spec.random if len(t.grouping.columns) == 1}
    told: set[str] = set()
    for index, term in enumerate(spec.random):
        columns = term.grouping.columns
        inside = [(c, tuple(o for o in columns if o != c)) for c in columns if len(columns) > 1]
        beside = [] if can_judge(facts) else [(c, columns) for c in facts.table.names if c not in columns]
        found: dict[tuple[str, ...], list[str]] = {}
        for name, unit in inside + beside:
            new = name not in read | own | told and names_units_of_a_sample(facts.table[name])
            if not new or not _is_sample(facts, unit) or not _crossed(facts, name, unit):
                continue
            told.add(name)
            found.setdefault(unit, []).append(name)
        for unit, names in found.items():
            yield _crossed_with(facts, index, names, ":".join(unit))


def _crossed_with(facts: DesignFacts, index: int, names: list[str], other: str) -> Finding:
    term = facts.spec.random[index]
    if len(names) == 1:
        what = f"{names[0]} and {other} are crossed: each {names[0]} meets several {other}"
        one = names[0]
    else:
        what = f"{listed(names)} are each crossed with {other}: a group of any of them meets several {other}"
        one = "such group"
    return Finding(
        "N3",
        Severity.INFO,
        f"{what}. The model has {print_random(term)}, but no term for what the rows of one {one} have in "
        f"common over all {other}.",
        (*names, term.grouping.label),
        tuple(remedies.with_grouping(facts.spec, (name,)) for name in names[:_MOST_OFFERED]),
        (index,),
    )


def _others(facts: DesignFacts) -> Iterator[str]:
    """Columns that the model reads other than as groups."""
    groups = {c for t in facts.spec.random for c in t.grouping.columns}
    yield from (c for c in facts.spec.columns() if c not in groups)


def _is_sample(facts: DesignFacts, unit: tuple[str, ...]) -> bool:
    return any(names_units_of_a_sample(facts.table[c]) for c in unit)


def _crossed(facts: DesignFacts, name: str, unit: tuple[str, ...]) -> bool:
    if any(facts.same_partition((name,), t.grouping.columns) for t in facts.spec.random):
        return False
    try:
        found = relation_of(facts.table, (name,), unit)
    except DataError:
        return False
    meets = min(found.cells / found.levels_a, found.cells / found.levels_b)
    return found.kind in _CROSSED and not found.may_be_nested and meets >= THRESHOLDS.crossed_meetings


def one_row_per_combination(facts: DesignFacts) -> Iterator[Finding]:
    """N4: the combinations of two columns as groups, with one row each (Bolker; lme4 ``checkNlevels``).

    What G2 says of a column; here what to do about it is to take more rows of a combination, or to leave the
    term out, whose variance is then part of the residual's.
    """
    for index, term in enumerate(facts.spec.random):
        columns = term.grouping.columns
        rows = facts.rows.count
        if len(columns) < 2 or not facts.groups(columns).count >= rows > 1:
            continue
        named = f"{', '.join(columns[:-1])} and {columns[-1]}"
        yield Finding(
            "N4",
            Severity.ERROR,
            f"There is one row for each combination of {named}, so {print_random(term)} cannot be told apart "
            "from the residuals; that takes more than one row per combination.",
            (term.grouping.label,),
            (*_slopes(facts, index), remedies.removed(facts.spec, index)),
            (index,),
        )


def _slopes(facts: DesignFacts, index: int) -> Iterator[Fix]:
    """For (1 | Days:Subject), which G9 would speak of: what was meant may be (Days | Subject)."""
    columns = facts.spec.random[index].grouping.columns
    for number in columns:
        onto = tuple(c for c in columns if c != number)
        if onto and is_quantity(facts, number, onto) and facts.groups(onto).count > 1:
            yield remedies.moved_left(facts.spec, index, number, onto)


RULES: dict[str, Rule] = {"N3": missing_crossed, "N4": one_row_per_combination}
