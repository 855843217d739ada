"""The program's picture of itself: estimates drawn to a common centre."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mmgui.app.theme import Theme, ThemeModel

# Own estimates on the plane of intercept and slope, in units of the outer ellipse.
_POINTS = (
    *((-0.92, 0.55), (-0.75, -0.62), (-0.3, 0.95), (0.35, -0.9), (0.88, 0.5)),
    *((0.98, -0.35), (-0.55, 0.12), (0.45, 0.62), (0.12, -0.42)),
)
_SHRINKAGE = 0.58


class ShrinkageMotif(QWidget):
    """Ornament; says nothing of any data."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(70)
        themes.theme_changed.connect(self._on_theme)

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = min(self.height() * 0.42, self.width() * 0.22)
        width = height * 1.9
        centre = QPointF(self.width() / 2, self.height() / 2)
        line = QColor(theme.terms[0])
        line.setAlphaF(0.35)
        painter.setPen(QPen(line, theme.line_width * 0.8, Qt.PenStyle.DashLine))
        for share in (0.35, 0.65, 1.0):
            painter.drawEllipse(centre, width * share, height * share)
        for x, y in _POINTS:
            own = centre + QPointF(x * width, y * height)
            model = centre + QPointF(x * width, y * height) * _SHRINKAGE
            self._arrow(painter, theme, own, model)

    @staticmethod
    def _arrow(painter: QPainter, theme: Theme, own: QPointF, model: QPointF) -> None:
        painter.setPen(QPen(QColor(theme.terms[0]), theme.line_width * 0.8))
        painter.drawLine(own, model)
        radius = 3.6 * min(theme.scale, 1.4)
        painter.setPen(QPen(QColor(theme.no_pooling), theme.line_width))
        painter.setBrush(QColor(theme.background))
        painter.drawEllipse(own, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.terms[0]))
        painter.drawEllipse(model, radius, radius)
