"""Pairs of parameters as a matrix: regions in the parameters' scale below, in ζ above, names between."""

from __future__ import annotations

import html
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF

from mmgui.app.theme import Theme
from mmgui.figures.normal import joint_radius
from mmgui.figures.profile import FIXED, ParameterProfile, ProfileFigure
from mmgui.figures.profile_moved import Bead
from mmgui.figures.profile_pairs import ProfilePair, profile_pair, value_at, wald_ellipse
from mmgui.figures.profile_scale import SDS, Scale, changed, profile_on
from mmgui.numbers import decimal
from mmgui.plots.area import span
from mmgui.plots.axis import round_step, tick_text
from mmgui.plots.profile_panel import ProfileLook
from mmgui.plots.profile_words import decimals, main_level, percent
from mmgui.plots.style import color, pen, text_font

FloatArray = NDArray[np.float64]
Spot = tuple[QRectF, str]


@lru_cache(maxsize=256)
def known_pair(
    figure: ProfileFigure, across: int, up: int, levels: tuple[float, ...], scale: Scale
) -> ProfilePair | None:
    """A pair, interpolated once."""
    return profile_pair(figure, across, up, levels, scale)


class PairsPainter:
    """Draws a figure's pairs of the parameters shown into a rectangle."""

    def __init__(
        self,
        theme: Theme,
        figure: ProfileFigure,
        shown: tuple[int, ...],
        look: ProfileLook,
        beads: tuple[Bead | None, ...],
    ) -> None:
        self._theme, self._figure, self._shown, self._look = theme, figure, shown, look
        self._beads = beads
        self._metrics = QFontMetricsF(text_font(theme))
        self._profiles = [profile_on(figure.profiles[k], look.scale) for k in shown]
        self._levels = look.levels or (main_level(()),)
        self._reach = joint_radius(max(self._levels)) * 1.12
        self._spans = [self._span(p) for p in self._profiles]
        self._room = QRectF()

    def paint(self, painter: QPainter, room: QRectF) -> list[Spot]:
        """Draw; the places of the pairs and what their tooltips say."""
        theme, n = self._theme, len(self._shown)
        line = self._metrics.height()
        left = max((self._metrics.horizontalAdvance(t) for t in self._tick_texts()), default=0.0) + theme.px(
            8
        )
        self._room = room.adjusted(left, theme.px(2), -theme.px(4), -line - theme.px(6))
        spots: list[Spot] = []
        for row in range(n):
            for column in range(n):
                cell = self._cell(row, column)
                if row == column:
                    self._paint_name(painter, cell, self._profiles[row])
                    continue
                spots.append((cell, self._paint_pair(painter, cell, row, column)))
        self._paint_ticks(painter)
        return spots

    def _cell(self, row: int, column: int) -> QRectF:
        n, gap = len(self._shown), self._theme.px(6)
        wide, high = self._room.width() / n, self._room.height() / n
        return QRectF(
            self._room.left() + column * wide, self._room.top() + row * high, wide - gap, high - gap
        )

    def _span(self, profile: ParameterProfile) -> tuple[float, float]:
        if len(profile.values) < 2:
            return (-1.0, 1.0)
        radius = joint_radius(max(self._levels))
        known = profile.values[np.isfinite(profile.values)]
        ends = value_at(profile, np.array([-radius, radius]))
        return span(np.clip(ends, known.min() - np.ptp(known), known.max() + np.ptp(known)), 0.06)

    # -- parts

    def _paint_name(self, painter: QPainter, cell: QRectF, profile: ParameterProfile) -> None:
        theme, line = self._theme, self._metrics.height()
        hue = theme.text if profile.term == FIXED else theme.term_color(profile.term)
        painter.fillRect(cell, color(hue, 0.08))
        bold = text_font(theme, bold=True)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        words = QRectF(cell.adjusted(theme.px(4), 0, -theme.px(4), 0))
        painter.setFont(bold)
        painter.setPen(color(theme.text))
        metrics = QFontMetricsF(bold)
        # Words wrap; one that is wider than the cell has its middle left out.
        name = " ".join(
            metrics.elidedText(word, Qt.TextElideMode.ElideMiddle, words.width())
            for word in profile.brief.split()
        )
        high = metrics.boundingRect(words, flags, name).height()
        top = words.center().y() - (high + line) / 2
        painter.drawText(QRectF(words.left(), top, words.width(), high), flags, name)
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        group = self._metrics.elidedText(profile.group, Qt.TextElideMode.ElideMiddle, words.width())
        below = QRectF(words.left(), top + high, words.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, group)

    def _paint_pair(self, painter: QPainter, cell: QRectF, row: int, column: int) -> str:
        theme = self._theme
        painter.setPen(pen(theme.line, theme.line_width * 0.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell)
        # A pair is known once, with the earlier parameter across.
        first, second = min(row, column), max(row, column)
        pair = known_pair(
            self._figure, self._shown[first], self._shown[second], self._levels, self._look.scale
        )
        if pair is None:
            painter.setPen(color(theme.muted))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "–")
            return "Not defined: one of the two has no profile."
        painter.save()
        painter.setClipRect(cell)
        in_values = row > column
        if in_values:
            self._paint_values(painter, cell, pair, row, column)
        else:
            self._paint_zeta(painter, cell, pair, self._hue(row, column))
        painter.restore()
        return self._tip(pair, first, second)

    def _paint_values(
        self, painter: QPainter, cell: QRectF, pair: ProfilePair, row: int, column: int
    ) -> None:
        x, y = self._profiles[column], self._profiles[row]
        contours = list(pair.values)
        traces = list(pair.trace_values)
        dashed = None
        if self._look.wald and math.isfinite(x.se) and math.isfinite(y.se):
            dashed = [x.estimate, y.estimate] + wald_ellipse(pair, self._main()) * [x.se, y.se]
        hue = self._hue(row, column)
        self._paint_regions(
            painter, cell, hue, contours, traces, dashed, self._spans[column], self._spans[row]
        )
        at = np.array([[x.estimate, y.estimate]])
        self._paint_dot(painter, cell, at, self._spans[column], self._spans[row], bead=False)
        bead = self._bead(row, column)
        if bead is not None:
            self._paint_dot(painter, cell, bead, self._spans[column], self._spans[row], bead=True)

    def _paint_zeta(self, painter: QPainter, cell: QRectF, pair: ProfilePair, hue: str) -> None:
        # Above the diagonal the row's parameter is the earlier one, so across and up change places.
        turned = [z[:, ::-1] for z in pair.zeta]
        traces = [pair.trace_across[:, ::-1], pair.trace_up[:, ::-1]]
        dashed = wald_ellipse(pair, self._main())[:, ::-1] if self._look.wald else None
        reach = (-self._reach, self._reach)
        self._paint_regions(painter, cell, hue, turned, traces, dashed, reach, reach)
        self._paint_dot(painter, cell, np.zeros((1, 2)), reach, reach, bead=False)

    def _hue(self, row: int, column: int) -> str:
        """The colour of the term that both belong to; quiet where they belong to two."""
        theme, first, second = self._theme, self._profiles[row].term, self._profiles[column].term
        if first != second:
            return theme.muted
        return theme.text if first == FIXED else theme.term_color(first)

    def _main(self) -> float:
        return main_level(self._levels)

    def _paint_regions(
        self,
        painter: QPainter,
        cell: QRectF,
        hue: str,
        contours: list[FloatArray],
        traces: list[FloatArray],
        dashed: FloatArray | None,
        x: tuple[float, float],
        y: tuple[float, float],
    ) -> None:
        theme = self._theme
        main = self._main()
        for level, contour in sorted(zip(self._levels, contours, strict=True), key=lambda c: -c[0]):
            wide = theme.line_width * (1.5 if level == main else 0.8)
            painter.setPen(pen(hue, wide, alpha=1.0 if level == main else 0.6))
            painter.setBrush(color(hue, 0.08))
            painter.drawPolygon(_pixels(cell, contour, x, y))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for trace in traces:
            painter.setPen(pen(theme.text, theme.line_width * 0.7))
            painter.drawPolyline(_pixels(cell, trace, x, y))
        if dashed is not None:
            painter.setPen(pen(theme.text, theme.line_width * 0.9, alpha=0.75, dashed=True))
            painter.drawPolyline(_pixels(cell, dashed, x, y))

    def _paint_dot(
        self,
        painter: QPainter,
        cell: QRectF,
        at: FloatArray,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        bead: bool,
    ) -> None:
        theme = self._theme
        if not np.isfinite(at).all():
            return
        point = _pixels(cell, at, x, y).at(0)
        painter.setPen(pen(theme.surface, 1.2))
        painter.setBrush(color(theme.accent if bead else theme.text))
        radius = theme.px(5 if bead else 3)
        painter.drawEllipse(point, radius, radius)

    def _bead(self, row: int, column: int) -> FloatArray | None:
        """Where the moved model stands, if a hand moved one of the two."""
        found = [self._beads[self._shown[k]] for k in (column, row)]
        if found == [None, None]:
            return None
        out = []
        for k, bead in zip((column, row), found, strict=True):
            profile = self._profiles[k]
            value = profile.estimate if bead is None else bead.value
            if bead is not None and profile.kind in SDS:
                value = float(changed(np.array([value]), self._look.scale)[0])
            out.append(value)
        return np.array([out])

    # -- numbers at the outer edges

    def _ticks(self, limits: tuple[float, float], length: float) -> list[tuple[float, str]]:
        low, high = limits
        step = round_step(high - low, min(max(length / self._theme.px(30), 2.0), 5.0))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [(k * step, tick_text(k * step, step)) for k in range(first, last + 1)]

    def _tick_texts(self) -> list[str]:
        return [text for limits in self._spans[1:] for _, text in self._ticks(limits, self._theme.px(100))]

    def _paint_ticks(self, painter: QPainter) -> None:
        theme, n, line = self._theme, len(self._shown), self._metrics.height()
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        right = -math.inf
        for k in range(n):
            below, beside = self._cell(n - 1, k), self._cell(k, 0)
            if k < n - 1:
                for value, text in self._ticks(self._spans[k], below.width()):
                    x = _pixels(below, np.array([[value, 0.0]]), self._spans[k], (0.0, 1.0)).at(0).x()
                    wide = self._metrics.horizontalAdvance(text) + 4
                    if x - wide / 2 > right + theme.px(2):
                        right = x + wide / 2
                        room = QRectF(x - wide / 2, below.bottom() + theme.px(2), wide, line)
                        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
            if k > 0:
                for value, text in self._ticks(self._spans[k], beside.height()):
                    y = _pixels(beside, np.array([[0.0, value]]), (0.0, 1.0), self._spans[k]).at(0).y()
                    room = QRectF(0.0, y - line / 2, beside.left() - theme.px(5), line)
                    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _tip(self, pair: ProfilePair, first: int, second: int) -> str:
        x, y = self._profiles[first], self._profiles[second]
        lines = [f"<b>{html.escape(x.title)}</b> across, <b>{html.escape(y.title)}</b> up"]
        for level, values in zip(self._levels, pair.values, strict=True):
            low, high = values.min(axis=0), values.max(axis=0)
            ends = [
                f"{decimal(float(low[k]), decimals(p))} to {decimal(float(high[k]), decimals(p))}"
                for k, p in enumerate((x, y))
            ]
            lines.append(f"{percent(level)} region: {ends[0]} and {ends[1]}")
        slope = decimal(pair.slopes[0], 2)
        lines.append(f"Lines: where one goes when the other is held (slope {slope} in ζ)")
        return "<br>".join(lines)


def _pixels(cell: QRectF, points: FloatArray, x: tuple[float, float], y: tuple[float, float]) -> QPolygonF:
    # What lies at infinity, the logarithm of 0, is drawn just outside.
    at = np.nan_to_num((points - [x[0], y[0]]) / [x[1] - x[0], y[1] - y[0]], nan=0.0, posinf=5.0, neginf=-5.0)
    px = cell.left() + np.clip(at[:, 0], -5.0, 5.0) * cell.width()
    py = cell.bottom() - np.clip(at[:, 1], -5.0, 5.0) * cell.height()
    return QPolygonF([QPointF(a, b) for a, b in zip(px.tolist(), py.tolist(), strict=True)])
