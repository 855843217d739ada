"""P-values by simulation, beside those of the comparison's tests."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar

from mmgui.figures import simulated_tests
from tests.journeys.journey import Journey

INTERCEPT = "Reaction ~ Days + (1 | Subject)"
SEPARATE = "Reaction ~ Days + (Days || Subject)"
CORRELATED = "Reaction ~ Days + (Days | Subject)"


def compare(journey: Journey, *formulas: str, sample: str = "sleepstudy") -> None:
    journey.open_sample(sample)
    for formula in formulas:
        journey.fit_formula(formula)
    for k in range(len(formulas)):
        check = journey.control("compareCheck", journey.control(f"shelfCard{k + 1}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    journey.trigger("compareAction")
    journey.wait()


def begin(journey: Journey) -> None:
    """Press the button and wait until responses are being simulated."""
    QTest.mouseClick(journey.control("simulateTestsButton"), Qt.MouseButton.LeftButton)
    bar = journey.control("simulationProgress")
    assert isinstance(bar, QProgressBar)
    journey.qtbot.waitUntil(lambda: bar.value() > 2, timeout=60_000)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulated_tests, "RESPONSES", 1_000_000)


def test_that_simulated_and_exact_p_values_stand_beside_the_others(journey: Journey) -> None:
    compare(journey, INTERCEPT, SEPARATE)
    assert "simulated p" not in headers(journey)
    assert journey.control("simulateTestsButton").text() == "Simulate p-values…"  # type: ignore[attr-defined]
    QTest.mouseClick(journey.control("simulateTestsButton"), Qt.MouseButton.LeftButton)
    journey.wait(timeout=240_000)
    # A statistic of 42.8 is never reached: 1/1001 of 1000 responses, 1/10001 of 10000 exact values.
    assert journey.column("testsTable", "simulated p") == ["0.001"]
    assert journey.column("testsTable", "exact p") == ["1 × 10⁻⁴"]
    assert re.fullmatch(
        r"1,000 responses were simulated from the smaller model of the pair and both models fitted to each\. "
        r"Seed \d+\.",
        journey.text("simulationWords"),
    )
    assert not journey.control("simulationStopButton").isVisible()
    tip = tooltip(journey)
    assert "of 1,000 responses drawn from the smaller model, 0 had a statistic at least as large" in tip
    assert "Exact test of the variance of Days | Subject" in tip


def test_that_where_no_single_variance_is_tested_there_is_no_exact_p(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated_tests, "RESPONSES", 200)
    compare(journey, SEPARATE, CORRELATED)
    QTest.mouseClick(journey.control("simulateTestsButton"), Qt.MouseButton.LeftButton)
    journey.wait(timeout=240_000)
    # χ²(1) of 0.04 gives 0.84; with 200 responses the standard error is 0.026.
    (p,) = journey.column("testsTable", "simulated p")
    assert 0.70 < float(p) < 0.97
    assert "exact p" not in headers(journey)


@pytest.mark.usefixtures("endless")
def test_that_a_stop_keeps_the_p_value_of_what_is_done(journey: Journey) -> None:
    compare(journey, SEPARATE, CORRELATED)
    begin(journey)
    QTest.mouseClick(journey.control("simulationStopButton"), Qt.MouseButton.LeftButton)
    journey.wait()
    words = journey.text("simulationWords")
    assert re.match(
        r"Stopped: the p-values rest on the [\d,]+ responses simulated so far, of 1,000,000\. Seed", words
    )
    (p,) = journey.column("testsTable", "simulated p")
    assert 0.0 < float(p.removeprefix("> ")) <= 1.0
    assert journey.control("simulateTestsButton").text() == "Simulate again…"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("endless")
def test_that_the_window_closes_during_a_simulation(journey: Journey) -> None:
    compare(journey, SEPARATE, CORRELATED)
    begin(journey)
    # The fixture fails where a thread, a timer or a window is left.
    journey.close_window(journey.window)


@pytest.mark.usefixtures("endless")
def test_that_a_simulation_ends_when_other_models_are_compared(journey: Journey) -> None:
    compare(journey, SEPARATE, CORRELATED)
    journey.click("backButton")
    journey.fit_formula(INTERCEPT)
    journey.trigger("compareAction")
    journey.wait()
    begin(journey)
    journey.click("backButton")
    journey.wait()
    check = journey.control("compareCheck", journey.control("shelfCard1"))
    QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    check = journey.control("compareCheck", journey.control("shelfCard3"))
    QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    journey.trigger("compareAction")
    journey.wait()
    assert "simulated p" not in headers(journey)
    assert journey.text("simulationWords") == ""


def test_that_without_a_nested_pair_nothing_is_offered(journey: Journey) -> None:
    compare(journey, "strength ~ 1 + (1 | cask)", "strength ~ 1 + (1 | batch)", sample="Pastes")
    assert not journey.control("simulateTestsButton").isVisible()


def headers(journey: Journey) -> list[str]:
    model = journey.control("testsTable").model()  # type: ignore[attr-defined]
    return [str(model.headerData(c, Qt.Orientation.Horizontal)) for c in range(model.columnCount())]


def tooltip(journey: Journey) -> str:
    model = journey.control("testsTable").model()  # type: ignore[attr-defined]
    return str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
