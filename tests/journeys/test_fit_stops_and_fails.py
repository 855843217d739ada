"""Fits that are stopped, that fail, and windows that are closed in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmgui.app.store import FitStatus
from tests.journeys.journey import SAMPLES, Journey
from tests.leaks import settle

# Takes several seconds.
LONG = "y ~ service * lectage + (1 + service | s) + (1 + service | d) + (1 | dept)"


def begin_long_fit(journey: Journey) -> None:
    journey.open_sample("InstEval")
    journey.type_formula(LONG)
    QTest.mouseClick(journey.control("fitButton"), Qt.MouseButton.LeftButton)
    journey.qtbot.waitUntil(journey.control("fitProgress").isVisible, timeout=10_000)


def test_that_a_long_fit_can_be_stopped_and_the_window_goes_on(journey: Journey) -> None:
    begin_long_fit(journey)
    assert journey.window.property("busy")
    assert journey.control("stopButton").isEnabled()
    QTest.mouseClick(journey.control("stopButton"), Qt.MouseButton.LeftButton)
    assert journey.text("fitProgressText") == "stopping"
    journey.qtbot.waitUntil(lambda: journey.window.workspace.fits.running is None, timeout=2_000)
    assert not journey.control("stopButton").isEnabled()
    assert not journey.control("fitProgress").isVisible()
    record = journey.store.record(journey.document.models[0])
    assert record is not None
    assert record.status is FitStatus.STOPPED
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    assert journey.column("varianceTable", "SD") == ["37.12", "30.99"]


def test_that_the_live_trace_shows_while_a_fit_runs(journey: Journey) -> None:
    begin_long_fit(journey)
    journey.qtbot.waitUntil(lambda: journey.control("liveTracePlot").isVisible(), timeout=10_000)
    trace = journey.control("liveTracePlot")
    journey.qtbot.waitUntil(lambda: bool(trace.table().rows), timeout=60_000)  # type: ignore[attr-defined]
    journey.trigger("stopAction")
    journey.wait()
    assert not trace.isVisible()


def test_that_a_window_can_be_closed_in_the_middle_of_a_fit(journey: Journey) -> None:
    begin_long_fit(journey)
    journey.window.close()
    settle()
    assert not shiboken6.isValid(journey.window)


def test_that_the_last_results_stay_when_a_fit_fails(journey: Journey, tmp_path: Path) -> None:
    table = tmp_path / "one.csv"
    rows = "".join(f"{k * 7 % 5 + k / 10},{k % 4},{k},5\n" for k in range(20))
    table.write_text("y,g,row,same\n" + rows, encoding="utf-8")
    journey.open(table)
    journey.fit_formula("y ~ 1 + (1 | g)")
    before = journey.cells("varianceTable")
    journey.fit_formula("y ~ 1 + (1 | row)")
    sentence = journey.text("resultsErrorText")
    assert sentence.endswith(".")
    assert "row" in sentence
    assert journey.control("resultsError").isVisible()
    assert journey.cells("varianceTable") == before
    assert "failed" in journey.control("statusLabel", journey.control("shelfCard2")).text()  # type: ignore[attr-defined]
    journey.fit_formula("y ~ row + (1 | g)")
    assert not journey.control("resultsError").isVisible()


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        ("same ~ 1 + (1 | g)", "same"),
        ("label ~ 1 + (1 | g)", "label"),
        ("y ~ 1 + (1 | same)", "same"),
        ("y ~ 1 + (1 | row)", "row"),
        ("y ~ 1 + (row | g) + (1 | row)", "row"),
        ("y ~ gone + (1 | g)", ""),
        ("log(minus) ~ 1 + (1 | g)", "minus"),
    ],
)
def test_that_an_unusable_model_gets_a_sentence_in_place(
    journey: Journey, tmp_path: Path, formula: str, word: str
) -> None:
    table = tmp_path / "bad.csv"
    rows = "".join(
        f"{k * 7 % 5 + k / 10},{k % 4},{k},5,{'ab'[k % 2]},{-k - 1},{'NA' if k else 1}\n" for k in range(20)
    )
    table.write_text("y,g,row,same,label,minus,gone\n" + rows, encoding="utf-8")
    journey.open(table)
    journey.fit_formula(formula)
    sentence = journey.text("resultsErrorText")
    assert sentence.endswith(".")
    assert word in sentence
    assert "Traceback" not in sentence


def test_that_an_unfinished_model_says_what_is_missing(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit()
    assert "response" in journey.message()
    journey.click("closeMessageButton")
    assert journey.message() == ""
    assert journey.document.models == ()


def test_that_a_message_goes_away_with_the_next_success(journey: Journey) -> None:
    journey.open(SAMPLES / "no such file.csv")
    assert journey.message()
    journey.open_sample("sleepstudy")
    assert journey.message() == ""
