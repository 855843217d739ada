"""What the pages show of a fit, worked out in the background and kept, so that the window only draws."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis_parts import BUILDERS, Comparison, Part, build_comparison
from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner, Task, ThreadRunner
from mmgui.app.store import FitKey, FitStatus, Store
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError
from mmgui.spec.document import ShelfModel

logger = logging.getLogger(__name__)

CLOSING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing worked out: a part of one fit, or the comparison of several."""

    part: Part
    keys: tuple[FitKey, ...]
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Analysis:
    """What came of it: the figure, or the error that says why there is none."""

    topic: Topic
    figure: object | None
    error: MmguiError | None = None


class AnalysisService(QObject):
    """One worker that takes the latest wish first; results are kept per fit.

    A fit's results are dropped when the fit is replaced.
    """

    analysis_changed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, store: Store, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._runner: Runner = runner if runner is not None else ThreadRunner()
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._known: dict[Topic, tuple[tuple[Fit, ...], Analysis]] = {}
        self._wishes: OrderedDict[Topic, tuple[tuple[Fit, ...], Callable[[], object]]] = OrderedDict()
        self._current: tuple[Topic, tuple[Fit, ...]] | None = None
        self._task: Task | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._current is not None

    def request(self, model: ShelfModel | None, part: Part, *, urgent: bool = True) -> Analysis | None:
        """The analysis if it is known, else None, and ``analysis_changed`` tells when it is there."""
        fit = self._fit(model)
        if model is None or fit is None:
            return None
        topic = Topic(part, (FitKey(model.spec, model.data_key),))
        return self._wish(topic, (fit,), lambda: BUILDERS[part](fit), urgent)

    def request_comparison(self, models: tuple[ShelfModel, ...]) -> Analysis | None:
        """The same for the comparison of models on the shelf, all of them fitted."""
        fits = tuple(f for f in map(self._fit, models) if f is not None)
        tables = tuple(self._store.table_of(m) for m in models)
        if len(fits) != len(models):
            return None
        ids = tuple(m.id for m in models)
        topic = Topic(Part.COMPARISON, tuple(FitKey(m.spec, m.data_key) for m in models), ids)
        wish = Comparison(
            tuple(zip(ids, fits, strict=True)), next((t for t in tables if t is not None), None)
        )
        return self._wish(topic, fits, lambda: build_comparison(wish), urgent=True)

    def shutdown(self) -> None:
        """Take no more wishes and leave the one under way."""
        self._closed = True
        self._wishes.clear()
        self._mailbox.close()
        if self._task is not None and not self._task.wait(CLOSING_SECONDS):
            logger.info("An analysis was left behind on closing.")
        self._current = None

    def _fit(self, model: ShelfModel | None) -> Fit | None:
        record = self._store.record(model)
        return record.fit if record is not None and record.status is not FitStatus.RUNNING else None

    def _wish(
        self, topic: Topic, fits: tuple[Fit, ...], build: Callable[[], object], urgent: bool
    ) -> Analysis | None:
        known = self._known.get(topic)
        if known is not None and _same(known[0], fits):
            return known[1]
        under_way = self._current is not None and self._current[0] == topic and _same(self._current[1], fits)
        if not self._closed and not under_way:
            self._wishes[topic] = (fits, build)
            self._wishes.move_to_end(topic, last=urgent)
            self._next()
            known = self._known.get(topic)
            return known[1] if known is not None and _same(known[0], fits) else None
        return None

    def _next(self) -> None:
        if self._current is not None or not self._wishes:
            return
        topic, (fits, build) = self._wishes.popitem(last=True)
        self._current = (topic, fits)
        self._mailbox.open()
        self.busy_changed.emit(True)
        self._task = self._runner.start(f"analysis {topic.part}", _work(topic, build, self._mailbox.post))
        if self._task.at_once:
            self._mailbox.drain()

    @Slot(object)
    def _on_delivered(self, analyses: tuple[Analysis, ...]) -> None:
        for analysis in analyses:
            if self._closed or self._current is None or self._current[0] != analysis.topic:
                continue
            self._known[analysis.topic] = (self._current[1], analysis)
            self._current = None
            self._mailbox.close()
            self.analysis_changed.emit(analysis)
            self._next()
        if self._current is None:
            self.busy_changed.emit(False)


def _same(one: tuple[Fit, ...], other: tuple[Fit, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _work(topic: Topic, build: Callable[[], object], post: Callable[[object], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            analysis = Analysis(topic, build())
        except MmguiError as error:
            analysis = Analysis(topic, None, error)
        except Exception:
            logger.exception("The %s could not be worked out.", topic.part)
            message = (
                f"The {topic.part} could not be worked out. The details are in the log; please report them."
            )
            analysis = Analysis(topic, None, FitError("internal", message))
        post(analysis)

    return run
