"""The live trace gathers a running fit's evaluations."""

from __future__ import annotations

from mmgui.app.fit_service import FitService
from mmgui.app.live_trace import LiveTrace
from mmgui.app.runner import InlineRunner
from mmgui.app.store import Store
from mmgui.data.samples import load_sample
from mmgui.spec.formula import parse


def traced(sample: str, formula: str) -> LiveTrace:
    store, trace = Store(), LiveTrace()
    store.fit_changed.connect(trace.take)
    store.open_table(load_sample(sample), "sample", sample)
    FitService(store, InlineRunner()).submit(store.shelve(parse(formula)))
    return trace


def test_that_every_evaluation_is_on_the_trace(qtbot: object) -> None:
    trace = traced("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    figure = trace.figure()
    assert figure is not None
    assert figure.theta.shape == (trace.evaluations, 3)
    assert not figure.running
    assert trace.words() == f"{trace.evaluations} evaluations · 1743.63"


def test_that_a_parameter_has_the_colour_of_its_term_also_where_names_contain_each_other(
    qtbot: object,
) -> None:
    trace = traced("Pastes", "strength ~ 1 + (1 | batch) + (1 | batch:cask)")
    figure = trace.figure()
    assert figure is not None
    assert figure.terms == (0, 1)


def test_that_the_live_trace_names_the_parameters_as_the_page_after_the_fit_does(qtbot: object) -> None:
    live = traced("sleepstudy", "Reaction ~ Days + (Days | Subject)").figure()
    assert live is not None
    assert live.parameters == ("Subject: Intercept", "Subject: Days with Intercept", "Subject: Days")


def test_that_there_is_no_figure_before_the_first_evaluation() -> None:
    assert LiveTrace().figure() is None
