"""The covariance matrix of a card's effects as a small triangle: one cell a variance or covariance."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmgui.app.counted import counted
from mmgui.app.theme import ThemeModel
from mmgui.figures.covariance_pattern import Cell, CovariancePattern
from mmgui.figures.tabular import FigureTable

_CELL, _WHOLE = 15.0, 98.0
_MOST_CELLS = 16
"""Effects up to which every cell is drawn apart from its neighbours."""

_MOST_DRAWN = 120
"""Effects up to which cells are drawn at all; beyond, a block is one shape."""

_STRONG, _SOFT, _TIED = 1.0, 0.5, 0.22
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


class CovarianceTriangle(QWidget):
    """Filled: a parameter of its own; pale with ρ: tied to the others; an outline: held at zero."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("covarianceTriangle")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._themes = themes
        self._pattern: CovariancePattern | None = None
        self._color = "#000000"

    def set_data(self, pattern: CovariancePattern | None, color: str) -> None:
        """Show a pattern in a term's colour; nothing for None."""
        self._pattern, self._color = pattern, color
        self.setVisible(pattern is not None and pattern.size > 0)
        if pattern is not None:
            self.setAccessibleName(
                f"Covariance matrix of {counted(pattern.size, 'effect')}, "
                f"{counted(pattern.count, 'parameter')}"
            )
        self.setFixedSize(self.sizeHint())
        self.update()

    def table(self) -> FigureTable:
        """What is shown, one line a cell."""
        return FigureTable((), ()) if self._pattern is None else self._pattern.table()

    @property
    def side(self) -> float:
        """The side of a cell in pixels, with the gap to the next."""
        n = 1 if self._pattern is None else max(self._pattern.size, 1)
        scale = self._themes.theme.scale
        return min(_CELL * scale, _WHOLE * scale / n)

    def sizeHint(self) -> QSize:
        n = 0 if self._pattern is None else self._pattern.size
        whole = round(self.side * n) + 1
        return QSize(whole, whole)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column under a point, None above the diagonal or outside."""
        if self._pattern is None:
            return None
        i, j = int(y // self.side), int(x // self.side)
        return (i, j) if 0 <= j <= i < self._pattern.size else None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(event.pos().x(), event.pos().y())
            if cell is None or self._pattern is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._pattern.meaning(*cell), self)
            return True
        return super().event(event)

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        pattern = self._pattern
        if pattern is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if pattern.size > _MOST_DRAWN:
            self._paint_shapes(painter, pattern)
            return
        font = painter.font()
        font.setPixelSize(max(round(self.side * 0.66), 1))
        painter.setFont(font)
        for i in range(pattern.size):
            for j in range(i + 1):
                self._paint_cell(painter, pattern, i, j)

    def _paint_cell(self, painter: QPainter, pattern: CovariancePattern, i: int, j: int) -> None:
        theme, side = self._themes.theme, self.side
        gap = max(1.0, side * 0.1) if pattern.size <= _MOST_CELLS else 0.0
        rect = QRectF(j * side + 0.5, i * side + 0.5, side - gap, side - gap)
        kind = pattern.cell(i, j)
        if kind is Cell.ZERO:
            if gap:
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
            return
        shade = _STRONG if i == j and kind is Cell.FREE else _SOFT if kind is Cell.FREE else _TIED
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._shade(shade))
        painter.drawRect(rect)
        if kind is Cell.TIED and side >= 12 * theme.scale:
            painter.setPen(QColor(theme.text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _mark(pattern.power(i, j)))

    def _paint_shapes(self, painter: QPainter, pattern: CovariancePattern) -> None:
        """Each block as one triangle, its variances as the strong line down the diagonal."""
        side, start = self.side, 0
        blocks = (pattern.size,) if pattern.structure.patterned else pattern.blocks
        tied = pattern.cell(1, 0) is Cell.TIED
        painter.setPen(Qt.PenStyle.NoPen)
        for block in blocks:
            low, high = start * side, (start + block) * side
            if block > 1 and pattern.cell(start + 1, start) is not Cell.ZERO:
                painter.setBrush(self._shade(_TIED if tied else _SOFT))
                painter.drawPolygon(QPolygonF([QPointF(low, low), QPointF(low, high), QPointF(high, high)]))
            start += block
        painter.setPen(QPen(self._shade(_SOFT if pattern.equal_variances else _STRONG), 2))
        painter.drawLine(QPointF(0, 0), QPointF(start * side, start * side))

    def _shade(self, strength: float) -> QColor:
        color = QColor(self._color)
        color.setAlphaF(strength)
        return color


def _mark(power: int) -> str:
    """σ on the diagonal, ρ beside it, ρ² further away."""
    if power == 0:
        return "σ"
    return "ρ" if power == 1 else "ρ" + "".join(_POWERS[int(d)] for d in str(power))
