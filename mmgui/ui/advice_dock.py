"""Keeps the advice in sight at the foot of the model pane, however long the model above it grows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mmgui.ui.advice_list import AdviceList
from mmgui.ui.calm_scroll_bar import keep_scroll_room

READING_SHARE = 0.46
"""Of the pane's height: where a finding stands open to be read, by hand or as one that asks for something."""

LEAST_SHARE = 0.24
"""Where the model above needs the room."""


class AdviceDock(QScrollArea):
    """As high as its findings, where the model above leaves the room; hidden while there is nothing to say.

    Where the model above and the advice in full have not both room, the advice is folded to lines.
    """

    def __init__(self, advice: AdviceList, model: QScrollArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._advice = advice
        self._room = 400
        # The height hangs on what stands above, which hangs on the height: worked out once the layout is at
        # rest, never from within it.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._take_height)
        self.setObjectName("adviceDock")
        self.setAccessibleName("Advice")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        keep_scroll_room(self)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._inside = QWidget()
        self._inside.setObjectName("adviceBody")
        self._inside.setAutoFillBackground(False)
        title = QLabel("ADVICE")
        title.setProperty("role", "paneTitle")
        self._title = title
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(13, 6, 13, 4)
        column.setSpacing(6)
        column.addWidget(title)
        column.addWidget(advice)
        column.addStretch(1)
        self.setWidget(self._inside)
        self.viewport().setAutoFillBackground(False)
        self._inside.installEventFilter(self)
        model.installEventFilter(self)
        body = model.widget()
        if body is not None:
            body.installEventFilter(self)
        advice.folding_changed.connect(self._ask)

    def set_room(self, height: int) -> None:
        """How high the pane is."""
        self._room = height
        self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While the pane is taken down, widgets still send events and attributes are gone already.
        model = getattr(self, "_model", None)
        if model is not None:
            asked = event.type() == QEvent.Type.LayoutRequest and watched is not model
            if asked or (event.type() == QEvent.Type.Resize and watched is model):
                self._ask()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._ask()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    @Slot()
    def _ask(self) -> None:
        if not self._later.isActive():
            self._later.start(0)

    @Slot()
    def _take_height(self) -> None:
        layout = self._inside.layout()
        if layout is None:
            return
        if not self._advice.all_findings():
            self.setFixedHeight(0)
            return
        width = max(self.viewport().width(), 1)
        left = self._shared_height() - self._height_of_model()
        chrome = self._title.sizeHint().height() + 22
        reading, least = round(self._room * READING_SHARE), round(self._room * LEAST_SHARE)
        first = self._advice.fold_to(left - chrome, reading - chrome, width - 26)
        if self._advice.compact and self._advice.opened_by_hand:
            least = reading
        elif first:
            least = max(least, first + chrome)
        wanted = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        # The line above it, and the rounding of rich text.
        self.setFixedHeight(min(wanted + 6, max(left, least)))

    def _shared_height(self) -> int:
        """What model and advice have together, whichever of it each has now."""
        pane = self.parentWidget()
        layout = None if pane is None else pane.layout()
        if pane is None or layout is None:
            return self._model.height() + self.height()
        below = layout.contentsMargins().bottom() + max(layout.spacing(), 0)
        return pane.contentsRect().bottom() + 1 - self._model.y() - below

    def _height_of_model(self) -> int:
        """How high all of the model above would be."""
        body = self._model.widget()
        layout = None if body is None else body.layout()
        if layout is None:
            return 0
        width = max(self._model.viewport().width(), 1)
        return (
            layout.totalHeightForWidth(width)
            if layout.hasHeightForWidth()
            else layout.totalSizeHint().height()
        )
