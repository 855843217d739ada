"""What pictures of residuals are made of: crowds of points, bands, boxes; moved by their arrays alone."""

from __future__ import annotations

from enum import Enum

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

FloatArray = NDArray[np.float64]

_MOST_PIXELS = 4_000
_BAND_POINTS = 250


class DataItem(pg.GraphicsObject):  # type: ignore[misc]
    """Something in data coordinates that is painted wherever the view looks."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()

    def _reach(self, x: FloatArray, y: FloatArray) -> None:
        """Where there is something to paint."""
        self.prepareGeometryChange()
        known = np.isfinite(x) & np.isfinite(y)
        if not known.any():
            self._bounds = QRectF()
        else:
            x, y = x[known], y[known]
            left, low = float(x.min()), float(y.min())
            width, height = float(x.max()) - left, float(y.max()) - low
            # A line has no area, and pens and dots reach beyond their points.
            more, above = 0.1 * width or 1.0, 0.1 * height or 1.0
            self._bounds = QRectF(left - more, low - above, width + 2 * more, height + 2 * above)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds


class CrowdItem(DataItem):
    """Very many points as dots of a few pixels, darker where they lie on each other.

    The points in sight are counted pixel by pixel, so that tens of thousands take milliseconds, and none
    is left out: a point by itself is a dot by itself.
    """

    def __init__(self, x: FloatArray, y: FloatArray, size: int, hue: QColor) -> None:
        super().__init__()
        self._size, self._hue = max(size, 1), hue
        self.setData(x, y)

    def setData(self, x: FloatArray, y: FloatArray) -> None:
        self._x, self._y = x, y
        self._reach(x, y)

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        view = self.getViewBox()
        if view is None:
            return
        room = QRectF(view.viewRect())
        device = painter.deviceTransform()
        wide = min(round(abs(device.m11()) * room.width()), _MOST_PIXELS)
        high = min(round(abs(device.m22()) * room.height()), _MOST_PIXELS)
        if wide < 2 or high < 2:
            return
        image = self._image(room, wide, high)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        # The view turns y around, and the picture's first line is its lowest.
        painter.drawImage(room, image)

    def _image(self, room: QRectF, wide: int, high: int) -> QImage:
        size = self._size
        with np.errstate(invalid="ignore"):
            column = (self._x - room.left()) * (wide / room.width())
            row = (self._y - room.top()) * (high / room.height())
            seen = (column >= -size) & (column < wide) & (row >= -size) & (row < high)
        pad = size
        across, up = column[seen].astype(np.intp) + pad, row[seen].astype(np.intp) + pad
        shape = (high + 2 * pad, wide + 2 * pad)
        counts = np.bincount(across + up * shape[1], minlength=shape[0] * shape[1]).reshape(shape)
        dots = np.zeros((high, wide), dtype=np.int64)
        half = size // 2
        for dy in range(size):
            for dx in range(size):
                top, left = pad + half - dy, pad + half - dx
                dots += counts[top : top + high, left : left + wide]
        return _tinted(dots, self._hue)


def _tinted(dots: NDArray[np.int64], hue: QColor) -> QImage:
    """A picture in which more dots on a pixel cover more of what is behind."""
    most = min(int(dots.max()), 255)
    cover = 1.0 - (1.0 - hue.alphaF()) ** np.arange(most + 1)
    parts = np.array([hue.blueF(), hue.greenF(), hue.redF(), 1.0])
    palette = np.rint(255.0 * cover[:, None] * parts).astype(np.uint8)
    pixels = np.ascontiguousarray(palette[np.minimum(dots, most)])
    high, wide = dots.shape
    image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_ARGB32_Premultiplied)
    # The buffer belongs to this call.
    return image.copy()


class BandItem(DataItem):
    """The room between two lines."""

    def __init__(self, brush: QColor) -> None:
        super().__init__()
        self._brush = QBrush(brush)
        self._shape = QPolygonF()

    def setData(self, x: FloatArray, low: FloatArray, high: FloatArray) -> None:
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(low) & np.isfinite(high))
        # A band is smooth: some hundred points are as good as thousands.
        known = np.append(known[: -1 : max(1, len(known) // _BAND_POINTS)], known[-1:])
        x, low, high = x[known], low[known], high[known]
        across = np.concatenate([x, x[::-1]])
        up = np.concatenate([low, high[::-1]])
        self._shape = QPolygonF([QPointF(a, b) for a, b in zip(across.tolist(), up.tolist(), strict=True)])
        self._reach(across, up)

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        painter.save()
        # Faint edges need no smoothing, which takes most of the time.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        painter.drawPolygon(self._shape)
        painter.restore()


class BarsItem(DataItem):
    """Bars of equal width from zero, side by side from one end to the other."""

    def __init__(self, brush: QColor, ends: tuple[float, float]) -> None:
        super().__init__()
        self._brush, self._ends = QBrush(brush), ends
        self._bars: list[QRectF] = []

    def setData(self, heights: NDArray[np.integer]) -> None:
        low, high = self._ends
        width = (high - low) / len(heights)
        self._bars = [
            QRectF(low + (k + 0.03) * width, 0.0, 0.94 * width, h) for k, h in enumerate(heights.tolist())
        ]
        self._reach(np.array([low, high]), np.array([0.0, float(heights.max(initial=1))]))

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        painter.drawRects(self._bars)
        painter.restore()


class Form(Enum):
    """How a group is drawn."""

    BOX = 1
    HAIR = 2
    """A line to the extremes, thicker between the quartiles, where there are thousands."""
    RANGE = 3
    """A line to the extremes and the median, where groups have too few rows for quartiles."""


class BoxItem(DataItem):
    """Boxes from quartile to quartile with lines to the extremes, or lines alone.

    Across positions 0, 1, …, or lying in rows.
    """

    def __init__(self, line: QPen, fill: QColor, middle: QPen, *, lying: bool) -> None:
        super().__init__()
        self._line, self._fill, self._middle, self._lying = line, QBrush(fill), middle, lying
        self._boxes: list[QRectF] = []
        self._whiskers: list[QLineF] = []
        self._middles: list[QLineF] = []
        self._hairs = False
        self._places, self._five = np.empty(0), np.empty((0, 5))

    def setData(self, places: FloatArray, five: FloatArray, width: float, form: Form = Form.BOX) -> None:
        """(k,) places and (k, 5) minimum, quartiles and maximum."""
        known = np.isfinite(five).all(axis=1)
        order = np.argsort(places[known], kind="stable")
        self._places, self._five = places[known][order], five[known][order]
        self._hairs = form is Form.HAIR
        at, numbers = ([], []) if self._hairs else (places[known].tolist(), five[known].tolist())
        half = width / 2.0
        self._boxes, self._whiskers, self._middles = [], [], []
        for place, (least, lower, median, upper, most) in zip(at, numbers, strict=True):
            if form is Form.RANGE:
                self._whiskers.append(self._along(place, least, place, most))
                self._middles.append(self._along(place - half, median, place + half, median))
            else:
                self._boxes.append(self._rect(place - half, lower, width, upper - lower))
                self._whiskers += [
                    self._along(place, least, place, lower),
                    self._along(place, upper, place, most),
                ]
                self._middles.append(self._along(place - half, median, place + half, median))
        ends = five[known][:, [0, 4]].ravel()
        across = np.repeat(places[known], 2)
        self._reach(*((ends, across) if self._lying else (across, ends)))

    def _rect(self, place: float, low: float, width: float, height: float) -> QRectF:
        return QRectF(low, place, height, width) if self._lying else QRectF(place, low, width, height)

    def _along(self, a: float, b: float, c: float, d: float) -> QLineF:
        return QLineF(b, a, d, c) if self._lying else QLineF(a, b, c, d)

    def paint(self, painter: QPainter, _option: object, _widget: QWidget | None = None) -> None:
        if self._hairs:
            self._paint_hairs(painter)
            return
        painter.setPen(self._line)
        painter.drawLines(self._whiskers)
        painter.setBrush(self._fill)
        painter.drawRects(self._boxes)
        painter.setPen(self._middle)
        painter.drawLines(self._middles)

    def _paint_hairs(self, painter: QPainter) -> None:
        """Groups in sight; several that share a line of pixels as one, from extreme to extreme."""
        view = self.getViewBox()
        if view is None:
            return
        room, device = QRectF(view.viewRect()), painter.deviceTransform()
        low, high = (room.top(), room.bottom()) if self._lying else (room.left(), room.right())
        pixels = abs(device.m22() if self._lying else device.m11()) * (high - low)
        first, last = np.searchsorted(self._places, [low - 1.0, high + 1.0])
        if last <= first:
            return
        starts = np.arange(first, last, max(1, int((last - first) * 2.0 / max(pixels, 1.0))))
        at = self._places[starts].tolist()
        part = self._five[:last]
        # An extreme of any group is an extreme of its line.
        least, most = np.minimum.reduceat(part[:, 0], starts), np.maximum.reduceat(part[:, 4], starts)
        lower, upper = part[starts, 1], part[starts, 3]
        # Straight along the pixels, lines need no smoothing, which takes ten times as long.
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self._line)
        painter.drawLines(
            [self._along(p, a, p, b) for p, a, b in zip(at, least.tolist(), most.tolist(), strict=True)]
        )
        painter.setPen(self._middle)
        painter.drawLines(
            [self._along(p, a, p, b) for p, a, b in zip(at, lower.tolist(), upper.tolist(), strict=True)]
        )
        painter.restore()
