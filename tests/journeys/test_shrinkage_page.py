"""Shrinkage in the window: what is kept, how rows are sorted, and what follows a model that is moved."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from mmgui.figures.tabular import FigureTable
from mmgui.plots.kept_bars import KeptBars
from mmgui.plots.style import text_font, text_width
from mmgui.ui.shrinkage_page import ShrinkagePage
from tests.journeys.journey import Journey

SD, SLOPE_SD = "Subject: SD of Intercept", "Subject: SD of Days"
RHO = "Subject: correlation of Intercept and Days"


def page_of(journey: Journey) -> ShrinkagePage:
    page = journey.show_page("shrinkagePage")
    assert isinstance(page, ShrinkagePage)
    return page


def numbers(table: FigureTable, title: str) -> np.ndarray:
    at = table.columns.index(title)
    return np.array([row[at] for row in table.rows], dtype=float)


def move(journey: Journey, **values: float) -> None:
    names = {"sd": SD, "slope_sd": SLOPE_SD, "rho": RHO}
    journey.window.workspace.play.move({names[k]: v for k, v in values.items()})
    journey.qtbot.waitUntil(lambda: not journey.window.workspace.play.busy, timeout=5000)
    journey.wait()


@pytest.fixture
def sleepstudy(journey: Journey) -> Journey:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    return journey


def test_that_a_person_reads_what_a_subject_keeps(sleepstudy: Journey) -> None:
    page = page_of(sleepstudy)
    page.plot.settle()
    panel = page.plot.panels()[0]
    # Subject 335 of teaching.json: own 263.0347, -2.8810; model's 251.0714, -0.2849.
    at = panel.pixel(251.0714, -0.2849)
    QTest.mouseClick(
        panel.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(at.x()), round(at.y())),
    )
    assert sleepstudy.window.workspace.selection.selection.groups == {("Subject", "335")}
    assert page.plot.tip(page.plot.levels().index("335")) == (
        "<b>335</b> · 10 rows<br>Intercept: own 263.0 → model 251.1, common 251.4, weight 75 %<br>"
        "Slope of Days: own −2.881 → model −0.2849, common 10.47, weight 84 %"
    )
    # The picked subject is picked in the caterpillar too.
    assert page.caterpillar.picked() == (page.plot.levels().index("335"),)
    kept = page.side.kept.table()
    assert [round(float(row[2] or 0), 3) for row in kept.rows] == [0.751, 0.838]
    assert page.side.kept.isVisible()
    assert not page.side.weights.isVisible()


def test_that_modes_weights_and_bars_follow_the_moved_model_and_come_back(sleepstudy: Journey) -> None:
    page = page_of(sleepstudy)
    best = numbers(page.plot.table(), "(Intercept) model")
    shown = page.plot.panels()[0].shown()
    move(sleepstudy, sd=5.0)
    moved = page.plot.table()
    assert np.ptp(numbers(moved, "(Intercept) model")) < 0.5 * np.ptp(best)
    assert numbers(moved, "Weight (Intercept), (Intercept)")[0] < 0.2
    # Own estimates are the data's alone.
    assert numbers(moved, "(Intercept) own")[0] == pytest.approx(244.192669, abs=1e-4)
    assert page.side.bars.table().rows[0][3] == pytest.approx(5.0)
    assert not page.plot.tween.running
    sleepstudy.window.workspace.play.reset()
    sleepstudy.wait()
    np.testing.assert_array_equal(numbers(page.plot.table(), "(Intercept) model"), best)
    assert page.side.bars.table().rows[0][3] == pytest.approx(24.7406, abs=1e-3)
    page.plot.settle()
    assert page.plot.panels()[0].shown() == shown


def test_that_the_collapse_to_a_singular_model_lays_all_subjects_on_a_line(sleepstudy: Journey) -> None:
    page = page_of(sleepstudy)
    widths = []
    for rho in (0.5, 0.9, 1.0):
        move(sleepstudy, rho=rho)
        drawn = page.plot.panels()[0].ellipse()
        widths.append(float(np.abs(np.linalg.eigvalsh(drawn[1])).min()))
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] == pytest.approx(0.0, abs=1e-3)
    table = page.plot.table()
    off = numbers(table, "(Intercept) model") - numbers(table, "(Intercept) common")
    other = numbers(table, "Days model") - numbers(table, "Days common")
    assert abs(np.corrcoef(off, other)[0, 1]) == pytest.approx(1.0)
    move(sleepstudy, sd=0.0, slope_sd=0.0)
    table = page.plot.table()
    np.testing.assert_allclose(numbers(table, "Days model"), numbers(table, "Days common"))


def test_that_the_caterpillar_is_sorted_by_what_a_person_chooses(sleepstudy: Journey) -> None:
    page = page_of(sleepstudy)
    button = sleepstudy.control("caterpillarButton")
    assert isinstance(button, QPushButton)
    if button.isVisible():
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.caterpillar.isVisible()
    combo = sleepstudy.control("caterpillarSort")
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(k) for k in range(combo.count())] == [
        "Intercept", "Slope of Days", "Group size", "Name",
    ]  # fmt: skip
    # The greatest intercept is 337's, the greatest slope 308's (teaching.json, pooling).
    assert page.caterpillar.table().rows[0][0] == "337"
    sleepstudy.pick("caterpillarSort", "Slope of Days")
    assert page.caterpillar.table().rows[0][0] == "308"
    assert len(page.caterpillar.panels()) == 2
    sleepstudy.pick("caterpillarSort", "Name")
    assert [row[0] for row in page.caterpillar.table().rows][:2] == ["308", "309"]
    page.caterpillar.settle()


def test_that_another_model_of_the_subjects_takes_over_from_rows(sleepstudy: Journey) -> None:
    page = page_of(sleepstudy)
    sleepstudy.fit_formula("Reaction ~ Days + (1 | Subject)")
    page.plot.settle()
    assert page.plot.effects_shown() == 1
    assert page.side.weights.isVisible()
    # One weight for all: 10 × 1378.18/(10 × 1378.18 + 960.46) (lme4).
    weights = numbers(page.side.weights.table(), "Weight")
    np.testing.assert_allclose(weights, 0.934850, atol=1e-5)
    sleepstudy.fit_formula("Reaction ~ Days + (Days | Subject)")
    assert page.plot.effects_shown() == 2
    page.plot.settle()


def test_that_terms_are_chosen_and_keep_their_colours(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    page = page_of(journey)
    assert page.plot.heading() == "Shrinkage of batch"
    # A batch's mean rests on three casks that differ: 36 % is kept of it, were they known 94 %.
    assert round(float(numbers(page.side.weights.table(), "Weight")[0]), 3) == 0.362
    assert round(float(numbers(page.side.weights.table(), "Given the other terms")[0]), 3) == 0.936
    QTest.mouseClick(journey.control("termButton1", page), Qt.MouseButton.LeftButton)
    journey.wait()
    assert page.plot.heading() == "Shrinkage of batch:cask"
    assert len(page.plot.table().rows) == 30


def test_that_shares_far_from_zero_are_read_whole(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ I(Days + 2000) + (I(Days + 2000) | Subject)")
    bars = journey.control("keptBars", journey.show_page("shrinkagePage"))
    assert isinstance(bars, KeptBars)
    words = [row.words for row in bars._figure.rows if bars._figure is not None]  # type: ignore[union-attr]
    assert max(map(len, words)) > len("100 %")
    font = text_font(bars.theme)
    # Beside each bar there is room for all of its words, the sign included.
    assert bars._words >= max(text_width(font, w) for w in words)
