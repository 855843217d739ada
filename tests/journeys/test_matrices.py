"""A person looks at the matrices of a fit: how V is built, what is linked, what follows the hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from mmgui.app.emphasis import Emphasis
from mmgui.app.selection import Selection
from mmgui.ui.matrices_view import MatricesView
from tests.journeys.journey import Journey


def matrices(journey: Journey) -> MatricesView:
    """The page opened at the matrices."""
    journey.show_page("covariancePage")
    journey.click("matricesViewButton")
    journey.wait()
    view = journey.control("matricesView")
    assert isinstance(view, MatricesView)
    assert view.isVisible()
    return view


def point(view: MatricesView, key: str, row: int, column: int) -> str:
    """Put the pointer on an entry; what is said of it."""
    canvas = view.plot.canvas
    QTest.mouseMove(canvas, view.plot.position_of(key, row, column).toPoint())
    return view.said


def test_that_why_two_days_of_a_subject_vary_together_is_told(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    view = matrices(journey)
    assert [p.key for p in view.plot.panels()] == ["part 0", "residual", "sum"]
    figure = view.plot.figure
    assert figure is not None
    assert figure.v().shape == (50, 50)
    # teaching.json, sleepstudy.V_block.V: 650.5177938294 of rows 1 and 5, 4280.72839793162 of row 10.
    assert figure.v()[0, 4] == pytest.approx(650.5177938294, rel=3e-5)
    assert figure.v()[9, 9] == pytest.approx(4280.72839793162, rel=3e-5)
    said = point(view, "sum", 0, 4)
    assert said.startswith("Rows 1 and 5 are both of Subject 308: cov = τ₀² + (x₁ + x₅)·τ₀₁")
    assert said.endswith("= 650.5; correlation 0.42.")
    journey.click("matrixAllRows")
    journey.wait()
    assert view.plot.figure is not None
    assert view.plot.figure.v().shape == (180, 180)


def test_that_columns_of_z_and_the_model_light_each_other(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    view = matrices(journey)
    journey.click("productButton")
    emphasis = journey.window.workspace.emphasis
    said = point(view, "Z", 15, 3)
    assert said.startswith("Subject 309: Days")
    assert emphasis.emphasis.effects == {(0, "Days")}
    emphasis.emphasise(Emphasis(effects=frozenset({(0, "1")})))
    assert view.plot.lit.effects == set(range(0, 10, 2))


def test_that_a_group_picked_here_is_picked_everywhere_and_drawn_alone(journey: Journey) -> None:
    journey.open_sample("Penicillin")
    journey.fit_formula("diameter ~ 1 + (1 | plate) + (1 | sample)")
    view = matrices(journey)
    at = view.plot.position_of("part 0", 30, 30).toPoint()
    QTest.mouseClick(view.plot.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    selection = journey.window.workspace.selection
    ((factor, plate),) = selection.selection.groups
    assert factor == "plate"
    rows = journey.control("matrixGroups")
    assert isinstance(rows, QComboBox)
    journey.pick("matrixGroups", "Picked groups")
    journey.wait()
    figure = view.plot.figure
    assert figure is not None
    assert figure.rows.terms[0].levels == (plate,)
    # One plate: six rows with the plate in common and each of its own sample (lme4: 0.8467² = 0.7169).
    np.testing.assert_allclose(figure.parts.terms[0], 0.7169, atol=2e-4)
    assert np.count_nonzero(figure.parts.terms[1]) == 6
    selection.set_selection(Selection())


def test_that_v_follows_the_hand_and_comes_back(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    view = matrices(journey)
    said = point(view, "sum", 0, 3)
    # lme4: SD 1.2874 of batch.
    assert said.startswith("Rows 1 and 4 are both of batch A: cov = τ² = 1.657")
    journey.window.workspace.play.move({"batch: SD of Intercept": 3.0})
    journey.wait()
    assert view.said.startswith("Rows 1 and 4 are both of batch A: cov = τ² = 9.000")
    assert view.plot.figure is not None
    assert view.plot.figure.parts.terms[0][0, 3] == pytest.approx(9.0)
    journey.window.workspace.play.reset()
    journey.wait()
    assert "cov = τ² = 1.657" in view.said


def test_that_a_large_table_shows_a_few_groups(journey: Journey) -> None:
    journey.open_sample("InstEval")
    journey.fit_formula("y ~ service + (1 | s) + (1 | d) + (1 | dept)")
    view = matrices(journey)
    figure = view.plot.figure
    assert figure is not None
    assert figure.rows.choice.words.endswith("of 73,421 rows: 5 groups of s")
    assert figure.v().shape[0] <= 120
    journey.pick("matrixGroups", "A few groups of d")
    journey.wait()
    assert view.plot.figure is not None
    assert view.plot.figure.rows.choice.words.endswith("groups of d")
