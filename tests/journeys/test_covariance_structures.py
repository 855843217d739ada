"""Covariance structures in the window: chosen on a card or typed, fitted, read, compared, saved.

REML criteria of Machines: 217.6511 (diagonal), 209.2204 (compound symmetry, glmmTMB 1.1.5), 208.3112
(unstructured, lme4); see tests/unit/engine/test_patterned_fits.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from mmgui.figures.covariance_words import covariance_explained
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.edit import set_coding
from mmgui.spec.terms import Covariance
from tests.journeys.journey import Journey

UNSTRUCTURED = "score ~ Machine + (0 + Machine | Worker)"
COMPOUND = "score ~ Machine + cs(0 + Machine | Worker)"
DIAGONAL = "score ~ Machine + diag(0 + Machine | Worker)"


@pytest.fixture
def machines(journey: Journey) -> Journey:
    journey.open_sample("Machines")
    return journey


def facts(journey: Journey) -> dict[str, str]:
    return {line[0]: line[1] for line in journey.cells("fitFacts")}


def test_that_a_structure_is_chosen_on_its_card_fitted_read_and_undone(machines: Journey) -> None:
    machines.type_formula(UNSTRUCTURED)
    machines.pick("correlationCombo", "compound symmetry", machines.card(0))
    assert machines.formula == COMPOUND
    assert machines.text("parameterCount") == "3 effects → 4 parameters"
    machines.fit()
    found = facts(machines)
    assert (found["Parameters"], found["REML criterion"]) == ("8", "209.22")
    remarks = machines.text("correlations").splitlines()
    assert remarks[0] == (
        "Worker: compound symmetry: every effect has its own variance, and all pairs share one correlation "
        "(4 parameters)."
    )
    assert "Correlation of all pairs (Worker): 0.74" in remarks
    machines.show_page("covariancePage")
    assert machines.text("structureText").startswith("Compound symmetry: every effect has its own variance")
    machines.show_page("profilePage")
    machines.wait()
    assert [line[:2] for line in machines.cells("profileTable")] == [
        ["Worker", "SD of MachineA"],
        ["Worker", "SD of MachineB"],
        ["Worker", "SD of MachineC"],
        ["Worker", "cor. of all pairs"],
        ["Residual", "SD (σ)"],
        ["Fixed", "Intercept"],
        ["Fixed", "MachineB"],
        ["Fixed", "MachineC"],
    ]
    assert machines.action("undoAction").toolTip() == "Undo: Set covariance of Worker: compound symmetry"
    machines.trigger("undoAction")
    assert machines.formula == UNSTRUCTURED
    combo = machines.control("correlationCombo", machines.card(0))
    assert isinstance(combo, QComboBox)
    assert combo.currentText() == "correlated"
    machines.trigger("redoAction")
    assert combo.currentText() == "compound symmetry"


def test_that_a_typed_structure_is_shown_on_the_card(machines: Journey) -> None:
    combo_of = {
        DIAGONAL: "all separate",
        COMPOUND: "compound symmetry",
        "score ~ Machine + homcs(0 + Machine | Worker)": "compound, one SD",
        "score ~ Machine + ar1(0 + Machine | Worker)": "AR(1)",
        "score ~ Machine + ar1(0 + Machine | Worker, hom = FALSE)": "AR(1), own SDs",
        "score ~ Machine + diag(0 + Machine | Worker, hom = TRUE)": "one variance",
        "score ~ Machine + us(0 + Machine | Worker)": "correlated",
    }
    for formula, name in combo_of.items():
        machines.type_formula(formula)
        combo = machines.control("correlationCombo", machines.card(0))
        assert isinstance(combo, QComboBox)
        assert combo.currentText() == name, formula


def test_that_every_entry_of_the_card_says_what_it_holds(machines: Journey) -> None:
    machines.type_formula(UNSTRUCTURED)
    combo = machines.control("correlationCombo", machines.card(0))
    assert isinstance(combo, QComboBox)
    said = [combo.itemData(k, Qt.ItemDataRole.ToolTipRole) for k in range(combo.count())]
    # What does not suit the term says why below.
    assert [text.splitlines()[0] for text in said] == [covariance_explained(c) for c in Covariance]
    combo.showPopup()
    view = combo.view()
    # No name is cut, whatever is chosen.
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    assert view.verticalScrollBar().maximum() == 0
    combo.hidePopup()


@pytest.mark.parametrize("structure", ["us", "diag", "homdiag", "cs", "homcs", "ar1", "hetar1"])
def test_that_every_page_shows_every_structure(machines: Journey, structure: str) -> None:
    machines.fit_formula(f"score ~ Machine + {structure}(0 + Machine | Worker)")
    for page in machines.window.results.pages:
        machines.show_page(page.objectName())
        assert machines.message() == "", page.objectName()
    parameters = {"us": 6, "diag": 3, "homdiag": 1, "cs": 4, "homcs": 2, "ar1": 2, "hetar1": 4}[structure]
    # Three fixed effects and σ besides.
    machines.show_page("summaryPage")
    assert facts(machines)["Parameters"] == str(parameters + 4)
    machines.show_page("profilePage")
    assert len(machines.cells("profileTable")) == parameters + 4


def test_that_structures_are_compared_with_the_tests_between_them(machines: Journey) -> None:
    for formula in (DIAGONAL, COMPOUND, UNSTRUCTURED):
        machines.fit_formula(formula)
    for k in (1, 2, 3):
        check = machines.control("compareCheck", machines.control(f"shelfCard{k}"))
        QTest.mouseClick(check, Qt.MouseButton.LeftButton)
    machines.trigger("compareAction")
    machines.wait()
    assert machines.column("compareTable", "npar") == ["7", "8", "10"]
    assert machines.column("compareTable", "logLik") == ["−108.83", "−104.61", "−104.16"]
    assert machines.column("testsTable", "Pair") == ["A – B", "A – C", "B – C"]
    assert machines.column("testsTable", "Statistic") == ["8.43", "9.34", "0.91"]
    assert machines.column("testsTable", "Reference") == ["χ²(1)", "χ²(3)", "χ²(2)"]


def test_that_a_session_keeps_structures_and_codings(
    machines: Journey, new_journey: Callable[..., Journey], tmp_path: Path
) -> None:
    machines.type_formula(COMPOUND)
    coded = set_coding(machines.document.draft, Coding("Machine", Contrast.SUM))
    machines.store.edit_draft("Use sum contrasts", coded)
    machines.fit()
    before = machines.cells("fixedTable")
    assert [line[0] for line in before] == ["(Intercept)", "Machine1", "Machine2"]
    path = tmp_path / "coded.mmgui"
    machines.window.files.save_path(str(path))
    again = new_journey()
    again.open(path)
    again.qtbot.waitUntil(lambda: len(again.window.workspace.comparable()) == 1, timeout=30_000)
    again.wait()
    assert again.document == machines.document
    assert again.formula == COMPOUND
    assert again.document.draft.codings == (Coding("Machine", Contrast.SUM),)
    assert again.cells("fixedTable") == before


def test_that_variances_that_trade_off_are_said_with_the_terms_as_formulas(machines: Journey) -> None:
    machines.fit_formula("score ~ Machine + (1 | Worker) + homcs(0 + Machine | Worker)")
    (label,) = machines.control("statementG4").findChildren(QLabel)
    assert "Not identifiable." in label.text()
    assert "`" not in label.text()
    assert "DejaVu Sans Mono\"'>(1 | Worker)</span>" in label.text()
