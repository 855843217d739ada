"""Imports what the first fit and its pages need while the person still looks for a file."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import ThreadRunner

logger = logging.getLogger(__name__)

AFTER_MS = 200
MODULES = (
    "mmgui.data.read",
    "pyqtgraph",
    "mmgui.engine.fit",
    "mmgui.inference.degrees_of_freedom.satterthwaite",
    "mmgui.figures.shrinkage",
    "mmgui.inference.variance.separate",
    "mmgui.inference.comparison.lrt",
    "mmgui.figures.residuals",
    "mmgui.figures.groups",
    "mmgui.figures.compare",
    "ziamath",
    "statsmodels.regression.linear_model",
)


class WarmUp(QObject):
    """Imports on a thread; who needs a module earlier imports it, and waits at most for that one."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(AFTER_MS)
        self._delay.timeout.connect(self._start)

    def begin(self) -> None:
        """Soon, when the window stands."""
        self._delay.start()

    @Slot()
    def stop(self) -> None:
        """Hear of nothing any more."""
        self._delay.stop()
        self._mailbox.close()

    @Slot()
    def _start(self) -> None:
        self._mailbox.open()
        ThreadRunner().start("warm-up", _work(self._mailbox.post))

    @Slot(object)
    def _on_delivered(self, _news: object) -> None:
        self._mailbox.close()
        self.done.emit()


def _work(post: Callable[[object], None]) -> Callable[[], None]:
    def run() -> None:
        for module in MODULES:
            try:
                importlib.import_module(module)
            except ImportError:
                # Whoever needs it says so in place.
                logger.exception("%s cannot be imported.", module)
        post(None)

    return run
