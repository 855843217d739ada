"""Fits in the background: how they begin, end, are stopped, and fail."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

import mmgui.engine.fit
from mmgui.app.fit_service import FitService, Tried
from mmgui.app.mailbox import INTERVAL_MS
from mmgui.app.runner import InlineRunner
from mmgui.app.store import FitChanged, FitKey, FitRecord, FitStatus, Store
from mmgui.data.samples import load_sample
from mmgui.engine.events import Evaluated, Finished, Started
from mmgui.engine.moving import MovingModel
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import parse

SLEEP = "Reaction ~ Days + (Days | Subject)"
# Takes seconds on the largest sample.
LONG = "y ~ service * lectage + (1 + service | s) + (1 + service | d) + (1 | dept)"


@pytest.fixture
def store(qtbot: QtBot) -> Store:
    return Store()


@pytest.fixture
def service(store: Store) -> Iterator[FitService]:
    service = FitService(store)
    yield service
    service.shutdown()


def shelve(store: Store, sample: str, formula: str) -> ShelfModel:
    if store.document.table is None or store.document.table.name != sample:
        store.open_table(load_sample(sample), "sample", sample)
    return store.shelve(parse(formula))


def status(store: Store, model: ShelfModel) -> FitStatus | None:
    record = store.record(model)
    return None if record is None else record.status


def test_that_a_fit_arrives_with_all_its_events_in_order(
    store: Store, service: FitService, qtbot: QtBot
) -> None:
    changes: list[FitChanged] = []
    store.fit_changed.connect(changes.append)
    model = shelve(store, "sleepstudy", SLEEP)
    service.submit(model)
    # The fit takes 2 ms and may have ended by now.
    qtbot.waitUntil(lambda: service.running is None, timeout=20_000)
    record = store.record(model)
    assert record is not None
    assert record.fit is not None
    # lme4: REML criterion at convergence 1743.6
    assert record.fit.objective == pytest.approx(1743.6283, abs=1e-3)
    events = [e for c in changes for e in c.events]
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert [e.k for e in events if isinstance(e, Evaluated)] == list(range(1, len(events) - 1))
    assert changes[0].record.status is FitStatus.RUNNING


def test_that_the_inline_runner_has_the_result_at_once(store: Store) -> None:
    service = FitService(store, InlineRunner())
    model = shelve(store, "sleepstudy", SLEEP)
    service.submit(model)
    assert service.running is None
    assert status(store, model) is FitStatus.DONE


def test_that_a_fitted_model_is_not_fitted_again(store: Store) -> None:
    service = FitService(store, InlineRunner())
    model = shelve(store, "sleepstudy", SLEEP)
    service.submit(model)
    first = store.record(model)
    service.submit(model)
    assert store.record(model) is first


def test_that_stop_answers_within_a_second_and_the_next_fit_begins(
    store: Store, service: FitService, qtbot: QtBot
) -> None:
    slow = shelve(store, "InstEval", LONG)
    service.submit(slow)
    qtbot.wait(300)
    service.stop()
    assert service.stopping
    qtbot.waitUntil(lambda: service.running is None, timeout=1_500)
    assert status(store, slow) is FitStatus.STOPPED
    quick = shelve(store, "sleepstudy", SLEEP)
    service.submit(quick)
    qtbot.waitUntil(lambda: status(store, quick) is FitStatus.DONE, timeout=30_000)


def test_that_a_new_fit_stops_the_one_under_way(store: Store, service: FitService, qtbot: QtBot) -> None:
    slow = shelve(store, "InstEval", LONG)
    service.submit(slow)
    quick = shelve(store, "InstEval", "y ~ service + (1 | dept)")
    service.submit(quick)
    qtbot.waitUntil(lambda: status(store, quick) is FitStatus.DONE, timeout=60_000)
    assert status(store, slow) is FitStatus.STOPPED


def test_that_a_model_that_cannot_be_fitted_fails_with_a_sentence(store: Store) -> None:
    service = FitService(store, InlineRunner())
    model = shelve(store, "sleepstudy", "Reaction ~ Days + (1 | Nobody)")
    service.submit(model)
    record = store.record(model)
    assert record is not None
    assert record.status is FitStatus.FAILED
    assert record.error is not None
    assert "Nobody" in record.error.message


def test_that_an_unexpected_exception_is_logged_and_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("never seen before")

    monkeypatch.setattr(mmgui.engine.fit, "fit", broken)
    service = FitService(store, InlineRunner())
    model = shelve(store, "sleepstudy", SLEEP)
    with caplog.at_level(logging.ERROR):
        service.submit(model)
    record = store.record(model)
    assert record is not None
    assert record.error is not None
    assert record.error.code == "internal"
    assert "never seen before" in caplog.text


def test_that_a_worker_that_never_answers_is_left_behind(
    store: Store, service: FitService, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    real = mmgui.engine.fit.fit

    def deaf(job: object, on_event: object, _should_stop: object) -> object:
        release.wait(30)
        return real(job, on_event, None)  # type: ignore[arg-type]

    monkeypatch.setattr(mmgui.engine.fit, "fit", deaf)
    model = shelve(store, "sleepstudy", SLEEP)
    service.submit(model)
    qtbot.wait(50)
    service.stop()
    qtbot.waitUntil(lambda: service.running is None, timeout=2_000)
    assert status(store, model) is FitStatus.STOPPED
    release.set()
    # What a worker left behind finishes is no answer to a Stop: the model stays stopped.
    qtbot.wait(300)
    assert status(store, model) is FitStatus.STOPPED


def test_that_a_best_point_that_comes_late_is_kept(
    store: Store, service: FitService, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    real = mmgui.engine.fit.fit

    def slow_to_answer(job: object, on_event: object, should_stop: object) -> object:
        release.wait(30)
        evaluations = iter(range(100))
        return real(job, on_event, lambda: next(evaluations) >= 3)  # type: ignore[arg-type]

    monkeypatch.setattr(mmgui.engine.fit, "fit", slow_to_answer)
    model = shelve(store, "sleepstudy", SLEEP)
    service.submit(model)
    qtbot.wait(50)
    service.stop()
    qtbot.waitUntil(lambda: service.running is None, timeout=2_000)
    record = store.record(model)
    assert record is not None
    assert record.fit is None
    release.set()

    def best_point_is_there() -> bool:
        late = store.record(model)
        return late is not None and late.fit is not None and late.status is FitStatus.STOPPED

    qtbot.waitUntil(best_point_is_there, timeout=10_000)


def test_that_no_timer_waits_for_a_worker_left_behind_once_the_service_is_shut_down(
    store: Store, service: FitService, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def deaf(*_arguments: object) -> object:
        release.wait(30)
        raise FitError("stopped", "Ended at last.")

    monkeypatch.setattr(mmgui.engine.fit, "fit", deaf)
    service.submit(shelve(store, "sleepstudy", SLEEP))
    qtbot.wait(50)
    service.stop()
    qtbot.waitUntil(lambda: service.running is None, timeout=2_000)
    assert [t.isActive() for t in service.findChildren(QTimer) if t.interval() == INTERVAL_MS] == [True]
    service.shutdown()
    assert [t.isActive() for t in service.findChildren(QTimer) if t.interval() == INTERVAL_MS] == [False]
    release.set()


def test_that_several_models_are_fitted_one_after_the_other(
    store: Store, service: FitService, qtbot: QtBot
) -> None:
    formulas = ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days || Subject)", SLEEP)
    models = [shelve(store, "sleepstudy", f) for f in formulas]
    service.submit_all(models)
    qtbot.waitUntil(lambda: all(status(store, m) is FitStatus.DONE for m in models), timeout=30_000)


def test_that_shutting_down_in_the_middle_of_a_fit_says_nothing_more(store: Store, qtbot: QtBot) -> None:
    service = FitService(store)
    model = shelve(store, "InstEval", LONG)
    service.submit(model)
    qtbot.wait(200)
    service.shutdown()
    changes: list[FitChanged] = []
    store.fit_changed.connect(changes.append)
    qtbot.wait(200)
    assert service.running is None
    assert not changes


def fitted(store: Store, sample: str, formula: str) -> tuple[ShelfModel, Fit]:
    """A fitted model of the shelf, and its fit."""
    model = shelve(store, sample, formula)
    FitService(store, InlineRunner()).submit(model)
    record = store.record(model)
    assert record is not None
    assert record.fit is not None
    return model, record.fit


def test_that_a_better_fit_from_another_start_takes_the_place_of_the_one_there_was(store: Store) -> None:
    model, best = fitted(store, "sleepstudy", SLEEP)
    # As if the optimiser had ended at another optimum.
    worse = replace(MovingModel(best).at(3.0 * best.theta), convergence=best.convergence)
    store.set_record(FitKey(model.spec, model.data_key), FitRecord(FitStatus.DONE, worse))
    service = FitService(store, InlineRunner())
    told: list[Tried] = []
    service.tried.connect(told.append)
    service.start_from(model, best.theta)
    assert [t.before for t in told] == [worse]
    assert not told[0].kept
    record = store.record(model)
    assert record is not None
    assert record.fit is told[0].fit
    assert record.fit is not None
    # lme4: REML criterion at convergence 1743.6283; at 3 θ it is far above.
    assert record.fit.objective == pytest.approx(1743.6283, abs=1e-3)
    assert worse.objective > 1750.0


def test_that_a_fit_that_ends_no_better_leaves_the_one_there_was(store: Store) -> None:
    model, best = fitted(store, "sleepstudy", SLEEP)
    service = FitService(store, InlineRunner())
    told: list[Tried] = []
    service.tried.connect(told.append)
    service.start_from(model, np.array([0.1, 0.1, 0.1]))
    assert told[0].kept
    assert told[0].fit is not None
    assert told[0].fit.objective == pytest.approx(best.objective, abs=1e-4)
    # It began where it was asked to.
    assert told[0].fit.log.theta[0] == pytest.approx([0.1, 0.1, 0.1])
    record = store.record(model)
    assert record is not None
    assert record.fit is best


def test_that_a_trial_is_stopped_and_the_fit_stays(store: Store, service: FitService, qtbot: QtBot) -> None:
    model, best = fitted(store, "InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)")
    told: list[Tried] = []
    service.tried.connect(told.append)
    service.start_from(model, 5.0 * best.theta)
    assert service.running == model
    # The model has its result all the while.
    assert status(store, model) is FitStatus.DONE
    service.stop()
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert told[0].kept
    assert service.running is None
    record = store.record(model)
    assert record is not None
    assert record.fit is best


def test_that_no_trial_begins_while_a_fit_is_under_way(
    store: Store, service: FitService, qtbot: QtBot
) -> None:
    model, best = fitted(store, "sleepstudy", SLEEP)
    other = store.shelve(parse("Reaction ~ Days + (1 | Subject)"))
    told: list[Tried] = []
    service.tried.connect(told.append)
    service.submit(other)
    assert service.running == other
    service.start_from(model, best.theta)
    assert told[0].kept
    assert told[0].error is not None
    assert told[0].error.code == "busy"
    qtbot.waitUntil(lambda: status(store, other) is FitStatus.DONE, timeout=20_000)
