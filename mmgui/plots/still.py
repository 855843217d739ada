"""What of a picture stands still: painted once for the screen, and kept until something of it changes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPixmap

CLEAR = QColor(Qt.GlobalColor.transparent)


class StillLayer:
    """A bitmap of what stands still.

    What changes with every picture is not worth a bitmap, so one is made only when the same thing is painted
    a second time. A drawing, or a picture that is turned, holds shapes: it gets no bitmap at all.
    """

    def __init__(self) -> None:
        self._kept: QPixmap | None = None
        self._scale = 0.0
        self._seen = False

    def forget(self) -> None:
        """Something of it changed."""
        self._kept, self._seen = None, False

    def bitmap(
        self, painter: QPainter, size: QSize, paint: Callable[[QPainter], None], ground: QColor = CLEAR
    ) -> QPixmap | None:
        """What to lay down at the painter's origin; None where everything has to be painted.

        ``paint`` paints it on a bitmap of the given size, in the layout's pixels, filled with ``ground``.
        """
        scale = bitmap_scale(painter)
        if scale is None or size.isEmpty():
            return None
        kept = self._kept
        if kept is not None and scale == self._scale and kept.deviceIndependentSize().toSize() == size:
            return kept
        self._kept, self._scale = None, scale
        if not self._seen:
            self._seen = True
            return None
        out = QPixmap(size * scale)
        out.setDevicePixelRatio(scale)
        out.fill(ground)
        ground_painter = QPainter(out)
        try:
            ground_painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(ground_painter)
        finally:
            ground_painter.end()
        self._kept = out
        return out


def bitmap_scale(painter: QPainter) -> float | None:
    """Pixels of the painter's device for each of the layout's; None where they are no pixels, or turned."""
    if painter.paintEngine().type() != QPaintEngine.Type.Raster:
        return None
    there = painter.deviceTransform()
    if there.m12() or there.m21() or there.m11() != there.m22():
        return None
    return float(there.m11())
