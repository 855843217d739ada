"""Profiles as small panels: how fast the fit worsens away from each estimate, and the intervals it leaves."""

from __future__ import annotations

import html
import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.profile import FIXED, LEVELS, ParameterProfile, ProfileFigure
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import decimal
from mmgui.plots.area import span
from mmgui.plots.axis import round_step, tick_text
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, pen, text_font

CUTS = (0.6744897501960817, 1.2815515655446004, 1.6448536269514722, 1.959963984540054, 2.5758293035489004)
"""|ζ| at the limits of the intervals at ``LEVELS``: quantiles of the standard normal."""
TOP = 2.72
MAIN = LEVELS.index(0.95)
NARROWEST, LOWEST = 208, 150
FloatArray = NDArray[np.float64]


class ProfilePlot(Plot):
    """A panel a parameter: |ζ| as a valley with the intervals as bars across it, or ζ as a rising line."""

    title = "Profile likelihood"
    empty = "Profiles of the parameters are drawn here."
    signed_changed = Signal(bool)

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ProfileFigure | None = None
        self._signed = False
        super().__init__(themes, selection, parent)
        self._canvas = Canvas(self._paint)
        self.set_body(self._canvas)

    def set_data(self, figure: ProfileFigure | None) -> None:
        """Show the profiles, or the empty state."""
        self._figure = figure
        self.show_figure(figure is not None and bool(figure.profiles))

    @property
    def signed(self) -> bool:
        """Whether ζ is drawn with its sign."""
        return self._signed

    @Slot(bool)
    def show_signed(self, signed: bool) -> None:
        """Draw ζ with its sign: a straight line is a parameter whose estimate is normally distributed."""
        if signed != self._signed:
            self._signed = signed
            self.dress(self._theme)
            self.signed_changed.emit(signed)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def legend(self, _theme: Theme) -> str:
        if self._signed:
            return "ζ, close to standard normal at the true value; a bent line is a skew estimate"
        return "bars: 50, 80, 90, 95 and 99 % intervals; ● estimate"

    def notes(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.notes()

    def menu(self) -> QMenu:
        menu = super().menu()
        action = menu.addAction("ζ with its sign")
        action.setObjectName("signedAction")
        action.setCheckable(True)
        action.setChecked(self._signed)
        action.toggled.connect(self.show_signed)
        return menu

    def draw(self, theme: Theme) -> None:  # noqa: ARG002 - the theme is read while painting
        self._claim_room()
        self._canvas.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_room()

    # -- the grid of panels

    def _profiles(self) -> tuple[ParameterProfile, ...]:
        return () if self._figure is None else self._figure.profiles

    def _claim_room(self) -> None:
        """As tall as readable panels need; a page scrolls what does not fit."""
        n = len(self._profiles())
        if n:
            most = max(1, int(self._canvas.width() // self._theme.px(NARROWEST)))
            self._canvas.setMinimumHeight(math.ceil(n / most) * self._theme.px(LOWEST))

    def shape(self, room: QRectF) -> tuple[int, int]:
        """Columns and rows that leave the panels readable, nearest to square, and few places empty."""
        n, theme = len(self._profiles()), self._theme
        most = max(1, int(room.width() // theme.px(NARROWEST)))

        def cost(columns: int) -> float:
            rows = math.ceil(n / columns)
            ratio = (room.width() / columns) / max(room.height() / rows, 1.0)
            return abs(math.log(ratio / 1.1)) + 0.5 * (columns * rows - n) / n

        columns = min(range(1, min(most, n) + 1), key=cost)
        return columns, math.ceil(n / columns)

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        profiles, theme = self._profiles(), self._theme
        if not profiles:
            return
        columns, rows = self.shape(room)
        edge = self._edge()
        gap = theme.px(22)
        # The last number of the horizontal axis may reach over its panel.
        width = (room.width() - edge - theme.px(10) - gap * (columns - 1)) / columns
        height = room.height() / rows
        for k, profile in enumerate(profiles):
            row, column = divmod(k, columns)
            left = room.left() + edge + column * (width + gap)
            tile = QRectF(left, room.top() + row * height, width, height - theme.px(8))
            panel = Panel(painter, theme, tile, profile, signed=self._signed)
            panel.paint(scale=column == 0, edge=edge)
            self._canvas.spots.append((tile, tip(profile)))

    def _edge(self) -> float:
        texts = ("−2",) if self._signed else tuple(f"{100 * level:g} %" for level in LEVELS)
        metrics = QFontMetricsF(text_font(self._theme))
        return max(metrics.horizontalAdvance(t) for t in texts) + self._theme.px(10)


class Panel:
    """One parameter's panel, painted in pixels."""

    def __init__(
        self, painter: QPainter, theme: Theme, tile: QRectF, profile: ParameterProfile, *, signed: bool
    ) -> None:
        self._painter, self._theme, self._tile = painter, theme, tile
        self._profile, self._signed = profile, signed
        self._metrics = QFontMetricsF(text_font(theme))
        line = self._metrics.height()
        head = 2 * line + theme.px(8)
        self._inside = QRectF(tile.left(), tile.top() + head, tile.width(), tile.height() - head - line)
        self._hue = theme.text if profile.term == FIXED else theme.term_color(profile.term)
        self._x = x_range(profile)

    def paint(self, *, scale: bool, edge: float) -> None:
        """Everything; ``scale`` with the numbers of the vertical axis, ``edge`` wide, on the left."""
        self._paint_head()
        if not len(self._profile.values):
            self._painter.setPen(color(self._theme.muted))
            words = "Not defined: one of the two effects does not vary."
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            self._painter.drawText(self._inside, flags, words)
            return
        self._paint_grid(edge if scale else 0.0)
        self._paint_walls()
        if self._signed:
            self._paint_line()
        else:
            self._paint_valley()

    # -- pixels

    def _px(self, value: float) -> float:
        low, high = self._x
        return self._inside.left() + (value - low) / (high - low) * self._inside.width()

    def _py(self, zeta: float) -> float:
        low, high = (-TOP, TOP) if self._signed else (0.0, TOP)
        return self._inside.bottom() - (zeta - low) / (high - low) * self._inside.height()

    def _at(self, value: float, zeta: float) -> QPointF:
        return QPointF(self._px(value), self._py(zeta))

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
        for words, tint in headline(self._profile, theme):
            painter.setPen(color(tint))
            room = max(below.right() - x, 0.0)
            text = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(x, below.top(), room, line), left, text)
            x += self._metrics.horizontalAdvance(text)

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

    def _scale(self) -> list[tuple[float, str]]:
        """Where numbers stand at the left, the more important first."""
        if self._signed:
            return [(float(k), tick_text(float(k), 1.0)) for k in (0, -2, 2, -1, 1)]
        order = (MAIN, 0, 1, 4, 2)
        return [(CUTS[k], f"{100 * LEVELS[k]:g} %") for k in order]

    def _paint_walls(self) -> None:
        """Where the parameter's range ends, the panel does."""
        theme, painter, inside = self._theme, self._painter, self._inside
        for bound in self._profile.reached(LEVELS[-1]):
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
        values, zeta = self._profile.values, self._profile.zeta
        last = CUTS[-1]
        full = np.union1d(zeta, [z for z in (-last, last) if zeta[0] < z < zeta[-1]])
        keep = np.abs(full) <= last
        return np.interp(full, zeta, values)[keep], full[keep]

    def _paint_valley(self) -> None:
        theme, painter, profile = self._theme, self._painter, self._profile
        values, zeta = self._curve()
        line = QPolygonF([self._at(float(v), abs(float(z))) for v, z in zip(values, zeta, strict=True)])
        top = self._py(CUTS[-1])
        limits = profile.limits
        for k in reversed(range(len(LEVELS))):
            y = self._py(CUTS[k])
            x = [self._px(float(v)) if math.isfinite(v) else self._inside.right() for v in limits[k]]
            self._paint_step(line, y, x, 0.10 if k != 0 else 0.16)
            main = k == MAIN
            painter.setPen(
                pen(self._hue, theme.line_width * (2.2 if main else 0.9), alpha=1.0 if main else 0.55)
            )
            painter.drawLine(QPointF(x[0], y), QPointF(x[1], y))
        painter.setPen(pen(theme.text, theme.line_width * 0.7, alpha=0.6, dashed=True))
        painter.drawLine(self._at(profile.estimate, 0.0), QPointF(self._px(profile.estimate), top))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(self._hue, theme.line_width * 1.3))
        painter.drawPolyline(line)
        self._paint_estimate()

    def _paint_step(self, line: QPolygonF, y: float, x: list[float], alpha: float) -> None:
        """Fill the valley from its bottom to an interval's bar."""
        below = QPainterPath()
        below.addPolygon(QPolygonF([QPointF(x[0], y), *_below(line, y), QPointF(x[1], y)]))
        below.closeSubpath()
        self._painter.fillPath(below, color(self._hue, alpha))

    def _paint_line(self) -> None:
        theme, painter, profile = self._theme, self._painter, self._profile
        values, zeta = self._curve()
        zero = self._py(0.0)
        painter.setPen(pen(theme.muted, theme.line_width * 0.8, dashed=True))
        painter.drawLine(QPointF(self._inside.left(), zero), QPointF(self._inside.right(), zero))
        for k, (low, high) in enumerate(profile.limits):
            main = k == MAIN
            painter.setPen(
                pen(self._hue, theme.line_width * (1.3 if main else 0.7), alpha=0.9 if main else 0.4)
            )
            for value, sign in ((low, -1.0), (high, 1.0)):
                if math.isfinite(value) and value not in profile.bounds:
                    painter.drawLine(QPointF(self._px(value), zero), self._at(value, sign * CUTS[k]))
        painter.setPen(pen(self._hue, theme.line_width * 1.3))
        painter.drawPolyline([self._at(float(v), float(z)) for v, z in zip(values, zeta, strict=True)])
        self._paint_estimate()

    def _paint_estimate(self) -> None:
        theme, painter = self._theme, self._painter
        painter.setPen(QPen(color(theme.surface), 1.2))
        painter.setBrush(color(self._hue))
        radius = theme.px(9) / 2
        painter.drawEllipse(self._at(self._profile.estimate, 0.0), radius, radius)


def _below(line: QPolygonF, y: float) -> list[QPointF]:
    """The points of a valley's line that lie below a height."""
    return [line.at(k) for k in range(line.count()) if line.at(k).y() >= y]


def x_range(profile: ParameterProfile) -> tuple[float, float]:
    """What a panel shows: the 99 % interval, with room; where it has no end, what is known."""
    if not len(profile.values):
        return (-1.0, 1.0)
    inside = profile.values[np.abs(profile.zeta) <= CUTS[-1]]
    ends = np.array([inside.min(), inside.max(), *profile.limits[-1]])
    return span(ends, 0.05)


def headline(profile: ParameterProfile, theme: Theme) -> tuple[tuple[str, str], ...]:
    """Estimate and 95 % interval, with a word where an end of the range is reached; each with its colour."""
    if not len(profile.values):
        return ()
    low, high = profile.interval()
    places = decimals(profile)
    ends = " to ".join(_limit(v, places, profile) for v in (low, high))
    text = f"{_limit(profile.estimate, places, profile)}, 95 %: {ends}"
    reached = profile.reached()
    if not reached:
        return ((text, theme.muted),)
    words = f" · reaches {_whole(reached[0])}" if len(reached) == 1 else " · the whole range"
    return ((text, theme.muted), (words, theme.warn))


def decimals(profile: ParameterProfile) -> int:
    """Decimals that show three digits of how wide the 95 % interval is."""
    low, high = profile.interval()
    wide = high - low if math.isfinite(high - low) else abs(profile.estimate)
    return 2 if not wide > 0 else min(max(2 - math.floor(math.log10(wide)), 0), 10)


def _limit(value: float, places: int, profile: ParameterProfile) -> str:
    if math.isinf(value):
        return "∞"
    return _whole(value) if value in profile.bounds else decimal(value, places)


def _whole(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def tip(profile: ParameterProfile) -> str:
    """All intervals of a parameter, for the mouse."""
    name = f"<b>{html.escape(profile.title)}</b>"
    if not len(profile.values):
        return f"{name}<br>Not defined: one of the two effects does not vary."
    places = decimals(profile) + 1
    lines = [
        f"{100 * level:g} %: {_limit(low, places, profile)} to {_limit(high, places, profile)}"
        for level, (low, high) in zip(LEVELS, profile.limits.tolist(), strict=True)
    ]
    return f"{name}<br>ML estimate {decimal(profile.estimate, places)}<br>" + "<br>".join(lines)
