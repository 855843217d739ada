"""An axis as the plots want it: few round numbers or names, a faint grid, a title, room known beforehand."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter

from mmgui.app.theme import LIGHT, Theme
from mmgui.numbers import scientific
from mmgui.plots.style import color, pen, text_font


def round_step(span: float, wanted: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that puts at most ``wanted`` ticks on ``span``."""
    rough = span / max(wanted, 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * (1 - 1e-9))


def tick_text(value: float, step: float) -> str:
    """A tick's number with as many decimals as its step needs."""
    if step >= 1e6 or step < 1e-5:
        if abs(value) < 0.5 * step:
            return "0"
        places = math.floor(math.log10(abs(value)) + 1e-9) - math.floor(math.log10(step) + 1e-9)
        return scientific(value, max(places, 0) + 1)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    text = f"{value:.{places}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


class Axis(pg.AxisItem):  # type: ignore[misc]
    """The left or bottom axis of a panel.

    pyqtgraph learns the size of its labels only while painting; a picture that is rendered once, to a
    file, would be cut. This axis works its room out from the range.
    """

    refitted = Signal()
    """It looks another way."""
    # On the class, because pyqtgraph's constructor asks for the range before ours has run.
    _theme: Theme = LIGHT
    _title = ""
    _names: tuple[str, ...] | None = None
    _whole = False
    _least = 0.0
    _grid = True
    _hidden_text = False
    _ready = False

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.showLabel(False)
        self._ready = True

    @property
    def vertical(self) -> bool:
        return bool(self.orientation == "left")

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.refit()

    def set_title(self, title: str) -> None:
        self._title = title
        self.refit()

    def title(self) -> str:
        return self._title

    def set_names(self, names: tuple[str, ...] | None) -> None:
        """Label the positions 0, 1, … with names; None for numbers."""
        self._names = names
        self.refit()

    def set_style(
        self, *, whole: bool = False, grid: bool = True, text: bool = True, least: float = 0.0
    ) -> None:
        """Ticks at whole numbers only; grid or none; numbers or none; thickness at least so many pixels."""
        self._whole, self._grid, self._hidden_text, self._least = whole, grid, not text, least
        self.refit()

    def setRange(self, mn: float, mx: float) -> None:
        super().setRange(mn, mx)
        if self._ready:
            self.refit()

    # -- room

    def refit(self) -> None:
        """Ask for the room that texts need at the present range."""
        room = self.thickness()
        if self.vertical:
            self.setWidth(room)
        else:
            self.setHeight(room)
        self.update()
        self.refitted.emit()

    def thickness(self) -> float:
        metrics = self._metrics()
        title = metrics.height() + self._theme.px(4) if self._title else 0.0
        if self._hidden_text:
            return max(title, self._least)
        texts = [metrics.horizontalAdvance(t) for _, t in self.ticks()]
        text = (max(texts, default=0.0) if self.vertical else metrics.height()) + self._theme.px(7)
        return max(math.ceil(text + title), self._least)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(text_font(self._theme))

    def _length(self) -> float:
        view = self.linkedView()
        if view is None:
            return 300.0
        size = view.size()
        return max(float(size.height() if self.vertical else size.width()), 20.0)

    # -- ticks

    def ticks(self) -> list[tuple[float, str]]:
        """Positions and texts at the present range."""
        low, high = sorted(float(v) for v in self.range)
        if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
            return []
        return self._name_ticks(low, high) if self._names is not None else self._number_ticks(low, high)

    def _number_ticks(self, low: float, high: float) -> list[tuple[float, str]]:
        step = round_step(high - low, min(max(self._length() / self._theme.px(self._spacing()), 2.0), 8.0))
        if high - low < 2.0 * step:
            step = round_step(high - low, 4.0)
        if self._whole:
            step = max(1.0, step)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return self._apart([(k * step, tick_text(k * step, step)) for k in range(first, last + 1)])

    def _apart(self, ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
        """Every tick, or every second, third … where their texts would touch side by side."""
        if self.vertical or len(ticks) < 2:
            return ticks
        low, high = sorted(float(v) for v in self.range)
        between = (ticks[1][0] - ticks[0][0]) / (high - low) * self._length()
        widest = max(self._metrics().horizontalAdvance(text) for _, text in ticks) + self._theme.px(6)
        return ticks[:: max(1, math.ceil(widest / between - 1e-9))]

    def _spacing(self) -> float:
        return 42.0 if self.vertical else 64.0

    def _name_ticks(self, low: float, high: float) -> list[tuple[float, str]]:
        names = self._names or ()
        metrics = self._metrics()
        row = self._length() / (high - low)
        # All names as long as they fit; where they do not, fewer of them with air between.
        every = (
            1
            if row >= metrics.height() * 0.9
            else math.ceil(metrics.height() * (1.1 if len(names) <= 60 else 1.8) / row)
        )
        room = float(self._theme.px(110))
        if not self.vertical:
            # Side by side, names want a few letters each, and no more than their share of the width.
            every = max(1, math.ceil(self._theme.px(34) / row))
            room = min(room, row * every - self._theme.px(6))
        first, last = max(0, math.ceil(low)), min(len(names) - 1, math.floor(high))
        return [
            (float(k), metrics.elidedText(names[k], Qt.TextElideMode.ElideMiddle, room))
            for k in _picked_names(len(names), every, first, last)
        ]

    # -- painting

    def boundingRect(self) -> QRectF:
        rect = self.mapRectFromParent(self.geometry())
        view = self.linkedView()
        if view is not None:
            rect = rect.united(self.mapRectFromItem(view, view.boundingRect()))
        more = self._theme.px(40)
        return QRectF(rect.adjusted(-more, -more, more, more))

    def paint(self, painter: QPainter, _option: object, _widget: object) -> None:
        view = self.linkedView()
        if view is None:
            return
        inside = self.mapRectFromItem(view, view.boundingRect())
        own = self.mapRectFromParent(self.geometry())
        low, high = (float(v) for v in self.range)
        if high == low:
            return
        painter.setFont(text_font(self._theme))
        for value, text in self.ticks():
            share = (value - low) / (high - low)
            if self.vertical:
                self._paint_left(painter, inside, own, inside.bottom() - share * inside.height(), text)
            else:
                self._paint_bottom(painter, inside, inside.left() + share * inside.width(), text)
        self._paint_title(painter, inside, own)

    def _paint_left(self, painter: QPainter, inside: QRectF, own: QRectF, y: float, text: str) -> None:
        if self._grid:
            painter.setPen(pen(self._theme.grid, max(1.0, self._theme.line_width / 1.5)))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
        if not self._hidden_text:
            painter.setPen(color(self._theme.muted))
            height = self._metrics().height()
            room = QRectF(own.left(), y - height / 2, own.width() - self._theme.px(7), height)
            # Digits are not as high as their line.
            if self._reaches_over(room.adjusted(0.0, height / 5, 0.0, -height / 5)):
                return
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_bottom(self, painter: QPainter, inside: QRectF, x: float, text: str) -> None:
        if self._grid:
            painter.setPen(pen(self._theme.grid, max(1.0, self._theme.line_width / 1.5)))
            painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()))
        if not self._hidden_text:
            painter.setPen(color(self._theme.muted))
            metrics = self._metrics()
            width = metrics.horizontalAdvance(text) + 4
            room = QRectF(x - width / 2, inside.bottom() + self._theme.px(5), width, metrics.height())
            # A number cut at the picture's edge would read as another: “0.4” for “−0.4”.
            if self._reaches_over(room):
                return
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _reaches_over(self, room: QRectF) -> bool:
        panel = self.parentItem()
        if panel is None:
            return False
        whole = self.mapRectFromItem(panel, panel.boundingRect())
        if self.vertical:
            return bool(room.top() < whole.top() - 1.0 or room.bottom() > whole.bottom() + 1.0)
        return bool(room.left() < whole.left() - 1.0 or room.right() > whole.right() + 1.0)

    def _paint_title(self, painter: QPainter, inside: QRectF, own: QRectF) -> None:
        if not self._title:
            return
        metrics = self._metrics()
        painter.setPen(color(self._theme.muted))
        if self.vertical:
            text = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, inside.height())
            painter.save()
            painter.translate(own.left() + metrics.height() / 2, inside.center().y())
            painter.rotate(-90)
            room = QRectF(-inside.height() / 2, -metrics.height() / 2, inside.height(), metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
            painter.restore()
        else:
            text = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, inside.width())
            room = QRectF(inside.left(), own.bottom() - metrics.height(), inside.width(), metrics.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _picked_names(count: int, every: int, first: int, last: int) -> list[int]:
    """Which of so many names stand from ``first`` to ``last`` at an axis that has room for one in ``every``.

    The first and last of all are among them: sorted rows have there what is looked for.
    """
    steps = max(count - 1, 0) // every
    if not steps:
        return [0] if count and first <= 0 <= last else []
    apart = (count - 1) / steps
    # Of thousands of names but those in sight are gone through.
    near = range(max(math.floor(first / apart), 0), min(math.ceil(last / apart), steps) + 1)
    picked = (round(k * (count - 1) / steps) for k in near)
    return [k for k in picked if first <= k <= last]
