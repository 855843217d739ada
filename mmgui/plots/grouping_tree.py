"""Nested factors as a tree: outer groups above, the groups inside below, the last as high as their rows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from mmgui.app.theme import Theme
from mmgui.figures.grouping import FactorGroups, Part, StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.plots.grouping_marks import LEAST, Mark, Scene, faint_line
from mmgui.plots.grouping_tree_layout import Rank, ranks
from mmgui.plots.style import pen, readable_on

MOST_SHADES = 8
"""Recycled labels up to which each has a shade of its own."""

MOST_WIRES = 4
"""Recycled labels up to which each has a dashed line that shows where it stands again."""


class Tree(Scene):
    """Boxes joined by branches; where groups are too many to draw one by one, a fan that tells how many."""

    def __init__(self, theme: Theme, room: QRectF, view: StructureView, picked: Mask | None) -> None:
        super().__init__(theme, room, view, picked)
        factors = view.factors
        self._gutter = self._gutter_width() if self.large and room.width() >= theme.px(380) else 0.0
        wide, finest = room.width() - self._gutter, len(factors[-1].levels)
        pitch = min(wide / finest, theme.px(110 if self.large else 24))
        spare = wide - pitch * finest
        left = room.left() + self._gutter + (spare / 2 if self.large else 0.0)
        self.ranks = ranks(factors, left, pitch, LEAST * theme.scale)
        self._pitch = pitch
        self._shares = [self.share(f, r.starts) for f, r in zip(factors, self.ranks, strict=True)]
        self._shades = _shades(factors[-1])
        self._stack()

    # -- layout

    def _gutter_width(self) -> float:
        words = [w for f in self.view.factors for w in (f.name, f"{len(f.levels):,} groups")]
        return min(1.1 * self.widest(words) + self.theme.px(14), 0.22 * self.room.width())

    def _stack(self) -> None:
        """Heights of boxes, branches, leaves, their names and the dashed lines below."""
        theme, room, line = self.theme, self.room, self.metrics.height()
        last, leaf_factor = self.ranks[-1], self.view.factors[-1]
        single = last.count == len(leaf_factor.levels)
        names = self.widest(leaf_factor.names)
        flat = names <= self._pitch - 2
        turned = not flat and self._pitch >= 0.9 * line and self.large
        self._turned = turned
        low = room.height() < 4.4 * line
        below = line + 2 if flat else min(names + 6, 0.26 * room.height())
        self._below = below if single and (flat or turned) and not low else 0.0
        self._wired = self._wires_wanted() if single else ()
        self._wire_gap = theme.px(9 if self.large else 6)
        if room.height() - self._below < 5.2 * line or self._pitch < theme.px(4):
            self._wired = ()
        wires = (len(self._wired) + 0.8) * self._wire_gap if self._wired else 0.0
        upper = len(self.ranks) - 1
        free = room.height() - self._below - wires
        self._box = min(line + theme.px(8 if self.large else 2), 0.3 * free / max(upper, 1))
        leaves = min(max(0.26 * free, theme.px(16)), theme.px(180))
        branch = (free - upper * self._box - leaves) / max(upper, 1)
        branch = min(max(branch, theme.px(6)), theme.px(260))
        self._tops = [room.top() + k * (self._box + branch) for k in range(upper + 1)]
        self._leaves = min(leaves, room.bottom() - self._below - wires - self._tops[-1])

    def _wires_wanted(self) -> tuple[str, ...]:
        """Recycled labels to be joined by dashed lines: all of few, else the first alone."""
        factor = self.view.factors[-1]
        if not factor.recycled:
            return ()
        seen: dict[str, set[int]] = {}
        for name, parent in zip(factor.names, factor.parent.tolist(), strict=True):
            seen.setdefault(name, set()).add(parent)
        again = [name for name, parents in seen.items() if len(parents) > 1]
        return tuple(again if self.large and len(again) <= MOST_WIRES else again[:1])

    def _rect(self, level: int, box: int) -> QRectF:
        rank, theme = self.ranks[level], self.theme
        left, right = float(rank.left[box]), float(rank.right[box])
        gap = min(theme.px(3), 0.2 * (right - left))
        if level == len(self.ranks) - 1:
            high = max(self._leaves * float(rank.rows[box]) / float(rank.rows.max()), min(3.0, self._leaves))
            wide = min(right - left - gap, theme.px(64))
            return QRectF((left + right - wide) / 2, self._tops[level], wide, high)
        name = self.view.factors[level].names[int(rank.starts[box])]
        wanted = max(self.width(name) + theme.px(14), theme.px(26))
        wide = min(right - left - gap, wanted)
        return QRectF((left + right - wide) / 2, self._tops[level], wide, self._box)

    # -- painting

    def paint(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for level in range(1, len(self.ranks)):
            self._paint_branches(painter, level)
        for level, rank in enumerate(self.ranks):
            for box in range(rank.count):
                self._paint_box(painter, level, box)
        if self._below:
            self._paint_names(painter)
        for k, name in enumerate(self._wired):
            self._paint_wire(painter, name, k)
        if self._gutter:
            self._paint_gutter(painter)

    def _paint_branches(self, painter: QPainter, level: int) -> None:
        rank, outer, theme = self.ranks[level], self.ranks[level - 1], self.theme
        single = rank.count == len(self.view.factors[level].levels)
        foot = self._tops[level - 1] + self._box
        thick = max(1.0, 0.8 * theme.line_width)
        for box in range(outer.count):
            inside = np.flatnonzero(rank.above == box)
            node = self._rect(level - 1, box)
            width = float(outer.right[box] - outer.left[box]) / max(len(inside), 1)
            if single and outer.single(box) and width >= theme.px(5):
                for k in inside.tolist():
                    share = float(self._shares[level][k])
                    top = QPointF(self._rect(level, k).center().x(), self._tops[level])
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(self._branch_pen(level, share, thick))
                    painter.drawPath(_branch(QPointF(node.center().x(), foot), top))
                painter.setPen(Qt.PenStyle.NoPen)
            else:
                self._paint_fan(painter, level, box, node)

    def _branch_pen(self, level: int, share: float, thick: float) -> QPen:
        theme = self.theme
        if self.picked is not None and share > 0:
            return pen(theme.term_color(self.view.factors[level].term), 1.6 * thick)
        return pen(faint_line(theme).name(), thick, alpha=0.5 if self.picked is not None else 1.0)

    def _paint_fan(self, painter: QPainter, level: int, box: int, node: QRectF) -> None:
        outer, factor, theme = self.ranks[level - 1], self.view.factors[level], self.theme
        left, right = float(outer.left[box]), float(outer.right[box])
        share = float(self._shares[level - 1][box])
        painter.setBrush(self.dimmed(self.hue(factor.term, 0.2), share))
        foot = self._tops[level]
        corners = (
            node.bottomLeft(),
            node.bottomRight(),
            QPointF(right - 0.5, foot),
            QPointF(left + 0.5, foot),
        )
        painter.drawPolygon(QPolygonF(list(corners)))
        first, last = np.searchsorted(factor.parent, (outer.starts[box], outer.ends[box]))
        text, line = f"{int(last - first):,}", self.metrics.height()
        if right - left > self.width(text) + 6 and foot - node.bottom() > 1.5 * line:
            room = QRectF(left, foot - line - 2, right - left, line)
            self.write(painter, room, text, theme.muted, Qt.AlignmentFlag.AlignHCenter)

    def _paint_box(self, painter: QPainter, level: int, box: int) -> None:
        theme, rank, factor = self.theme, self.ranks[level], self.view.factors[level]
        rect, share = self._rect(level, box), float(self._shares[level][box])
        last = level == len(self.ranks) - 1
        strength = self._shades.get(factor.names[int(rank.starts[box])], 0.8) if last else 0.85
        hue = self.dimmed(self.hue(factor.term, strength), share)
        radius = min(theme.px(5), rect.width() / 3, rect.height() / 3)
        painter.setBrush(hue)
        painter.drawRoundedRect(rect, radius, radius)
        text = f"{int(rank.rows[box]):,}" if last else _name(factor, rank, box)
        tall = rect.height() >= 0.95 * self.metrics.height() and (self.large or not last)
        if tall and (rank.single(box) or not last):
            least = (
                self.width(text) if last or not rank.single(box) else min(self.width(text), self.width("mm"))
            )
            if rect.width() >= least + 3:
                tint = readable_on(hue, theme)
                self.write(painter, rect, text, tint, Qt.AlignmentFlag.AlignHCenter)
        self.outline(painter, rect, share, radius)

    def _paint_names(self, painter: QPainter) -> None:
        factor, theme, rank = self.view.factors[-1], self.theme, self.ranks[-1]
        top = self._tops[-1] + self._leaves + 1
        for box, name in enumerate(factor.names):
            left, right = float(rank.left[box]), float(rank.right[box])
            below = QRectF(left, top, right - left, self._below - 1)
            tint = QColor(theme.text) if self._shares[-1][box] > 0 else QColor(theme.muted)
            if self._turned:
                self.write_up(painter, below, name, tint, top=True)
            else:
                self.write(painter, below, name, tint, Qt.AlignmentFlag.AlignHCenter)

    def _paint_wire(self, painter: QPainter, name: str, place: int) -> None:
        """A dashed line below all leaves of one name: the same label again, another group."""
        factor, theme, rank = self.view.factors[-1], self.theme, self.ranks[-1]
        top = self._tops[-1] + self._leaves + self._below + theme.px(2)
        level = top + (place + 0.8) * self._wire_gap
        at = [
            (float(rank.left[k]) + float(rank.right[k])) / 2 for k, n in enumerate(factor.names) if n == name
        ]
        hue = self.hue(factor.term, max(self._shades.get(name, 0.8), 0.55))
        painter.setPen(pen(hue.name(), max(1.0, 0.8 * theme.line_width), dashed=True))
        painter.drawLine(QPointF(at[0], level), QPointF(at[-1], level))
        for x in at:
            painter.drawLine(QPointF(x, top), QPointF(x, level))
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_gutter(self, painter: QPainter) -> None:
        line, left = self.metrics.height(), Qt.AlignmentFlag.AlignLeft
        for level, factor in enumerate(self.view.factors):
            high = self._leaves if level == len(self.ranks) - 1 else self._box
            middle = self._tops[level] + high / 2
            wide = self._gutter - self.theme.px(6)
            self.font.setBold(True)
            place = QRectF(self.room.left(), max(middle - line, self.room.top()), wide, line)
            self.write(painter, place, factor.name, self.theme.term_color(factor.term), left)
            self.font.setBold(False)
            text = f"{len(factor.levels):,} groups"
            self.write(painter, place.translated(0, line), text, self.theme.muted, left)

    # -- marks

    def mark_at(self, at: QPointF) -> Mark | None:
        for level, rank in enumerate(self.ranks):
            last = level == len(self.ranks) - 1
            top = self._tops[level]
            bottom = top + self._leaves + self._below if last else self._tops[level + 1]
            if top <= at.y() < bottom:
                box = int(np.searchsorted(rank.left, at.x(), side="right")) - 1
                return self.mark(level, box) if box >= 0 and at.x() < rank.right[box] else None
        return None

    def mark(self, row: int, column: int) -> Mark:
        row = min(max(row, 0), len(self.ranks) - 1)
        rank = self.ranks[row]
        column = min(max(column, 0), rank.count - 1)
        part = Part(row, int(rank.starts[column]), int(rank.ends[column]))
        return Mark(self._rect(row, column), (part,), row, column)

    def step(self, mark: Mark, down: int, across: int) -> Mark:
        """Down to the first group inside, up to the group around, across to the neighbour."""
        if down > 0 and mark.row + 1 < len(self.ranks):
            return self.mark(mark.row + 1, int(np.searchsorted(self.ranks[mark.row + 1].above, mark.column)))
        if down < 0 and mark.row > 0:
            return self.mark(mark.row - 1, int(self.ranks[mark.row].above[mark.column]))
        return self.mark(mark.row, mark.column + across)


def _branch(start: QPointF, stop: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    middle = (start.y() + stop.y()) / 2
    path.cubicTo(QPointF(start.x(), middle), QPointF(stop.x(), middle), stop)
    return path


def _name(factor: FactorGroups, rank: Rank, box: int) -> str:
    return (
        factor.names[int(rank.starts[box])]
        if rank.single(box)
        else f"{int(rank.ends[box] - rank.starts[box])}"
    )


def _shades(factor: FactorGroups) -> dict[str, float]:
    """For recycled labels, how strong each one's colour is, so that the same label looks the same."""
    names = list(dict.fromkeys(factor.names)) if factor.recycled else []
    if not 1 < len(names) <= MOST_SHADES:
        return {}
    return {name: 0.95 - 0.6 * k / (len(names) - 1) for k, name in enumerate(names)}
