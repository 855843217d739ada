"""What the drawings of a grouping structure share: marks, bins of neighbouring groups, colours, names."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from mmgui.app.theme import Theme
from mmgui.figures.grouping import FactorGroups, IntArray, Part, StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.numbers import count
from mmgui.plots.style import color, mix, pen, text_font

Parts = tuple[Part, ...]
FloatArray = NDArray[np.float64]

LEAST = 4.0
"""Pixels, at scale 1, below which a mark can no longer be told from its neighbours."""

FAINT = 0.28
"""How much is left of a mark while others are picked."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to point at: its place, what it stands for, and what the arrow keys reach it by."""

    rect: QRectF
    parts: Parts
    row: int
    column: int


class Scene(ABC):
    """One view laid out in a room; made anew for every size, look and selection."""

    def __init__(self, theme: Theme, room: QRectF, view: StructureView, picked: Mask | None) -> None:
        self.theme, self.room, self.view, self.picked = theme, room, view, picked
        self.large = room.width() >= theme.px(280) and room.height() >= theme.px(170)
        # In a large room there is time to read from afar.
        size = min(room.width() / 62, room.height() / 36, theme.px(15.5)) / theme.scale
        self.font = text_font(theme, max(size, 11.5) if self.large else 11.5)
        self.metrics = QFontMetricsF(self.font)

    # -- for subclasses

    @abstractmethod
    def paint(self, painter: QPainter) -> None:
        """Draw everything but the cursor."""

    @abstractmethod
    def mark_at(self, at: QPointF) -> Mark | None:
        """What lies under a pixel."""

    @abstractmethod
    def mark(self, row: int, column: int) -> Mark:
        """A mark by its place; places outside are brought back to the edge."""

    def step(self, mark: Mark, down: int, across: int) -> Mark:
        """The mark that an arrow key leads to."""
        return self.mark(mark.row + down, mark.column + across)

    # -- what is picked

    def share(self, factor: FactorGroups, starts: IntArray) -> FloatArray:
        """Share of the rows picked of each run of neighbouring groups; ones where nothing is picked."""
        if self.picked is None:
            return np.ones(len(starts))
        known = factor.codes >= 0
        here = np.bincount(factor.codes[known & self.picked], minlength=len(factor.levels))
        rows = np.add.reduceat(factor.sizes, starts)
        return np.add.reduceat(here, starts) / np.maximum(rows, 1)

    def hue(self, term: int, share: float) -> QColor:
        return mix(self.theme.surface, self.theme.term_color(term), share)

    def dimmed(self, hue: QColor, share: float) -> QColor:
        """A colour as it is where rows are picked, and faint where none is."""
        if self.picked is None or share > 0:
            return hue
        return mix(self.theme.surface, hue.name(), FAINT)

    def outline(self, painter: QPainter, rect: QRectF, share: float, radius: float = 2.0) -> None:
        """Mark what is picked: a full line for all rows, a dashed one for some."""
        if self.picked is None or share <= 0:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(1.4, self.theme.line_width)
        painter.setPen(pen(self.theme.text, width, dashed=share < 1))
        painter.drawRoundedRect(rect, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)

    # -- text

    def write(
        self, painter: QPainter, rect: QRectF, text: str, tint: QColor | str, align: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(self.font)
        painter.setPen(QColor(tint))
        shown = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(Qt.PenStyle.NoPen)

    def write_up(self, painter: QPainter, rect: QRectF, text: str, tint: QColor | str, *, top: bool) -> None:
        """Write along the height of a narrow rectangle, from its top or from its bottom."""
        painter.save()
        painter.translate(rect.center())
        painter.rotate(-90)
        along = QRectF(-rect.height() / 2, -rect.width() / 2, rect.height(), rect.width())
        side = Qt.AlignmentFlag.AlignRight if top else Qt.AlignmentFlag.AlignLeft
        self.write(painter, along, text, tint, side)
        painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def widest(self, texts: Sequence[str]) -> float:
        """Width of the widest of some texts; of very many only the longest are measured."""
        if len(texts) > 40:
            texts = sorted(texts, key=len)[-12:]
        return max((self.width(t) for t in texts), default=0.0)


def bins(groups: int, most: int) -> IntArray:
    """Where each of at most ``most`` runs of neighbouring groups starts."""
    shown = max(1, min(groups, most))
    return np.asarray(np.arange(shown) * groups // shown, dtype=np.int64)


def ends(starts: IntArray, groups: int) -> IntArray:
    """Where each run ends."""
    return np.append(starts[1:], groups)


def named(factor: FactorGroups, part: Part) -> str:
    """``A`` or ``A … D`` (HTML)."""
    first = html.escape(factor.levels[part.start])
    return first if part.end == part.start + 1 else f"{first} … {html.escape(factor.levels[part.end - 1])}"


def tip(view: StructureView, parts: Parts, rows: int) -> str:
    """What a mark stands for, in words (HTML)."""
    names = []
    for part in parts:
        factor = view.factors[part.factor]
        names.append(f"{html.escape(factor.label)} <b>{named(factor, part)}</b>")
    what = " × ".join(names)
    some = [p.end - p.start for p in parts]
    groups = "" if some == [1] or len(some) > 1 else f"{count(some[0], 'group')}, "
    if len(some) > 1 and some != [1, 1]:
        a, b = (view.cells[:, k] for k in (0, 1))
        inside = (a >= parts[0].start) & (a < parts[0].end) & (b >= parts[1].start) & (b < parts[1].end)
        groups = f"{int(inside.sum()):,} of {some[0] * some[1]:,} combinations, "
    return f"{what} · {groups}{count(rows, 'row') if rows else 'no rows'}"


def faint_line(theme: Theme) -> QColor:
    """For branches and the edges of empty cells."""
    return color(mix(theme.line, theme.muted, 0.35).name())
