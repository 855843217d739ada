"""The optimiser's path: the criterion above, the parameters below, evaluation by evaluation."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import TraceFigure
from mmgui.numbers import count, number
from mmgui.plots.area import PlotArea, span
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, item_pen, text_font

LABELLED = 18


class TraceArea(PlotArea):
    """Lines over evaluations, each named at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("traceArea")
        self.ends: list[tuple[float, float, str, str]] = []
        self.bottom.set_style(whole=True)

    def reserve(self) -> float:
        """Room right of the lines for their names."""
        metrics = QFontMetricsF(text_font(self.theme))
        widest = max((metrics.horizontalAdvance(e[2]) for e in self.ends), default=0.0)
        return min(widest, self.theme.px(150)) + self.theme.px(18)

    def names_fit(self, lines: int) -> bool:
        """Whether so many names have room one below the other."""
        line = QFontMetricsF(text_font(self.theme)).height() * 0.92
        return lines * line <= self.inside().height() + line

    def paint_over(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(text_font(self.theme))
        painter.setFont(text_font(self.theme))
        inside, line = self.inside(), metrics.height() * 0.92
        places = [(self.pixel(x, y), text, hue) for x, y, text, hue in self.ends]
        places.sort(key=lambda place: place[0].y())
        if not self.names_fit(len(places)):
            places = [(at, "", hue) for at, _, hue in places]
        heights = _apart([p.y() for p, _, _ in places], line, inside.top(), inside.bottom())
        for (at, text, hue), y in zip(places, heights, strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(hue))
            dot = self.theme.px(3.2)
            painter.drawEllipse(at, dot, dot)
            painter.setPen(color(hue))
            left = QPointF(at.x() + self.theme.px(8), y - metrics.height() / 2)
            room = QRectF(left, QPointF(self.width() - 2.0, y + metrics.height() / 2))
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)


class TracePlot(Plot):
    """Criterion on top, parameters below; live or after the fit."""

    title = "Path of the fit"
    empty = "While a model is fitted, the optimiser's path is drawn here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: TraceFigure | None = None
        self._distance = False
        super().__init__(themes, selection, parent)
        self._above, self._below = TraceArea(), TraceArea()
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self._above, 5)
        rows.addWidget(self._below, 6)
        self.set_body(body)
        self._lines: list[pg.PlotCurveItem] = []
        self._drawn_for: tuple[object, ...] = ()

    def set_data(self, figure: TraceFigure | None) -> None:
        """Show the path so far; cheap enough to be called for every frame of a running fit."""
        self._figure = figure
        same = figure is not None and self._filled and self._drawn_for == self._identity(figure)
        if same:
            self._update_lines(self._theme)
            self.refresh_words()
        else:
            self.show_figure(figure is not None)

    def show_distance(self, distance: bool) -> None:
        """Draw the criterion as its distance to the best value, on a logarithmic scale."""
        self._distance = distance
        self.show_figure(self._figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        self._above.settle()
        self._below.settle()

    # -- drawing

    def _identity(self, figure: TraceFigure) -> tuple[object, ...]:
        return (figure.parameters, figure.terms, self._theme, self._distance)

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        self._drawn_for = self._identity(figure)
        self._lines = []
        hues = [theme.text, *(theme.term_color(t) for t in figure.terms)]
        for k, hue in enumerate(hues):
            area = self._below if k else self._above
            if k < 2:
                area.apply_theme(theme)
                area.clear_items()
            line = pg.PlotCurveItem(pen=item_pen(hue, theme.line_width))
            self._lines.append(line)
            area.add(line)
        self._below.setVisible(bool(figure.parameters))
        self._above.bottom.set_style(whole=True, text=not figure.parameters)
        self._above.bottom.set_title("" if figure.parameters else "Evaluation")
        self._below.bottom.set_style(whole=True)
        self._below.bottom.set_title("Evaluation")
        self._above.left.set_title("log₁₀ distance to the best" if self._distance else figure.criterion)
        self._below.left.set_title("Relative to σ")
        self._update_lines(theme)

    def _update_lines(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        x = np.arange(1, len(figure.objective) + 1, dtype=float)
        criterion = self._criterion(figure)
        self._lines[0].setData(x, criterion)
        for k in range(len(figure.parameters)):
            self._lines[k + 1].setData(x, figure.theta[:, k])
        last = len(x) - 1
        self._above.ends, self._below.ends = [], []
        if last >= 0:
            best = number(float(np.min(figure.objective)), 6)
            self._above.ends = [(x[last], float(criterion[last]), best, theme.text)]
            if len(figure.parameters) <= LABELLED:
                ends = zip(figure.parameters, figure.terms, figure.theta[last], strict=True)
                self._below.ends = [(x[last], float(v), n, theme.term_color(t)) for n, t, v in ends]
        room = max(a.reserve() for a in (self._above, self._below))
        least = max(a.left.thickness() for a in (self._above, self._below))
        for area, values in ((self._above, criterion), (self._below, _within_reach(figure))):
            area.set_margins(right=room)
            area.set_home((1.0, max(float(len(x)), 2.0)), span(values, 0.08))
            least = max(least, area.left.thickness())
        for area in (self._above, self._below):
            area.left.set_style(least=least)
            area.viewport().update()

    def _criterion(self, figure: TraceFigure) -> np.ndarray:
        if not self._distance or not len(figure.objective):
            return figure.objective
        best = float(np.min(figure.objective))
        floor = 1e-10 * max(abs(best), 1.0)
        return np.log10(np.maximum(figure.objective - best, floor))

    # -- words

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        evaluations = count(len(figure.objective), "evaluation")
        words = f"{figure.criterion}, {evaluations}" + (", running…" if figure.running else "")
        many = len(figure.parameters)
        if many <= LABELLED and self._below.names_fit(many):
            return words
        # The lines have no names: their colours tell at least the grouping factor.
        groups = dict(zip(figure.terms, (name.split(": ")[0] for name in figure.parameters), strict=True))
        keys = (
            f'<span style="color:{theme.term_color(term)}">━</span> {html.escape(name)}'
            for term, name in sorted(groups.items())
        )
        return f"{words} &nbsp;{' &nbsp;'.join(keys)}"

    def menu(self) -> QMenu:
        menu = super().menu()
        action = menu.addAction("Log distance to the best")
        action.setObjectName("logDistanceAction")
        action.setCheckable(True)
        action.setChecked(self._distance)
        action.toggled.connect(self._on_distance)
        return menu

    @Slot(bool)
    def _on_distance(self, distance: bool) -> None:
        self.show_distance(distance)


def _within_reach(figure: TraceFigure) -> np.ndarray:
    """What the axis of the parameters spans: a trial far off must not flatten all others."""
    before = np.fmin.accumulate(np.append(np.inf, figure.objective))[:-1]
    return np.append(figure.theta[figure.objective < before].ravel(), 0.0)


def _apart(wanted: list[float], line: float, top: float, bottom: float) -> list[float]:
    """Ascending positions at least ``line`` apart, near the wanted ones, between top and bottom."""
    out: list[float] = []
    for y in wanted:
        out.append(max(y, out[-1] + line) if out else max(y, top + line / 2))
    limit = bottom - line / 2
    for k in range(len(out) - 1, -1, -1):
        out[k] = min(out[k], limit)
        limit = out[k] - line
    return out
