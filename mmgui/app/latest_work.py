"""Work of which only the latest wish counts: one piece runs in the background, one may wait."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner, Task
from mmgui.errors import FitError, MmguiError

logger = logging.getLogger(__name__)

Work = Callable[[], object]


@dataclass(frozen=True, eq=False, slots=True)
class _Done:
    number: int
    result: object
    error: MmguiError | None


class LatestWork(QObject):
    """Emits what came of the work; a wish that waits gives way to the next one."""

    done = Signal(object)
    failed = Signal(object)
    """An ``MmguiError``."""
    busy_changed = Signal(bool)

    def __init__(self, name: str, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name, self._runner = name, runner
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._waiting: Work | None = None
        self._number = 0
        self._working = False
        self._task: Task | None = None

    @property
    def busy(self) -> bool:
        """Whether something is worked on."""
        return self._working

    def submit(self, work: Work) -> None:
        """Do this next, in place of what waits."""
        self._waiting = work
        if not self._working:
            self._start()

    def forget(self) -> None:
        """Nobody wants to hear of what is under way or waits."""
        self._waiting = None
        self._number += 1

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self.forget()
        self._mailbox.close()

    def _start(self) -> None:
        work, self._waiting = self._waiting, None
        if work is None:
            return
        self._number += 1
        number, name, post = self._number, self._name, self._mailbox.post

        def run() -> None:
            try:
                post(_Done(number, work(), None))
            except MmguiError as error:
                post(_Done(number, None, error))
            except Exception:
                # Whoever waits hears of it: work that never answers would be under way for ever.
                logger.exception("Background work (%s) ended unexpectedly.", name)
                message = "This ended unexpectedly. The details are in the log; please report them."
                post(_Done(number, None, FitError("internal", message)))

        self._working = True
        self.busy_changed.emit(True)
        self._mailbox.open()
        self._task = self._runner.start(name, run)
        if self._task.at_once:
            self._mailbox.drain()

    @Slot(object)
    def _on_delivered(self, items: tuple[_Done, ...]) -> None:
        for item in items:
            self._working = False
            self._mailbox.close()
            current = item.number == self._number
            self._start()
            if not self._working:
                self.busy_changed.emit(False)
            if current and item.error is not None:
                self.failed.emit(item.error)
            elif current:
                self.done.emit(item.result)
