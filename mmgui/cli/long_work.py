"""Long work at the command line: how far it is, and Ctrl-C, which ends it and keeps what is done."""

from __future__ import annotations

import signal
import threading
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

from mmgui.cli.answer import say

SECONDS_OF_SILENCE = 3.0


class LongWork:
    """Within it, the first Ctrl-C asks the work to stop, and a second one gives it up.

    Parameters
    ----------
    what
        What has been done to the pieces counted: ``"Refitted"``.
    """

    def __init__(self, what: str) -> None:
        self._what, self._tenth, self._last = what, 0, monotonic()
        self._stopped = self._listening = False

    def __enter__(self) -> Self:
        # Only the main thread may listen, and what was started to ignore Ctrl-C goes on doing so.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.getsignal(signal.SIGINT)
            self._listening = self._before is not signal.SIG_IGN
        if self._listening:
            signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening:
            signal.signal(signal.SIGINT, self._before)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True
        say("Stopping, with what is done so far. Ctrl-C again gives that up too.")

    def should_stop(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stopped

    def on_progress(self, done: int, total: int) -> None:
        """Tell standard error in tenths, sooner where a tenth takes long."""
        tenth, now = 10 * done // max(total, 1), monotonic()
        if tenth > self._tenth or now - self._last > SECONDS_OF_SILENCE:
            self._tenth, self._last = tenth, now
            say(f"{self._what}: {done:,} of {total:,}")
