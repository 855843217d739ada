"""What depends on where the zero is: ρ, and the criterion of models with ρ and without."""

from __future__ import annotations

import html
import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.origin import OriginFigure, origin_point
from mmgui.figures.origin_criterion import OriginCriterion, OriginModel
from mmgui.figures.origin_curve import correlation_over
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import decimal, number
from mmgui.plots.origin_axis import LEFT_ROOM, OriginPanel
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, item_pen, pen


class CorrelationPanel(OriginPanel):
    """ρ over the origin."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: OriginFigure | None = None
        self._curve = pg.PlotCurveItem()

    def show_figure(self, figure: OriginFigure, limits: tuple[float, float]) -> None:
        """Draw everything anew over these origins."""
        theme = self.theme
        self.clear_items()
        hue = theme.term_color(figure.term)
        self._curve = pg.PlotCurveItem(pen=item_pen(hue, theme.line_width * 1.5), connect="finite")
        zero = pg.InfiniteLine(0.0, 0.0, pen=item_pen(theme.muted, theme.line_width * 0.8, dashed=True))
        for item in (zero, self._curve):
            self.add(item)
        self.bottom.set_title(f"Zero of {figure.column}")
        self.left.set_title("ρ")
        self.left.set_style(least=theme.px(LEFT_ROOM))
        self.set_home(limits, (-1.08, 1.08))
        self.follow(figure)

    def follow(self, figure: OriginFigure) -> None:
        """The same at other covariance parameters."""
        self._figure = figure
        self.forget_still()
        shown = self.home()
        origins = np.linspace(shown.left(), shown.right(), 97)
        self._curve.setData(origins, correlation_over(figure, origins), connect="finite")
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        self.paint_line(painter)
        rho = origin_point(figure, self.origin).correlation
        if not math.isfinite(rho):
            return
        at, theme = self.pixel(self.origin, rho), self.theme
        painter.setPen(pen(theme.surface, theme.line_width))
        painter.setBrush(color(theme.term_color(figure.term)))
        painter.drawEllipse(at, theme.px(5), theme.px(5))
        self.paint_words(painter, f"ρ {decimal(rho, 2)}", QPointF(at.x(), at.y() + theme.px(12)))


class CriterionPanel(OriginPanel):
    """The criterion of each model over the origin, above the smallest."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: OriginCriterion | None = None

    def show_figure(self, figure: OriginCriterion, limits: tuple[float, float]) -> None:
        """Draw everything anew over these origins."""
        theme = self.theme
        self._figure = figure
        self.forget_still()
        self.clear_items()
        heights = [m.criterion - figure.reference for m in figure.models]
        for model, height in zip(figure.models, heights, strict=True):
            free = model.key == "correlated"
            hue = theme.term_color(figure.term) if free else theme.muted
            line = item_pen(hue, theme.line_width * (1.9 if model.own else 1.3), dashed=not model.own)
            self.add(pg.PlotCurveItem(figure.origins, height, pen=line, connect="finite"))
        self.bottom.set_title(f"Zero of {figure.column}")
        self.left.set_title("above the best")
        self.left.set_style(least=theme.px(LEFT_ROOM))
        known = np.concatenate([*heights, [1.0]])
        top = float(np.nanmax(known))
        self.set_home(limits, (-0.2 * top, 1.1 * top))

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        self.paint_line(painter)
        theme, inside = self.theme, figure.origins[0] <= self.origin <= figure.origins[-1]
        if not inside:
            return
        above = math.inf
        for model in sorted(figure.models, key=lambda m: m.key != "correlated"):
            height = figure.at(model.key, self.origin)
            if not math.isfinite(height):
                continue
            free = model.key == "correlated"
            hue = theme.term_color(figure.term) if free else theme.muted
            at = self.pixel(self.origin, height)
            painter.setPen(pen(theme.surface, theme.line_width))
            painter.setBrush(color(hue))
            painter.drawEllipse(at, theme.px(5), theme.px(5))
            # The flat line's words below it where the curve touches it, the curve's above.
            y = at.y() + theme.px(11) if free else min(at.y() - theme.px(11), above)
            words = self.paint_words(painter, words_of(model, height), QPointF(at.x(), y), tint=hue)
            above = words.top() - words.height() / 2 if free else above


def words_of(model: OriginModel, height: float) -> str:
    """``without ρ +9.9``."""
    return f"{model.words} +{number(height, 2)}" if height >= 0.005 else f"{model.words} +0"


class OriginCorrelationPlot(Plot):
    """ρ against the origin, with where it is now."""

    title = "Correlation"
    empty = "The correlation of intercept and slope is drawn here."
    origin_wanted = Signal(float)

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: OriginFigure | None = None
        self._limits = (0.0, 1.0)
        self._panel = CorrelationPanel()
        super().__init__(themes, selection, parent)
        self._panel.origin_wanted.connect(self.origin_wanted)
        self.set_body(self._panel)

    def set_data(self, figure: OriginFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        if figure is not None:
            self._limits = figure.span
        self.show_figure(figure is not None)

    def follow(self, figure: OriginFigure) -> None:
        """The same slope at other covariance parameters."""
        self._figure = figure
        self._panel.follow(figure)

    def show_origin(self, origin: float) -> None:
        """Put the zero elsewhere."""
        self._panel.show_origin(origin)

    def widen(self, limits: tuple[float, float]) -> None:
        """Show at least these origins."""
        self._limits = limits
        self.dress(self._theme)

    def settle(self) -> None:
        self._panel.settle()

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._panel.apply_theme(theme)
            self._panel.show_figure(self._figure, self._limits)

    def legend(self, _theme: Theme) -> str:
        if self._figure is None:
            return ""
        return f"of intercept and slope, by where {html.escape(self._figure.column)} is 0"

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()


class OriginCriterionPlot(Plot):
    """The criterion of the refitted models against the origin."""

    title = "Fit"
    empty = "The model is refitted with its zero elsewhere …"
    origin_wanted = Signal(float)

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: OriginCriterion | None = None
        self._limits: tuple[float, float] | None = None
        self._panel = CriterionPanel()
        super().__init__(themes, selection, parent)
        self._panel.origin_wanted.connect(self.origin_wanted)
        self.set_body(self._panel)

    def set_data(self, figure: OriginCriterion | None) -> None:
        """Show a figure, or the empty state."""
        self._figure, self._limits = figure, None
        self.show_figure(figure is not None)

    def say(self, words: str) -> None:
        """What stands in place of a picture that is not there yet."""
        self._quiet.setText(words)

    def show_origin(self, origin: float) -> None:
        """Put the zero elsewhere."""
        self._panel.show_origin(origin)

    def widen(self, limits: tuple[float, float]) -> None:
        """Show at least these origins."""
        self._limits = limits
        self.dress(self._theme)

    def settle(self) -> None:
        self._panel.settle()

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is not None:
            self._panel.apply_theme(theme)
            ends = (float(figure.origins[0]), float(figure.origins[-1]))
            self._panel.show_figure(figure, self._limits or ends)

    def heading(self) -> str:
        return self.title if self._figure is None else self._figure.criterion_name

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        marks = []
        for model in figure.models:
            hue = theme.term_color(figure.term) if model.key == "correlated" else theme.muted
            sign = "━" if model.own else "╌"
            own = ", this model" if model.own else ""
            marks.append(f'<span style="color:{hue}">{sign}</span> {html.escape(model.words)}{own}')
        return "refitted: " + " · ".join(marks)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()
