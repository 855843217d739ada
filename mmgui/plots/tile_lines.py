"""One line of each group in its own panel, all of them in one go: with every move they are painted anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from mmgui.figures.groups import GroupsFigure
from mmgui.plots.tiles import Tiles

FloatArray = NDArray[np.float64]
Rows = NDArray[np.intp]
MARKED = 24
"""Up to how many levels of a factor each has its mark on a line."""


@dataclass(frozen=True, eq=False, slots=True)
class TileLines:
    """Where lines stand across; how high they are comes with the values.

    Attributes
    ----------
    rows, x
        (m, 2) rows of the figure that a piece joins, and their pixels across.
    marks, marks_x
        (q,) rows at which there is a mark, and their pixels across.
    place, marks_place
        (m,) and (q,) which of the panels shown.
    foot
        (t,) pixels down of y = 0 in each panel.
    unit
        Pixels up of one unit.
    """

    rows: Rows
    x: FloatArray
    marks: Rows
    marks_x: FloatArray
    place: Rows
    marks_place: Rows
    foot: FloatArray
    unit: float

    def pieces(self, values: FloatArray) -> FloatArray:
        """(m, 4) pieces x₁ y₁ x₂ y₂ in pixels."""
        y = self.foot[self.place, None] - self.unit * values[self.rows]
        return np.stack([self.x[:, 0], y[:, 0], self.x[:, 1], y[:, 1]], axis=1)

    def marked(self, values: FloatArray) -> FloatArray:
        """(q, 2) pixels of the marks."""
        return np.column_stack([self.marks_x, self.foot[self.marks_place] - self.unit * values[self.marks]])


def tile_lines(
    figure: GroupsFigure, tiles: Tiles, shown: Sequence[tuple[QRectF, int]], dash: float
) -> TileLines:
    """The lines of the groups shown, in their panels.

    A line joins a group's values of x, only the ends where it is straight; one value of x gives no line, but
    a dash that reaches so many pixels to both sides, on a strip nearly as far as the panel does.
    """
    rows: list[Rows] = []
    across: list[FloatArray] = []
    marks: list[tuple[Rows, FloatArray]] = []
    for tile, group in shown:
        at = figure.rows_of(group)
        kept = _kept(figure, at)
        x = tiles.across(tile, figure.x[kept])
        if len(kept) == 1 or x[0] == x[-1]:
            reach = 0.42 * tile.width() if figure.kind == "strip" else dash
            rows.append(np.repeat(kept[:1], 2)[None, :])
            across.append(np.array([[x[0] - reach, x[0] + reach]]))
            marks.append((kept[:0], x[:0]))
            continue
        rows.append(np.column_stack([kept[:-1], kept[1:]]))
        across.append(np.column_stack([x[:-1], x[1:]]))
        few = figure.kind == "factor" and len(kept) <= MARKED
        marks.append((kept, x) if few else (kept[:0], x[:0]))
    heights = [tiles.down(tile, np.array([0.0, 1.0])) for tile, _ in shown]
    return TileLines(
        np.vstack(rows),
        np.vstack(across),
        np.concatenate([r for r, _ in marks]),
        np.concatenate([x for _, x in marks]),
        np.repeat(np.arange(len(rows)), [len(r) for r in rows]),
        np.repeat(np.arange(len(marks)), [len(r) for r, _ in marks]),
        np.array([h[0] for h in heights]),
        float(heights[0][0] - heights[0][1]),
    )


def _kept(figure: GroupsFigure, at: slice) -> Rows:
    """Rows of a group that its line goes through: the first of each value of x, or the two ends."""
    if at.stop - at.start > 2 and figure.straight:
        return np.array([at.start, at.stop - 1], dtype=np.intp)
    return np.asarray(at.start + np.flatnonzero(np.append(True, np.diff(figure.x[at]) > 0.0)), dtype=np.intp)
