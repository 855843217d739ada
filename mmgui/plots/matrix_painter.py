"""Paints matrices where their layout puts them: entries, lines between groups, names, signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPaintEngine, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import Axis
from mmgui.plots.matrix_images import MatrixImages
from mmgui.plots.matrix_layout import RESIDUAL, SUM, TRANSPOSED, Measures, Panel
from mmgui.plots.matrix_names import Level, Span
from mmgui.plots.matrix_shades import ground
from mmgui.plots.matrix_windows import MatrixWindows
from mmgui.plots.style import color, pen, text_font

_ELIDE = Qt.TextElideMode.ElideMiddle
_CENTER = Qt.AlignmentFlag.AlignCenter
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_VECTOR = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
LEAST_BLOCK = 5.0
"""Pixels of a group from which lines between groups are drawn."""
SQUEEZED = 0.75
"""Share of the room they would like with which names still read."""


@dataclass(frozen=True, eq=False, slots=True)
class MatrixPainter:
    """One painting of the panels."""

    figure: MatricesFigure
    panels: Sequence[Panel]
    images: MatrixImages
    measures: Measures
    theme: Theme
    correlation: bool

    @property
    def windows(self) -> MatrixWindows:
        return self.measures.windows

    def paint_entries(self, painter: QPainter) -> None:
        """The entries of every panel."""
        for panel in self.panels:
            top, bottom = self.windows[panel.down]
            left, right = self.windows[panel.across]
            source = QRectF(left, top, right - left, bottom - top)
            draw_image(painter, self.images[panel.key], panel.rect, source, ground(self.theme))

    def paint_names(self, painter: QPainter) -> None:
        """All that does not change while the model is moved, but what stands under the parts."""
        for panel in self.panels:
            self._lines(painter, panel)
            self._title(painter, panel)
            if panel.beside:
                self._names_beside(painter, panel)
            if panel.above:
                self._names_above(painter, panel)

    # -- lines between groups and terms

    def _lines(self, painter: QPainter, panel: Panel) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # The outer groups' lines come last, over those of the inner.
        for k, down in ((1, True), (1, False), (0, True), (0, False)):
            axis = panel.down if down else panel.across
            levels = self.measures.names[axis][:-1]
            if k >= len(levels):
                continue
            level = levels[k]
            length = panel.rect.height() if down else panel.rect.width()
            block = level[-1].stop / len(level) * length / max(self.windows.span(axis), 1e-9)
            if block >= LEAST_BLOCK or level[0].term is not None:
                painter.setPen(self._line_pen(block, inner=k == 1, rows=axis is not Axis.EFFECTS))
                for span in level[1:]:
                    self._line(painter, panel, span.start, down=down)
        painter.setPen(pen(self.theme.line, 1.0))
        painter.drawRect(panel.rect.adjusted(-1, -1, 0, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _line_pen(self, block: float, *, inner: bool, rows: bool) -> QPen:
        if inner:
            # Lines between inner groups of rows must not cut the blocks of the outer ones.
            return pen(self.theme.surface, 1.0, alpha=0.3 if rows else 0.9)
        # Between small groups the lines would be all one sees.
        return pen(self.theme.muted, 1.0, alpha=0.36 * min(block / 28.0, 1.0))

    def _line(self, painter: QPainter, panel: Panel, at: int, *, down: bool) -> None:
        rect, window = panel.rect, self.windows[panel.down if down else panel.across]
        share = (at - window[0]) / max(window[1] - window[0], 1e-9)
        if not 0 < share < 1:
            return
        if down:
            y = rect.top() + share * rect.height()
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        else:
            x = rect.left() + share * rect.width()
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))

    # -- titles

    def _title(self, painter: QPainter, panel: Panel) -> None:
        theme, line = self.theme, self.measures.line
        if panel.sign:
            painter.setFont(text_font(theme, 20))
            painter.setPen(color(theme.muted))
            gap = float(theme.px(32))
            rect = QRectF(panel.rect.left() - panel.beside - gap, panel.rect.top(), gap, panel.rect.height())
            painter.drawText(rect, _CENTER, panel.sign)
        if panel.key in (SUM, RESIDUAL) or panel.key.startswith("part"):
            return
        name = "(ZΛ)′" if panel.key == TRANSPOSED else panel.key
        if panel.key == Matrix.V and self.correlation:
            name = "V as correlations"
        top = panel.rect.top() - panel.above - line * 1.4
        size = f"{self.windows.size(panel.down):,} × {self.windows.size(panel.across):,}"
        bold = text_font(theme, 14, bold=True)
        painter.setFont(bold)
        painter.setPen(color(theme.text))
        width = QFontMetricsF(bold).horizontalAdvance(name) + theme.px(8)
        painter.drawText(QPointF(panel.rect.left(), top + line), name)
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        if width + self.measures.metrics.horizontalAdvance(size) <= panel.rect.width() + theme.px(14):
            painter.drawText(QPointF(panel.rect.left() + width, top + line), size)

    # -- names

    def _names_beside(self, painter: QPainter, panel: Panel) -> None:
        columns = self.measures.columns(panel.down, panel.rect.height())
        # The finest names are left out rather than cut to slivers.
        while len(columns) > 1 and panel.beside < SQUEEZED * sum(w for _, w in columns):
            columns.pop()
        wished = sum(w for _, w in columns)
        share = min(panel.beside / wished, 1.0) if wished else 1.0
        right = panel.rect.left()
        painter.setFont(text_font(self.theme))
        for level, wish in reversed(columns):
            width = wish * share
            self._column(painter, panel, level, QRectF(right - width, 0, width - self.theme.px(6), 0))
            right -= width

    def _column(self, painter: QPainter, panel: Panel, level: Level, at: QRectF) -> None:
        line, free = self.measures.line, -1e9
        for span in level:
            rect = panel.place((span.start, span.stop), self.windows[panel.across], self.windows)
            if rect.height() <= 0:
                continue
            middle = rect.center().y()
            # Where groups are lower than a line, as many names as there is room for.
            if middle - line / 2 < free - 1:
                continue
            painter.setPen(self._ink(span))
            text = self.measures.metrics.elidedText(span.text, _ELIDE, at.width())
            room = QRectF(at.left(), middle - line / 2, at.width(), line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | _MIDDLE, text)
            free = middle + line / 2

    def _names_above(self, painter: QPainter, panel: Panel) -> None:
        lines = self.measures.lines(panel.across, panel.rect.width(), panel.above + 1)
        top = panel.rect.top() - sum(h for _, h, _ in lines)
        painter.setFont(text_font(self.theme))
        for level, height, upright in lines:
            places = [
                (s, panel.place(self.windows[panel.down], (s.start, s.stop), self.windows)) for s in level
            ]
            wide = [(s, rect) for s, rect in places if rect.width() > 0]
            metrics = self.measures.metrics
            # All in full or all in brief: the same thing must not be written in two ways side by side.
            brief = any(s.brief and metrics.horizontalAdvance(s.text) > rect.width() for s, rect in wide)
            for span, rect in wide:
                painter.setPen(self._ink(span))
                room = QRectF(rect.left(), top, rect.width(), height - self.theme.px(2))
                self._name(painter, room, span, upright=upright, brief=brief)
            top += height

    def _name(self, painter: QPainter, room: QRectF, span: Span, *, upright: bool, brief: bool) -> None:
        metrics, text = self.measures.metrics, span.text
        if not upright:
            if brief and span.brief:
                text = span.brief
                room = room.adjusted(-0.3 * room.width(), 0, 0.3 * room.width(), 0)
            fitted = metrics.elidedText(text, _ELIDE, max(room.width(), self.measures.line))
            painter.drawText(room, _CENTER | Qt.TextFlag.TextDontClip, fitted)
            return
        painter.save()
        painter.translate(room.center().x(), room.bottom())
        painter.rotate(-90)
        along = QRectF(0, -self.measures.line / 2, room.height(), self.measures.line)
        fitted = metrics.elidedText(text, _ELIDE, along.width())
        painter.drawText(along, Qt.AlignmentFlag.AlignLeft | _MIDDLE, fitted)
        painter.restore()

    def _ink(self, span: Span) -> QColor:
        return color(self.theme.muted if span.term is None else self.theme.term_color(span.term))


def draw_image(painter: QPainter, image: QImage, target: QRectF, source: QRectF, zero: str) -> None:
    """An image with sharp entries; as shapes where the device keeps shapes."""
    if image.isNull() or target.isEmpty() or source.isEmpty():
        return
    engine = painter.paintEngine()
    if engine is not None and engine.type() in _VECTOR:
        _draw_shapes(painter, image, target, source, zero)
        return
    # Entries smaller than a pixel are averaged, so that none is lost.
    ratio = painter.device().devicePixelRatioF()
    small = target.width() * ratio < source.width() or target.height() * ratio < source.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, small)
    painter.drawImage(target, image, source)


def _draw_shapes(painter: QPainter, image: QImage, target: QRectF, source: QRectF, zero: str) -> None:
    """Entries of one colour side by side in one rectangle; those of 0 in the one behind all."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setClipRect(target)
    painter.fillRect(target, QColor(zero))
    blank = QColor(zero).rgb()
    entries = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    wide, high = target.width() / source.width(), target.height() / source.height()
    for i in range(int(source.top()), min(int(np.ceil(source.bottom())), image.height())):
        line = entries[i, : image.width()]
        edges = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
        for start, stop in pairwise(edges):
            if line[start] == blank:
                continue
            x = target.left() + (start - source.left()) * wide
            y = target.top() + (i - source.top()) * high
            painter.fillRect(QRectF(x, y, (stop - start) * wide, high), QColor.fromRgb(int(line[start])))
    painter.restore()
