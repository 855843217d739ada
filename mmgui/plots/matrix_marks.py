"""What is lit and what is picked, drawn over the matrices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatrixRows
from mmgui.figures.matrix_links import Axis, Lit, Run, group_runs, runs
from mmgui.plots.matrix_layout import Panel
from mmgui.plots.matrix_windows import MatrixWindows
from mmgui.plots.style import color, pen

THINNEST = 3.0
"""Pixels that a lit row or column has at least."""
MOST_BLOCKS = 900
TWIN = (Axis.ROWS, Axis.ACROSS)


@dataclass(frozen=True, eq=False, slots=True)
class Marks:
    """Draws over the panels."""

    rows: MatrixRows
    windows: MatrixWindows
    theme: Theme

    def paint_lit(self, painter: QPainter, panels: Iterable[Panel], lit: Lit) -> None:
        """Lit rows and columns as bands, lit groups as blocks of V."""
        for panel in panels:
            painter.save()
            painter.setClipRect(panel.rect.adjusted(-1.5, -1.5, 1.5, 1.5))
            for at in sorted(lit.along(panel.down)):
                self._band(painter, panel, at, self._hue(panel.down, at), down=True)
            for at in sorted(lit.along(panel.across)):
                self._band(painter, panel, at, self._hue(panel.across, at), down=False)
            if (panel.down, panel.across) == TWIN:
                for k, group in sorted(lit.blocks):
                    hue = QColor(self.theme.term_color(self.rows.terms[k].term))
                    self._blocks(painter, panel, group_runs(self.rows, k, group), hue)
            painter.restore()

    def paint_picked(
        self,
        painter: QPainter,
        panels: Iterable[Panel],
        rows: NDArray[np.bool_],
        columns: NDArray[np.bool_],
    ) -> None:
        """Picked rows with a bar on their left, their blocks of V and their columns of Z outlined."""
        hue = QColor(self.theme.accent)
        of_rows, of_columns = runs(rows), runs(columns)
        for panel in panels:
            if panel.beside and panel.down is Axis.ROWS:
                self._bar(painter, panel, of_rows)
            painter.save()
            painter.setClipRect(panel.rect.adjusted(-1.5, -1.5, 1.5, 1.5))
            if (panel.down, panel.across) == TWIN:
                self._blocks(painter, panel, of_rows, hue)
            else:
                along = {Axis.ROWS: of_rows, Axis.ACROSS: of_rows, Axis.EFFECTS: of_columns}
                self._frames(painter, panel, along.get(panel.down, ()), along.get(panel.across, ()), hue)
            painter.restore()

    def _hue(self, axis: Axis, at: int) -> QColor:
        if axis is Axis.EFFECTS:
            return QColor(self.theme.term_color(self.rows.effects[at].term))
        return QColor(self.theme.accent)

    def _band(self, painter: QPainter, panel: Panel, at: int, hue: QColor, *, down: bool) -> None:
        """A row or column, wide enough to be seen."""
        whole = self.windows[panel.across if down else panel.down]
        one = (float(at), float(at + 1))
        rect = panel.place(one, whole, self.windows) if down else panel.place(whole, one, self.windows)
        if rect.isEmpty():
            return
        if down and rect.height() < THINNEST:
            rect = QRectF(rect.left(), rect.center().y() - THINNEST / 2, rect.width(), THINNEST)
        if not down and rect.width() < THINNEST:
            rect = QRectF(rect.center().x() - THINNEST / 2, rect.top(), THINNEST, rect.height())
        soft = QColor(hue)
        soft.setAlphaF(0.22)
        painter.fillRect(rect, soft)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(hue.name(), 1.2, alpha=0.95))
        painter.drawRect(rect)

    def _blocks(self, painter: QPainter, panel: Panel, of_rows: tuple[Run, ...], hue: QColor) -> None:
        if len(of_rows) ** 2 > MOST_BLOCKS:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(hue.name(), 1.6))
        for down, across in product(of_rows, of_rows):
            rect = panel.place(_floats(down), _floats(across), self.windows)
            if not rect.isEmpty():
                painter.drawRect(rect)

    def _frames(
        self,
        painter: QPainter,
        panel: Panel,
        down: tuple[Run, ...],
        across: tuple[Run, ...],
        hue: QColor,
    ) -> None:
        """Where picked rows meet picked columns; whole rows where the panel has no such columns."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(hue.name(), 1.4, alpha=0.9))
        if panel.across is Axis.FIXED:
            across = ((0, self.windows.size(Axis.FIXED)),)
        if len(down) * len(across) > MOST_BLOCKS:
            return
        for one, other in product(down, across):
            if panel.down is panel.across and one != other:
                continue
            rect = panel.place(_floats(one), _floats(other), self.windows)
            if not rect.isEmpty():
                painter.drawRect(rect)

    def _bar(self, painter: QPainter, panel: Panel, of_rows: tuple[Run, ...]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.theme.accent))
        width = float(self.theme.px(3))
        for run in of_rows:
            rect = panel.place(_floats(run), self.windows[panel.across], self.windows)
            if not rect.isEmpty():
                at = QPointF(panel.rect.left() - width - 2, rect.top())
                painter.drawRect(QRectF(at.x(), at.y(), width, rect.height()))


def _floats(run: Run) -> tuple[float, float]:
    return float(run[0]), float(run[1])
