"""Where background work runs: on a thread of its own, or at once where a test wants it so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

Work = Callable[[], None]


class Task(Protocol):
    """Work that was started; ``at_once`` where it had ended before ``start`` came back."""

    at_once: bool

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; whether the work has ended."""
        ...


class Runner(Protocol):
    """Starts work. The work speaks to the window through a ``Mailbox`` alone."""

    def start(self, name: str, work: Work) -> Task: ...


class ThreadTask:
    """Work on a Python thread."""

    at_once = False

    def __init__(self, thread: threading.Thread) -> None:
        self._thread = thread

    def wait(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()


class ThreadRunner:
    """Starts a thread for each piece of work.

    A daemon thread, not a QThread: one that does not answer can be left behind, and neither
    closing the window nor leaving the program waits for it.
    """

    def start(self, name: str, work: Work) -> Task:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return ThreadTask(thread)


class EndedTask:
    """Work that was done inline."""

    at_once = True

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 – the protocol's
        return True


class InlineRunner:
    """Does the work at once, on the caller's thread."""

    def start(self, name: str, work: Work) -> Task:  # noqa: ARG002 – the protocol's
        work()
        return EndedTask()
