"""Where V and the parts that it is the sum of stand: side by side, or V large beside its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from mmgui.figures.matrix_links import Axis
from mmgui.plots.matrix_layout import SUM, Measures, Panel

SMALL = 110
"""Side of a square, at scale 1, below which the words under it are cut."""
GAIN, LOSS = 1.4, 0.72
"""V is drawn large where all take that many times the area then, and its parts keep that share of their side.
"""


@dataclass(frozen=True, slots=True)
class _Spaces:
    """Pixels between squares and around them, each of which has its words below."""

    gap: float
    between: float
    caption: float
    beside: float


def addition(parts: Sequence[str], room: QRectF, at: Measures) -> tuple[Panel, ...]:
    """The parts of V, squares with what stands under each; V last.

    All have one size, unless the room is so high that V can be much larger beside its parts. Where parts
    take several lines, each line but the first starts with its sign.
    """
    theme, count = at.theme, len(parts)
    room = room.adjusted(theme.px(4), theme.px(6), -theme.px(14), 0)
    beside = at.beside(Axis.ROWS, room.height() * 0.6, room.width() * 0.14)
    for texts in (3, 2, 1):
        spaces = _Spaces(theme.px(32), theme.px(12), at.line * (texts + 0.6), beside)
        across, side = _squares(room, count, spaces)
        # Rather fewer words than pictures too small to be read.
        if side >= theme.px(SMALL):
            break
    columns, small, large = _beside_large(room, count - 1, spaces)
    if small >= LOSS * side and (count - 1) * small**2 + large**2 >= GAIN * count * side**2:
        return _large(parts, room, spaces, (columns, small, large), texts)
    return _alike(parts, room, spaces, (across, side), texts)


def _alike(
    parts: Sequence[str], room: QRectF, spaces: _Spaces, sizes: tuple[int, float], texts: int
) -> tuple[Panel, ...]:
    """Squares of one size, ``across`` to a line."""
    across, side = sizes
    gap, lines = spaces.gap, math.ceil(len(parts) / across)
    margin = spaces.beside + (gap if lines > 1 else 0)
    left = room.left() + margin
    left += max((room.width() - margin - across * side - gap * (across - 1)) / 2, 0.0)
    high = lines * (side + spaces.caption + spaces.between) - spaces.between
    top = room.top() + max((room.height() - high) / 2, 0.0)
    return _grid(parts, (left, top), spaces, (across, side), texts)


def _large(
    parts: Sequence[str], room: QRectF, spaces: _Spaces, sizes: tuple[int, float, float], texts: int
) -> tuple[Panel, ...]:
    """The parts in a grid at the left, and V, as high as the grid, at the right."""
    across, small, large = sizes
    wide = _margins(spaces, across) + across * small + large
    left = room.left() + spaces.gap + spaces.beside + max((room.width() - wide) / 2, 0.0)
    top = room.top() + max((room.height() - large - spaces.caption) / 2, 0.0)
    grid = _grid(parts[:-1], (left, top), spaces, (across, small), texts)
    start = left + across * (small + spaces.gap) + spaces.beside
    rect = QRectF(start, top, large, large)
    return (*grid, Panel(SUM, Axis.ROWS, Axis.ACROSS, rect, "=", spaces.beside, 0.0, texts))


def _grid(
    parts: Sequence[str],
    corner: tuple[float, float],
    spaces: _Spaces,
    sizes: tuple[int, float],
    texts: int,
) -> tuple[Panel, ...]:
    (left, top), (across, side) = corner, sizes
    down = side + spaces.caption + spaces.between
    panels: list[Panel] = []
    for k, key in enumerate(parts):
        rect = QRectF(left + (k % across) * (side + spaces.gap), top + (k // across) * down, side, side)
        sign = "" if not k else "=" if key == SUM else "+"
        names = 0.0 if k % across else spaces.beside
        panels.append(Panel(key, Axis.ROWS, Axis.ACROSS, rect, sign, names, 0.0, texts))
    return tuple(panels)


def _squares(room: QRectF, count: int, spaces: _Spaces) -> tuple[int, float]:
    """How many squares stand side by side, and how large they can be."""
    across, side = 1, 8.0
    for columns in range(1, count + 1):
        lines = math.ceil(count / columns)
        wide = (room.width() - spaces.beside - spaces.gap * (columns - (lines == 1))) / columns
        high = (room.height() + spaces.between) / lines - spaces.between - spaces.caption
        if min(wide, high) > side * 1.02:
            across, side = columns, min(wide, high)
    return across, side


def _margins(spaces: _Spaces, columns: int) -> float:
    """What a grid of so many columns and V beside it take of the width, but for the squares."""
    return 2 * spaces.beside + spaces.gap * (columns + 1)


def _beside_large(room: QRectF, count: int, spaces: _Spaces) -> tuple[int, float, float]:
    """How many columns the parts stand in, how large they can be, and V, as high as their lines together."""
    best = (1, 0.0, 0.0)
    for columns in range(1, count + 1):
        lines = math.ceil(count / columns)
        if lines == 1:
            break
        # V spans its lines and what is between them.
        more = (lines - 1) * (spaces.caption + spaces.between)
        wide = (room.width() - _margins(spaces, columns) - more) / (columns + lines)
        high = (room.height() - spaces.caption - more) / lines
        side = min(wide, high)
        if side > best[1] * 1.02:
            best = (columns, side, lines * side + more)
    return best
