"""Panes fold away, on a projector by themselves, and come back by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.journeys.journey import Journey
from tests.leaks import settle

FORMULA = "Reaction ~ Days + (Days | Subject)"
SIZES = ((1280, 800), (1920, 1080))
PAGES = (
    "summaryPage", "groupsPage", "shrinkagePage", "covariancePage", "landscapePage", "originPage",
    "residualsPage", "profilePage", "equationPage", "tracePage", "designPage",
)  # fmt: skip


def fitted(journey: Journey, size: tuple[int, int] = (1280, 800)) -> None:
    journey.window.resize(*size)
    journey.open_sample("sleepstudy")
    journey.fit_formula(FORMULA)


def press(journey: Journey, key: Qt.Key) -> None:
    QTest.keyClick(journey.window, key)
    settle()


def in_sight(journey: Journey) -> set[str]:
    names = ("toolbar", "dataPane", "modelPane", "modelShelf", "resultsPane")
    return {n for n in names if journey.control(n).isVisible()}


@pytest.mark.parametrize("size", SIZES)
def test_that_a_projector_folds_away_what_is_not_looked_at(journey: Journey, size: tuple[int, int]) -> None:
    journey.window.resize(*size)
    journey.trigger("projectorAction")
    journey.open_sample("sleepstudy")
    # A model is still to be built.
    assert journey.control("modelPane").isVisible()
    assert not journey.control("dataPane").isVisible()
    journey.fit_formula(FORMULA)
    assert in_sight(journey) == {"toolbar", "modelShelf", "resultsPane"}
    page = journey.show_page("covariancePage")
    assert page.width() > 0.9 * size[0]
    assert page.height() > 0.7 * size[1]
    # One line says which models there are, and which is shown.
    shelf = journey.control("modelShelf")
    assert shelf.height() < 0.09 * size[1]
    card = journey.window.shelf.card(journey.document.models[0].id)
    assert card is not None
    assert card.isVisible()
    assert FORMULA in card.accessibleName()
    assert "converged" in card.toolTip()
    journey.trigger("projectorAction")
    assert in_sight(journey) == {"toolbar", "dataPane", "modelPane", "modelShelf", "resultsPane"}


@pytest.mark.parametrize("size", SIZES)
def test_that_a_folded_pane_comes_back_by_its_handle(journey: Journey, size: tuple[int, int]) -> None:
    fitted(journey, size)
    journey.trigger("projectorAction")
    journey.click("showModelButton")
    assert journey.control("modelPane").isVisible()
    assert not journey.control("showModelButton").isVisible()
    assert journey.control("formulaEdit").width() > 0.25 * size[0]
    # It stays until it is folded, whatever is fitted.
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    assert journey.control("modelPane").isVisible()
    journey.click("foldModelButton")
    assert not journey.control("modelPane").isVisible()
    journey.click("showDataButton")
    assert journey.control("dataPane").isVisible()


def test_that_panes_fold_by_the_keyboard_and_hand_it_on(journey: Journey) -> None:
    fitted(journey)
    journey.control("formulaEdit").setFocus()
    press(journey, Qt.Key.Key_F8)
    assert not journey.control("modelPane").isVisible()
    handle = journey.control("showModelButton")
    assert handle.hasFocus()
    QTest.keyClick(handle, Qt.Key.Key_Return)
    settle()
    assert journey.control("modelPane").isVisible()
    assert journey.control("foldModelButton").hasFocus()
    press(journey, Qt.Key.Key_F7)
    assert not journey.control("dataPane").isVisible()
    press(journey, Qt.Key.Key_F7)
    assert journey.control("dataPane").isVisible()
    tall = journey.control("modelShelf").height()
    press(journey, Qt.Key.Key_F9)
    assert journey.control("modelShelf").height() < 0.6 * tall
    journey.click("foldShelfButton")
    assert journey.control("modelShelf").height() == tall


@pytest.mark.parametrize("projector", [False, True])
def test_that_the_results_take_the_whole_window_and_give_it_back(journey: Journey, projector: bool) -> None:
    fitted(journey)
    if projector:
        journey.trigger("projectorAction")
    page = journey.show_page("groupsPage")
    before, size = in_sight(journey), page.size()
    journey.click("resultsOnlyButton")
    assert in_sight(journey) == {"resultsPane"}
    assert not journey.control("paneRail").isVisible()
    assert page.width() > 0.97 * 1280
    assert page.height() > 0.89 * 800
    assert journey.action("resultsOnlyAction").isChecked()
    press(journey, Qt.Key.Key_Escape)
    assert in_sight(journey) == before
    assert page.size() == size
    press(journey, Qt.Key.Key_F10)
    assert in_sight(journey) == {"resultsPane"}
    # Orders go on working without their buttons.
    press(journey, Qt.Key.Key_F11)
    assert in_sight(journey) == {"resultsPane"}
    press(journey, Qt.Key.Key_F11)
    journey.click("resultsOnlyButton")
    assert in_sight(journey) == before


def test_that_whoever_asks_for_a_pane_or_a_table_has_the_window_back(journey: Journey) -> None:
    fitted(journey)
    press(journey, Qt.Key.Key_F10)
    press(journey, Qt.Key.Key_F8)
    assert journey.control("modelPane").isVisible()
    assert journey.control("toolbar").isVisible()
    press(journey, Qt.Key.Key_F10)
    journey.open_sample("Machines")
    assert in_sight(journey) == {"toolbar", "dataPane", "modelPane", "modelShelf", "resultsPane"}


def test_that_a_fit_that_fails_brings_the_model_back(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    press(journey, Qt.Key.Key_F10)
    assert in_sight(journey) == {"resultsPane"}
    journey.type_formula("Reaction ~ Days + (1 | Days:Subject)")
    journey.trigger("fitAction")
    journey.wait()
    assert journey.control("modelPane").isVisible()


def test_that_the_comparison_keeps_the_toolbar(journey: Journey) -> None:
    fitted(journey)
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    press(journey, Qt.Key.Key_F10)
    journey.trigger("compareAction")
    assert journey.control("toolbar").isVisible()
    journey.trigger("compareAction")
    assert in_sight(journey) == {"resultsPane"}


def test_that_what_was_folded_and_how_wide_panes_were_is_remembered(
    new_journey: Callable[..., Journey],
) -> None:
    first = new_journey()
    fitted(first, (1600, 1000))
    splitter = first.control("columns")
    sizes = splitter.sizes()  # type: ignore[attr-defined]
    splitter.setSizes([sizes[0], sizes[1] + 150, sizes[2] - 150])  # type: ignore[attr-defined]
    splitter.splitterMoved.emit(sizes[0] + sizes[1] + 150, 2)  # type: ignore[attr-defined]
    wide = first.control("modelPane").width()
    press(first, Qt.Key.Key_F8)
    press(first, Qt.Key.Key_F8)
    assert first.control("modelPane").width() == pytest.approx(wide, abs=2)
    press(first, Qt.Key.Key_F7)
    press(first, Qt.Key.Key_F9)
    first.window.close()
    settle()
    second = new_journey()
    fitted(second, (1600, 1000))
    assert not second.control("dataPane").isVisible()
    assert second.control("modelShelf").height() < 50
    press(second, Qt.Key.Key_F7)
    assert second.control("modelPane").width() == pytest.approx(wide, abs=4)
    # At the projector nothing of this was chosen.
    second.trigger("projectorAction")
    assert second.control("showDataButton").isVisible()
    assert second.control("showModelButton").isVisible()


class _Resizes(QObject):
    """Counts how often anything is resized or laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.count += 1
        return super().eventFilter(watched, event)


@pytest.mark.parametrize(
    ("sample", "projector"), [("sleepstudy", False), ("sleepstudy", True), ("Machines", True)]
)
def test_that_every_page_comes_to_rest_at_every_size(journey: Journey, sample: str, projector: bool) -> None:
    journey.open_sample(sample)
    journey.fit_formula(FORMULA if sample == "sleepstudy" else "score ~ Machine + (Machine | Worker)")
    if projector:
        journey.trigger("projectorAction")
    for name in PAGES:
        journey.show_page(name)
        for size in ((960, 600), (1280, 800)):
            journey.window.resize(*size)
            for _ in range(6):
                settle()
            journey.wait()
            resizes = _Resizes()
            QApplication.instance().installEventFilter(resizes)
            settle()
            QApplication.instance().removeEventFilter(resizes)
            assert resizes.count == 0, f"{name} in a window of {size} is laid out again and again"
