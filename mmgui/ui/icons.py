"""Small icons, painted in the theme's colours at any size."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

SIDE = 16.0
_OVERSAMPLING = 3


def play(painter: QPainter) -> None:
    """A triangle: fit."""
    painter.drawPolygon(QPolygonF([QPointF(4.5, 3), QPointF(13, 8), QPointF(4.5, 13)]))


def stop(painter: QPainter) -> None:
    """A square: stop."""
    painter.drawRoundedRect(QRectF(3.5, 3.5, 9, 9), 1.5, 1.5)


def undo(painter: QPainter) -> None:
    """An arrow that turns back."""
    _turn(painter)


def redo(painter: QPainter) -> None:
    """The same, forward."""
    painter.translate(SIDE, 0)
    painter.scale(-1, 1)
    _turn(painter)


def moon(painter: QPainter) -> None:
    """A crescent: the dark theme."""
    full = QPainterPath()
    full.addEllipse(QRectF(2.5, 2.5, 11, 11))
    shadow = QPainterPath()
    shadow.addEllipse(QRectF(6.5, 0.8, 10, 10))
    painter.drawPath(full.subtracted(shadow))


def again(painter: QPainter) -> None:
    """A triangle in a circle that goes round: replay."""
    stroke = _stroke(painter)
    painter.drawArc(QRectF(1.6, 1.6, 12.8, 12.8), 125 * 16, -325 * 16)
    painter.drawPolyline(QPolygonF([QPointF(1.7, 1.2), QPointF(2.9, 4.6), QPointF(6.4, 3.9)]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(stroke)
    painter.drawPolygon(QPolygonF([QPointF(6.2, 5), QPointF(11.2, 8), QPointF(6.2, 11)]))


def enlarge(painter: QPainter) -> None:
    """Two arrows to the corners: the whole window."""
    _stroke(painter)
    _corner_arrows(painter, 13.4, 2.6)


def reduce(painter: QPainter) -> None:
    """Two arrows back from the corners."""
    _stroke(painter)
    _corner_arrows(painter, 9.4, 6.6, back=True)


def _corner_arrows(painter: QPainter, x: float, y: float, *, back: bool = False) -> None:
    """An arrow up to the right whose tip is at ``x, y``, or down from there, and its twin below."""
    length, barb = 4.2, 4.0
    for mirrored in (False, True):
        tip = QPointF(x, y)
        tail = QPointF(x - length, y + length) if not back else QPointF(x + length, y - length)
        sides = (-barb, barb) if not back else (barb, -barb)
        for line in ([tail, tip], [tip + QPointF(sides[0], 0), tip, tip + QPointF(0, sides[1])]):
            turned = [QPointF(SIDE, SIDE) - p for p in line] if mirrored else line
            painter.drawPolyline(QPolygonF(turned))


def _stroke(painter: QPainter) -> QColor:
    """Draw lines in the icon's colour."""
    color = painter.brush().color()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    return color


def _turn(painter: QPainter) -> None:
    color = painter.brush().color()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    arc = QPainterPath(QPointF(3, 6))
    arc.lineTo(9.5, 6)
    arc.cubicTo(15, 6, 15, 13.2, 9.5, 13.2)
    arc.lineTo(6.5, 13.2)
    painter.drawPath(arc)
    painter.drawPolyline(QPolygonF([QPointF(6, 2.8), QPointF(2.8, 6), QPointF(6, 9.2)]))


def icon(draw: Callable[[QPainter], None], color: str, disabled: str, side: int) -> QIcon:
    """An icon of ``side`` pixels, with a paler twin for the disabled state."""
    result = QIcon()
    for mode, shade in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, disabled)):
        pixmap = QPixmap(side * _OVERSAMPLING, side * _OVERSAMPLING)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(pixmap.width() / SIDE, pixmap.height() / SIDE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shade))
        draw(painter)
        painter.end()
        pixmap.setDevicePixelRatio(_OVERSAMPLING)
        result.addPixmap(pixmap, mode)
    return result
