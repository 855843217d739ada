"""A row for each group: names on the left, thinned where there are many, rows as thin as need be."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QResizeEvent

from mmgui.app.theme import Theme
from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.style import color, text_font

LABELLED = 60


class GroupRows(GroupPanel):
    """Rows from the lowest group at the bottom to the highest at the top."""

    def __init__(self) -> None:
        self._marks: tuple[pg.ScatterPlotItem, ...] = ()
        super().__init__()
        self.rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._levels: tuple[str, ...] = ()

    def set_rows(self, order: NDArray[np.intp], levels: tuple[str, ...], *, named: bool = True) -> None:
        """``order`` lists the groups from bottom to top; without ``named`` a neighbour carries the names."""
        self.rows = np.empty(len(order), dtype=np.intp)
        self.rows[order] = np.arange(len(order))
        self._levels = levels
        self.left.set_names(tuple(levels[k] for k in order))
        self.left.set_style(grid=len(order) <= LABELLED, text=named)

    def row_range(self) -> tuple[float, float]:
        """The vertical range that shows every row."""
        pad = 0.7 if len(self.rows) <= LABELLED else 0.012 * len(self.rows)
        return (-pad, len(self.rows) - 1 + pad)

    def mark_size(self) -> float:
        """Diameter of a mark: as large as a row allows."""
        room = max(self.height() - self.theme.px(60), 60) / max(len(self.rows), 1)
        return float(min(max(room * 0.62, 2.6), 8.5 * self.theme.scale**0.75))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for mark in self._marks:
            mark.setSize(self.mark_size())

    def set_marks(self, *marks: pg.ScatterPlotItem) -> None:
        """Marks that grow and shrink with the rows."""
        self._marks = marks

    def stroke(self) -> float:
        """Width of a row's line."""
        return self.theme.line_width * (1.0 if len(self.rows) <= LABELLED else 0.7)

    def paint_name(self, painter: QPainter, group: int, right: float, taken: list[QRectF]) -> None:
        """Write a picked group's name beside its mark."""
        at = QPointF(right, self.pixel(0.0, float(self.rows[group])).y())
        self.paint_label(painter, self._levels[group], at, taken, tint=self.theme.text, bold=True)

    def line_at(
        self, painter: QPainter, x: float, tint: str, label: str, taken: list[QRectF], *, dashed: bool
    ) -> None:
        """A vertical line through all rows, named at its top."""
        theme, inside = self.theme, self.inside()
        at = self.pixel(x, 0.0).x()
        if not inside.left() - 1 <= at <= inside.right() + 1:
            return
        stroke = QPen(color(tint), theme.line_width)
        if dashed:
            stroke.setDashPattern([4, 3])
        painter.setPen(stroke)
        painter.drawLine(QPointF(at, inside.top()), QPointF(at, inside.bottom()))
        if label:
            self._name_line(painter, at, tint, label, taken)

    def _name_line(self, painter: QPainter, at: float, tint: str, label: str, taken: list[QRectF]) -> None:
        font, inside = text_font(self.theme), self.inside()
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(label) + self.theme.px(6)
        left = min(max(at - width / 2, inside.left()), inside.right() - width)
        rect = QRectF(left, inside.top() - metrics.height() - 1, width, metrics.height())
        for other in taken:
            if rect.intersects(other):
                rect.moveLeft(
                    other.left() - width if rect.center().x() < other.center().x() else other.right()
                )
        painter.setFont(font)
        painter.setPen(color(tint))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, label)
        taken.append(rect)

    def top_margin(self) -> float:
        """Room above the rows for the names of vertical lines."""
        return QFontMetricsF(text_font(self.theme)).height() + self.theme.px(4)

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.set_margins(top=self.top_margin())
