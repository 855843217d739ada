"""Where the pictures of the matrices stand: as the product that makes V, as the sum, or one alone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import Axis
from mmgui.plots.matrix_names import Level, Names
from mmgui.plots.matrix_windows import MatrixWindows

LOW = 330
"""Height, at scale 1, below which Λ and the transposed ZΛ are left out of the product."""
TRANSPOSED = "ZΛ′"
SUM, RESIDUAL = "sum", "residual"

AXES = {
    Matrix.X: (Axis.ROWS, Axis.FIXED),
    Matrix.Z: (Axis.ROWS, Axis.EFFECTS),
    Matrix.LAMBDA: (Axis.EFFECTS, Axis.EFFECTS),
    Matrix.ZLAMBDA: (Axis.ROWS, Axis.EFFECTS),
    Matrix.V: (Axis.ROWS, Axis.ACROSS),
    TRANSPOSED: (Axis.EFFECTS, Axis.ACROSS),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture.

    Attributes
    ----------
    key
        The sign of a matrix, ``part 0``, ``part 1``, … for the parts of V, ``residual``, ``sum``.
    down, across
        What its rows and columns are.
    rect
        Where its entries stand.
    sign
        What stands before it: ``+``, ``=`` or nothing.
    beside
        Pixels for the names on its left, 0 for none.
    above
        Pixels for the names above it, 0 for none.
    lines
        Lines of text under it.
    """

    key: str
    down: Axis
    across: Axis
    rect: QRectF
    sign: str = ""
    beside: float = 0.0
    above: float = 0.0
    lines: int = 0

    def entry(self, at: QPointF, windows: MatrixWindows) -> tuple[float, float]:
        """(row, column) of a point, with fractions."""
        top, bottom = windows[self.down]
        left, right = windows[self.across]
        return (
            top + (at.y() - self.rect.top()) / max(self.rect.height(), 1e-9) * (bottom - top),
            left + (at.x() - self.rect.left()) / max(self.rect.width(), 1e-9) * (right - left),
        )

    def entry_at(self, at: QPointF, windows: MatrixWindows) -> tuple[int, int] | None:
        """(row, column) of a point, -1 for the row on a column's name, for the column on that of a row."""
        if not self.rect.adjusted(-self.beside, -self.above, 0, 0).contains(at):
            return None
        row, column = self.entry(at, windows)
        i = int(min(max(row, 0), windows.size(self.down) - 1)) if at.y() >= self.rect.top() else -1
        j = int(min(max(column, 0), windows.size(self.across) - 1)) if at.x() >= self.rect.left() else -1
        return None if i < 0 and j < 0 else (i, j)

    def zoom(self, at: QPointF, factor: float, windows: MatrixWindows) -> None:
        """Go in or out around a point."""
        row, column = self.entry(at, windows)
        windows.zoom(self.down, row, factor)
        if self.across is not self.down:
            windows.zoom(self.across, column, factor)

    def pan(self, by: QPointF, windows: MatrixWindows) -> None:
        """Move what is in sight by pixels."""
        down, across = windows.span(self.down), windows.span(self.across)
        windows.pan(self.down, -by.y() / self.rect.height() * down)
        if self.across is not self.down:
            windows.pan(self.across, -by.x() / self.rect.width() * across)

    def place(
        self, rows: tuple[float, float], columns: tuple[float, float], windows: MatrixWindows
    ) -> QRectF:
        """Where entries stand, clipped to what is in sight; empty where they are not."""
        y = _along(rows, windows[self.down], self.rect.top(), self.rect.height())
        x = _along(columns, windows[self.across], self.rect.left(), self.rect.width())
        return QRectF(QPointF(x[0], y[0]), QPointF(x[1], y[1])).intersected(self.rect)


def _along(
    entries: tuple[float, float], window: tuple[float, float], start: float, length: float
) -> tuple[float, float]:
    scale = length / max(window[1] - window[0], 1e-9)
    return start + (entries[0] - window[0]) * scale, start + (entries[1] - window[0]) * scale


@dataclass(frozen=True, slots=True)
class Measures:
    """What a layout goes by."""

    theme: Theme
    metrics: QFontMetricsF
    names: Names
    windows: MatrixWindows

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return self.metrics.height()

    @property
    def head(self) -> float:
        """Height of a title."""
        return self.line * 1.5

    def beside(self, axis: Axis, height: float, most: float) -> float:
        """Room on the left for the names of an axis ``height`` pixels long."""
        return min(sum(w for _, w in self.columns(axis, height)), most)

    def columns(self, axis: Axis, height: float) -> list[tuple[Level, float]]:
        """The levels that can be read on the left, each with the width it would like."""
        levels = self.names[axis]
        out = []
        for k, level in enumerate(levels):
            each = height / max(self.windows.span(axis), 1e-9) * _typical(level)
            if each >= self.line * 0.92 or (k == 0 and len(levels) > 1):
                out.append((level, self._widest(level) + self.theme.px(9)))
        return out

    def lines(self, axis: Axis, width: float, most: float) -> list[tuple[Level, float, bool]]:
        """The levels that can be read above, each with its height and whether it stands upright."""
        out: list[tuple[Level, float, bool]] = []
        left = most
        for k, level in enumerate(self.names[axis]):
            if not level:
                # Z of a model without random effects has no columns.
                continue
            each = width / max(self.windows.span(axis), 1e-9) * _typical(level)
            widest = self._widest(level) + self.theme.px(6)
            level_fits = each >= min(widest, self.theme.px(90)) or (k == 0 and level[0].term is not None)
            height = self.line * 1.15 if level_fits else min(widest, self.theme.px(96))
            if (level_fits or each >= self.line * 0.92) and height <= left:
                out.append((level, height, not level_fits))
                left -= height
        return out

    def above(self, axis: Axis, width: float, most: float) -> float:
        """Room above for the names of an axis ``width`` pixels long."""
        return sum(h for _, h, _ in self.lines(axis, width, most))

    def _widest(self, level: Level) -> float:
        return max((self.metrics.horizontalAdvance(s.text) for s in level[:60]), default=0.0)


def _typical(level: Level) -> float:
    return sum(s.stop - s.start for s in level) / max(len(level), 1)


def product(figure: MatricesFigure, room: QRectF, at: Measures) -> tuple[Panel, ...]:
    """X and Z below, Λ above what it makes of Z, and V where ZΛ meets itself transposed."""
    theme = at.theme
    gap = theme.px(18)
    falk = room.height() >= theme.px(LOW) and bool(figure.rows.terms)
    above = at.head + (theme.px(64) if falk else at.line * 1.2)
    inner = room.height() - above - (at.head if falk else 0.0)
    high = inner * 0.35 if falk else 0.0
    low = inner - high - (theme.px(6) if falk else 0.0)
    beside = at.beside(Axis.ROWS, low, room.width() * 0.16)
    fixed = len(figure.rows.fixed)
    keys = [k for k in (Matrix.X, Matrix.Z, Matrix.ZLAMBDA, Matrix.V) if _has(figure, k)]
    width = room.width() - beside - gap * (len(keys) - 1)
    widths = {Matrix.X: min(width * 0.16, fixed * theme.px(30))} if Matrix.X in keys else {}
    widths[Matrix.V] = min(low * 1.15, (width - sum(widths.values())) * 0.42)
    each = (width - sum(widths.values())) / 2
    each = min(each, figure.rows.starts[-1] * theme.px(44))
    widths |= {k: each for k in keys if k in (Matrix.Z, Matrix.ZLAMBDA)}
    left = room.left() + beside + max((width - sum(widths.values())) / 2, 0.0)
    top = room.top() + above
    bottom = room.top() + above + (high + theme.px(6) + at.head if falk else 0.0)
    panels: list[Panel] = []
    for key in keys:
        rect = QRectF(left, bottom, widths[key], low)
        # X and Z have the free corner above them for their names.
        roomy = bottom - room.top() - at.head if key in (Matrix.X, Matrix.Z) else at.line * 1.2
        named = at.above(AXES[key][1], rect.width(), roomy) if not falk or key in (Matrix.X, Matrix.Z) else 0
        if falk and key in (Matrix.ZLAMBDA, Matrix.V):
            over = QRectF(left, top, widths[key], high)
            upper = Matrix.LAMBDA if key is Matrix.ZLAMBDA else TRANSPOSED
            names = at.above(AXES[upper][1], rect.width(), above - at.head)
            panels.append(Panel(upper, *AXES[upper], over, "", 0.0, names))
        panels.append(Panel(key, *AXES[key], rect, "", beside if not panels else 0.0, named))
        left += widths[key] + gap
    return tuple(panels)


def _has(figure: MatricesFigure, key: Matrix) -> bool:
    if key is Matrix.X:
        return bool(figure.rows.fixed)
    return key is Matrix.V or bool(figure.rows.terms)


def alone(key: Matrix, room: QRectF, at: Measures) -> tuple[Panel, ...]:
    """One matrix as large as there is room; a square one square."""
    theme = at.theme
    down, across = AXES[key]
    most = room.height() * 0.34
    height = room.height() - at.head - at.line * 2
    beside = at.beside(down, height, room.width() * 0.28)
    width = room.width() - beside - theme.px(4)
    above = at.above(across, width, most)
    height = room.height() - at.head - above - theme.px(4)
    columns, rows = at.windows.size(across), at.windows.size(down)
    if key in (Matrix.V, Matrix.LAMBDA):
        width = height = min(width, height, theme.px(90) * max(columns, 1))
        above = at.above(across, width, most)
    else:
        width = min(width, theme.px(110) * max(columns, 1))
        height = min(height, theme.px(40) * max(rows, 1))
        above = at.above(across, width, most)
    # Names that stand upright over the narrower picture are higher than they were.
    height = min(height, room.height() - at.head - above - theme.px(4))
    width = height if key in (Matrix.V, Matrix.LAMBDA) else width
    left = room.left() + beside + max((room.width() - beside - width) / 2, 0.0)
    rect = QRectF(left, room.top() + at.head + above, width, height)
    return (Panel(key, down, across, rect, "", beside, above),)
