"""What the pages show of a fit, worked out in the background and kept, so that the window only draws."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis_parts import BUILDERS, CHOSEN, LONG_BUILDERS, Comparison, Part, build_comparison
from mmgui.app.lane import Advance, Analysis, Build, Lane, Topic, same_fits
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.app.store import FitKey, FitStatus, Store
from mmgui.engine.result import Fit
from mmgui.spec.document import ShelfModel

__all__ = ["Advance", "Analysis", "AnalysisService", "Topic"]


class AnalysisService(QObject):
    """Results are kept per fit, and dropped when the fit is replaced.

    What can take long has a worker of its own, so that no page waits for it.
    """

    analysis_changed = Signal(object)
    advanced = Signal(object)
    """An ``Advance``: long work has come further, was stopped or forgotten."""
    busy_changed = Signal(bool)

    def __init__(self, store: Store, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        worker: Runner = runner if runner is not None else ThreadRunner()
        self._short, self._long = Lane(worker, self), Lane(worker, self)
        self._known: dict[Topic, tuple[tuple[Fit, ...], Analysis]] = {}
        for lane in (self._short, self._long):
            lane.answered.connect(self._on_answered)
            lane.advanced.connect(self.advanced)
            lane.busy_changed.connect(self._on_busy)

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._short.busy or self._long.busy

    def request(
        self, model: ShelfModel | None, part: Part, *, urgent: bool = True, afresh: bool = False,
        choice: tuple[str, ...] = (),
    ) -> Analysis | None:  # fmt: skip
        """The analysis if it is known, else None, and ``analysis_changed`` tells when it is there.

        ``afresh`` works it out again, for what was stopped before it was complete. ``choice`` is what
        the person chose to see, for parts that leave a choice.
        """
        fit = self._fit(model)
        if model is None or fit is None:
            return None
        topic = _topic(model, part, choice)
        if afresh:
            self._known.pop(topic, None)
        if part in LONG_BUILDERS:
            long = LONG_BUILDERS[part]
            return self._wish(topic, (fit,), lambda r: long(fit, r.should_stop, r.advance), urgent=urgent)
        if choice:
            return self._wish(topic, (fit,), lambda _: CHOSEN[part](fit, choice), urgent=urgent)
        return self._wish(topic, (fit,), lambda _: BUILDERS[part](fit), urgent=urgent)

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
        return self._wish(topic, fits, lambda _: build_comparison(wish))

    def known(self, model: ShelfModel | None, part: Part) -> Analysis | None:
        """The analysis if it is known; asks for nothing."""
        fit = self._fit(model)
        return None if model is None or fit is None else self._kept(_topic(model, part), (fit,))

    def advance_of(self, model: ShelfModel | None, part: Part) -> Advance | None:
        """How far long work has come; None where it is not under way."""
        return None if model is None else self._long.advance_of(_topic(model, part))

    def stop(self, model: ShelfModel, part: Part) -> None:
        """Stop long work; what is complete of it is kept."""
        self._long.stop(_topic(model, part))

    def shutdown(self) -> None:
        """Take no more wishes and leave what is under way."""
        self._short.shutdown()
        self._long.shutdown()

    def _fit(self, model: ShelfModel | None) -> Fit | None:
        record = self._store.record(model)
        return record.fit if record is not None and record.status is not FitStatus.RUNNING else None

    def _kept(self, topic: Topic, fits: tuple[Fit, ...]) -> Analysis | None:
        known = self._known.get(topic)
        return known[1] if known is not None and same_fits(known[0], fits) else None

    def _wish(
        self, topic: Topic, fits: tuple[Fit, ...], build: Build, *, urgent: bool = True
    ) -> Analysis | None:
        known = self._kept(topic, fits)
        if known is None:
            lane = self._long if topic.part in LONG_BUILDERS else self._short
            lane.wish(topic, fits, build, urgent=urgent)
            # A runner that works at once has answered by now.
            known = self._kept(topic, fits)
        return known

    @Slot(object, object)
    def _on_answered(self, analysis: Analysis, fits: tuple[Fit, ...]) -> None:
        self._known[analysis.topic] = (fits, analysis)
        self.analysis_changed.emit(analysis)

    @Slot(bool)
    def _on_busy(self, _busy: bool) -> None:
        self.busy_changed.emit(self.busy)


def _topic(model: ShelfModel, part: Part, choice: tuple[str, ...] = ()) -> Topic:
    return Topic(part, (FitKey(model.spec, model.data_key),), choice=choice)
