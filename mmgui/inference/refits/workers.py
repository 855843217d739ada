"""Long work on all cores: independent pieces in spawned processes, with progress and a stop that is heard.

Small jobs are done where they are asked for: the first pieces are timed, and processes are started only
where they end sooner, their start (0.5 s each, mostly imports) included. The result does not depend on
that choice, nor on the number of workers, as long as a piece depends on its number alone.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import ModuleType
from typing import Any, Generic, TypeVar

from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.refits.worker_process import STOP, Broken, Job, Results, serve

T = TypeVar("T")
OnProgress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

logger = logging.getLogger(__name__)

# Seconds of work done here before it is judged whether processes pay off.
TRIAL = 0.25
# Seconds from starting a process to its first piece, measured on a busy two-core machine.
STARTUP = 0.9
# Seconds between questions whether to stop, the grace after a stop for what is done to arrive, and the time
# that processes have to end by themselves.
POLL = 0.05
GRACE = 0.5
FAREWELL = 0.15

_main_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Done(Generic[T]):
    """What was done of a job.

    Attributes
    ----------
    results
        The result of each piece that is done, by its number, ascending; all of them unless stopped.
    total
        How many pieces the job has.
    workers
        Processes that worked besides this one; 0 where everything was done here.
    """

    results: dict[int, T]
    total: int
    workers: int

    @property
    def complete(self) -> bool:
        """Whether every piece is done."""
        return len(self.results) == self.total


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    job: Job[T],
    total: int,
    *,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
    on_results: Callable[[Mapping[int, T]], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> Done[T]:
    """Do the pieces 0 … total - 1 of a job.

    Parameters
    ----------
    job
        The work; it, and its results, are sent between processes of this program.
    total
        Number of pieces.
    workers
        Processes to start; 1 works in this process; None judges what is quickest, with at most one
        process a core.
    on_progress
        Called in this thread with the pieces done and the total.
    on_results
        Called in this thread with the results there are, by their number, before ``on_progress``.
    should_stop
        Asked in this thread, in processes at most 50 ms apart; work ends within a second of its being
        true, and what is done is returned.

    Raises
    ------
    FitError
        ``worker_died`` where a process ended by itself (killed, or out of memory); ``worker_failed``
        where a piece met an error that is none of ours.
    MmguiError
        As a piece raised it.
    """
    here = _Here(job, total, on_progress, on_results, should_stop)
    wanted = cores() if workers is None else max(workers, 1)
    if wanted == 1 or multiprocessing.current_process().daemon:
        # (A daemonic process may not have children.)
        here.work(math.inf)
    elif workers is None:
        here.work(TRIAL)
        if not here.worth_sharing(wanted):
            here.work(math.inf)
    left = total - len(here.results)
    if not left or here.stopped:
        return Done(here.results, total, 0)
    return _shared(job, total, min(wanted, left), here)


def _shared(job: Job[T], total: int, number: int, here: _Here[T]) -> Done[T]:
    """The rest of the job in so many processes, or here where none can be started."""
    pool = _Pool(job, number)
    try:
        if not pool.members:
            here.work(math.inf)
        else:
            pool.finish(range(len(here.results), total), here)
    finally:
        pool.end()
    return Done(dict(sorted(here.results.items())), total, len(pool.members))


class _Here(Generic[T]):
    """The job's state in this process, and work on it in this thread."""

    def __init__(
        self,
        job: Job[T],
        total: int,
        on_progress: OnProgress | None,
        on_results: Callable[[Mapping[int, T]], None] | None,
        should_stop: ShouldStop | None,
    ) -> None:
        self.results: dict[int, T] = {}
        self.stopped = False
        self._job, self._total = job, total
        self._on_progress, self._should_stop = on_progress, should_stop
        self._on_results = on_results
        self._piece: Callable[[int, ShouldStop], T] | None = None
        self._preparing = self._working = 0.0

    def asked(self) -> bool:
        """Whether the person asked to stop."""
        self.stopped = self.stopped or (self._should_stop is not None and self._should_stop())
        return self.stopped

    def tell(self) -> None:
        """Report progress."""
        if self._on_results is not None:
            self._on_results(self.results)
        if self._on_progress is not None:
            self._on_progress(len(self.results), self._total)

    def work(self, limit: float) -> None:
        """Do the next pieces for so many seconds, until all are done or a stop is asked for."""
        with one_blas_thread():
            began = time.monotonic()
            if self._piece is None:
                self._piece = self._job.prepare()
                self._preparing = time.monotonic() - began
                began = time.monotonic()
            for number in range(len(self.results), self._total):
                if self.asked() or time.monotonic() - began > limit:
                    break
                try:
                    self.results[number] = self._piece(number, self.asked)
                except FitError as error:
                    if error.code != "stopped" or not self.stopped:
                        raise
                    break
                self.tell()
            self._working += time.monotonic() - began

    def worth_sharing(self, workers: int) -> bool:
        """Whether the rest ends sooner in so many processes, to judge by the work so far."""
        left = self._working / max(len(self.results), 1) * (self._total - len(self.results))
        return left * (1.0 - 1.0 / workers) > STARTUP + self._preparing


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module while a process is started.

    A spawned process would import the parent's script again, and a script without a main guard would
    then run again in every worker. Nothing a worker does needs it.
    """
    with _main_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Keep Ctrl-C, which reaches the whole group of processes, from a process that is being started.

    Until it ignores the signal itself it would die of it, and this process would wait for ever to hand it
    its job. What it inherits is the mask; here the signal arrives afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started with the first process otherwise, and that lifts the mask.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(eq=False, slots=True)
class _Member:
    process: SpawnProcess
    connection: Connection[Any, Any]
    waiting: bool = False


class _Pool:
    """Worker processes of one job; ``members`` is empty where the system does not let them start."""

    def __init__(self, job: Job[Any], number: int) -> None:
        self.members: list[_Member] = []
        context = multiprocessing.get_context("spawn")
        for _ in range(number):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, job), daemon=True, name="mmgui worker")
            try:
                with _without_main(), _deaf_to_interrupts():
                    process.start()
            except (OSError, RuntimeError) as problem:
                logger.warning("No worker process can be started here (%s); working without.", problem)
                ours.close()
                break
            finally:
                theirs.close()
            self.members.append(_Member(process, ours))

    def finish(self, pieces: range, here: _Here[Any]) -> None:
        """Do these pieces, until all are done or a stop is asked for."""
        goal = len(here.results) + len(pieces)
        while len(here.results) < goal:
            before = len(here.results)
            if here.asked():
                self._stop(here.results)
            else:
                self._receive(self.members, here.results)
                pieces = self._assign(pieces)
            if len(here.results) > before:
                here.tell()
            if here.stopped:
                return

    def _assign(self, pieces: range) -> range:
        for member in self.members:
            if member.waiting and pieces:
                # Shares become smaller towards the end, so that all workers end together.
                share = math.ceil(len(pieces) / (4 * len(self.members)))
                member.waiting = False
                _send(member, pieces[:share])
                pieces = pieces[share:]
        return pieces

    @staticmethod
    def _receive(members: list[_Member], results: dict[int, Any]) -> None:
        for ready in wait([m.connection for m in members], POLL):
            member = next(m for m in members if m.connection is ready)
            try:
                message = member.connection.recv()
            except (EOFError, OSError) as problem:
                raise FitError(
                    "worker_died",
                    "A background process ended before its work was done, perhaps because memory ran out; "
                    "close other programs or use fewer processes, and try again.",
                ) from problem
            if isinstance(message, Broken):
                raise message.error or FitError(
                    "worker_failed", "A background process met an unexpected error; its work is lost."
                ) from RuntimeError(message.trace)
            if isinstance(message, Results):
                results.update(message.pieces)
                member.waiting = message.waiting

    def _stop(self, results: dict[int, Any]) -> None:
        """Tell the workers to stop and take what they have done, for as long as the grace lasts."""
        working = [m for m in self.members if not m.waiting]
        for member in self.members:
            _send(member, STOP)
        end = time.monotonic() + GRACE
        while working and time.monotonic() < end:
            self._receive(working, results)
            working = [m for m in working if not m.waiting]

    def end(self) -> None:
        """End every process, gently where it listens."""
        for member in self.members:
            _send(member, None)
        last = time.monotonic() + FAREWELL
        for member in self.members:
            member.process.join(max(last - time.monotonic(), 0.0))
            if member.process.is_alive():
                member.process.terminate()
        for member in self.members:
            member.process.join()
            member.connection.close()


def _send(member: _Member, message: object) -> None:
    try:
        member.connection.send(message)
    except OSError as problem:
        # The process is gone; ``_receive`` finds that out and says so.
        logger.debug("A worker process does not listen: %s", problem)
