"""One parameter's panel of a profile: its head, its grid, where its range ends, its bead."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.figures.normal import cut
from mmgui.figures.profile import FIXED, LEVELS, ParameterProfile
from mmgui.figures.profile_moved import Bead
from mmgui.figures.profile_scale import SDS, Scale, changed
from mmgui.numbers import decimal
from mmgui.plots.axis import round_step, tick_text
from mmgui.plots.labels import paint_label
from mmgui.plots.profile_words import UNDEFINED, headline, main_level, x_range
from mmgui.plots.style import color, pen, text_font

FloatArray = NDArray[np.float64]
ABOVE = 0.145
"""Room above the highest bar, in ζ."""
LABELLED = 230
"""From which width, at scale 1, limits are written at the bars."""


@dataclass(frozen=True, slots=True)
class ProfileLook:
    """What of profiles is drawn: on which scale, at which levels, with Wald intervals or without."""

    scale: Scale = Scale.SD
    levels: tuple[float, ...] = LEVELS
    wald: bool = False

    @property
    def widest(self) -> float:
        """The highest level drawn; 95 % where none is."""
        return max(self.levels) if self.levels else 0.95

    @property
    def top(self) -> float:
        """|ζ| at its limits."""
        return cut(self.widest)


class Panel:
    """What the panels of all views share, painted in pixels."""

    flip = False
    """Whether ζ runs from below zero up."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        tile: QRectF,
        profile: ParameterProfile,
        look: ProfileLook,
        bead: Bead | None = None,
    ) -> None:
        self._painter, self._theme, self._tile = painter, theme, tile
        self._profile, self._look, self._bead = profile, look, bead
        self._metrics = QFontMetricsF(text_font(theme))
        line = self._metrics.height()
        head = 2 * line + theme.px(8)
        self._inside = QRectF(tile.left(), tile.top() + head, tile.width(), tile.height() - head - line)
        self._hue = theme.text if profile.term == FIXED else theme.term_color(profile.term)
        self._labelled = self._inside.width() >= theme.px(LABELLED)
        self._x = x_range(profile, look.widest, 0.24 if self._labelled else 0.05)

    def paint(self, *, scale: bool, edge: float) -> None:
        """Everything; ``scale`` with the numbers of the vertical axis, ``edge`` wide, on the left."""
        self._paint_head()
        if not len(self._profile.values):
            self._painter.setPen(color(self._theme.muted))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            self._painter.drawText(self._inside, flags, UNDEFINED)
            return
        self._paint_grid(edge if scale else 0.0)
        self._paint_walls()
        self._paint_curve()
        self._paint_bead()

    # -- for the views

    def _paint_curve(self) -> None:
        """The curve itself, as the view draws it."""

    def _height(self, value: float, zeta: float) -> float:  # noqa: ARG002
        """The pixel of a point of the curve upwards."""
        return self._py(zeta)

    def _span(self) -> tuple[float, float]:
        """What stands at the bottom and at the top of the panel."""
        return 0.0, self._look.top + ABOVE

    def _scale(self) -> list[tuple[float, str]]:
        """Where numbers stand at the left, the more important first."""
        return []

    # -- pixels

    def _px(self, value: float) -> float:
        low, high = self._x
        return self._inside.left() + (value - low) / (high - low) * self._inside.width()

    def _py(self, y: float) -> float:
        low, high = self._span()
        return self._inside.bottom() - (y - low) / (high - low) * self._inside.height()

    def _at(self, value: float, y: float) -> QPointF:
        return QPointF(self._px(value), self._py(y))

    # -- parts

    def _paint_head(self) -> None:
        theme, painter, tile = self._theme, self._painter, self._tile
        font = text_font(theme, bold=True)
        painter.setFont(font)
        painter.setPen(color(theme.text))
        line = self._metrics.height()
        bold = QFontMetricsF(font)
        profile = self._profile
        # The colour tells the group where its name does not fit.
        names = (profile.title, f"{profile.group}: {profile.brief}", profile.brief)
        name = next((n for n in names if bold.horizontalAdvance(n) <= tile.width()), names[-1])
        name = bold.elidedText(name, Qt.TextElideMode.ElideMiddle, tile.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(tile.left(), tile.top(), tile.width(), line), left, name)
        painter.setFont(text_font(theme))
        below = QRectF(tile.left(), tile.top() + line, tile.width(), line)
        x = below.left()
        for words, tint in self._headline(tile.width()):
            painter.setPen(color(tint))
            room = max(below.right() - x, 0.0)
            text = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(x, below.top(), room, line), left, text)
            x += self._metrics.horizontalAdvance(text)

    def _headline(self, room: float) -> tuple[tuple[str, str], ...]:
        """Estimate and interval; without the level, which the heavy bar has, where there is little room."""
        profile, level = self._profile, main_level(self._look.levels)
        words = headline(profile, self._theme, level)
        if sum(self._metrics.horizontalAdvance(text) for text, _ in words) <= room:
            return words
        return headline(profile, self._theme, level, brief=True)

    def _paint_grid(self, edge: float) -> None:
        theme, painter, inside = self._theme, self._painter, self._inside
        low, high = self._x
        line = self._metrics.height()
        painter.setFont(text_font(theme))
        step = round_step(high - low, min(max(inside.width() / theme.px(52), 1.5), 6.0))
        if high - low < 2.6 * step:
            step = round_step(high - low, 5.0)
        for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
            x = self._px(k * step)
            painter.setPen(pen(theme.grid, max(1.0, theme.line_width / 1.5)))
            painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()))
            text = tick_text(k * step, step)
            wide = self._metrics.horizontalAdvance(text) + 4
            painter.setPen(color(theme.muted))
            room = QRectF(x - wide / 2, inside.bottom() + theme.px(3), wide, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(pen(theme.line, theme.line_width * 0.7))
        painter.drawLine(inside.bottomLeft(), inside.bottomRight())
        taken: list[float] = []
        for zeta, text in self._scale():
            y = self._py(zeta)
            painter.setPen(pen(theme.grid, max(1.0, theme.line_width / 1.5)))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            if edge and all(abs(y - other) > line * 0.86 for other in taken):
                taken.append(y)
                painter.setPen(color(theme.muted))
                room = QRectF(inside.left() - edge, y - line / 2, edge - theme.px(7), line)
                painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_walls(self) -> None:
        """Where the parameter's range ends, the panel does."""
        theme, painter, inside = self._theme, self._painter, self._inside
        for bound in self._profile.reached(self._look.widest):
            x, side = self._px(bound), -1 if bound == self._profile.bounds[0] else 1
            strip = QRectF(
                QPointF(x, inside.top()), QPointF(x + side * theme.px(7), inside.bottom())
            ).normalized()
            painter.save()
            painter.setClipRect(strip)
            painter.setPen(pen(theme.muted, theme.line_width * 0.6, alpha=0.7))
            y = strip.top()
            while y < strip.bottom() + strip.width():
                painter.drawLine(QPointF(strip.left(), y), QPointF(strip.right(), y - strip.width()))
                y += theme.px(5)
            painter.restore()
            painter.setPen(pen(theme.muted, theme.line_width * 0.8))
            painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()))

    def _curve(self) -> tuple[FloatArray, FloatArray]:
        """The curve as far as the widest interval, with points exactly at its limits."""
        known = np.isfinite(self._profile.values)
        values, zeta = self._profile.values[known], self._profile.zeta[known]
        last = self._look.top
        full = np.union1d(zeta, [z for z in (-last, last) if zeta[0] < z < zeta[-1]])
        keep = np.abs(full) <= last
        return np.interp(full, zeta, values)[keep], full[keep]

    def _paint_estimate(self) -> None:
        theme, painter = self._theme, self._painter
        if not math.isfinite(self._profile.estimate):
            return
        painter.setPen(QPen(color(theme.surface), 1.2))
        painter.setBrush(color(self._hue))
        radius = theme.px(9) / 2
        painter.drawEllipse(self._at(self._profile.estimate, 0.0), radius, radius)

    def _paint_dashed(self, points: list[QPointF]) -> None:
        """What Wald intervals go by."""
        painter = self._painter
        painter.save()
        painter.setClipRect(self._inside)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(self._theme.text, self._theme.line_width * 0.9, alpha=0.75, dashed=True))
        painter.drawPolyline(points)
        painter.restore()

    def _paint_bead(self) -> None:
        """The value that a hand moved the parameter to; at the panel's edge where it lies beyond."""
        bead, theme, inside = self._bead, self._theme, self._inside
        if bead is None:
            return
        value = bead.value
        if self._profile.kind in SDS:
            value = float(changed(np.array([bead.value]), self._look.scale)[0])
        x = self._px(value) if math.isfinite(value) else inside.left()
        at = QPointF(
            min(max(x, inside.left()), inside.right()),
            min(max(self._height(value, bead.zeta), inside.top()), inside.bottom()),
        )
        painter, radius = self._painter, theme.px(6)
        painter.setPen(pen(theme.surface, theme.line_width * 2.0))
        painter.setBrush(color(theme.accent))
        painter.drawEllipse(at, radius, radius)
        font = text_font(theme, bold=True)
        text = f"ζ {decimal(bead.zeta, 2)}"
        wide = QFontMetricsF(font).horizontalAdvance(text) + theme.px(8)
        left = at.x() + theme.px(9)
        if left + wide > inside.right():
            left = at.x() - theme.px(9) - wide
        y = min(
            max(at.y() - self._metrics.height() / 2, inside.top()), inside.bottom() - self._metrics.height()
        )
        paint_label(painter, theme, font, QRectF(left, y, wide, self._metrics.height()), text, theme.accent)
