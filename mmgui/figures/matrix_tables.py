"""The numbers behind the pictures of the matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmgui.figures.tabular import FigureTable

if TYPE_CHECKING:
    from mmgui.figures.matrices import MatricesFigure, Matrix, MatrixRows

Cell = str | float | int | None


def matrix_table(figure: MatricesFigure, matrix: Matrix, *, correlation: bool = False) -> FigureTable:
    """A line for each row of a matrix; rows of data with their groups."""
    values, rows = figure.values(matrix, correlation=correlation), figure.rows
    if matrix == "Λ":
        titles = tuple(c.title for c in rows.effects)
        lines = [(title, *line.tolist()) for title, line in zip(titles, values, strict=True)]
        return FigureTable((str(matrix), *titles), tuple(lines))
    if matrix == "X":
        names = tuple(c.name for c in rows.fixed)
    elif matrix == "V":
        names = tuple(f"Row {n}" for n in rows.names)
    else:
        names = tuple(c.title for c in rows.effects)
    groups, head = _groups(rows)
    lines_of_data: list[tuple[Cell, ...]] = [
        (int(rows.places[i]) + 1, *groups[i], *values[i].tolist()) for i in range(len(rows.places))
    ]
    return FigureTable(("Row", *head, *names), tuple(lines_of_data))


def parts_table(figure: MatricesFigure, *, correlation: bool = False) -> FigureTable:
    """A line for each pair of rows that share a group, and each row with itself."""
    rows = figure.rows
    parts = figure.correlation_parts if correlation else figure.parts
    linked = np.eye(len(rows.places), dtype=np.bool_)
    for term in rows.terms:
        linked |= term.together
    lines: list[tuple[Cell, ...]] = []
    for i, j in zip(*np.nonzero(np.tril(linked)), strict=True):
        own = float(parts.residual[i]) if i == j else 0.0
        shares = [float(p[i, j]) for p in parts.terms]
        first, second = int(rows.places[j]) + 1, int(rows.places[i]) + 1
        lines.append((first, second, *shares, own, float(parts.total[i, j])))
    names = [t.name for t in rows.terms]
    return FigureTable(("Row", "Other row", *names, "Residual", "Sum"), tuple(lines))


def _groups(rows: MatrixRows) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    factors = rows.sorted_by
    cells = [tuple(t.levels[int(t.codes[i])] for t in factors if t.levels) for i in range(len(rows.places))]
    return cells, tuple(t.grouping for t in factors)
