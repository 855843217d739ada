"""The panel of suggested structures: guesses with reasons, each to be changed, nothing done unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mmgui.app.column_edits import ColumnEditor
from mmgui.app.runner import InlineRunner
from mmgui.app.suggesting import Suggesting
from mmgui.app.theme import make_theme
from mmgui.app.workspace import Workspace
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind, Table
from mmgui.spec.document import Answer
from mmgui.spec.formula import parse, print_model
from mmgui.spec.model import ModelSpec
from mmgui.ui.suggest_pane import SuggestPane
from mmgui.ui.suggest_ticks import TickBox, TickList
from tests.qt.panes.driver import settle


@dataclass
class Panel:
    """The panel on a workspace of its own."""

    workspace: Workspace
    pane: SuggestPane

    def open(self, table: Table | str) -> None:
        table = load_sample(table) if isinstance(table, str) else table
        self.workspace.store.open_table(table, "sample", table.name)
        self.pane.open_panel()
        settle()

    def formulas(self) -> list[str]:
        return [card.figure.formula for card in self.pane.cards() if card.figure is not None]

    def control(self, name: str, inside: QWidget | None = None) -> QWidget:
        found = (inside or self.pane).findChildren(QWidget, name)
        if len(found) != 1:
            pytest.fail(f"{len(found)} controls are called {name}")
        return found[0]

    def ticks(self, name: str) -> dict[str, tuple[bool, str]]:
        ticks = self.control(name)
        assert isinstance(ticks, TickList)
        return {i.text: (i.ticked, i.reason) for i in ticks.items()}

    def tick(self, name: str, text: str) -> None:
        ticks = self.control(name)
        assert isinstance(ticks, TickList)
        box = ticks.box(text)
        if box is None:
            pytest.fail(f"{name} has no row {text}")
        click(box)

    def pick(self, name: str, text: str) -> None:
        combo = self.control(name)
        row = combo.findText(text)
        if row < 0:
            pytest.fail(f"{name} has no entry {text}")
        combo.setCurrentIndex(row)
        settle()

    @property
    def draft(self) -> ModelSpec:
        return self.workspace.store.document.draft


def click(widget: QWidget) -> None:
    at = widget.rect().center()
    if isinstance(widget, QCheckBox):
        at.setX(8 + (22 if "22px" in widget.styleSheet() else 0))
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
    settle()


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[Panel]:
    workspace = Workspace(InlineRunner())
    pane = SuggestPane(workspace)
    pane.build_requested.connect(pane.suggesting.build)
    pane.shelve_requested.connect(pane.suggesting.shelve)
    pane.resize(1000, 800)
    pane.show()
    yield Panel(workspace, pane)
    pane.close()
    pane.deleteLater()
    workspace.shutdown()
    workspace.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def rated(*, runs: int = 1) -> Table:
    """Twelve Subj under three levels of A, so many times, with a rating and a group between them."""
    generator = np.random.default_rng(7)
    rows = [(s, a) for s in range(12) for a in range(3) for _ in range(runs)]
    return from_frame(
        {
            "Subj": [f"s{s}" for s, _ in rows],
            "A": [f"a{a}" for _, a in rows],
            "group": ["old" if s % 2 else "young" for s, _ in rows],
            "rating": generator.normal(4, 1, len(rows)).round(3),
            "y": generator.normal(0, 1, len(rows)).round(3),
        },
        "rated",
    )


def test_the_guesses_stand_there_with_their_reasons(panel: Panel) -> None:
    panel.open("sim_within_subject_factors")
    assert panel.control("unitCombo").currentText() == "Subj · 20 groups"
    assert panel.control("unitReason").text().startswith("Subj has 20 groups of 24 rows;")
    assert panel.control("suggestResponseCombo").currentText() == "y"
    assert panel.ticks("withinFactorsList")["A"] == (
        True,
        "A varies within 20 of 20 Subj, all 3 levels in each, 8 rows per cell.",
    )
    assert [ticked for ticked, _ in panel.ticks("withinQuantitiesList").values()] == [False]
    assert panel.control("replicatedCheck").isChecked()
    assert panel.control("replicatedReason").text() == (
        "2 rows per cell of Subj × A × B × C. run numbers repeated rows."
    )
    assert not panel.control("betweenList").isVisible()
    assert panel.draft == ModelSpec()


@pytest.mark.parametrize(
    ("sample", "formulas"),
    [
        ("ergoStool", ["effort ~ Type + (1 | Subject)"]),
        (
            "Machines",
            [
                "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)",
                "score ~ Machine + (Machine | Worker)",
                "score ~ Machine + (1 | Worker)",
            ],
        ),
        ("Pastes", ["strength ~ 1 + (1 | batch/cask)"]),
        ("Penicillin", ["diameter ~ 1 + (1 | plate) + (1 | sample)"]),
        ("sleepstudy", ["Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (1 | Subject)"]),
    ],
)
def test_cards_show_what_fits_a_sample(panel: Panel, sample: str, formulas: list[str]) -> None:
    panel.open(sample)
    assert panel.formulas() == formulas
    badge = panel.control("recommendedBadge", panel.control("suggestionCard0"))
    assert badge.isVisibleTo(panel.pane)


def test_answers_change_the_suggestion_and_nothing_else(panel: Panel) -> None:
    panel.open("sim_within_subject_factors")
    before = panel.workspace.store.document
    panel.tick("withinFactorsList", "C")
    assert panel.formulas()[0] == ("y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | A:B:Subj)")
    click(panel.control("replicatedCheck"))
    assert panel.formulas()[0] == "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)"
    panel.tick("withinQuantitiesList", "rating")
    assert panel.formulas()[0] == (
        "y ~ A * B * rating + (rating | Subj) + (rating | A:Subj) + (rating | B:Subj)"
    )
    panel.tick("withinFactorsList", "B")
    assert panel.formulas()[0] == "y ~ A * rating + (rating | Subj)"
    assert panel.workspace.store.document == before
    assert panel.workspace.store.undo_stack.count() == 1


def test_another_unit_or_response_is_guessed_anew(panel: Panel) -> None:
    panel.open("Pastes")
    panel.pick("unitCombo", "batch · 10 groups")
    assert panel.formulas()[0] == "strength ~ 1 + (1 | batch/cask)"
    panel.tick("otherUnitsList", "batch:cask")
    assert panel.formulas() == ["strength ~ 1 + (1 | batch)"]
    panel.open("Orthodont")
    panel.pick("suggestResponseCombo", "age")
    assert panel.formulas()[0].startswith("age ~ ")


def test_a_column_is_a_factor_or_a_unit_never_both(panel: Panel) -> None:
    panel.open("Penicillin")
    panel.tick("withinFactorsList", "sample")
    assert panel.formulas()[0] == "diameter ~ sample + (1 | plate)"
    assert panel.ticks("otherUnitsList")["sample"][0] is False
    panel.tick("otherUnitsList", "sample")
    assert panel.formulas()[0] == "diameter ~ 1 + (1 | plate) + (1 | sample)"
    assert panel.ticks("withinFactorsList")["sample"][0] is False


def test_variables_between_units_and_their_interactions_are_ticked_by_hand(panel: Panel) -> None:
    panel.open(rated())
    assert panel.ticks("betweenList") == {
        "group": (False, "group has one value for each Subj; 2 values in all.")
    }
    panel.tick("betweenList", "group")
    assert panel.formulas()[0] == "y ~ A * rating + group + (rating | Subj)"
    assert list(panel.ticks("betweenList")) == ["group", "group × A", "group × rating"]
    panel.tick("betweenList", "group × A")
    assert panel.formulas()[0] == "y ~ A * rating + group + A:group + (rating | Subj)"
    panel.tick("betweenList", "group")
    assert panel.formulas()[0] == "y ~ A * rating + (rating | Subj)"


def test_building_is_one_step_that_makes_the_centred_column_too(panel: Panel) -> None:
    panel.open(rated())
    click(panel.control("centreCheck"))
    card = panel.control("suggestionCard0")
    click(panel.control("buildButton", card))
    assert print_model(panel.draft) == "y ~ A * rating_within_A + (rating_within_A | Subj)"
    assert [d.definition for d in panel.workspace.store.document.derived] == ["center(rating, A)"]
    stack = panel.workspace.store.undo_stack
    assert stack.undoText() == "Build One factor and rating within Subj (template 1.A)"
    # The panel stays, and knows the column that is there now.
    assert panel.formulas()[0] == "y ~ A * rating_within_A + (rating_within_A | Subj)"
    assert "✓ the model being built" in panel.control("suggestionFacts", card).text()
    stack.undo()
    settle()
    assert panel.draft == ModelSpec()
    assert panel.workspace.store.document.derived == ()
    assert "✓" not in panel.control("suggestionFacts", card).text()


def test_put_on_the_shelf_builds_and_fits(panel: Panel) -> None:
    panel.open("Machines")
    card = panel.control("suggestionCard0")
    click(panel.control("shelveButton", card))
    models = panel.workspace.store.document.models
    assert [print_model(m.spec) for m in models] == ["score ~ Machine + (1 | Worker) + (1 | Machine:Worker)"]
    record = panel.workspace.store.record(models[0])
    assert record is not None
    assert record.fit is not None
    assert record.fit.objective == pytest.approx(215.6876, abs=1e-3)  # lme4: REML criterion
    assert panel.control("suggestionFacts", card).text() == (
        "3 variance parameters · ✓ the model being built · ✓ on the shelf"
    )


def test_estimation_and_transformed_response_of_the_draft_are_kept(panel: Panel) -> None:
    table = load_sample("Machines")
    panel.workspace.store.open_table(table, "sample", "Machines")
    panel.workspace.store.edit_draft("t", ModelSpec(parse("log(score) ~ 1").response, reml=False))
    panel.pane.open_panel()
    settle()
    assert panel.formulas()[0] == "log(score) ~ Machine + (1 | Worker) + (1 | Machine:Worker)"
    click(panel.control("buildButton", panel.control("suggestionCard0")))
    assert panel.draft.reml is False


def test_a_table_without_units_says_what_is_missing(panel: Panel) -> None:
    panel.open(from_frame({"x": [1.5, 2.25, 3.0], "y": [1.0, 2.5, 4.0]}, "plain"))
    missing = panel.control("suggestMissing")
    assert isinstance(missing, QLabel)
    assert missing.isVisible()
    assert missing.text().startswith("No column says which rows belong together: plain needs one")
    assert panel.formulas() == []
    # Conditions alone: the person says which of them are units.
    panel.open(from_frame({"kind": ["a", "b", "c"] * 4, "y": [float(k * k % 11) for k in range(12)]}, "t"))
    assert missing.text().startswith("No column clearly names the units on which y was measured;")
    panel.pick("unitCombo", "kind · 3 groups")
    assert panel.formulas() == ["y ~ 1 + (1 | kind)"]
    assert not missing.isVisible()


def test_another_table_is_looked_at_while_the_panel_is_open(panel: Panel) -> None:
    panel.open("Machines")
    table = load_sample("sleepstudy")
    panel.workspace.store.open_table(table, "sample", "sleepstudy")
    settle()
    assert panel.formulas()[0] == "Reaction ~ Days + (Days | Subject)"
    panel.pane.close_panel()
    panel.workspace.store.open_table(load_sample("Rail"), "sample", "Rail")
    settle()
    assert panel.formulas()[0] == "Reaction ~ Days + (Days | Subject)"


def test_a_column_whose_type_is_changed_is_asked_about_anew(panel: Panel) -> None:
    panel.open("sim_within_subject_factors")
    panel.tick("withinFactorsList", "C")
    editor = ColumnEditor(panel.workspace.store)
    editor.set_kind("run", Kind.CATEGORY)
    settle()
    assert panel.formulas()[0].startswith("y ~ A * B + (1 | Subj)")
    editor.set_kind("Subj", Kind.CATEGORY)
    settle()
    assert panel.control("unitCombo").currentText() == "Subj · 20 groups"
    panel.open("Penicillin")
    editor.set_kind("sample", Kind.ID)
    settle()
    assert panel.formulas()[0] == "diameter ~ 1 + (1 | plate) + (1 | sample)"
    assert "sample" not in panel.ticks("withinFactorsList")


def test_an_answer_about_recurring_labels_is_heard(panel: Panel) -> None:
    panel.open("Pastes")
    assert panel.formulas() == ["strength ~ 1 + (1 | batch/cask)"]
    panel.workspace.store.answer("the same", Answer("N1", ("batch", "cask"), "same"))
    settle()
    assert panel.control("unitCombo").findText("batch:cask · 30 groups") == -1


def test_a_large_table_is_looked_at_in_the_background(panel: Panel, qtbot: QtBot) -> None:
    table = load_sample("InstEval")
    panel.workspace.store.open_table(table, "sample", "InstEval")
    panel.pane.open_panel()
    assert panel.control("suggestWaiting").isVisible()
    qtbot.waitUntil(lambda: bool(panel.formulas()), timeout=20_000)
    assert panel.formulas() == ["y ~ 1 + (1 | s) + (1 | d) + (1 | dept)"]
    assert not panel.control("suggestWaiting").isVisible()


def test_the_equation_of_an_alternative_is_shown_on_demand(panel: Panel) -> None:
    panel.open("Machines")
    first, second = panel.control("suggestionCard0"), panel.control("suggestionCard1")
    assert panel.control("suggestionEquation", first).isVisible()
    assert not panel.control("suggestionEquation", second).isVisible()
    click(panel.control("equationToggle", second))
    assert panel.control("suggestionEquation", second).isVisible()


def test_the_panel_follows_the_theme(panel: Panel) -> None:
    panel.open("Machines")
    formula = panel.control("suggestionFormula", panel.control("suggestionCard0"))
    assert "#0072B2" in formula.text()
    panel.workspace.themes.set_theme(make_theme(dark=True))
    assert "#56B4E9" in formula.text()


def test_every_control_has_a_name_for_people(panel: Panel) -> None:
    panel.open(rated(runs=2))
    panel.tick("betweenList", "group")
    unnamed = [
        w.objectName()
        for w in panel.pane.findChildren(QWidget)
        if w.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        and w.isVisibleTo(panel.pane)
        and not (w.accessibleName() or w.property("text"))
    ]
    assert unnamed == []


def test_nothing_is_asked_while_the_panel_is_closed(qtbot: QtBot) -> None:
    workspace = Workspace(InlineRunner())
    suggesting = Suggesting(workspace, workspace)
    workspace.store.open_table(load_sample("Machines"), "sample", "Machines")
    assert suggesting.proposal is None
    workspace.shutdown()
    workspace.deleteLater()
    settle()


def test_long_names_are_shortened_to_the_room_there_is(qtbot: object) -> None:
    box = TickBox()
    name = "Alter (zentriert, in Jahren) – gemessen beim Hausbesuch & später"
    box.resize(200, 20)
    box.set_words(name, 0)
    assert "…" in box.text()
    assert box.fontMetrics().horizontalAdvance(box.text()) < 200 - 16
    box.resize(900, 20)
    box.set_words(name, 0)
    assert box.text() == name.replace("&", "&&")
    box.deleteLater()
