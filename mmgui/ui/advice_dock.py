"""Keeps the advice in sight at the foot of the model pane, however long the model above it grows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mmgui.ui.advice_list import AdviceList

MOST_SHARE = 0.36
"""Of the pane's height; what is longer scrolls."""


class AdviceDock(QScrollArea):
    """As high as its findings, up to a share of the pane; hidden while there is nothing to say."""

    def __init__(self, advice: AdviceList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("adviceDock")
        self.setAccessibleName("Advice")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._inside = QWidget()
        self._inside.setObjectName("adviceBody")
        self._inside.setAutoFillBackground(False)
        title = QLabel("ADVICE")
        title.setProperty("role", "paneTitle")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(13, 6, 13, 4)
        column.setSpacing(6)
        column.addWidget(title)
        column.addWidget(advice)
        column.addStretch(1)
        self.setWidget(self._inside)
        self.viewport().setAutoFillBackground(False)
        self._inside.installEventFilter(self)
        self._room = 400

    def set_room(self, height: int) -> None:
        """How high the pane is."""
        self._room = height
        self._take_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._take_height()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._take_height()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def _take_height(self) -> None:
        layout = self._inside.layout()
        if layout is None:
            return
        width = max(self.viewport().width(), 1)
        wanted = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        # The line above it, and the rounding of rich text.
        self.setFixedHeight(min(wanted + 6, round(self._room * MOST_SHARE)))
