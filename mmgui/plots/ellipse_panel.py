"""One pair of effects as the ellipses of Σ, one effect as a bell; both follow the hand without rebuilding."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from mmgui.figures.covariance import CovarianceFigure, ellipse
from mmgui.figures.normal import joint_radius
from mmgui.numbers import number
from mmgui.plots.area import span
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.label_places import place_on_line
from mmgui.plots.labels import paint_label
from mmgui.plots.style import color, item_pen, text_font

PROBABILITIES = (0.9, 0.7, 0.5, 0.3, 0.1)
FILLED, LABELLED = (0.9, 0.5, 0.1), (0.9, 0.5)
STEP = 1.5
"""What is drawn beyond the range of the fit widens it by so much at a time, and never narrows it again while
the hand moves."""
ALONG = (0.8, 0.9, 0.7, 0.6, -0.8, -0.9, -0.7, -0.6, 0.5, -0.5)
"""Where on a principal axis its SD may stand."""
FLAT = 1e-3
"""An ellipse so much narrower than long is a line."""
FloatArray = NDArray[np.float64]


class SigmaPanel(GroupPanel):
    """What both kinds share: the range, the marks of picked groups, the group's dots."""

    items_move = True

    def __init__(self) -> None:
        super().__init__()
        self.figure: CovarianceFigure | None = None
        self.best: CovarianceFigure | None = None
        self.lit: frozenset[int] = frozenset()
        self._widened = 0
        self._dots = pg.ScatterPlotItem()
        self._all = np.empty(0, dtype=np.intp)

    def show_figure(self, figure: CovarianceFigure, names: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        self.figure = self.best = figure
        self._widened = 0
        self.clear_items()
        self._all = np.arange(len(figure.modes))
        self.build(names)
        self.follow(None)
        self._settle_range(*self.extent())

    def build(self, names: tuple[str, ...]) -> None:
        """Make the items, empty."""

    def extent(self) -> tuple[FloatArray, FloatArray]:
        """Everything drawn, across and up."""
        return np.zeros(1), np.zeros(1)

    def update_items(self, figure: CovarianceFigure) -> None:
        """Put the figure into the items."""

    def positions(self, figure: CovarianceFigure) -> FloatArray:
        """(L, 2) where the groups stand."""
        return np.zeros((len(figure.levels), 2))

    def follow(self, figure: CovarianceFigure | None) -> None:
        """Show the term at other parameters, or the best fit again."""
        shown = figure if figure is not None else self.best
        if shown is None:
            return
        self.figure = shown
        self.update_items(shown)
        at = self.positions(shown)
        self._dots.setData(*at.T)
        self.set_points(at, self._all)
        if figure is not None:
            self._keep_in_sight(*self.extent())
        elif self._widened:
            self._widened = 0
            self.view.setRange(self.home(), padding=0)

    def emphasise_effects(self, effects: frozenset[int]) -> None:
        """Draw what belongs to these effects stronger."""
        if effects != self.lit:
            self.lit = effects
            self.viewport().update()

    @property
    def moved(self) -> bool:
        """Whether something else than the best fit is shown."""
        return self.figure is not self.best

    def add_dots(self, hue: str, size: float, alpha: float = 1.0) -> None:
        theme = self.theme
        self._dots = pg.ScatterPlotItem(size=size, pen=item_pen(theme.surface, 0.8), brush=color(hue, alpha))
        self._dimmed = [self._dots]
        self.add(self._dots)

    def _settle_range(self, x: FloatArray, y: FloatArray) -> None:
        self.set_home(span(x), span(y))

    def _keep_in_sight(self, x: FloatArray, y: FloatArray) -> None:
        home = self.home()
        middle = home.center()
        half = (max(home.width(), 1e-300) / 2, max(home.height(), 1e-300) / 2)
        need = max(
            float(np.abs(x - middle.x()).max(initial=0.0)) / half[0],
            float(np.abs(y - middle.y()).max(initial=0.0)) / half[1],
        )
        steps = int(np.ceil(np.log(need) / np.log(STEP) - 1e-9)) if need > 1.0 else 0
        if steps > self._widened:
            self._widened = steps
            size = STEP**steps
            wide = QRectF(0, 0, home.width() * size, home.height() * size)
            wide.moveCenter(middle)
            self.view.setRange(wide, padding=0)

    def paint_picked(self, painter: QPainter, taken: list[QRectF]) -> None:
        figure = self.figure
        if figure is None:
            return
        at = self.positions(figure)
        for group in self.picked[:12]:
            place = self.pixel(*at[group])
            painter.setPen(QPen(color(self.theme.surface), 1.5))
            painter.setBrush(color(self.theme.term_color(figure.term)))
            radius = self.theme.px(8) * 0.7
            painter.drawEllipse(place, radius, radius)
            self.paint_label(painter, figure.levels[group], place, taken, tint=self.theme.text, bold=True)


class EllipsePanel(SigmaPanel):
    """Two effects: regions that hold 10 to 90 % of the groups, their principal axes, and the groups."""

    def __init__(self, across: int, up: int) -> None:
        super().__init__()
        self.pair = (across, up)
        self.regression = False
        self.labelled = True
        self._regions: list[QGraphicsPathItem] = []
        self._ghostly = False

    def build(self, names: tuple[str, ...]) -> None:
        figure, theme = self.best, self.theme
        if figure is None:
            return
        hue = theme.term_color(figure.term)
        self.bottom.set_title(names[self.pair[0]])
        self.left.set_title(names[self.pair[1]])
        self._regions = [_region(hue, theme.line_width * 0.7, filled=p in FILLED) for p in PROBABILITIES]
        for region in self._regions:
            self.add(region)
        pen = item_pen(theme.muted, theme.line_width * 0.9, dashed=True)
        self._ghost = pg.PlotCurveItem(pen=pen)
        self._ghostly = False
        self._axes = pg.PlotCurveItem(connect="pairs", pen=item_pen(theme.text, theme.line_width * 0.9))
        self._line = pg.PlotCurveItem(pen=item_pen(theme.accent, theme.line_width * 1.3))
        for item in (self._ghost, self._axes, self._line):
            self.add(item)
        crowd = (1.0 if len(figure.modes) <= 60 else 0.7) * (1.0 if self.labelled else 0.65)
        self.add_dots(hue, max(3.5, 7.0 * theme.scale**0.75 * crowd))

    def positions(self, figure: CovarianceFigure) -> FloatArray:
        return figure.modes[:, list(self.pair)]

    def covariance(self, figure: CovarianceFigure) -> FloatArray:
        """(2, 2) Σ of the two effects."""
        pair = list(self.pair)
        return figure.covariance[np.ix_(pair, pair)]

    def update_items(self, figure: CovarianceFigure) -> None:
        unit = outline(self.covariance(figure))
        for region, p in zip(self._regions, PROBABILITIES, strict=True):
            region.setPath(_path(unit * joint_radius(p)))
        self._axes.setData(*axes(self.covariance(figure), joint_radius(PROBABILITIES[0])).T, connect="pairs")
        if self.moved != self._ghostly:
            self._ghostly = self.moved
            best = self.best if self.moved else None
            edge = np.empty((0, 2)) if best is None else outline(self.covariance(best)) * joint_radius(0.9)
            self._ghost.setData(*edge.T)
        self._update_line(figure)

    def show_regression(self, on: bool) -> None:
        """Draw what a group's effect across says about its effect up, or not."""
        self.regression = on
        if self.figure is not None:
            self._update_line(self.figure)
            self.viewport().update()

    def _update_line(self, figure: CovarianceFigure) -> None:
        slope = figure.slope_on(*self.pair)
        if not self.regression or slope != slope:
            self._line.setData([], [])
            return
        reach = joint_radius(PROBABILITIES[0]) * float(figure.sd[self.pair[0]])
        self._line.setData([-reach, reach], [-reach * slope, reach * slope])

    def extent(self) -> tuple[FloatArray, FloatArray]:
        figure = self.figure
        if figure is None:
            return np.zeros(1), np.zeros(1)
        edge = outline(self.covariance(figure)) * joint_radius(PROBABILITIES[0])
        everything = np.vstack([edge, self.positions(figure)])
        return everything[:, 0], everything[:, 1]

    def collapsed(self) -> bool:
        """Whether the ellipse is a line, or a point."""
        figure = self.figure
        if figure is None:
            return False
        pair = list(self.pair)
        rho = float(figure.correlation[self.pair])
        still = bool((figure.sd[pair] <= FLAT * np.maximum(self._units()[pair], 1e-300)).any())
        return still or abs(rho) > 1.0 - FLAT**2

    def _units(self) -> FloatArray:
        best = self.best
        return np.zeros(0) if best is None else best.sd

    def paint_over(self, painter: QPainter) -> None:
        figure = self.figure
        if figure is None:
            return
        theme, taken = self.theme, list[QRectF]()
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        covariance = self.covariance(figure)
        roomy = self.labelled and self.inside().width() > theme.px(200)
        self._paint_lit(painter, figure)
        if roomy and not self.collapsed():
            unit = outline(covariance)
            # From the top, by turns to both sides.
            around = np.argsort(-unit[:, 1], kind="stable")
            for p in () if self.moved else LABELLED:
                self._name_line(
                    painter, f"{100 * p:.0f} %", unit[around] * joint_radius(p), taken, theme.muted
                )
            self._paint_lengths(painter, covariance, taken)
        elif roomy:
            at = self.pixel(0.0, 0.0)
            self.paint_label(painter, self._collapse_words(figure), at, taken, tint=theme.warn, bold=True)
        if roomy and self.moved and self.best is not None:
            edge = outline(self.covariance(self.best)) * joint_radius(PROBABILITIES[0])
            low = edge[np.argmin(edge[:, 1])]
            self.paint_label(painter, "best fit", self.pixel(*low), taken, tint=theme.muted)
        self.paint_picked(painter, taken)

    def _collapse_words(self, figure: CovarianceFigure) -> str:
        sd = figure.sd[list(self.pair)]
        units = np.maximum(self._units()[list(self.pair)], 1e-300)
        still = int((sd <= FLAT * units).sum())
        if still == 2:
            return "a point: no variance"
        return "a line: singular" if figure.rank < len(figure.effects) else "nearly a line"

    def _paint_lengths(self, painter: QPainter, covariance: FloatArray, taken: list[QRectF]) -> None:
        """The SD along each principal axis, at its end."""
        values, _ = np.linalg.eigh(covariance)
        ends = axes(covariance, joint_radius(PROBABILITIES[0]))[1::2]
        for value, end in zip(values[::-1], ends[::-1], strict=True):
            words = f"SD {number(float(np.sqrt(max(value, 0.0))))}"
            self._name_line(painter, words, np.outer(ALONG, end), taken, self.theme.text)

    def _name_line(
        self, painter: QPainter, text: str, line: FloatArray, taken: list[QRectF], tint: str
    ) -> None:
        """A name at the first of these places on its line where it hides no group; else at the first."""
        theme, font = self.theme, text_font(self.theme)
        metrics = QFontMetricsF(font)
        size = QSizeF(metrics.horizontalAdvance(text) + theme.px(8), metrics.height())
        crowd = np.empty((0, 2)) if self.figure is None else self.to_pixels(self.positions(self.figure))
        places = self.to_pixels(line)
        x, y = places[max(place_on_line(places, size, self.inside(), crowd, taken), 0)]
        rect = QRectF(QPointF(x - size.width() / 2, y - size.height() / 2), size)
        paint_label(painter, theme, font, rect, text, tint)
        taken.append(rect)

    def _paint_lit(self, painter: QPainter, figure: CovarianceFigure) -> None:
        """One SD either way of each effect that the pointer rests on."""
        theme = self.theme
        for place, effect in enumerate(self.pair):
            if effect not in self.lit:
                continue
            step = np.zeros(2)
            step[place] = figure.sd[effect]
            painter.setPen(QPen(color(theme.term_color(figure.term)), theme.line_width * 2.5))
            painter.drawLine(self.pixel(*-step), self.pixel(*step))


class BellPanel(SigmaPanel):
    """One effect: the normal density with its SD, every group's mode as a mark beneath."""

    def build(self, names: tuple[str, ...]) -> None:
        figure, theme = self.best, self.theme
        if figure is None:
            return
        hue = theme.term_color(figure.term)
        self.bottom.set_title(f"{names[0]}: difference from the average")
        self.left.set_style(text=False, grid=False, least=theme.px(20))
        self._bell = _region(hue, theme.line_width)
        self._spike = pg.PlotCurveItem(pen=item_pen(hue, theme.line_width * 1.6))
        self._ghost = pg.PlotCurveItem(pen=item_pen(theme.muted, theme.line_width * 0.9, dashed=True))
        for item in (self._bell, self._spike, self._ghost):
            self.add(item)
        size = max(3.5, 7.0 * theme.scale**0.75 * (1.0 if len(figure.modes) <= 60 else 0.6))
        self.add_dots(hue, size, 1.0 if len(figure.modes) <= 60 else 0.35)

    def positions(self, figure: CovarianceFigure) -> FloatArray:
        return np.column_stack([figure.modes[:, 0], np.full(len(figure.modes), -0.09)])

    def update_items(self, figure: CovarianceFigure) -> None:
        sd = float(figure.sd[0])
        self._bell.setPath(_path(bell(sd)) if sd > 0.0 else QPainterPath())
        self._spike.setData(*(([], []) if sd > 0.0 else ([0.0, 0.0], [0.0, 1.0])))
        ghost = float(self.best.sd[0]) if self.moved and self.best is not None else 0.0
        self._ghost.setData(*(bell(ghost).T if ghost > 0.0 else ([], [])))

    def extent(self) -> tuple[FloatArray, FloatArray]:
        figure = self.figure
        if figure is None:
            return np.zeros(1), np.zeros(1)
        sd = float(figure.sd[0])
        return np.concatenate([figure.modes[:, 0], [-3.2 * sd, 3.2 * sd]]), np.array([-0.19, 1.0])

    def _settle_range(self, x: FloatArray, _y: FloatArray) -> None:
        self.set_home(span(x, 0.02), (-0.2, 1.14))

    def paint_over(self, painter: QPainter) -> None:
        figure = self.figure
        if figure is None:
            return
        theme, taken = self.theme, list[QRectF]()
        sd = float(figure.sd[0])
        if sd > 0.0:
            left, right = self.pixel(0.0, np.exp(-0.5)), self.pixel(sd, np.exp(-0.5))
            width = theme.line_width * (2.5 if self.lit else 1.2)
            painter.setPen(QPen(color(theme.term_color(figure.term)), width))
            painter.drawLine(left, right)
            # Above its line, not over it.
            font = text_font(theme)
            metrics = QFontMetricsF(font)
            words = f"SD {number(sd)}"
            size = QSizeF(metrics.horizontalAdvance(words) + theme.px(8), metrics.height())
            corner = QPointF(
                (left.x() + right.x() - size.width()) / 2, left.y() - size.height() - theme.px(3)
            )
            paint_label(painter, theme, font, QRectF(corner, size), words, theme.text)
        else:
            top = self.pixel(0.0, 0.6)
            self.paint_label(painter, "no variance: SD 0", top, taken, tint=theme.warn, bold=True)
        self.paint_picked(painter, taken)


def outline(covariance: FloatArray) -> FloatArray:
    """The ellipse of radius 1, (73, 2): the others are multiples of it."""
    return ellipse(covariance, np.zeros(2), 1.0 - float(np.exp(-0.5)))


def axes(covariance: FloatArray, radius: float) -> FloatArray:
    """Both principal axes of the ellipse of that radius as two segments (4, 2), the shorter first."""
    values, vectors = np.linalg.eigh(covariance)
    half = radius * vectors * np.sqrt(np.maximum(values, 0.0))
    # Towards the right, or upwards, whatever the signs of the eigenvectors are.
    lead = half[np.argmax(np.abs(half), axis=0), [0, 1]]
    half = half * np.where(lead < 0.0, -1.0, 1.0)
    return np.vstack([-half[:, 0], half[:, 0], -half[:, 1], half[:, 1]])


def bell(sd: float) -> FloatArray:
    """(161, 2) of the normal density, 1 at its top."""
    x = np.linspace(-3.2 * sd, 3.2 * sd, 161)
    return np.column_stack([x, np.exp(-0.5 * (x / sd) ** 2)])


def _path(points: FloatArray) -> QPainterPath:
    path: QPainterPath = pg.arrayToQPath(*(np.ascontiguousarray(c) for c in points.T))
    return path


def _region(hue: str, width: float, *, filled: bool = True) -> QGraphicsPathItem:
    item = QGraphicsPathItem()
    item.setPen(item_pen(hue, width, alpha=0.8))
    if filled:
        item.setBrush(color(hue, 0.09))
    return item
