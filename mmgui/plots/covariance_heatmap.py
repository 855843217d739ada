"""Σ of a term as a heatmap, covariances, correlations or the relative factor, the number in every cell."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.plots.canvas import Canvas, Paint, Tips
from mmgui.plots.covariance_cells import FIXED, Mode, cell_forms, cell_places, cell_tag, cell_text, cell_tip
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, line_height, mix, readable_on, text_font, text_width

_SMALLEST, _LARGEST = 12.0, 16.0
_LEGENDS = {"covariance": "covariance", "correlation": "correlation", "factor": "θ, relative to σ"}
_BRIEF = {"covariance": "Covariance", "correlation": "Correlation", "factor": "θ"}


class CellCanvas(Canvas):
    """A canvas that tells over which place the mouse is."""

    over = Signal(object)
    """A QPointF, or None where the mouse has left."""

    def __init__(self, paint: Paint, tips: Tips, parent: QWidget | None = None) -> None:
        super().__init__(paint, parent, tips=tips)
        self.setMouseTracking(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.over.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.over.emit(None)


class CovarianceHeatmap(Plot):
    """One hue from the surface to the term's colour; correlations to orange where they are negative.

    Cells that the model holds at zero are hatched and say so, a dash stands where a correlation is
    undefined.
    """

    title = "Σ"
    empty = "After a fit, the covariance of the effects stands here."
    pointed = Signal(object)
    """Positions of the effects of the cell that the mouse is over, none where it is over no cell."""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: CovarianceFigure | None = None
        self._mode: Mode = "covariance"
        self._limit: float | None = None
        self._reach = 0.0
        self._places: int | None = None
        self._brief = False
        self._lit: frozenset[int] = frozenset()
        self._cells: list[tuple[QRectF, int, int]] = []
        self._pointed: tuple[int, ...] = ()
        super().__init__(themes, selection, parent)
        self._canvas = CellCanvas(self._paint, self._tips)
        self._canvas.over.connect(self._on_over)
        self.set_body(self._canvas)

    def set_data(
        self, figure: CovarianceFigure | None, mode: Mode = "covariance", limit: float | None = None
    ) -> None:
        """Show Σ; ``limit`` is the covariance of the full colour, by default the largest here."""
        self._figure, self._mode, self._limit = figure, mode, limit
        self._reach = 0.0 if figure is None else self._largest(figure)
        self._places = None if figure is None else cell_places(figure, mode)
        self.show_figure(figure is not None)

    def follow(self, figure: CovarianceFigure) -> None:
        """Show the same term at other parameters, on the colours of the figure set."""
        self._figure = figure
        if self._reach <= 0.0:
            self._reach = self._largest(figure)
            self._places = cell_places(figure, self._mode)
        self._canvas.update()

    def set_brief(self, brief: bool) -> None:
        """Name only what is shown, where the page says of which term."""
        self._brief = brief
        self.refresh_words()

    def emphasise(self, effects: frozenset[int]) -> None:
        """Ring the cells of these effects."""
        if effects != self._lit:
            self._lit = effects
            self._canvas.update()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def heading(self) -> str:
        if self._figure is None:
            return self.title
        if self._brief:
            return _BRIEF[self._mode]
        return f"{'λ' if self._mode == 'factor' else 'Σ'} of {self._figure.grouping}"

    def legend(self, _theme: Theme) -> str:
        if self._brief:
            return "λ, relative to σ" if self._mode == "factor" else ""
        scale = ", one colour scale" if self._limit is not None and self._mode == "covariance" else ""
        return _LEGENDS[self._mode] + scale

    def cramped(self) -> bool:
        # One word, without which two heatmaps could not be told apart.
        return self.width() < self._theme.px(150)

    def draw(self, theme: Theme) -> None:
        count = 1 if self._figure is None else len(self._figure.effects)
        line = QFontMetricsF(text_font(theme)).height()
        self._canvas.setMinimumHeight(round((count + 1) * line * 1.25))
        self._canvas.update()

    def _largest(self, figure: CovarianceFigure) -> float:
        values = figure.factor if self._mode == "factor" else figure.covariance
        return 0.0 if values is None else float(np.max(np.abs(values), initial=0.0))

    # -- cells

    def fixed(self, i: int, j: int) -> bool:
        """Whether the model holds cell (i, j) at zero."""
        figure = self._figure
        return figure is not None and not bool(figure.free[i, j])

    def text_of(self, i: int, j: int) -> str:
        """What cell (i, j) says."""
        return "" if self._figure is None else cell_text(self._figure, self._mode, i, j, self._places)

    def fill_of(self, i: int, j: int) -> QColor:
        """The colour of cell (i, j)."""
        figure, theme = self._figure, self._theme
        if figure is None or self.fixed(i, j):
            return QColor(theme.surface)
        if self._mode == "correlation":
            share = float(figure.correlation[i, j])
        else:
            values = figure.factor if self._mode == "factor" else figure.covariance
            limit = (self._limit if self._mode == "covariance" else None) or self._reach
            share = float(values[i, j]) / limit if limit > 0 and values is not None else 0.0
        if np.isnan(share):
            return QColor(theme.grid)
        hue = theme.term_color(figure.term) if share >= 0 else theme.no_pooling
        ground = mix(theme.surface, theme.grid, 0.8)
        return mix(ground.name(), hue, 0.85 * min(abs(share), 1.0) ** 0.8)

    def tag_of(self, i: int, j: int) -> str:
        """What ties cell (i, j) to others: ``ρ``, ``ρ²``, ``τ²``; empty where nothing does."""
        return "" if self._figure is None else cell_tag(self._figure, self._mode, i, j)

    def tip(self, i: int, j: int) -> str:
        """What the tooltip of cell (i, j) says."""
        return "" if self._figure is None else cell_tip(self._figure, self._mode, i, j)

    def _blank(self, i: int, j: int) -> bool:
        """The upper triangle of a triangular factor."""
        return self._mode == "factor" and j > i

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, theme = self._figure, self._theme
        self._cells = []
        if figure is None:
            return
        count, font = len(figure.effects), text_font(theme)
        names = [effect_name(e) for e in figure.effects]
        left = min(max(text_width(font, n) for n in names) + theme.px(10), room.width() * 0.4)
        top = line_height(font) + theme.px(6)
        gap = theme.px(4) if count < 7 else theme.px(2)
        width = min((room.width() - left - gap) / count, theme.px(150))
        height = min(
            (room.height() - top - gap) / count, theme.px(76), max(width * 0.72, line_height(font) * 1.2)
        )
        for i in range(count):
            for j in range(count):
                if not self._blank(i, j):
                    at = QPointF(room.left() + left + j * width, room.top() + top + i * height)
                    self._cells.append((QRectF(at, at + QPointF(width - gap, height - gap)), i, j))
        fonts = (self._font(QPointF(width - gap, height - gap)), font)
        metrics = QFontMetricsF(font)
        texts = self._texts(figure, fonts[0], width - gap - 3)
        for cell, i, j in self._cells:
            self._paint_cell(painter, cell, (i, j), texts[i, j], fonts)
        for k, name in enumerate(names):
            painter.setFont(text_font(theme, bold=k in self._lit))
            painter.setPen(color(theme.text if k in self._lit else theme.muted))
            beside = QRectF(room.left(), room.top() + top + k * height, left - theme.px(8), height - gap)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, beside.width())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            above = QRectF(room.left() + left + k * width, room.top(), width - gap, top - theme.px(2))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, above.width())
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, text)

    def _font(self, cell: QPointF) -> QFont:
        """One size for all numbers, the largest in which the longest fits."""
        theme = self._theme
        texts = [self.text_of(i, j) for _, i, j in self._cells]
        longest = max((t for t in texts if t != FIXED), key=len, default="")
        size = max(min(cell.y() * 0.42, theme.px(_LARGEST)), theme.px(_SMALLEST))
        font = text_font(theme, size / theme.scale)
        least, room = max(_SMALLEST, 0.75 * theme.px(_SMALLEST)), cell.x() - theme.px(6)
        while font.pixelSize() > least and text_width(font, longest) > room:
            font.setPixelSize(font.pixelSize() - 1)
        return font

    def _texts(self, figure: CovarianceFigure, font: QFont, room: float) -> dict[tuple[int, int], str]:
        """What all cells say, in the first form that fits in every one; what is wider is left to tooltips."""
        found: dict[tuple[int, int], str] = {}
        for found in cell_forms(figure, self._mode, [(i, j) for _, i, j in self._cells], self._places):
            if all(text_width(font, t) <= room for t in found.values() if t != FIXED):
                break
        return {at: t if t == FIXED or text_width(font, t) <= room else "" for at, t in found.items()}

    def _paint_cell(
        self, painter: QPainter, cell: QRectF, at: tuple[int, int], text: str, fonts: tuple[QFont, QFont]
    ) -> None:
        theme, (i, j) = self._theme, at
        fill = self.fill_of(i, j)
        font, quiet = fonts
        radius = theme.px(4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(cell, radius, radius)
        if self.fixed(i, j):
            painter.setBrush(QColor(theme.grid))
            painter.drawRoundedRect(cell, radius, radius)
            brush = painter.brush()
            brush.setStyle(Qt.BrushStyle.BDiagPattern)
            brush.setColor(QColor(theme.line))
            painter.setBrush(brush)
            painter.drawRoundedRect(cell, radius, radius)
            fill, font = QColor(theme.grid), quiet
            if text == FIXED and text_width(font, text) > cell.width() - 3:
                text = "0"
        painter.setFont(font)
        painter.setPen(color(theme.muted) if self.fixed(i, j) else readable_on(fill, theme))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        tag = self.tag_of(i, j)
        beside = (cell.width() - text_width(font, text)) / 2 - theme.px(10)
        if tag and text_width(quiet, tag) < beside:
            painter.setFont(quiet)
            right = cell.adjusted(0, 0, -theme.px(6), 0)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tag)
        if i in self._lit or j in self._lit:
            painter.setPen(QPen(color(theme.text), max(1.5, theme.line_width)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    # -- the mouse

    def _tips(self) -> list[tuple[QRectF, str]]:
        return [(cell, self.tip(i, j)) for cell, i, j in self._cells]

    @Slot(object)
    def _on_over(self, at: QPointF | None) -> None:
        found = next(((i, j) for rect, i, j in self._cells if at is not None and rect.contains(at)), ())
        pointed = tuple(sorted(set(found)))
        if pointed != self._pointed:
            self._pointed = pointed
            self.pointed.emit(pointed)
