"""Which column is the unit: candidates in the order of their likelihood, each with its reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.advice.relations import relation_of
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.candidates import defines_groups
from mmgui.data.grouping import GroupSizes, group_sizes
from mmgui.data.kinds import names_persons, names_units, words_of
from mmgui.data.relation import Relation, RelationKind
from mmgui.data.table import Column, Kind, Table
from mmgui.errors import DataError

# Names of units that the import need not know: it never takes text for numbers.
_MORE_UNITS = frozenset(
    {"sample", "specimen", "preparation", "slide", "sensor", "device", "session", "scanner"}
)
_DEEPEST = 4

Columns = tuple[str, ...]

NONE: frozenset[Columns] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A column, or a combination of columns, that could be the unit.

    Attributes
    ----------
    columns
        The columns; several where labels of the last start anew within the others.
    sizes
        Its number of groups and their rows.
    plausible
        Whether name or labels speak for units rather than conditions.
    reason
        What speaks for it, as a sentence.
    """

    columns: Columns
    sizes: GroupSizes
    plausible: bool
    reason: str

    @property
    def label(self) -> str:
        """``"Subj"`` or ``"batch:cask"``."""
        return ":".join(self.columns)


def is_unit(column: Column) -> bool:
    """Whether a column names units by its kind or its name, rather than conditions.

    Two labels are no sample of units, and a group of a few labels is one of patients and controls.
    """
    if column.is_number or column.kind is Kind.ID:
        return column.kind is Kind.ID
    few = THRESHOLDS.condition_levels if words_of(column.name)[-1:] in (["group"], ["grp"]) else 2
    return _named(column.name) and len(column.levels) > few


def _named(name: str) -> bool:
    return names_units(name) or names_persons(name) or words_of(name)[-1:] in ([w] for w in _MORE_UNITS)


def unit_choices(
    table: Table, besides: Columns = (), same: frozenset[Columns] = NONE
) -> tuple[UnitChoice, ...]:
    """What could be the unit, the likeliest first.

    Parameters
    ----------
    table
        The table.
    besides
        Columns that are something else, such as the response.
    same
        Pairs of labels of grouping factors, in alphabetical order, of which the person said that labels of
        the one mean the same in every group of the other.

    Returns
    -------
    tuple of UnitChoice
        Columns of labels with several rows for some of them, but not a single label for all, and
        combinations of columns in which the labels of the last probably start anew. Persons come before
        other units, units before conditions; among equals that with more groups comes first.
    """
    singles = [c for c in table.columns if c.name not in besides and not c.is_number and defines_groups(c)]
    found: dict[Columns, tuple[float, UnitChoice]] = {(c.name,): _single(table, c) for c in singles}
    for columns, relation in _recycled(table, tuple(c.name for c in singles if is_unit(c)), singles):
        sizes = group_sizes(table, columns)
        if sizes.groups < sizes.rows and not _said_same(columns[:-1], columns[-1], same):
            found[columns] = _combined(table, columns, relation, sizes, found)
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], -pair[1].sizes.groups))
    return tuple(choice for _, choice in ranked)


def _single(table: Table, column: Column) -> tuple[float, UnitChoice]:
    sizes = group_sizes(table, column.name)
    many = sizes.groups > THRESHOLDS.condition_levels
    if names_persons(column.name) and sizes.groups > 2:
        score, why = 4.0, "its name says that it tells persons apart"
    elif is_unit(column):
        named = _named(column.name)
        score, why = 2.0, "its name is that of a unit" if named else "its labels name units, not conditions"
    elif many:
        score, why = 1.0, f"it has {sizes.groups:,} labels, more than conditions usually have"
    else:
        score, why = 0.0, f"with {sizes.groups} labels it may as well be a set of conditions"
    reason = f"{column.name} has {size_words(sizes)}; {why}."
    return score, UnitChoice((column.name,), sizes, score > 0, reason)


def _combined(
    table: Table,
    columns: Columns,
    relation: Relation,
    sizes: GroupSizes,
    found: dict[Columns, tuple[float, UnitChoice]],
) -> tuple[float, UnitChoice]:
    inner, outer = columns[-1], ":".join(columns[:-1])
    if relation.evidence:
        parts = [found[(name,)][0] for name in columns]
        twins = [found[c][0] for c in found if len(c) == 1 and _same(table, c, columns)]
        score = max([*parts, *twins, *(found[c][0] for c in (columns[:-1],) if c in found)]) + 1
        why = relation.evidence
    else:
        score = 0.5
        why = f"So it is where each {outer} has its own {inner} and only the labels recur."
    reason = f"{':'.join(columns)} makes {size_words(sizes)}. {why}"
    return score, UnitChoice(columns, sizes, bool(relation.evidence), reason)


def _same(table: Table, a: Columns, b: Columns) -> bool:
    try:
        return relation_of(table, a, b).kind is RelationKind.IDENTICAL
    except DataError:
        return False


def _recycled(table: Table, units: Columns, singles: list[Column]) -> Iterator[tuple[Columns, Relation]]:
    """Combinations in which the labels of the last column may start anew, deeper ones after their parts."""
    outer: list[Columns] = [(c.name,) for c in singles]
    seen: set[frozenset[str]] = set()
    while outer:
        deeper: list[Columns] = []
        for columns in outer:
            for inner in units:
                if inner in columns or frozenset((*columns, inner)) in seen:
                    continue
                relation = _may_be_inside(table, columns, inner)
                if relation is None or not (relation.evidence or all(is_unit(table[c]) for c in columns)):
                    continue
                seen.add(frozenset((*columns, inner)))
                yield (*columns, inner), relation
                if relation.evidence and len(columns) + 1 < _DEEPEST:
                    deeper.append((*columns, inner))
        outer = deeper


def _said_same(outer: Columns, inner: str, same: frozenset[Columns]) -> bool:
    """Whether the person said that the labels of ``inner`` do not start anew in these."""
    a, b = sorted((":".join(outer), inner))
    return (a, b) in same


def _may_be_inside(table: Table, outer: Columns, inner: str) -> Relation | None:
    try:
        relation = relation_of(table, outer, (inner,))
    except DataError:
        return None
    return relation if relation.may_be_nested and relation.inner == inner else None


def size_words(sizes: GroupSizes) -> str:
    """``18 groups of 10 rows``, ``160 groups of 14 to 67 rows``."""
    rows = f"{sizes.minimum:,}" if sizes.balanced else f"{sizes.minimum:,} to {sizes.maximum:,}"
    return f"{sizes.groups:,} groups of {rows} {'row' if rows == '1' else 'rows'}"


def other_units(
    table: Table, unit: Columns, besides: Columns = (), same: frozenset[Columns] = NONE
) -> Iterator[tuple[Columns, str, bool]]:
    """The other units of a table: their columns, a sentence on how they lie to the unit, whether likely.

    Larger units come outermost first, then units crossed with the unit or inside it.
    """
    larger = [(columns, f"Each {':'.join(unit)} lies in one {':'.join(columns)}.", True)
              for columns in _prefixes(table, unit)]  # fmt: skip
    beside: list[tuple[Columns, str, bool]] = []
    for column in table.columns:
        if column.name in (*unit, *besides) or column.is_number or not defines_groups(column):
            continue
        try:
            found = relation_of(table, unit, (column.name,))
        except DataError:
            continue
        likely = is_unit(column)
        if not likely and found.levels_b < THRESHOLDS.very_few_groups:
            continue
        if found.kind is RelationKind.IMPLICITLY_NESTED and _said_same(unit, column.name, same):
            words = f"Crossed with {':'.join(unit)}: its labels mean the same everywhere, as you said."
            beside.append(((column.name,), words, likely))
            continue
        lies = _lies(found, unit, column.name)
        if lies is None:
            continue
        if found.kind is RelationKind.NESTED and found.outer == column.name:
            few = found.levels_b < THRESHOLDS.very_few_groups
            words = f"{lies} Only {found.levels_b}: hardly enough to learn how they differ." if few else lies
            larger.append(((column.name,), words, likely and not few))
        elif found.kind is RelationKind.IMPLICITLY_NESTED and found.inner == column.name:
            beside.append(((*unit, column.name), lies, likely))
        else:
            hidden = found.kind is RelationKind.IMPLICITLY_NESTED
            beside.append(((column.name,), lies, likely and not hidden))
    yield from sorted(larger, key=lambda unit: group_sizes(table, unit[0]).groups)
    kept: list[Columns] = [columns for columns, _, _ in larger]
    for columns, words, likely in beside:
        sizes = group_sizes(table, columns)
        if sizes.groups == sizes.rows:
            continue
        twin = next((other for other in kept if _same(table, columns, other)), None)
        kept.append(columns)
        if twin is None:
            yield columns, words, likely
        else:
            yield columns, f"Makes the same groups as {':'.join(twin)}.", False


def _prefixes(table: Table, unit: Columns) -> Iterator[Columns]:
    """The larger units of a unit made of several columns: batch of batch:cask."""
    if len(unit) > 1 and all(is_unit(table[name]) for name in unit):
        yield from (unit[:k] for k in range(1, len(unit)))


def _lies(found: Relation, unit: Columns, other: str) -> str | None:
    label = ":".join(unit)
    match found.kind:
        case RelationKind.IDENTICAL:
            return None
        case RelationKind.NESTED if found.outer == other:
            return f"Each {label} lies in one {other}."
        case RelationKind.NESTED:
            return f"Each {other} lies in one {label}."
        case RelationKind.IMPLICITLY_NESTED if found.inner == other:
            return f"{found.evidence} So each {label} has its own {other}."
        case RelationKind.IMPLICITLY_NESTED:
            return f"{found.evidence} If so, the unit is {other}:{label}."
        case RelationKind.CROSSED:
            return f"Crossed with {label}: every {label} meets every {other}."
        case _:
            share = f"{100 * found.filled:.0f} %" if found.filled >= 0.01 else "under 1 %"
            return f"Crossed with {label} in part: {share} of all combinations occur."
