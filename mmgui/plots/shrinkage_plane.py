"""Two effects as a plane: each group's own estimate drawn to the model's, with the ellipses that pull it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter, QPen

from mmgui.figures.ghosts import ShrinkageGhost
from mmgui.figures.normal import joint_radius
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.plots.area import span
from mmgui.plots.gliding import GlidingPanel
from mmgui.plots.group_strokes import line_pen
from mmgui.plots.label_places import all_free, hides, nearest_point, place_aside, place_on_line
from mmgui.plots.labels import paint_label
from mmgui.plots.marks import (
    FEW,
    paint_cross,
    paint_dots,
    paint_ellipse,
    paint_ellipses,
    paint_heads,
    paint_links,
)
from mmgui.plots.style import color, line_height, pen, text_font, text_width

PROBABILITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
RADII = tuple(map(joint_radius, PROBABILITIES))
GHOST = RADII[2]
SHARES = tuple(f"{100 * p:.0f} %" for p in reversed(PROBABILITIES))
RADII_DOWN = np.array(RADII[::-1])
FloatArray = NDArray[np.float64]
TURNS = 2 * np.pi / 48 * ((np.arange(48) + 1) // 2) * np.where(np.arange(48) % 2, 1.0, -1.0)
Ellipse = tuple[FloatArray, FloatArray]
"""Middle and root in pixels."""


class ShrinkagePlane(GlidingPanel):
    """One pair of effects, the first across, the second up."""

    def __init__(self, across: int, up: int, *, labelled: bool = True) -> None:
        super().__init__()
        self.across, self.up = across, up
        self._labelled = labelled
        self._figure: ShrinkageFigure | None = None
        self._share_places = [0] * len(SHARES)
        self._centre_places: dict[str, QPointF] = {}
        self.ghost: ShrinkageGhost | None = None

    def show_figure(self, figure: ShrinkageFigure, titles: tuple[str, ...]) -> None:
        """Draw the figure in the panel's theme."""
        self.bottom.set_title(titles[self.across])
        self.left.set_title(titles[self.up])
        self._share_places = [0] * len(SHARES)
        self._centre_places.clear()
        self.move_to(figure)

    def move_to(self, figure: ShrinkageFigure) -> None:
        """The same groups with other estimates and another Σ."""
        if self._figure is None or not _same_best(self._figure, figure):
            self.forget_still()
        self._figure = figure
        pair = [self.across, self.up]
        own, model = figure.own[:, pair], figure.model[:, pair]
        matrix = figure.covariance[np.ix_(pair, pair)]
        self.put(figure.levels, {"own": own, "model": model}, figure.centre[pair], matrix)
        self.find_marks("model", "own")

    def mark_size(self) -> float:
        """Diameter of a mark."""
        groups = len(self._keys)
        shrink = 1.0 if groups <= 60 else 0.75 if groups <= 200 else 0.5
        small = 1.0 if self._labelled else 0.8
        return float(max(3.5, 8.5 * self.theme.scale**0.75 * shrink * small))

    def natural_range(
        self, probability: float = PROBABILITIES[-1]
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that shows every group and the ellipse of a probability."""
        figure = self._figure
        if figure is None or self._matrix is None or self._centre is None:
            return (0.0, 1.0), (0.0, 1.0)
        pair = [self.across, self.up]
        reach = joint_radius(probability) * np.sqrt(np.maximum(np.diag(self._matrix), 0.0))
        ends = np.vstack([self._centre - reach, self._centre + reach, figure.complete[pair]])
        everything = np.vstack([figure.own[:, pair], figure.model[:, pair], ends])
        return span(everything[:, 0]), span(everything[:, 1])

    # -- the ellipses

    def paint_still(self, painter: QPainter) -> None:
        """That of the best fit, while the model is moved."""
        figure = self._figure
        if figure is None or figure.best is None:
            return
        painter.setClipRect(self.inside())
        pair = [self.across, self.up]
        best = self.ellipse_of(figure.best.centre[pair], figure.best.covariance[np.ix_(pair, pair)])
        stroke = pen(self.theme.muted, self.theme.line_width * 0.9, dashed=True)
        paint_ellipse(painter, *best, GHOST, stroke)

    def _paint_ellipses(self, painter: QPainter, figure: ShrinkageFigure, drawn: Ellipse) -> None:
        theme, (centre, root) = self.theme, drawn
        hue = theme.term_color(figure.term)
        painter.setClipRect(self.inside())
        if self._from is not None and self._from.root is None:
            painter.setOpacity(self.freshness)
        flat = _is_flat(root)
        stroke = pen(hue, theme.line_width * (1.4 if flat else 0.65), alpha=0.8 if flat else 0.45)
        # In the small panels of a matrix every second one.
        radii = RADII if self._labelled else RADII[::2]
        paint_ellipses(painter, centre, root, radii, stroke, color(hue, 0.05))
        painter.setOpacity(1.0)

    def _paint_shares(
        self, painter: QPainter, drawn: Ellipse, crowd: FloatArray, taken: list[QRectF]
    ) -> None:
        """Each ellipse's probability on its line, near its top, where it hides no group."""
        if not self._labelled:
            return
        theme, inside, (centre, root) = self.theme, self.inside(), drawn
        shape = root @ root.T
        side = 1 if shape[1, 1] > 0.1 * shape[0, 0] else 0
        reach = math.sqrt(max(float(shape[side, side]), 0.0))
        if reach * RADII[-1] < 2.0:
            return
        outward = shape[:, side] / reach * (-1.0 if side else 1.0)
        flat = _is_flat(root)
        # Beside a line, not on it.
        off = np.array([-outward[1], outward[0]]) / np.hypot(*outward) * theme.px(20) if flat else np.zeros(2)
        turns = outward[None, :] if flat else _around(root, outward)
        font = text_font(theme, 11)
        sizes = [QSizeF(text_width(font, text) + theme.px(6), line_height(font)) for text in SHARES]
        # Where one stood before it stays while it can, so that it keeps still while the hand moves.
        before = [k % len(turns) for k in self._share_places]
        places = centre + RADII_DOWN[:, None] * turns[before] + off
        halves = np.array([[size.width() / 2, size.height() / 2] for size in sizes])
        free = all_free(places, halves, inside, crowd, taken)
        for j, (text, size) in enumerate(zip(SHARES, sizes, strict=True)):
            x, y = places[j].tolist()
            rect = QRectF(QPointF(x - size.width() / 2, y - size.height() / 2), size)
            if not free[j] or any(rect.intersects(other) for other in taken):
                line = centre + RADII_DOWN[j] * turns + off
                k = place_on_line(line, size, inside, crowd, taken)
                if k < 0:
                    continue
                self._share_places[j] = k
                x, y = line[k].tolist()
                rect.moveCenter(QPointF(x, y))
            paint_label(painter, theme, font, rect, text, theme.muted)
            taken.append(rect.adjusted(-6, 0, 6, 0))

    # -- on top: groups, the two centres, what is picked

    def paint_over(self, painter: QPainter) -> None:
        figure = self._figure
        if figure is None:
            return
        drawn, crowd = self.ellipse(), self._crowd()
        taken: list[QRectF] = []
        if drawn is not None:
            self._paint_ellipses(painter, figure, drawn)
        painter.setClipRect(self.inside().adjusted(-6, -6, 6, 6))
        if drawn is not None:
            self._paint_shares(painter, drawn, crowd, taken)
        painter.setOpacity(self.strength)
        self._paint_marks(painter, figure)
        painter.setOpacity(1.0)
        self._paint_centres(painter, figure, drawn, crowd, taken)
        if self.ghost is not None:
            self._paint_ghost(painter, self.ghost, crowd, taken)
        if figure.collapse and self._labelled:
            self.paint_sentence(painter, f"◐ {figure.collapse}", self.theme.warn)
        for group in self.picked[:12]:
            self._paint_picked(painter, figure, group, taken)

    def _crowd(self) -> FloatArray:
        """Pixels that labels should leave free: the marks, the links between them, the cross."""
        if not self._labelled:
            return np.empty((0, 2))
        own, model, drawn = self.pixels("own"), self.pixels("model"), self.ellipse()
        crowd = np.vstack([own, model, (own + model) / 2, (own + 3 * model) / 4, (3 * own + model) / 4])
        if drawn is not None:
            arm = self.theme.px(6)
            crowd = np.vstack([crowd, drawn[0] + [[0, 0], [arm, 0], [-arm, 0], [0, arm], [0, -arm]]])
        return crowd[np.isfinite(crowd).all(axis=1)]

    def _paint_marks(self, painter: QPainter, figure: ShrinkageFigure) -> None:
        theme, size = self.theme, self.mark_size()
        hue = theme.term_color(figure.term)
        own, model = self.pixels("own"), self.pixels("model")
        many = len(own) > FEW
        stroke = pen(hue, 1.0, alpha=0.18) if many else line_pen(theme, hue, 0.85, 0.6)
        paint_links(painter, own, model, stroke)
        if not many:
            paint_heads(painter, own, model, stroke, 0.7 * size, 0.5 * size + 1)
        edge = pen(theme.no_pooling, theme.line_width * (0.6 if many else 1.0), alpha=0.5 if many else 1.0)
        paint_dots(painter, own, size, color(theme.surface, 0.0 if many else 1.0), edge)
        paint_dots(painter, model, size, color(hue), None if many else pen(theme.surface, 0.8))

    def _paint_centres(
        self,
        painter: QPainter,
        figure: ShrinkageFigure,
        drawn: Ellipse | None,
        crowd: FloatArray,
        taken: list[QRectF],
    ) -> None:
        theme, pair = self.theme, [self.across, self.up]
        complete = figure.complete[pair]
        at = self.pixel(*figure.centre[pair]) if drawn is None else QPointF(*drawn[0].tolist())
        known = bool(np.isfinite(complete).all())
        other = self.pixel(*complete) if known else at
        apart = known and (other - at).manhattanLength() > theme.px(10)
        if apart:
            paint_cross(painter, theme, other, theme.complete_pooling, turned=True)
        paint_cross(painter, theme, at, theme.text, turned=False)
        if not self._labelled:
            return
        crowd = np.vstack([crowd, [at.x(), at.y()], [other.x(), other.y()]])
        if apart:
            self._name_centre(painter, "complete pooling", other, crowd, taken, theme.complete_pooling)
            self._name_centre(painter, "model's average", at, crowd, taken, theme.text)
        else:
            text = "average = complete pooling" if known else "model's average"
            self._name_centre(painter, text, at, crowd, taken, theme.muted)

    def _paint_ghost(
        self, painter: QPainter, ghost: ShrinkageGhost, crowd: FloatArray, taken: list[QRectF]
    ) -> None:
        """The 50 % ellipse and the centre of the fit without the picked group, dashed."""
        theme, pair = self.theme, [self.across, self.up]
        centre, root = self.ellipse_of(ghost.centre[pair], ghost.covariance[np.ix_(pair, pair)])
        paint_ellipse(painter, centre, root, GHOST, pen(theme.text, theme.line_width, dashed=True))
        at = QPointF(*centre)
        painter.setPen(pen(theme.text, theme.line_width))
        painter.setBrush(color(theme.surface))
        painter.drawEllipse(at, theme.px(3), theme.px(3))
        if self._labelled:
            self._name_centre(painter, ghost.name, at, crowd, taken, theme.text)

    def _name_centre(
        self, painter: QPainter, text: str, at: QPointF, crowd: FloatArray, taken: list[QRectF], tint: str
    ) -> None:
        """The name of a centre, aside of the groups, which crowd there; a leader says whose it is."""
        theme, inside = self.theme, self.inside()
        font = text_font(theme)
        size = QSizeF(text_width(font, text) + theme.px(8), line_height(font))
        if size.width() > 0.5 * inside.width():
            return
        # Where it stood before it stays while it can, as the shares do.
        rect = QRectF(at + self._centre_places.get(text, QPointF()), size)
        middle, half = rect.center(), np.array([[size.width() / 2, size.height() / 2]])
        place = np.array([[middle.x(), middle.y()]])
        if text not in self._centre_places or not all_free(place, half, inside, crowd, taken)[0]:
            rect = place_aside(at, size, theme.px(12), inside, crowd, taken)
            self._centre_places[text] = rect.topLeft() - at
        if tint == theme.muted and hides(rect, crowd):
            # Where there is so little room, the groups come first.
            return
        end = nearest_point(rect, at)
        if math.hypot(end.x() - at.x(), end.y() - at.y()) > theme.px(20):
            painter.setPen(pen(tint, theme.line_width * 0.6, alpha=0.8))
            painter.drawLine(at, end)
        paint_label(painter, theme, font, rect, text, tint)
        taken.append(rect)

    def _paint_picked(
        self, painter: QPainter, figure: ShrinkageFigure, group: int, taken: list[QRectF]
    ) -> None:
        theme = self.theme
        hue = color(theme.term_color(figure.term))
        own, model = QPointF(*self.pixels("own")[group]), QPointF(*self.pixels("model")[group])
        radius = max(self.mark_size(), theme.px(8)) * 0.62
        if math.isfinite(own.x()) and math.isfinite(own.y()):
            painter.setPen(QPen(hue, theme.line_width * 1.6))
            painter.drawLine(own, model)
            painter.setPen(QPen(color(theme.no_pooling), theme.line_width * 1.3))
            painter.setBrush(color(theme.surface))
            painter.drawEllipse(own, radius, radius)
        painter.setPen(QPen(color(theme.surface), 1.5))
        painter.setBrush(hue)
        painter.drawEllipse(model, radius * 1.15, radius * 1.15)
        self.paint_label(painter, figure.levels[group], model, taken, tint=theme.text, bold=True)


def _same_best(one: ShrinkageFigure, other: ShrinkageFigure) -> bool:
    """Whether both are of a model moved from the same best fit, or both of a fit."""
    if one.best is None or other.best is None:
        return one.best is other.best
    return one.best is other.best or np.array_equal(one.best.covariance, other.best.covariance)


def _is_flat(root: FloatArray) -> bool:
    (a, b), (_, c) = root.tolist()
    return bool((a + c) / 2 - math.hypot((a - c) / 2, b) < 0.75 / RADII[-1])


def _around(root: FloatArray, first: FloatArray) -> FloatArray:
    """(48, 2) places on the ellipse of radius 1 about nothing, from ``first`` on by turns to both sides."""
    (a, b), (_, c) = root.tolist()
    x, y = first.tolist()
    angle = math.atan2(a * y - b * x, c * x - b * y)
    turn = angle + TURNS
    return np.column_stack([np.cos(turn), np.sin(turn)]) @ root.T
