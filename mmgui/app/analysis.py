"""What the pages show of a fit, worked out in the background and kept, so that the window only draws."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.analysis_parts import (
    BUILDERS,
    CHOSEN,
    CHOSEN_LONG,
    CHOSEN_TABLED,
    LONG_BUILDERS,
    REFITS,
    TABLED_BUILDERS,
    Comparison,
    Part,
    build_comparison,
)
from mmgui.app.lane import Advance, Analysis, Build, Lane, Topic, same_fits
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.app.simulation import build_simulation
from mmgui.app.store import FitKey, FitStatus, Store
from mmgui.engine.result import Fit
from mmgui.spec.document import ShelfModel

__all__ = ["Advance", "Analysis", "AnalysisService", "Topic"]

CHOICES_KEPT = 12
"""Of one page of one fit, as many of the person's choices are kept: each may be as large as the data."""


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
        self._short, self._long, self._simulations, self._refits = (Lane(worker, self) for _ in range(4))
        self._known: dict[Topic, tuple[tuple[Fit, ...], Analysis]] = {}
        for lane in self._lanes:
            lane.answered.connect(self._on_answered)
            lane.advanced.connect(self.advanced)
            lane.busy_changed.connect(self._on_busy)

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return any(lane.busy for lane in self._lanes)

    @property
    def _lanes(self) -> tuple[Lane, ...]:
        return self._short, self._long, self._simulations, self._refits

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
        if part in TABLED_BUILDERS:
            tabled, table = TABLED_BUILDERS[part], self._store.table_of(model)
            return self._wish(
                topic, (fit,), lambda r: tabled(fit, table, r.should_stop, r.advance), urgent=urgent
            )
        if part in CHOSEN_TABLED:
            seen, rows = CHOSEN_TABLED[part], self._store.table_of(model)
            return self._wish(topic, (fit,), lambda _: seen(fit, rows, choice), urgent=urgent)
        if part in CHOSEN_LONG:
            chosen = CHOSEN_LONG[part]
            return self._wish(
                topic, (fit,), lambda r: chosen(fit, choice, r.should_stop, r.advance), urgent=urgent
            )
        if part in LONG_BUILDERS:
            long = LONG_BUILDERS[part]
            return self._wish(topic, (fit,), lambda r: long(fit, r.should_stop, r.advance), urgent=urgent)
        if choice:
            return self._wish(topic, (fit,), lambda _: CHOSEN[part](fit, choice), urgent=urgent)
        return self._wish(topic, (fit,), lambda _: BUILDERS[part](fit), urgent=urgent)

    def request_comparison(self, models: tuple[ShelfModel, ...]) -> Analysis | None:
        """The same for the comparison of models on the shelf, all of them fitted."""
        wish = self._comparison(models)
        if wish is None:
            return None
        fits = tuple(f for _, f in wish.fits)
        return self._wish(_several(models, Part.COMPARISON), fits, lambda _: build_comparison(wish))

    def simulate(self, models: tuple[ShelfModel, ...]) -> Analysis | None:
        """Judge the tests between models by simulation, from the beginning."""
        wish = self._comparison(models)
        if wish is None:
            return None
        topic, fits = _several(models, Part.SIMULATION), tuple(f for _, f in wish.fits)
        self._known.pop(topic, None)
        return self._wish(topic, fits, lambda reins: build_simulation(wish, reins))

    def known_simulation(self, models: tuple[ShelfModel, ...]) -> Analysis | None:
        """What simulation said, or has said until it was stopped; begins nothing."""
        wish = self._comparison(models)
        fits = () if wish is None else tuple(f for _, f in wish.fits)
        return self._kept(_several(models, Part.SIMULATION), fits) if fits else None

    def simulation_advance(self, models: tuple[ShelfModel, ...]) -> Advance | None:
        """How far a simulation has come; None where none is under way."""
        return self._simulations.advance_of(_several(models, Part.SIMULATION))

    def stop_simulation(self, models: tuple[ShelfModel, ...]) -> None:
        """Stop it; the p-values of what is done are kept."""
        self._simulations.stop(_several(models, Part.SIMULATION))

    def _comparison(self, models: tuple[ShelfModel, ...]) -> Comparison | None:
        fits = tuple(f for f in map(self._fit, models) if f is not None)
        if len(fits) != len(models):
            return None
        tables = tuple(map(self._store.table_of, models))
        return Comparison(tuple((m.id, f) for m, f in zip(models, fits, strict=True)), tables)

    def known(self, model: ShelfModel | None, part: Part, choice: tuple[str, ...] = ()) -> Analysis | None:
        """The analysis if it is known; asks for nothing."""
        fit = self._fit(model)
        return None if model is None or fit is None else self._kept(_topic(model, part, choice), (fit,))

    def advance_of(
        self, model: ShelfModel | None, part: Part, choice: tuple[str, ...] = ()
    ) -> Advance | None:
        """How far long work has come; None where it is not under way."""
        return None if model is None else self._lane(part).advance_of(_topic(model, part, choice))

    def stop(self, model: ShelfModel, part: Part, choice: tuple[str, ...] = ()) -> None:
        """Stop long work; what is complete of it is kept."""
        self._lane(part).stop(_topic(model, part, choice))

    def shutdown(self) -> None:
        """Take no more wishes and leave what is under way."""
        for lane in self._lanes:
            lane.shutdown()

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
            lane = self._lane(topic.part)
            lane.wish(topic, fits, build, urgent=urgent)
            # A runner that works at once has answered by now.
            known = self._kept(topic, fits)
        return known

    def _lane(self, part: Part) -> Lane:
        if part is Part.SIMULATION:
            return self._simulations
        if part in REFITS:
            return self._refits
        return self._long if part in LONG_BUILDERS or part in CHOSEN_LONG else self._short

    @Slot(object, object)
    def _on_answered(self, analysis: Analysis, fits: tuple[Fit, ...]) -> None:
        topic = analysis.topic
        self._known.pop(topic, None)
        self._known[topic] = (fits, analysis)
        alike = [t for t in self._known if t.choice and (t.part, t.keys) == (topic.part, topic.keys)]
        for old in alike[:-CHOICES_KEPT]:
            del self._known[old]
        self.analysis_changed.emit(analysis)

    @Slot(bool)
    def _on_busy(self, _busy: bool) -> None:
        self.busy_changed.emit(self.busy)


def _several(models: tuple[ShelfModel, ...], part: Part) -> Topic:
    return Topic(part, tuple(FitKey(m.spec, m.data_key) for m in models), tuple(m.id for m in models))


def _topic(model: ShelfModel, part: Part, choice: tuple[str, ...] = ()) -> Topic:
    return Topic(part, (FitKey(model.spec, model.data_key),), choice=choice)
