"""Σ as the ellipse it is: conditional modes inside it, its principal axes, a line where it is singular."""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import CovarianceFigure, ellipse
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel, GroupPlot
from mmgui.plots.style import color, item_pen

PROBABILITIES = (0.9, 0.5)
SHOWN_EFFECTS = 6
FloatArray = NDArray[np.float64]


class EllipsePanel(GroupPanel):
    """Two effects: regions that hold 50 and 90 % of the groups, and the groups."""

    def __init__(self, across: int, up: int) -> None:
        super().__init__()
        self.pair = (across, up)
        self._figure: CovarianceFigure | None = None

    def show_figure(self, figure: CovarianceFigure, names: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        theme, pair = self.theme, list(self.pair)
        self._figure = figure
        self.clear_items()
        self.bottom.set_title(names[pair[0]])
        self.left.set_title(names[pair[1]])
        hue = theme.term_color(figure.term)
        covariance = figure.covariance[np.ix_(pair, pair)]
        outlines = [ellipse(covariance, np.zeros(2), p) for p in PROBABILITIES]
        for outline in outlines:
            self.add(_filled(outline, hue, theme.line_width))
        axes = _principal_axes(covariance)
        self.add(
            pg.PlotCurveItem(
                *axes.T, connect="pairs", pen=item_pen(theme.muted, theme.line_width * 0.7, dashed=True)
            )
        )
        modes = figure.modes[:, pair]
        size = max(3.5, 7.0 * theme.scale**0.75 * (1.0 if len(modes) <= 60 else 0.7))
        self.add(pg.ScatterPlotItem(*modes.T, size=size, pen=item_pen(theme.surface, 0.8), brush=color(hue)))
        self.set_points(modes, np.arange(len(modes)))
        everything = np.vstack([*outlines, modes])
        self.set_home(span(everything[:, 0]), span(everything[:, 1]))

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        theme, pair, taken = self.theme, list(self.pair), list[QRectF]()
        hue = color(theme.term_color(figure.term))
        covariance = figure.covariance[np.ix_(pair, pair)]
        if self.inside().width() > theme.px(220) and np.linalg.eigvalsh(covariance)[0] > 0:
            for p in PROBABILITIES:
                outline = ellipse(covariance, np.zeros(2), p)
                top = outline[np.argmax(outline[:, 1])]
                self.paint_label(
                    painter, f"{p:.0%}".replace("%", " %"), self.pixel(*top), taken, tint=theme.muted
                )
        for group in self.picked[:12]:
            at = self.pixel(*figure.modes[group, pair])
            painter.setPen(QPen(color(theme.surface), 1.5))
            painter.setBrush(hue)
            radius = theme.px(8) * 0.7
            painter.drawEllipse(at, radius, radius)
            self.paint_label(painter, figure.levels[group], at, taken, tint=theme.text, bold=True)


class BellPanel(GroupPanel):
    """One effect: the normal density with its SD, every group's mode as a mark beneath."""

    def __init__(self) -> None:
        super().__init__()
        self._figure: CovarianceFigure | None = None

    def show_figure(self, figure: CovarianceFigure, names: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        theme = self.theme
        self._figure = figure
        self.clear_items()
        self.bottom.set_title(f"{names[0]}: difference from the average")
        self.left.set_style(text=False, grid=False, least=theme.px(20))
        hue = theme.term_color(figure.term)
        sd = float(np.sqrt(max(figure.covariance[0, 0], 0.0)))
        modes = figure.modes[:, 0]
        if sd > 0:
            x = np.linspace(-3.2 * sd, 3.2 * sd, 161)
            bell = np.column_stack([x, np.exp(-0.5 * (x / sd) ** 2)])
            self.add(_filled(bell, hue, theme.line_width))
        else:
            spike = pg.PlotCurveItem([0.0, 0.0], [0.0, 1.0], pen=item_pen(hue, theme.line_width * 1.6))
            self.add(spike)
        reach = span(np.concatenate([modes, [-3.2 * sd, 3.2 * sd]]), 0.02)
        size = max(3.5, 7.0 * theme.scale**0.75 * (1.0 if len(modes) <= 60 else 0.6))
        y = np.full(len(modes), -0.09)
        alpha = 1.0 if len(modes) <= 60 else 0.35
        self.add(
            pg.ScatterPlotItem(modes, y, size=size, pen=item_pen(theme.surface, 0.5), brush=color(hue, alpha))
        )
        self.set_points(np.column_stack([modes, y]), np.arange(len(modes)))
        self.set_home(reach, (-0.2, 1.08))

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        taken: list[QRectF] = []
        for group in self.picked[:12]:
            at = self.pixel(float(figure.modes[group, 0]), -0.09)
            painter.setPen(QPen(color(self.theme.surface), 1.5))
            painter.setBrush(color(self.theme.term_color(figure.term)))
            radius = self.theme.px(8) * 0.7
            painter.drawEllipse(at, radius, radius)
            self.paint_label(painter, figure.levels[group], at, taken, tint=self.theme.text, bold=True)


class EllipsePlot(GroupPlot):
    """One effect: a bell. Two: an ellipse. Three or more: an ellipse for each pair."""

    title = "Distribution of the effects"
    empty = "After a fit, the distribution the groups are drawn from stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CovarianceFigure | None = None
        self._kind = 0
        super().__init__(themes, selection, parent)

    def set_data(self, figure: CovarianceFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = figure
        if figure is not None:
            self._build(min(len(figure.effects), SHOWN_EFFECTS))
        self.show_figure(figure is not None)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def _build(self, effects: int) -> None:
        if effects == self._kind:
            return
        self._kind = effects
        if effects == 1:
            self.set_panels([BellPanel()], [(0, 0)])
        else:
            pairs = [(j, i) for i in range(1, effects) for j in range(i)]
            self.set_panels([EllipsePanel(j, i) for j, i in pairs], [(i - 1, j) for j, i in pairs])

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        names = figure.titles or tuple(effect_name(e) for e in figure.effects)
        for panel in self.panels():
            panel.apply_theme(theme)
            if isinstance(panel, EllipsePanel | BellPanel):
                panel.show_figure(figure, names)
            if isinstance(panel, EllipsePanel) and self._kind > 2:
                if panel.pair[0] > 0:
                    panel.left.set_title("")
                if panel.pair[1] < self._kind - 1:
                    panel.bottom.set_title("")
                panel.set_margins(right=theme.px(8), top=theme.px(6))

    def heading(self) -> str:
        return self.title if self._figure is None else f"Distribution of {self._figure.grouping}"

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        dot = f'<span style="color:{theme.term_color(figure.term)}">●</span> conditional modes'
        if len(figure.effects) == 1:
            return (
                f"{dot} under the normal distribution of SD {number(float(figure.covariance[0, 0]) ** 0.5)}"
            )
        return f"{dot} inside the 50 and 90 % ellipses of Σ"

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        notes = [figure.direction] if figure.direction else []
        if len(figure.effects) > SHOWN_EFFECTS:
            notes.append(f"The first {SHOWN_EFFECTS} of {len(figure.effects)} effects are shown.")
        return tuple(notes)

    def grouping(self) -> str:
        return "" if self._figure is None else self._figure.grouping

    def levels(self) -> tuple[str, ...]:
        return () if self._figure is None else self._figure.levels

    def order(self) -> tuple[int, ...]:
        if self._figure is None:
            return ()
        return tuple(int(k) for k in np.argsort(self._figure.modes[:, 0], kind="stable"))

    def tip(self, group: int) -> str:
        figure = self._figure
        if figure is None:
            return ""
        lines = [f"<b>{html.escape(figure.levels[group])}</b>"]
        for j, effect in enumerate(figure.effects):
            lines.append(f"{html.escape(effect_name(effect))}: {number(float(figure.modes[group, j]))}")
        return "<br>".join(lines)


def _filled(outline: FloatArray, hue: str, width: float) -> QGraphicsPathItem:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in outline]))
    item = QGraphicsPathItem(path)
    item.setPen(item_pen(hue, width, alpha=0.8))
    item.setBrush(color(hue, 0.09))
    return item


def _principal_axes(covariance: FloatArray) -> FloatArray:
    """Both axes of the 90 % ellipse as two segments (4, 2)."""
    values, vectors = np.linalg.eigh(covariance)
    half = vectors * np.sqrt(np.maximum(values, 0.0)) * np.sqrt(-2.0 * np.log1p(-0.9))
    return np.vstack([-half[:, 0], half[:, 0], -half[:, 1], half[:, 1]])
