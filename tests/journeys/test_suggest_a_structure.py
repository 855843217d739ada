"""By mouse alone: from a table to template 2 on the shelf, and back."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec
from tests.journeys.journey import Journey

FORMULA = "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Sixteen Subj, each once under three levels of A times two of B."""
    generator = np.random.default_rng(11)
    own, by_a, by_b = (
        generator.normal(0, 1, 16),
        generator.normal(0, 0.8, (16, 3)),
        generator.normal(0, 0.6, (16, 2)),
    )
    lines = ["Subj,A,B,y"]
    for s, a, b in product(range(16), range(3), range(2)):
        y = 5 + a - 0.5 * b + own[s] + by_a[s, a] + by_b[s, b] + generator.normal(0, 0.4)
        lines.append(f"s{s + 1:02d},a{a + 1},b{b + 1},{y:.4f}")
    path = tmp_path / "made.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_template_two_by_mouse_alone(journey: Journey, made: Path) -> None:
    journey.open(made)
    journey.click("suggestButton")
    pane = journey.control("suggestPane")
    assert pane.isVisible()
    assert not journey.control("resultsPane").isVisible()
    card = journey.control("suggestionCard0")
    assert journey.control("suggestionTitle", card).text() == "Two factors within Subj (template 2)"
    assert journey.control("suggestionFormula", card).accessibleName() == FORMULA
    assert journey.document.draft == ModelSpec()
    assert journey.document.models == ()

    journey.click("shelveButton", card)
    journey.wait()
    assert journey.formula == FORMULA
    model = journey.store.selected_model()
    assert model is not None
    assert print_model(model.spec) == FORMULA
    record = journey.store.record(model)
    assert record is not None
    assert record.fit is not None
    assert record.fit.convergence.converged
    assert pane.isVisible()

    journey.click("closeSuggestButton")
    assert not pane.isVisible()
    assert journey.control("resultsPane").isVisible()
    assert len(journey.cells("varianceTable")) == 4

    journey.trigger("undoAction")
    assert journey.document.draft == ModelSpec()


def test_escape_leaves_everything_as_it_was(journey: Journey, made: Path) -> None:
    journey.open(made)
    before = journey.document
    journey.click("suggestButton")
    QTest.keyClick(journey.control("unitCombo"), Qt.Key.Key_Escape)
    assert journey.control("resultsPane").isVisible()
    assert journey.document == before


def test_fitting_another_model_shows_its_results(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.click("suggestButton")
    journey.click("buildButton", journey.control("suggestionCard2"))
    assert journey.formula == "score ~ Machine + (1 | Worker)"
    assert journey.control("suggestPane").isVisible()
    journey.fit()
    assert journey.control("resultsPane").isVisible()
    assert [print_model(m.spec) for m in journey.document.models] == ["score ~ Machine + (1 | Worker)"]


def test_a_model_chosen_on_the_shelf_shows_its_results(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.fit_formula("score ~ Machine + (1 | Worker)")
    journey.click("suggestButton")
    assert journey.control("suggestPane").isVisible()
    card = journey.window.shelf.card(journey.document.models[0].id)
    assert card is not None
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    journey.wait()
    assert not journey.control("suggestPane").isVisible()
    assert journey.control("resultsPane").isVisible()


def test_a_response_that_is_the_same_throughout_each_unit_gets_no_structure(
    journey: Journey, tmp_path: Path
) -> None:
    lines = ["person,item,anger"]
    lines += [f"p{p},i{i},{(p * 7) % 23 + 11}" for p, i in product(range(1, 25), range(1, 9))]
    path = tmp_path / "anger.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    journey.open(path)
    journey.click("suggestButton")
    journey.wait()
    pane = journey.window.suggestions.pane
    assert pane is not None
    proposal = pane.suggesting.proposal
    assert proposal is not None
    assert proposal.suggestions == ()
    assert proposal.missing.startswith("anger has one value for each person, so its rows tell nothing")
