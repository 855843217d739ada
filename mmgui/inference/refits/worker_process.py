"""What runs in a worker process: numbers of pieces come in, results go out, until nothing more comes.

A thread reads what the parent sends, so that a stop is heard in the middle of a piece.
"""

from __future__ import annotations

import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError, MmguiError

Result_co = TypeVar("Result_co", covariant=True)
ShouldStop = Callable[[], bool]

# Results are sent at least this often, in seconds, so that progress is seen and little is lost.
FLUSH = 0.2


class Job(Protocol[Result_co]):
    """Independent pieces of work, numbered from 0; plain data that another process can be given."""

    def prepare(self) -> Callable[[int, ShouldStop], Result_co]:
        """What does a piece by its number; called once in each process.

        The function may raise ``FitError("stopped", …)`` where it is asked to stop in the middle.
        """
        ...


@dataclass(frozen=True, slots=True)
class Results:
    """Pieces that are done, by number; ``waiting`` where the worker has nothing left to do."""

    pieces: tuple[tuple[int, Any], ...]
    waiting: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece raised: an error for people, or where in the code it was."""

    error: MmguiError | None
    trace: str


STOP = "stop"


def serve(connection: Connection[Any, Any], job: Job[Any]) -> None:
    """Do the pieces of ``job`` that the parent asks for, one BLAS thread, until it sends None or is gone."""
    if threading.current_thread() is threading.main_thread():
        # Ctrl-C reaches every process of a terminal; the parent alone answers it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked: queue.SimpleQueue[range | None] = queue.SimpleQueue()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(connection, asked, stop), daemon=True).start()
    try:
        with one_blas_thread():
            work = job.prepare()
            connection.send(Results((), waiting=True))
            while not stop.is_set() and (pieces := asked.get()) is not None:
                _do(pieces, work, stop, connection)
    except BrokenPipeError:
        # The parent is gone: there is nobody to tell.
        return
    except Exception as error:  # noqa: BLE001 - reported to the parent, which raises it
        known = error if isinstance(error, MmguiError) else None
        connection.send(Broken(known, traceback.format_exc()))


def _listen(
    connection: Connection[Any, Any], asked: queue.SimpleQueue[range | None], stop: threading.Event
) -> None:
    message: object = None
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            message = STOP
        if message == STOP:
            stop.set()
            asked.put(None)
            return
        asked.put(message if isinstance(message, range) else None)


def _do(
    pieces: range,
    work: Callable[[int, ShouldStop], Any],
    stop: threading.Event,
    connection: Connection[Any, Any],
) -> None:
    done: list[tuple[int, Any]] = []
    sent = time.monotonic()
    for number in pieces:
        if stop.is_set():
            break
        try:
            done.append((number, work(number, stop.is_set)))
        except FitError as error:
            if error.code != "stopped" or not stop.is_set():
                raise
            break
        if time.monotonic() - sent > FLUSH:
            connection.send(Results(tuple(done), waiting=False))
            done.clear()
            sent = time.monotonic()
    connection.send(Results(tuple(done), waiting=True))
