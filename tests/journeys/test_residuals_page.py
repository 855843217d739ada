"""The residuals in the window: their views and choices, influence with its ghost, the moved model."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from mmgui.app import analysis_parts
from mmgui.app.analysis_parts import Part
from mmgui.figures.influence import InfluenceFigure, influence_figure
from mmgui.ui.residuals_page import ResidualsPage
from tests.journeys.journey import Journey

SLOPES = "Reaction ~ Days + (Days | Subject)"


def page_of(journey: Journey, sample: str = "sleepstudy", formula: str = SLOPES) -> ResidualsPage:
    journey.open_sample(sample)
    journey.fit_formula(formula)
    page = journey.show_page("residualsPage")
    assert isinstance(page, ResidualsPage)
    return page


def look_at(journey: Journey, view: str) -> None:
    journey.click(f"residualView{view}")
    journey.wait()


def offered(journey: Journey, name: str) -> list[str]:
    box = journey.control(name)
    assert isinstance(box, QComboBox)
    return [box.itemText(k) for k in range(box.count())]


def test_that_a_person_holds_residuals_against_a_predictor(journey: Journey) -> None:
    page = page_of(journey)
    assert page.plot.isVisible()
    assert page.plot.heading() == "Residuals against fitted Reaction"
    assert offered(journey, "residualsAgainst") == ["fitted values", "Days"]
    # lme4: residuals(fit)[1:2]
    assert [row[2] for row in page.plot.table().rows[:2]] == pytest.approx([-4.103741, -14.625258], abs=1e-3)

    journey.pick("residualsAgainst", "Days")
    journey.wait()
    assert page.plot.heading() == "Residuals against Days"
    assert page.plot.table().columns[1] == "Days"

    journey.pick("residualsKind", "Marginal")
    journey.wait()
    assert page.plot.heading() == "Marginal residuals against Days"
    # R: Reaction - X fixef(fit)
    assert page.plot.table().rows[0][3] == pytest.approx(249.56 - 251.405105, abs=1e-3)


def test_that_a_point_picked_here_is_picked_everywhere(journey: Journey) -> None:
    page = page_of(journey)
    rows = page.plot.rows()
    assert rows is not None
    worst = int(np.argmax(rows.values))
    panel = page.plot.trend
    at: QPointF = panel.pixel(float(rows.fitted[worst]), float(rows.values[worst]))
    QTest.mouseClick(
        panel.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint()
    )
    selection = journey.window.workspace.selection.selection
    assert selection.groups == {("Subject", "332")}
    look_at(journey, "Distribution")
    marks = page.distribution.normal.marks
    assert marks is not None
    assert marks.shown() == 1
    look_at(journey, "Groups")
    assert [page.groups.levels()[g] for g in page.groups.picked()] == ["332"]
    look_at(journey, "Modes")
    assert len(page.modes.panels()) == 2


def test_that_influence_comes_by_itself_and_leaves_a_ghost(journey: Journey) -> None:
    page = page_of(journey)
    look_at(journey, "Influence")
    assert not journey.control("influenceOffer").isVisible()
    table = page.influence.table()
    at = [row[0] for row in table.rows].index("335")
    # teaching.json, sleepstudy.influence.fixef_minus of 335
    assert table.rows[at][3:5] == pytest.approx((250.72101144385, 11.252481247772), rel=1e-8)
    ghosts = page.scene.ghosts
    assert ghosts.ghost is None
    journey.window.workspace.selection.pick("Subject", "335")
    assert ghosts.ghost is not None
    assert ghosts.ghost.name == "without 335"
    assert "without 335" in page.influence.legend(page.themes.theme)
    assert offered(journey, "influenceEstimates") == ["fixed effects", "standard deviations", "correlations"]
    journey.pick("influenceEstimates", "standard deviations")
    assert [e.name for e in page.influence.shown()] == ["SD of Intercept", "SD of Days", "σ"]
    journey.pick("influenceOf", "single rows")
    journey.wait()
    assert page.row_influence.isVisible()
    # Another model has a ghost of its own.
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    assert [len(sds) for sds in ghosts.ghost.sds] == [1]


def test_that_pictures_follow_the_hand(journey: Journey) -> None:
    page = page_of(journey)
    play = journey.window.workspace.play
    before = page.plot.table().rows[7][2]
    play.move({"Subject: SD of Days": 0.0})
    journey.wait()
    moved = play.current
    assert moved is not None
    there = moved.fit.design.y[7] - moved.fit.fitted[7]
    assert page.plot.table().rows[7][2] == pytest.approx(there)
    assert abs(there - float(before)) > 5.0  # type: ignore[arg-type]
    look_at(journey, "Distribution")
    moved_words = page.distribution.legend(page.themes.theme)
    assert moved_words in page.distribution.findChild(QLabel, "plotCaption").text()  # type: ignore[union-attr]
    look_at(journey, "Groups")
    spread = np.ptp(np.array([row[4] for row in page.groups.table().rows], dtype=float))
    look_at(journey, "Distribution")
    play.move({"Subject: SD of Days": 3.0})
    journey.wait()
    other_words = page.distribution.legend(page.themes.theme)
    assert other_words != moved_words
    assert other_words in page.distribution.findChild(QLabel, "plotCaption").text()  # type: ignore[union-attr]
    look_at(journey, "Groups")
    play.reset()
    journey.wait()
    assert np.ptp(np.array([row[4] for row in page.groups.table().rows], dtype=float)) != spread
    look_at(journey, "Trend")
    assert page.plot.table().rows[7][2] == pytest.approx(before)


def test_that_columns_that_the_model_leaves_out_are_offered(journey: Journey) -> None:
    page = page_of(journey, "Machines", "score ~ 1 + (1 | Worker)")
    assert offered(journey, "residualsAgainst") == ["fitted values", "Machine (not in the model)"]
    journey.pick("residualsAgainst", "Machine (not in the model)")
    journey.wait()
    medians = page.plot._figure.boxes[:, 2]  # type: ignore[union-attr]
    # The machines differ by far more than what is left: A below, C above.
    assert medians[0] < -4
    assert medians[2] > 4


def _slowly(gate: threading.Semaphore) -> Callable[..., InfluenceFigure]:
    """The real work, of which each batch waits until the test lets it go on."""

    def build(
        fit: object,
        choice: tuple[str, ...],
        should_stop: Callable[[], bool],
        advance: Callable[[int, int, str, object], None],
    ) -> InfluenceFigure:
        def tell(done: int, total: int, at: str, figure: object) -> None:
            advance(done, total, at, figure)
            assert gate.acquire(timeout=30)

        return influence_figure(fit, choice[0], should_stop=should_stop, progress=tell)  # type: ignore[arg-type]

    return build


def test_that_many_refits_are_asked_for_first_drawn_as_they_come_and_stopped(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Semaphore(0)
    monkeypatch.setitem(analysis_parts.CHOSEN_LONG, Part.INFLUENCE, _slowly(gate))  # type: ignore[arg-type]
    monkeypatch.setattr("mmgui.figures.influence.QUICK_ROWS", 20)
    monkeypatch.setattr("mmgui.figures.influence.BATCHES", (1e-9,))
    page = page_of(journey, "Pastes", "strength ~ 1 + (1 | batch/cask)")
    look_at(journey, "Influence")
    assert "10 groups of batch fits the model 10 times" in journey.text("influenceWords")
    assert not page.influence.levels()
    journey.pick("influenceOf", "each batch:cask")
    journey.wait()
    assert "30 groups of batch:cask" in journey.text("influenceWords")

    journey.click("influenceButton")
    gate.release(6)
    journey.qtbot.waitUntil(lambda: len(page.influence.levels()) == 3, timeout=20_000)
    assert journey.window.property("busy")
    # The fourth is done, and waits to be drawn.
    assert journey.text("influenceWords") in ("3 of 30 groups left out", "4 of 30 groups left out")
    journey.click("influenceStopButton")
    gate.release(100)
    journey.wait()
    done = len(page.influence.levels())
    assert 3 <= done < 30
    assert f"Stopped after {done} of 30 groups" in journey.text("influenceWords")
    # What is done can be picked, and has its ghost.
    journey.window.workspace.selection.pick("batch:cask", page.influence.levels()[0])
    assert page.scene.ghosts.ghost is not None


def test_that_a_low_page_has_its_views_in_a_list(journey: Journey) -> None:
    page = page_of(journey)
    journey.window.look.set_projector(True)
    journey.window.resize(1280, 800)
    journey.wait()
    assert not journey.control("residualViewTrend").isVisible()
    journey.pick("residualViewsList", "Distribution")
    journey.wait()
    assert page.distribution.isVisible()
    assert page.distribution.normal.width() > 250
