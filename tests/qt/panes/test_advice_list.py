"""Advice in the model pane: remedies with the formula they lead to, notes folded, pieces lit up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mmgui.app.emphasis import NOTHING
from mmgui.ui.finding_card import FindingCard
from tests.qt.panes.driver import Panes, settle


def cards(panes: Panes) -> list[FindingCard]:
    return [c for c in panes.model.findChildren(FindingCard) if c.isVisibleTo(panes.model)]


def card_of(panes: Panes, rule: str) -> FindingCard:
    return next(c for c in cards(panes) if c.finding is not None and c.finding.id == rule)


def test_each_remedy_shows_the_formula_it_leads_to(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    card = card_of(panes, "T1")
    preview = card.findChild(QLabel, "fixPreview0")
    assert preview.text() == "… + (Days | Subject)"
    assert "Reaction ~ Days + (Days | Subject)" in preview.toolTip()
    panes.click("fixButton0", card)
    assert panes.formula == "Reaction ~ Days + (Days | Subject)"


def test_an_answer_that_leaves_the_model_as_it_is_leads_nowhere(panes: Panes) -> None:
    panes.open_sample("Pastes")
    panes.retype("strength ~ 1 + (1 | batch) + (1 | cask)")
    card = card_of(panes, "N1")
    assert card.findChild(QLabel, "fixPreview0").isVisibleTo(card)
    assert not card.findChild(QLabel, "fixPreview1").isVisibleTo(card)


def test_several_notes_are_folded_until_they_are_asked_for(panes: Panes) -> None:
    panes.open_sample("sim_within_subject_factors")
    panes.retype("y ~ B * rating + (1 + rating | Subj)")
    advice = panes.model._advice
    notes = [f for f in advice.all_findings() if f.severity == "info" and f.id != "ready"]
    assert len(notes) > 1
    assert not {f.id for f in notes} & {f.id for f in advice.findings()}
    button = panes.control("moreAdviceButton")
    assert button.text() == f"{len(notes)} notes worth knowing…"
    panes.click("moreAdviceButton")
    assert advice.findings() == advice.all_findings()
    assert button.text() == "Fold the notes"
    panes.click("moreAdviceButton")
    assert len(advice.findings()) == len(advice.all_findings()) - len(notes)


def test_pointing_at_a_finding_lights_up_the_cards_it_is_about(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    emphasis, card = panes.model._emphasis, card_of(panes, "T1")
    at = QPointF(5, 5)
    QApplication.sendEvent(card, QEnterEvent(at, at, at))
    assert emphasis.emphasis.random == {0, 1}
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert emphasis.emphasis == NOTHING


def test_after_a_remedy_nothing_stays_lit_up_until_the_mouse_moves(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    emphasis, card = panes.model._emphasis, card_of(panes, "T1")
    middle = QPointF(card.rect().center())
    QCursor.setPos(card.mapToGlobal(card.rect().center()))
    QApplication.sendEvent(card, QEnterEvent(middle, middle, middle))
    assert emphasis.emphasis.random == {0, 1}
    panes.click("fixButton0", card)
    settle()
    assert emphasis.emphasis == NOTHING
    # What the window puts under the resting mouse is not pointed at.
    under = cards(panes)[0]
    QApplication.sendEvent(under, QEnterEvent(middle, middle, middle))
    assert emphasis.emphasis == NOTHING


def test_a_finding_that_goes_takes_its_light_with_it(panes: Panes) -> None:
    panes.open_sample("sleepstudy")
    panes.retype("Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    emphasis, card = panes.model._emphasis, card_of(panes, "T1")
    middle = QPointF(card.rect().center())
    QApplication.sendEvent(card, QEnterEvent(middle, middle, middle))
    assert emphasis.emphasis != NOTHING
    panes.retype("Reaction ~ Days + (Days | Subject)")
    settle()
    assert emphasis.emphasis == NOTHING


def test_a_remedy_that_derives_a_column_is_one_step_and_comes_back_by_one_undo(panes: Panes) -> None:
    panes.open_sample("Orthodont")
    formula = "distance ~ age * Sex + (age | Subject)"
    panes.retype(formula)
    steps = panes.store.undo_stack.count()
    card = card_of(panes, "E5")
    button = next(b for b in card.findChildren(QPushButton) if b.accessibleName() == "Centre age")
    panes.click(button.objectName(), card)
    assert panes.formula == "distance ~ age_centered * Sex + (age_centered | Subject)"
    assert [d.definition for d in panes.store.document.derived] == ["center(age)"]
    assert panes.store.undo_stack.count() == steps + 1
    assert "E5" not in panes.advice()
    panes.store.undo_stack.undo()
    settle()
    assert panes.formula == formula
    assert panes.store.document.derived == ()


def test_the_dock_leaves_the_model_its_room(panes: Panes) -> None:
    panes.open_sample("sim_within_subject_factors")
    panes.retype("y ~ B * rating * run + (1 | Subj) + (rating | Subj) + (run | Subj)")
    dock = panes.control("adviceDock")
    assert dock.isVisible()
    assert dock.height() < 0.45 * panes.model.height()
