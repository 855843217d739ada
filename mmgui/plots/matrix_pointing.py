"""What the pointer is on in the pictures of the matrices: what lights up, what is said, what is picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmgui.app.emphasis import NOTHING, Emphasis
from mmgui.figures.marginal_words import Words, column_words, entry_words, factor_words, part_words
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import Lit, lit_by_column, lit_by_entry
from mmgui.plots.matrix_layout import RESIDUAL, TRANSPOSED, Panel
from mmgui.plots.matrix_windows import MatrixWindows

COLUMNS = (Matrix.Z, Matrix.ZLAMBDA)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of a panel; ``row`` is -1 on the name of a column, ``column`` -1 on that of a row."""

    key: str
    row: int
    column: int


def part_of(key: str) -> int | None:
    """Which of the terms drawn a panel has the part of; None for other panels."""
    return int(key.split()[1]) if key.startswith("part ") else None


def words_at(figure: MatricesFigure, place: Place) -> Words:
    """What is said of an entry."""
    key, i, j = place.key, place.row, place.column
    if key == Matrix.X and j >= 0:
        return column_words(figure, Matrix.X, j, i if i >= 0 else None)
    if key in COLUMNS and j >= 0:
        return column_words(figure, Matrix(key), j, i if i >= 0 else None)
    if key == TRANSPOSED and i >= 0:
        return column_words(figure, Matrix.ZLAMBDA, i, j if j >= 0 else None)
    if key == Matrix.LAMBDA:
        return factor_words(figure, max(i, 0) if j < 0 else (i if i >= 0 else j), j if j >= 0 else i)
    row = i if i >= 0 else j
    other = j if j >= 0 and key not in (Matrix.X, *COLUMNS, TRANSPOSED) else row
    part = part_of(key)
    if part is not None or key == RESIDUAL:
        return part_words(figure, part, row, other)
    return entry_words(figure, row, other)


def lit_at(figure: MatricesFigure, place: Place) -> Lit:
    """What lights up with an entry."""
    key, i, j = place.key, place.row, place.column
    if key == Matrix.X:
        return Lit(rows=_one(i), fixed=_one(j))
    if key in COLUMNS:
        return lit_by_column(figure, j, i if i >= 0 else None) if j >= 0 else Lit(rows=_one(i))
    if key == TRANSPOSED:
        if i < 0:
            return Lit(across=_one(j))
        lit = lit_by_column(figure, i)
        return Lit(across=_one(j), effects=lit.effects, blocks=lit.blocks, terms=lit.terms)
    if key == Matrix.LAMBDA:
        both = [lit_by_column(figure, at) for at in {i, j} if at >= 0]
        effects = frozenset[int]().union(*(lit.effects for lit in both))
        blocks = frozenset[tuple[int, int]]().union(*(lit.blocks for lit in both))
        return Lit(effects=effects, blocks=blocks, terms=frozenset[int]().union(*(x.terms for x in both)))
    if i < 0 or j < 0:
        return Lit(rows=_one(i), across=_one(j))
    if key == RESIDUAL:
        return Lit(rows=frozenset((i, j)), across=_one(j))
    return lit_by_entry(figure, i, j)


def emphasis_at(figure: MatricesFigure, place: Place) -> Emphasis:
    """Which pieces of the model an entry belongs to."""
    key, rows = place.key, figure.rows
    if key == Matrix.X and place.column >= 0:
        return Emphasis(fixed=frozenset({rows.fixed[place.column].label}))
    columns: tuple[int, ...] = ()
    if key in COLUMNS:
        columns = (place.column,)
    elif key == TRANSPOSED:
        columns = (place.row,)
    elif key == Matrix.LAMBDA:
        columns = (place.row, place.column)
    effects = [rows.effects[c] for c in columns if c >= 0]
    if effects:
        return Emphasis(effects=frozenset((e.term, e.label) for e in effects))
    part = part_of(key)
    if part is not None:
        return Emphasis(random=frozenset({rows.terms[part].term}))
    return NOTHING


def group_at(figure: MatricesFigure, place: Place) -> tuple[str, str] | None:
    """The group that a click on an entry picks."""
    key, rows = place.key, figure.rows
    column = place.row if key in (TRANSPOSED, Matrix.LAMBDA) else place.column if key in COLUMNS else -1
    if column >= 0:
        return rows.effects[column].grouping, rows.effects[column].level
    row = place.column if key == TRANSPOSED or place.row < 0 else place.row
    part = part_of(key)
    if row < 0 or (key in (Matrix.X, Matrix.LAMBDA, *COLUMNS) and place.row < 0):
        return None
    if part is not None:
        term = rows.terms[part]
        return term.grouping, term.levels[int(term.codes[row])]
    return rows.group_of(row)


def _one(at: int) -> frozenset[int]:
    return frozenset((at,)) if at >= 0 else frozenset()


def stepped(
    place: Place | None, step: tuple[int, int], panels: Sequence[Panel], windows: MatrixWindows
) -> Place:
    """The neighbouring entry; the first of the last picture where none is pointed at."""
    panel = next((p for p in panels if place is not None and p.key == place.key), None)
    if place is None or panel is None:
        return Place(panels[-1].key, 0, 0)
    row = min(max(place.row + step[0], 0), windows.size(panel.down) - 1)
    column = min(max(place.column + step[1], 0), windows.size(panel.across) - 1)
    return Place(place.key, row, column)
