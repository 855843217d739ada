"""The origin page in the real window: the zero is typed, marked, dragged, used; a moved model is followed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from mmgui.plots.origin_plot import FanPanel
from mmgui.ui.origin_page import OriginPage
from tests.journeys.journey import Journey

RIS = "Reaction ~ Days + (Days | Subject)"


def _opened(journey: Journey, formula: str = RIS, sample: str = "sleepstudy") -> OriginPage:
    journey.open_sample(sample)
    journey.fit_formula(formula)
    page = journey.show_page("originPage")
    assert isinstance(page, OriginPage)
    return page


def _type(journey: Journey, text: str) -> None:
    field = journey.control("originValue")
    assert isinstance(field, QLineEdit)
    field.setText(text)
    field.editingFinished.emit()
    journey.wait()


def test_that_the_zero_is_typed_and_every_picture_follows(journey: Journey) -> None:
    page = _opened(journey)
    _type(journey, "4.5")
    assert "spread by SD 37.5, and steep lines are high (ρ = 0.75)" in journey.text("originWords")
    ellipse = dict(page.pictures.ellipse.table().rows)
    # teaching.json, sleepstudy.corr_vs_origin
    assert ellipse["Correlation"] == pytest.approx(0.7532368851837, abs=5e-6)
    assert page.pictures.fan.table().columns[1] == "Intercept at Days = 4.5"
    criterion = page.pictures.criterion.table()
    assert criterion.columns == ("Zero of Days", "REML criterion, with ρ", "REML criterion, without ρ")
    with_rho = [row[1] for row in criterion.rows]
    assert max(with_rho) - min(with_rho) < 1e-4  # type: ignore[type-var, operator]
    _type(journey, "not a number")
    assert page.origin == 4.5
    _type(journey, "-10")
    assert "(ρ = −0.92)" in journey.text("originWords")


def test_that_a_mark_puts_the_zero_where_there_is_no_correlation(journey: Journey) -> None:
    page = _opened(journey)
    journey.click("originMarkNarrowest")
    journey.qtbot.waitUntil(lambda: page.origin == pytest.approx(-0.27385, abs=1e-3), timeout=3000)
    assert "the least there is" in journey.text("originWords")


def test_that_the_line_in_the_fan_is_dragged_by_hand(journey: Journey) -> None:
    page = _opened(journey)
    (panel,) = page.pictures.fan.panels()
    assert isinstance(panel, FanPanel)
    room, view = panel.inside(), panel.viewport()
    y = round(room.center().y())
    start, end = (QPoint(round(panel.pixel(x, 300.0).x()), y) for x in (0.0, 7.0))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, QPoint((start.x() + end.x()) // 2, y))
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    journey.wait()
    assert page.origin == pytest.approx(7.0, abs=0.1)
    # teaching.json, sleepstudy.corr_vs_origin: 0.8676 at 7
    assert dict(page.pictures.ellipse.table().rows)["Correlation"] == pytest.approx(0.8676, abs=4e-3)


def test_that_a_moved_model_is_followed(journey: Journey) -> None:
    page = _opened(journey)
    _type(journey, "4.5")
    journey.window.workspace.play.move({"Subject: SD of Days": 0.0})
    journey.wait()
    assert "their slopes do not vary" in journey.text("originWords")
    slopes = [row[3] for row in page.pictures.fan.table().rows]
    assert slopes == pytest.approx([0.0] * 18, abs=1e-9)
    journey.click("backToFitButton")
    journey.wait()
    assert "(ρ = 0.75)" in journey.text("originWords")


def test_that_the_origin_is_used_in_one_step_beside_the_old_model(journey: Journey) -> None:
    _opened(journey)
    _type(journey, "2")
    journey.click("useOriginButton")
    journey.wait()
    assert journey.formula == "Reaction ~ Days_from_2 + (Days_from_2 | Subject)"
    assert len(journey.document.models) == 2
    records = [journey.store.record(m) for m in journey.document.models]
    objectives = [r.fit.objective for r in records if r is not None and r.fit is not None]
    # Another zero, the same model.
    assert objectives == pytest.approx([1743.6283, 1743.6283], abs=1e-3)
    journey.trigger("undoAction")
    assert journey.formula == RIS


def test_that_a_model_without_a_numeric_slope_is_told_what_it_would_take(journey: Journey) -> None:
    page = _opened(journey, "score ~ Machine + (Machine | Worker)", "Machines")
    assert "no numeric variable has a random slope" in journey.text("originEmpty")
    assert not page.pictures.isVisible()


def test_that_slopes_are_chosen_where_there_are_several(journey: Journey) -> None:
    page = _opened(journey, "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", "sim_hidden_singular")
    combo = journey.control("originSlope")
    combo.setCurrentText("x2 in g")  # type: ignore[attr-defined]
    journey.wait()
    assert journey.text("originLabel") == "Zero of x2 at"
    assert page.pictures.fan.table().columns[1] == "Intercept at x2 = 0"
