"""The directions in which the groups of a term differ: a bar each, its share, and what it is made of."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.sigma_directions import (
    CORRELATION,
    RESPONSE,
    Direction,
    DirectionScale,
    DirectionsFigure,
)
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal
from mmgui.plots.covariance_heatmap import CellCanvas
from mmgui.plots.direction_rows import direction_tip, paint_loadings, paint_words
from mmgui.plots.plot import Plot
from mmgui.plots.style import color, line_height, pen, text_font, text_width

BESIDE = 560
"""Width, at scale 1, from which two scales stand side by side."""
WORDS = 190
"""Width, at scale 1, that the words have before the loadings are drawn as cells too."""
LEADING = 0.2
"""Share of a direction from which an effect lights up with it."""


class SingularValuesPlot(Plot):
    """One block a scale, one row a direction, the widest first."""

    title = "Directions of variance"
    empty = "After a fit, the directions in which the groups differ stand here."
    pointed = Signal(object)
    """Positions of the effects that lead the direction that the mouse is over."""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: DirectionsFigure | None = None
        self._best: DirectionsFigure | None = None
        self._scales: tuple[int, ...] = (RESPONSE, CORRELATION)
        self._lit: frozenset[int] = frozenset()
        self._rows: list[tuple[QRectF, DirectionScale, int]] = []
        self._heads: list[tuple[QRectF, DirectionScale]] = []
        self._pointed: frozenset[int] = frozenset()
        self._painted = 0.0
        super().__init__(themes, selection, parent)
        self._canvas = CellCanvas(self._paint, self._tips)
        self._canvas.over.connect(self._on_over)
        self.set_body(self._canvas)

    def set_data(self, figure: DirectionsFigure | None) -> None:
        """Show a figure, or the empty state."""
        self._figure = self._best = figure
        self.show_figure(figure is not None)

    def follow(self, figure: DirectionsFigure | None) -> None:
        """Show the term at other parameters, a mark where the best fit was; None: the best fit again."""
        self._figure = figure if figure is not None else self._best
        self._canvas.update()

    def set_scales(self, scales: tuple[int, ...]) -> None:
        """Which scales to show."""
        self._scales = scales
        self.draw(self._theme)
        self.refresh_words()

    @property
    def scales(self) -> tuple[int, ...]:
        """The scales shown."""
        return self._scales

    def emphasise(self, effects: frozenset[int]) -> None:
        """Ring the directions that these effects lead."""
        if effects != self._lit:
            self._lit = effects
            self._canvas.update()

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def heading(self) -> str:
        return self.title if self._figure is None else f"Directions of {self._figure.grouping}"

    def cramped(self) -> bool:
        return self.width() < self._theme.px(200)

    def least_height(self) -> int:
        """What the picture needs, its title included."""
        line = QFontMetricsF(text_font(self._theme)).height()
        return round(self._least_body(1) + 2.2 * line)

    def draw(self, theme: Theme) -> None:
        self._theme = theme
        self._canvas.setMinimumHeight(round(self._least_body(1, 1.1)))
        self._canvas.update()

    def _least_body(self, blocks: int, lines: float = 0.0) -> float:
        """Height of so many blocks, each row of so many lines; by default where words may wrap."""
        size = 1 if self._figure is None else len(self._figure.effects)
        line = line_height(text_font(self._theme))
        row = lines or (2.05 if 1 < size < 4 else 1.25)
        return blocks * (size * row + 1.4) * line

    def _shown(self) -> list[DirectionScale]:
        return [] if self._figure is None else [self._figure.scales[k] for k in self._scales]

    # -- painting

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        theme, scales = self._theme, self._shown()
        self._rows, self._heads = [], []
        if not scales:
            return
        beside = len(scales) > 1 and room.width() >= theme.px(BESIDE) and not self._shows_more_below(room)
        gap = theme.px(28) if beside else theme.px(10)
        if not beside and self._least_body(len(scales)) > room.height() + 1:
            scales = scales[:1]
        count = len(scales)
        for k, scale in enumerate(scales):
            if beside:
                width = (room.width() - gap * (count - 1)) / count
                block = QRectF(room.left() + k * (width + gap), room.top(), width, room.height())
            else:
                # Rows grow no higher than reads well: what is left over is below the last scale.
                height = (room.height() - gap * (count - 1)) / count
                top = room.top() if k == 0 else min(room.top() + k * (height + gap), self._painted + 2 * gap)
                block = QRectF(room.left(), top, room.width(), height)
            self._paint_block(painter, block, scale)

    def _shows_more_below(self, room: QRectF) -> bool:
        """Whether one scale below the other has room for the loadings, which two side by side have not."""
        scales, size = self._shown(), 0 if self._figure is None else len(self._figure.effects)
        width, line = room.width(), line_height(text_font(self._theme))
        half = (width - self._theme.px(28)) / 2
        high = self._least_body(len(scales)) + len(scales) * line + self._theme.px(10)
        return room.height() >= high and self._cell_width(width, size) > 0 == self._cell_width(half, size)

    def _paint_block(self, painter: QPainter, block: QRectF, scale: DirectionScale) -> None:
        theme = self._theme
        metrics = QFontMetricsF(text_font(theme, bold=True))
        line = metrics.height()
        painter.setFont(text_font(theme, bold=True))
        painter.setPen(color(theme.text))
        painter.drawText(QRectF(block.topLeft(), block.topRight() + QPointF(0, line)), 0, scale.title)
        used = metrics.horizontalAdvance(scale.title) + theme.px(8)
        quiet = QFontMetricsF(text_font(theme))
        meaning = quiet.elidedText(scale.meaning, Qt.TextElideMode.ElideRight, max(block.width() - used, 0))
        painter.setFont(text_font(theme))
        painter.setPen(color(theme.muted))
        head = QRectF(block.left() + used, block.top(), block.width() - used, line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, meaning)
        self._heads.append((QRectF(block.left(), block.top(), block.width(), line), scale))
        self._painted = block.top() + 2.3 * line
        if not scale.directions:
            rest = QRectF(block.left(), block.top() + 1.3 * line, block.width(), line)
            painter.drawText(rest, Qt.AlignmentFlag.AlignLeft, "No effect varies, so there are none.")
            return
        top = block.top() + 1.3 * line
        cells = self._cell_width(block.width(), len(scale.effects))
        if cells:
            self._paint_names(painter, block, scale, cells, top)
            top += line
        height = min((block.bottom() - top) / len(scale.directions), 2.7 * line)
        self._painted = top + height * len(scale.directions)
        for k, direction in enumerate(scale.directions):
            row = QRectF(block.left(), top + k * height, block.width(), height)
            self._paint_row(painter, row, scale, direction, k, cells)

    def _bar(self, width: float) -> float:
        return min(max(0.24 * width, self._theme.px(56)), float(self._theme.px(140)))

    def _share(self) -> float:
        return text_width(text_font(self._theme), "99.9 %") + self._theme.px(14)

    def _cell_width(self, width: float, effects: int) -> float:
        """Room for the number of a loading, 0 where the words need it."""
        theme = self._theme
        least = text_width(text_font(theme), "−0.00") + theme.px(6)
        room = width - self._bar(width) - self._share() - theme.px(WORDS)
        cell = min(room / max(effects, 1), theme.px(72))
        return cell if effects > 1 and cell >= least else 0.0

    def _paint_names(
        self, painter: QPainter, block: QRectF, scale: DirectionScale, cell: float, top: float
    ) -> None:
        figure, theme = self._figure, self._theme
        if figure is None:
            return
        metrics = QFontMetricsF(text_font(theme))
        left = block.left() + self._bar(block.width()) + self._share()
        for k, effect in enumerate(scale.effects):
            name = effect_name(figure.effects[effect])
            painter.setFont(text_font(theme, bold=effect in self._lit))
            painter.setPen(color(theme.text if effect in self._lit else theme.muted))
            place = QRectF(left + k * cell, top, cell - 2, metrics.height())
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_row(
        self,
        painter: QPainter,
        row: QRectF,
        scale: DirectionScale,
        direction: Direction,
        number_of: int,
        cells: float,
    ) -> None:
        theme, figure = self._theme, self._figure
        if figure is None:
            return
        width = self._bar(row.width())
        led = _led(scale, direction)
        lit = bool(led & self._lit)
        middle, thick = row.center().y(), min(theme.px(10), row.height() * 0.5)
        track = QRectF(row.left(), middle - thick / 2, width, thick)
        share = direction.share if direction.share == direction.share else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.grid))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if not direction.empty and share > 0.0:
            painter.setBrush(color(theme.term_color(figure.term)))
            length = max(width * share, thick * 0.6)
            painter.drawRoundedRect(QRectF(track.topLeft(), track.bottomLeft() + QPointF(length, 0)), 3, 3)
        self._paint_best(painter, track, scale, number_of)
        painter.setFont(text_font(theme, bold=lit))
        painter.setPen(color(theme.text))
        text = "0 %" if direction.empty else f"{decimal(100 * share, 0 if share > 0.9995 else 1)} %"
        place = QRectF(track.right(), row.top(), self._share() - theme.px(10), row.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        left = row.left() + width + self._share()
        if cells:
            span = QRectF(left, row.top(), cells * len(scale.effects), row.height())
            hue = theme.term_color(figure.term)
            paint_loadings(painter, theme, span, (scale.effects, direction.loadings), hue, self._lit)
            left += cells * len(scale.effects) + theme.px(10)
        rest = QRectF(left, row.top(), row.right() - left, row.height())
        paint_words(painter, theme, rest, direction, bold=lit)
        self._rows.append((row, scale, number_of))

    def _paint_best(self, painter: QPainter, track: QRectF, scale: DirectionScale, k: int) -> None:
        """A mark where the bar ends at the best fit, while the model is moved."""
        if self._best is None or self._best is self._figure:
            return
        same = next((s for s in self._best.scales if s.title == scale.title), None)
        if same is None or k >= len(same.directions) or same.directions[k].share != same.directions[k].share:
            return
        x = track.left() + track.width() * same.directions[k].share
        painter.setPen(pen(self._theme.text, self._theme.line_width, dashed=True))
        painter.drawLine(QPointF(x, track.top() - 4), QPointF(x, track.bottom() + 4))

    # -- the mouse

    def tip(self, scale: DirectionScale, k: int) -> str:
        """What the tooltip of a direction says."""
        return "" if self._figure is None else direction_tip(self._figure, scale, k)

    def _tips(self) -> list[tuple[QRectF, str]]:
        heads = [(rect, html.escape(scale.meaning)) for rect, scale in self._heads]
        return heads + [(rect, self.tip(scale, k)) for rect, scale, k in self._rows]

    @Slot(object)
    def _on_over(self, at: QPointF | None) -> None:
        over = [(s, k) for rect, s, k in self._rows if at is not None and rect.contains(at)]
        found = _led(over[0][0], over[0][0].directions[over[0][1]]) if over else frozenset()
        if found != self._pointed:
            self._pointed = found
            self.pointed.emit(tuple(sorted(found)))


def _led(scale: DirectionScale, direction: Direction) -> frozenset[int]:
    """The effects that lead a direction."""
    share = direction.loadings**2
    return frozenset(scale.effects[int(k)] for k in np.flatnonzero(share >= LEADING))
