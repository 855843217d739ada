"""The matrices as they are laid out and painted; what stays while the model is moved is painted once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from mmgui.app.theme import LIGHT, Theme
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.matrix_links import Axis
from mmgui.plots.matrix_addition import addition
from mmgui.plots.matrix_captions import paint_caption, paint_scale
from mmgui.plots.matrix_images import MatrixImages
from mmgui.plots.matrix_layout import RESIDUAL, SUM, Measures, Panel, alone, product
from mmgui.plots.matrix_names import names_of
from mmgui.plots.matrix_painter import MatrixPainter
from mmgui.plots.matrix_windows import MatrixWindows
from mmgui.plots.style import text_font

PRODUCT = "product"
LOW = 200
"""Height, at scale 1, below which the parts of V leave no room for their scale."""

Over = Callable[[QPainter, tuple[Panel, ...]], None]


class MatrixStage:
    """A figure, which pictures of it are shown, how large, and how far one has gone in."""

    def __init__(self) -> None:
        self.figure: MatricesFigure | None = None
        self.shown = PRODUCT
        self.correlation = False
        self.windows = MatrixWindows()
        self._theme = LIGHT
        self._images = MatrixImages()
        self._measures: Measures | None = None
        self._laid: tuple[QRectF, tuple[Panel, ...]] | None = None
        self._moving = False
        self._over: tuple[QRectF, QPixmap] | None = None

    def show(self, figure: MatricesFigure | None) -> None:
        """Show the matrices of a fit."""
        self.figure = figure
        self._measures = None
        if figure is not None:
            self.windows.set_sizes(
                {
                    Axis.ROWS: len(figure.rows.places),
                    Axis.ACROSS: len(figure.rows.places),
                    Axis.FIXED: len(figure.rows.fixed),
                    Axis.EFFECTS: len(figure.rows.effects),
                }
            )
        self.lay_out_anew()

    def follow(self, figure: MatricesFigure) -> None:
        """The same rows with the parameters moved: entries alone are painted anew."""
        self.figure = figure
        self._moving = True
        self._images.show(figure, self._theme, correlation=self.correlation)

    def dress(self, theme: Theme) -> None:
        """Another look, or another device."""
        self._theme = theme
        self._measures = None
        self._moving = False
        if self.figure is not None:
            self._images.show(self.figure, theme, correlation=self.correlation)
        self.lay_out_anew()

    def lay_out_anew(self) -> None:
        """Something moved within the room."""
        self._laid = None
        self.mark_anew()

    def mark_anew(self) -> None:
        """Something else is lit or picked."""
        self._over = None

    def panels(self, room: QRectF) -> tuple[Panel, ...]:
        """Where the pictures stand."""
        figure = self.figure
        if figure is None:
            return ()
        if self._laid is None or self._laid[0] != room:
            self._laid = (room, self._lay_out(figure, room))
            self._over = None
        return self._laid[1]

    def _measured(self, figure: MatricesFigure) -> Measures:
        if self._measures is None:
            metrics = QFontMetricsF(text_font(self._theme))
            self._measures = Measures(self._theme, metrics, names_of(figure.rows), self.windows)
        return self._measures

    def _lay_out(self, figure: MatricesFigure, room: QRectF) -> tuple[Panel, ...]:
        measures = self._measured(figure)
        if self.shown == PRODUCT:
            return product(figure, room, measures)
        if self.shown != SUM:
            return alone(Matrix(self.shown), room, measures)
        parts = [f"part {k}" for k in range(len(figure.rows.terms))]
        if self._scaled(room):
            room = room.adjusted(0, 0, 0, -measures.line * 1.8)
        return addition([*parts, RESIDUAL, SUM], room, measures)

    def _scaled(self, room: QRectF) -> bool:
        return room.height() >= self._theme.px(LOW)

    def paint(self, painter: QPainter, room: QRectF, ratio: float, over: Over) -> None:
        """Paint everything; ``over`` paints what is lit and picked."""
        figure, panels, theme = self.figure, self.panels(room), self._theme
        if figure is None or not panels:
            return
        measures = self._measured(figure)
        drawing = MatrixPainter(figure, panels, self._images, measures, theme, self.correlation)
        drawing.paint_entries(painter)

        def still(on: QPainter) -> None:
            drawing.paint_names(on)
            over(on, panels)

        if self._moving:
            painter.drawPixmap(0, 0, self._once(room, ratio, still))
        else:
            still(painter)
        if self.shown == SUM:
            for panel in panels:
                paint_caption(painter, figure, panel, theme, correlation=self.correlation)
            if self._scaled(room):
                below = QRectF(room.left(), room.bottom() - measures.line, room.width(), measures.line * 0.8)
                paint_scale(painter, figure, below, theme, correlation=self.correlation)

    def _once(self, room: QRectF, ratio: float, still: Callable[[QPainter], None]) -> QPixmap:
        """What does not move, painted once."""
        if self._over is None or self._over[0] != room:
            pixmap = QPixmap((room.size() * ratio).toSize())
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            still(painter)
            painter.end()
            self._over = (room, pixmap)
        return self._over[1]
