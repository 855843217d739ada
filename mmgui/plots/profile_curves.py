"""The views of a parameter's profile: |ζ| as a valley with intervals, ζ as a rising line, the density."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from mmgui.app.theme import Theme
from mmgui.figures.normal import cut
from mmgui.figures.profile import ParameterProfile
from mmgui.figures.profile_density import LEAST, density_of, normal_density
from mmgui.figures.profile_moved import Bead
from mmgui.plots.axis import tick_text
from mmgui.plots.labels import paint_label
from mmgui.plots.profile_panel import ABOVE, Panel, ProfileLook
from mmgui.plots.profile_words import decimals, limit_text, main_level, percent
from mmgui.plots.style import color, pen, text_font

ORDER = (0.95, 0.5, 0.8, 0.99, 0.9)
"""Levels, the more important first, where there is room for few."""


class ValleyPanel(Panel):
    """|ζ|, with the intervals as bars across."""

    def _height(self, value: float, zeta: float) -> float:  # noqa: ARG002
        return self._py(abs(zeta))

    def _scale(self) -> list[tuple[float, str]]:
        return [(cut(k), percent(k)) for k in ORDER if k in self._look.levels]

    def _paint_curve(self) -> None:
        theme, painter, profile = self._theme, self._painter, self._profile
        values, zeta = self._curve()
        line = QPolygonF([self._at(float(v), abs(float(z))) for v, z in zip(values, zeta, strict=True)])
        main = main_level(self._look.levels)
        for level in sorted(self._look.levels, reverse=True):
            y, x = self._py(cut(level)), self._ends(level)
            self._paint_step(line, y, x, 0.16 if level == min(self._look.levels) else 0.10)
            wide = theme.line_width * (2.2 if level == main else 0.9)
            painter.setPen(pen(self._hue, wide, alpha=1.0 if level == main else 0.55))
            painter.drawLine(QPointF(x[0], y), QPointF(x[1], y))
        painter.setPen(pen(theme.text, theme.line_width * 0.7, alpha=0.6, dashed=True))
        if math.isfinite(profile.estimate):
            top = self._py(self._look.top)
            painter.drawLine(self._at(profile.estimate, 0.0), QPointF(self._px(profile.estimate), top))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(self._hue, theme.line_width * 1.3))
        painter.drawPolyline(line)
        if self._look.wald and math.isfinite(profile.se):
            self._paint_dashed([self._wald(-1.0), self._at(profile.estimate, 0.0), self._wald(1.0)])
        if self._labelled:
            self._paint_limits()
        self._paint_estimate()

    def _wald(self, sign: float) -> QPointF:
        reach = self._look.top
        return self._at(self._profile.estimate + sign * reach * self._profile.se, reach)

    def _ends(self, level: float) -> list[float]:
        """Pixels of an interval; the panel's edge where a limit is infinite."""
        inside = self._inside
        return [
            self._px(v) if math.isfinite(v) else (inside.left() if v < 0 else inside.right())
            for v in self._profile.interval(level)
        ]

    def _paint_limits(self) -> None:
        """Limits at the ends of their bars, where the valley leaves room: below, outside of it."""
        theme, painter, line = self._theme, self._painter, self._metrics.height()
        places = decimals(self._profile, main_level(self._look.levels))
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        taken: list[float] = []
        for level in (k for k in ORDER if k in self._look.levels):
            y = self._py(cut(level))
            if any(abs(y - other) < line * 0.9 for other in taken):
                continue
            taken.append(y)
            for x, value, side in zip(self._ends(level), self._profile.interval(level), (-1, 1), strict=True):
                text = limit_text(value, places, self._profile)
                wide, gap = self._metrics.horizontalAdvance(text) + 4, theme.px(6)
                left = x - gap - wide if side < 0 else x + gap
                painter.drawText(QRectF(left, y, wide, line), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_step(self, line: QPolygonF, y: float, x: list[float], alpha: float) -> None:
        """Fill the valley from its bottom to an interval's bar."""
        below = QPainterPath()
        below.addPolygon(QPolygonF([QPointF(x[0], y), *_below(line, y), QPointF(x[1], y)]))
        below.closeSubpath()
        self._painter.fillPath(below, color(self._hue, alpha))


class SignedPanel(Panel):
    """ζ with its sign: a straight line is a parameter whose estimate is normally distributed."""

    def _span(self) -> tuple[float, float]:
        top = self._look.top + ABOVE
        return -top, top

    def _scale(self) -> list[tuple[float, str]]:
        return [(float(k), tick_text(float(k), 1.0)) for k in (0, -2, 2, -1, 1)]

    def _paint_curve(self) -> None:
        theme, painter, profile = self._theme, self._painter, self._profile
        values, zeta = self._curve()
        zero = self._py(0.0)
        painter.setPen(pen(theme.muted, theme.line_width * 0.8, dashed=True))
        painter.drawLine(QPointF(self._inside.left(), zero), QPointF(self._inside.right(), zero))
        main = main_level(self._look.levels)
        for level in self._look.levels:
            wide = theme.line_width * (1.3 if level == main else 0.7)
            painter.setPen(pen(self._hue, wide, alpha=0.9 if level == main else 0.4))
            for value, sign in zip(profile.interval(level), (-1.0, 1.0), strict=True):
                if math.isfinite(value) and value not in profile.bounds:
                    painter.drawLine(QPointF(self._px(value), zero), self._at(value, sign * cut(level)))
        painter.setPen(pen(self._hue, theme.line_width * 1.3))
        painter.drawPolyline([self._at(float(v), float(z)) for v, z in zip(values, zeta, strict=True)])
        if self._look.wald and math.isfinite(profile.se):
            top = self._look.top
            self._paint_dashed([self._at(profile.estimate + z * profile.se, z) for z in (-top, top)])
        self._paint_estimate()


class DensityPanel(Panel):
    """The distribution that the profile stands for, and what of it lies at an end of the range."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        tile: QRectF,
        profile: ParameterProfile,
        look: ProfileLook,
        bead: Bead | None = None,
    ) -> None:
        super().__init__(painter, theme, tile, profile, look, bead)
        self._density = density_of(profile)
        # At an end of the range the curve may rise without bound though next to nothing lies there.
        low, high = (max(self._x[0], profile.interval(0.95)[0]), min(self._x[1], profile.interval(0.95)[1]))
        inside = (self._density.values >= low) & (self._density.values <= high)
        shown = self._density.density[inside]
        self._top = 1.12 * float(shown.max()) if len(shown) and shown.max() > 0.0 else 1.0

    def _span(self) -> tuple[float, float]:
        return 0.0, self._top

    def _height(self, value: float, zeta: float) -> float:  # noqa: ARG002
        found = self._density
        return self._py(float(np.interp(value, found.values, found.density, 0.0, 0.0)))

    def _paint_curve(self) -> None:
        theme, painter, profile, found = self._theme, self._painter, self._profile, self._density
        painter.save()
        painter.setClipRect(self._inside)
        for level in sorted(self._look.levels, reverse=True):
            low, high = profile.interval(level)
            held = np.clip(found.values, low, high)
            points = [
                self._at(float(v), float(np.interp(v, found.values, found.density))) for v in np.unique(held)
            ]
            if len(points) > 1:
                ground = self._py(0.0)
                shape = [QPointF(points[0].x(), ground), *points, QPointF(points[-1].x(), ground)]
                path = QPainterPath()
                path.addPolygon(QPolygonF(shape))
                painter.fillPath(path, color(self._hue, 0.12))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(self._hue, theme.line_width * 1.3))
        painter.drawPolyline(
            [self._at(v, d) for v, d in zip(found.values.tolist(), found.density.tolist(), strict=True)]
        )
        painter.restore()
        if self._look.wald and math.isfinite(profile.se):
            x = np.linspace(*self._x, 121)
            self._paint_dashed(
                [self._at(*p) for p in zip(x.tolist(), normal_density(profile, x).tolist(), strict=True)]
            )
        self._paint_ends()
        self._paint_estimate()

    def _paint_ends(self) -> None:
        """A bar at an end of the range, as high as its share of the panel."""
        theme, painter, inside = self._theme, self._painter, self._inside
        for end, share, side in zip(self._profile.bounds, self._density.at_ends, (1, -1), strict=True):
            if share <= LEAST or not math.isfinite(end):
                continue
            x = self._px(end)
            top = inside.bottom() - share * inside.height()
            painter.setPen(pen(theme.warn, theme.line_width * 3.0))
            painter.drawLine(QPointF(x, inside.bottom()), QPointF(x, top))
            text = f"{100 * share:.2g} % at {limit_text(end, 0, self._profile)}"
            wide, line = self._metrics.horizontalAdvance(text) + theme.px(8), self._metrics.height()
            left = x + theme.px(5) if side > 0 else x - theme.px(5) - wide
            # Above the dot of the estimate, which may stand beside it.
            lowest = inside.bottom() - line - theme.px(6)
            room = QRectF(left, max(min(top - line / 2, lowest), inside.top()), wide, line)
            paint_label(painter, theme, text_font(theme), room, text, theme.warn)


def _below(line: QPolygonF, y: float) -> list[QPointF]:
    """The points of a valley's line that lie below a height."""
    return [line.at(k) for k in range(line.count()) if line.at(k).y() >= y]
