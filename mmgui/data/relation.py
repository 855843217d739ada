"""How two grouping factors lie to each other: nested, crossed, or nested behind labels that recur."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mmgui.data.combinations import median_of
from mmgui.data.grouping import Factor, IntArray, Joint, columns_of_factor, groups_of, joint, renumbered
from mmgui.data.kinds import words_of
from mmgui.data.table import Kind, Table

# Names that say the labels start anew in each larger unit.
_START_ANEW = frozenset({"replicate", "replicates", "rep", "reps", "repl"})


class RelationKind(StrEnum):
    """How two grouping factors lie to each other."""

    NESTED = "nested"
    """Each group of the inner factor lies in one group of the outer."""

    CROSSED = "crossed"
    """Every group of one meets every group of the other."""

    PARTIALLY_CROSSED = "partially crossed"
    """Groups of each meet several, but not all, groups of the other."""

    IDENTICAL = "identical"
    """The two make the same groups."""

    IMPLICITLY_NESTED = "implicitly nested"
    """Inner labels recur in groups of the outer, and something says they name different units."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How grouping factors a and b lie to each other, with the counts behind the verdict.

    Attributes
    ----------
    a, b
        Labels of the two factors.
    kind
        The verdict.
    inner, outer
        For (implicitly) nested factors and where ``may_be_nested``, which would lie in which; else empty.
    may_be_nested
        Whether the table leaves open if recurring labels mean the same unit, so that it is worth asking;
        True also for *implicitly nested*.
    evidence
        For *implicitly nested*, a sentence that says what speaks for it.
    example
        For the question: a recurring label of ``inner`` and two groups of ``outer`` that hold it.
    levels_a, levels_b, cells, rows
        Groups of each, combinations that occur, rows that have both.
    recurring
        How many groups of ``inner`` (of b, if there is none) occur in more than one group of the other.
    cell_minimum, cell_median, cell_maximum
        Rows per combination that occurs.
    """

    a: str
    b: str
    kind: RelationKind
    inner: str
    outer: str
    may_be_nested: bool
    evidence: str
    example: tuple[str, str, str] | None
    levels_a: int
    levels_b: int
    cells: int
    rows: int
    recurring: int
    cell_minimum: int
    cell_median: float
    cell_maximum: int

    @property
    def filled(self) -> float:
        """Share of all possible combinations that occur."""
        return self.cells / (self.levels_a * self.levels_b)

    @property
    def empty(self) -> int:
        """Combinations of a group of one and a group of the other without a row."""
        return self.levels_a * self.levels_b - self.cells

    @property
    def balanced(self) -> bool:
        """Whether the combinations that occur have equally many rows."""
        return self.cell_minimum == self.cell_maximum

    @property
    def unreplicated(self) -> bool:
        """Whether no combination has more than one row."""
        return self.cell_maximum == 1


@dataclass(frozen=True, eq=False)
class _Incidence:
    """The combinations of two factors that occur: their groups of a and of b, and the rows of each."""

    table: Table
    both: Joint
    cell_a: IntArray
    cell_b: IntArray
    sizes: IntArray
    levels_a: int
    levels_b: int


def relation(table: Table, a: Factor, b: Factor) -> Relation:
    """How two grouping factors lie to each other.

    Parameters
    ----------
    table
        The table; rows where a column of either factor is missing do not count.
    a, b
        Each a column, several columns, or a model's grouping factor.

    Returns
    -------
    Relation
        *Identical* where each group of one meets one group of the other; *nested* where that holds in one
        direction; else *crossed* where every combination occurs, *partially crossed* where not. Where
        labels recur, *implicitly nested* if there are several rows a combination and one of these holds:
        another id column gives each combination a label of its own; each larger unit numbers its smaller
        ones from the start, but not equally many; the smaller one is called a replicate.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where no row has both.
    """
    incidence = _incidence(table, a, b)
    verdict = _verdict(incidence, a, b)
    inner, outer = ("", "")
    if verdict.b_inside is not None:
        inner, outer = _labels(incidence, b_inside=verdict.b_inside)
    others = np.bincount(incidence.cell_a if verdict.b_inside is False else incidence.cell_b)
    asked = verdict.may_be_nested and verdict.b_inside is not None
    return Relation(
        a=incidence.both.first.label,
        b=incidence.both.second.label,
        kind=verdict.kind,
        inner=inner,
        outer=outer,
        may_be_nested=verdict.may_be_nested,
        evidence=verdict.evidence,
        example=_example(incidence, a, b, bool(verdict.b_inside)) if asked else None,
        levels_a=incidence.levels_a,
        levels_b=incidence.levels_b,
        cells=incidence.sizes.size,
        rows=int(incidence.sizes.sum()),
        recurring=int(np.count_nonzero(others > 1)),
        cell_minimum=int(incidence.sizes.min()),
        cell_median=median_of(incidence.sizes),
        cell_maximum=int(incidence.sizes.max()),
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    """How the factors lie; ``b_inside`` tells which is the inner one, None where neither is."""

    kind: RelationKind
    b_inside: bool | None = None
    may_be_nested: bool = False
    evidence: str = ""


def _verdict(incidence: _Incidence, a: Factor, b: Factor) -> _Verdict:
    one_a_each = int(np.bincount(incidence.cell_b).max()) == 1
    one_b_each = int(np.bincount(incidence.cell_a).max()) == 1
    if one_a_each and one_b_each:
        return _Verdict(RelationKind.IDENTICAL)
    if one_a_each or one_b_each:
        return _Verdict(RelationKind.NESTED, b_inside=one_a_each)
    may_be_nested, b_inside, evidence = _hidden_nesting(incidence, a, b)
    if evidence:
        return _Verdict(RelationKind.IMPLICITLY_NESTED, b_inside, True, evidence)
    full = incidence.sizes.size == incidence.levels_a * incidence.levels_b
    kind = RelationKind.CROSSED if full else RelationKind.PARTIALLY_CROSSED
    return _Verdict(kind, b_inside if may_be_nested else None, may_be_nested)


def _incidence(table: Table, a: Factor, b: Factor) -> _Incidence:
    both = joint(table, a, b, finite=False)
    # Renumbered, since a group may have no row in which the other factor is present.
    cell_a = renumbered(both.cells.left, both.first.count)
    cell_b = renumbered(both.cells.right, both.second.count)
    levels_a, levels_b = int(cell_a.max()) + 1, int(cell_b.max()) + 1
    return _Incidence(table, both, cell_a, cell_b, both.cells.sizes, levels_a, levels_b)


def _labels(incidence: _Incidence, *, b_inside: bool) -> tuple[str, str]:
    """Labels of the inner and the outer factor."""
    a, b = incidence.both.first.label, incidence.both.second.label
    return (b, a) if b_inside else (a, b)


def _hidden_nesting(incidence: _Incidence, a: Factor, b: Factor) -> tuple[bool, bool, str]:
    """Whether labels that recur may name different units, whether b is then the inner factor, and why."""
    if int(incidence.sizes.max()) == 1:
        # With one row a combination, a unit a combination could not be told from the rows.
        return False, True, ""
    b_inside = _changes_faster(incidence)
    columns_a, columns_b = columns_of_factor(a), columns_of_factor(b)
    for inside, columns in ((True, columns_b), (False, columns_a)):
        if _START_ANEW & set(words_of(columns[-1])):
            return (
                True,
                inside,
                f"Replicates are usually numbered anew in each {_labels(incidence, b_inside=inside)[1]}.",
            )
    identifier = _identifying_column(incidence, {*columns_a, *columns_b})
    if identifier:
        inner, outer = _labels(incidence, b_inside=b_inside)
        return (
            True,
            b_inside,
            f"“{identifier}” has a label of its own for each combination of {outer} and {inner}.",
        )
    possible = [
        inside
        for inside, columns in ((b_inside, columns_b if b_inside else columns_a),
                                (not b_inside, columns_a if b_inside else columns_b))
        if _labels_count_up(incidence, columns, b_inside=inside)
    ]  # fmt: skip
    for inside in possible:
        inner_per_outer = np.bincount(incidence.cell_a if inside else incidence.cell_b)
        if np.unique(inner_per_outer).size > 1:
            inner, outer = _labels(incidence, b_inside=inside)
            return True, inside, f"Each {outer} numbers its {inner} from the start, but not equally many."
    return bool(possible), possible[0] if possible else True, ""


def _changes_faster(incidence: _Incidence) -> bool:
    """Whether b changes more often than a down the rows, as smaller units do; in a tie, the fewer levels."""
    both = incidence.both
    if both.used is None:
        changes_a, changes_b = both.first.changes, both.second.changes
    else:
        changes_a, changes_b = (int(np.count_nonzero(c[1:] != c[:-1])) for c in (both.left, both.right))
    if changes_a == changes_b:
        return incidence.levels_b <= incidence.levels_a
    return changes_b > changes_a


def _identifying_column(incidence: _Incidence, taken: set[str]) -> str:
    """An id column that makes the same groups as the combinations of the two factors."""
    both, cells = incidence.both, incidence.sizes.size
    for column in incidence.table.columns:
        if column.kind is not Kind.ID or column.name in taken:
            continue
        groups = groups_of(incidence.table, column.name)
        if groups.count < cells:
            continue
        codes = both.take(groups.codes)
        if groups.has_gaps and codes.min() < 0:
            continue
        if both.used is not None or groups.count > cells:
            codes = renumbered(codes, groups.count)
            if int(codes.max()) + 1 != cells:
                continue
        if all(_decides(codes, cells, other) for other in (both.left, both.right)):
            return column.name
    return ""


def _decides(codes: IntArray, count: int, other: IntArray) -> bool:
    """Whether rows of one code have one code of the other."""
    partner = np.zeros(count, dtype=np.int64)
    partner[codes] = other
    return bool(np.array_equal(partner[codes], other))


def _labels_count_up(incidence: _Incidence, columns: tuple[str, ...], *, b_inside: bool) -> bool:
    """Whether in every outer group the inner labels are 1, 2, 3, … or a, b, c, … from the start."""
    column = incidence.table[columns[0]]
    if len(columns) > 1 or column.kind is Kind.NUMBER:
        return False
    if not _is_series(column.levels):
        return False
    inner = incidence.cell_b if b_inside else incidence.cell_a
    outer = incidence.cell_a if b_inside else incidence.cell_b
    highest = np.zeros(int(outer.max()) + 1, dtype=np.int64)
    np.maximum.at(highest, outer, inner)
    return bool(np.all(np.bincount(outer) == highest + 1))


def _is_series(levels: tuple[str, ...]) -> bool:
    """Whether the labels are 1, 2, 3, …, or a, b, c, …, or A, B, C, …."""
    count = len(levels)
    if levels[0] == "1" and levels == tuple(str(i) for i in range(1, count + 1)):
        return True
    return count <= 26 and any(levels == tuple(chr(ord(first) + i) for i in range(count)) for first in "aA")


def _example(incidence: _Incidence, a: Factor, b: Factor, b_is_inner: bool) -> tuple[str, str, str]:
    """A recurring label of the inner factor and two groups of the outer factor that hold it."""
    inner = incidence.cell_b if b_is_inner else incidence.cell_a
    recurring = int(np.flatnonzero(np.bincount(inner) > 1)[0])
    first, second = np.flatnonzero(inner == recurring)[:2]
    inner_factor, outer_factor = (b, a) if b_is_inner else (a, b)
    return (
        _cell_label(incidence, inner_factor, int(first)),
        _cell_label(incidence, outer_factor, int(first)),
        _cell_label(incidence, outer_factor, int(second)),
    )


def _cell_label(incidence: _Incidence, factor: Factor, cell: int) -> str:
    both, cells = incidence.both, incidence.both.cells
    here = (both.first.codes == cells.left[cell]) & (both.second.codes == cells.right[cell])
    row = int(np.argmax(here))
    columns = [incidence.table[name] for name in columns_of_factor(factor)]
    return ":".join(c.levels[c.codes[row]] for c in columns)
