"""A panel with axes: the picture's room, its range, the mouse, and what is painted on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QWheelEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QToolTip, QWidget

from mmgui.app.theme import LIGHT, Theme
from mmgui.plots.axis import Axis
from mmgui.plots.kept_view import KeptView
from mmgui.plots.labels import paint_label, place_label
from mmgui.plots.style import text_font

pg.setConfigOptions(antialias=True)
REACH = 14.0
FloatArray = NDArray[np.float64]
Targets = tuple[FloatArray, NDArray[np.intp]]
NOTHING: Targets = (np.empty((0, 2)), np.empty(0, dtype=np.intp))


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Where a view is in pixels: (2,) ``corner`` is that of ``origin``, ``scale`` pixels are one unit."""

    room: QRectF
    origin: FloatArray
    scale: FloatArray
    corner: FloatArray

    @staticmethod
    def of(room: QRectF, shown: QRectF) -> Place:
        """The place of a range in a rectangle."""
        origin, corner = np.array([shown.left(), shown.top()]), np.array([room.left(), room.bottom()])
        if shown.width() == 0 or shown.height() == 0:
            return Place(room, origin, np.zeros(2), corner)
        scale = np.array([room.width() / shown.width(), -room.height() / shown.height()])
        return Place(room, origin, scale, corner)


class PlotArea(KeptView):
    """Axes, grid and a view; finds the group nearest to the mouse and tells who was clicked or hovered.

    Dragging moves the view, Ctrl and the wheel zoom, a double click brings the whole picture back.
    """

    clicked = Signal(int, bool)
    hovered = Signal(int)
    range_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.GraphicsView.Shape.NoFrame)
        self._where: Place | None = None
        self.theme: Theme = LIGHT
        self.left, self.bottom = Axis("left"), Axis("bottom")
        self.view = pg.ViewBox(enableMenu=False)
        self._frame = pg.GraphicsWidget()
        self._grid = QGraphicsGridLayout()
        self._frame.setLayout(self._grid)
        self._grid.setSpacing(0)
        self._grid.addItem(self.left, 0, 0)
        self._grid.addItem(self.view, 0, 1)
        self._grid.addItem(self.bottom, 1, 1)
        self._grid.setColumnStretchFactor(1, 100)
        self._grid.setRowStretchFactor(0, 100)
        for axis in (self.left, self.bottom):
            axis.setZValue(-200)
            axis.linkToView(self.view)
            axis.refitted.connect(self.still.forget)
        self.setCentralItem(self._frame)
        self._items: list[QGraphicsItem] = []
        self._home = QRectF(0, 0, 1, 1)
        self._known: Targets | None = NOTHING
        self._make: Callable[[], Targets] = lambda: NOTHING
        self._hover = -1
        self.sceneObj.sigMouseClicked.connect(self._on_click)
        self.sceneObj.sigMouseMoved.connect(self._on_move)
        self.view.sigRangeChanged.connect(self._on_range)
        self.view.geometryChanged.connect(self._on_place)

    # -- look

    def apply_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setBackground(QColor(theme.surface))
        for axis in (self.left, self.bottom):
            axis.set_theme(theme)
        self.set_margins()
        self.forget_still()

    def set_margins(self, right: float | None = None, top: float | None = None) -> None:
        """Room outside the axes; by default enough for half a tick label."""
        side = self.theme.px(18) if right is None else right
        above = self.theme.px(9) if top is None else top
        self._grid.setContentsMargins(self.theme.px(2), above, side, self.theme.px(2))

    def settle(self) -> None:
        """Lay out now, so that a picture can be taken before the event loop runs."""
        for _ in range(3):
            self.setRange(QRectF(self.rect()), padding=0, disableAutoPixel=False)
            self._grid.invalidate()
            self._grid.activate()
            for axis in (self.left, self.bottom):
                axis.refit()
        self.view.prepareForPaint()

    # -- content

    def clear_items(self) -> None:
        for item in self._items:
            self.view.removeItem(item)
        self._items.clear()
        self.forget_still()
        self.set_points(np.empty((0, 2)), np.empty(0, dtype=np.intp))

    def add(self, item: QGraphicsItem) -> None:
        self.view.addItem(item, ignoreBounds=True)
        self._items.append(item)
        self.forget_still()

    def items_shown(self) -> int:
        """How many things the panel draws: a few, however many groups there are."""
        return len(self._items)

    def set_points(self, points: FloatArray, owners: NDArray[np.intp]) -> None:
        """What the mouse can find: (m, 2) positions and to which group each belongs."""
        self.find_among(lambda: (points, owners))

    def find_among(self, make: Callable[[], Targets]) -> None:
        """The same, worked out when the mouse looks for something rather than with every move of the hand."""
        self._make, self._known = make, None
        self._hover = -1

    def targets(self) -> Targets:
        """What the mouse can find and is somewhere."""
        if self._known is None:
            points, owners = self._make()
            known = np.isfinite(points).all(axis=1)
            self._known = (points[known], owners[known])
        return self._known

    def set_home(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this range, and come back to it on a double click."""
        self._home = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        self.view.setRange(self._home, padding=0, disableAutoRange=True)

    @property
    def away_from_home(self) -> bool:
        """Whether another part than the whole picture is shown."""
        shown, home = self.shown(), self._home
        slack = 1e-6 * max(abs(home.width()), abs(home.height()))
        corners = ((shown.topLeft(), home.topLeft()), (shown.bottomRight(), home.bottomRight()))
        return any(abs(a.x() - b.x()) > slack or abs(a.y() - b.y()) > slack for a, b in corners)

    def reset_view(self) -> None:
        """Show the whole picture."""
        self.view.setRange(self._home, padding=0)

    def zoom(self, factor: float) -> None:
        """Magnify about the middle."""
        self.view.scaleBy((1.0 / factor, 1.0 / factor))

    def home(self) -> QRectF:
        return QRectF(self._home)

    def shown(self) -> QRectF:
        """The range shown now."""
        return QRectF(self.view.viewRect())

    def inside(self) -> QRectF:
        """The view's place in pixels."""
        return QRectF(self._place().room)

    def per_unit(self) -> FloatArray:
        """(2,) pixels across and down of one unit; zeros where nothing is shown."""
        return self._place().scale

    def to_pixels(self, points: FloatArray) -> FloatArray:
        """Pixels of (m, 2) positions."""
        place = self._place()
        return np.asarray((points - place.origin) * place.scale + place.corner, dtype=np.float64)

    def pixel(self, x: float, y: float) -> QPointF:
        """The pixel of one position."""
        place = self._place()
        (across, down), (left, low) = place.scale.tolist(), place.origin.tolist()
        room = place.room
        return QPointF((float(x) - left) * across + room.left(), (float(y) - low) * down + room.bottom())

    def _place(self) -> Place:
        """Where the view is; known while neither its room nor its range changes."""
        if self._where is None:
            self._where = Place.of(QRectF(self.view.sceneBoundingRect()), self.view.viewRect())
        return self._where

    @Slot()
    def _on_place(self) -> None:
        self._where = None

    def find(self, at: QPointF) -> int:
        """The group nearest to a pixel, -1 where none is within reach."""
        points, owners = self.targets()
        if not len(points) or not self.inside().adjusted(-6, -6, 6, 6).contains(at):
            return -1
        off = self.to_pixels(points) - np.array([at.x(), at.y()])
        squared = np.einsum("ij,ij->i", off, off)
        nearest = int(np.argmin(squared))
        return int(owners[nearest]) if squared[nearest] <= (REACH * self.theme.scale) ** 2 else -1

    # -- mouse

    @Slot(object)
    def _on_click(self, event: object) -> None:
        if event.button() != Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        if event.double():  # type: ignore[attr-defined]
            self.reset_view()
            return
        group = self.find(event.scenePos())  # type: ignore[attr-defined]
        if group >= 0:
            held = event.modifiers()  # type: ignore[attr-defined]
            extend = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
            self.clicked.emit(group, bool(held & extend))

    @Slot(object)
    def _on_move(self, position: QPointF) -> None:
        group = self.find(position)
        if group != self._hover:
            self._hover = group
            self.hovered.emit(group)
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if group >= 0 else Qt.CursorShape.ArrowCursor
            )

    def show_tip(self, text: str) -> None:
        """A tooltip at the mouse; none for an empty text."""
        if text:
            QToolTip.showText(self.cursor().pos(), text, self)
        else:
            QToolTip.hideText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Without Ctrl the page scrolls, as people expect.
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot()
    def _on_range(self) -> None:
        self._where = None
        self.still.forget()
        self.range_changed.emit()

    # -- words

    def paint_label(
        self, painter: QPainter, text: str, at: QPointF, taken: list[QRectF], *, tint: str, bold: bool = False
    ) -> None:
        """Write ``text`` beside a pixel where it hides least; adds its place to ``taken``.

        What is not bold is left out where it would take up half of the picture.
        """
        font = text_font(self.theme, bold=bold)
        metrics = QFontMetricsF(font)
        if not bold and metrics.horizontalAdvance(text) > 0.45 * self.inside().width():
            return
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, self.theme.px(180))
        size = QSizeF(metrics.horizontalAdvance(text) + self.theme.px(8), metrics.height())
        points = self.to_pixels(self.targets()[0])
        rect = place_label(at, size, self.theme.px(9), self.inside(), points, taken)
        paint_label(painter, self.theme, font, rect, text, tint)
        taken.append(rect)


def span(values: FloatArray, pad: float = 0.06, least: float = 0.0) -> tuple[float, float]:
    """The range of the finite values with room at both ends; never empty."""
    known = values[np.isfinite(values)]
    if not len(known):
        return (-1.0, 1.0)
    low, high = float(known.min()), float(known.max())
    width = max(high - low, least)
    if width <= 1e-9 * max(abs(low), abs(high)) or width == 0:
        width = abs(low) * 0.2 or 2.0
    middle = (low + high) / 2
    return (middle - width * (0.5 + pad), middle + width * (0.5 + pad))
