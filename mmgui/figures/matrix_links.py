"""What lights up together in the pictures of the matrices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.matrices import MatricesFigure, MatrixRows

Effect = tuple[int, str]
Run = tuple[int, int]


class Axis(StrEnum):
    """What the rows or columns of a picture are."""

    ROWS = "rows"
    """Rows of the data, downwards."""
    ACROSS = "across"
    """The same rows as columns of V."""
    FIXED = "fixed"
    EFFECTS = "effects"
    """Columns of Z."""


@dataclass(frozen=True, slots=True)
class Lit:
    """Positions along each axis that are lit, and the groups whose blocks of V are.

    ``blocks`` are (position among the terms drawn, group) pairs; ``terms`` positions of terms in the model
    whose part of V is meant.
    """

    rows: frozenset[int] = frozenset()
    across: frozenset[int] = frozenset()
    fixed: frozenset[int] = frozenset()
    effects: frozenset[int] = frozenset()
    blocks: frozenset[tuple[int, int]] = frozenset()
    terms: frozenset[int] = frozenset()

    def along(self, axis: Axis) -> frozenset[int]:
        """What is lit along an axis."""
        return {
            Axis.ROWS: self.rows,
            Axis.ACROSS: self.across,
            Axis.FIXED: self.fixed,
            Axis.EFFECTS: self.effects,
        }[axis]


DARK = Lit()


def lit_by_entry(figure: MatricesFigure, i: int, j: int) -> Lit:
    """What makes the entry (i, j) of V: both rows, and the columns of Z in which they meet."""
    rows = figure.rows
    effects, terms = set(), set()
    for k, term in enumerate(rows.terms):
        if term.codes[i] != term.codes[j]:
            continue
        seen = np.flatnonzero((term.values[i] != 0) | (term.values[j] != 0)).tolist()
        effects |= {rows.column(k, i, e) for e in seen}
        terms |= {term.term} if seen else set()
    both = frozenset((i, j))
    return Lit(both, frozenset((j,)), frozenset(), frozenset(effects), frozenset(), frozenset(terms))


def lit_by_column(figure: MatricesFigure, column: int, row: int | None = None) -> Lit:
    """A column of Z: itself, and the block of V that it builds."""
    rows = figure.rows
    k = next(k for k in range(len(rows.terms)) if column < rows.starts[k + 1])
    group = (column - rows.starts[k]) // len(rows.terms[k].effects)
    own = frozenset() if row is None else frozenset((row,))
    term = rows.terms[k].term
    return Lit(
        rows=own, effects=frozenset((column,)), blocks=frozenset(((k, group),)), terms=frozenset((term,))
    )


def lit_by_model(
    figure: MatricesFigure, fixed: Collection[str], random: Collection[int], effects: Collection[Effect]
) -> Lit:
    """The columns of fixed effects, of whole terms and of single random effects, by their labels."""
    if not fixed and not random and not effects:
        return DARK
    rows = figure.rows
    columns = frozenset(j for j, c in enumerate(rows.fixed) if c.label in fixed)
    lit = frozenset(j for j, c in enumerate(rows.effects) if c.term in random or (c.term, c.label) in effects)
    terms = frozenset(random) | frozenset(k for k, _ in effects)
    return Lit(fixed=columns, effects=lit, terms=terms)


def group_runs(rows: MatrixRows, k: int, group: int) -> tuple[Run, ...]:
    """Where the rows of a group stand: runs from, to."""
    return runs(rows.terms[k].codes == group)


def runs(mask: NDArray[np.bool_]) -> tuple[Run, ...]:
    """Runs (from, to) of what is True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return tuple((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def picked_rows(
    rows: MatrixRows, groups: Collection[tuple[str, str]], places: Collection[int]
) -> NDArray[np.bool_]:
    """(m,) rows picked: those named, or where none is those of the groups."""
    if places:
        return np.isin(rows.places, np.fromiter(places, dtype=np.int64, count=len(places)))
    mask = np.zeros(len(rows.places), dtype=np.bool_)
    for term in rows.terms:
        wanted = [k for k, level in enumerate(term.levels) if (term.grouping, level) in groups]
        mask |= np.isin(term.codes, wanted)
    return mask


def picked_columns(rows: MatrixRows, groups: Collection[tuple[str, str]]) -> NDArray[np.bool_]:
    """(q,) columns of Z that belong to picked groups."""
    return np.array([(c.grouping, c.level) in groups for c in rows.effects], dtype=np.bool_)
