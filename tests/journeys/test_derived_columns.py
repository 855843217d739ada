"""Columns made from others, in the window: undone below a model on the shelf; their sources stay numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mmgui.spec.derived import Derivation
from tests.journeys.journey import Journey


def centred(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    builder = journey.model._builder
    builder.replace_by_derived(builder.proposed(Derivation.CENTER, "Days"))
    journey.fit()
    assert journey.formula == "Reaction ~ Days_centered + (1 | Subject)"


def test_a_model_on_the_shelf_brings_its_undone_columns_back(journey: Journey) -> None:
    centred(journey)
    journey.trigger("undoAction")
    journey.wait()
    assert journey.document.derived == ()
    card = journey.window.shelf.card(journey.document.models[1].id)
    assert card is not None
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    journey.wait()
    assert journey.formula == "Reaction ~ Days_centered + (1 | Subject)"
    assert [d.definition for d in journey.document.derived] == ["center(Days)"]
    assert journey.store.results_are_current()
    journey.trigger("undoAction")
    assert journey.document.derived == ()


def test_a_column_that_others_are_made_of_stays_a_number(journey: Journey) -> None:
    centred(journey)
    before = journey.document
    journey.choose("Days", "Type", "category")
    assert journey.document == before
    assert journey.text("typeError") == (
        "“Days” has to stay a number, because “Days_centered” is made from it; remove what is made from it "
        "first."
    )
