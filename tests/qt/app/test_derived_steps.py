"""Columns made from others: put into the model, named, taken out again, each as one step to be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from mmgui.app.column_edits import ColumnEditor
from mmgui.app.formula_text import formula_of
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.store import Store
from mmgui.app.variable_model import VariableModel, VariableRole
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind
from mmgui.errors import DataError
from mmgui.spec.derived import Derivation, DerivedColumn
from mmgui.spec.formula import parse


class Work:
    """A store with a model on a sample, and the steps that change it."""

    def __init__(self, sample: str, formula: str) -> None:
        self.store = Store()
        self.store.open_table(load_sample(sample), "sample", sample)
        self.builder = ModelBuilder(self.store)
        self.builder.apply("begin", parse(formula, partial=True))

    @property
    def formula(self) -> str:
        return formula_of(self.store.document.draft)

    @property
    def derived(self) -> list[str]:
        return [f"{d.name} = {d.definition}" for d in self.store.document.derived]

    @property
    def step(self) -> str:
        return self.store.undo_stack.undoText()

    def undo(self) -> None:
        self.store.undo_stack.undo()


@pytest.fixture
def reaction(qtbot: object) -> Work:
    return Work("sleepstudy", "Reaction ~ Days + (Days | Subject)")


def test_a_centred_column_takes_its_place_everywhere_in_one_step(reaction: Work) -> None:
    made = reaction.builder.proposed(Derivation.CENTER, "Days")
    reaction.builder.replace_by_derived(made)
    assert reaction.formula == "Reaction ~ Days_centered + (Days_centered | Subject)"
    assert reaction.derived == ["Days_centered = center(Days)"]
    assert reaction.step == "Replace Days by Days_centered"
    reaction.builder.restore(made)
    assert reaction.formula == "Reaction ~ Days + (Days | Subject)"
    assert reaction.step == "Back to Days"
    # What there is already is used again.
    assert reaction.builder.proposed(Derivation.CENTER, "Days") == made
    for _ in range(2):
        reaction.undo()
    assert reaction.derived == []


def test_a_column_can_be_replaced_in_the_fixed_effects_only(reaction: Work) -> None:
    made = reaction.builder.proposed(Derivation.SCALE, "Days")
    reaction.builder.replace_by_derived(made, in_slopes=False)
    assert reaction.formula == "Reaction ~ Days_scaled + (Days | Subject)"
    assert reaction.step == "Replace Days by Days_scaled in the fixed effects"


def test_a_split_is_joined_again(reaction: Work) -> None:
    builder = reaction.builder
    builder.apply("other", parse("Days ~ Reaction + (Reaction | Subject)"))
    within = builder.proposed(Derivation.CENTER, "Reaction", ("Subject",))
    builder.split(within, builder.proposed(Derivation.MEAN, "Reaction", ("Subject",)))
    assert reaction.formula == (
        "Days ~ Reaction_within_Subject + Reaction_mean_Subject + (Reaction_within_Subject | Subject)"
    )
    table = reaction.store.table()
    assert table is not None
    assert table["Reaction_mean_Subject"].values is not None
    # The mean reaction of subject 308 in lme4's sleepstudy.
    assert table["Reaction_mean_Subject"].values[0] == pytest.approx(342.1338, abs=1e-4)
    builder.restore(within)
    assert reaction.formula == "Days ~ Reaction + (Reaction | Subject)"


def test_a_logarithm_of_zero_leaves_everything_as_it_is(reaction: Work) -> None:
    before = reaction.store.document
    with pytest.raises(DataError) as caught:
        reaction.builder.derive(reaction.builder.proposed(Derivation.LOG, "Days"))
    assert caught.value.message == (
        "“Days” is zero or less in 18 rows, where it has no logarithm; choose another column."
    )
    assert reaction.store.document == before


def test_a_name_is_changed_wherever_it_is_read(reaction: Work) -> None:
    builder = reaction.builder
    builder.replace_by_derived(builder.proposed(Derivation.CENTER, "Days"))
    builder.derive(DerivedColumn("squared", Derivation.SQUARE, "Days_centered"))
    builder.rename_derived("Days_centered", " from the middle ")
    assert reaction.formula == "Reaction ~ `from the middle` + (`from the middle` | Subject)"
    assert reaction.derived == ["from the middle = center(Days)", "squared = square(`from the middle`)"]
    assert reaction.step == "Rename Days_centered to from the middle"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "Write a name for the column."),
        ("Subject", "There is a column “Subject” already; choose another name."),
    ],
)
def test_a_name_that_cannot_be_is_refused(reaction: Work, name: str, sentence: str) -> None:
    reaction.builder.derive(reaction.builder.proposed(Derivation.CENTER, "Days"))
    before = reaction.store.document
    with pytest.raises(DataError) as caught:
        reaction.builder.rename_derived("Days_centered", name)
    assert caught.value.message == sentence
    assert reaction.store.document == before


def test_a_column_that_the_model_reads_is_removed_with_its_source_in_its_place(reaction: Work) -> None:
    builder = reaction.builder
    builder.replace_by_derived(builder.proposed(Derivation.CENTER, "Days"))
    builder.remove_derived("Days_centered")
    assert (reaction.formula, reaction.derived) == ("Reaction ~ Days + (Days | Subject)", [])
    assert reaction.step == "Remove the column Days_centered, with Days in its place"
    reaction.undo()
    assert reaction.formula == "Reaction ~ Days_centered + (Days_centered | Subject)"


def test_a_mean_leaves_the_model_with_its_column(reaction: Work) -> None:
    builder = reaction.builder
    builder.derive(builder.proposed(Derivation.MEAN, "Days", ("Subject",)))
    builder.apply("use", parse("Reaction ~ Days * Days_mean_Subject + (1 | Subject)"))
    builder.remove_derived("Days_mean_Subject")
    assert reaction.formula == "Reaction ~ Days + (1 | Subject)"
    assert reaction.step == "Remove the column Days_mean_Subject, from the model too"


def test_combined_labels_are_taken_apart_where_they_group(qtbot: object) -> None:
    work = Work("Pastes", "strength ~ 1")
    work.builder.derive(work.builder.proposed(Derivation.COMBINE, "batch", ("cask",)))
    assert work.derived == ["batch_cask = combine(batch, cask)"]
    work.builder.add_grouping(("batch_cask",))
    work.builder.remove_derived("batch_cask")
    assert work.formula == "strength ~ 1 + (1 | batch:cask)"


def test_a_column_that_another_is_made_from_stays(reaction: Work) -> None:
    builder = reaction.builder
    builder.derive(builder.proposed(Derivation.CENTER, "Days"))
    builder.derive(builder.proposed(Derivation.SQUARE, "Days_centered"))
    with pytest.raises(DataError) as caught:
        builder.remove_derived("Days_centered")
    assert caught.value.message == (
        "“Days_centered_squared” is made from “Days_centered”; remove “Days_centered_squared” first."
    )


def test_the_type_of_a_derived_column_is_not_changed(reaction: Work) -> None:
    reaction.builder.derive(reaction.builder.proposed(Derivation.CENTER, "Days"))
    editor = ColumnEditor(reaction.store)
    with pytest.raises(DataError) as caught:
        editor.set_kind("Days_centered", Kind.CATEGORY)
    assert "follows from how it is made (Days less its mean)" in caught.value.message
    with pytest.raises(DataError):
        editor.set_reference("Days_centered", "0")


def test_the_list_of_variables_marks_a_derived_one(reaction: Work) -> None:
    reaction.builder.derive(reaction.builder.proposed(Derivation.CENTER, "Reaction", ("Subject",)))
    model = VariableModel()
    document = reaction.store.document
    model.show(reaction.store.table(), document.draft, document.derived)
    index = model.index(model.row_of("Reaction_within_Subject"), 0)
    summary = index.data(VariableRole.SUMMARY)
    assert summary.detail.startswith("ƒ center(Reaction, Subject) · ")
    assert "Reaction less its mean in each Subject" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(0, 0).data(VariableRole.SUMMARY).definition == ""
