"""Runs fits in the background, one at a time, and tells the store how they go."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner, Task, ThreadRunner
from mmgui.app.store import FitKey, FitRecord, FitStatus, Store
from mmgui.data.table import Table, no_such_column
from mmgui.engine.events import Evaluated, Failed, Finished, FitEvent, Started, Stopped
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError, Where
from mmgui.spec.document import ShelfModel

if TYPE_CHECKING:
    from mmgui.engine.design import FloatArray

logger = logging.getLogger(__name__)

GRACE_MS = 1000
"""How long a stopped worker may take to answer before it is left behind."""

CLOSING_SECONDS = 0.4
"""The same when the program ends: nobody hears of its best point any more."""

AS_GOOD = 1e-4
"""A criterion within this of another is as good."""


@dataclass(frozen=True, eq=False, slots=True)
class Tried:
    """What came of fitting a model again from another start.

    Attributes
    ----------
    before
        The fit there was.
    fit
        The one from the other start; where it was stopped, its best point; None where it failed.
    kept
        Whether ``before`` is still the model's result.
    error
        Why there is none.
    """

    before: Fit
    fit: Fit | None
    kept: bool
    error: MmguiError | None = None


@dataclass(eq=False, slots=True)
class _Job:
    id: int
    model: ShelfModel
    table: Table
    stop: threading.Event = field(default_factory=threading.Event)
    task: Task | None = None
    start: FloatArray | None = None
    before: Fit | None = None
    """The result that stays unless the other start leads to a better one; None for a usual fit."""

    @property
    def key(self) -> FitKey:
        return FitKey(self.model.spec, self.model.data_key)


@dataclass(frozen=True, eq=False, slots=True)
class _News:
    """An event and the job it comes from."""

    job_id: int
    event: FitEvent


class FitService(QObject):
    """At most one fit at a time, on a worker of its own.

    The worker only ever posts events; the store hears of them on the window's thread, those of a
    30th of a second together. Events of a job that is no longer the present one are dropped.
    """

    running_changed = Signal(bool)
    stop_asked = Signal()
    tried = Signal(object)
    """A ``Tried``: a fit from another start has ended."""

    def __init__(self, store: Store, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._runner: Runner = runner if runner is not None else ThreadRunner()
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.setInterval(GRACE_MS)
        self._grace.timeout.connect(self._abandon)
        self._job: _Job | None = None
        # Left behind, still on their way to their best point; told apart by number.
        self._late: dict[int, _Job] = {}
        self._waiting: deque[ShelfModel] = deque()
        self._jobs = 0

    @property
    def running(self) -> ShelfModel | None:
        """The model that is being fitted."""
        return None if self._job is None else self._job.model

    @property
    def stopping(self) -> bool:
        """Whether the present fit was asked to stop and has not answered yet."""
        return self._job is not None and self._job.stop.is_set()

    def submit(self, model: ShelfModel) -> None:
        """Fit a model of the shelf; a fit under way is stopped first. What is fitted already stays."""
        self._waiting.clear()
        if self._job is None:
            self._take(model)
        elif self._job.model != model or self.stopping:
            self._waiting.append(model)
            self._ask_to_stop()

    def submit_all(self, models: Iterable[ShelfModel]) -> None:
        """Fit several models one after the other, once what is under way has ended."""
        self._waiting.extend(models)
        self._take_next()

    def start_from(self, model: ShelfModel, theta: FloatArray) -> None:
        """Fit a fitted model again from θ; ``tried`` tells what came of it.

        The new fit takes the place of the one there is only where it is better. While another fit is under
        way there is none: ``tried`` says so.
        """
        record = self._store.record(model)
        table = self._store.table_of(model)
        if record is None or record.fit is None:
            return
        error = _without_its_data(model, self._store.table()) if table is None else None
        if self._job is not None:
            error = FitError("busy", "Another fit is under way: stop it or wait for its end, then start.")
        if table is None or error is not None:
            self.tried.emit(Tried(record.fit, None, kept=True, error=error))
            return
        self._jobs += 1
        self._run(_Job(self._jobs, model, table, start=theta, before=record.fit))

    @Slot()
    def stop(self) -> None:
        """Stop the fit under way and keep its best point; answered within a second."""
        self._waiting.clear()
        self._ask_to_stop()

    def shutdown(self) -> None:
        """End everything, also in the middle of a fit; nothing is heard of it afterwards."""
        job = self._job
        self._waiting.clear()
        self._late.clear()
        if job is not None:
            job.stop.set()
            if job.task is not None and not job.task.wait(CLOSING_SECONDS):
                logger.info("The fit did not end in time and was left behind.")
            self._conclude(FitRecord(FitStatus.STOPPED))
        # Also where all that is under way was left behind before.
        self._mailbox.close()

    def _ask_to_stop(self) -> None:
        if self._job is not None and not self._job.stop.is_set():
            self._job.stop.set()
            self._grace.start()
            self.stop_asked.emit()

    def _take_next(self) -> None:
        while self._waiting and self._job is None:
            self._take(self._waiting.popleft())

    def _take(self, model: ShelfModel) -> None:
        record = self._store.record(model)
        if record is None or record.status is not FitStatus.DONE:
            self._start(model)

    def _start(self, model: ShelfModel) -> None:
        table = self._store.table_of(model)
        key = FitKey(model.spec, model.data_key)
        if table is None:
            error = _without_its_data(model, self._store.table())
            self._store.set_record(key, FitRecord(FitStatus.FAILED, error=error))
            return
        self._jobs += 1
        self._store.set_record(key, FitRecord(FitStatus.RUNNING))
        self._run(_Job(self._jobs, model, table))

    def _run(self, job: _Job) -> None:
        self._job = job
        self.running_changed.emit(True)
        self._mailbox.open()
        job.task = self._runner.start(f"fit {job.id}", _work(job, self._mailbox.post))
        if job.task.at_once:
            self._mailbox.drain()

    @Slot(object)
    def _on_delivered(self, news: tuple[_News, ...]) -> None:
        self._take_late(news)
        job = self._job
        events = tuple(n.event for n in news if job is not None and n.job_id == job.id)
        if not events or job is None:
            return
        match events[-1]:
            case Finished(fit):
                self._conclude(FitRecord(FitStatus.DONE, fit), events)
            case Stopped(best):
                self._conclude(FitRecord(FitStatus.STOPPED, best), events)
            case Failed(error):
                self._conclude(FitRecord(FitStatus.FAILED, error=error), events)
            case Started() | Evaluated():
                # A model that has a result keeps it while another start is tried.
                if job.before is None:
                    self._store.set_record(job.key, FitRecord(FitStatus.RUNNING), events)

    @Slot()
    def _abandon(self) -> None:
        """The worker did not answer: go on without it, and take its best point if it comes after all."""
        if self._job is not None and self.stopping:
            logger.warning("The fit did not answer within %d ms and was left behind.", GRACE_MS)
            self._late[self._job.id] = self._job
            self._conclude(FitRecord(FitStatus.STOPPED))

    def _take_late(self, news: tuple[_News, ...]) -> None:
        for item in news:
            job = self._late.get(item.job_id)
            if job is None or not isinstance(item.event, Finished | Stopped | Failed):
                continue
            del self._late[item.job_id]
            record = self._store.record(job.model)
            empty = record is not None and record.status is FitStatus.STOPPED and record.fit is None
            if (
                job.before is None
                and empty
                and isinstance(item.event, Stopped)
                and item.event.best is not None
            ):
                self._store.set_record(job.key, FitRecord(FitStatus.STOPPED, item.event.best))
        if self._job is None and not self._late:
            self._mailbox.close()

    def _conclude(self, record: FitRecord, events: tuple[FitEvent, ...] = ()) -> None:
        job, self._job = self._job, None
        self._grace.stop()
        if not self._late:
            self._mailbox.close()
        if job is not None and job.before is not None:
            self._conclude_trial(job, job.before, record)
        elif job is not None:
            self._store.set_record(job.key, record, events)
        self._take_next()
        if self._job is None:
            self.running_changed.emit(False)

    def _conclude_trial(self, job: _Job, before: Fit, record: FitRecord) -> None:
        """Another start takes the place of the result only where it ends lower and that is still there."""
        found, present = record.fit, self._store.record(job.model)
        current = present is not None and present.fit is before
        better = found is not None and found.objective < before.objective - AS_GOOD
        # What was stopped takes the place of nothing but what was stopped, too.
        whole = record.status is FitStatus.DONE or not before.convergence.converged
        replaced = current and better and whole
        if replaced:
            self._store.set_record(job.key, record)
        self.tried.emit(Tried(before, found, not replaced, record.error))


def _without_its_data(model: ShelfModel, present: Table | None) -> FitError:
    """Why a shelf model cannot be fitted to the data as they are."""
    gone = [] if present is None else [c for c in model.spec.columns() if c not in present]
    if present is not None and gone:
        return FitError("unknown_column", no_such_column(present, gone[0]), Where("column", gone[0]))
    return FitError("other_data", "The data changed since this model was built. Fit it again as a new model.")


def _work(job: _Job, post: Callable[[object], None]) -> Callable[[], None]:
    """What the worker does: fit, and post every event; the last one always says how it ended."""

    def run() -> None:
        ended = False

        def on_event(event: FitEvent) -> None:
            nonlocal ended
            ended = ended or isinstance(event, Finished | Stopped | Failed)
            post(_News(job.id, event))

        try:
            fit = _fit(job, on_event)
        except MmguiError as error:
            if not ended:
                post(_News(job.id, Failed(error)))
        except Exception:
            logger.exception("The fit of job %d ended unexpectedly.", job.id)
            message = "The fit ended unexpectedly. The details are in the log; please report them."
            post(_News(job.id, Failed(FitError("internal", message))))
        else:
            if not ended:
                post(_News(job.id, Stopped(fit) if job.stop.is_set() else Finished(fit)))

    return run


def _fit(job: _Job, on_event: Callable[[FitEvent], None]) -> Fit:
    # The engine brings SciPy along, which the first window does not wait for.
    from mmgui.engine.fit import FitJob, fit

    return fit(FitJob(job.model.spec, job.table, job.start), on_event, job.stop.is_set)
