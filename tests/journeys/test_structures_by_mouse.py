"""Structures of random effects built by mouse alone, from an empty model to the fit, on five designs."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QWidget

from mmgui.app.carried import term_mime, variable_mime
from mmgui.spec.formula import parse_term
from mmgui.ui.advice_list import AdviceList
from tests.journeys.journey import Journey
from tests.leaks import settle
from tests.qt.panes.driver import drop, popup_of_type


def advice(journey: Journey) -> AdviceList:
    found = journey.control("adviceList")
    assert isinstance(found, AdviceList)
    return found


def ids(journey: Journey, *severities: str) -> list[str]:
    """Findings about the model being built, of these severities."""
    return [f.id for f in advice(journey).all_findings() if f.severity in severities]


def carry(journey: Journey, name: str, target: str) -> None:
    """Drag a variable onto a control."""
    assert drop(variable_mime(name), journey.control(target))
    settle()


def choose_groups(journey: Journey, button: str, *columns: str) -> None:
    """Tick columns in the list of grouping factors, in this order, and press a button below it."""
    journey.click("addGroupingButton")
    popup = popup_of_type(QWidget)
    view = popup.findChild(QListWidget)
    for name in columns:
        item = next(view.item(r) for r in range(view.count()) if view.item(r).toolTip() == name)
        box = view.visualItemRect(item)
        at = box.center()
        at.setX(box.left() + 12)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        settle()
    QTest.mouseClick(popup.findChild(QWidget, button), Qt.MouseButton.LeftButton)
    settle()


def status_of_selected(journey: Journey) -> str:
    record = journey.store.record(journey.store.selected_model())
    assert record is not None
    return record.status.value


def test_pastes_with_casks_of_their_own(journey: Journey) -> None:
    journey.open_sample("Pastes")
    carry(journey, "strength", "responseCombo")
    carry(journey, "batch", "randomTermsView")
    carry(journey, "cask", "randomTermsView")
    assert journey.formula == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert ids(journey, "question") == ["N1"]
    journey.click("fixButton0")
    assert journey.formula == "strength ~ 1 + (1 | batch/cask)"
    assert ids(journey, "error", "warning", "question") == []
    journey.fit()
    # lme4: 1.287, 2.904, 0.823 (Pastes, (1 | batch/cask)), cask within batch in the second place.
    assert journey.column("varianceTable", "SD") == ["1.287", "2.904", "0.823"]


def test_pastes_with_casks_that_are_the_same_in_every_batch(journey: Journey) -> None:
    journey.open_sample("Pastes")
    carry(journey, "strength", "responseCombo")
    carry(journey, "batch", "randomTermsView")
    carry(journey, "cask", "randomTermsView")
    journey.click("fixButton1")
    assert journey.formula == "strength ~ 1 + (1 | batch) + (1 | cask)"
    assert ids(journey, "question") == []
    journey.trigger("undoAction")
    assert ids(journey, "question") == ["N1"]
    journey.trigger("redoAction")
    journey.fit()
    assert journey.column("varianceTable", "SD") == ["1.834", "0.386", "2.703"]


def test_penicillin_crossed(journey: Journey) -> None:
    journey.open_sample("Penicillin")
    carry(journey, "diameter", "responseCombo")
    choose_groups(journey, "addCrossedButton", "plate", "sample")
    assert journey.formula == "diameter ~ 1 + (1 | plate) + (1 | sample)"
    assert ids(journey, "error", "warning", "question") == []
    journey.fit()
    # lme4: 0.847, 1.932, 0.550.
    assert journey.column("varianceTable", "SD") == ["0.847", "1.932", "0.550"]


def test_oats_as_a_split_plot(journey: Journey) -> None:
    journey.open_sample("Oats")
    carry(journey, "yield", "responseCombo")
    carry(journey, "nitro", "fixedTermsView")
    carry(journey, "Variety", "fixedTermsView")
    assert drop(term_mime(parse_term("nitro")[0]), journey.control("fixedTermChip2"))
    assert journey.formula == "yield ~ nitro * Variety"
    choose_groups(journey, "addNestedButton", "Block", "Variety")
    assert journey.formula == "yield ~ nitro * Variety + (1 | Block/Variety)"
    assert ids(journey, "error", "warning", "question") == []
    journey.fit()
    assert status_of_selected(journey) == "done"
    # lme4, REML: 14.645 between blocks, 10.399 between plots.
    assert [s[:4] for s in journey.column("varianceTable", "SD")[:2]] == ["14.6", "10.4"]


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """Regions, schools in them and classes in those, numbered anew each time; raters who meet everyone."""
    rng = np.random.default_rng(20260)
    cells = list(product(range(1, 5), range(1, 4), range(1, 4), range(1, 7)))
    units = {key: rng.normal(0, 2) for region, school, k, _ in cells
             for key in ((region,), (region, school), (region, school, k))}  # fmt: skip
    raters = rng.normal(0, 1, 7)
    lines = ["score,region,school,class,rater"]
    for region, school, k, rater in cells:
        for _ in range(2):
            where = units[region,] + units[region, school] + units[region, school, k]
            score = 50 + where + raters[rater] + rng.normal()
            lines.append(f"{score:.3f},R{region},s{school},c{k},rater {rater}")
    path = tmp_path / "schools.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_three_levels_of_nesting_and_a_crossed_factor(journey: Journey, schools: Path) -> None:
    journey.open(schools)
    carry(journey, "score", "responseCombo")
    choose_groups(journey, "addNestedButton", "region", "school", "class")
    assert journey.formula == "score ~ 1 + (1 | region/school/class)"
    carry(journey, "rater", "randomTermsView")
    assert journey.formula == "score ~ 1 + (1 | region/school/class) + (1 | rater)"
    assert ids(journey, "error") == []
    journey.fit()
    assert status_of_selected(journey) == "done"
    groups = [row[0] for row in journey.cells("varianceTable")]
    assert groups == ["region", "region:school", "region:school:class", "rater", "Residual"]
