"""What pages show is worked out in the background, once a fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from mmgui.app.analysis import CHOICES_KEPT, Advance, Analysis, AnalysisService
from mmgui.app.analysis_parts import BUILDERS, LONG_BUILDERS, Part, ShrinkageContent
from mmgui.app.derived_steps import DerivedSteps
from mmgui.app.fit_service import FitService
from mmgui.app.runner import InlineRunner
from mmgui.app.store import Store
from mmgui.data.samples import load_sample
from mmgui.engine.result import Fit
from mmgui.figures.compare import CompareFigure
from mmgui.figures.profile import ProfileFigure
from mmgui.figures.simulated_tests import SimulatedTestsFigure
from mmgui.figures.summary import SummaryFigure
from mmgui.spec.derived import Derivation
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import parse


@pytest.fixture
def store(qtbot: QtBot) -> Store:
    store = Store()
    store.open_table(load_sample("sleepstudy"), "sample", "sleepstudy")
    return store


@pytest.fixture
def service(store: Store) -> Iterator[AnalysisService]:
    service = AnalysisService(store)
    yield service
    service.shutdown()


def fitted(store: Store, formula: str) -> ShelfModel:
    model = store.shelve(parse(formula))
    FitService(store, InlineRunner()).submit(model)
    return model


def test_that_the_first_request_is_answered_later_and_the_second_at_once(
    store: Store, service: AnalysisService, qtbot: QtBot
) -> None:
    model = fitted(store, "Reaction ~ Days + (Days | Subject)")
    with qtbot.waitSignal(service.analysis_changed, timeout=30_000):
        assert service.request(model, Part.INFERENCE) is None
        assert service.busy
    analysis = service.request(model, Part.INFERENCE)
    assert analysis is not None
    assert isinstance(analysis.figure, SummaryFigure)
    # lmerTest: 17 degrees of freedom for both coefficients
    assert [row.df for row in analysis.figure.fixed.rows] == pytest.approx([17.0, 17.0], abs=1e-3)


def test_that_every_part_can_be_built_for_a_fit(store: Store) -> None:
    service = AnalysisService(store, InlineRunner())
    model = fitted(store, "Reaction ~ Days + (Days | Subject)")
    for part in BUILDERS:
        analysis = service.request(model, part)
        assert analysis is not None, part
        assert analysis.error is None, part
    shrinkage = service.request(model, Part.SHRINKAGE)
    assert shrinkage is not None
    assert isinstance(shrinkage.figure, ShrinkageContent)


def test_that_only_the_last_choices_of_a_page_are_kept(store: Store) -> None:
    service = AnalysisService(store, InlineRunner())
    model = fitted(store, "Reaction ~ Days + (Days | Subject)")
    whole = service.request(model, Part.MATRICES)
    choices = [("picked", "Subject", level) for level in load_sample("sleepstudy")["Subject"].levels]
    first, *_, last = (service.request(model, Part.MATRICES, choice=c) for c in choices)
    assert len(choices) > CHOICES_KEPT
    assert service.known(model, Part.MATRICES, choices[0]) is None
    assert service.known(model, Part.MATRICES, choices[-1]) is last
    assert service.known(model, Part.MATRICES, choices[-CHOICES_KEPT]) is not None
    assert service.known(model, Part.MATRICES) is whole
    # What was dropped is worked out again.
    assert service.request(model, Part.MATRICES, choice=choices[0]) is not first


def test_that_nothing_is_worked_out_without_a_fit(store: Store, service: AnalysisService) -> None:
    model = store.shelve(parse("Reaction ~ Days + (1 | Subject)"))
    assert service.request(model, Part.SUMMARY) is None
    assert not service.busy


def test_that_a_part_that_breaks_says_so_and_leaves_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_fit: object) -> object:
        raise ValueError("no such picture")

    monkeypatch.setitem(BUILDERS, Part.COVARIANCE, broken)  # type: ignore[arg-type]
    service = AnalysisService(store, InlineRunner())
    model = fitted(store, "Reaction ~ Days + (1 | Subject)")
    analysis = service.request(model, Part.COVARIANCE)
    assert analysis is not None
    assert analysis.error is not None
    assert "could not be worked out" in analysis.error.message
    assert "no such picture" in caplog.text
    assert service.request(model, Part.SUMMARY) is not None


def test_that_models_with_different_fixed_effects_are_compared_by_ml(store: Store) -> None:
    service = AnalysisService(store, InlineRunner())
    small = fitted(store, "Reaction ~ 1 + (1 | Subject)")
    big = fitted(store, "Reaction ~ Days + (1 | Subject)")
    analysis = service.request_comparison((small, big))
    assert analysis is not None
    figure = analysis.figure
    assert isinstance(figure, CompareFigure)
    test = figure.tests[0]
    # lme4: anova(lmer(Reaction ~ 1 + (1|Subject)), lmer(Reaction ~ Days + (1|Subject))): χ² = 116.46
    assert test.refitted
    assert test.statistic == pytest.approx(116.46, abs=0.01)


def test_that_results_of_a_shut_service_are_not_heard(store: Store, qtbot: QtBot) -> None:
    service = AnalysisService(store)
    heard: list[Analysis] = []
    service.analysis_changed.connect(heard.append)
    model = fitted(store, "Reaction ~ Days + (Days | Subject)")
    service.request(model, Part.SHRINKAGE)
    service.shutdown()
    qtbot.wait(100)
    assert not heard


def test_that_long_work_tells_how_far_it_has_come(store: Store) -> None:
    service = AnalysisService(store, InlineRunner())
    heard: list[Advance] = []
    service.advanced.connect(heard.append)
    model = fitted(store, "Reaction ~ Days + (1 | Subject)")
    analysis = service.request(model, Part.PROFILE)
    assert analysis is not None
    assert isinstance(analysis.figure, ProfileFigure)
    assert [(a.done, a.total) for a in heard] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert service.advance_of(model, Part.PROFILE) is None
    assert service.known(model, Part.PROFILE) is analysis
    assert service.request(model, Part.PROFILE) is analysis
    assert service.request(model, Part.PROFILE, afresh=True) is not analysis


def test_that_short_work_does_not_wait_for_long_work_and_a_stop_ends_it(
    store: Store, service: AnalysisService, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_fit: Fit, should_stop: Callable[[], bool], _advance: object) -> str:
        while not should_stop():
            time.sleep(0.001)
        return "what there was"

    monkeypatch.setitem(LONG_BUILDERS, Part.PROFILE, endless)  # type: ignore[arg-type]
    model = fitted(store, "Reaction ~ Days + (1 | Subject)")
    other = fitted(store, "Reaction ~ Days + (Days | Subject)")
    assert service.request(model, Part.PROFILE) is None
    assert service.request(other, Part.PROFILE) is None
    with qtbot.waitSignal(service.analysis_changed, timeout=10_000):
        service.request(model, Part.SUMMARY)
    assert service.busy
    assert service.known(model, Part.PROFILE) is None
    # The other one has not begun: it is forgotten.
    assert service.advance_of(other, Part.PROFILE) is not None
    service.stop(other, Part.PROFILE)
    assert service.advance_of(other, Part.PROFILE) is None
    with qtbot.waitSignal(service.analysis_changed, timeout=10_000):
        service.stop(model, Part.PROFILE)
        advance = service.advance_of(model, Part.PROFILE)
        assert advance is not None
        assert advance.stopping
    known = service.known(model, Part.PROFILE)
    assert known is not None
    assert known.figure == "what there was"
    assert not service.busy


def test_that_a_simulation_answers_for_the_models_it_is_of_and_no_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mmgui.figures.simulated_tests.RESPONSES", 30)
    service = AnalysisService(store, InlineRunner())
    heard: list[Advance] = []
    service.advanced.connect(heard.append)
    one, two, three = (
        fitted(store, f"Reaction ~ Days + {r}")
        for r in ("(1 | Subject)", "(Days || Subject)", "(Days | Subject)")
    )
    assert service.known_simulation((one, two)) is None
    analysis = service.simulate((one, two))
    assert analysis is not None
    figure = analysis.figure
    assert isinstance(figure, SimulatedTestsFigure)
    assert figure.complete
    (test,) = figure.tests
    # A statistic of 42.8 (lme4) is not reached by chance.
    assert (test.done, test.p) == (30, pytest.approx(1 / 31))
    assert test.exact_p == pytest.approx(1 / 10_001)
    assert (heard[-1].done, heard[-1].total, heard[-1].at) == (30, 30, "A – B")
    assert service.known_simulation((one, two)) is analysis
    assert service.known_simulation((one, three)) is None
    again = service.simulate((one, two))
    assert again is not None
    assert again is not analysis


def test_that_a_model_of_columns_made_for_it_is_refitted_to_a_table_that_has_them(
    store: Store, service: AnalysisService, qtbot: QtBot
) -> None:
    small = fitted(store, "Reaction ~ 1 + (1 | Subject)")
    steps = DerivedSteps(store)
    steps.derive(steps.proposed(Derivation.CENTER, "Days"))
    big = fitted(store, "Reaction ~ Days_centered + (1 | Subject)")
    store.undo_stack.undo()
    with qtbot.waitSignal(service.analysis_changed, timeout=30_000):
        service.request_comparison((small, big))
    analysis = service.request_comparison((small, big))
    assert analysis is not None
    assert isinstance(analysis.figure, CompareFigure)
    (test,) = analysis.figure.tests
    # lme4: anova of the same two models with Days, χ²(1) = 116.46
    assert test.statistic == pytest.approx(116.46, abs=0.01)
    assert test.refitted
