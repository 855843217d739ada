"""A fit under way: how far it is, its path, and the SDs and Σ where the optimiser is now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import ellipse
from mmgui.figures.live import LiveCovariance, LiveFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import TraceSds
from mmgui.numbers import count, decimal, number
from mmgui.plots.canvas import Canvas
from mmgui.plots.style import color, mix, pen, text_font
from mmgui.plots.trace_plot import TracePlot

FloatArray = NDArray[np.float64]

NARROW = 460
LEVEL = 0.5
MOST_BARS = 9
LEAST_MS = 30


class LivePlot(QWidget):
    """Filled with every 30th of a second of a running fit; ``stop_wanted`` keeps the best point."""

    stop_wanted = Signal()

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("livePlot")
        self.setAccessibleName("The fit under way")
        self._themes = themes
        self._figure: LiveFigure | None = None
        self._widest, self._reach = 0.0, (0.0, 0.0)
        self._drawn = QElapsedTimer()
        self._state = QLabel()
        self._state.setObjectName("liveState")
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stop = QPushButton("Stop and keep the best")
        self.stop.setObjectName("liveStop")
        self.stop.setAccessibleName("Stop the fit and keep its best point")
        self.stop.setProperty("role", "pill")
        self.stop.clicked.connect(self.stop_wanted)
        self.trace = TracePlot(themes)
        self.trace.setObjectName("liveTracePlot")
        self.trace.set_titled(False)
        self.now = Canvas(self._paint_now)
        self.now.setObjectName("liveNow")
        self.now.setAccessibleName("Standard deviations where the optimiser is")
        head = self._head = QHBoxLayout()
        head.addWidget(self._state, 1)
        head.addWidget(self.stop)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(self.trace, 3)
        body.addWidget(self.now, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addLayout(head)
        box.addLayout(body, 1)
        themes.theme_changed.connect(self._on_theme)

    def begin(self, state: str) -> None:
        """Another fit, of which only this is known yet."""
        self._figure, self._widest, self._reach = None, 0.0, (0.0, 0.0)
        self.trace.set_data(None)
        self._say(state, "")
        self.now.update()

    def set_data(self, figure: LiveFigure) -> None:
        """Show how far the fit is."""
        if self._figure is not None and figure.evaluations < self._figure.evaluations:
            self._widest, self._reach = 0.0, (0.0, 0.0)
        elif self._figure is not None and figure.state == self._figure.state and self._too_soon(figure):
            return
        self._drawn.start()
        self._figure = figure
        self.trace.set_data(figure.trace)
        best = f"lowest {figure.trace.criterion} {decimal(figure.trace.best, 2)}"
        self._say(figure.state, f"{count(figure.evaluations, 'evaluation')} · {best}")
        self._widen(figure)
        self.now.update()

    def _too_soon(self, figure: LiveFigure) -> bool:
        """Long paths take long to draw: they are drawn less often, so that the window stays quick."""
        return self._drawn.isValid() and self._drawn.elapsed() < figure.evaluations // 4 - LEAST_MS

    def table(self) -> FigureTable:
        """The path so far."""
        return self.trace.table()

    def _say(self, state: str, more: str) -> None:
        muted = self._themes.theme.muted
        rest = f" &nbsp;<span style='color:{muted}'>{more}</span>" if more else ""
        self._state.setText(f"<b>{state[:1].upper()}{state[1:]}</b>{rest}")

    def _widen(self, figure: LiveFigure) -> None:
        """Scales grow by halves, so that what moves is what the optimiser moves."""
        sds = figure.trace.sds
        if sds is not None:
            largest = float(np.max(sds.values[-1], initial=0.0))
            self._widest = self._widest or 1.25 * largest
            while 0.0 < self._widest < largest < np.inf:
                self._widest *= 1.5
        if figure.covariance is not None:
            size = np.sqrt(np.maximum(np.diag(figure.covariance.covariance), 0.0))
            reach = np.where(np.array(self._reach) > 0.0, self._reach, 2.2 * size)
            while np.any(reach < 1.3 * size) and np.all(np.isfinite(size)):
                reach = np.where(reach < 1.3 * size, 1.5 * np.maximum(reach, size), reach)
            self._reach = (float(reach[0]), float(reach[1]))

    # -- the picture of now

    def _paint_now(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._themes.theme
        if figure is None or figure.trace.sds is None:
            return
        sds, found = figure.trace.sds, figure.covariance
        ellipse_height = 0.0
        if found is not None and room.height() > theme.px(210):
            ellipse_height = min(0.52 * room.height(), room.width())
        bars = QRectF(room.left(), room.top(), room.width(), room.height() - ellipse_height)
        self._paint_bars(painter, bars, sds, theme)
        if found is not None and ellipse_height:
            top = QRectF(room.left(), bars.bottom(), room.width(), ellipse_height)
            self._paint_ellipse(painter, top, found, theme)

    def _paint_bars(self, painter: QPainter, room: QRectF, sds: TraceSds, theme: Theme) -> None:
        painter.setFont(text_font(theme))
        metrics = QFontMetricsF(text_font(theme))
        line = metrics.height() * 1.9
        fits = max(int((room.height() - metrics.height()) / line), 1)
        shown = list(range(len(sds.names)))
        if len(shown) > min(fits, MOST_BARS):
            # The residual always stands below the first terms.
            shown = [*shown[: min(fits, MOST_BARS) - 1], shown[-1]]
        painter.setPen(color(theme.muted))
        heading = QRectF(room.left(), room.top(), room.width(), metrics.height())
        painter.drawText(heading, Qt.AlignmentFlag.AlignLeft, "Standard deviations now")
        widest = metrics.horizontalAdvance("000.0") + theme.px(10)
        for place, k in enumerate(shown):
            top = room.top() + metrics.height() * 1.3 + place * line
            hue = theme.residual if sds.terms[k] < 0 else theme.term_color(sds.terms[k])
            value = float(sds.values[-1, k])
            name = metrics.elidedText(sds.names[k], Qt.TextElideMode.ElideRight, room.width() - widest)
            painter.setPen(color(theme.text))
            row = QRectF(room.left(), top, room.width(), metrics.height())
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft, name)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, number(value))
            bar = QRectF(room.left(), row.bottom() + 2, room.width(), theme.px(6))
            self._paint_bar(painter, bar, value, hue)

    def _paint_bar(self, painter: QPainter, room: QRectF, value: float, hue: str) -> None:
        theme, radius = self._themes.theme, room.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.grid))
        painter.drawRoundedRect(room, radius, radius)
        share = min(value / self._widest, 1.0) if self._widest > 0.0 and np.isfinite(value) else 0.0
        painter.setBrush(color(hue))
        filled = QRectF(room.left(), room.top(), share * room.width(), room.height())
        painter.drawRoundedRect(filled, radius, radius)

    def _paint_ellipse(self, painter: QPainter, room: QRectF, found: LiveCovariance, theme: Theme) -> None:
        metrics = QFontMetricsF(text_font(theme))
        hue = theme.term_color(found.term)
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        words = f"Σ of {found.grouping}: {found.titles[0]} across, {found.titles[1]} up"
        heading = QRectF(room.left(), room.top() + theme.px(4), room.width(), metrics.height())
        short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(heading, Qt.AlignmentFlag.AlignLeft, short)
        side = min(room.width(), room.bottom() - heading.bottom()) - theme.px(8)
        middle = QPointF(room.center().x(), heading.bottom() + theme.px(4) + side / 2)
        painter.setPen(pen(theme.grid, 1.2))
        painter.drawLine(middle - QPointF(side / 2, 0), middle + QPointF(side / 2, 0))
        painter.drawLine(middle - QPointF(0, side / 2), middle + QPointF(0, side / 2))
        for covariance, faint in ((found.lowest, True), (found.covariance, False)):
            if not np.all(np.isfinite(covariance)):
                continue
            outline = ellipse(covariance, np.zeros(2), LEVEL) / np.maximum(self._reach, 1e-300)
            half = side / 2
            points = [QPointF(middle.x() + x * half, middle.y() - y * half) for x, y in outline.tolist()]
            width = theme.line_width * (1.0 if faint else 1.6)
            painter.setPen(pen(hue, width, alpha=0.6 if faint else 1.0, dashed=faint))
            inside = color(mix(theme.surface, hue, 0.25).name(), 0.0 if faint else 0.5)
            painter.setBrush(inside)
            painter.drawPolygon(QPolygonF(points))

    # -- look

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.now.setVisible(self.width() >= self._themes.theme.px(NARROW))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self.now.setVisible(self.width() >= theme.px(NARROW))
        self.now.update()
