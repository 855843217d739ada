"""A drop-down list with a drawn arrow, readable at every scale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget


class ChoiceCombo(QComboBox):
    """Shrinks with its pane; the wheel scrolls the pane rather than changing the choice.

    ``chosen`` tells of a choice whoever makes it, mouse, keyboard or assistive program, and keeps
    quiet while the pane itself fills in what the model says (``with combo.filling():``).
    """

    chosen = Signal(int)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._filling = False
        self.currentIndexChanged.connect(self._on_index)

    @contextmanager
    def filling(self) -> Iterator[None]:
        """What changes inside is no choice of the person's."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    @Slot(int)
    def _on_index(self, index: int) -> None:
        if index >= 0 and not self._filling:
            self.chosen.emit(index)

    def minimumSizeHint(self) -> QSize:
        # Qt's own would make room for the longest placeholder.
        return QSize(self.fontMetrics().height() * 5, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        half = self.fontMetrics().height() * 0.2
        x, y = self.width() - self.fontMetrics().height() * 0.75, self.height() / 2 + half * 0.1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self.palette().placeholderText().color()
        painter.setPen(QPen(color, max(1.4, half * 0.45), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(
            QPolygonF(
                [QPointF(x - half, y - half / 2), QPointF(x, y + half / 2), QPointF(x + half, y - half / 2)]
            )
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
