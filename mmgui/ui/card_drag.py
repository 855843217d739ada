"""Takes an effect by the hand: the drag that carries it from its card to wherever it is dropped."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from mmgui.app.carried_slope import CarriedSlope, slope_mime
from mmgui.app.theme import Theme
from mmgui.spec.terms import INTERCEPT

_WIDEST = 240


def carry_effect(source: QWidget, slope: CarriedSlope, *, held: bool, color: str, theme: Theme) -> None:
    """Run the drag until the effect is dropped; one the card has is moved, or copied with Ctrl.

    The card may be gone when this returns.
    """
    # The window outlives the card, which the drop may take away.
    drag = QDrag(source.window())
    drag.setMimeData(slope_mime(slope))
    words = "Intercept" if slope.effect == INTERCEPT else slope.effect.label
    drag.setPixmap(_picture(words, color, theme, source))
    drag.setHotSpot(QPoint(theme.px(10), theme.px(12)))
    copy, move = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction
    if held:
        drag.exec(copy | move, move)
    else:
        drag.exec(copy, copy)


def _picture(words: str, color: str, theme: Theme, source: QWidget) -> QPixmap:
    font = source.font()
    font.setPixelSize(theme.px(13))
    metrics = QFontMetrics(font)
    text = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, theme.px(_WIDEST))
    width, height = metrics.horizontalAdvance(text) + theme.px(22), theme.px(25)
    ratio = source.devicePixelRatioF()
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    rect = QRectF(0.75, 0.75, width - 1.5, height - 1.5)
    painter.setPen(QPen(QColor(color), 1.5))
    painter.setBrush(QColor(theme.surface))
    painter.drawRoundedRect(rect, height / 2, height / 2)
    painter.setPen(QColor(theme.text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap
