"""One worker that takes the latest wish first, can be asked to stop, and tells how far it has come."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis_parts import Part
from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner, Task
from mmgui.app.store import FitKey
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError

logger = logging.getLogger(__name__)

CLOSING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing worked out: a part of one fit, as chosen on its page, or the comparison of several."""

    part: Part
    keys: tuple[FitKey, ...]
    ids: tuple[int, ...] = ()
    choice: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Analysis:
    """What came of it: the figure, or the error that says why there is none."""

    topic: Topic
    figure: object | None
    error: MmguiError | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """How far long work has come: so many pieces of so many are done, and ``at`` is under way.

    ``partial`` is the figure of what is done, for work that shows it as it comes.
    """

    topic: Topic
    done: int = 0
    total: int = 0
    at: str = ""
    stopping: bool = False
    partial: object | None = None


class Reins:
    """What the worker is told and tells while it works; used from both threads."""

    def __init__(self, topic: Topic, post: Callable[[object], None]) -> None:
        self._topic, self._post = topic, post
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the work to end with what it has."""
        self._stop.set()

    def should_stop(self) -> bool:
        """Whether it has been asked to end."""
        return self._stop.is_set()

    def advance(self, done: int, total: int, at: str, partial: object | None = None) -> None:
        """Tell how far it has come."""
        self._post(Advance(self._topic, done, total, at, partial=partial))


Build = Callable[[Reins], object]


@dataclass(frozen=True, eq=False, slots=True)
class _Job:
    topic: Topic
    fits: tuple[Fit, ...]
    build: Build


class Lane(QObject):
    """Works off wishes one after the other, on the runner's thread."""

    answered = Signal(object, object)
    """An ``Analysis`` and the fits it is of."""
    advanced = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._wishes: OrderedDict[Topic, _Job] = OrderedDict()
        self._current: tuple[_Job, Reins] | None = None
        self._advance: Advance | None = None
        self._task: Task | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._current is not None

    def wish(self, topic: Topic, fits: tuple[Fit, ...], build: Build, *, urgent: bool = True) -> None:
        """Work it out when its turn comes; urgent wishes come first, the latest before the others."""
        if self._closed or self._under_way(topic, fits):
            return
        self._wishes[topic] = _Job(topic, fits, build)
        self._wishes.move_to_end(topic, last=urgent)
        self._next()

    def advance_of(self, topic: Topic) -> Advance | None:
        """How far a wish has come; None where nobody wished it, or it is done."""
        if self._current is not None and self._current[0].topic == topic:
            return self._advance
        return Advance(topic) if topic in self._wishes else None

    def stop(self, topic: Topic) -> None:
        """Forget a wish; where it is under way, ask for what there is of it."""
        self._wishes.pop(topic, None)
        if self._current is not None and self._current[0].topic == topic:
            self._current[1].stop()
            self._tell(replace(self._advance or Advance(topic), stopping=True))
        else:
            self.advanced.emit(Advance(topic))

    def shutdown(self) -> None:
        """Take no more wishes and leave the one under way."""
        self._closed = True
        self._wishes.clear()
        self._mailbox.close()
        if self._current is not None:
            self._current[1].stop()
        if self._task is not None and not self._task.wait(CLOSING_SECONDS):
            logger.info("An analysis was left behind on closing.")
        self._current = None

    def _under_way(self, topic: Topic, fits: tuple[Fit, ...]) -> bool:
        if self._current is None:
            return False
        job, reins = self._current
        return job.topic == topic and same_fits(job.fits, fits) and not reins.should_stop()

    def _next(self) -> None:
        if self._current is not None or not self._wishes:
            return
        _, job = self._wishes.popitem(last=True)
        reins = Reins(job.topic, self._mailbox.post)
        self._current, self._advance = (job, reins), Advance(job.topic)
        self._mailbox.open()
        self.busy_changed.emit(True)
        self._task = self._runner.start(f"analysis {job.topic.part}", _work(job, reins, self._mailbox.post))
        if self._task.at_once:
            self._mailbox.drain()

    def _tell(self, advance: Advance) -> None:
        self._advance = advance
        self.advanced.emit(advance)

    @Slot(object)
    def _on_delivered(self, news: tuple[Analysis | Advance, ...]) -> None:
        for item in news:
            if self._closed or self._current is None or self._current[0].topic != item.topic:
                continue
            job, reins = self._current
            if isinstance(item, Advance):
                self._tell(replace(item, stopping=reins.should_stop()))
                continue
            self._current = None
            self._mailbox.close()
            self.answered.emit(item, job.fits)
            self._next()
        if self._current is None:
            self.busy_changed.emit(False)


def same_fits(one: tuple[Fit, ...], other: tuple[Fit, ...]) -> bool:
    """Whether both are the very same fits."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _work(job: _Job, reins: Reins, post: Callable[[object], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            analysis = Analysis(job.topic, job.build(reins))
        except MmguiError as error:
            analysis = Analysis(job.topic, None, error)
        except Exception:
            part = job.topic.part
            logger.exception("The %s could not be worked out.", part)
            message = f"The {part} could not be worked out. The details are in the log; please report them."
            analysis = Analysis(job.topic, None, FitError("internal", message))
        post(analysis)

    return run
