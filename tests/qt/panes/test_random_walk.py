"""Thousands of things done at random: all views and the document agree after each; undo leads back."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from tests.qt.panes.builder_walk import Walk
from tests.qt.panes.driver import Panes

EXAMPLES, STEPS = 45, 40


def _awkward() -> Table:
    header = '"weird name","a:b","x|y","p+q","naïve ""quote""",日本,"(1 | g)",`tick`'
    rows = [
        f"{i * 1.5},{'uv'[i % 2]},{i % 4},{i % 3},{'AB'[i // 6 % 2]},g{i // 3},{i * 7 % 5},{'xyz'[i % 3]}"
        for i in range(36)
    ]
    return read_text("\n".join([header, *rows]) + "\n", "awkward")


def _gaps() -> Table:
    """Missing values, a constant column, a column with nothing in it, groups of one row."""
    rows = [
        f"{i * 3 % 11},{'' if i % 5 == 0 else i % 4},{'' if i % 7 == 0 else 'ab'[i % 2]},1,,g{i // 2},r{i}"
        for i in range(30)
    ]
    return read_text("y,x,f,one,nothing,g,row\n" + "\n".join(rows) + "\n", "gaps")


def test_after_every_step_all_views_agree_and_undo_leads_back(panes: Panes) -> None:
    samples = [load_sample(key) for key in ("sleepstudy", "Pastes", "Machines", "Oats")]

    class OnThesePanes(Walk):
        actions = 0

    OnThesePanes.panes, OnThesePanes.tables = panes, [*samples, _awkward(), _gaps()]
    run_state_machine_as_test(
        OnThesePanes,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert OnThesePanes.actions > EXAMPLES * STEPS / 2
