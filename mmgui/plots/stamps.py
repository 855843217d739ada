"""Round marks by the hundred: painted once, at several places within a pixel, then stamped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from mmgui.plots.still import bitmap_scale

FloatArray = NDArray[np.float64]
WITHIN = 4
"""Places within a pixel, across and up: a mark stands where it belongs to an eighth of a pixel."""


class Mark(Protocol):
    """What can be stamped: two that are equal look the same."""

    @property
    def reach(self) -> float:
        """How far it reaches from its middle, in the layout's pixels."""

    def paint(self, painter: QPainter, at: QPointF) -> None:
        """Paint it as a shape."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle: colours as 0xAARRGGBB, no edge where its width is 0."""

    radius: float
    fill: int
    edge: int = 0
    width: float = 0.0

    @staticmethod
    def of(radius: float, fill: QColor, edge: QPen | None = None) -> Disc:
        """A circle with a brush and, if there is one, a pen."""
        if edge is None or edge.style() == Qt.PenStyle.NoPen:
            return Disc(radius, fill.rgba())
        return Disc(radius, fill.rgba(), edge.color().rgba(), edge.widthF())

    @property
    def reach(self) -> float:
        return self.radius + 0.5 * self.width

    def paint(self, painter: QPainter, at: QPointF) -> None:
        fill = QColor.fromRgba(self.fill)
        painter.setBrush(QBrush(fill) if fill.alpha() else QBrush(Qt.BrushStyle.NoBrush))
        painter.setPen(
            QPen(QColor.fromRgba(self.edge), self.width) if self.width else QPen(Qt.PenStyle.NoPen)
        )
        painter.drawEllipse(at, self.radius, self.radius)


def stamp(painter: QPainter, points: FloatArray, mark: Mark) -> None:
    """The same mark at (m, 2) pixels; as shapes where the device holds shapes."""
    scale = bitmap_scale(painter)
    if scale is None:
        for x, y in points.tolist():
            mark.paint(painter, QPointF(x, y))
        return
    sheet, half = _sheet(mark, scale)
    there = painter.deviceTransform()
    dx, dy = there.dx(), there.dy()
    steps = points * (scale * WITHIN)
    steps += (dx * WITHIN, dy * WITHIN)
    np.rint(steps, out=steps)
    whole = np.floor(steps / WITHIN)
    steps -= WITHIN * whole
    pieces = internals.PrimitiveArray(QPainter.PixmapFragment, 10)
    pieces.resize(len(points))
    at = pieces.ndarray()
    at[:] = (0.0, 0.0, 0.0, 0.0, 2 * half, 2 * half, 1.0, 1.0, 0.0, 1.0)
    if scale == 1.0:
        whole -= (dx, dy)
    at[:, :2] = whole
    at[:, 2] = steps @ (2.0 * half, 2.0 * half * WITHIN)
    first, count = pieces.drawargs()
    if scale == 1.0:
        painter.drawPixmapFragments(first, count, sheet)
        return
    # In the device's own pixels, where nothing is drawn to another size.
    world = painter.worldTransform()
    painter.setWorldTransform((world.inverted()[0] * there).inverted()[0])
    painter.drawPixmapFragments(first, count, sheet)
    painter.setWorldTransform(world)


@lru_cache(maxsize=256)
def _sheet(mark: Mark, scale: float) -> tuple[QPixmap, int]:
    """The mark at every place within a pixel side by side, and half the side of each."""
    half = int(np.ceil(mark.reach * scale)) + 2
    sheet = QPixmap(2 * half * WITHIN**2, 2 * half)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for k in range(WITHIN**2):
        down, across = divmod(k, WITHIN)
        painter.resetTransform()
        painter.translate(half * (2 * k + 1) + across / WITHIN, half + down / WITHIN)
        painter.scale(scale, scale)
        mark.paint(painter, QPointF(0.0, 0.0))
    painter.end()
    return sheet, half
