"""Paints the entries, names and labels of a model matrix where its layout puts them."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from mmgui.app.theme import Theme
from mmgui.data.levels import number_label
from mmgui.figures.model_matrix import ModelMatrixFigure
from mmgui.plots.model_matrix_layout import MatrixLayout
from mmgui.plots.style import color, mix, pen, readable_on, text_font
from mmgui.spec.terms import INTERCEPT

_FAR_FROM_ZERO = 0.25
"""Share of the largest entry above which the smallest of a one-sided column is drawn light."""

_LIGHTEST, _FULLEST = 0.2, 0.85
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_ELIDE = Qt.TextElideMode.ElideMiddle


class MatrixPainter:
    """One painting; ``lit`` are the labels of the effects to be marked."""

    def __init__(
        self, figure: ModelMatrixFigure, placed: MatrixLayout, theme: Theme, lit: frozenset[str]
    ) -> None:
        self._figure, self._placed = figure, placed
        self._theme, self._lit = theme, lit
        self._metrics = QFontMetricsF(text_font(theme))

    def paint(self, painter: QPainter) -> None:
        """Paint everything."""
        figure, placed, theme = self._figure, self._placed, self._theme
        for j in range(len(figure.columns)):
            self._column(painter, j)
            self._name(painter, j)
        painter.setFont(text_font(theme))
        if placed.head:
            self._terms(painter)
        if placed.label and not figure.groups:
            self._labels(painter)
        if placed.count:
            self._counts(painter)
        if figure.groups:
            self._groups(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.accent, 2.0))
        for j, column in enumerate(figure.columns):
            if column.term in self._lit:
                painter.drawRect(placed.column(j, len(figure.rows)).adjusted(0, 0, -1, 0))

    def _column(self, painter: QPainter, j: int) -> None:
        figure, placed, theme = self._figure, self._placed, self._theme
        column = figure.columns[j]
        values = figure.values[:, j]
        texts = [number_label(v) for v in np.round(values, 3).tolist()]
        font, written = self._number_font(texts)
        # Thin rows touch, so that no grid is all one sees.
        inset = 1.0 if placed.height >= theme.px(6) else 0.0
        painter.setFont(font)
        for i, share in enumerate(shades(values).tolist()):
            cell = placed.cell(i, j).adjusted(0, 0, -inset, -inset)
            fill = entry_fill(share, column.term, theme)
            painter.fillRect(cell, fill)
            if written:
                painter.setPen(readable_on(fill, theme) if share else color(theme.muted))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, texts[i])
        if column.reason:
            whole = placed.column(j, len(figure.rows))
            painter.fillRect(whole, color(theme.surface, 0.55))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(theme.warn, 0.9))
            hatched = painter.brush()
            hatched.setStyle(Qt.BrushStyle.BDiagPattern)
            painter.fillRect(whole, hatched)

    def _number_font(self, texts: list[str]) -> tuple[QFont, bool]:
        """The font of the entries, and whether there is room for them all."""
        font = text_font(self._theme, 11.5)
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(t) for t in texts)
        room = self._placed
        return font, room.height >= metrics.height() * 1.05 and widest + 6 <= room.width

    def _name(self, painter: QPainter, j: int) -> None:
        theme, placed, column = self._theme, self._placed, self._figure.columns[j]
        lit = column.term in self._lit
        font = text_font(theme, bold=lit)
        font.setStrikeOut(bool(column.reason))
        painter.setFont(font)
        painter.setPen(color(theme.warn if column.reason else theme.text if lit else theme.muted))
        metrics = QFontMetricsF(font)
        left, above = placed.lefts[j], placed.top - theme.px(4)
        if not placed.upright:
            room = QRectF(left, placed.head, placed.width - 2, above - placed.head)
            text = metrics.elidedText(column.short, _ELIDE, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, text)
            return
        painter.save()
        painter.translate(left + placed.width / 2, above)
        painter.rotate(-90)
        line, length = metrics.height(), above - placed.head
        along = QRectF(0, -line / 2, length, line)
        text = metrics.elidedText(column.short, _ELIDE, length)
        painter.drawText(along, Qt.AlignmentFlag.AlignLeft | _MIDDLE, text)
        painter.restore()

    def _terms(self, painter: QPainter) -> None:
        """The name of a term of several columns above them, over a line as wide as they are."""
        placed, theme = self._placed, self._theme
        places = range(len(self._figure.columns))
        for term, run in groupby(places, key=lambda j: self._figure.columns[j].term):
            of_term = list(run)
            if len(of_term) == 1:
                continue
            left, right = placed.lefts[of_term[0]], placed.lefts[of_term[-1]] + placed.width
            painter.setPen(color(theme.text if term in self._lit else theme.muted))
            room = QRectF(left, 0, right - left, placed.head - theme.px(3))
            text = self._metrics.elidedText(term, _ELIDE, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
            painter.setPen(pen(theme.line, 1.0))
            y = placed.head - theme.px(2)
            painter.drawLine(QPointF(left + 1, y), QPointF(right - 2, y))

    def _labels(self, painter: QPainter) -> None:
        placed, theme = self._placed, self._theme
        painter.setPen(color(theme.muted))
        width = placed.label - theme.px(8)
        for i, label in enumerate(self._figure.labels):
            beside = QRectF(placed.lefts[0] - placed.label, placed.cell(i, 0).top(), width, placed.height)
            text = self._metrics.elidedText(label, _ELIDE, width)
            painter.drawText(beside, _MIDDLE | Qt.AlignmentFlag.AlignRight, text)

    def _counts(self, painter: QPainter) -> None:
        placed, theme = self._placed, self._theme
        painter.setPen(color(theme.muted))
        right = placed.lefts[-1] + placed.width + theme.px(8)
        for i, count in enumerate(self._figure.counts.tolist()):
            beyond = QRectF(right, placed.cell(i, 0).top(), placed.count, placed.height)
            painter.drawText(beyond, _MIDDLE | Qt.AlignmentFlag.AlignLeft, f"× {count:,}")

    def _groups(self, painter: QPainter) -> None:
        """A line between groups, and the names of as many as there is room for."""
        figure, placed, theme = self._figure, self._placed, self._theme
        starts = [i for i, g in enumerate(figure.groups) if not i or g != figure.groups[i - 1]]
        left, right = placed.lefts[0], placed.lefts[-1] + placed.width
        line, free = self._metrics.height(), -1.0
        for start, end in zip(starts, [*starts[1:], len(figure.groups)], strict=True):
            y, below = placed.cell(start, 0).top(), placed.cell(end, 0).top()
            roomy = below - y >= line
            if start:
                painter.setPen(pen(theme.muted, 1.0))
                edge = left - placed.label if roomy else left
                painter.drawLine(QPointF(edge, y - 0.5), QPointF(right, y - 0.5))
            if (
                not placed.label
                or y < free
                or (not roomy and y + line > placed.cell(len(figure.rows), 0).top())
            ):
                continue
            painter.setPen(color(theme.text))
            text = self._metrics.elidedText(figure.groups[start], _ELIDE, placed.label - theme.px(6))
            room = QRectF(left - placed.label, y, placed.label, max(below - y, line))
            painter.drawText(room, _MIDDLE, text)
            free = y + line


def entry_fill(share: float, term: str, theme: Theme) -> QColor:
    """The colour of an entry by its shade; the intercept's column is calm."""
    ground = mix(theme.surface, theme.grid, 0.9)
    if term == INTERCEPT.label:
        return mix(ground.name(), theme.residual, 0.55)
    hue = theme.accent if share >= 0 else theme.no_pooling
    return mix(ground.name(), hue, _FULLEST * abs(share))


def shades(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) shades between -1 and 1: 0 for entries of 0, ±1 for the largest.

    Of a column far from 0, which would be all one shade, the smallest entry is light.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0.0:
        return np.zeros(len(values))
    shades = values / largest
    smallest = float(np.abs(shades).min())
    one_sided = bool((shades > 0).all() or (shades < 0).all())
    if one_sided and _FAR_FROM_ZERO < smallest < 1.0:
        shades = np.sign(shades) * (
            _LIGHTEST + (1 - _LIGHTEST) * (np.abs(shades) - smallest) / (1 - smallest)
        )
    return np.asarray(shades)
