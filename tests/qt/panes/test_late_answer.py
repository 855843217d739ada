"""Questions about a large table are answered in the background, the latest one alone."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from mmgui.app.late_answer import LARGE, LateAnswer
from mmgui.app.runner import InlineRunner
from mmgui.data.read import read_text
from mmgui.data.table import Table
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


@pytest.fixture(scope="module")
def large() -> Table:
    rows = np.arange(LARGE + 1)
    return read_text("y,g\n" + "\n".join(f"{i % 11},g{i % 50}" for i in rows) + "\n", "large")


def test_a_small_table_is_answered_at_once(qtbot: object) -> None:
    asked = LateAnswer(lambda spec, table: (spec, table.nrows))
    table = read_text("y,g\n1,a\n2,b\n", "small")
    with qtbot.waitSignal(asked.answered, timeout=0) as got:
        asked.ask(ModelSpec(), table)
    assert got.args == [(ModelSpec(), 2)]


def test_a_large_table_is_answered_on_another_thread(qtbot: object, large: Table) -> None:
    asked = LateAnswer(lambda spec, table: threading.current_thread() is threading.main_thread())
    with qtbot.waitSignal(asked.answered, timeout=5000) as got:
        asked.ask(ModelSpec(), large)
    assert got.args == [False]


def test_only_the_latest_question_is_answered(qtbot: object, large: Table) -> None:
    first, second = parse("y ~ 1"), parse("y ~ 1 + (1 | g)")
    held = threading.Event()

    def question(spec: ModelSpec, table: Table) -> ModelSpec:
        if spec == first:
            held.wait(5)
        return spec

    asked = LateAnswer(question)
    answers: list[ModelSpec] = []
    asked.answered.connect(answers.append)
    asked.ask(first, large)
    qtbot.waitUntil(lambda: asked._working, timeout=5000)
    asked.ask(second, large)
    held.set()
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert answers == [second]


def test_a_question_that_fails_is_reported_and_the_next_one_answered(
    qtbot: object, large: Table, caplog: pytest.LogCaptureFixture
) -> None:
    def question(spec: ModelSpec, table: Table) -> str:
        if not spec.random:
            raise ValueError("no groups")
        return "fine"

    asked = LateAnswer(question, runner=InlineRunner())
    asked.ask(parse("y ~ 1"), large)
    qtbot.waitUntil(lambda: "could not be answered" in caplog.text, timeout=5000)
    with qtbot.waitSignal(asked.answered, timeout=5000) as got:
        asked.ask(parse("y ~ 1 + (1 | g)"), large)
    assert got.args == ["fine"]


def test_it_is_busy_from_the_question_to_its_answer(qtbot: object, large: Table) -> None:
    late = LateAnswer(lambda spec, table: (spec, table.nrows), runner=InlineRunner())
    seen: list[bool] = []
    late.busy_changed.connect(seen.append)
    with qtbot.waitSignal(late.answered, timeout=5000):
        late.ask(ModelSpec(), large)
    assert seen == [True, False]
    assert not late.busy
