"""Brings what a worker posts to the window's thread."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

INTERVAL_MS = 33
"""30 times a second: as often as an eye follows, and news in between is delivered together."""


class Mailbox(QObject):
    """A queue that any thread fills and a timer of the window's thread empties.

    The timer runs only between ``open`` and ``close``.
    """

    delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.drain)

    def post(self, item: object) -> None:
        """Put something in; from any thread."""
        self._queue.put(item)

    def open(self) -> None:
        """Expect post."""
        self._timer.start()

    def close(self) -> None:
        """Expect no more post."""
        self._timer.stop()

    @Slot()
    def drain(self) -> None:
        """Deliver all that has come, as one tuple."""
        items = []
        while True:
            try:
                items.append(self._queue.get_nowait())
            except Empty:
                break
        if items:
            self.delivered.emit(tuple(items))
