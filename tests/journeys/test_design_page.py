"""The design page: from the first table on it shows how the groups lie and X, of the model being built."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QTabWidget

from mmgui.app.model_builder import ModelBuilder
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.plots.model_matrix_plot import ModelMatrixPlot
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.edit import set_coding
from tests.journeys.journey import Journey
from tests.leaks import settle


def shown_tabs(journey: Journey) -> list[str]:
    tabs = journey.control("resultsTabs")
    assert isinstance(tabs, QTabWidget)
    return [tabs.widget(k).objectName() for k in range(tabs.count()) if tabs.isTabVisible(k)]


def matrix(journey: Journey) -> ModelMatrixPlot:
    found = journey.control("designMatrix")
    assert isinstance(found, ModelMatrixPlot)
    return found


def test_that_the_design_is_there_before_any_fit_and_stays_reachable_after_it(journey: Journey) -> None:
    journey.open_sample("Oats")
    assert shown_tabs(journey) == ["designPage"]
    assert journey.control("designInvitation").isVisible()
    journey.type_formula("yield ~ nitro * Variety + (1 | Block/Variety)")
    structure = journey.control("designStructure")
    assert isinstance(structure, GroupingPicture)
    assert ("VI", 12) in [(row[-2], row[-1]) for row in structure.table().rows]
    assert len(matrix(journey).table().rows) == 12
    journey.fit()
    assert shown_tabs(journey)[0] == "summaryPage"
    assert shown_tabs(journey)[-1] == "designPage"
    assert journey.control("summaryPage").isVisible()
    journey.show_page("designPage")
    assert matrix(journey).isVisible()


def test_that_x_alone_begins_at_the_top(journey: Journey) -> None:
    journey.window.resize(1280, 800)
    journey.open_sample("Machines")
    journey.type_formula("score ~ Machine")
    page, x = journey.control("designPage"), matrix(journey)
    journey.qtbot.waitUntil(x.isVisible)
    journey.wait()
    settle()
    assert x.mapTo(page, QPoint(0, 0)).y() < 0.2 * page.height()


def test_that_another_reference_level_changes_x_at_once(journey: Journey) -> None:
    journey.open_sample("Oats")
    journey.type_formula("yield ~ Variety + (1 | Block)")
    assert matrix(journey).table().columns[2:] == ("(Intercept)", "VarietyMarvellous", "VarietyVictory")
    coded = set_coding(journey.document.draft, Coding("Variety", Contrast.TREATMENT, "Victory"))
    journey.store.edit_draft("Use Victory as reference", coded)
    settle()
    assert matrix(journey).table().columns[2:] == (
        "(Intercept)", "VarietyGolden Rain", "VarietyMarvellous",
    )  # fmt: skip


def test_that_x_is_drawn_group_by_group(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.type_formula("Reaction ~ Days + (Days | Subject)")
    assert len(matrix(journey).table().rows) == 10
    combo = journey.control("matrixRowsCombo")
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(k) for k in range(combo.count())] == ["different rows", "by Subject"]
    journey.pick("matrixRowsCombo", "by Subject")
    table = matrix(journey).table()
    assert table.columns[2] == "Subject"
    assert table.rows[0][2] == "308"
    assert table.rows[10][2] == "309"


def test_that_a_step_taken_back_is_taken_back_in_the_picture(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.type_formula("strength ~ 1 + (1 | batch)")
    structure = journey.control("designStructure")
    assert isinstance(structure, GroupingPicture)
    before = structure.table()
    ModelBuilder(journey.store).nest(0, "cask")
    settle()
    assert structure.table().rows != before.rows
    journey.trigger("undoAction")
    assert structure.table().rows == before.rows
